#!/bin/bash
# Checks that a recorded waveform holds every signal that the GTKWave save files of
# sim/waves name, with the same range of bits. Prints TAP; logs nothing.
#
# Usage: tb/waves.sh      from the root of the repository
#        make test T=waves
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

command -v fst2vcd > /dev/null || {
	echo "tb/waves.sh: fst2vcd is not installed: run 'make deps' (Debian package gtkwave)" >&2
	exit 1
}

param() { sed -n "s/.*\b$2=\([0-9]*\).*/\1/p" <<< "$1"; } # parameters, name

# names.of FST: every signal as GTKWave names it, "mmu.mmu.core.pbmte", "mmu.data_req_va[31:0]"
names_of() {
	fst2vcd -f "$1" 2> /dev/null | awk '
		$1 == "$scope"   { path = path $3 "." }
		$1 == "$upscope" { sub(/[^.]*\.$/, "", path) }
		$1 == "$var"     { print path $5 ($6 == "$end" ? "" : $6) }
		$1 == "$enddefinitions" { exit }' | sed 's/^TOP\.//' | sort -u
}

tests=0
# kernel32 has segments, which scenes show.
for config in kernel32 sv39; do
	params=$(rtl/configs.sh params $config) || exit 1
	xlen=$(param "$params" XLEN)
	"$build/atlas" run "$build/sw/rv$xlen/demo.elf" --config $config --max-instructions 100 --quiet \
		--wave "$tmp/$config.fst" > "$tmp/log" 2>&1
	names_of "$tmp/$config.fst" > "$tmp/$config.names"
	for file in sim/waves/*.gtkw; do
		[ $config = kernel32 ] || [ $file != sim/waves/scene.gtkw ] || continue
		missing=$(sed -e '/^\[/d; /^[@^*-]/d; /^$/d' -e "s|@XLEN@|$((xlen - 1))|" \
			-e "s|@ASID@|$(($(param "$params" W_ASID) - 1))|" \
			-e "s|@LEVELS@|$(param "$params" LEVELS)|; s|@PA@|$(($(param "$params" W_PA) - 1))|" "$file" |
			grep -vxF -f "$tmp/$config.names")
		tests=$((tests + 1))
		if [ -s "$tmp/$config.names" ] && [ -z "$missing" ]; then
			echo "ok $tests - $file has signals of $config alone"
		else
			echo "not ok $tests - $file has signals of $config alone"
			printf '# not there: %s\n' ${missing:-any signal, no waveform}
		fi
	done
done
echo "1..$tests"
