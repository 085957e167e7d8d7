#include "machine.h"

#include <stdio.h>
#include <stdlib.h>

#include "record.h"

/* How many steps may pass between two looks at the checker. */
#define MISMATCH_INTERVAL 256
/* The same between two looks of the devices at the world. A power of two. */
#define POLL_INTERVAL 256

static uint64_t start_address(const struct image *image)
{
	return image ? image->entry : RAM_BASE;
}

/*
 * Brings the MMU's registers to their reset values by writing them. pmpcfg comes
 * before mseccfg, while RLB may still open locks. False when a lock or a sticky bit
 * withstands: only a new model forgets those.
 */
static bool reset_registers(struct mmu *mmu)
{
	static const uint16_t others[] = {CSR_MSECCFG,  CSR_MSECCFGH, CSR_MENVCFG,
					  CSR_MENVCFGH, CSR_SENVCFG,  CSR_SATP};
	uint64_t left = 0;

	for (unsigned i = 0; i < 16; i++)
		mmu_csr_write(mmu, CSR_PMPCFG0 + i, 0);
	for (unsigned i = 0; i < 64; i++)
		mmu_csr_write(mmu, CSR_PMPADDR0 + i, 0);
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		mmu_csr_write(mmu, others[i], 0);
	for (unsigned i = 0; i < 16; i++)
		left |= mmu_csr_read(mmu, CSR_PMPCFG0 + i);
	return (left | mmu_csr_read(mmu, CSR_MSECCFG)) == 0;
}

static void reset_hart(struct machine *m)
{
	hart_reset(&m->hart, m->mmu, &m->bus, start_address(m->image));
	m->hart.x[10] = 0; /* a0: hart number; a1: no device tree */
	clint_reset(&m->bus.clint, &m->hart.csr.mip);
	uart_reset(&m->bus.uart);
	virtio_blk_reset(&m->bus.virtio);
	plic_reset(&m->bus.plic, &m->hart.csr.external);
}

/* As a board after its reset line: RAM keeps what the image does not overwrite. */
static enum outcome reset_machine(struct machine *m)
{
	const struct mmu_fence everything = {.rs1_x0 = true, .rs2_x0 = true};
	uint64_t instret = m->hart.instret, traps = m->hart.traps;
	struct recorder *recorder = m->hart.recorder;
	struct memory_fault fault = m->hart.fault;

	m->bus.finisher = (struct finisher){0};
	if (!reset_registers(m->mmu))
		return OUTCOME_LOCKED;
	if (!mmu_fence(m->mmu, &everything))
		return OUTCOME_STUCK;
	if (m->image)
		image_load(m->image, &m->bus);
	reset_hart(m);
	m->hart.instret = instret;
	m->hart.traps = traps;
	m->hart.fault = fault;
	m->hart.recorder = recorder;
	recorder_fence(recorder, &everything);
	recorder_registers(recorder, &m->hart);
	return OUTCOME_RUNNING;
}

struct machine *machine_open(const struct machine_options *options, char *err, size_t err_size)
{
	struct mmu_options mmu = options->mmu;
	struct machine *m = calloc(1, sizeof(*m));

	if (!m || !bus_init(&m->bus, options->ram_bytes)) {
		snprintf(err, err_size, "no memory for %llu MiB of RAM; give less with --memory",
			 (unsigned long long)options->ram_bytes >> 20);
		free(m);
		return NULL;
	}
	m->bus.uart.send = options->console;
	m->bus.uart.ctx = options->console_ctx;
	m->bus.uart.receives = options->has_input;
	m->bus.uart.input = options->input;
	if (options->disk) {
		m->disk = disk_open(options->disk, err, err_size);
		if (!m->disk) {
			machine_close(m);
			return NULL;
		}
		m->bus.virtio.disk = m->disk;
	}
	m->image = options->image;
	if (m->image)
		image_load(m->image, &m->bus);

	mmu.memory =
	    (struct mmu_memory){.ctx = &m->bus, .read = bus_read_pte, .swap = bus_swap_pte};
	m->mmu = mmu_open(&mmu, err, err_size);
	if (!m->mmu) {
		machine_close(m);
		return NULL;
	}
	m->bus.mmu = m->mmu;
	reset_hart(m);
	m->hart.recorder = options->recorder;
	return m;
}

void machine_close(struct machine *m)
{
	if (!m)
		return;
	mmu_close(m->mmu);
	disk_close(m->disk);
	bus_free(&m->bus);
	free(m);
}

static bool mismatched(const struct machine *m)
{
	struct mmu_counts counts;

	mmu_counts(m->mmu, &counts);
	return counts.mismatches != 0;
}

/* A hart that waits sleeps until a timer wakes it, unless a device has. */
static void wait_for_interrupt(struct machine *m)
{
	const struct csrs *c = &m->hart.csr;

	m->hart.waiting = false;
	bus_poll(&m->bus);
	if (!((c->mip | c->external) & c->mie))
		clint_skip(&m->bus.clint, c->mie);
}

static enum outcome finished(struct machine *m)
{
	switch (m->bus.finisher.asked) {
	case FINISH_PASS:
		return OUTCOME_PASS;
	case FINISH_FAIL:
		m->code = m->bus.finisher.code;
		return OUTCOME_FAIL;
	case FINISH_RESET:
		return reset_machine(m);
	case FINISH_NONE:
		break;
	}
	m->code = m->bus.htif.code;
	switch (m->bus.htif.state) {
	case HTIF_PASS:
		return OUTCOME_PASS;
	case HTIF_FAIL:
		return OUTCOME_FAIL;
	case HTIF_UNKNOWN:
		return OUTCOME_HTIF;
	case HTIF_QUIET:
		break;
	}
	return m->hart.stop == HART_MMU_STUCK ? OUTCOME_STUCK : OUTCOME_TRAP_LOOP;
}

static bool needs_attention(const struct machine *m)
{
	return m->hart.stop != HART_RUNS || m->bus.finisher.asked != FINISH_NONE ||
	       m->bus.htif.state != HTIF_QUIET;
}

static enum outcome run_unchecked(struct machine *m, uint64_t steps)
{
	enum outcome outcome;

	while (steps--) {
		clint_tick(&m->bus.clint);
		hart_step(&m->hart);
		if (++m->steps % POLL_INTERVAL == 0)
			bus_poll(&m->bus);
		if (m->hart.waiting)
			wait_for_interrupt(m);
		if (needs_attention(m)) {
			outcome = finished(m);
			if (outcome != OUTCOME_RUNNING)
				return outcome;
		}
	}
	return OUTCOME_RUNNING;
}

enum outcome machine_run(struct machine *m, uint64_t steps)
{
	while (steps) {
		uint64_t part = steps < MISMATCH_INTERVAL ? steps : MISMATCH_INTERVAL;
		enum outcome outcome = run_unchecked(m, part);

		/* A wrong answer may well have sent the program astray: it comes first. */
		if (mismatched(m))
			return OUTCOME_MISMATCH;
		if (outcome != OUTCOME_RUNNING)
			return outcome;
		steps -= part;
	}
	return OUTCOME_RUNNING;
}
