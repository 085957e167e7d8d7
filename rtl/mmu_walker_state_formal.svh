// The state of mmu_walker, for tb/formal/mmu_latched.sv: all registers.

logic [511:0] f_state;

assign f_state = {state_q, at_level_q, pte_q, error_q, read_q, global_q, tag_q, swap_q, offered_q, again_q,
                  pte_addr_q, pte_pmp_w_q, pte_pma_w_q, pma_q};
