// For tb/formal/mmu_latched.sv: what the mmu_pmp of mmu_walk_place is asked, when it is, and
// what it tells of what was asked before; it is left out there.

logic [511:0] f_asked, f_told;

assign f_asked = {judge, judge ? {target_page, target_first, target_last} : '0};
assign f_told  = {pmp};
