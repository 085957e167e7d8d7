// The state of mmu_walker, for tb/formal/mmu_latched.sv: all registers but those of
// its mmu_pmp, which is left out there.

logic [511:0] f_state;

assign f_state = {state_q, at_level_q, pte_q, error_q, global_q, tag_q, swap_q, offered_q, again_q,
                  pte_addr_q, pte_pmp_w_q, pte_pma_w_q, pma_q};

// What mmu_pmp is asked, when it is, and what it tells of what was asked before
logic [511:0] f_asked, f_told;

assign f_asked = {begin_walk || arrived,
                  (begin_walk || arrived) ? {target_page, target_first, target_last} : '0};
assign f_told  = {pmp};
