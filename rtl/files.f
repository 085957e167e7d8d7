# The MMU's source files, in order: the one list for Verilator, Yosys, Icarus
# and FuseSoC. Top module: mmu (with its registers) or mmu_core (without); the bus
# adapters stand beside.
mmu_pkg.sv
mmu_check.sv
mmu_perm.sv
mmu_leaf.sv
mmu_pte.sv
mmu_va.sv
mmu_pma.sv
mmu_pmp_decode.sv
mmu_pmp.sv
mmu_physical.sv
mmu_segment.sv
mmu_tlb.sv
mmu_port_tlb.sv
mmu_port_refill.sv
mmu_port_request.sv
mmu_port_physical.sv
mmu_port_answer.sv
mmu_port_events.sv
mmu_port.sv
mmu_walker_target.sv
mmu_walker_judge.sv
mmu_walker.sv
mmu_walks.sv
mmu_csr_pmp.sv
mmu_csr_segment.sv
mmu_csr.sv
mmu_counters.sv
mmu_core.sv
mmu.sv
bus/mmu_axi4.sv
bus/mmu_wb.sv
