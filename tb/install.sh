#!/bin/bash
# What `make install` leaves works where there is no source tree: the command line, libatlas
# through pkg-config, its symbols, the manual, the RTL's list of files. Prints TAP.
#
# Usage: tb/install.sh      from the root of the repository, after a build
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

n=0 failed=0
check() { # what, command...
	local what=$1
	n=$((n + 1))
	shift
	if "$@" > "$tmp/out" 2>&1; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		sed 's/^/# /' "$tmp/out"
		failed=1
	fi
}

install_it() { env -u MAKEFLAGS -u MAKELEVEL make -j1 install BUILD="$build" DESTDIR="$tmp" PREFIX=/opt/atlas CONFIGS=sv32_min; }
check 'make install under DESTDIR' install_it

root=$tmp/opt/atlas
printf 'load 0x1000 4 u\nstore 0x2000 4 u\nload 0x1004 4 u\n' > "$tmp/trace.txt"
run_atlas() { (cd / && env -i "$root/bin/atlas" replay --config sv32_min "$tmp/trace.txt"); }
check 'the installed atlas finds its models' run_atlas

compile() {
	# shellcheck disable=SC2046
	cc -std=c11 -Wall -Wextra -Werror -o "$tmp/consumer" tb/integration/consumer.c \
		$(PKG_CONFIG_LIBDIR=$root/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$tmp pkg-config --cflags --libs atlas)
}
check 'a C program is built by pkg-config' compile
consume() { (cd / && LD_LIBRARY_PATH=$root/lib "$tmp/consumer" "$1"); }
check 'it translates with the golden model' consume golden
check 'it translates with the RTL in lockstep' consume rtl
away() { (cd / && LD_LIBRARY_PATH=$root/lib ATLAS_MODELS=/nowhere "$tmp/consumer" rtl 2>&1) | grep -q 'no Verilated RTL yet'; }
check 'ATLAS_MODELS is where models are looked for' away

symbols() {
	nm -D --defined-only --with-symbol-versions "$root/lib/libatlas.so" | sed -n 's/.* T \(.*\)@@ATLAS_.*/\1/p' | sort > "$tmp/has"
	sed -n 's/^[a-z].*[ *]\(mmu_[a-z_]*\)(.*/\1/p' sim/mmu.h | sort > "$tmp/wants"
	diff "$tmp/wants" "$tmp/has"
}
check 'libatlas has the functions of mmu.h, versioned, and no others' symbols

manual() {
	local page warnings
	for page in atlas atlas-run atlas-explain atlas-replay; do
		warnings=$(groff -ww -man -Tutf8 "$root/share/man/man1/$page.1" 2>&1 > "$tmp/page") || return
		[ -z "$warnings" ] && [ -s "$tmp/page" ] || { echo "$page: $warnings"; return 1; }
	done
}
check 'a page of the manual for each command' manual

core_files() {
	sed 's|#.*||; /^$/d' rtl/files.f > "$tmp/wants"
	sed -n 's/^      - \([a-z_0-9/]*\.sv\)$/\1/p' rtl/mmu.core | grep -v '^\.\.' > "$tmp/has"
	diff "$tmp/wants" "$tmp/has"
}
check "mmu.core has the files of files.f" core_files

templates() {
	local bus out
	for bus in axi4 wb; do
		out=$(verilator --lint-only -Wall -Irtl --top-module mmu_with_$bus rtl/waivers.vlt \
			$(sed 's|#.*||; /^$/d; s|^|rtl/|' rtl/files.f) +1364-2005ext+v tb/integration/mmu_with_$bus.v 2>&1) &&
			[ -z "$out" ] || { echo "$out"; return 1; }
		yosys -q -p "read_verilog -sv -noassert -Irtl $(sed 's|#.*||; /^$/d; s|^|rtl/|' rtl/files.f | tr '\n' ' ')
			read_verilog tb/integration/mmu_with_$bus.v; hierarchy -check -top mmu_with_$bus; proc; check -assert" || return
	done
}
check 'the templates for AXI4 and Wishbone are Verilog-2005 that Verilator and Yosys take' templates

first() {
	verilator --binary -j 1 --timing --timescale 1ns/1ns -I"$root/share/atlas/rtl" -I"$root/share/atlas/rtl/bus" \
		--top-module first_translation --Mdir "$tmp/first" "$root/share/atlas/rtl/waivers.vlt" \
		$(sed "s|#.*||; /^\$/d; s|^|$root/share/atlas/rtl/|" rtl/files.f) "$root/share/atlas/tb/integration/first_translation.sv" &&
		"$tmp/first/Vfirst_translation" | grep -q '^PASS'
}
check 'the installed RTL translates, from reset on, in a test bench of its own' first

echo "1..$n"
exit $failed
