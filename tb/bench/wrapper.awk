# From the ports of module mmu, as Yosys lists them ("input [31:0] name"), writes
# a wrapper in which all of its paths lie between registers and no path ends at a
# pad: a shift register feeds every input; every output is captured, and what was
# captured is shifted out. So four pins suffice, whatever the ports.

function add(list, item) { return list (list == "" ? "" : ", ") item }
function fail(what) { print "wrapper.awk: " what > "/dev/stderr"; failed = 1; exit 1 }

$1 == "inout" { fail("port " $3 " is an inout") }
$3 == "clk" { clk = 1; ports = add(ports, ".clk(clk)"); next }
$1 == "input" {
	regs = regs "reg " $2 " in_" $3 ";\n"
	ports = add(ports, "." $3 "(in_" $3 ")")
	feed = add(feed, "in_" $3)
}
$1 == "output" {
	split(substr($2, 2), range, ":")
	bits += range[1] + 1
	regs = regs "wire " $2 " " $3 ";\nreg " $2 " out_" $3 ";\n"
	ports = add(ports, "." $3 "(" $3 ")")
	capture = capture "\tout_" $3 " <= " $3 ";\n"
	captured = add(captured, "out_" $3)
}

END {
	if (failed) exit 1
	if (!clk || feed == "" || !bits) fail("module mmu lacks clk, inputs or outputs")
	print "module wrapper (input clk, input scan_shift, input scan_in, output scan_out);"
	printf "%sreg [%d:0] chain;\n", regs, bits - 1
	print "mmu mmu (" ports ");"
	print "always @(posedge clk) begin"
	print "\t{" feed "} <= {" feed ", scan_in};"
	printf "%s", capture
	print "\tchain <= scan_shift ? {chain, 1'b0} : {" captured "};"
	print "end"
	printf "assign scan_out = chain[%d];\n", bits - 1
	print "endmodule"
}
