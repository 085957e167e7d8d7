#include "elf_build.h"

#include <elf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RAM 0x80000000u

enum { TEXT_OFFSET = 0x100, SECTIONS = 3 }; /* none, .symtab, .strtab */

struct file {
	uint8_t bytes[16384];
	size_t used;
};

static void put(struct file *f, size_t offset, const void *data, size_t size)
{
	if (offset + size > sizeof(f->bytes)) {
		fputs("elf_build: the recipe is too large\n", stderr);
		exit(1);
	}
	memcpy(f->bytes + offset, data, size);
	if (f->used < offset + size)
		f->used = offset + size;
}

struct elf_recipe elf_recipe(unsigned xlen, const uint32_t *code, size_t code_bytes)
{
	return (struct elf_recipe){
	    .xlen = xlen,
	    .type = ET_EXEC,
	    .machine = EM_RISCV,
	    .entry = RAM,
	    .va = RAM,
	    .pa = RAM,
	    .data = code,
	    .data_bytes = code_bytes,
	};
}

static uint64_t memory_bytes(const struct elf_recipe *r)
{
	return r->memory_bytes ? r->memory_bytes : r->data_bytes;
}

/* The same fields in both widths; only their types and order differ. */
#define HEADERS(W, CLASS)                                                                          \
	static void put_headers##W(struct file *f, const struct elf_recipe *r, size_t sections)    \
	{                                                                                          \
		Elf##W##_Ehdr e = {                                                                \
		    .e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, CLASS, ELFDATA2LSB,            \
				EV_CURRENT},                                                       \
		    .e_type = r->type,                                                             \
		    .e_machine = r->machine,                                                       \
		    .e_version = EV_CURRENT,                                                       \
		    .e_entry = (Elf##W##_Addr)r->entry,                                            \
		    .e_phoff = sizeof(e),                                                          \
		    .e_shoff = (Elf##W##_Off)sections,                                             \
		    .e_ehsize = sizeof(e),                                                         \
		    .e_phentsize = sizeof(Elf##W##_Phdr),                                          \
		    .e_phnum = 1,                                                                  \
		    .e_shentsize = sizeof(Elf##W##_Shdr),                                          \
		    .e_shnum = sections ? SECTIONS : 0,                                            \
		};                                                                                 \
		Elf##W##_Phdr p = {                                                                \
		    .p_type = PT_LOAD,                                                             \
		    .p_flags = PF_R | PF_W | PF_X,                                                 \
		    .p_offset = TEXT_OFFSET,                                                       \
		    .p_vaddr = (Elf##W##_Addr)r->va,                                               \
		    .p_paddr = (Elf##W##_Addr)r->pa,                                               \
		    .p_filesz = (Elf##W##_Word)r->data_bytes,                                      \
		    .p_memsz = (Elf##W##_Word)memory_bytes(r),                                     \
		};                                                                                 \
                                                                                                   \
		put(f, 0, &e, sizeof(e));                                                          \
		put(f, sizeof(e), &p, sizeof(p));                                                  \
	}                                                                                          \
                                                                                                   \
	static size_t put_symbols##W(struct file *f, const struct elf_symbol *symbols)             \
	{                                                                                          \
		Elf##W##_Shdr section[SECTIONS] = {{.sh_type = SHT_NULL},                          \
						   {.sh_type = SHT_SYMTAB, .sh_link = 2},          \
						   {.sh_type = SHT_STRTAB}};                       \
		size_t table = (f->used + 7) & ~7ul, strings = table, name = 1, count = 1;         \
                                                                                                   \
		for (const struct elf_symbol *s = symbols; s->name; s++)                           \
			count++;                                                                   \
		strings += count * sizeof(Elf##W##_Sym);                                           \
		put(f, table, &(Elf##W##_Sym){0}, sizeof(Elf##W##_Sym));                           \
		put(f, strings, "", 1);                                                            \
		for (size_t i = 1; i < count; i++) {                                               \
			const struct elf_symbol *s = &symbols[i - 1];                              \
			Elf##W##_Sym sym = {.st_name = (Elf##W##_Word)name,                        \
					    .st_value = (Elf##W##_Addr)s->value,                   \
					    .st_shndx = SHN_ABS};                                  \
                                                                                                   \
			put(f, table + i * sizeof(sym), &sym, sizeof(sym));                        \
			put(f, strings + name, s->name, strlen(s->name) + 1);                      \
			name += strlen(s->name) + 1;                                               \
		}                                                                                  \
		section[1].sh_offset = (Elf##W##_Off)table;                                        \
		section[1].sh_size = (Elf##W##_Word)(count * sizeof(Elf##W##_Sym));                \
		section[1].sh_entsize = sizeof(Elf##W##_Sym);                                      \
		section[2].sh_offset = (Elf##W##_Off)strings;                                      \
		section[2].sh_size = (Elf##W##_Word)name;                                          \
		table = (f->used + 7) & ~7ul;                                                      \
		put(f, table, section, sizeof(section));                                           \
		return table;                                                                      \
	}

HEADERS(32, ELFCLASS32)
HEADERS(64, ELFCLASS64)

static char *write_out(const struct file *f, size_t limit)
{
	const char *folder = getenv("TMPDIR");
	size_t bytes = f->used < limit ? f->used : limit;
	char *path;
	int fd;

	if (asprintf(&path, "%s/atlas-test-XXXXXX", folder ? folder : "/tmp") < 0)
		exit(1);
	fd = mkstemp(path);
	if (fd < 0 || write(fd, f->bytes, bytes) != (ssize_t)bytes || close(fd) != 0) {
		perror(path);
		exit(1);
	}
	return path;
}

char *elf_build(const struct elf_recipe *r, size_t limit)
{
	struct file f = {.used = 0};
	size_t sections = 0;

	put(&f, TEXT_OFFSET, r->data, r->data_bytes);
	if (r->symbols)
		sections =
		    r->xlen == 64 ? put_symbols64(&f, r->symbols) : put_symbols32(&f, r->symbols);
	if (r->xlen == 64)
		put_headers64(&f, r, sections);
	else
		put_headers32(&f, r, sections);
	return write_out(&f, limit);
}
