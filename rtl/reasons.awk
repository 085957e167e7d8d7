# Lists the fault reasons of mmu_pkg.sv as a GTKWave filter: "01 noncanonical". With
# -v what=ACC the kinds of access.
BEGIN {
	if (what == "")
		what = "REASON"
	pattern = what "_[A-Z_]+ *= *[0-9]+'[dh][0-9a-fA-F]+"
}

/^localparam / && match($0, pattern) {
	text = substr($0, RSTART + length(what) + 1, RLENGTH - length(what) - 1)
	name = text
	sub(/ *=.*/, "", name)
	number = text
	sub(/.*'[dh]/, "", number)
	if (text ~ /'d/)
		number = sprintf("%X", number)
	print number, tolower(name)
}
