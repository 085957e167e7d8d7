#!/bin/bash
# Parameters out of range are refused: in simulation (Icarus) by one line that names the
# parameter and its value, in synthesis (Yosys) by an error; those at the ends of their
# ranges are not. Prints TAP.
#
# Usage: tb/parameters.sh      from the root of the repository
set -u

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
files=$(sed 's|#.*||; /^$/d; s|^|rtl/|' rtl/files.f)

for tool in iverilog vvp yosys; do
	command -v $tool > /dev/null || {
		echo "tb/parameters.sh: $tool is not installed: run 'make deps'" >&2
		exit 1
	}
done

tests=0
ok() { tests=$((tests + 1)); echo "ok $tests - $1"; }
not_ok() { tests=$((tests + 1)); echo "not ok $tests - $1"; sed 's/^/# /' "$tmp/out"; }

# simulates TOP PARAMETERS: output in $tmp/out
simulates() {
	# shellcheck disable=SC2046,SC2086
	iverilog -g2012 -Irtl -s "$1" $(printf -- "-P$1.%s " $2) -o "$tmp/vvp" $files > /dev/null 2>&1 || {
		echo 'iverilog does not compile it' > "$tmp/out"
		return 2
	}
	# The checks are at time 0, where Icarus may go on for ever with a whole MMU's blocks.
	timeout 5 vvp -n "$tmp/vvp" > "$tmp/out" 2>&1
	local code=$?
	[ $code -ne 124 ] || { code=0; ! grep -q 'FATAL: ' "$tmp/out" || code=1; }
	return $code
}

synthesizes() { # TOP PARAMETERS
	# shellcheck disable=SC2046,SC2086
	yosys -q -p "read_verilog -sv -noassert -Irtl $(echo $files)
		hierarchy -check -top $1 $(printf -- '-chparam %s %s ' ${2//=/ })
		proc" > "$tmp/out" 2>&1
}

refused() { # TOP PARAMETERS, what the line says
	simulates "$1" "$2"
	if [ $? -ne 1 ] || ! grep -qF -- "FATAL: " "$tmp/out" || ! grep -qF -- ": $3" "$tmp/out"; then
		not_ok "$1 $2 ends simulation with: $3"
	elif synthesizes "$1" "$2" || ! grep -q 'rtl/[a-z/]*mmu[a-z0-9_]*\.sv.*ERROR: .*fatal' "$tmp/out"; then
		not_ok "$1 $2 ends synthesis at the check"
	else
		ok "$1 refuses $2"
	fi
}

accepted() { # TOP PARAMETERS
	if simulates "$1" "$2" && [ ! -s "$tmp/out" ] && synthesizes "$1" "$2"; then
		ok "$1 accepts $2"
	else
		not_ok "$1 accepts $2"
	fi
}

refused  mmu_check XLEN=16                            'XLEN is 16'
refused  mmu_check LEVELS=2                           'LEVELS is 2'
refused  mmu_check LEVELS=6                           'LEVELS is 6'
accepted mmu_check LEVELS=5
refused  mmu_check 'XLEN=32 LEVELS=3 W_PA=34'         'LEVELS is 3'
accepted mmu_check 'XLEN=32 LEVELS=2 W_PA=34 W_ASID=9'
refused  mmu_check 'XLEN=32 LEVELS=2 W_PA=34 W_ASID=10' 'W_ASID is 10'
refused  mmu_check 'XLEN=32 LEVELS=2 W_PA=35 W_ASID=9' 'W_PA is 35'
refused  mmu_check W_ASID=17                          'W_ASID is 17'
refused  mmu_check W_PA=31                            'W_PA is 31'
refused  mmu_check W_PA=57                            'W_PA is 57'
accepted mmu_check 'W_PA=32 PMP_ENTRIES=64 PMP_GRAIN=10 SEGMENTS=16'
refused  mmu_check PMP_ENTRIES=65                     'PMP_ENTRIES is 65'
refused  mmu_check PMP_GRAIN=11                       'PMP_GRAIN is 11'
refused  mmu_check SEGMENTS=17                        'SEGMENTS is 17'
refused  mmu_check PMA_REGIONS=17                     'PMA_REGIONS is 17'
refused  mmu_check 'SMEPMP=1 PMP_ENTRIES=0'           'SMEPMP is 1'
refused  mmu_check 'XLEN=32 LEVELS=2 W_PA=34 W_ASID=9 SVNAPOT=1' 'SVNAPOT'
refused  mmu_check SVADU=2                            'SVADU'
refused  mmu_check MISSES=0                           'MISSES is 0'
refused  mmu_check MISSES=9                           'MISSES is 9'
refused  mmu_check HIT_UNDER_MISS=2                   'HIT_UNDER_MISS is 2'
accepted mmu_check 'MISSES=8 HIT_UNDER_MISS=1'
refused  mmu_check L2_ENTRIES=63                      'L2_ENTRIES is 63'
refused  mmu_check L2_ENTRIES=8192                    'L2_ENTRIES is 8192'
refused  mmu_check 'L2_ENTRIES=96 L2_WAYS=4 L2_LARGE=1' 'L2_ENTRIES is 96 with L2_WAYS=4'
refused  mmu_check 'L2_ENTRIES=64 L2_WAYS=9 L2_LARGE=1' 'L2_WAYS is 9'
refused  mmu_check L2_ENTRIES=64                      'L2_LARGE is 0'
refused  mmu_check L2_PARITY=1                        'L2_PARITY is 1'
accepted mmu_check 'L2_ENTRIES=4096 L2_WAYS=8 L2_LARGE=64 L2_PARITY=1'
accepted mmu_check 'L2_ENTRIES=96 L2_WAYS=3 L2_LARGE=1'
refused  mmu_check WALKERS=0                          'WALKERS is 0'
refused  mmu_check WALKERS=9                          'WALKERS is 9'
refused  mmu_check WALK_CACHE=65                      'WALK_CACHE is 65'
accepted mmu_check 'WALKERS=8 WALK_CACHE=64 W_MEM_TAG=4'
refused  mmu_check 'WALKERS=8 W_MEM_TAG=3'            'W_MEM_TAG is 3'
refused  mmu_check W_TAG=0                            'W_TAG is 0'
refused  mmu       COUNTERS=2                         'COUNTERS is 2'
accepted mmu       COUNTERS=1
refused  mmu       FETCH_ENTRIES=65                   'ENTRIES is 65'
refused  mmu       DATA_ENTRIES=65                    'ENTRIES is 65'

refused  mmu_axi4  W_DATA=96                          'W_DATA is 96'
refused  mmu_axi4  W_ADDR=32                          'W_ADDR is 32'
refused  mmu_axi4  W_ID=4                             'W_ID is 4'
accepted mmu_axi4  'W_DATA=1024 W_ADDR=56'
refused  mmu_wb    W_DATA=2048                        'W_DATA is 2048'
refused  mmu_wb    DEPTH=65                           'DEPTH is 65'
accepted mmu_wb    'XLEN=32 W_PA=34 W_ADDR=34 W_DATA=32 DEPTH=1'

# The words of PMA: 4 KiB at 0x80000000 is the smallest; 2 KiB there; a bit above the
# address; the second of two. Through the whole MMU, whose caller's table it is.
page=fe000000200001ff
half=fe000000200000ff
accepted mmu_check "PMA=64'h$page"
refused  mmu_check "PMA=64'h$half"                    "region 0 of PMA is $half"
refused  mmu_check "PMA=64'hff40000020001fff"         'region 0 of PMA is ff40000020001fff'
refused  mmu_check "PMA_REGIONS=2 PMA=128'h$half$page" "region 1 of PMA is $half"
accepted mmu       "PMA_REGIONS=2 PMA=128'h$page$page"
refused  mmu       "PMA_REGIONS=2 PMA=128'h$half$page" "region 1 of PMA is $half"

echo "1..$tests"
