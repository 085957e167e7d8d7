#include "program.h"

#include "boot.h"
#include "machine.h"
#include "memory.h"

/* The ELF format (System V ABI, chapters 4 and 5): what the loader needs of it. */
struct elf_header {
	uint8_t ident[16];
	uint16_t type, machine;
	uint32_t version;
	xword entry, phoff, shoff;
	uint32_t flags;
	uint16_t ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
};

struct elf_segment {
	uint32_t type;
#if XLEN == 64
	uint32_t flags;
#endif
	xword offset, vaddr, paddr, filesz, memsz;
#if XLEN == 32
	uint32_t flags;
#endif
	xword align;
};

#define ET_EXEC  2
#define EM_RISCV 243
#define PT_LOAD  1
#define PF_X     1u
#define PF_W     2u

#define SEGMENTS_IN_FILE 4

static bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

const struct kernel_program *program_find(const char *name)
{
	for (const struct kernel_program *p = kernel_programs; p->name; p++)
		if (same(p->name, name))
			return p;
	return NULL;
}

static const struct elf_segment *segments_of(const struct kernel_program *program)
{
	const struct elf_header *h = (const void *)program->file;

	return (const void *)(program->file + h->phoff);
}

static bool segment_fits(const struct elf_segment *s, xword file_bytes)
{
	if (s->type != PT_LOAD)
		return true;
	return s->filesz <= s->memsz && s->offset <= file_bytes &&
	       s->filesz <= file_bytes - s->offset && s->vaddr >= ABI_TEXT_BASE &&
	       s->vaddr % 0x400000 == 0 && s->memsz > 0 && s->vaddr < ABI_HEAP_BASE &&
	       s->memsz <= ABI_HEAP_BASE - s->vaddr && (s->flags & (PF_W | PF_X)) != (PF_W | PF_X);
}

int program_check(const struct kernel_program *program)
{
	static const uint8_t ident[] = {0x7f, 'E', 'L', 'F', XLEN / 32, 1, 1};
	const struct elf_header *h = (const void *)program->file;
	xword bytes = (xword)(program->end - program->file);

	if (bytes < sizeof *h)
		return -ABI_ENOEXEC;
	for (unsigned i = 0; i < sizeof ident; i++)
		if (h->ident[i] != ident[i])
			return -ABI_ENOEXEC;
	if (h->type != ET_EXEC || h->machine != EM_RISCV || h->phnum > 16 ||
	    h->phentsize != sizeof(struct elf_segment) || h->phoff % sizeof(xword) != 0 ||
	    h->phoff > bytes || h->phnum * sizeof(struct elf_segment) > bytes - h->phoff)
		return -ABI_ENOEXEC;

	unsigned loads = 0;

	for (unsigned i = 0; i < h->phnum; i++) {
		loads += segments_of(program)[i].type == PT_LOAD;
		if (!segment_fits(&segments_of(program)[i], bytes))
			return -ABI_ENOEXEC;
	}
	return loads > 0 && loads <= SEGMENTS_IN_FILE ? 0 : -ABI_ENOEXEC;
}

static unsigned prot_of(const struct elf_segment *s)
{
	unsigned prot = ABI_PROT_READ;

	if (s->flags & PF_W)
		prot |= ABI_PROT_WRITE;
	if (s->flags & PF_X)
		prot |= ABI_PROT_EXEC;
	return prot;
}

static int map_segment(const struct kernel_program *program, const struct elf_segment *e,
		       struct space *s)
{
	/* Beside pages, code is what a segment serves best: it never changes, and needs no
	 * page table. */
	bool segment =
	    boot.technique == ABI_SEGMENTS || (boot.technique == ABI_BOTH && e->flags & PF_X);
	struct region r = {
	    .start = e->vaddr,
	    .last = e->vaddr + e->memsz - 1,
	    .prot = (uint8_t)prot_of(e),
	    .backing = segment ? BACKED_BY_SEGMENT : BACKED_BY_PAGES,
	    .source = program->file + e->offset,
	    .source_bytes = e->filesz,
	};

	return space_map(s, &r);
}

/* One page, and more as it grows; a segment does not grow. */
static int map_stack(struct space *s)
{
	bool segment = boot.technique == ABI_SEGMENTS;
	xword bytes = segment ? ABI_STACK_MAX : page_bytes();
	struct region r = {
	    .start = ABI_STACK_END - bytes,
	    .last = ABI_STACK_END - 1,
	    .prot = ABI_PROT_READ | ABI_PROT_WRITE,
	    .grows = !segment,
	    .backing = segment ? BACKED_BY_SEGMENT : BACKED_BY_PAGES,
	};

	return space_map(s, &r);
}

int program_map(const struct kernel_program *program, struct space *s, xword *entry)
{
	const struct elf_header *h = (const void *)program->file;
	int result = 0;

	for (unsigned i = 0; result == 0 && i < h->phnum; i++)
		if (segments_of(program)[i].type == PT_LOAD)
			result = map_segment(program, &segments_of(program)[i], s);
	if (result == 0)
		result = map_stack(s);
	*entry = h->entry;
	return result;
}
