// What is latched at acceptance alone decides the answer: two copies of mmu_core,
// whose inputs agree up to a request that the solver chooses, and then differ in all
// that later requests, satp, the envcfg fields and segments may be. That request's
// answer comes in the same cycle from both, and is the same.
//
// Memory, PMP and the fence do the same to both copies. The TLBs and mmu_pmp* are left
// out: they answer anything, but the same in both as long as they were asked the same.

`default_nettype none

module mmu_latched #(
	parameter  int                        XLEN            = 64,
	parameter  int                        LEVELS          = 3,
	parameter  int                        W_ASID          = 16,
	parameter  int                        W_PA            = 56,
	parameter  int                        PMP_ENTRIES     = 8,
	parameter  int                        PMP_GRAIN       = 0,
	parameter  int                        SVADU           = 0,
	parameter  int                        SVNAPOT         = 0,
	parameter  int                        SVPBMT          = 0,
	parameter  int                        SVRSW60T59B     = 0,
	parameter  int                        POINTER_MASKING = 0,
	parameter  int                        ZICFISS         = 0,
	parameter  int                        SMEPMP          = 0,
	parameter  int                        SEGMENTS        = 0,
	parameter  int                        PMA_REGIONS     = 1,
	parameter  logic [PMA_REGIONS*64-1:0] PMA             = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	localparam int                        W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int                        N_SEG           = (SEGMENTS == 0) ? 1 : SEGMENTS,
	localparam int                        W_VPAGE         = XLEN - 12,
	localparam int                        W_OFFSET        = ((XLEN == 32) ? 35 : 65) - 12,
	localparam int                        W_SEGMENT       = 6 + W_ASID + W_VPAGE + XLEN + W_OFFSET,
	// Requests, satp, envcfg fields and segments; answers
	localparam int                        W_IN            = 2*XLEN + 7 + 2*W_ASID + W_PPN + 50 + N_SEG*W_SEGMENT,
	localparam int                        W_ANS           = W_PA + XLEN + 26
) (
	input logic                              clk,
	input logic                              rst_n,

	// Of the first copy, and of the second once they differ
	input logic [W_IN-1:0]                   in_a,
	input logic [W_IN-1:0]                   in_b,

	// Of both
	input logic                              mml,
	input logic                              mmwp,
	input logic                              pmp_write,
	input logic [PMP_ENTRIES*8-1:0]          pmp_cfg,
	input logic [PMP_ENTRIES*(W_PA-2)-1:0]   pmp_addr,
	input logic                              fence_valid,
	input logic                              fence_rs1_x0,
	input logic                              fence_rs2_x0,
	input logic [XLEN-1:0]                   fence_va,
	input logic [W_ASID-1:0]                 fence_asid,
	input logic                              mem_req_ready,
	input logic                              mem_ans_valid,
	input logic [1:0]                        mem_ans_tag,
	input logic [XLEN-1:0]                   mem_ans_data,
	input logic                              mem_ans_error,

	// The request that is looked at: when, and on which port
	input logic                              pick
);

(* anyconst *) logic of_data;

logic split_q = 1'b0;  // the request has been accepted: inputs may differ
logic over_q  = 1'b0;  // it has been answered
logic waits_q = 1'b0;  // it was not answered in the cycle after acceptance
logic watching;

assign watching = split_q && !over_q;

// ----------------------------------------------------------------------------
// The copies

logic [1:0] fetch_valid, fetch_accepted, fetch_answers;
logic [1:0] data_valid, data_accepted, data_answers;

for (genvar c = 0; c < 2; c++) begin : copy
	logic [W_IN-1:0]   in;
	logic [W_ANS-1:0]  fetch_answer, data_answer;
	logic [W_PA+2*XLEN+3:0] mem_req;

	logic [XLEN-1:0]   fetch_va, data_va;
	logic [3:0]        data_access, satp_mode;
	logic [5:0]        fetch_size, data_size;
	logic [1:0]        fetch_priv, data_priv, pmm_m, pmm_s, pmm_u;
	logic [7:0]        fetch_tag, data_tag;
	logic              data_sum, data_mxr, adue, pbmte, sse;
	logic [W_ASID-1:0] satp_asid;
	logic [W_PPN-1:0]  satp_ppn;
	logic [1:0]        segctl_mode;
	logic [W_ASID-1:0] segctl_asid;

	logic [N_SEG*6-1:0]        seg_cfg;
	logic [N_SEG*W_ASID-1:0]   seg_asid;
	logic [N_SEG*W_VPAGE-1:0]  seg_base;
	logic [N_SEG*XLEN-1:0]     seg_last;
	logic [N_SEG*W_OFFSET-1:0] seg_offset;

	logic              fetch_ready, data_ready;
	logic              unused_fence_ready;

	assign in = (c == 1 && split_q) ? in_b : in_a;

	assign {fetch_valid[c], fetch_va, fetch_size, fetch_priv, fetch_tag,
	        data_valid[c], data_va, data_access, data_size, data_priv, data_sum, data_mxr, data_tag,
	        satp_mode, satp_asid, satp_ppn, adue, pbmte, sse, pmm_m, pmm_s, pmm_u,
	        segctl_mode, segctl_asid, seg_cfg, seg_asid, seg_base, seg_last, seg_offset} = in;

	assign fetch_accepted[c] = fetch_valid[c] && fetch_ready;
	assign data_accepted[c]  = data_valid[c] && data_ready;

	mmu_core #(
		.XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_PA (W_PA), .FETCH_ENTRIES (1),
		.DATA_ENTRIES (1), .PMP_ENTRIES (PMP_ENTRIES), .PMP_GRAIN (PMP_GRAIN), .SVADU (SVADU),
		.SVNAPOT (SVNAPOT), .SVPBMT (SVPBMT), .SVRSW60T59B (SVRSW60T59B),
		.POINTER_MASKING (POINTER_MASKING), .ZICFISS (ZICFISS), .SMEPMP (SMEPMP), .SEGMENTS (SEGMENTS),
		.PMA_REGIONS (PMA_REGIONS), .PMA (PMA), .W_TAG (8), .W_MEM_TAG (2)
	) core (
		.clk, .rst_n,
		.fetch_req_valid (fetch_valid[c]), .fetch_req_ready (fetch_ready), .fetch_req_va (fetch_va),
		.fetch_req_size (fetch_size), .fetch_req_priv (fetch_priv), .fetch_req_tag (fetch_tag),
		.fetch_ans_valid (fetch_answers[c]), .fetch_ans_tag (fetch_answer[7:0]),
		.fetch_ans_memory (fetch_answer[9:8]), .fetch_ans_fault (fetch_answer[10]),
		.fetch_ans_cause (fetch_answer[15:11]), .fetch_ans_reason (fetch_answer[21:16]),
		.fetch_ans_pte (fetch_answer[22]), .fetch_ans_level (fetch_answer[25:23]),
		.fetch_ans_pa (fetch_answer[26 +: W_PA]), .fetch_ans_tval (fetch_answer[26+W_PA +: XLEN]),
		.data_req_valid (data_valid[c]), .data_req_ready (data_ready), .data_req_va (data_va),
		.data_req_access (data_access), .data_req_size (data_size), .data_req_priv (data_priv),
		.data_req_sum (data_sum), .data_req_mxr (data_mxr), .data_req_tag (data_tag),
		.data_ans_valid (data_answers[c]), .data_ans_tag (data_answer[7:0]),
		.data_ans_memory (data_answer[9:8]), .data_ans_fault (data_answer[10]),
		.data_ans_cause (data_answer[15:11]), .data_ans_reason (data_answer[21:16]),
		.data_ans_pte (data_answer[22]), .data_ans_level (data_answer[25:23]),
		.data_ans_pa (data_answer[26 +: W_PA]), .data_ans_tval (data_answer[26+W_PA +: XLEN]),
		.satp_mode, .satp_asid, .satp_ppn, .adue, .pbmte, .sse, .pmm_m, .pmm_s, .pmm_u, .mml, .mmwp,
		.pmp_write, .pmp_cfg, .pmp_addr,
		.segctl_mode, .segctl_asid, .seg_cfg, .seg_asid, .seg_base, .seg_last, .seg_offset,
		.fence_valid, .fence_ready (unused_fence_ready), .fence_rs1_x0, .fence_rs2_x0, .fence_va, .fence_asid,
		.mem_req_valid (mem_req[0]), .mem_req_ready, .mem_req_swap (mem_req[1]), .mem_req_tag (mem_req[3:2]),
		.mem_req_addr (mem_req[4 +: W_PA]), .mem_req_expected (mem_req[4+W_PA +: XLEN]),
		.mem_req_desired (mem_req[4+W_PA+XLEN +: XLEN]),
		.mem_ans_valid, .mem_ans_tag, .mem_ans_data, .mem_ans_error
	);
end

// ----------------------------------------------------------------------------
// Their insides (rtl/*_state_formal.svh), by name once flattened

(* hierconn *) logic [511:0] \copy[0].core.fetch.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.data.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.data.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.f_asked ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.f_asked ;
(* hierconn *) logic [511:0] \copy[0].core.data.f_asked ;
(* hierconn *) logic [511:0] \copy[1].core.data.f_asked ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.f_told ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.f_told ;
(* hierconn *) logic [511:0] \copy[0].core.data.f_told ;
(* hierconn *) logic [511:0] \copy[1].core.data.f_told ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.segment.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.segment.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.physical.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.physical.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.physical.f_asked ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.physical.f_asked ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.physical.f_told ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.physical.f_told ;
(* hierconn *) logic [511:0] \copy[0].core.fetch.physical.f_cut ;
(* hierconn *) logic [511:0] \copy[1].core.fetch.physical.f_cut ;
(* hierconn *) logic [511:0] \copy[0].core.data.segment.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.data.segment.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.data.physical.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.data.physical.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.data.physical.f_asked ;
(* hierconn *) logic [511:0] \copy[1].core.data.physical.f_asked ;
(* hierconn *) logic [511:0] \copy[0].core.data.physical.f_told ;
(* hierconn *) logic [511:0] \copy[1].core.data.physical.f_told ;
(* hierconn *) logic [511:0] \copy[0].core.data.physical.f_cut ;
(* hierconn *) logic [511:0] \copy[1].core.data.physical.f_cut ;
(* hierconn *) logic [511:0] \copy[0].core.walks.g_walker[0].walker.f_state ;
(* hierconn *) logic [511:0] \copy[1].core.walks.g_walker[0].walker.f_state ;
(* hierconn *) logic [511:0] \copy[0].core.walks.place.f_asked ;
(* hierconn *) logic [511:0] \copy[1].core.walks.place.f_asked ;
(* hierconn *) logic [511:0] \copy[0].core.walks.place.f_told ;
(* hierconn *) logic [511:0] \copy[1].core.walks.place.f_told ;
(* hierconn *) logic \copy[0].core.walks.owner_q ;
(* hierconn *) logic \copy[1].core.walks.owner_q ;
(* hierconn *) logic \copy[0].core.walks.choice.last_is_data_q ;
(* hierconn *) logic \copy[1].core.walks.choice.last_is_data_q ;
(* hierconn *) logic \copy[0].core.fences.waiting_q ;
(* hierconn *) logic \copy[1].core.fences.waiting_q ;
(* hierconn *) logic [1:0] \copy[0].core.fences.earlier_q ;
(* hierconn *) logic [1:0] \copy[1].core.fences.earlier_q ;
(* hierconn *) logic \copy[0].core.fences.fenced_q ;
(* hierconn *) logic \copy[1].core.fences.fenced_q ;
(* hierconn *) logic \copy[0].core.walk_busy ;
(* hierconn *) logic \copy[0].core.pmp_stale ;
(* hierconn *) logic \copy[1].core.pmp_stale ;
(* hierconn *) logic \copy[0].core.fetch.misses.busy_q ;
(* hierconn *) logic \copy[0].core.data.misses.busy_q ;
(* hierconn *) logic \copy[0].core.fetch.walk_valid ;
(* hierconn *) logic \copy[0].core.fetch.fill ;
(* hierconn *) logic \copy[0].core.data.fill ;
(* hierconn *) logic \copy[0].core.data.walk_valid ;

logic fetch_same, data_same, walks_same;     // in state,
logic fetch_asked, data_asked, walks_asked;  // in what their TLB and mmu_pmp are asked,
logic fetch_told, data_told, walks_told;     // and what these answer

assign fetch_same  = \copy[0].core.fetch.f_state == \copy[1].core.fetch.f_state 
                  && \copy[0].core.fetch.segment.f_state == \copy[1].core.fetch.segment.f_state 
                  && \copy[0].core.fetch.physical.f_state == \copy[1].core.fetch.physical.f_state ;
assign data_same   = \copy[0].core.data.f_state == \copy[1].core.data.f_state 
                  && \copy[0].core.data.segment.f_state == \copy[1].core.data.segment.f_state 
                  && \copy[0].core.data.physical.f_state == \copy[1].core.data.physical.f_state ;
assign walks_same  = \copy[0].core.walks.g_walker[0].walker.f_state == \copy[1].core.walks.g_walker[0].walker.f_state 
                  && \copy[0].core.walks.owner_q == \copy[1].core.walks.owner_q 
                  && \copy[0].core.walks.choice.last_is_data_q == \copy[1].core.walks.choice.last_is_data_q 
                  && \copy[0].core.fences.fenced_q == \copy[1].core.fences.fenced_q  ;
assign fetch_asked = \copy[0].core.fetch.f_asked == \copy[1].core.fetch.f_asked 
                  && \copy[0].core.fetch.physical.f_asked == \copy[1].core.fetch.physical.f_asked ;
assign data_asked  = \copy[0].core.data.f_asked == \copy[1].core.data.f_asked 
                  && \copy[0].core.data.physical.f_asked == \copy[1].core.data.physical.f_asked ;
assign walks_asked = \copy[0].core.walks.place.f_asked == \copy[1].core.walks.place.f_asked ;
assign fetch_told  = \copy[0].core.fetch.f_told == \copy[1].core.fetch.f_told 
                  && \copy[0].core.fetch.physical.f_told == \copy[1].core.fetch.physical.f_told ;
assign data_told   = \copy[0].core.data.f_told == \copy[1].core.data.f_told 
                  && \copy[0].core.data.physical.f_told == \copy[1].core.data.physical.f_told ;
assign walks_told  = \copy[0].core.walks.place.f_told == \copy[1].core.walks.place.f_told ;

// ----------------------------------------------------------------------------
// The request: from its acceptance to its answer. The other port's copies are the
// same until one accepts something since.

logic accepted, answered, other_accepted;
logic other_same_q;

assign accepted       = of_data ? data_accepted[0] : fetch_accepted[0];
assign answered       = of_data ? data_answers[0] : fetch_answers[0];
assign other_accepted = of_data ? fetch_accepted != '0 : data_accepted != '0;

always @(posedge clk) begin
	split_q      <= split_q || (rst_n && pick && accepted);
	over_q       <= over_q || (split_q && answered);
	waits_q      <= split_q;
	other_same_q <= !split_q || (other_same_q && !other_accepted);
end

// A fence waits; the watched port's request, the other's, was there before it
logic [1:0] waits, before, other_before;

assign waits        = {\copy[1].core.fences.waiting_q , \copy[0].core.fences.waiting_q };
assign before       = of_data ? {\copy[1].core.fences.earlier_q [1], \copy[0].core.fences.earlier_q [1]}
                              : {\copy[1].core.fences.earlier_q [0], \copy[0].core.fences.earlier_q [0]};
assign other_before = of_data ? {\copy[1].core.fences.earlier_q [0], \copy[0].core.fences.earlier_q [0]}
                              : {\copy[1].core.fences.earlier_q [1], \copy[0].core.fences.earlier_q [1]};

logic owner, differ;

assign owner  = \copy[0].core.walks.owner_q ;
assign differ = in_a != in_b;

logic past = 1'b0;
always @(posedge clk) past <= 1'b1;

always @(posedge clk) begin
	assume (rst_n == past);
	// Two runs of one thing
	if (!past)
		assume (\copy[0].core.walks.choice.last_is_data_q == owner);
	if (!past)
		assume (fetch_same && data_same && walks_same && other_same_q
		        && before[0] == before[1] && other_before[0] == other_before[1]);
	// mmu_pmp_decode is one for both
	assume (\copy[0].core.pmp_stale == \copy[1].core.pmp_stale );
	// Asked the same so far, they answer the same.
	if (!split_q)
		assume (fetch_told && data_told && walks_told);
	if (watching && (of_data || other_same_q))
		assume (data_told);
	if (watching && (!of_data || other_same_q))
		assume (fetch_told);
	if (watching)
		assume (walks_told);
	// Of the page that is asked about now, now
	if (fetch_asked)
		assume (\copy[0].core.fetch.physical.f_cut == \copy[1].core.fetch.physical.f_cut );
	if (data_asked)
		assume (\copy[0].core.data.physical.f_cut == \copy[1].core.data.physical.f_cut );
	// An answer stands until the next look-up or refill
	if (watching && waits_q)
		assume (of_data ? $stable({\copy[0].core.data.f_told , \copy[0].core.data.physical.f_told })
		                : $stable({\copy[0].core.fetch.f_told , \copy[0].core.fetch.physical.f_told }));
end

// ----------------------------------------------------------------------------


always @(posedge clk)
	assert (past || (!split_q && !over_q && !waits_q));

always @(posedge clk) if (rst_n && past) begin
	if (!split_q)
		assert (fetch_same && data_same && walks_same && other_same_q && !over_q);
	// A fence is taken in the same cycle: it waits for the watched request, or came
	// before it, and then the other port's is the same.
	if (!split_q)
		assert (waits[0] == waits[1] && before[0] == before[1] && other_before[0] == other_before[1]);
	if (watching) begin
		assert (waits[0] == waits[1]);
		if (waits[0])
			assert (before[0] == before[1]);
		if (waits[0] && !before[0])
			assert (other_before[0] == other_before[1] && (!other_before[0] || other_same_q));
	end
	// Asked the same, but for what the other port is asked once it has accepted more,
	// and for what is asked from the cycle of the answer on
	if (!split_q || (watching && !answered))
		assert (walks_asked && (fetch_asked || (split_q && of_data)) && (data_asked || (split_q && !of_data)));
	assert (!copy[0].mem_req[0] || \copy[0].core.walk_busy );
	assert (owner == \copy[0].core.walks.choice.last_is_data_q 
	        && \copy[1].core.walks.owner_q == \copy[1].core.walks.choice.last_is_data_q );
	// A refill is of the last walk's port, which has no other request yet
	assert (!\copy[0].core.fetch.fill || (!owner && !\copy[0].core.fetch.misses.busy_q ));
	assert (!\copy[0].core.data.fill || (owner && !\copy[0].core.data.misses.busy_q ));
	if (watching) begin
		// The answer: in the same cycle, and the same
		assert (of_data ? data_answers[0] == data_answers[1] : fetch_answers[0] == fetch_answers[1]);
		if (answered)
			assert (of_data ? copy[0].data_answer == copy[1].data_answer
			                : copy[0].fetch_answer == copy[1].fetch_answer);
		assert (copy[0].mem_req[0] == copy[1].mem_req[0]
		        && (!copy[0].mem_req[0] || copy[0].mem_req == copy[1].mem_req));
		// Why: the port, its walk, and the walk before it
		assert ((of_data ? data_same : fetch_same) && walks_same);
		if (other_same_q)
			assert (of_data ? fetch_same : data_same);
		assert (waits_q || other_same_q);
		assert (of_data ? \copy[0].core.data.misses.busy_q : \copy[0].core.fetch.misses.busy_q );
		assert (!waits_q || (of_data ? \copy[0].core.data.walk_valid : \copy[0].core.fetch.walk_valid ));
		if (waits_q)
			assert (owner != of_data || \copy[0].core.walk_busy );
		if (owner != of_data && \copy[0].core.walk_busy )
			assert (other_same_q);
	end
	cover (watching && answered && differ && !waits_q);
	cover (watching && answered && differ && waits_q && of_data && copy[0].mem_req[1] == 1'b0
	       && !copy[0].data_answer[10]);
	cover (watching && answered && differ && waits_q && !of_data && !other_same_q && copy[0].fetch_answer[10]);
	cover (watching && copy[0].mem_req[0] && copy[0].mem_req[1] == (SVADU != 0) && differ && !other_same_q);
	cover (watching && waits_q && owner != of_data && \copy[0].core.walk_busy && differ);
end

endmodule

`default_nettype wire
