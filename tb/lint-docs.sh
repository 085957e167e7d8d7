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

# The names before the parentheses of declarations, as alternatives: a|b|c
alternatives() { sed -E 's/^#define //; s/\(.*//; s/.*[ *]//' | sort -u | paste -sd'|'; }

# A test of tb/ is what is registered as one: with cmocka's macros, those of tb/ that hand
# their argument on to them, SCENE_RULE, or as .test_func, but for what only runs the rules
# of a table.
registered() {
	local macros
	macros=$(git grep -hoE '^#define [A-Z0-9_]+\(([a-z]+)\) +(cmocka_unit_test[a-z_]*|[A-Z0-9_]*TEST[A-Z0-9_]*)\(\1\>' -- tb | alternatives)
	git grep -hvE '^#define ' -- 'tb/*.[ch]' | tr -s ' \t\n' ' ' |
		grep -oP "(\b(cmocka_unit_test\w*|SCENE_RULE|$macros)\(|(?<!rules\[i\]\.name, )\.test_func =) ?\K[a-z][a-z0-9_]*"
}

# A test of sw/ is a check that a program prints: the string that a function of check.h or
# space.h, or one of the program's own or its macro, takes as the name, or that stands in a
# table (an array's initializer); or a PROPERTY().
checked() {
	local takers programs
	takers=$( { git grep -hoE '^[a-z][a-z0-9_ *]*\(.*char \*name\>' -- sw/lib/check.h sw/lib/space.h 'sw/programs/*.c'
		git grep -hoE '^#define [A-Z0-9_]+\(name\>' -- 'sw/programs/*.c'
		git grep -hoE '^static const char \*name[a-z_]*\(' -- 'sw/programs/*.c'; } | alternatives)
	programs=$(git ls-files 'sw/programs/*.c' | xargs cat | tr -s ' \t\n' ' ')
	grep -oP '\bPROPERTY\(\K[a-z0-9_]+' <<< "$programs"
	grep -oP "\b($takers)\(([^\"();]*,)? ?\"\K[a-z][a-z0-9_]*(?=\")" <<< "$programs"
	grep -oP '\] = (\{([^{};]|(?1))*\});' <<< "$programs" | grep -oP '[{,] ?"\K[a-z][a-z0-9_]*(?=")'
}

is_test() { grep -qxF -- "$1" <<< "$names"; }
names=$( { registered; checked; } | sort -u)

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

# What the prose of both names is a test, a proof or a test program.
for f in docs/conformance.md docs/field-bugs.md; do
	for t in $(grep -v '^|' $f | grep -oE '`[a-z0-9]+_[a-z0-9_]+`' | tr -d '`' | sort -u); do
		is_test "$t" || is_proof "$t" || ls tb/*/"$t".c > /dev/null 2>&1 || fail "$f: no test $t"
	done
done

# Test programs that docs/testing.md names: `test_pma`; after one, `_y` for test_pma_y, or,
# after `test_csr_locks`, for test_csr_y.
program=
for t in $(grep -oE '`(test)?_[a-z0-9_]+`' docs/testing.md | tr -d '`'); do
	case $t in
	_*) ls tb/*/"$program$t".c > /dev/null 2>&1 || ls tb/*/"${program%_*}$t".c > /dev/null 2>&1 ||
			fail "docs/testing.md: no program $program$t" ;;
	test_NAME) ;;
	*) program=$t
		ls tb/*/"$t".c > /dev/null 2>&1 || fail "docs/testing.md: no program $t" ;;
	esac
done

while IFS=: read -r file link; do
	case $link in http*|\#*|mailto*) continue ;; esac
	target=$(dirname "$file")/${link%%#*}
	[ -e "$target" ] || fail "$file: link to $link leads nowhere"
done < <(git ls-files '*.md' | xargs grep -oHE '\]\([^)]+\)' | sed 's/\](\(.*\))/\1/')

[ $bad -eq 0 ] && echo "lint: documents name only what exists"
exit $bad
