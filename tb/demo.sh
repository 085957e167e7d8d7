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
pids=()
trap '[ ${#pids[@]} -eq 0 ] || kill "${pids[@]}"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

if [ $# -lt 4 ]; then
	echo "usage: tb/demo.sh MODEL CONFIG \"PROGRAM...\" TECHNIQUE=IMAGE..." >&2
	exit 2
fi
model=$1 config=$2 programs=$3
shift 3
exec 3>&1
[ -z "${JSON:-}" ] || exec 3>&2

# All at once, each with a disk for what has no room in memory; shown one after the other.
code=0 files=()
for run in "$@"; do
	name=$(basename "${run#*=}" .elf)
	truncate -s 2M "$tmp/$name.disk"
	"$build/atlas" run "${run#*=}" --config="$config" --model="$model" --seed="${SEED:-1}" \
		--disk="$tmp/$name.disk" --quiet < /dev/null > "$tmp/$name" 2>&1 &
	pids+=($!)
done
for i in "${!pids[@]}"; do
	run=${*:i+1:1}
	name=$(basename "${run#*=}" .elf)
	echo "---- ${run%%=*}: ${run#*=} on $config, model $model" >&3
	# As it comes; then the rest, and how it ended.
	tail -n +1 -f --pid="${pids[i]}" "$tmp/$name" >&3
	wait "${pids[i]}" || code=1
	unset "pids[i]"
	echo >&3
	files+=("technique=${run%%=*}" "$tmp/$name")
done

awk -f tb/demo.awk -v programs="$programs" -v json="${JSON:+1}" "${files[@]}" || code=1
exit $code
