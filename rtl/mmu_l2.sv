// The second TLB, shared by the ports: a set-associative array in memories for leaves of
// 4 KiB, and a fully associative TLB (mmu_tlb) beside it for all larger ones. Both are
// looked up at once; if both hold the page, the larger leaf answers.
//
//   cycle T    look granted, or else a fill, or else a sweep: the set is read
//   cycle T+1  compared, chosen
//   cycle T+2  a look's answer stands; what is to change in the set is written
//
// What a caller may rely on:
// - A look-up that is granted is answered two cycles later; one a cycle may be. Only a
//   fence, and for three cycles more the set of one by address, hold look-ups up.
// - What answers was filled for that page and address space, or as global, and not dropped
//   since; an entry whose parity is wrong never answers.
// - A fence takes effect at the end of its cycle and drops exactly what its key says; clear
//   drops everything, and look-ups in their first two cycles find nothing.
// - A fill may be dropped: performance only.
//
// Fences by ASID, and clear, leave their work to mmu_l2_sweep.

`default_nettype none
`include "mmu_assert.svh"

module mmu_l2 #(
	parameter  int XLEN     = 64,
	parameter  int LEVELS   = 3,
	parameter  int W_ASID   = 16,    // at least 1
	parameter  int W_DATA   = 63,    // of what an entry carries for its user
	parameter  int DIRTY    = 18,    // which bit of it says that the page may be written,
	parameter  int GLOBAL   = 16,    // and which that it is of every address space
	parameter  int ENTRIES  = 1024,  // of 4 KiB
	parameter  int WAYS     = 4,     // ENTRIES/WAYS is a power of two
	parameter  int LARGE    = 16,    // entries of larger leaves
	parameter  int PARITY   = 0,
	parameter  int PREFETCH = 0,     // entries may be prefetched
	localparam int W_SEG    = (XLEN == 32) ? 10 : 9,
	localparam int W_VPN    = LEVELS * W_SEG
) (
	input  logic                       clk,
	input  logic                       rst_n,

	// Look-ups: port p's from bit p*W_VPN and p*W_ASID on
	input  logic [1:0]                 look_valid,
	output logic [1:0]                 look_ready,
	input  logic [2*W_VPN-1:0]         look_vpn,
	input  logic [2*W_ASID-1:0]        look_asid,
	input  logic [1:0]                 look_dirty,      // an entry whose bit DIRTY is clear is none

	// The answer, two cycles later
	output logic                       found,
	output logic [LEVELS-1:0]          found_size,      // as in mmu_tlb.sv; zero: 4 KiB
	output logic [W_DATA-1:0]          found_data,

	// A leaf to keep
	input  logic                       fill_valid,
	input  logic [W_VPN-1:0]           fill_vpn,
	input  logic [W_ASID-1:0]          fill_asid,
	input  logic [LEVELS-1:0]          fill_size,
	input  logic [W_DATA-1:0]          fill_data,
	input  logic                       fill_prefetched,

	// Fence: one cycle, only while fence_ready, with no look-up under way and no fill
	input  logic                       fence,
	output logic                       fence_ready,     // for this key
	input  logic [W_VPN-1:0]           fence_vpn,
	input  logic                       fence_any_va,
	input  logic [W_ASID-1:0]          fence_asid,
	input  logic                       fence_any_asid,  // if not, global entries stay
	input  logic                       clear,           // at any time

	// To test parity: bit flip_bit of the next entry of 4 KiB is written wrong
	input  logic                       flip,
	input  logic [7:0]                 flip_bit,

	output logic [mmu_pkg::EVENTS_L2-1:0] events
);

localparam int SETS    = ENTRIES / WAYS;
localparam int W_SET   = $clog2(SETS);
localparam int W_ENTRY = 1 + LEVELS + W_ASID + W_VPN + W_DATA;

`ifdef PROVE_L2
`include "mmu_l2_shadow_formal.svh"
`endif

// ----------------------------------------------------------------------------
// Fills wait until no look-up comes; a larger leaf then goes to the TLB beside

logic              queue_full, queue_valid, queue_take;
logic              head_prefetched;
logic [LEVELS-1:0] head_size;
logic [W_ASID-1:0] head_asid;
logic [W_VPN-1:0]  head_vpn;
logic [W_DATA-1:0] head_data;

mmu_l2_queue #(
	.WIDTH (W_ENTRY)
) queue (
	.clk, .rst_n, .clear, .put (fill_valid),
	.put_entry ({fill_prefetched, fill_size, fill_asid, fill_vpn, fill_data}),
	.full (queue_full), .valid (queue_valid),
	.entry ({head_prefetched, head_size, head_asid, head_vpn, head_data}), .take (queue_take)
);

// ----------------------------------------------------------------------------
// One operation a cycle. A fill waits for the one before it, so that it sees what that
// one wrote, and is given up if its set is not swept.

logic              idle, look, fill, fence_set, sweep;
logic [W_VPN-1:0]  fence_vpn_q;
logic [W_ASID-1:0] fence_asid_q;
logic              fence_all_q;
logic [W_VPN-1:0]  vpn;
logic [W_ASID-1:0] asid;
logic              dirty;
logic              last_q;                                // port that had a look-up last
logic              choose;
logic              filling, fill_done, writing, fencing;
logic              busy_look, busy_fence, busy_sweep, fence_done, sweep_done;
logic              room, unswept, covers_all, covers_asid, sweep_wanted, sweep_all;
logic [W_SET-1:0]  sweep_set;
logic [W_ASID-1:0] sweep_asid;
logic [1:0]        sweeps;                                // under way
logic              fill_large, fill_given_up, fill_read;

assign fencing     = fence_set || busy_fence || fence_done;
assign choose      = look_valid[1] && (!look_valid[0] || !last_q);
assign look_ready  = {2{!fence && !fencing}} & {choose, !choose};
assign fence_ready = !queue_valid && !fencing && !busy_look && (!fence_any_va || fence_any_asid || room);

assign idle  = !fence && !fencing && look_valid == '0;
assign look  = !fence && !fencing && look_valid != '0;
assign fill  = idle && queue_valid && !filling && !writing;
assign sweep = idle && (!queue_valid || filling) && sweep_wanted && (!writing || sweep_done);

// The set of a fence by address is read when nothing is written any more.
always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		fence_set <= 1'b0;
	else
		fence_set <= fence && !fence_any_va && !clear;
end

always_ff @(posedge clk) begin
	fence_vpn_q  <= fence_vpn;
	fence_asid_q <= fence_asid;
	fence_all_q  <= fence_any_asid;
end

always_comb begin
	vpn  = choose ? look_vpn[W_VPN +: W_VPN] : look_vpn[0 +: W_VPN];
	asid = choose ? look_asid[W_ASID +: W_ASID] : look_asid[0 +: W_ASID];
	if (fence_set) begin
		vpn  = fence_vpn_q;
		asid = fence_asid_q;
	end else if (fill) begin
		vpn  = head_vpn;
		asid = head_asid;
	end else if (sweep) begin
		vpn            = '0;
		vpn[W_SET-1:0] = sweep_set;
		asid           = sweep_asid;
	end
end

assign dirty         = look && (choose ? look_dirty[1] : look_dirty[0]);
assign fill_large    = fill && head_size != '0;
assign fill_given_up = fill && !fill_large && unswept;
assign fill_read     = fill && !fill_large && !unswept;
assign queue_take    = fill_large || fill_given_up || fill_done;

assign sweeps        = {1'b0, busy_sweep} + {1'b0, sweep_done};

always_ff @(posedge clk or negedge rst_n) begin
	if (!rst_n)
		last_q <= 1'b0;
	else if (look)
		last_q <= choose;
end

mmu_l2_sweep #(
	.SETS (SETS), .W_ASID (W_ASID)
) sweeper (
	.clk, .rst_n,
`ifdef PROVE_L2
	.f_set (f_vpn[W_SET-1:0]), .f_asid, .f_covers_all, .f_covers_asid, .f_covers_any, .f_left,
`endif
	.drop_all (clear || (fence && fence_any_va && fence_any_asid)),
	.drop_asid (fence && fence_any_va && !fence_any_asid), .asid (fence_asid), .room,
	.set (vpn[W_SET-1:0]), .set_asid (asid), .unswept, .covers_all, .covers_asid,
	.ahead (sweeps), .wanted (sweep_wanted),
	.next_set (sweep_set), .next_all (sweep_all), .next_asid (sweep_asid), .done (sweep_done)
);

// ----------------------------------------------------------------------------
// Larger leaves

logic              large_hit;
logic [LEVELS-1:0] large_size;
logic [W_DATA-1:0] large_data;

mmu_l2_large #(
	.ENTRIES (LARGE), .XLEN (XLEN), .LEVELS (LEVELS), .W_ASID (W_ASID), .W_DATA (W_DATA), .DIRTY (DIRTY), .GLOBAL (GLOBAL)
) larger (
	.clk, .rst_n,
	.look, .fill (fill_large), .fence, .vpn (fence ? fence_vpn : vpn), .asid (fence ? fence_asid : asid), .dirty,
	.any_va (fence_any_va), .any_asid (fence_any_asid), .clear, .fill_size (head_size), .fill_data (head_data),
	.hit (large_hit), .size (large_size), .data (large_data)
);

// ----------------------------------------------------------------------------
// Leaves of 4 KiB

logic [mmu_pkg::EVENTS_L2-1:0] array_events;

mmu_l2_array #(
	.LEVELS (LEVELS), .W_ASID (W_ASID), .W_VPN (W_VPN), .W_DATA (W_DATA), .DIRTY (DIRTY), .GLOBAL (GLOBAL),
	.SETS (SETS), .WAYS (WAYS), .PARITY (PARITY), .PREFETCH (PREFETCH)
) array (
	.clk, .rst_n,
`ifdef PROVE_L2
	.f_vpn, .f_asid, .f_known, .f_data, .f_covers_all, .f_covers_asid, .f_covers_any, .f_left, .f_sweep_all (sweep_all),
	.f_sweep_asid (sweep_asid), .f_head_vpn (head_vpn), .f_head_asid (head_asid), .f_fence_all (fence_all_q),
`endif
	.look, .fill (fill_read), .fence (fence_set), .sweep, .vpn, .asid, .dirty,
	.all (fence_set ? fence_all_q : sweep_all), .covered (covers_all), .covered_asid (covers_asid),
	.drop (clear || fence), .clear,
	.fill_data (head_data), .fill_prefetched (head_prefetched), .filling, .fill_done, .writing,
	.large_hit, .large_size, .large_data,
	.found, .found_size, .found_data, .fence_done, .sweep_done,
	.busy_look, .busy_fence, .busy_sweep,
	.flip, .flip_bit, .events (array_events)
);

always_comb begin
	events = array_events;
	events[mmu_pkg::EVENT_L2_FILLS]         = array_events[mmu_pkg::EVENT_L2_FILLS] || fill_large;
	events[mmu_pkg::EVENT_L2_FILLS_DROPPED] = fill_given_up || (fill_valid && queue_full && !clear);
	events[mmu_pkg::EVENT_L2_WAITS]         = (look_valid & ~look_ready) != '0;
end

`MMU_ASSERT(fence_when_ready, !fence || (fence_ready && look_valid == '0))
`ifdef PROVE_L2
`include "mmu_l2_formal.svh"
`endif

endmodule

`default_nettype wire
