// The state of mmu_port, for tb/formal/mmu_latched.sv: all registers but those of its
// TLB, which is left out there, and of its mmu_pmp.

logic [511:0] f_state;

assign f_state = {busy_q, va_q, access_q, priv_q, sum_q, mxr_q, adue_q, pbmte_q, sse_q, tag_q, mode_q,
                  asid_q, root_q, translated_q, noncanonical_q, too_wide_q, first_word_q, last_word_q,
                  fenced_q, bare_pma_q, holds_cut_q};

// What the TLB answers
logic [511:0] f_found;

assign f_found = {hit, hit_size, hit_level, hit_cut, hit_leaf_ppn, hit_flags, hit_pbmt, hit_pmp, hit_pma};
