#!/bin/bash
# Reads configs.txt for the other tools, and after it the file that ATLAS_CONFIGS names, if
# set: configurations of one's own in the same form, for a sweep.
#
# Usage: rtl/configs.sh list           the names, a line each
#        rtl/configs.sh params NAME    parameters of module mmu: XLEN=64 ... PMA=256'h...
#        rtl/configs.sh header         the C header: MMU_CONFIGS(X), MMU_PMA_MAPS(X)
# LIKE=NAME as a line's first parameter takes those of NAME, which stands before it; what
# follows goes over them.
# Exit code: 0; 2 with one line on stderr for a file or name that is wrong.
set -u
files=$(dirname "${BASH_SOURCE[0]}")/configs.txt
order="XLEN LEVELS W_ASID W_PA FETCH_ENTRIES DATA_ENTRIES PMP_ENTRIES PMP_GRAIN SVADU SVNAPOT SVPBMT SVRSW60T59B POINTER_MASKING ZICFISS SMEPMP SEGMENTS WALKERS WALK_CACHE MISSES HIT_UNDER_MISS L2_ENTRIES L2_WAYS L2_LARGE L2_PARITY COUNTERS"
# What a parameter that is not given has, if not 0
defaults="WALKERS=1 MISSES=1 L2_WAYS=1"

die() { echo "$file: $1" >&2; exit 2; }

declare -A map line
names=

# Takes in the lines of $file
read_file() {
	local name rest
	[ -f "$file" ] && [ -r "$file" ] || die "cannot read this file of configurations (ATLAS_CONFIGS)"
	while read -r name rest; do
		case $name in
		''|\#*) continue ;;
		pma) map[${rest%% *}]=${rest#* }; continue ;;
		*[!a-zA-Z0-9_]*) die "configuration $name: want letters, digits and _ in a name" ;;
		esac
		[ -z "${line[$name]:-}" ] || die "configuration $name is there twice: want another name"
		case $rest in
		LIKE=*)
			local like=${rest%% *}
			like=${like#LIKE=}
			[ -n "${line[$like]:-}" ] || die "configuration $name: LIKE=$like is no configuration that stands before it"
			rest="${line[$like]} ${rest#LIKE=$like}"
			;;
		esac
		line[$name]=$rest
		names+="$name "
	done < "$file"
}

for file in $files ${ATLAS_CONFIGS:+"$ATLAS_CONFIGS"}; do read_file; done

# Sets base, size and attr of the region base:size:attributes
region() {
	local letters=rwxtuaci left i
	IFS=: read -r base size left <<< "$1"
	attr=0
	for ((i = 0; i < 8; i++)); do
		[[ $left == *"${letters:i:1}"* ]] && attr=$((attr | 1 << i))
		left=${left//${letters:i:1}/}
	done
	base=$((base)) size=$((size))
	[ -z "$left" ] && [ $size -ge 4096 ] && [ $((size & (size - 1))) -eq 0 ] && [ $((base & (size - 1))) -eq 0 ] ||
		die "PMA region $1: want base:size:attributes of rwxtuaci, size a power of two from 4096, base a multiple of it"
}

# Sets p[] to the parameters of configuration $1
parse() {
	local word key
	unset p
	declare -gA p
	for key in $order; do p[$key]=0; done
	for word in $defaults; do p[${word%%=*}]=${word#*=}; done
	[ -n "${line[$1]:-}" ] || die "no configuration $1 (known: ${names% })"
	for word in ${line[$1]}; do
		key=${word%%=*}
		[[ " $order PMA " == *" $key "* ]] || die "configuration $1: no parameter $key"
		p[$key]=${word#*=}
	done
	[ -n "${map[${p[PMA]:-}]:-}" ] || die "configuration $1: no PMA map ${p[PMA]:-}"
}

params() {
	local key word words= n=0
	parse "$1"
	for key in $order; do printf '%s=%s ' "$key" "${p[$key]}"; done
	for word in ${map[${p[PMA]}]}; do
		region "$word"
		# The word of mmu_pkg.sv: attributes, and the address as in a NAPOT pmpaddr
		words=$(printf '%016x' $((attr << 56 | base >> 2 | (size >> 3) - 1)))$words
		n=$((n + 1))
	done
	printf "PMA_REGIONS=%d PMA=%d'h%s\n" $n $((64 * n)) "$words"
}

header() {
	local name key word
	echo "/* Derived from rtl/configs.txt; edit that file. */"
	printf '#ifndef MMU_CONFIGS_H\n#define MMU_CONFIGS_H\n\n/* X(map, region, region, ...), a region {base, size, attributes} */\n'
	for name in "${!map[@]}"; do
		printf '#define MMU_PMA_%s' "$name"
		for word in ${map[$name]}; do
			region "$word"
			printf ' \\\n\t{0x%xu, 0x%xu, 0x%x},' $base $size $attr
		done
		printf '\n'
	done
	printf '\n/* X(name, PMA map'
	for key in $order; do printf ', %s' "$key"; done
	printf ') */\n#define MMU_CONFIGS(X)'
	for name in $names; do
		parse "$name"
		printf ' \\\n\tX(%s, %s' "$name" "${p[PMA]}"
		for key in $order; do printf ', %s' "${p[$key]}"; done
		printf ')'
	done
	printf '\n\n#define MMU_PMA_MAPS(X)'
	for name in "${!map[@]}"; do printf ' X(%s)' "$name"; done
	printf '\n\n#endif\n'
}

case ${1:-} in
list) printf '%s\n' $names ;;
params) params "${2:-}" ;;
header) header ;;
*) die "usage: list, params NAME or header" ;;
esac
