#!/bin/bash
# Makes pictures of what GTKWave shows of save files, without a screen.
#
# Usage: sim/waves/picture.sh FOLDER SAVEFILE...      FOLDER/SAVEFILE.png each
# Needs Xvfb and ImageMagick beside GTKWave.
set -u

folder=$1
shift
tmp=$(mktemp -d)
Xvfb -displayfd 5 -screen 0 1500x960x24 5> "$tmp/display" > /dev/null 2>&1 &
x=$!
trap 'kill $x; rm -rf "$tmp"' EXIT
for _ in $(seq 50); do
	[ -s "$tmp/display" ] && break
	sleep 0.1
done

code=0
for save in "$@"; do
	name=$(basename "$save" .gtkw)
	# Some time after the start the picture is complete; the file tells when it is taken.
	echo "gtkwave::/File/Grab_To_File $tmp/$name.png" > "$tmp/grab.tcl"
	DISPLAY=:$(cat "$tmp/display") gtkwave -M -R "$tmp/grab.tcl" -P 3000 "$save" > "$tmp/log" 2>&1 &
	g=$!
	for _ in $(seq 200); do
		[ -s "$tmp/$name.png" ] && break
		sleep 0.1
	done
	sleep 0.5
	kill $g 2> /dev/null
	wait $g 2> /dev/null
	# Names and waves alone, in few colours.
	if convert "$tmp/$name.png" -crop 1436x800+46+64 +repage -colors 32 "$tmp/$name.small.png"; then
		mv "$tmp/$name.small.png" "$folder/$name.png"
		echo "$folder/$name.png"
	else
		tail -n 3 "$tmp/log" >&2
		code=1
	fi
done
exit $code
