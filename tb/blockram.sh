#!/bin/bash
# The L2's memories become block RAM, with Yosys for iCE40 (SB_RAM40_4K) and ECP5 (DP16KD),
# and nothing of them is left to flip-flops or LUT RAM. Prints TAP.
#
# Usage: tb/blockram.sh      from the root of the repository
set -u

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

command -v yosys > /dev/null || {
	echo "tb/blockram.sh: yosys is not installed: run 'make deps'" >&2
	exit 1
}

tests=0

# infers TARGET CELL COUNT OTHERS: a way of 256 entries of 105 bits takes COUNT of CELL, and
# none of OTHERS, a pattern
infers() {
	local found
	tests=$((tests + 1))
	yosys -q -p "read_verilog -sv -noassert -Irtl rtl/mmu_ram.sv rtl/mmu_l2_way.sv
		hierarchy -check -top mmu_l2_way -chparam SETS 256 -chparam W_TAG 19 -chparam W_ASID 16 -chparam W_DATA 66 -chparam PARITY 1 -chparam PREFETCH 1
		synth_$1 -top mmu_l2_way
		tee -o $tmp/stat stat" > "$tmp/out" 2>&1
	found=$(awk -v cell="$2" '$1 == cell { print $2 }' "$tmp/stat")
	if [ "$found" = "$3" ] && ! grep -qE "$4" "$tmp/stat"; then
		echo "ok $tests - $1: 256 entries of 105 bits are $3 $2"
	else
		echo "not ok $tests - $1: want $3 $2 and none of $4"
		sed 's/^/# /' "$tmp/out" "$tmp/stat"
	fi
}

infers ice40 SB_RAM40_4K 7 SB_DFF
infers ecp5 DP16KD 3 'TRELLIS_DPR16X4|TRELLIS_FF'
echo "1..$tests"
