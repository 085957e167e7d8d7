#include "usercopy.h"

#include "process.h"

int copy_bytes(void *to, const void *from, size_t bytes);
int copy_word(uint32_t *to, const volatile uint32_t *from);
int copy_run(xword to);
extern char copy_start[], copy_end[], copy_failed[];

/* Where peek_run() jumps to. */
static xword running;

xword copy_landing(xword pc)
{
	bool here = pc >= (xword)copy_start && pc < (xword)copy_end;

	return here || (running && pc == running) ? (xword)copy_failed : 0;
}

/*
 * SUM opens all pages of users, but neither does it keep the kernel out of its own memory, nor
 * does the MMU know that a page without any permission (its PTE is the kernel's) is not to be
 * read.
 */
static bool may_use(xword start, size_t bytes)
{
	struct space *s = &current->space;

	if (!is_user_range(start, bytes))
		return false;
	for (unsigned i = 0; i < s->regions; i++) {
		const struct region *r = &s->region[i];

		if (r->prot == ABI_PROT_NONE && start < r->end && start + bytes > r->start)
			return false;
	}
	return true;
}

static bool copy(void *to, const void *from, size_t bytes)
{
	csr_set(sstatus, MSTATUS_SUM);

	bool done = copy_bytes(to, from, bytes) == 0;

	csr_clear(sstatus, MSTATUS_SUM);
	return done;
}

bool copy_in(void *to, xword from, size_t bytes)
{
	return bytes == 0 || (may_use(from, bytes) && copy(to, (const void *)from, bytes));
}

bool copy_out(xword to, const void *from, size_t bytes)
{
	return bytes == 0 || (may_use(to, bytes) && copy((void *)to, from, bytes));
}

long copy_in_text(char *to, xword from, size_t room)
{
	for (size_t i = 0; i < room; i++) {
		if (!copy_in(&to[i], from + i, 1))
			return -1;
		if (to[i] == 0)
			return (long)i;
	}
	return -2;
}

bool peek(xword address, uint32_t *value)
{
	return copy_word(value, (const volatile uint32_t *)address) == 0;
}

bool poke(xword address)
{
	return copy_word((uint32_t *)address, (const volatile uint32_t *)address) == 0;
}

bool peek_run(xword address)
{
	running = address;

	bool ran = copy_run(address) == 0;

	running = 0;
	return ran;
}
