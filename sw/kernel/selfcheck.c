#include "selfcheck.h"

#include "boot.h"
#include "console.h"
#include "frames.h"
#include "space.h"
#include "trap.h"
#include "usercopy.h"

extern char kernel_text[], kernel_constants[];

#define RETURN_BY_T1 0x00030067u /* jalr x0, 0(x6) */

/* The same instruction in code, where it runs, and in data, where it must not. */
static uint32_t in_data = RETURN_BY_T1;
__asm__(".pushsection .text\n"
	"	.balign 4\n"
	"in_code: .word 0x00030067\n"
	".popsection");
extern char in_code[];

static void must_be(bool so, const char *what, xword address)
{
	if (so)
		return;
	printf("kernel: %s\n", what);
	defect("is not protected against itself", 0, address);
}

static void check_image(void)
{
	uint32_t word;

	must_be(peek((xword)kernel_text, &word), "cannot read its code", (xword)kernel_text);
	must_be(!poke((xword)kernel_text), "can write its code", (xword)kernel_text);
	must_be(!poke((xword)kernel_constants), "can write constants", (xword)kernel_constants);
	must_be(poke((xword)&in_data), "cannot write its data", (xword)&in_data);
	must_be(peek_run((xword)in_code), "cannot run its code", (xword)in_code);
	must_be(!peek_run((xword)&in_data), "can run its data", (xword)&in_data);
	must_be(!peek(0, &word), "can read address zero", 0);
}

/* A page, or segment, of a process that may do everything there but write and run at once. */
static void check_user(unsigned prot)
{
	static struct space s;
	static const uint32_t source[] = {RETURN_BY_T1, 0};
	const struct region r = {
	    .start = ABI_USER_BASE,
	    .last = ABI_USER_BASE + 4095,
	    .prot = (uint8_t)prot,
	    .backing = uses_pages() ? BACKED_BY_PAGES : BACKED_BY_SEGMENT,
	    .shared = true, /* so that it is there at once */
	    .source = (const uint8_t *)source,
	    .source_bytes = sizeof source,
	};
	uint32_t word;

	if (!space_open(&s, 1) || space_map(&s, &r) != 0)
		defect("no memory to check itself", 0, 0);
	space_use(&s);
	must_be(!peek(ABI_USER_BASE, &word), "can read a user's page", ABI_USER_BASE);
	must_be(!poke(ABI_USER_BASE), "can write a user's page", ABI_USER_BASE);
	must_be(!peek_run(ABI_USER_BASE), "can run a user's page", ABI_USER_BASE);
	space_use(NULL);
	space_close(&s);
}

void self_check(void)
{
	check_image();
	check_user(ABI_PROT_READ | ABI_PROT_WRITE);
	check_user(ABI_PROT_READ | ABI_PROT_EXEC);
	printf("kernel: cannot write its code, run its data, touch address zero or a user's "
	       "memory\n");
}

/* Each call takes more of the stack, and needs what the last one has there. */
static int __attribute__((noinline)) deeper(volatile int *above)
{
	volatile int here[64] = {*above};

	return *above ? deeper(here) + here[1] : 0;
}

void self_overflow(void)
{
	volatile int start = 1;

	deeper(&start);
}
