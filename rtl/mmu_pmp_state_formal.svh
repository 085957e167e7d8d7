// The state of mmu_pmp, for tb/formal/mmu_latched.sv

logic [511:0] f_state;

assign f_state = {touch_q, begins_q, ends_q, overlap_q, covered_q};
