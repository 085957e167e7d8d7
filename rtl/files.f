# The MMU's source files, in order: the one list for Verilator, Yosys, Icarus
# and FuseSoC. Top module: mmu (with its registers) or mmu_core (without).
mmu_pkg.sv
mmu_perm.sv
mmu_leaf.sv
mmu_pte.sv
mmu_va.sv
mmu_tlb.sv
mmu_port.sv
mmu_walker.sv
mmu_walks.sv
mmu_csr.sv
mmu_core.sv
mmu.sv
