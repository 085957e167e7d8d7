/*
 * Why the MMU refused an access, as the hardware tells it: the reason register,
 * behind Sscsrind. It is ours, so other machines do not have it.
 */
#ifndef LIB_REASON_H
#define LIB_REASON_H

#include <stdbool.h>

struct reason {
	unsigned reason; /* REASON_* */
	unsigned level;  /* of the PTE that decided, or LEVEL_NONE */
	bool pte;        /* the fault arose on the read of that PTE */
};

/* Looks whether the register exists; once, in M-mode, before the others. */
void reason_probe(void);
bool reason_exists(void);

/* Of the last trap that the MMU caused. Only where it exists; M- or S-mode. */
struct reason reason_read(void);

#endif
