#!/bin/bash
# The SystemC example platform at both levels of abstraction: every translation as the tables
# say, every load as stored, DMI gone with the fence. Prints TAP.
#
# Usage: tb/systemc.sh      from the root of the repository, after `make test T=systemc` has built
set -u

platform=${BUILD:-build}/platform
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

n=0 failed=0
ok() { n=$((n + 1)); echo "ok $n - systemc: $1"; }
not_ok() { n=$((n + 1)); failed=1; echo "not ok $n - systemc: $1"; sed 's/^/# /' "$tmp/out"; }

# runs WHAT ARGUMENTS: all is right, some of it by DMI exactly if that was asked for
runs() {
	local direct=0
	[[ $2 == *--dmi* ]] && direct='[1-9][0-9]*'
	# shellcheck disable=SC2086
	if "$platform" $2 --json > "$tmp/out" 2>&1 && grep -q '"wrong": 0,' "$tmp/out" &&
		grep -q "\"direct\": $direct," "$tmp/out" && grep -q '"faults": [1-9]' "$tmp/out"; then
		ok "$1"
	else
		not_ok "$1; to repeat: $platform $2"
	fi
}

refuses() { # WHAT ARGUMENTS: with code 2 and one line
	"$platform" $2 > "$tmp/out" 2>&1
	if [ $? -eq 2 ] && [ "$(wc -l < "$tmp/out")" -eq 1 ] && grep -q -- "$1" "$tmp/out"; then
		ok "refuses $2"
	else
		not_ok "refuses $2 with: $1"
	fi
}

runs 'the golden model, loosely timed' '--model golden --accesses 300000'
runs 'the golden model with DMI, remapped and fenced' '--model golden --dmi --accesses 3000000'
runs 'the RTL in lockstep' '--model rtl --lockstep --accesses 200000'
refuses 'unknown model "gold"' '--model gold'
refuses 'unknown configuration "sv40"' '--config sv40'
refuses '--accesses' '--accesses 1x'
refuses '--pages' '--pages 65'
refuses 'only --model golden grants it' '--dmi --model rtl'
echo "1..$n"
exit $failed
