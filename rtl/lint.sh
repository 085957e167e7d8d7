#!/bin/bash
# Lints rtl/ with every tool that has to take it, every configuration.
#
# Usage: rtl/lint.sh [CONFIG...]   (default: all of rtl/configs.txt)
#
# Verilator -Wall and Yosys must have nothing to say; Icarus must accept the
# files (its "sorry" notes on constant selects are about speed only).
# Waivers stand in rtl/waivers.vlt. Run from the repository's root.
set -u

for tool in verilator yosys iverilog; do
	command -v $tool > /dev/null || {
		echo "rtl/lint.sh: $tool is not installed: run 'make deps'" >&2
		exit 1
	}
done

files=$(sed 's|#.*||; /^$/d; s|^|rtl/|' rtl/files.f)
configs=${*:-$(rtl/configs.sh list)}
bad=0

complain() { # tool, configuration, text
	echo "$3"
	echo "lint: $1, configuration $2: see above" >&2
	bad=1
}

for c in $configs; do
	params=$(rtl/configs.sh params "$c") || exit 1

	# shellcheck disable=SC2086
	out=$(verilator --lint-only -Wall -Irtl --top-module mmu $(printf -- '-G%s ' $params) \
		rtl/waivers.vlt $files 2>&1) && [ -z "$out" ] || complain Verilator "$c" "$out"

	# TLB entries are all compared at once, so they are registers, not a memory.
	# shellcheck disable=SC2086
	out=$(yosys -q -w 'Replacing memory' -e '.' -p "
		read_verilog -sv -noassert -Irtl $(echo $files);
		hierarchy -check -top mmu $(printf -- '-chparam %s %s ' ${params//=/ });
		proc; flatten; opt -fast; check -assert" 2>&1)
	code=$?
	out=$(grep -v 'Replacing memory' <<< "$out")
	[ $code -eq 0 ] && [ -z "$out" ] || complain Yosys "$c" "$out"

	out=$(iverilog -g2012 -Wall -Irtl -s mmu $(printf -- '-Pmmu.%s ' $params) -o /dev/null $files 2>&1 |
		grep -v ': sorry: constant selects')
	[ -z "$out" ] || complain Icarus "$c" "$out"
done

[ $bad -eq 0 ] && echo "lint: $(echo $files | wc -w) files, $(echo $configs | wc -w) configurations: clean"
exit $bad
