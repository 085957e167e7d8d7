// What a port makes of a request as it accepts it, and holds until the answer: the
// masked address, where in its page the access lies, and the whole context.
//
//   cycle T    accept: va, translated, last_byte and the words are those of the request
//   cycle T+1  what ends in _q, until the next accept

`default_nettype none

module mmu_port_request #(
	parameter  int XLEN            = 64,
	parameter  int LEVELS          = 3,
	parameter  int W_ASID          = 16,  // at least 1
	parameter  int W_PA            = 56,
	parameter  int W_TAG           = 8,
	parameter  int POINTER_MASKING = 0,
	localparam int W_SEG           = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN           = LEVELS * W_SEG,
	localparam int W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int W_CONTEXT       = W_VPN + W_PPN + 35
) (
	input  logic                 clk,

	// As in mmu_port.sv
	input  logic                 accept,
	input  logic [XLEN-1:0]      req_va,
	input  mmu_pkg::access_t     req_access,
	input  logic [5:0]           req_size,
	input  logic [1:0]           req_priv,
	input  logic                 req_sum,
	input  logic                 req_mxr,
	input  logic [W_TAG-1:0]     req_tag,
	input  logic [3:0]           satp_mode,
	input  logic [W_ASID-1:0]    satp_asid,
	input  logic [W_PPN-1:0]     satp_ppn,
	input  logic                 adue,
	input  logic                 pbmte,
	input  logic                 sse,
	input  logic [1:0]           pmm_m,
	input  logic [1:0]           pmm_s,
	input  logic [1:0]           pmm_u,
	input  logic                 segments,      // are on

	// Cycle T
	output logic [XLEN-1:0]      va,            // masked
	output logic                 translated,    // by page tables, unless a segment answers
	output logic [12:0]          last_byte,     // of the access, from the start of va's page
	output logic [9:0]           first_word,    // in its page
	output logic [9:0]           last_word,

	// Cycle T+1
	output logic [XLEN-1:0]      va_q,
	output mmu_pkg::access_t     access_q,
	output logic [1:0]           priv_q,
	output logic                 sum_q,
	output logic                 mxr_q,
	output logic                 adue_q,
	output logic                 pbmte_q,
	output logic                 sse_q,
	output logic [W_TAG-1:0]     tag_q,
	output logic [W_ASID-1:0]    asid_q,
	output logic                 translated_q,
	output logic                 noncanonical_q,
	output logic                 too_wide_q,
	output logic [9:0]           first_word_q,
	output logic [9:0]           last_word_q,
	output logic [W_CONTEXT-1:0] walk_context   // as mmu_walker.sv has it
);

logic noncanonical, too_wide;
logic is_block;

mmu_va #(
	.XLEN (XLEN), .LEVELS (LEVELS), .W_PA (W_PA), .POINTER_MASKING (POINTER_MASKING)
) judge_va (
	.req_va, .access (req_access), .priv (req_priv), .mxr (req_mxr), .mode (satp_mode), .segments,
	.pmm_m, .pmm_s, .pmm_u,
	.va, .translated, .noncanonical, .too_wide
);

assign is_block   = req_access == mmu_pkg::ACC_CBO_ZERO || req_access == mmu_pkg::ACC_CBO_MANAGE
                 || req_access == mmu_pkg::ACC_PREFETCH;
assign last_byte  = is_block ? {1'b0, va[11:6], 6'h3f} : {1'b0, va[11:0]} + {7'd0, req_size};
assign first_word = is_block ? {va[11:6], 4'h0} : va[11:2];
assign last_word  = last_byte[11:2];

logic [3:0]       mode_q;
logic [W_PPN-1:0] root_q;

always_ff @(posedge clk) begin
	if (accept) begin
		va_q           <= va;
		access_q       <= req_access;
		priv_q         <= req_priv;
		sum_q          <= req_sum;
		mxr_q          <= req_mxr;
		adue_q         <= adue;
		pbmte_q        <= pbmte;
		sse_q          <= sse;
		tag_q          <= req_tag;
		mode_q         <= satp_mode;
		asid_q         <= satp_asid;
		root_q         <= satp_ppn;
		translated_q   <= translated;
		noncanonical_q <= noncanonical;
		too_wide_q     <= too_wide;
		first_word_q   <= first_word;
		last_word_q    <= last_word;
	end
end

assign walk_context = {va_q[12 +: W_VPN], root_q, mode_q, access_q, priv_q, sum_q, mxr_q,
                       adue_q, pbmte_q, sse_q, first_word_q, last_word_q};

endmodule

`default_nettype wire
