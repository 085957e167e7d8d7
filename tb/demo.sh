#!/bin/bash
# Runs the user programs of the kernel under each technique, shows what they print, and
# ends with a table of all that they tried and what the MMU answered (tb/demo.awk).
#
# Usage: tb/demo.sh MODEL CONFIG "PROGRAM..." TECHNIQUE=IMAGE...   from the repository's root
#        MODEL: rtl (in lockstep with the golden model) or golden
#        JSON=1: the table as JSON on standard output, the programs on standard error
#        SEED=n for other memory latencies
#
# Exit code: 0 only if every run passed and everything was as it must be.
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

if [ $# -lt 4 ]; then
	echo "usage: tb/demo.sh MODEL CONFIG \"PROGRAM...\" TECHNIQUE=IMAGE..." >&2
	exit 2
fi
model=$1 config=$2 programs=$3
shift 3
exec 3>&1
[ -z "${JSON:-}" ] || exec 3>&2

code=0 files=()
for run in "$@"; do
	technique=${run%%=*} image=${run#*=}
	output=$tmp/${image##*/}
	[ ${#files[@]} -eq 0 ] || echo >&3
	echo "---- $technique: $image on $config, model $model" >&3
	# A disk for what has no room in memory.
	rm -f "$tmp/disk"
	truncate -s 2M "$tmp/disk"
	"$build/atlas" run "$image" --config="$config" --model="$model" --seed="${SEED:-1}" \
		--disk="$tmp/disk" --quiet < /dev/null 2>&1 | tee "$output" >&3
	[ "${PIPESTATUS[0]}" -eq 0 ] || code=1
	files+=("technique=$technique" "$output")
done

[ -n "${JSON:-}" ] || printf '\n'
awk -f tb/demo.awk -v programs="$programs" -v json="${JSON:+1}" "${files[@]}" || code=1
exit $code
