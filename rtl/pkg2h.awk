# Derives the C header from mmu_pkg.sv: one #define a localparam, and the list
# MMU_REASONS(X) with X(NAME, "name") for each fault reason. Preprocessor lines
# only, so that assembly can include it too.
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
	if (name ~ /^REASON_/) reasons = reasons sprintf(" \\\n\tX(%s, \"%s\")", name, tolower(substr(name, 8)))
}
END {
	if (exit_code) exit exit_code
	printf "\n#define MMU_REASONS(X)%s\n\n#endif\n", reasons
}
