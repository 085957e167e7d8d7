#!/bin/bash
# tb/bench/sweep.sh on two small traces: every combination is a job, its report is what
# `atlas replay` says by itself, under GNU parallel and as the jobs of a Slurm array; what is
# wrong is named. Prints TAP.
#
# Usage: tb/test_sweep.sh      from the root of the repository
#        make test T=test_sweep
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
for tool in parallel jq; do
	command -v $tool > /dev/null || {
		echo "tb/test_sweep.sh: $tool is not installed: run 'make deps'" >&2
		exit 1
	}
done

tests=0
check() { # name, then a command that says whether it holds
	tests=$((tests + 1))
	if "${@:2}" > "$tmp/output" 2>&1; then
		echo "ok $tests - $1"
	else
		echo "not ok $tests - $1"
		sed 's/^/# /' "$tmp/output"
	fi
}

for i in $(seq 0 99); do echo "load $((i % 12 * 4096)) 8 u"; done > "$tmp/few pages.txt"
for i in $(seq 0 99); do echo "fetch $((i * 4)) 4 s"; done > "$tmp/one.txt"
sweep() { BUILD=$build tb/bench/sweep.sh --out "$tmp/out" --configs "sv32 sv32_min" --latencies "1 7" "$@"; }

as_replayed() { # the reports in $1 are those of single replays, in order
	local t c l
	for t in "$tmp/few pages.txt" "$tmp/one.txt"; do
		for c in sv32 sv32_min; do
			for l in 1 7; do
				"$build/atlas" replay "$t" --config $c --mem-latency $l --json || return
			done
		done
	done | jq -s . | diff - "$1"
}

in_parallel() {
	sweep --jobs 2 --json "$tmp/few pages.txt" "$tmp/one.txt" > "$tmp/json" && as_replayed "$tmp/json"
}

table_of_all() {
	sweep "$tmp/few pages.txt" "$tmp/one.txt" > "$tmp/table" && cat "$tmp/table" &&
		[ "$(wc -l < "$tmp/table")" -eq 9 ] && [ "$(grep -c 'sv32_min .* 7 ' "$tmp/table")" -eq 2 ]
}

# What a Slurm array does, without Slurm.
as_array() {
	local i
	sweep --slurm "$tmp/few pages.txt" "$tmp/one.txt" && grep -qx '#SBATCH --array=1-8' "$tmp/out/sweep.sbatch" || return
	for i in 8 1 2 3 4 5 6 7; do
		SLURM_ARRAY_TASK_ID=$i bash "$tmp/out/sweep.sbatch" > "$tmp/out/slurm/$i.json" || return
	done
	tb/bench/sweep.sh --gather --out "$tmp/out" --json > "$tmp/json" && as_replayed "$tmp/json"
}

lost_job_named() {
	rm "$tmp/out/slurm/3.json"
	! tb/bench/sweep.sh --gather --out "$tmp/out" > "$tmp/table" 2> "$tmp/said" || return
	cat "$tmp/said" "$tmp/table"
	[ "$(wc -l < "$tmp/table")" -eq 8 ] && grep -q 'no report of: .*sv32_min.* --mem-latency 1 ' "$tmp/said"
}

failed_job_named() {
	! sweep --page-sizes "4K 2M" "$tmp/one.txt" > "$tmp/table" 2> "$tmp/said" || return
	cat "$tmp/said" "$tmp/table"
	[ "$(wc -l < "$tmp/table")" -eq 5 ] && [ "$(grep -c 'failed: .*--page-size 2M' "$tmp/said")" -eq 4 ]
}

complains() { # words, then the sweep's: exit code 2 and one line with the words
	local words=$1
	shift
	sweep "$@" > "$tmp/said" 2>&1
	[ $? -eq 2 ] && [ "$(wc -l < "$tmp/said")" -eq 1 ] && grep -qF -- "$words" "$tmp/said" || { cat "$tmp/said"; return 1; }
}

check every_combination_is_replayed_in_parallel in_parallel
check the_table_has_a_line_a_job table_of_all
check the_jobs_of_an_array_give_the_same as_array
check a_job_without_report_is_named lost_job_named
check a_job_that_fails_is_named_and_the_others_stay failed_job_named
check an_unknown_configuration_is_named complains 'no configuration sv99' --configs sv99 "$tmp/one.txt"
check a_missing_trace_is_named complains "$tmp/nothing: no such trace" "$tmp/nothing"
check no_trace_is_refused complains 'which trace?'
check an_unknown_option_is_named complains '--dusk' --dusk "$tmp/one.txt"
check an_option_without_value_is_named complains '--latencies wants a value' "$tmp/one.txt" --latencies

echo "1..$tests"
