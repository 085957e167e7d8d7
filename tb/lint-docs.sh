#!/bin/bash
# Checks what the documents name: every rule of docs/conformance.md has a test, every
# file, test and proof that it names exists, every test that docs/field-bugs.md and
# docs/testing.md name exists, no field bug is missing, every link in *.md leads
# somewhere.
#
# Usage: tb/lint-docs.sh   (from the repository's root)
set -u
bad=0
fail() { echo "lint: $1" >&2; bad=1; }

# A test is a function that tb/ defines, or a check that a program of sw/ names in a string
# or as a PROPERTY().
is_test() { grep -qxF -- "$1" <<< "$names"; }
names=$( { git grep -hoE '^(static )?void [a-z0-9_]+\(' -- 'tb/*.c' | sed 's/.* //; s/(//'
	git grep -hoE '"[a-z0-9_ ]+"|PROPERTY\([a-z0-9_]+' -- 'sw/*.[ch]' | grep -oE '[a-z0-9_]+'; } | sort -u)

# A proof is the first field of a line of proofs.txt.
is_proof() { grep -qE "^$1 " tb/formal/proofs.txt; }

# Rows of the conformance table: | rule | rtl files | tests | proofs |
rules=0
while IFS='|' read -r _ rule rtl tests proofs more; do
	rules=$((rules + 1))
	[ -z "$(tr -d ' ' <<< "$more")" ] || fail "docs/conformance.md: more than four columns (rule:$rule)"
	for f in $(tr -d '`,' <<< "$rtl"); do
		[ "$f" = - ] || [ -e "rtl/$f" ] || fail "docs/conformance.md: no file rtl/$f (rule:$rule)"
	done
	[ -n "$(tr -d ' -' <<< "$tests")" ] || fail "docs/conformance.md: no test (rule:$rule)"
	for t in $(tr -d '`,' <<< "$tests"); do
		is_test "$t" || fail "docs/conformance.md: no test $t (rule:$rule)"
	done
	for p in $(tr -d '`,' <<< "$proofs"); do
		[ "$p" = - ] || is_proof "$p" || fail "docs/conformance.md: no proof $p (rule:$rule)"
	done
done < <(grep '^|' docs/conformance.md | grep -v -e '^|-' -e '^| rule ')
[ $rules -gt 0 ] || fail "docs/conformance.md: no rules"

# The field bugs, each a number or several; what stands in `backquotes` is a file or a test.
entries=
while IFS='|' read -r _ numbers what _; do
	entries="$entries $(tr -d ',' <<< "$numbers")"
	for t in $(grep -oE '`[^`]+`' <<< "$what" | tr -d '`'); do
		case $t in
		*.c) [ -n "$(git ls-files "$t" "tb/*/$t")" ] || fail "docs/field-bugs.md: no file $t" ;;
		make|make\ *|formal) ;;
		*) is_test "$t" || fail "docs/field-bugs.md: no test $t (entry$numbers)" ;;
		esac
	done
done < <(grep '^| [0-9]' docs/field-bugs.md)
for n in $(seq 1 104) 24b; do
	case " $entries " in *" $n "*) ;; *) fail "docs/field-bugs.md: entry $n is missing" ;; esac
done

# Test programs that docs/testing.md names.
for t in $(grep -oE '`test_[a-z0-9_]+`' docs/testing.md | tr -d '`' | sort -u); do
	ls tb/*/"$t".c > /dev/null 2>&1 || [ "$t" = test_NAME ] || fail "docs/testing.md: no program $t"
done

while IFS=: read -r file link; do
	case $link in http*|\#*|mailto*) continue ;; esac
	target=$(dirname "$file")/${link%%#*}
	[ -e "$target" ] || fail "$file: link to $link leads nowhere"
done < <(git ls-files '*.md' | xargs grep -oHE '\]\([^)]+\)' | sed 's/\](\(.*\))/\1/')

[ $bad -eq 0 ] && echo "lint: documents name only what exists"
exit $bad
