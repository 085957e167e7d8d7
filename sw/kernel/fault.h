/* Page faults: what the kernel does about an access that the MMU refused. */
#ifndef KERNEL_FAULT_H
#define KERNEL_FAULT_H

#include "space.h"
#include "trap.h"

enum fault_outcome {
	FAULT_RESOLVED,   /* repeat the access */
	FAULT_NO_MAPPING, /* the program has nothing there */
	FAULT_FORBIDDEN,  /* it has, but not for this access */
	FAULT_PHYSICAL,   /* physical memory refuses */
	FAULT_NO_MEMORY   /* there should be a page, but nothing to make it of */
};

enum fault_outcome fault_handle(struct space *s, const struct refusal *refusal);

#endif
