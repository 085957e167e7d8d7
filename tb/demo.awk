# What user programs said (sw/user/lib/report.h), under one technique after the other, as
# one table: what was tried, what the MMU answered under each, verdict. Ends with exit
# code 1 if anything was not as it must be.
#
# Usage: awk -f tb/demo.awk -v programs="null kernel ..." [-v json=1]
#            technique="segments only" FILE technique="multi-level tables" FILE ...

# Files of one technique may be several.
FNR == 1 && technique != technique_name[techniques] {
	technique_name[++techniques] = technique
	split("", seen)
}

# null: reads address 0 -> page fault, pte_invalid: ok
/^[a-z]+: .* -> .*: (ok|FAILED|cannot)$/ {
	program = substr($0, 1, index($0, ": ") - 1)
	verdict = $0
	sub(/.*: /, "", verdict)
	rest = substr($0, length(program) + 3)
	sub(/: (ok|FAILED|cannot)$/, "", rest)
	arrow = index(rest, " -> ")
	note(program, substr(rest, 1, arrow - 1), substr(rest, arrow + 4), verdict)
	next
}

/^[a-z]+: (held|FAILED|cannot be expressed by .*)$/ {
	concluded[techniques, substr($0, 1, index($0, ":") - 1)] = 1
	next
}

/^[a-z]+: / {
	program = substr($0, 1, index($0, ": ") - 1)
	if (!(program in statement) && index(" " programs " ", " " program " "))
		statement[program] = substr($0, length(program) + 3)
}

# A thing that a program tries several times is a row each time.
function note(program, tried, answer, verdict,   key) {
	key = program SUBSEP tried SUBSEP (++seen[program, tried])
	if (!(key in row_of)) {
		row_of[key] = ++rows
		row_program[rows] = program
		row_tried[rows] = tried
	}
	answers[row_of[key], techniques] = answer
	verdicts[row_of[key], techniques] = verdict
	total[verdict]++
}

function reason(answer) {
	if (answer !~ /^(page|protection|access) fault, /)
		return ""
	sub(/^[a-z ]*, /, "", answer)
	sub(/,.*/, "", answer)
	return answer
}

function cell(row, t,   answer) {
	answer = answers[row, t]
	if (verdicts[row, t] == "")
		return "-"
	if (verdicts[row, t] == "cannot") {
		if (!(answer in footnote)) {
			footnote[answer] = ++footnotes
			footnote_text[footnotes] = answer
		}
		return "cannot (" footnote[answer] ")"
	}
	answer = reason(answer) != "" ? reason(answer) : answer
	return verdicts[row, t] == "FAILED" ? "!" answer : answer
}

function print_row(row,   t, line, bad) {
	line = sprintf("  %-48s", row_tried[row])
	for (t = 1; t <= techniques; t++) {
		line = line sprintf(" %-19.19s", cell(row, t))
		if (verdicts[row, t] == "FAILED")
			bad = 1
	}
	print line, bad ? "FAILED" : "ok"
}

function print_table(   p, n, list, row, t, line) {
	line = sprintf("%-50s", "What was tried")
	for (t = 1; t <= techniques; t++)
		line = line sprintf(" %-19s", technique_name[t])
	print line, "verdict"
	n = split(programs, list, " ")
	for (p = 1; p <= n; p++) {
		printf "\n%s: %s\n", list[p], statement[list[p]]
		for (row = 1; row <= rows; row++)
			if (row_program[row] == list[p])
				print_row(row)
	}
	print "\n -  not tried there; ! not as it must be"
	for (p = 1; p <= footnotes; p++)
		printf "(%d) cannot: %s\n", p, footnote_text[p]
	printf "\n%d as it must be, %d that a technique cannot express, %d FAILED\n",
		total["ok"], total["cannot"], total["FAILED"]
}

function quoted(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	return "\"" text "\""
}

function print_json(   row, t, comma) {
	printf "["
	for (row = 1; row <= rows; row++)
		for (t = 1; t <= techniques; t++)
			if (verdicts[row, t] != "") {
				printf "%s\n  {\"program\": %s, \"statement\": %s, \"tried\": %s, ", comma,
					quoted(row_program[row]), quoted(statement[row_program[row]]),
					quoted(row_tried[row])
				printf "\"technique\": %s, \"answer\": %s, \"reason\": %s, \"verdict\": %s}",
					quoted(technique_name[t]), quoted(answers[row, t]),
					reason(answers[row, t]) == "" ? "null" : quoted(reason(answers[row, t])),
					quoted(verdicts[row, t])
				comma = ","
			}
	print "\n]"
}

END {
	n = split(programs, list, " ")
	for (techniques = 1; techniques in technique_name; techniques++)
		for (p = 1; p <= n; p++)
			if (!((techniques, list[p]) in concluded))
				note(list[p], "comes to an end", "it did not", "FAILED")
	techniques--
	if (json)
		print_json()
	else
		print_table()
	exit total["FAILED"] > 0 || total["ok"] == 0
}
