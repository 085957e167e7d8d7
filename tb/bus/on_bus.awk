# Writes module mmu_on_BUS: rtl/mmu.sv with its memory port through an adapter, and a
# memory on that bus behind which the port is the same again. So whatever runs on the MMU
# runs on it.
#
# Usage: awk -v bus=axi4 -f tb/bus/on_bus.awk rtl/mmu.sv       (axi4 or wb)

# Of a line of the header: the name that it declares
function name(line) {
	sub(/ *(\/\/.*)?$/, "", line)
	sub(/,$/, "", line)
	sub(/ *=.*/, "", line)
	sub(/.*[ \t]/, "", line)
	return line
}

BEGIN { print "`default_nettype none" }

/^module mmu / { header = 1; sub(/mmu/, "mmu_on_" bus) }
header { text = text $0 "\n" }
header && /^\tparameter / { parameters = parameters (parameters ? ", " : "") "." name($0) " (" name($0) ")" }
header && /^\t(input|output)/ {
	port = name($0)
	if (port ~ /^mem_/) {
		declaration = $0
		sub(/^\t(input|output) */, "", declaration)
		sub(/ *(\/\/.*)?$/, "", declaration)
		sub(/,$/, "", declaration)
		sub(/mem_/, "own_mem_", declaration)
		inner = inner declaration ";\n"
		own = own ", ." port " (own_" port ")"
		outer = outer ", ." port
	} else {
		ports = ports (ports ? ", " : "") "." port
	}
}
header && /^\);/ {
	printf "%s\n%s\n", text, inner
	printf "mmu #(%s) mmu (%s%s);\n\n", parameters, ports, own
	if (bus == "axi4") {
		print "logic arvalid, arready, arlock, rvalid, rready, rlast, awvalid, awready, awlock;"
		print "logic wvalid, wready, wlast, bvalid, bready;"
		print "logic [W_ID-1:0] arid, rid, awid, bid;"
		print "logic [63:0] araddr, awaddr;"
		print "logic [7:0] arlen, awlen;"
		print "logic [2:0] arsize, arprot, awsize, awprot;"
		print "logic [1:0] arburst, awburst, rresp, bresp;"
		print "logic [3:0] arcache, awcache;"
		print "logic [W_DATA-1:0] rdata, wdata;"
		print "logic [W_DATA/8-1:0] wstrb;"
		print "localparam int W_ID = W_MEM_TAG + 1;"
		channels = ".arvalid, .arready, .arid, .araddr, .arlen, .arsize, .arburst, .arlock, .rvalid, .rready, .rid," \
			" .rdata, .rresp, .rlast, .awvalid, .awready, .awid, .awaddr, .awlock, .wvalid, .wready, .wdata," \
			" .wstrb, .wlast, .bvalid, .bready, .bid, .bresp"
		only = ", .awlen, .awsize, .awburst, .arcache, .arprot, .awcache, .awprot"
		width = ", .W_ID (W_ID)"
	} else {
		print "logic cyc, stb, lock, we, stall, ack, err, rty;"
		print "logic [63:0] adr;"
		print "logic [W_DATA-1:0] dat_r, dat_w;"
		print "logic [W_DATA/8-1:0] sel;"
		channels = ".cyc, .stb, .lock, .we, .adr, .sel, .dat_r, .dat_w, .stall, .ack, .err, .rty"
	}
	print "localparam int W_DATA = 128;"
	widths = ".XLEN (XLEN), .W_PA (W_PA), .W_MEM_TAG (W_MEM_TAG), .W_DATA (W_DATA)" width
	printf "mmu_%s #(%s) adapter (.clk, .rst_n, %s%s%s);\n", bus, widths, channels, only, own
	printf "%s_memory #(%s) memory (.clk, .rst_n, %s%s);\n\nendmodule\n", bus, widths, channels, outer
	exit
}
END { print "\n`default_nettype wire" }
