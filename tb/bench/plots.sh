#!/bin/bash
# Plots of the benchmark's tables, by gnuplot.
#
# Usage: tb/bench/plots.sh FROM TO     FROM/QUESTION.json, of bench.sh, to TO/bench-QUESTION.svg
# Exit code: 0; 1 with one line for a table that is not there.
set -u

die() { echo "tb/bench/plots.sh: $1" >&2; exit 1; }

[ $# -eq 2 ] || die "usage: tb/bench/plots.sh FROM TO"
from=$1 to=$2
for tool in jq gnuplot; do
	command -v $tool > /dev/null || die "$tool is not installed: run 'make deps'"
done
data=$(mktemp)
trap 'rm -f "$data"' EXIT

# plot QUESTION X-AXIS Y-AXIS SETTINGS JQ: the filter gives an object a line of the plot,
# {title, points: [[x, y], ...]}
plot() {
	local file=$from/$1.json
	[ -f "$file" ] || die "no $file: 'make bench Q=$1' leaves it"
	jq -r "$5"' | select(.points | length > 0) | "\"\(.title)\"", (.points[] | @tsv), "", ""' "$file" > "$data" ||
		die "$file is not as expected: run 'make bench Q=$1' again"
	gnuplot <<- END || die "gnuplot could not plot $file"
		set terminal svg size 760,440 font "sans-serif,13" background "white" noenhanced
		set output "$to/bench-$1.svg"
		set xlabel "$2"
		set ylabel "$3"
		set grid
		set key outside right top
		$4
		plot for [i = 0:$(($(grep -c '^"' "$data") - 1))] "$data" index i using 1:2 with linespoints lw 2 pt i + 4 dt i / 8 + 1 ps 0.7 title columnheader(1)
	END
	echo "$to/bench-$1.svg"
}

# The columns whose names are numbers, as points
numbered='[to_entries[] | select(.key | test("^[0-9]+$")) | [(.key | tonumber), .value]]'
by_latency='[to_entries[] | select(.key | test("^L=")) | [(.key[2:] | tonumber), .value]]'

plot footprint "pages in use" "loads a cycle" "set logscale x 2" \
	".rows[] | select(.pattern == (\"sequential\", \"random\", \"chase\")) | {title: \"\\(.config) \\(.pattern)\", points: $numbered}"
plot growth "pages in use" "random loads a cycle" "set logscale x 2" \
	".rows[] | {title: .config, points: $numbered}"
plot misses "memory latency, cycles" "misses answered in 1000 cycles" "set logscale xy" \
	".rows[] | {title: .config, points: $by_latency}"
plot walks "memory latency, cycles" "cycles that a miss adds to a hit, pages of 4 KiB" "" \
	'.rows[] | select(.page == "4K" and .config != "plain57") | . as $row | ("cold", "walked") as $kind
		| {title: "\($row.config) \($row.mode) \($kind)",
		   points: [$row | to_entries[] | select((.key | startswith($kind)) and .value != null) | [(.key | sub(".*L="; "") | tonumber), .value]]}'
