#include "reason.h"

#include "context.h"
#include "csr.h"

#define SELECT_CUSTOM (1ul << (XLEN - 1))

static bool exists;

static xword read_register(void)
{
	csr_write(CSR_SISELECT, SELECT_CUSTOM + SISELECT_REASON);
	return csr_read(CSR_SIREG);
}

void reason_probe(void)
{
	catch_begin();
	read_register();
	exists = !catch_end().taken;
}

bool reason_exists(void)
{
	return exists;
}

struct reason reason_read(void)
{
	xword value = read_register();

	return (struct reason){
	    .reason = value >> SIREG_REASON & 0x3f,
	    .level = value >> SIREG_LEVEL & 7,
	    .pte = value >> SIREG_PTE & 1,
	};
}
