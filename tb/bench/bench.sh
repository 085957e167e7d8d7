#!/bin/bash
# The benchmark: one table a question, each with the command that prints it. Builds what a
# question needs, in a folder of its own.
#
# Usage: tb/bench/bench.sh [--json] [--out DIR] [QUESTION...]
#        QUESTION: hits walks misses footprint growth traces speed area (default: all)
#        --json: one array of the tables instead
#        --out DIR: leave each table there too, as QUESTION.json (default build/bench.d)
# Environment: BUILD, the build folder (default build); LATENCY, of footprint, growth and
# traces (default 10)
# Exit code: 0; 1 if a question could not be answered; 2 for a wrong word.
set -u

die() { echo "tb/bench/bench.sh: $1" >&2; exit "${2:-2}"; }

build=${BUILD:-build}
own=$build/bench.d # the benchmark's configurations are built here
out=$own json='' latency=${LATENCY:-10}
all="hits walks misses footprint growth traces speed area"

# What each question is asked about
hits="sv32 sv39_8 sv39_16 sv39 rva23"
walks="sv32 plain57 cache57"
misses="walkers_1 walkers_2 walkers_4 walkers_8 sv39 rva23"
footprint="sv39_16 sv39 rva23"
growth="l1_4 l1_8 l1_16 l1_32 l1_64 cached_8 cached_32 slots_1 slots_4 rva23"
traces="sv39_8 sv39_16 sv39 rva23"
programs="demo kernel-sv39"

questions=
while [ $# -gt 0 ]; do
	case $1 in
	--json) json=yes ;;
	--out) [ -n "${2:-}" ] || die "--out wants a folder"; out=$2; shift ;;
	-*) die "unknown option $1 (known: --json, --out)" ;;
	*) [[ " $all " == *" $1 "* ]] || die "'$1' is none of: $all"; questions+="$1 " ;;
	esac
	shift
done
questions=${questions:-$all}
[ -f tb/bench/configs.txt ] || die "no tb/bench/configs.txt: run from the repository's root"
command -v jq > /dev/null || die "jq is not installed: run 'make deps'" 1
mkdir -p "$out" || die "cannot write $out" 1

# A make of its own, also within one.
made() { env -u MAKEFLAGS -u MFLAGS make -s --no-print-directory "$@" >&2 || die "the build failed" 1; }

# ask NAME PROGRAM...: prints the program's table, and leaves it in $out/NAME.json
ask() {
	local name=$1
	shift
	"$@" --json "$out/$name.tmp" > "$out/$name.txt" || die "$name could not be answered by: $*" 1
	mv "$out/$name.tmp" "$out/$name.json"
	[ -n "$json" ] || cat "$out/$name.txt"
}

cycles() { # question and options
	local configs=${!1} c models=()
	for c in $configs; do models+=("$own/rtl/$c/mmu.so"); done
	made BUILD="$own" ATLAS_CONFIGS=tb/bench/configs.txt "$own/cycles" "${models[@]}"
	ask "$1" "$own/cycles" "$1" --config "$configs" "${@:2}"
}

# What `make area JSON=1` left last; it takes too long to be done here.
area() {
	local file=$build/area/area.json
	[ -f "$file" ] || { echo "tb/bench/bench.sh: area: no $file: 'make area JSON=1 > $file' makes it" >&2; return 1; }
	jq '{question: ("Area and clock: " + .versions), command: .command, rows: [.configs[] | {config, lut, ff, bram, mhz}]}' "$file" > "$out/area.json"
	[ -n "$json" ] || {
		jq -r '.question, "$ " + .command' "$out/area.json"
		jq -r '(.rows[0] | keys_unsorted), (.rows[] | [.[] // "-"]) | @tsv' "$out/area.json" | column -t -s $'\t'
	}
}

tables=()
failed=0
for q in $questions; do
	case $q in
	hits|walks|misses) cycles "$q" ;;
	footprint|growth) cycles "$q" --latency "$latency" ;;
	traces)
		files=()
		for p in $programs; do files+=("$build/traces/$p.atr"); done
		made BUILD="$build" "${files[@]}"
		cycles traces --latency "$latency" "${files[@]/#/--trace=}"
		;;
	speed)
		made BUILD="$build" "$build/bench" "$build/atlas" "$build/rtl/sv39_16/mmu.so" "$build/rtl/sv39/mmu.so" "$build/sw/rv64/demo.elf"
		ask speed "$build/bench" "$build/atlas" "$build/sw/rv64/demo.elf"
		;;
	area) area || { failed=1; continue; } ;;
	esac
	tables+=("$out/$q.json")
done
[ -z "$json" ] || jq -s . "${tables[@]}"
exit $failed
