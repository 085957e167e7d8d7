#!/bin/bash
# The random lockstep again with the memory port over AXI4 and over Wishbone, to memories
# that stall, reorder, refuse and want things again (tb/bus): one test a bus and
# configuration. Prints TAP.
#
# Usage: tb/bus.sh     from the root of the repository, after `make test T=bus` has built
# Environment: SEED; N, translations of each (default 800000).
set -u

program=${BUILD:-build}/tests/lockstep/test_random
n=0
failed=0
out=$(mktemp)
trap 'rm -f "$out"' EXIT

for config in sv39 sv32_max; do
	for model in rtl-axi4 rtl-wb; do
		n=$((n + 1))
		if MODEL=$model ONLY=$config "$program" > "$out" 2>&1; then
			echo "ok $n - $model $config: $(sed -n 's/^# \([0-9]* translations\).*/\1/p' "$out"), 0 mismatches"
		else
			echo "not ok $n - $model $config; to repeat: MODEL=$model ONLY=$config SEED=${SEED:-1} $program"
			sed 's/^/# /' "$out"
			failed=1
		fi
	done
done
echo "1..$n"
exit $failed
