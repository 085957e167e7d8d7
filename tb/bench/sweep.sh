#!/bin/bash
# Replays every trace on every configuration, memory latency, page size and window, each as
# a job of its own, and gathers one table.
#
# Usage: tb/bench/sweep.sh [OPTION...] TRACE... [-- OPTION of atlas replay...]
#   --configs "NAME..."     of rtl/configs.txt, or of the file that ATLAS_CONFIGS names
#                           (default sv39_8 sv39_16 sv39); what is not built is built first
#   --latencies "N..."      default 10
#   --page-sizes "SIZE..."  default 4K
#   --windows "N..."        default 16
#   --jobs N                at once, on each machine (default: its cores)
#   --sshlogin LIST         on these machines, as GNU parallel takes them (':' is this one);
#                           this folder has to be there too, under the same name
#   --slurm                 run nothing: leave DIR/sweep.sbatch, a job array for sbatch
#   --gather                run nothing: gather what that array has left
#   --out DIR               default build/sweep
#   --json                  print all reports as one JSON array
# Environment: BUILD, the build folder (default build; with ATLAS_CONFIGS build/own)
# Exit code: 0; 1 if a job failed, with its command; 2 for what is wrong with the words.
# Leaves DIR/jobs (a command a line), DIR/log, DIR/sweep.json.
set -u

die() { echo "tb/bench/sweep.sh: $1" >&2; exit "${2:-2}"; }

configs="sv39_8 sv39_16 sv39" latencies=10 page_sizes=4K windows=16
jobs='' logins='' mode=run out=build/sweep json='' traces=() extra=()
build=${BUILD:-${ATLAS_CONFIGS:+build/own}}
build=${build:-build}
while [ $# -gt 0 ]; do
	case $1 in
	--configs|--latencies|--page-sizes|--windows|--jobs|--sshlogin|--out)
		[ -n "${2:-}" ] || die "$1 wants a value (tb/bench/sweep.sh says which, at its top)"
		case $1 in
		--configs) configs=$2 ;;
		--latencies) latencies=$2 ;;
		--page-sizes) page_sizes=$2 ;;
		--windows) windows=$2 ;;
		--jobs) jobs=$2 ;;
		--sshlogin) logins=$2 ;;
		--out) out=$2 ;;
		esac
		shift
		;;
	--slurm) mode=slurm ;;
	--gather) mode=gather ;;
	--json) json=yes ;;
	--) shift; extra=("$@"); break ;;
	-*) die "unknown option $1 (tb/bench/sweep.sh lists them, at its top)" ;;
	*) traces+=("$1") ;;
	esac
	shift
done
[ -f rtl/configs.sh ] || die "no rtl/configs.sh: run from the repository's root"
command -v jq > /dev/null || die "jq is not installed: run 'make deps'" 1

# gather FILE...: reports into one array and a table
gather() {
	cat "$@" | jq -s . > "$out/sweep.json" || die "a report is no JSON: run the sweep again" 1
	[ -z "$json" ] || { cat "$out/sweep.json"; return; }
	jq -r '["trace", "config", "mode", "page", "latency", "window", "accesses", "cycles", "a cycle",
			"hit rate", "misses", "cycles a miss", "PTE reads"],
		(.[] | (.fetch.misses + .data.misses) as $misses
			| (.fetch.hits + .data.hits + $misses) as $looks
			| [.trace, .config, .mode, "\(.page_bytes / 1024)K",
			   (if .latency_min == .latency_max then .latency_min else "\(.latency_min)-\(.latency_max)" end),
			   .window, .accesses, .cycles, (.translations_a_cycle * 10000 | round / 10000),
			   (if $looks > 0 then "\(100 * (1 - $misses / $looks) * 1000 | round / 1000)%" else "-" end),
			   $misses, (if $misses > 0 then ((.fetch.miss_cycles + .data.miss_cycles) / $misses * 100 | round / 100) else "-" end),
			   .pte_reads]) | @tsv' "$out/sweep.json" | column -t -s $'\t'
}

if [ $mode = gather ]; then
	[ -f "$out/jobs" ] || die "nothing to gather in $out: run it with --slurm first"
	missing=0 n=$(wc -l < "$out/jobs") reports=()
	for ((i = 1; i <= n; i++)); do
		if [ -s "$out/slurm/$i.json" ]; then
			reports+=("$out/slurm/$i.json")
		else
			echo "tb/bench/sweep.sh: no report of: $(sed -n "${i}p" "$out/jobs")" >&2
			missing=1
		fi
	done
	[ ${#reports[@]} -gt 0 ] || exit 1
	gather "${reports[@]}"
	exit $missing
fi

[ ${#traces[@]} -gt 0 ] || die "which trace? (atlas run --trace FILE records one)"
for t in "${traces[@]}"; do
	[ -r "$t" ] || die "$t: no such trace: 'atlas run PROGRAM --trace $t' records one"
done
[ -z "$jobs" ] || [[ $jobs =~ ^[1-9][0-9]*$ ]] || die "--jobs $jobs: want a number from 1 up"
models=()
for c in $configs; do
	rtl/configs.sh params "$c" > /dev/null || exit 2
	models+=("$build/rtl/$c/mmu.so")
done
[[ " ${extra[*]} " == *" golden "* ]] && models=()
env -u MAKEFLAGS -u MFLAGS make -s --no-print-directory BUILD="$build" "$build/atlas" "${models[@]}" >&2 || die "the build failed" 1

mkdir -p "$out" || die "cannot write $out"
for t in "${traces[@]}"; do
	for c in $configs; do
		for p in $page_sizes; do
			for l in $latencies; do
				for w in $windows; do
					printf '%q ' "$build/atlas" replay "$t" --config "$c" --page-size "$p" \
						--mem-latency "$l" --window "$w" --json "${extra[@]}"
					echo
				done
			done
		done
	done
done > "$out/jobs"
n=$(wc -l < "$out/jobs")

if [ $mode = slurm ]; then
	mkdir -p "$out/slurm" && rm -f "$out"/slurm/*
	cat > "$out/sweep.sbatch" <<- END
		#!/bin/bash
		#SBATCH --job-name=atlas-sweep
		#SBATCH --array=1-$n
		#SBATCH --cpus-per-task=1
		#SBATCH --chdir=$PWD
		#SBATCH --output=$out/slurm/%a.json
		#SBATCH --error=$out/slurm/%a.err
		eval "\$(sed -n "\${SLURM_ARRAY_TASK_ID}p" '$out/jobs')"
	END
	echo "$n jobs: 'sbatch $out/sweep.sbatch', and when they are done: tb/bench/sweep.sh --gather --out $out"
	exit
fi

command -v parallel > /dev/null || die "GNU parallel is not installed: run 'make deps'" 1
progress=()
[ ! -t 2 ] || progress=(--bar)
parallel --will-cite --keep-order --joblog "$out/log" ${jobs:+--jobs "$jobs"} \
	${logins:+--sshlogin "$logins" --workdir "$PWD"} "${progress[@]}" \
	< "$out/jobs" > "$out/reports"
failed=$?
[ $failed -eq 0 ] ||
	awk -F'\t' 'NR > 1 && $7 + $8 > 0 {print "tb/bench/sweep.sh: failed: " $9}' "$out/log" >&2
gather "$out/reports"
[ $failed -eq 0 ]
