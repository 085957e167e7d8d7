# Lists the fault reasons of mmu_pkg.sv as a GTKWave filter: "01 noncanonical".
/^localparam .*REASON_[A-Z_]+ *=.*6'h/ {
	match($0, /REASON_[A-Z_]+/)
	name = substr($0, RSTART + 7, RLENGTH - 7)
	match($0, /6'h[0-9a-fA-F]+/)
	print substr($0, RSTART + 3, RLENGTH - 3), tolower(name)
}
