#!/bin/bash
# Checks that the scenes for waveforms (sim/waves/scene.sh) open on what they are about: the
# answer behind the mark is the scene's. Prints TAP.
#
# Usage: tb/test_scene.sh      from the root of the repository, after make scene-test
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

scene() { sim/waves/scene.sh "$1" "$build/sw/rv32/kernel-scene-test.elf" kernel32 "$tmp/scenes"; }

# The reason of the first answer at the data port behind the mark of a save file.
reason_behind_mark() { # scene
	local mark
	mark=$(sed -n 's/^\*-[0-9.]* \([0-9]*\) .*/\1/p' "$tmp/scenes/$1-1.gtkw")
	fst2vcd "$tmp/scenes/$1.fst" | awk -v mark="$mark" '
		$1 == "$var" && !($5 in id) { id[$5] = $4 }
		/^#/ {
			if (time > mark && valid == "1") { print reason; exit }
			time = substr($0, 2) + 0
		}
		/^[01]/ && substr($0, 2) == id["data_ans_valid"] { valid = substr($0, 1, 1) }
		/^b/ && $2 == id["data_ans_reason"] { reason = substr($1, 2) }'
}

is_reason() { # scene, bits
	local found
	scene "$1" && found=$(reason_behind_mark "$1") && echo "reason $found" && [ "$found" = "$2" ]
}
# One picture of a null pointer, and nothing recorded before it.
starts_at_the_scene() {
	local first from
	first=$(fst2vcd "$tmp/scenes/null.fst" | sed -n 's/^#//p' | head -n 1)
	from=$(sed -n 's/^scene: null: .*cycles \([0-9]*\) .*/\1/p' "$tmp/scenes/null.txt")
	echo "recorded from $first ns, the scene begins at cycle $from"
	[ "$first" -ge $((10 * (from - 1))) ]
}
refuses_unknown() { ! scene nothing && grep -q 'no scene nothing' "$tmp/why"; }

ok null_shows_pte_invalid is_reason null 000010
ok limit_shows_segment_limit is_reason limit 000111
ok records_from_the_scene_on starts_at_the_scene
ok refuses_a_scene_that_does_not_exist refuses_unknown

echo "1..$tests"
