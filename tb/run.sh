#!/bin/bash
# Runs test programs that print TAP and sums them up.
#
# Usage: tb/run.sh LOGDIR PROGRAM...
# Environment: JOBS, how many at once (default 1).
#
# One line a program as it ends, failures in full, and last "N passed, N failed" (and what
# was skipped). Each program's output stays in LOGDIR/NAME.tap. A program that
# crashes, or runs fewer tests than it announced, has failed.
# Exit code: 0 only if nothing failed and something passed.
set -u

logdir=$1
shift
mkdir -p "$logdir"

passed=0 failed=0 skipped=0
jobs=${JOBS:-1}
[[ $jobs =~ ^[1-9][0-9]*$ ]] || {
	echo "tb/run.sh: JOBS=$jobs: must be a number from 1" >&2
	exit 2
}

declare -A program_of=() started_at=()

# tell PROGRAM CODE SECONDS: what came of it
tell() {
	local name log p f s announced ran
	name=$(basename "$1" .sh)
	log=$logdir/$name.tap

	# A skipped test is no pass; cmocka prints it as "not ok N # SKIP name".
	read -r p f s announced < <(awk '
		/^1\.\.[0-9]+/ { announced += substr($0, 4) }
		/^(not )?ok .*# *SKIP/ { s++; next }
		/^ok / { p++; next }
		/^not ok / { f++ }
		END { print p + 0, f + 0, s + 0, announced + 0 }' "$log")
	ran=$((p + f + s))
	if [ "$announced" -ne "$ran" ] || [ "$ran" -eq 0 ] || { [ "$2" -ne 0 ] && [ "$f" -eq 0 ]; }; then
		f=$((f + 1))
		echo "not ok - $name: $ran of $announced tests ran, exit code $2" >> "$log"
	fi

	printf '  %-28s %5d passed %3d failed %3d skipped %4d s\n' "$name" "$p" "$f" "$s" "$3"
	if [ "$f" -gt 0 ]; then
		grep -v '# *SKIP' "$log" | grep -A 12 '^not ok' | head -60
		tail -n 40 "$log.err"
		echo "  again: make test T=$name   (log: $log)"
	elif [ "$s" -gt 0 ]; then
		sort -u "$log.err" | grep -i skip | head -5
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
}

# Waits for one of those that run, and tells.
reap() {
	local pid code
	wait -n -p pid
	code=$?
	tell "${program_of[$pid]}" $code $((SECONDS - started_at[$pid]))
	unset "program_of[$pid]"
}

for program in "$@"; do
	[ ${#program_of[@]} -lt "$jobs" ] || reap
	name=$(basename "$program" .sh)
	[ -t 1 ] && printf '  %-28s ...\r' "$name"
	"$program" > "$logdir/$name.tap" 2> "$logdir/$name.tap.err" &
	program_of[$!]=$program
	started_at[$!]=$SECONDS
done
while [ ${#program_of[@]} -gt 0 ]; do reap; done

echo
if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
