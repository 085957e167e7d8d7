#!/bin/bash
# Proves what tb/formal/proofs.txt lists, with Yosys and z3: of each proof and
# configuration that it holds (base case from reset, then induction), that every
# cover is reached, and that its mutant is refuted.
#
# Usage: tb/formal/formal.sh [BUILDDIR [PROOF]]     prints TAP; BUILDDIR: build/formal
# Environment: JOBS, how many at once (default 2).
# Exit code: 0 only if everything is as it must be. Logs: BUILDDIR/PROOF.CONFIG/
set -u

for tool in yosys yosys-smtbmc z3; do
	command -v $tool > /dev/null || {
		echo "tb/formal/formal.sh: $tool is not installed: run 'make deps'" >&2
		exit 1
	}
done

out=${1:-build/formal}
only=${2:-}
mkdir -p "$out"

# parameters RTL TOP CONFIG: -chparam for each of the configuration's parameters
# that TOP has. A TLB's own size is the data port's.
parameters() {
	local all p
	all=$(rtl/configs.sh params "$3") || return
	case $2 in
	mmu_tlb)
		p=$(grep -o 'W_PA=[0-9]*' <<< "$all")
		all="${all/DATA_ENTRIES=/ENTRIES=} W_DATA=$((${p#*=} + 7))" ;;
	mmu_l2)
		# Any set and any bit of data is as good as another: few, so that covers need few steps.
		all+=" ENTRIES=8 WAYS=2 W_DATA=20 PARITY=1 PREFETCH=1" ;;
	mmu_port_misses)
		p=$(grep -o 'MISSES=[0-9]*' <<< "$all" | head -n 1)
		all+=" SLOTS=$((${p#*=} + $(grep -o 'HIT_UNDER_MISS=[01]' <<< "$all" | cut -d = -f 2)))"
		p=$(grep -o 'L2_ENTRIES=[0-9]*' <<< "$all")
		all+=" L2=$((${p#*=} + 0 > 0))" ;;
	mmu_pmp | mmu_pmp_decode)
		# A port with segments asks late.
		p=$(grep -o 'SEGMENTS=[0-9]*' <<< "$all")
		all+=" LATE=$((${p#*=} > 0))"
		all="${all/PMP_ENTRIES=/ENTRIES=}"
		all="${all/PMP_GRAIN=/GRAIN=}" ;;
	mmu_counters)
		# Any counter is as good as another.
		all+=" N=4" ;;
	mmu_walk_cache)
		all=${all/WALK_CACHE=/ENTRIES=} ;;
	mmu_walker)
		# Several share the comparators.
		p=$(grep -o 'WALKERS=[0-9]*' <<< "$all")
		all+=" SHARED=$((${p#*=} > 1))" ;;
	esac
	local file=$1/$2.sv
	[ -e "$file" ] || file=$1/bus/$2.sv
	[ -e "$file" ] || file=tb/formal/$2.sv
	for p in $all; do
		grep -qE "^[[:space:]]*parameter .*\b${p%%=*} +=" "$file" && printf -- '-chparam %s %s ' "${p%%=*}" "${p#*=}"
	done
	return 0
}

# model DIR RTL TOP DEFINE CONFIG CUT: DIR/model.smt2
model() {
	local files params cut
	files=$(sed 's|#.*||; /^$/d' rtl/files.f)
	[ -e "$2/$3.sv" ] || [ -e "$2/bus/$3.sv" ] || files+=" $PWD/tb/formal/$3.sv"
	params=$(parameters "$2" "$3" "$5") || return
	# What is cut may answer anything it likes.
	cut=
	[ "$6" = - ] || cut="cutpoint $(printf '*/t:*%s* ' ${6//,/ });"
	(cd "$2" && yosys -q -l "$1/yosys.log" -p "
		read_verilog -sv -formal -DFORMAL -D$4 -DPROVE_IN_${3^^} -I. -Ibus $(echo $files)
		hierarchy -check -top $3 $params; $cut
		prep -flatten -top $3; memory_map -formal; async2sync; setundef -undriven -anyseq
		opt -keepdc -fast; check; dffunmap; write_smt2 -wires $1/model.smt2") > "$1/yosys.out" 2>&1
}

# bmc DIR LOG ARGS...: true if the solver says PASSED
bmc() {
	local dir=$1 log=$2
	shift 2
	yosys-smtbmc -s z3 --unroll --noprogress "$@" "$dir/model.smt2" > "$dir/$log.log" 2>&1
	grep -q 'Status: PASSED' "$dir/$log.log"
}

tap() { echo "$1 - formal: $2"; }

# prove NAME TOP BASE K COVER CONFIG CUT MUTANT
prove() {
	local what=$1.$6 dir define
	dir=$(realpath "$out")/$what
	define=PROVE_${1^^}
	rm -rf "$dir" && mkdir -p "$dir/mutant"

	if ! model "$dir" rtl "$2" "$define" "$6" "$7"; then
		tap 'not ok' "$what: Yosys: $(tail -n 1 "$dir/yosys.out")"
		return
	fi
	if bmc "$dir" base -t "$3" && bmc "$dir" induction -i -t "$4"; then
		tap ok "$what holds"
	else
		tap 'not ok' "$what: $(cat "$dir"/base.log "$dir"/induction.log 2> /dev/null | grep -m1 'Assert failed\|rror')"
	fi
	if bmc "$dir" cover -c -t "$5" && grep -q 'Reached cover' "$dir/cover.log"; then
		tap ok "$what: $(grep -c 'Reached cover' "$dir/cover.log") covers reached"
	else
		tap 'not ok' "$what: a cover is not reached: $(grep -m1 'Unreached' "$dir/cover.log" || echo there is none)"
	fi

	# One mutant a proof, on its first configuration
	[ "$8" = - ] && return
	local file=${8%%|*} edit=${8#*|}
	cp -r rtl/*.sv rtl/*.svh rtl/bus rtl/files.f "$dir/mutant"
	sed -i "${edit//@/ }" "$dir/mutant/$file"
	if cmp -s "rtl/$file" "$dir/mutant/$file"; then
		tap 'not ok' "$what: its mutant changes nothing in $file"
	elif ! model "$dir/mutant" "$dir/mutant" "$2" "$define" "$6" "$7"; then
		tap 'not ok' "$what: Yosys rejects its mutant: $(tail -n 1 "$dir/mutant/yosys.out")"
	elif bmc "$dir/mutant" cover -t "$5"; then
		tap 'not ok' "$what: its mutant is not refuted from reset in $5 steps"
	elif grep -q 'Status: FAILED' "$dir/mutant/cover.log"; then
		tap ok "$what refutes its mutant"
	else
		tap 'not ok' "$what: the solver broke off on its mutant"
	fi
}

jobs_running() { jobs -rp | wc -l; }

start=$SECONDS
found=
while read -r name top base k cover configs cut mutant; do
	[ -z "$only" ] || [ "$only" = "$name" ] || continue
	found=yes
	for config in ${configs//,/ }; do
		while [ "$(jobs_running)" -ge "${JOBS:-2}" ]; do wait -n; done
		[ -t 2 ] && printf '  %-24s %4d s\r' "$name.$config" $((SECONDS - start)) >&2
		prove "$name" "$top" "$base" "$k" "$cover" "$config" "$cut" "$mutant" > "$out/$name.$config.tap" &
		mutant=-
	done
done < <(grep -v -e '^#' -e '^$' tb/formal/proofs.txt)
wait

[ -n "$found" ] || {
	echo "tb/formal/formal.sh: no proof $only in tb/formal/proofs.txt" >&2
	exit 2
}
taps=$(awk -v only="$only" '!/^#/ && NF && (only == "" || only == $1) {
	n = split($6, c, ","); for (i = 1; i <= n; i++) print $1 "." c[i] ".tap" }' tb/formal/proofs.txt)
cd "$out" || exit 1
# shellcheck disable=SC2086
cat $taps | awk '{ if ($1 == "not") sub(/^not ok/, "not ok " ++n); else sub(/^ok/, "ok " ++n); print }
	END { print "1.." n }'
# shellcheck disable=SC2086
! grep -q '^not ok' $taps
