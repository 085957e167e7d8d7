/* The test finisher: a program ends its run by one write. Aligned accesses of 2
 * or 4 bytes; it reads zero. */
#ifndef ATLAS_FINISHER_H
#define ATLAS_FINISHER_H

#include <stdbool.h>
#include <stdint.h>

#define FINISHER_BASE  0x00100000ull
#define FINISHER_BYTES 0x1000ull

enum finish { FINISH_NONE, FINISH_PASS, FINISH_FAIL, FINISH_RESET };

struct finisher {
	enum finish asked; /* FINISH_NONE until the program asks */
	uint32_t code;     /* of FINISH_FAIL */
};

bool finisher_read(struct finisher *f, uint64_t offset, unsigned bytes, uint64_t *value);
bool finisher_write(struct finisher *f, uint64_t offset, unsigned bytes, uint64_t value);

#endif
