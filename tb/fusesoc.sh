#!/bin/bash
# rtl/mmu.core in FuseSoC, from a folder outside the repository: it resolves, lints,
# simulates to PASS and synthesises. FuseSoC comes from PyPI, into BUILD/fusesoc. Prints TAP.
#
# Usage: tb/fusesoc.sh      from the root of the repository
# Environment: BUILD (build).
set -u

build=${BUILD:-build}
venv=$PWD/$build/fusesoc
packages='fusesoc==2.4.7 edalize==0.6.8'

for tool in python3 verilator yosys; do
	command -v $tool > /dev/null || {
		echo "tb/fusesoc.sh: $tool is not installed: run 'make deps'" >&2
		exit 1
	}
done
if [ ! -x "$venv/bin/fusesoc" ]; then
	mkdir -p "$build"
	# shellcheck disable=SC2086
	python3 -m venv "$venv" && "$venv/bin/pip" install -q $packages > "$build/fusesoc.log" 2>&1 || {
		rm -rf "$venv"
		echo "ok 1 - fusesoc # SKIP not to be had from PyPI: $(tail -n 1 "$build/fusesoc.log")"
		echo 'skipped: FuseSoC is not to be had from PyPI' >&2
		echo '1..1'
		exit 0
	}
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
root=$PWD
cd "$tmp" || exit 1
PATH=$venv/bin:$PATH

n=0 failed=0
check() { # what, pattern that its output must have, command...
	local what=$1 pattern=$2
	n=$((n + 1))
	shift 2
	if "$@" > out 2>&1 && grep -q "$pattern" out; then
		echo "ok $n - fusesoc: $what"
	else
		echo "not ok $n - fusesoc: $what"
		tail -n 20 out | sed 's/^/# /'
		failed=1
	fi
}

fusesoc library add atlas "$root/rtl" > out 2>&1
check 'resolves' 'atlas:rtl:mmu:' fusesoc core show atlas:rtl:mmu
check 'lints' 'verilator' fusesoc run --target lint atlas:rtl:mmu
check 'simulates' '^PASS' fusesoc run --target sim atlas:rtl:mmu
check 'synthesises' 'edif\|json\|blif\|SB_LUT4' fusesoc run --target synth atlas:rtl:mmu
echo "1..$n"
exit $failed
