// Refuses parameters that are out of range: one line that names the parameter, its
// value and its range, then the end of elaboration or simulation.

`default_nettype none

module mmu_check #(
	parameter int XLEN            = 64,
	parameter int LEVELS          = 3,
	parameter int W_ASID          = 16,
	parameter int W_PA            = 56,
	parameter int PMP_ENTRIES     = 8,
	parameter int PMP_GRAIN       = 0,
	parameter int SVADU           = 0,
	parameter int SVNAPOT         = 0,
	parameter int SVPBMT          = 0,
	parameter int SVRSW60T59B     = 0,
	parameter int POINTER_MASKING = 0,
	parameter int ZICFISS         = 0,
	parameter int SMEPMP          = 0,
	parameter int SEGMENTS        = 0,
	parameter int WALKERS         = 1,
	parameter int WALK_CACHE      = 0,
	parameter int MISSES          = 1,
	parameter int HIT_UNDER_MISS  = 0,
	parameter int L2_ENTRIES      = 0,
	parameter int L2_WAYS         = 1,
	parameter int L2_LARGE        = 0,
	parameter int L2_PARITY       = 0,
	parameter int PMA_REGIONS     = 1,
	parameter logic [PMA_REGIONS*64-1:0] PMA = {PMA_REGIONS{64'hff1f_ffff_ffff_ffff}},
	parameter int W_TAG           = 8,
	parameter int W_MEM_TAG       = 2
) ();

initial begin
	if (XLEN != 32 && XLEN != 64)
		$fatal(1, "mmu: XLEN is %0d; it must be 32 or 64", XLEN);
	if (XLEN == 32 ? LEVELS != 2 : (LEVELS < 3 || LEVELS > 5))
		$fatal(1, "mmu: LEVELS is %0d; it must be 2 with XLEN=32, else 3 to 5", LEVELS);
	if (W_ASID < 0 || W_ASID > (XLEN == 32 ? 9 : 16))
		$fatal(1, "mmu: W_ASID is %0d; it must be 0 to 9 with XLEN=32, else 0 to 16", W_ASID);
	if (W_PA < 32 || W_PA > (XLEN == 32 ? 34 : 56))
		$fatal(1, "mmu: W_PA is %0d; it must be 32 to 34 with XLEN=32, else 32 to 56", W_PA);
	if (PMP_ENTRIES < 0 || PMP_ENTRIES > 64)
		$fatal(1, "mmu: PMP_ENTRIES is %0d; it must be 0 to 64", PMP_ENTRIES);
	if (PMP_GRAIN < 0 || PMP_GRAIN > 10)
		$fatal(1, "mmu: PMP_GRAIN is %0d; it must be 0 to 10", PMP_GRAIN);
	if (SEGMENTS < 0 || SEGMENTS > 16)
		$fatal(1, "mmu: SEGMENTS is %0d; it must be 0 to 16", SEGMENTS);
	if (MISSES < 1 || MISSES > 8)
		$fatal(1, "mmu: MISSES is %0d; it must be 1 to 8", MISSES);
	if (HIT_UNDER_MISS < 0 || HIT_UNDER_MISS > 1)
		$fatal(1, "mmu: HIT_UNDER_MISS is %0d; it must be 0 or 1", HIT_UNDER_MISS);
	if (L2_ENTRIES != 0 && (L2_ENTRIES < 64 || L2_ENTRIES > 4096))
		$fatal(1, "mmu: L2_ENTRIES is %0d; it must be 0 or 64 to 4096", L2_ENTRIES);
	if (L2_WAYS < 1 || L2_WAYS > 8)
		$fatal(1, "mmu: L2_WAYS is %0d; it must be 1 to 8", L2_WAYS);
	if (L2_ENTRIES % L2_WAYS != 0 || ((L2_ENTRIES / L2_WAYS) & (L2_ENTRIES / L2_WAYS - 1)) != 0)
		$fatal(1, "mmu: L2_ENTRIES is %0d with L2_WAYS=%0d; it must be L2_WAYS times a power of two", L2_ENTRIES,
		       L2_WAYS);
	if (L2_ENTRIES == 0 ? L2_LARGE != 0 : (L2_LARGE < 1 || L2_LARGE > 64))
		$fatal(1, "mmu: L2_LARGE is %0d; it must be 1 to 64 with an L2, else 0", L2_LARGE);
	if (L2_PARITY < 0 || L2_PARITY > (L2_ENTRIES == 0 ? 0 : 1))
		$fatal(1, "mmu: L2_PARITY is %0d; it must be 0, or 1 with an L2", L2_PARITY);
	if (PMA_REGIONS < 1 || PMA_REGIONS > 16)
		$fatal(1, "mmu: PMA_REGIONS is %0d; it must be 1 to 16", PMA_REGIONS);
	// The address is coded as in a NAPOT pmpaddr: nine trailing ones are 4 KiB.
	for (int r = 0; r < PMA_REGIONS; r++)
		if (PMA[64*r +: 9] != 9'h1ff || PMA[64*r + 54 +: 2] != 2'b00)
			$fatal(1, "mmu: region %0d of PMA is %h; bits 8:0 must be ones (at least 4 KiB) and 55:54 zeros",
			       r, PMA[64*r +: 64]);
	if (XLEN == 32 && (SVNAPOT != 0 || SVPBMT != 0 || SVRSW60T59B != 0 || POINTER_MASKING != 0))
		$fatal(1, "mmu: SVNAPOT, SVPBMT, SVRSW60T59B and POINTER_MASKING must be 0 with XLEN=32");
	if (SMEPMP != 0 && PMP_ENTRIES == 0)
		$fatal(1, "mmu: SMEPMP is %0d; it must be 0 with PMP_ENTRIES=0", SMEPMP);
	if ((SVADU | SVNAPOT | SVPBMT | SVRSW60T59B | POINTER_MASKING | ZICFISS | SMEPMP) > 1)
		$fatal(1, "mmu: SVADU, SVNAPOT, SVPBMT, SVRSW60T59B, POINTER_MASKING, ZICFISS and SMEPMP must be 0 or 1");
	if (WALKERS < 1 || WALKERS > 8)
		$fatal(1, "mmu: WALKERS is %0d; it must be 1 to 8", WALKERS);
	if (WALK_CACHE < 0 || WALK_CACHE > 64)
		$fatal(1, "mmu: WALK_CACHE is %0d; it must be 0 to 64", WALK_CACHE);
	if (W_TAG < 1)
		$fatal(1, "mmu: W_TAG is %0d; it must be at least 1", W_TAG);
	if (W_MEM_TAG < 1 + $clog2(WALKERS))
		$fatal(1, "mmu: W_MEM_TAG is %0d; it must be at least %0d with WALKERS=%0d", W_MEM_TAG,
		       1 + $clog2(WALKERS), WALKERS);
end

endmodule

`default_nettype wire
