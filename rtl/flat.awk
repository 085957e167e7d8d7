# Writes mmu_flat.sv from mmu.sv: the same parameters and ports, without types, each a plain
# vector of a stated width. `make lint` compares what is there with what this writes.
#
# Usage: awk -f rtl/flat.awk rtl/mmu.sv > rtl/mmu_flat.sv

function name(line) {
	sub(/ *(\/\/.*)?$/, "", line)
	sub(/,$/, "", line)
	sub(/ *=.*/, "", line)
	sub(/.*[ \t]/, "", line)
	return line
}

BEGIN {
	print "// The MMU with plain ports, for Verilog: module mmu, its types written out as vectors."
	print "// Parameters, ports and timing are those of mmu.sv; encodings stand in mmu_pkg.sv."
	print "//"
	print "// Written by flat.awk; edit mmu.sv."
	print ""
	print "`default_nettype none"
	print ""
}

/^module mmu / { header = 1; next }
!header { next }
/^\tparameter / {
	parameters = parameters (parameters ? ",\n\t" : "") "." name($0) " (" name($0) ")"
	parameter[++n] = $0
}
# Of those that follow from others only what a port needs
/^\tlocalparam / { parameter[++n] = $0; follows[n] = name($0) }
/^\t(input|output)/ {
	ports = ports (ports ? ",\n\t" : "") "." name($0) " (" name($0) ")"
	sub(/mmu_pkg::access_t/, "wire  [3:0]      ")
	sub(/mmu_pkg::reason_t/, "wire  [5:0]      ")
	sub(/logic/, "wire ")
}
/^\t(input|output|\/\/)|^$/ { port = port $0 "\n" }
/^\);/ {
	print "module mmu_flat #("
	for (i = 1; i <= n; i++) {
		if (i in follows && index(port, follows[i]) == 0)
			continue
		sub(/,$/, "", parameter[i])
		printf "%s%s", separator, parameter[i]
		separator = ",\n"
	}
	printf "\n) (\n%s);\n\n", port
	printf "mmu #(\n\t%s\n) mmu (\n\t%s\n);\n\nendmodule\n\n`default_nettype wire\n", parameters, ports
	exit
}
