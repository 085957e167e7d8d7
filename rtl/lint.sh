#!/bin/bash
# Lints rtl/ with every tool that has to take it, every configuration, and the buses.
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

complain() { # tool, what, text
	echo "$3"
	echo "lint: $1, $2: see above" >&2
	bad=1
}

# lint_with TOP PARAMETERS WHAT
lint_with() {
	local out code

	# shellcheck disable=SC2086
	out=$(verilator --lint-only -Wall -Irtl --top-module $1 $(printf -- '-G%s ' $2) \
		rtl/waivers.vlt $files 2>&1) && [ -z "$out" ] || complain Verilator "$3" "$out"

	# TLB entries are all compared at once, so they are registers, not a memory.
	# shellcheck disable=SC2086
	out=$(yosys -q -w 'Replacing memory' -e '.' -p "
		read_verilog -sv -noassert -Irtl $(echo $files);
		hierarchy -check -top $1 $(printf -- '-chparam %s %s ' ${2//=/ });
		proc; flatten; opt -fast; check -assert" 2>&1)
	code=$?
	out=$(grep -v 'Replacing memory' <<< "$out")
	[ $code -eq 0 ] && [ -z "$out" ] || complain Yosys "$3" "$out"

	out=$(iverilog -g2012 -Wall -Irtl -s $1 $(printf -- "-P$1.%s " $2) -o /dev/null $files 2>&1 |
		grep -v ': sorry: constant selects')
	[ -z "$out" ] || complain Icarus "$3" "$out"
}

# Each bus at the width of a PTE and wider
for bus in mmu_axi4 mmu_wb; do
	for p in 'XLEN=64 W_PA=56 W_DATA=64' 'XLEN=64 W_PA=56 W_DATA=512' 'XLEN=32 W_PA=34 W_DATA=32' 'XLEN=32 W_PA=34 W_DATA=64'; do
		lint_with $bus "$p" "$bus $p"
	done
done

# The L2 in shapes that no configuration has
for p in 'XLEN=32 LEVELS=2 ENTRIES=64 WAYS=1 LARGE=1 W_ASID=1' 'LEVELS=5 ENTRIES=192 WAYS=3 PARITY=1' 'ENTRIES=4096 WAYS=8 PREFETCH=1'; do
	lint_with mmu_l2 "$p" "mmu_l2 $p"
done

awk -f rtl/flat.awk rtl/mmu.sv | diff - rtl/mmu_flat.sv > /dev/null ||
	complain flat.awk rtl/mmu_flat.sv 'not as flat.awk writes it: awk -f rtl/flat.awk rtl/mmu.sv > rtl/mmu_flat.sv'
lint_with mmu_flat "$(rtl/configs.sh params sv39)" mmu_flat

for c in $configs; do
	params=$(rtl/configs.sh params "$c") || exit 1

	lint_with mmu "$params" "configuration $c"
done

[ $bad -eq 0 ] && echo "lint: $(echo $files | wc -w) files, $(echo $configs | wc -w) configurations: clean"
exit $bad
