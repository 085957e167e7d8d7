#!/bin/bash
# Runs the kernel's images (sw/kernel/kernel.mk): each technique and mode, with the user
# programs, on Atlas (golden model; RTL in lockstep) and under QEMU. Prints TAP.
#
# Usage: tb/kernel.sh [NAME...]      from the root of the repository; all images
#        SEED=n for other memory latencies
#
# A program that is not refused what it should be, or is for another reason, fails the run;
# so does a frame or page of swap that is lost. What runs, and where, is the table below.
set -u

build=${BUILD:-build}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# Image, width, configuration, MiB of disk (0: none), on what. QEMU has no segments; as `clint`,
# it has no timer for S-mode either, so that M-mode passes its own on; sv32_min has no ASIDs.
images='
segments 64 rva23    0 golden rtl
both     64 rva23    0 golden
sv39     64 sv39     0 golden qemu
sv48     64 sv48     0 golden qemu
sv57     64 rva23    0 golden rtl qemu
swap     64 sv39     4 golden qemu
stress   64 sv39     4 golden rtl qemu clint
segments 32 kernel32 0 golden
both     32 kernel32 0 golden rtl
root     32 kernel32 0 golden qemu
sv32     32 sv32     0 golden rtl qemu clint
sv32     32 sv32_min 0 golden
swap     32 kernel32 4 golden qemu
stress   32 kernel32 4 golden qemu
'

declare -A timer=([qemu]='' [clint]=',sstc=off')

tests=0
ok() {
	tests=$((tests + 1))
	echo "ok $tests - $1"
}
not_ok() { # name, output
	tests=$((tests + 1))
	echo "not ok $tests - $1"
	{ grep -E 'FAILED|defect|cannot start' "$2"; tail -n 4 "$2"; } | tail -n 12 | sed 's/^/# /'
}
skip() { # name, reason
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

on_atlas() { # elf, configuration, model, disk, output
	local latency=1 disk=()
	[ "$3" = rtl ] && latency=1-20
	[ -n "$4" ] && disk=(--disk="$4")
	timeout -k 5 600 "$build/atlas" run "$1" --config="$2" --model="$3" --mem-latency=$latency \
		--seed="${SEED:-1}" "${disk[@]}" --quiet > "$5" 2>&1 < /dev/null
}

on_qemu() { # width, elf, disk, output, more of the processor
	local cpu=rv32 disk=()
	[ "$1" = 64 ] && cpu=rv64,svnapot=on,svpbmt=on,svinval=on
	cpu+=$5
	[ -n "$3" ] && disk=(-global virtio-mmio.force-legacy=false
		-drive "file=$3,if=none,format=raw,id=d" -device virtio-blk-device,drive=d,bus=virtio-mmio-bus.0)
	timeout -k 5 300 "qemu-system-riscv$1" -M virt -bios none -cpu $cpu -display none -monitor none \
		-serial stdio "${disk[@]}" -kernel "$2" > "$4" 2>&1 < /dev/null
}

# Beyond the exit code: that the kernel reached its end, and that swapping took place where
# it was meant to.
check() { # name, exit code, output, MiB of disk, place
	if [ "$2" -ne 0 ]; then
		echo "exit code $2" >> "$3"
		not_ok "$1 $5" "$3"
	elif ! grep -q '^kernel: leaked frames: 0, leaked pages of swap: 0' "$3" || grep -q FAILED "$3"; then
		not_ok "$1 $5" "$3"
	elif [ "$4" -gt 0 ] && ! grep -q '^kernel: [1-9][0-9]* pages to the disk, [1-9]' "$3"; then
		echo "no page went to the disk and came back" >> "$3"
		not_ok "$1 $5" "$3"
	else
		ok "$1 $5"
	fi
}

run_image() { # name, width, configuration, MiB of disk, places...
	local name=$1 width=$2 config=$3 mib=$4 place disk= label="kernel $1 rv$2"
	local elf=$build/sw/rv$width/kernel-$name.elf
	shift 4
	if [ ! -f "$elf" ]; then
		echo "kernel.sh: no $elf: run 'make kernel'" >&2
		exit 2
	fi
	for place in "$@"; do
		if [ "$mib" -gt 0 ]; then
			disk=$tmp/disk
			rm -f "$disk"
			truncate -s "${mib}M" "$disk"
		fi
		case $place in
		qemu|clint)
			if ! command -v "qemu-system-riscv$width" > /dev/null; then
				skip "$label under QEMU" "qemu-system-riscv$width is not installed: run make deps"
				continue
			fi
			on_qemu "$width" "$elf" "$disk" "$tmp/out" "${timer[$place]}"
			check "$label" $? "$tmp/out" "$mib" "under QEMU${timer[$place]}" ;;
		*)
			on_atlas "$elf" "$config" "$place" "$disk" "$tmp/out"
			check "$label" $? "$tmp/out" "$mib" "$config $place" ;;
		esac
	done
}

if [ ! -x "$build/atlas" ]; then
	echo "kernel.sh: $build/atlas is missing: run 'make $build/atlas'" >&2
	exit 2
fi
while read -r name width config mib places; do
	[ -n "$name" ] || continue
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	# shellcheck disable=SC2086
	run_image "$name" "$width" "$config" "$mib" $places
done <<< "$images"
# The kernel's own stack has a guard under each technique: overflowing ends the run with one line.
overflow() { # width, technique, configuration
	local label="kernel overflow-$2 rv$1 $3 golden"
	on_atlas "$build/sw/rv$1/kernel-overflow-$2.elf" "$3" golden '' "$tmp/out"
	if [ $? -eq 1 ] && grep -q '^kernel: its stack is too small' "$tmp/out"; then
		ok "$label"
	else
		not_ok "$label" "$tmp/out"
	fi
}
if [ $# -eq 0 ] || [[ " $* " == *" overflow "* ]]; then
	overflow 32 segments kernel32
	overflow 32 root kernel32
	overflow 64 sv39 sv39
fi

if [ $tests -eq 0 ]; then
	echo "kernel.sh: no image is called $*" >&2
	exit 2
fi
echo "1..$tests"
