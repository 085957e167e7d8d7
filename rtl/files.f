mmu_pkg.sv
