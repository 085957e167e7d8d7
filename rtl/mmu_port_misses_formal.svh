// Properties of mmu_port_misses, included at its end under FORMAL with PROVE_MISSES;
// docs/formal.md says what they add up to. Assumed, and proved of mmu_port and mmu_core: what
// these do with it.

logic f_past = 1'b0;
always @(posedge clk) f_past <= 1'b1;

function automatic logic f_one(input logic [SLOTS-1:0] of);
	f_one = (of & (of - 1'b1)) == '0;
endfunction

// ----------------------------------------------------------------------------
// The port and the walkers, as they may be

logic [SLOTS-1:0] f_stands;   // asks for a walk since the cycle before, or longer

always @(posedge clk) begin
	assume (f_past || !rst_n);
	assume (!accept || (ready && !stopped));
	assume (!answers || fresh);
	assume (!answers || SLOTS != 1 || L2 != 0 || f_looked);
	assume (!fence || stopped);
	// A walk ends one miss at a time, in a cycle in which this port can be told; those for
	// the same page are told to look again.
	assume (f_one(walk_done) && (walk_done & ~f_stands) == '0);
	assume (walk_done == '0 || can_answer);
	assume ((walk_retry & ~(walk_valid & merges)) == '0 && (walk_retry & walk_done) == '0);
	assume (f_one(walk_answers) && (walk_done & ~walk_answers) == '0);
	// A fence comes when nothing is under way that is older (PROVE_CORE).
	assume (!fence || (!l2_busy && walk_done == '0 && walk_retry == '0));
	assume (!fence || (hold & busy) == busy);
end

always @(posedge clk) begin
	if (!rst_n)
		f_stands <= '0;
	else
		f_stands <= walk_valid & ~walk_done & ~walk_retry;
end

// ----------------------------------------------------------------------------
// A slot that the solver chooses, and what becomes of its request

(* anyconst *) logic [3:0] f_slot;
logic f_waits;     // it is to ask the L2,
logic f_look;      // or to be looked up again
always @(posedge clk) assume (f_slot < SLOTS);

logic f_owed;      // a request is in it, not answered
logic f_fenced;    // a fence was taken since
logic f_looked;    // it was looked up in the cycle before
logic f_asked_1, f_asked_2;  // the L2 took it one cycle ago, two

always @(posedge clk) begin
	if (!rst_n) begin
		f_owed    <= 1'b0;
		f_looked  <= 1'b0;
		f_asked_1 <= 1'b0;
		f_asked_2 <= 1'b0;
	end else begin
		f_owed    <= write[f_slot] || (f_owed && !answered[f_slot]);
		f_looked  <= write[f_slot] || (relook && relook_slot[f_slot]);
		f_asked_1 <= l2_valid && l2_ready && l2_slot[f_slot];
		f_asked_2 <= f_asked_1;
	end
	f_fenced <= !write[f_slot] && (fence || f_fenced);
end

always @(posedge clk) if (rst_n && f_past) begin
	// Each request is answered once, and its slot is written only when it is free
	assert (busy[f_slot] == f_owed);
	assert (!answered[f_slot] || f_owed);
	assert (!write[f_slot] || !f_owed || answered[f_slot]);
	assert (f_one(answered) && f_one(write) && f_one(told));
	assert ((write != '0) == accept);
	// The answer is that of the slot to which it counts, and comes from one place
	assert (answered == '0 || (told & answered) == answered);
	assert (!(fresh && (walk_done != '0 || by_l2)) || (SLOTS == 1 && L2 == 0));
	assert (!f_owed || f_fenced == fenced[f_slot]);
	// A hit is no older than a cycle
	assert (!(answers && told[f_slot]) || f_looked);
	assert (!f_looked || (fresh && told[f_slot]));
	// What is found again is no new request's
	assert (!relook || (f_owed || !relook_slot[f_slot]));
	assert (!(relook && (accept || stopped)));
	// Owed, it is looked up, asked or walked for, or to be looked up again: never forgotten
	if (f_owed && !f_looked && !(SLOTS == 1 && L2 == 0))
		assert (walk_valid[f_slot] || f_asked_1 || f_asked_2 || f_waits || f_look);
	// It waits for another's walk once only
	assert (!merges[f_slot] || !f_fenced || !f_owed);
	cover (answered[f_slot] && walk_done[f_slot] && f_fenced);
	cover (accept && answered != '0 && answers);
end

always @(posedge clk) if (rst_n && f_past && $past(rst_n)) begin
	// It asks for a walk until that is done or to be tried again
	if ($past(walk_valid[f_slot] && !walk_done[f_slot] && !walk_retry[f_slot]))
		assert (walk_valid[f_slot]);
	assert (!$past(walk_done[f_slot] || walk_retry[f_slot]) || !walk_valid[f_slot] || $past(SLOTS == 1 && L2 == 0));
	// A miss does so at once, unless the L2 is asked first
	if (f_looked && !answers && L2 == 0)
		assert (walk_valid[f_slot]);
end

// States that exist in some shapes only
if (SLOTS == 1 && L2 == 0) begin : g_f_plain
	assign f_waits = 1'b0;
	assign f_look  = 1'b0;

	always @(posedge clk) if (rst_n && f_past) begin
		cover (walk_done[f_slot] && $past(walk_valid[f_slot], 3));
	end
end else begin : g_f_slots
	assign f_look = g_slots.look_q[f_slot];

	always @(posedge clk) if (rst_n && f_past) begin
		assert (!g_slots.fresh_q || f_one(g_slots.at_q));
		assert ({3'd0, f_waits} + {3'd0, f_asked_1 && L2 != 0} + {3'd0, f_asked_2 && L2 != 0} + {3'd0, f_looked} + {3'd0, f_look}
		        + {3'd0, g_slots.walk_q[f_slot]} == {3'd0, f_owed});
		assert (!f_look || (f_owed && !walk_valid[f_slot] && !f_looked));
		assert (!g_slots.walk_q[f_slot] || (f_owed && !f_looked));
		assert (f_stands == g_slots.walk_q);
		assert (f_looked == (g_slots.fresh_q && g_slots.at_q[f_slot]));
		assert (!g_slots.fresh_q || (busy & g_slots.at_q) != '0);
		assert (((g_slots.look_q | walk_valid) & ~busy) == '0);
		assert ((g_slots.look_q & g_slots.walk_q) == '0);
		assert (!g_slots.fresh_q || (g_slots.at_q & (g_slots.look_q | g_slots.walk_q)) == '0);
		assert (!f_look || !merges[f_slot]);
		cover (relook && relook_slot[f_slot]);
		cover (SLOTS == 1 || (answers && again && told[f_slot] && walk_valid != '0));
		cover (SLOTS == 1 || (walk_valid == '1 && answers == 1'b0));
		cover (SLOTS == 1 || (answers && accept && (walk_valid | told) == '1));
	end
end

if (L2 == 0) begin : g_f_no_l2
	if (!(SLOTS == 1 && L2 == 0)) begin : g_f_waits
		assign f_waits = 1'b0;
	end
end else begin : g_f_l2
	assign f_waits = g_slots.g_l2.wait_q[f_slot];

	always @(posedge clk) if (rst_n && f_past) begin
		// It is asked of the L2 once, before a walk, and not after a fence
		assert (!(l2_valid && l2_slot[f_slot]) || (f_owed && !f_fenced && !hold[f_slot]));
		assert (!l2_valid || f_one(l2_slot));
		assert (f_asked_1 == g_slots.g_l2.first_q[f_slot] && f_asked_2 == g_slots.g_l2.second_q[f_slot]);
		assert (((g_slots.g_l2.wait_q | g_slots.g_l2.first_q | g_slots.g_l2.second_q) & ~busy) == '0);
		assert (((g_slots.g_l2.wait_q | g_slots.g_l2.first_q | g_slots.g_l2.second_q)
		         & (g_slots.look_q | g_slots.walk_q | (g_slots.at_q & {SLOTS{g_slots.fresh_q}}))) == '0);
		assert ((g_slots.g_l2.wait_q & (g_slots.g_l2.first_q | g_slots.g_l2.second_q)) == '0);
		assert ((g_slots.g_l2.first_q & g_slots.g_l2.second_q) == '0);
		assert (f_one(g_slots.g_l2.first_q) && f_one(g_slots.g_l2.second_q));
		assert ((g_slots.g_l2.first_q != '0 || g_slots.g_l2.second_q != '0) == l2_busy);
		// Two cycles later it is answered or walked for
		if (f_asked_2)
			assert (told[f_slot] && by_l2 && answered[f_slot] == l2_found && walk_valid[f_slot] == !l2_found);
		assert (!f_fenced || !(f_asked_1 || f_asked_2));
		cover (f_asked_2 && l2_found && (accept || SLOTS == 1));
		cover (f_waits && f_fenced && walk_valid[f_slot]);
		cover ((f_asked_1 && !f_asked_2 && by_l2) || SLOTS == 1);
	end
end
