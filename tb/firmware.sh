#!/bin/bash
# Runs each program of sw/programs on Atlas (golden model; RTL in lockstep) and
# under QEMU, and compares what they print. Prints TAP.
#
# Usage: tb/firmware.sh [NAME...]      from the root of the repository; all programs
#        SEED=n for other memory latencies
#
# QEMU is a second opinion with known gaps (no reason registers, A and D set by
# hardware, ...): a check that one of them skips and the other passes is reported as
# skipped, by name and by who skips it; those of an extension that one lacks together.
# Every other difference is a failure.
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

tests=0
ok() {
	tests=$((tests + 1))
	echo "ok $tests - $1"
}
not_ok() { # name, file that shows why
	tests=$((tests + 1))
	echo "not ok $tests - $1"
	tail -n 12 "$2" | sed 's/^/# /'
}
skip() { # name, reason
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

configs() { # width
	case $1 in
	32) echo sv32 ;;
	64) echo sv39 rva23 ;;
	esac
}

# Not to be compared with QEMU: physical addresses and ASIDs narrower than anybody
# else's, no PMP or a coarse one, on which what the programs print depends; and, on
# RV32, every extension there is.
other_configs() { # width
	case $1 in
	32) echo sv32_min sv32_max ;;
	64) echo sv48 ;;
	esac
}

# What a configuration may lack, as the programs say it: "skipped (no X here)". Anything
# else that a program does not find is a defect of the machine or the program.
lacks() { # configuration
	case $1 in
	sv32) echo 'Svadu|Svnapot|Svpbmt|Smepmp|Zicfiss|segments|counters' ;;
	sv32_min) echo 'Svadu|Svnapot|Svpbmt|Smepmp|Zicfiss|PMP|memory attributes|segments|counters' ;;
	sv32_max) echo 'Svnapot|Svpbmt|memory attributes' ;;
	sv39) echo 'Smepmp|Zicfiss|pointer masking|segments|counters' ;;
	sv48) echo 'Svnapot|Zicfiss|pointer masking|memory attributes|counters' ;;
	*) echo 'nothing' ;;
	esac
}

# The checks of a mode that the configuration does not have are not asked for.
only_modes_of() { # configuration
	case $1 in
	sv39) grep -v '^check sv\(48\|57\)/' ;;
	*) cat ;;
	esac
}

run_atlas() { # elf, configuration, model, output
	local latency=1
	[ "$3" = rtl ] && latency=1-20
	truncate -s 0 "$tmp/disk" && truncate -s 64K "$tmp/disk"
	timeout -k 5 300 "$build/atlas" run "$1" --config="$2" --model="$3" --mem-latency=$latency \
		--disk="$tmp/disk" \
		--seed="${SEED:-1}" --max-instructions=50000000 > "$4" 2> "$4.report" < /dev/null
	local code=$?
	[ $code -eq 0 ] && return 0
	{ echo "exit code $code; the program's last lines:"; grep -v ': ok$' "$4" | tail -n 5
	  echo "the report's first:"; head -n 5 "$4.report"; } > "$4.why"
	return 1
}

run_qemu() { # width, elf, output
	local cpu=rv32
	[ "$1" = 64 ] && cpu=rv64,svnapot=on,svpbmt=on,svinval=on
	truncate -s 0 "$tmp/disk" && truncate -s 64K "$tmp/disk"
	timeout -k 5 60 "qemu-system-riscv$1" -M virt -bios none -cpu $cpu -display none -monitor none \
		-global virtio-mmio.force-legacy=false -drive "file=$tmp/disk,format=raw,if=none,id=disk" \
		-device virtio-blk-device,drive=disk,bus=virtio-mmio-bus.0 \
		-serial stdio -kernel "$2" < /dev/null > "$3" 2> "$3.err"
	local code=$?
	tr -d '\r' < "$3" > "$3.clean" && mv "$3.clean" "$3"
	[ $code -eq 0 ] && return 0
	{ echo "exit code $code (124: it did not end)"; grep -v ': ok$' "$3" | tail -n 8
	  cat "$3.err"; } > "$3.why"
	return 1
}

# Line by line. Writes the skipped checks as "who<TAB>name<TAB>reason", the differences
# to a file of their own; fails if there are any.
compare() { # Atlas's lines, QEMU's lines, skipped, differences
	: > "$3"
	paste "$1" "$2" | awk -F '\t' -v skipped="$3" '
		function name(line) { sub(/^check /, "", line); sub(/: .*/, "", line); return line }
		function why(line) { sub(/^[^(]*\(/, "", line); sub(/\)$/, "", line); return line }
		function skips(line, other) {
			return line ~ /^check [^:]*: skipped \(/ && name(line) == name(other) &&
			       other ~ /: (ok|skipped \(.*\))$/
		}
		function note(who, line) {
			if (why(line) ~ /^no .* here$/)
				lacking[who "\t" why(line)]++
			else
				print who "\t" name(line) "\t" why(line) >> skipped
		}
		skips($2, $1) { note("QEMU", $2); next }
		skips($1, $2) { note("Atlas", $1); next }
		$1 != $2 { print "Atlas: " $1; print "QEMU:  " $2; bad = 1 }
		END {
			for (l in lacking) {
				split(l, part, "\t")
				print part[1] "\t" lacking[l] " checks\t" part[2] >> skipped
			}
			exit bad
		}' > "$4"
}

compare_with_qemu() { # label, configuration, Atlas's output, QEMU's output
	only_modes_of "$2" < "$4" > "$tmp/expected"
	if compare "$3" "$tmp/expected" "$tmp/skipped" "$tmp/differences"; then
		ok "$1 prints what QEMU prints"
	else
		not_ok "$1 prints what QEMU prints" "$tmp/differences"
	fi
	while IFS=$'\t' read -r who check reason; do
		skip "$1 $who: $check" "$reason"
	done < "$tmp/skipped"
}

# What the machine says it lacks, and should not: output, regular expression
missing() {
	grep ': skipped (no .* here)$' "$1" | grep -vE "\(no ($2) here\)" > "$tmp/missing"
}

# Golden's lines against the RTL's, but for checks of counters, which golden has not.
same_as_golden() {
	paste "$tmp/golden" "$tmp/rtl" | awk -F '\t' '
		{ golden = $1; sub(/: skipped \(no counters here\)$/, ": ok", golden) }
		$1 != $2 && golden != $2 { print "golden: " $1; print "RTL:    " $2; bad = 1 }
		END { exit bad }' > "$tmp/diff"
}

on_atlas() { # label, elf, configuration; leaves the output in $tmp/rtl
	if ! run_atlas "$2" "$3" golden "$tmp/golden"; then
		not_ok "$1 golden" "$tmp/golden.why"
	elif missing "$tmp/golden" "$(lacks "$3")|counters"; then
		not_ok "$1 golden has its extensions" "$tmp/missing"
	else
		ok "$1 golden"
	fi
	if ! run_atlas "$2" "$3" rtl "$tmp/rtl"; then
		not_ok "$1 RTL in lockstep" "$tmp/rtl.why"
	elif missing "$tmp/rtl" "$(lacks "$3")"; then
		not_ok "$1 RTL has its extensions" "$tmp/missing"
	elif ! same_as_golden; then
		not_ok "$1 RTL prints what golden prints" "$tmp/diff"
	else
		ok "$1 RTL in lockstep"
	fi
}

test_program() { # width, name
	local width=$1 name=$2
	local elf=$build/sw/rv$width/$name.elf qemu=$tmp/qemu config
	local have_qemu=no

	if ! command -v "qemu-system-riscv$width" > /dev/null; then
		skip "$name rv$width under QEMU" "qemu-system-riscv$width is not installed: run make deps"
	elif run_qemu "$width" "$elf" "$qemu"; then
		have_qemu=yes
		ok "$name rv$width under QEMU"
	else
		not_ok "$name rv$width under QEMU" "$qemu.why"
	fi

	for config in $(configs "$width"); do
		on_atlas "$name rv$width $config" "$elf" "$config"
		[ $have_qemu = yes ] &&
			compare_with_qemu "$name rv$width $config" "$config" "$tmp/rtl" "$qemu"
	done
	for config in $(other_configs "$width"); do
		on_atlas "$name rv$width $config" "$elf" "$config"
	done
}

if [ ! -x "$build/atlas" ]; then
	echo "firmware.sh: $build/atlas is missing: run 'make $build/atlas'" >&2
	exit 2
fi
[ $# -gt 0 ] || set -- $(cd sw/programs && ls -- *.c | sed 's/\.c$//')
for name in "$@"; do
	for width in 32 64; do
		if [ ! -f "$build/sw/rv$width/$name.elf" ]; then
			echo "firmware.sh: no $build/sw/rv$width/$name.elf: run 'make firmware'" >&2
			exit 2
		fi
		test_program "$width" "$name"
	done
done
echo "1..$tests"
