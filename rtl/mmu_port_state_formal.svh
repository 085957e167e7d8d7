// The state of mmu_port, for tb/formal/mmu_latched.sv: all registers but those of its
// TLB, which is left out there, of mmu_segment and of mmu_port_physical.

logic [511:0] f_state;

assign f_state = {busy, va_q, walk_context, ans_tag, walk_asid, translated_q, noncanonical_q, too_wide_q,
                  fenced, fill, l2_fill_pmp};

// What the TLB is asked, each when it is
logic [511:0] f_asked;

assign f_asked = {accept, accept ? {va[12 +: W_VPN], satp_asid, adue && mmu_pkg::acc_dirties(req_access)} : '0,
                  fill, fill ? {fill_page, leaf_size, leaf_ppn, leaf_flags, leaf_pbmt, l2_fill_pmp, leaf_pma} : '0};

// What it answers to what was asked before
logic [511:0] f_told;

assign f_told = {hit, hit_size, hit_level, hit_cut, hit_leaf_ppn, hit_flags, hit_pbmt, hit_pmp, hit_pma};
