// What a port makes of a request as it accepts it, and holds until the answer: the
// masked address, where in its page the access lies, and the whole context. There are
// SLOTS places for requests under way; each stays in its own to the end.
//
//   cycle T    accept: va, translated, last_byte and the words are those of the request
//   cycle T+1  its slot holds it, until that is written again

`default_nettype none

module mmu_port_request #(
	parameter  int XLEN            = 64,
	parameter  int LEVELS          = 3,
	parameter  int W_ASID          = 16,  // at least 1
	parameter  int W_PA            = 56,
	parameter  int W_TAG           = 8,
	parameter  int POINTER_MASKING = 0,
	parameter  int SLOTS           = 1,
	localparam int W_SEG           = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN           = LEVELS * W_SEG,
	localparam int W_PPN           = (XLEN == 32) ? 22 : 44,
	localparam int W_CONTEXT       = W_VPN + W_PPN + 35
) (
	input  logic                       clk,

	// The slot that is written: with a bit, the request is accepted
	input  logic [SLOTS-1:0]           write,

	// As in mmu_port.sv
	input  logic [XLEN-1:0]            req_va,
	input  mmu_pkg::access_t           req_access,
	input  logic [5:0]                 req_size,
	input  logic [1:0]                 req_priv,
	input  logic                       req_sum,
	input  logic                       req_mxr,
	input  logic [W_TAG-1:0]           req_tag,
	input  logic [3:0]                 satp_mode,
	input  logic [W_ASID-1:0]          satp_asid,
	input  logic [W_PPN-1:0]           satp_ppn,
	input  logic                       adue,
	input  logic                       pbmte,
	input  logic                       sse,
	input  logic [1:0]                 pmm_m,
	input  logic [1:0]                 pmm_s,
	input  logic [1:0]                 pmm_u,
	input  logic                       segments,      // are on

	// Cycle T
	output logic [XLEN-1:0]            va,            // masked
	output logic                       translated,    // by page tables, unless a segment answers
	output logic [12:0]                last_byte,     // of the access, from the start of va's page
	output logic [9:0]                 first_word,    // in its page
	output logic [9:0]                 last_word,

	// The request in the slot whose the answer is, one bit
	input  logic [SLOTS-1:0]           told,
	output logic [XLEN-1:0]            va_q,
	output mmu_pkg::access_t           access_q,
	output logic [1:0]                 priv_q,
	output logic                       sum_q,
	output logic                       mxr_q,
	output logic                       adue_q,
	output logic                       pbmte_q,
	output logic                       sse_q,
	output logic [W_TAG-1:0]           tag_q,
	output logic                       translated_q,
	output logic                       noncanonical_q,
	output logic                       too_wide_q,
	output logic [9:0]                 first_word_q,
	output logic [9:0]                 last_word_q,

	// The page of the slot for which the TLB is filled or looked up again, one bit
	input  logic [SLOTS-1:0]           keyed,
	output logic [W_VPN-1:0]           key_vpn,
	output logic [W_ASID-1:0]          key_asid,
	output logic                       key_dirty,     // it is to be written, and hardware sets D

	// That of the slot which asks the L2
	input  logic [SLOTS-1:0]           asked,
	output logic [W_VPN-1:0]           ask_vpn,
	output logic [W_ASID-1:0]          ask_asid,
	output logic                       ask_dirty,

	// All slots'
	output logic [SLOTS*W_CONTEXT-1:0] walk_context,  // as mmu_walker.sv has it
	output logic [SLOTS*W_ASID-1:0]    walk_asid
);

localparam int W_HELD = W_TAG + XLEN + W_ASID + W_PPN + 38;
localparam int W_KEY  = W_VPN + W_ASID + 1;

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

// ----------------------------------------------------------------------------
// The slots

logic [SLOTS*W_HELD-1:0] held;
logic [SLOTS*W_KEY-1:0]  keys;

for (genvar s = 0; s < SLOTS; s++) begin : g_slot
	logic [W_HELD-1:0] held_q;
	logic [XLEN-1:0]   slot_va;
	logic [W_ASID-1:0] slot_asid;
	logic [W_PPN-1:0]  root;
	logic [3:0]        mode;
	logic [30:0]       rest;

	always_ff @(posedge clk)
		if (write[s])
			held_q <= {req_tag, translated, noncanonical, too_wide, va, satp_asid, satp_ppn, satp_mode,
			           req_access, req_priv, req_sum, req_mxr, adue, pbmte, sse, first_word, last_word};

	assign {slot_va, slot_asid, root, mode, rest} = held_q[W_HELD-W_TAG-4:0];

	assign held[s*W_HELD +: W_HELD]               = held_q;
	assign walk_context[s*W_CONTEXT +: W_CONTEXT] = {slot_va[12 +: W_VPN], root, mode, rest};
	assign walk_asid[s*W_ASID +: W_ASID]          = slot_asid;
	assign keys[s*W_KEY +: W_KEY]                 = {slot_va[12 +: W_VPN], slot_asid,
	                                                 rest[22] && mmu_pkg::acc_dirties(rest[30:27])};

	logic unused_ok;
	assign unused_ok = &{1'b0, slot_va};
end

// ----------------------------------------------------------------------------
// The one that counts

logic [W_HELD-1:0] chosen;
logic [W_KEY-1:0]  key, ask;

always_comb begin
	chosen = '0;
	key    = '0;
	ask    = '0;
	for (int s = 0; s < SLOTS; s++) begin
		chosen = chosen | (held[s*W_HELD +: W_HELD] & {W_HELD{SLOTS == 1 || told[s]}});
		key    = key | (keys[s*W_KEY +: W_KEY] & {W_KEY{SLOTS == 1 || keyed[s]}});
		ask    = ask | (keys[s*W_KEY +: W_KEY] & {W_KEY{SLOTS == 1 || asked[s]}});
	end
end

logic [W_ASID-1:0] asid_q;
logic [W_PPN-1:0]  root_q;
logic [3:0]        mode_q;

assign {tag_q, translated_q, noncanonical_q, too_wide_q, va_q, asid_q, root_q, mode_q, access_q, priv_q,
        sum_q, mxr_q, adue_q, pbmte_q, sse_q, first_word_q, last_word_q} = chosen;
assign {key_vpn, key_asid, key_dirty} = key;
assign {ask_vpn, ask_asid, ask_dirty} = ask;

// An answer needs neither root nor address space.
logic unused_ok;
assign unused_ok = &{1'b0, asid_q, root_q, mode_q, told, keyed, asked};

endmodule

`default_nettype wire
