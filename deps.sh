#!/bin/sh
# Installs the Debian packages that build, run and test Atlas.
# Usage: ./deps.sh   as root, or as a user who may sudo.
set -eu

packages="
	g++ gcc make pkg-config python3 python3-venv
	verilator yosys z3 iverilog
	nextpnr-ice40 fpga-icestorm
	gcc-riscv64-unknown-elf binutils-riscv64-unknown-elf picolibc-riscv64-unknown-elf
	qemu-system-misc gtkwave
	libcmocka-dev libsystemc-dev libelf-dev libjansson-dev zlib1g-dev libzstd-dev
	gnuplot-nox jq parallel
	clang-format git help2man groff"

command -v apt-get > /dev/null || {
	echo "deps.sh: no apt-get here; install by hand:" $packages >&2
	exit 1
}

missing=""
for p in $packages; do
	dpkg-query -W -f '${Status}' "$p" 2> /dev/null | grep -q 'install ok installed' ||
		missing="$missing $p"
done
[ -n "$missing" ] || exit 0

sudo=""
if [ "$(id -u)" -ne 0 ]; then
	command -v sudo > /dev/null || {
		echo "deps.sh: neither root nor sudo; ask for:$missing" >&2
		exit 1
	}
	sudo=sudo
fi

echo "deps.sh: installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
