// The registers of mmu_segment, for tb/formal/mmu_latched.sv.

logic [511:0] f_state;

if (SEGMENTS == 0) begin : g_f_none
	assign f_state = '0;
end else begin : g_f_some
	assign f_state = {g_some.found_q, g_some.outside_q, g_some.missing_q, g_some.allow_q, g_some.page_q, g_some.wide_q};
end
