/*
 * A board with one hart: RAM, UART, CLINT, PLIC, virtio disk, test finisher and HTIF at the places
 * of QEMU's `virt`, and any MMU model between the hart and them. Runs a program until it ends, or
 * for a number of steps. A step is one instruction, or one trap.
 */
#ifndef ATLAS_MACHINE_H
#define ATLAS_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bus.h"
#include "hart.h"
#include "image.h"
#include "mmu.h"

enum outcome {
	OUTCOME_RUNNING,   /* not at its end */
	OUTCOME_PASS,      /* the program says that it passed */
	OUTCOME_FAIL,      /* the program says that it failed, with machine.code */
	OUTCOME_TRAP_LOOP, /* a trap that nothing handles: hart_print_trap_loop() */
	OUTCOME_HTIF,      /* wrote machine.code, which means nothing, to tohost */
	OUTCOME_MISMATCH,  /* the checker refused an answer of the MMU */
	OUTCOME_STUCK,     /* the MMU did not answer within MMU_PATIENCE cycles */
	OUTCOME_LOCKED,    /* asked for a reset, which PMP locks or mseccfg would withstand */
};

struct machine_options {
	struct mmu_options mmu;    /* but for .memory, which the machine fills in */
	uint64_t ram_bytes;        /* a multiple of 4096 */
	const struct image *image; /* fits, outlives the machine; NULL: RAM is all zero */
	void (*console)(void *ctx, uint8_t c); /* what the program prints; may be NULL */
	void *console_ctx;
	struct recorder *recorder; /* of what is translated; outlives the machine; NULL: none */
	const char *disk;          /* file behind the virtio disk; NULL: none */
	bool has_input;
	int input; /* file descriptor of what the UART receives */
};

struct machine {
	struct hart hart;
	struct bus bus;
	struct mmu *mmu;
	const struct image *image;
	struct disk *disk;
	uint64_t steps;
	uint64_t code;
};

/* A machine in reset, with its image loaded; the hart starts at the image's entry,
 * or at the start of RAM. NULL on failure, with one line in err. */
struct machine *machine_open(const struct machine_options *options, char *err, size_t err_size);
void machine_close(struct machine *m); /* NULL is fine */

/* Up to that many steps; fewer when it comes to an end. After any outcome but
 * OUTCOME_RUNNING it must not be called again. */
enum outcome machine_run(struct machine *m, uint64_t steps);

#endif
