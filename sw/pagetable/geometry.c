/* The modes: how an address is cut up, and what a PTE is made of. */
#include "pagetable.h"

static const struct geometry {
	const char *name;
	uint8_t levels;
	uint8_t index_bits; /* of each part of the virtual page number */
	uint8_t va_bits;
} geometry[PT_MODES] = {
    [PT_SV32] = {"sv32", 2, 10, 32},
    [PT_SV39] = {"sv39", 3, 9, 39},
    [PT_SV48] = {"sv48", 4, 9, 48},
    [PT_SV57] = {"sv57", 5, 9, 57},
};

const char *pt_mode_name(enum pt_mode mode)
{
	return geometry[mode].name;
}

unsigned pt_levels(enum pt_mode mode)
{
	return geometry[mode].levels;
}

unsigned pt_va_bits(enum pt_mode mode)
{
	return geometry[mode].va_bits;
}

uint64_t pt_page_size(enum pt_mode mode, unsigned level)
{
	return (uint64_t)4096 << (level * geometry[mode].index_bits);
}

unsigned pt_index(enum pt_mode mode, uint64_t va, unsigned level)
{
	unsigned mask = (1u << geometry[mode].index_bits) - 1;

	return (unsigned)(va >> (12 + level * geometry[mode].index_bits)) & mask;
}

bool pt_canonical(enum pt_mode mode, uint64_t va)
{
	if (mode == PT_SV32)
		return va >> 32 == 0;
	/* All bits above the address are copies of its top bit. */
	uint64_t top = va >> (geometry[mode].va_bits - 1);

	return top == 0 || top == UINT64_MAX >> (geometry[mode].va_bits - 1);
}

uint64_t pt_leaf(uint64_t pa, uint64_t flags)
{
	if (flags & PT_N) /* the size stands where the lowest bits of the address would */
		pa = (pa & ~(uint64_t)(PT_NAPOT_BYTES - 1)) | NAPOT_64K << 12;
	return pa >> 12 << PTE_PPN | flags | 1u << PTE_V;
}

uint64_t pt_pointer(uint64_t table_pa)
{
	return pt_leaf(table_pa, 0);
}

uint64_t pt_pte_address(uint64_t pte)
{
	uint64_t ppn = (pte & (((uint64_t)1 << PTE_RESERVED) - 1)) >> PTE_PPN;
	uint64_t pa = ppn << 12;

	return pte & PT_N ? pa & ~(uint64_t)(PT_NAPOT_BYTES - 1) : pa;
}

uint64_t pt_satp(const struct pt *pt, unsigned asid)
{
	static const uint8_t satp_mode[PT_MODES] = {
	    [PT_SV32] = SATP_SV32,
	    [PT_SV39] = SATP_SV39,
	    [PT_SV48] = SATP_SV48,
	    [PT_SV57] = SATP_SV57,
	};
	uint64_t ppn = pt->root >> 12, mode = satp_mode[pt->mode];

	if (pt->mode == PT_SV32)
		return mode << 31 | (uint64_t)(asid & 0x1ff) << 22 | ppn;
	return mode << 60 | (uint64_t)(asid & 0xffff) << 44 | ppn;
}

const char *pt_result_name(enum pt_result result)
{
	static const char *const name[] = {
	    [PT_OK] = "ok",
	    [PT_BAD_ADDRESS] = "bad address",
	    [PT_BAD_FLAGS] = "bad flags",
	    [PT_BAD_LEVEL] = "bad level",
	    [PT_MISALIGNED] = "misaligned",
	    [PT_TOO_WIDE] = "too wide",
	    [PT_OVERLAP] = "overlap",
	    [PT_NOT_MAPPED] = "not mapped",
	    [PT_WOULD_SPLIT] = "would split a page",
	    [PT_ROOT_ONLY] = "only root leaves",
	    [PT_NO_MEMORY] = "no memory",
	    [PT_NO_TABLE] = "no table",
	};

	return result < sizeof name / sizeof name[0] ? name[result] : "?";
}

unsigned pt_reason_class(unsigned reason)
{
	return reason >> 4;
}

const char *pt_reason_name(unsigned reason)
{
	switch (reason) {
#define CASE(number, text)                                                                         \
	case number:                                                                               \
		return text;
		MMU_REASONS(CASE)
#undef CASE
	default:
		return "?";
	}
}
