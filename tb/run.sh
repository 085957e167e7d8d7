#!/bin/bash
# Runs test programs that print TAP and sums them up.
#
# Usage: tb/run.sh LOGDIR PROGRAM...
#
# One line a program, failures in full, and last "N passed, N failed" (and what
# was skipped). Each program's output stays in LOGDIR/NAME.tap. A program that
# crashes, or runs fewer tests than it announced, has failed.
# Exit code: 0 only if nothing failed and something passed.
set -u

logdir=$1
shift
mkdir -p "$logdir"

passed=0 failed=0 skipped=0
for program in "$@"; do
	name=$(basename "$program" .sh)
	log=$logdir/$name.tap
	[ -t 1 ] && printf '  %-28s ...\r' "$name"
	start=$SECONDS
	"$program" > "$log" 2> "$log.err"
	code=$?

	# A skipped test is no pass; cmocka prints it as "not ok N # SKIP name".
	read -r p f s announced < <(awk '
		/^1\.\.[0-9]+/ { announced += substr($0, 4) }
		/^(not )?ok .*# *SKIP/ { s++; next }
		/^ok / { p++; next }
		/^not ok / { f++ }
		END { print p + 0, f + 0, s + 0, announced + 0 }' "$log")
	ran=$((p + f + s))
	if [ "$announced" -ne "$ran" ] || [ "$ran" -eq 0 ] || { [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; }; then
		f=$((f + 1))
		echo "not ok - $name: $ran of $announced tests ran, exit code $code" >> "$log"
	fi

	printf '  %-28s %5d passed %3d failed %3d skipped %4d s\n' "$name" "$p" "$f" "$s" $((SECONDS - start))
	if [ "$f" -gt 0 ]; then
		grep -v '# *SKIP' "$log" | grep -A 12 '^not ok' | head -60
		tail -n 40 "$log.err"
		echo "  again: make test T=$name   (log: $log)"
	elif [ "$s" -gt 0 ]; then
		sort -u "$log.err" | grep -i skip | head -5
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done

echo
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
