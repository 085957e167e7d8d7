#include "finisher.h"

enum { WORD_FAIL = 0x3333, WORD_PASS = 0x5555, WORD_RESET = 0x7777 };

static bool width_ok(unsigned bytes)
{
	return bytes == 2 || bytes == 4;
}

bool finisher_read(struct finisher *f, uint64_t offset, unsigned bytes, uint64_t *value)
{
	(void)f;
	(void)offset;
	*value = 0;
	return width_ok(bytes);
}

bool finisher_write(struct finisher *f, uint64_t offset, unsigned bytes, uint64_t value)
{
	if (!width_ok(bytes))
		return false;
	if (offset != 0)
		return true;
	switch (value & 0xffff) {
	case WORD_PASS:
		f->asked = FINISH_PASS;
		break;
	case WORD_FAIL:
		f->asked = FINISH_FAIL;
		f->code = bytes == 4 ? (uint32_t)value >> 16 : 0;
		break;
	case WORD_RESET:
		f->asked = FINISH_RESET;
		break;
	}
	return true;
}
