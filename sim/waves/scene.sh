#!/bin/bash
# Makes the waveform of a scene (sw/user/programs/scene.c), and for each of its events a
# GTKWave save file that opens on it: FOLDER/SCENE-1.gtkw and so on, whose names it prints.
#
# Usage: sim/waves/scene.sh SCENE IMAGE CONFIG FOLDER      from the root of the repository
set -u

build=${BUILD:-build}
scene=$1 image=$2 config=$3 folder=$4
mkdir -p "$folder"
param() { rtl/configs.sh params "$config" | tr ' ' '\n' | sed -n "s/^$1=//p"; }
run() { # window in cycles
	"$build/atlas" run "$image" --config="$config" --seed="${SEED:-1}" --mem-latency=2 --quiet \
		--wave "$folder/$scene.fst" --wave-from "$1" --wave-to "$2" < /dev/null
}

# Where the scene is, the program says itself, and a second run does the same again.
run 0 0 > "$folder/$scene.txt" || { cat "$folder/$scene.txt" >&2; exit 1; }
places=$(sed -n "s/^scene: $scene: \([a-z]*\) \(0x[0-9a-f]*\|0\), cycles \([0-9]*\) to \([0-9]*\)$/\1 \2 \3 \4/p" "$folder/$scene.txt")
if [ -z "$places" ]; then
	echo "scene.sh: no scene $scene in $image; it has: $(sed -n 's/^scene: \([a-z]*\): .*/\1/p' "$folder/$scene.txt" | sort -u | tr '\n' ' ')" >&2
	exit 2
fi
first=$(head -n 1 <<< "$places" | cut -d ' ' -f 3)
last=$(tail -n 1 <<< "$places" | cut -d ' ' -f 4)
run "$first" $((last + 40)) > /dev/null || exit 1

awk -f rtl/reasons.awk rtl/mmu_pkg.sv > "$folder/reasons.txt"
awk -f rtl/reasons.awk -v what=ACC rtl/mmu_pkg.sv > "$folder/accesses.txt"
printf '0 U\n1 S\n3 M\n' > "$folder/privileges.txt"
n=0
save() { # time in ns
	n=$((n + 1))
	sed -e "s|@FOLDER@|$(realpath "$folder")|; s|@WAVE@|$(realpath "$folder/$scene.fst")|" \
		-e "s|@START@|$(($1 - 35))|; s|@MARK@|$1|" \
		-e "s|@XLEN@|$(($(param XLEN) - 1))|; s|@LEVELS@|$(param LEVELS)|" \
		-e "s|@ASID@|$(($(param W_ASID) - 1))|; s|@PA@|$(($(param W_PA) - 1))|" \
		sim/waves/scene.gtkw > "$folder/$scene-$n.gtkw"
	echo "$folder/$scene-$n.gtkw"
}
while read -r port address from to; do
	read -r one other < <(fst2vcd "$folder/$scene.fst" |
		awk -f sim/waves/event.awk -v port="$port" -v address="$address" -v from="$from" -v to="$to")
	if [ -z "$one" ]; then
		echo "scene.sh: no request for $address at the $port port in cycles $from to $to" >&2
		exit 1
	fi
	save "$one"
	# What is tried again later is a picture of its own.
	[ $((other - one)) -lt 200 ] || save "$other"
done <<< "$places"
