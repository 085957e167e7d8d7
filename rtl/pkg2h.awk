# Derives the C header from mmu_pkg.sv: one #define a localparam, and the list
# MMU_REASONS(X) with X(NAME, "name") for each fault reason and MMU_COUNTERS(X) with
# X(number, "name") for each counter, a port's once for fetch and once for data.
# Preprocessor lines only, so that assembly can include it too.
BEGIN {
	print "/* Derived from rtl/mmu_pkg.sv; edit that file. */"
	print "#ifndef MMU_PKG_H\n#define MMU_PKG_H\n"
}
/^localparam/ {
	line = $0
	sub(/\/\/.*/, "", line)
	if (!match(line, /[A-Z][A-Z0-9_]* *= *[^;]+;/)) {
		printf "%s:%d: localparam that pkg2h.awk cannot read\n", FILENAME, FNR > "/dev/stderr"
		exit_code = 1
		exit
	}
	decl = substr(line, RSTART, RLENGTH - 1)
	name = decl; sub(/ *=.*/, "", name)
	value = decl; sub(/.*= */, "", value)
	gsub(/_/, "", value)
	if (value ~ /^[0-9]+$/) c = value
	else if (value ~ /^[0-9]+'d[0-9]+$/) { c = value; sub(/.*'d/, "", c) }
	else if (value ~ /^[0-9]+'h[0-9a-fA-F]+$/) { c = value; sub(/.*'h/, "0x", c) }
	else {
		printf "%s:%d: %s is not a plain number\n", FILENAME, FNR, name > "/dev/stderr"
		exit_code = 1
		exit
	}
	printf "#define %s %s\n", name, c
	if (name ~ /^COUNTER_[A-Z0-9]+$/) first[substr(name, 9)] = c
	if (name ~ /^EVENT_PORT_/) {
		counter("FETCH", name, c)
		counter("DATA", name, c)
	} else if (name ~ /^EVENT_/) {
		block = substr(name, 7); sub(/_.*/, "", block)
		counter(block, name, c)
	}
	if (name ~ /^REASON_/) reasons = reasons sprintf(" \\\n\tX(%s, \"%s\")", name, tolower(substr(name, 8)))
}
function counter(block, event, bit) {
	sub(/^EVENT_[A-Z0-9]+_/, "", event)
	counters = counters sprintf(" \\\n\tX(%d, \"%s\")", first[block] + bit, tolower(block "_" event))
}
END {
	if (exit_code) exit exit_code
	printf "\n#define MMU_REASONS(X)%s\n", reasons
	printf "\n#define MMU_COUNTERS(X)%s\n\n#endif\n", counters
}
