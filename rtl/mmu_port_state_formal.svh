// The state of mmu_port, for tb/formal/mmu_latched.sv: all registers but those of its
// TLB and its mmu_pmp, which are left out there.

logic [511:0] f_state;

assign f_state = {busy_q, va_q, access_q, priv_q, sum_q, mxr_q, adue_q, pbmte_q, sse_q, tag_q, mode_q,
                  asid_q, root_q, translated_q, noncanonical_q, too_wide_q, first_word_q, last_word_q,
                  fenced_q, bare_pma_q, holds_cut_q, fill, fill_pmp};

// What these two are asked, each when it is
logic [511:0] f_asked;
logic         f_judge;

assign f_judge = accept && (!translated || holds_cut_q);
assign f_asked = {accept, accept ? {va[12 +: W_VPN], satp_asid} : '0,
                  f_judge, f_judge ? {translated, page, first_word, last_word} : '0,
                  fill, fill ? {fill_page, walk_size, walk_leaf_ppn, walk_flags, walk_pbmt,
                                      fill_pmp, walk_pma} : '0};

// What they answer to what was asked before
logic [511:0] f_told;

assign f_told = {hit, hit_size, hit_level, hit_cut, hit_leaf_ppn, hit_flags, hit_pbmt, hit_pmp, hit_pma,
                 judged_pmp};

// and now
logic [511:0] f_cut;

assign f_cut = {page_cut, pmp_size_cut};
