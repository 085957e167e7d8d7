// For tb/formal/mmu_latched.sv: of mmu_port_physical its registers, those of mmu_pmp
// left out, and what that one is asked and answers.

logic [511:0] f_state, f_asked, f_told, f_cut;

assign f_state = {holds_cut_q, pma};

// Asked, each when it is
assign f_asked = {judge, judge ? {use_held, asked_page, first, last} : '0, fill, fill ? fill_page : '0};

// Answered to what was asked before
assign f_told = pmp;

// and now
assign f_cut = {page_cut, pmp_size_cut};
