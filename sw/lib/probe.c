/* Single accesses: the C side of probe.S. */
#include "console.h"
#include "context.h"
#include "machine.h"
#include "space.h"

extern char probe_page[];

#define KIND_1_2(kind) extern char probe_##kind##_1[], probe_##kind##_2[]
#define KIND_4_8(kind) extern char probe_##kind##_4[], probe_##kind##_8[]

KIND_1_2(load);
KIND_1_2(store);
KIND_4_8(load);
KIND_4_8(store);
KIND_4_8(lr);
KIND_4_8(sc);
KIND_4_8(amo);
KIND_4_8(ss_amo);
extern char probe_cbo_zero[], probe_cbo_flush[], probe_prefetch[], probe_ss_push[], probe_ss_pop[];

#if XLEN == 64
#define OF_8(kind) probe_##kind##_8
#else
#define OF_8(kind) NULL
#endif

/* By log2 of the length; NULL: none of that length. */
static const char *const code_of[][4] = {
    [ACC_LOAD] = {probe_load_1, probe_load_2, probe_load_4, OF_8(load)},
    [ACC_STORE] = {probe_store_1, probe_store_2, probe_store_4, OF_8(store)},
    [ACC_LR] = {NULL, NULL, probe_lr_4, OF_8(lr)},
    [ACC_SC] = {NULL, NULL, probe_sc_4, OF_8(sc)},
    [ACC_AMO] = {NULL, NULL, probe_amo_4, OF_8(amo)},
    [ACC_SS_AMO] = {NULL, NULL, probe_ss_amo_4, OF_8(ss_amo)},
};

/* Their length is not to be chosen. */
static const char *const fixed_code_of[] = {
    [ACC_CBO_ZERO] = probe_cbo_zero, [ACC_CBO_MANAGE] = probe_cbo_flush,
    [ACC_PREFETCH] = probe_prefetch, [ACC_SS_LOAD] = probe_ss_pop,
    [ACC_SS_STORE] = probe_ss_push,  [ACC_SS_AMO] = NULL,
};

static xword probe_code(const struct probe *p)
{
	unsigned bytes = p->bytes ? p->bytes : sizeof(xword);
	unsigned row = bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 3;
	const char *code = fixed_code_of[p->access];

	if (!code)
		code = code_of[p->access][row];

	if (!code) {
		printf("no probe of access %u of %u bytes\n", p->access, bytes);
		finish(1);
	}
	return (xword)code;
}

static void point_shadow_stack(const struct probe *p)
{
	if (p->access == ACC_SS_LOAD)
		csr_write(CSR_SSP, p->va);
	if (p->access == ACC_SS_STORE)
		csr_write(CSR_SSP, p->va + sizeof(xword));
}

struct outcome probe(const struct space *s, struct probe p)
{
	xword allow = (p.sum ? MSTATUS_SUM : 0) | (p.mxr ? MSTATUS_MXR : 0);
	struct context c = {
	    .priv = p.priv,
	    .pc = p.va,
	    .x = {[REG_RA] = p.value, [REG_A0] = p.va, [REG_A1] = p.value},
	};

	if (p.access != ACC_FETCH)
		c.pc = s->probe[p.priv] + (probe_code(&p) - (xword)probe_page);

	point_shadow_stack(&p);
	csr_set(mstatus, allow);
	machine_run(&c);
	csr_clear(mstatus, allow);

	struct outcome o = {
	    .done = c.cause == (p.priv == PRIV_U ? CAUSE_ECALL_U : CAUSE_ECALL_S),
	    .value = c.x[REG_A0],
	    .cause = c.cause,
	    .tval = c.tval,
	    .pc = c.pc,
	};

	if (!o.done && reason_exists())
		o.why = reason_read();
	return o;
}

void code_put(xword pa, unsigned value)
{
	volatile uint32_t *code = (volatile uint32_t *)pa;

	code[0] = 0x00000513 | value << 20; /* li a0, value */
	code[1] = 0x00000073;               /* ecall */
	fence_instructions();
}
