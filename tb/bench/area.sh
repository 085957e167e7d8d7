#!/bin/bash
# Area and clock of module mmu on an iCE40 HX8K: cells of the bare module, as
# Yosys and nextpnr count them, and the clock that it reaches after routing
# inside the wrapper of wrapper.awk, best of several seeds.
#
# Usage: tb/bench/area.sh [--json] [--out DIR] [CONFIG...]
#        DIR: build/area; CONFIG: names of rtl/configs.txt, sv32 sv39
# Environment: SEEDS, how many nextpnr tries (default 3).
# Exit code: 0, also if a configuration does not fit the part; 1 if a tool fails;
# 2 for a wrong argument. Logs and netlists: DIR/CONFIG/
set -u

die() { echo "tb/bench/area.sh: $1" >&2; exit "${2:-1}"; }

for tool in yosys nextpnr-ice40; do
	command -v $tool > /dev/null || die "$tool is not installed: run 'make deps'"
done
[ -f rtl/files.f ] || die "no rtl/files.f: run from the repository's root" 2

json= out=build/area
while [[ ${1:-} == -* ]]; do
	case $1 in
	--json) json=yes ;;
	--out) [ -n "${2:-}" ] || die "--out wants a folder" 2; out=$2; shift ;;
	*) die "unknown option $1 (usage: area.sh [--json] [--out DIR] [CONFIG...])" 2 ;;
	esac
	shift
done
configs=${*:-sv32 sv39}
seeds=${SEEDS:-3}
[[ $seeds =~ ^[1-9][0-9]?$ ]] || die "SEEDS=$seeds: want a number from 1 to 99" 2

flow="nextpnr-ice40 --hx8k --package ct256 --freq 200 --timing-allow-fail"

# params CONFIG: parameters of module mmu, as in "XLEN=64 LEVELS=3 ..."
params() {
	if [ -x rtl/configs.sh ]; then
		rtl/configs.sh params "$1"
	else
		awk -v c="$1" '$1 == c {$1 = ""; print; found = 1}
			END {if (!found) print "rtl/configs.txt: no configuration " c > "/dev/stderr"; exit found ? 0 : 2}' rtl/configs.txt
	fi
}

# ys NAME SCRIPT: runs Yosys, log in $dir/NAME.log
ys() {
	yosys -q -l "$dir/$1.log" -p "$2" > "$dir/$1.out" 2>&1 ||
		die "$config: Yosys: $(grep -m1 ERROR "$dir/$1.out" || tail -n 1 "$dir/$1.out") (log: $dir/$1.log)"
}

# Both netlists come from the same elaborated module.
synthesise() {
	local files p
	files=$(sed 's|#.*||; /^$/d; s|^|rtl/|' rtl/files.f)
	p=$(params "$config")
	# shellcheck disable=SC2086
	ys elaborate "read_verilog -sv -noassert -Irtl $(echo $files)
		hierarchy -check -top mmu $(printf -- '-chparam %s %s ' ${p//=/ })
		tee -q -o $dir/ports portlist mmu; write_rtlil $dir/mmu.il"
	awk -f tb/bench/wrapper.awk "$dir/ports" > "$dir/wrapper.v" || die "$config: no wrapper (ports: $dir/ports)"
	ys bare "read_rtlil $dir/mmu.il; synth_ice40 -top mmu -json $dir/bare.json; tee -q -o $dir/stat stat"
	ys wrapped "read_rtlil $dir/mmu.il; read_verilog $dir/wrapper.v; synth_ice40 -top wrapper -json $dir/wrapped.json"
}

# cells TYPE: how many of the bare module's cells are of a type that begins so
cells() { awk -v t="$1" 'index($1, t) == 1 {n += $2} END {print n + 0}' "$dir/stat"; }

# Logic cells (a LUT, a flip-flop or both) in a log of nextpnr: used, and the part's
logic_cells() { sed -n 's|.*ICESTORM_LC: *\([0-9]*\)/ *\([0-9]*\) .*|\1 \2|p' "$1"; }

# clock LOG: MHz after routing
clock() { sed -n 's/.*Max frequency for clock .*: \([0-9.]*\) MHz.*/\1/p' "$1" | tail -n 1; }

# path LOG: the slowest path between registers, "ns logic routing levels from to pin".
# `to` is named after the logic that shares the last register's cell.
path() {
	awk '
	function name(s) { sub(/^mmu\./, "", s); sub(/_SB_.*|_(DFF)?LC$/, "", s); return s }
	/Critical path report for clock/ { on = 1; n = -1; from = "" }
	!on { next }
	$4 == "Source" { n++ }
	$4 == "Net" && from == "" { from = name($5) }
	$4 == "Setup" { ns = $3; pin = $5; sub(/.*\./, "", pin); sub(/\.[^.]*$/, "", $5); to = name($5) }
	/ns logic/ { logic = $2; routing = $5; on = 0 }
	END { print ns, logic, routing, n + (pin ~ /^I[0-3]$/), from, to, pin == "CEN" ? "enable" : pin == "SR" ? "reset" : "data" }' "$1"
}

# missing LOG: what the design needs more of than the part has, and how much more
missing() {
	awk -F'[:/ \t]+' '
	BEGIN { what["ICESTORM_LC"] = "logic cells"; what["ICESTORM_RAM"] = "block RAMs" }
	$2 ~ /^(ICESTORM|SB)_/ && $4 ~ /^[0-9]+$/ && $3 > $4 + 0 {
		printf "%s%d %s needed, %d there (%d too many)", sep, $3, ($2 in what) ? what[$2] : $2, $4, $3 - $4
		sep = "; "
	}' "$1"
}

# Places and routes; sets mhz (best), all (each seed's) and log (of the best), or
# else why: what the part lacks, if it is nextpnr that could not place it.
route() {
	local seed l m error
	mhz='' all='' log='' why=''
	for ((seed = 1; seed <= seeds; seed++)); do
		[ -t 2 ] && printf '  %-12s seed %d of %d \r' "$config" $seed $seeds >&2
		l=$dir/route.$seed.log
		if $flow --seed $seed --json "$dir/wrapped.json" -q -l "$l" > /dev/null 2>&1; then
			m=$(clock "$l")
			[ -n "$m" ] || die "$config: nextpnr tells no clock (log: $l)"
			all+="$m "
			[ -n "$mhz" ] && awk "BEGIN {exit !($m <= $mhz)}" || { mhz=$m log=$l; }
			continue
		fi
		[ -f "$l" ] || die "$config: nextpnr broke off without a log"
		error=$(grep -m1 ERROR "$l")
		why=$(missing "$l")
		[ -z "$why" ] || return # no seed mends that
		[[ $error == *[Pp]lace* ]] || die "$config: nextpnr: ${error:-broken off} (log: $l)"
		why=${error#ERROR: }
	done
	[ -z "$mhz" ] || why=''
}

# shellcheck disable=SC2059
say() { [ -n "$json" ] || printf "$@"; }

for config in $configs; do
	params "$config" > /dev/null || exit 2
done

versions="$(yosys -V | cut -d' ' -f1,2), nextpnr-ice40 $(nextpnr-ice40 --version 2>&1 | sed 's/.*Version \(.*\))/\1/')"
command="yosys synth_ice40; $flow, best of seeds 1 to $seeds"
say '%s\n%s\n\n' "$versions" "$command"
say '%-12s %31s %17s\n%-12s %7s %7s %7s %7s %10s %6s\n' '' 'module alone' 'in wrapper' configuration LUT FF BRAM cells cells MHz

objects=
for config in $configs; do
	dir=$out/$config
	rm -rf "$dir" && mkdir -p "$dir" || die "cannot write $dir"
	[ -t 2 ] && printf '  %-12s synthesis     \r' "$config" >&2
	synthesise
	nextpnr-ice40 --hx8k --package ct256 --pack-only --json "$dir/bare.json" -q -l "$dir/pack.log" > /dev/null 2>&1 ||
		die "$config: nextpnr: $(grep -m1 ERROR "$dir/pack.log") (log: $dir/pack.log)"
	read -r lc part < <(logic_cells "$dir/pack.log")
	route
	read -r wrapped part < <(logic_cells "$dir/route.1.log")
	lut=$(cells SB_LUT4) ff=$(cells SB_DFF) bram=$(cells SB_RAM40)

	[ -t 2 ] && printf '%40s\r' '' >&2
	say '%-13s %6d %7d %7d %7d %10d' "$config" "$lut" "$ff" "$bram" "$lc" "$wrapped"
	if [ -n "$mhz" ]; then
		read -r ns logic routing depth from to pin < <(path "$log")
		say ' %6.1f\n' "$mhz"
		say '    %s ns (%s logic, %s routing, %d levels): %s -> %s (%s)\n' "$ns" "$logic" "$routing" "$depth" "$from" "$to" "$pin"
		clocks=$(printf '"mhz": %s, "mhz_of_seeds": [%s], "fits": true, "path": {"ns": %s, "logic": %s, "routing": %s, "levels": %s, "from": "%s", "to": "%s", "pin": "%s"}' \
			"$mhz" "$(sed 's/ $//; s/ /, /g' <<< "$all")" "$ns" "$logic" "$routing" "$depth" "$from" "$to" "$pin")
	else
		say ' %6s\n    does not fit the part with its wrapper: %s\n' - "$why"
		clocks="\"mhz\": null, \"fits\": false, \"why\": \"${why//\"/\'}\""
	fi
	objects+=$(printf '%s\n    {"config": "%s", "lut": %d, "ff": %d, "bram": %d, "cells": %d, "cells_wrapped": %d, "cells_of_part": %d, %s}' \
		"${objects:+,}" "$config" "$lut" "$ff" "$bram" "$lc" "$wrapped" "$part" "$clocks")
done
[ -z "$json" ] ||
	printf '{\n  "versions": "%s",\n  "command": "%s",\n  "configs": [%s\n  ]\n}\n' "$versions" "$command" "$objects"
