#!/bin/bash
# rtl/configs.sh with a file of configurations of one's own: what it adds, and that each
# mistake in it is one line that names the file. Prints TAP.
#
# Usage: tb/configs.sh      from the root of the repository
set -u

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
own=$tmp/own.txt
unset ATLAS_CONFIGS

tests=0
check() { # name, then a command that says whether it holds
	tests=$((tests + 1))
	if "${@:2}" > "$tmp/out" 2>&1; then
		echo "ok $tests - $1"
	else
		echo "not ok $tests - $1"
		sed 's/^/# /' "$tmp/out"
	fi
}

# differing A B: the parameters of one's own configuration B that A has otherwise
differing() { comm -13 <(rtl/configs.sh params "$1" | tr ' ' '\n' | sort) <(ATLAS_CONFIGS=$own rtl/configs.sh params "$2" | tr ' ' '\n' | sort); }

# refused WORDS: exit code 2 and one line with the file and these words
refused() {
	local out
	out=$(ATLAS_CONFIGS=$own rtl/configs.sh list 2>&1)
	[ $? -eq 2 ] && [ "$(wc -l <<< "$out")" -eq 1 ] && grep -qF -- "$own: " <<< "$out" && grep -qF -- "$1" <<< "$out" ||
		{ echo "$out"; return 1; }
}

follow() { [ "$(rtl/configs.sh list; printf 'few\nfewer\n')" = "$(ATLAS_CONFIGS=$own rtl/configs.sh list)" ]; }
as_given() { [ "$(differing sv39 few)" = "DATA_ENTRIES=2" ]; }
over_like() { [ "$(differing sv39 fewer)" = $'DATA_ENTRIES=1\nSVADU=0' ]; }
in_header() { ATLAS_CONFIGS=$own rtl/configs.sh header | grep -q 'X(fewer, virt, 64, 3,'; }
absent() { ! rtl/configs.sh params few; }

printf 'few LIKE=sv39 DATA_ENTRIES=2\n# nothing\nfewer LIKE=few DATA_ENTRIES=1 SVADU=0\n' > "$own"
check own_configurations_follow_those_of_the_list follow
check like_takes_all_but_what_is_given as_given
check like_takes_from_own_configurations_too over_like
check own_configurations_are_in_the_header in_header
check without_the_file_they_are_not_there absent

printf 'sv39 LIKE=sv32\n' > "$own"
check a_name_that_is_taken_is_refused refused 'sv39 is there twice'
printf 'a LIKE=b\nb LIKE=sv39\n' > "$own"
check like_of_what_comes_later_is_refused refused 'LIKE=b is no configuration'
printf 'a-b LIKE=sv39\n' > "$own"
check a_name_that_c_does_not_take_is_refused refused 'letters, digits'
rm "$own"
check a_file_that_is_not_there_is_refused refused 'cannot read'

echo "1..$tests"
