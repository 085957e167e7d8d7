#!/bin/bash
# Checks `make demo`: that some programs hold what they say on the RTL in lockstep, under
# each technique, and that the table tells what is wrong. Prints TAP.
#
# Usage: tb/test_demo.sh      from the root of the repository, after make demo-test
#        MODEL=golden for the golden model
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

tests=0
ok() { # name, condition as a command
	local name=$1
	shift
	tests=$((tests + 1))
	if "$@" > "$tmp/why" 2>&1; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		tail -n 12 "$tmp/why" | sed 's/^/# /'
	fi
}

# A row of the table, spaces squeezed.
row() { tr -s ' ' < "$tmp/table" | grep -qxF -- " $1"; }

programs='null readonly limit cow'
images=()
for image in segments=segments one-level=root multi-level=pages segments+pages=both; do
	images+=("${image%%=*}=$build/sw/rv32/kernel-demo-test-${image#*=}.elf")
done
BUILD=$build tb/demo.sh "${MODEL:-rtl}" kernel32 "$programs" "${images[@]}" > "$tmp/table" 2>&1
echo $? > "$tmp/code"

ok passes_on_the_rtl grep -qx 0 "$tmp/code"
ok names_the_reason_of_each_technique \
	row 'reads address 0 segment_missing pte_invalid pte_invalid pte_invalid ok'
ok tells_what_is_forbidden \
	row 'writes to it again segment_permission not_writable not_writable not_writable ok'
ok tells_the_limit_of_a_segment \
	row 'reads a word, the end of 100 bytes within segment_limit - - segment_limit ok'
ok tells_what_cannot_be_expressed \
	row 'writes one page that it shares with its parent cannot (2) - - - ok'

# The same from what one run prints, and from what a bad one would.
sed -n '/^---- multi-level/,/^---- segments+pages/p' "$tmp/table" | grep -v '^----' > "$tmp/good"
table() { awk -f tb/demo.awk -v programs="$programs" "$@" technique=x "$tmp/run"; }
good() { cp "$tmp/good" "$tmp/run"; table; }
not_refused() { sed 's/^\(null: reads address 0 ->\).*/\1 no fault, value 0: FAILED/' "$tmp/good" > "$tmp/run"; ! table; }
broken_off() { sed '/^cow: held/d' "$tmp/good" > "$tmp/run"; ! table; }
nothing() { echo > "$tmp/run"; ! table; }
json() {
	cp "$tmp/good" "$tmp/run"
	table -v json=1 | python3 -c '
import json, sys
rows = json.load(sys.stdin)
assert {"program": "null", "statement": "a null pointer is caught", "tried": "reads address 0",
        "technique": "x", "answer": "page fault, pte_invalid", "reason": "pte_invalid",
        "verdict": "ok"} in rows'
}
ok passes_what_is_as_it_must_be good
ok fails_if_there_is_no_fault not_refused
ok fails_if_a_program_does_not_end broken_off
ok fails_if_nothing_ran nothing
ok gives_json json

echo "1..$tests"
