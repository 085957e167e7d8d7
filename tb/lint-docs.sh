#!/bin/bash
# Checks what the documents name: every path in docs/conformance.md exists, every
# test it names is defined in tb/ or sw/, every link in *.md leads somewhere.
#
# Usage: tb/lint-docs.sh   (from the repository's root)
set -u
bad=0
fail() { echo "lint: $1" >&2; bad=1; }

# Rows of the conformance table: | rule | rtl files | tests | proofs |
while IFS='|' read -r _ rule rtl tests proofs _; do
	for f in $(tr -d '`,' <<< "$rtl"); do
		[ "$f" = - ] || [ -e "rtl/$f" ] || fail "docs/conformance.md: no file rtl/$f (rule:$rule)"
	done
	[ -n "$(tr -d ' -' <<< "$tests")" ] || fail "docs/conformance.md: no test (rule:$rule)"
	for t in $(tr -d '`,' <<< "$tests"); do
		git grep -qwF -- "$t" -- tb sw || fail "docs/conformance.md: no test $t (rule:$rule)"
	done
	for p in $(tr -d '`,' <<< "$proofs"); do
		[ "$p" = - ] || git grep -qwF -- "$p" -- tb/formal || fail "docs/conformance.md: no proof $p (rule:$rule)"
	done
done < <(grep '^|' docs/conformance.md | grep -v -e '^|-' -e '^| rule ')

while IFS=: read -r file link; do
	case $link in http*|\#*|mailto*) continue ;; esac
	target=$(dirname "$file")/${link%%#*}
	[ -e "$target" ] || fail "$file: link to $link leads nowhere"
done < <(git ls-files '*.md' | xargs grep -oHE '\]\([^)]+\)' | sed 's/\](\(.*\))/\1/')

[ $bad -eq 0 ] && echo "lint: documents name only what exists"
exit $bad
