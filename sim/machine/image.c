#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096u

/* Where the reading of one file stands. */
struct reader {
	const char *path;
	char *err;
	size_t err_size;
	struct image *image;
	Elf *elf;
};

/* "path: message"; always false. */
static bool __attribute__((format(printf, 2, 3))) refuse(struct reader *r, const char *format, ...)
{
	va_list args;
	int n = snprintf(r->err, r->err_size, "%s: ", r->path);

	va_start(args, format);
	if (n >= 0 && (size_t)n < r->err_size)
		vsnprintf(r->err + n, r->err_size - (size_t)n, format, args);
	va_end(args);
	return false;
}

static bool read_all(struct reader *r, int fd, size_t bytes)
{
	struct image *image = r->image;

	image->file = malloc(bytes ? bytes : 1);
	if (!image->file)
		return refuse(r, "too large for this computer's memory (%zu bytes)", bytes);
	while (image->file_bytes < bytes) {
		ssize_t n = read(fd, image->file + image->file_bytes, bytes - image->file_bytes);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return refuse(r, "cannot read: %s", strerror(errno));
		if (n == 0)
			break;
		image->file_bytes += (size_t)n;
	}
	return true;
}

static bool read_file(struct reader *r)
{
	struct stat st;
	bool ok;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return refuse(r, "cannot open: %s", strerror(errno));
	if (fstat(fd, &st) != 0)
		ok = refuse(r, "cannot read: %s", strerror(errno));
	else if (!S_ISREG(st.st_mode))
		ok = refuse(r, "not a file; give a program (ELF executable for RISC-V)");
	else
		ok = read_all(r, fd, (size_t)st.st_size);
	close(fd);
	return ok;
}

/* [offset, offset + bytes) lies in the file. */
static bool in_file(const struct image *image, uint64_t offset, uint64_t bytes)
{
	return offset <= image->file_bytes && bytes <= image->file_bytes - offset;
}

static bool check_header(struct reader *r, const GElf_Ehdr *header)
{
	uint64_t sections = (uint64_t)header->e_shnum * header->e_shentsize;

	if (header->e_machine != EM_RISCV)
		return refuse(r, "not for RISC-V (ELF machine %u)", header->e_machine);
	if (header->e_ident[EI_DATA] != ELFDATA2LSB)
		return refuse(r, "big-endian; build it for little-endian RISC-V");
	if (header->e_type != ET_EXEC)
		return refuse(r, "not an executable (ELF type %u); link it at fixed addresses",
			      header->e_type);
	if (header->e_shoff && !in_file(r->image, header->e_shoff, sections))
		return refuse(
		    r, "truncated: its section table ends at byte %" PRIu64 " of a file of %zu",
		    header->e_shoff + sections, r->image->file_bytes);
	return true;
}

static bool add_segment(struct reader *r, const GElf_Phdr *p)
{
	struct image *image = r->image;

	if (p->p_type != PT_LOAD || p->p_memsz == 0)
		return true;
	if (!in_file(image, p->p_offset, p->p_filesz))
		return refuse(r,
			      "truncated: the segment at 0x%" PRIx64 " needs %" PRIu64
			      " bytes at %" PRIu64 " of a file of %zu",
			      p->p_paddr, p->p_filesz, p->p_offset, image->file_bytes);
	if (p->p_filesz > p->p_memsz)
		return refuse(r, "damaged: the segment at 0x%" PRIx64 " is larger than its memory",
			      p->p_paddr);
	image->segments[image->segment_count++] = (struct segment){
	    .va = p->p_vaddr,
	    .pa = p->p_paddr,
	    .file_bytes = p->p_filesz,
	    .memory_bytes = p->p_memsz,
	    .data = image->file + p->p_offset,
	};
	return true;
}

static bool read_segments(struct reader *r)
{
	size_t count;
	GElf_Phdr p;

	if (elf_getphdrnum(r->elf, &count) != 0)
		return refuse(r, "truncated or damaged: %s", elf_errmsg(-1));
	r->image->segments = calloc(count ? count : 1, sizeof(struct segment));
	if (!r->image->segments)
		return refuse(r, "not enough memory for %zu segments", count);
	for (size_t i = 0; i < count; i++) {
		if (!gelf_getphdr(r->elf, (int)i, &p))
			return refuse(r, "truncated or damaged: %s", elf_errmsg(-1));
		if (!add_segment(r, &p))
			return false;
	}
	if (r->image->segment_count == 0)
		return refuse(r, "no segment to load; link it first");
	return true;
}

/* Of the segment that holds va; else of one that ends there (an end symbol). */
static uint64_t physical(const struct image *image, uint64_t va)
{
	uint64_t pa = va;

	for (size_t i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (va - s->va < s->memory_bytes)
			return s->pa + (va - s->va);
		if (va - s->va == s->memory_bytes)
			pa = s->pa + s->memory_bytes;
	}
	return pa;
}

static void note_symbol(struct image *image, const char *name, uint64_t va)
{
	const struct {
		const char *name;
		uint64_t *place;
	} wanted[] = {
	    {"tohost", &image->tohost},
	    {"fromhost", &image->fromhost},
	    {"begin_signature", &image->begin_signature},
	    {"end_signature", &image->end_signature},
	};

	for (unsigned i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (strcmp(name, wanted[i].name) == 0)
			*wanted[i].place = physical(image, va);
}

static void read_symbols(struct reader *r)
{
	Elf_Scn *section = NULL;
	GElf_Shdr header;
	GElf_Sym symbol;

	while ((section = elf_nextscn(r->elf, section))) {
		Elf_Data *data;

		if (!gelf_getshdr(section, &header) || header.sh_type != SHT_SYMTAB)
			continue;
		data = elf_getdata(section, NULL);
		for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
			const char *name = elf_strptr(r->elf, header.sh_link, symbol.st_name);

			if (name && symbol.st_shndx != SHN_UNDEF)
				note_symbol(r->image, name, symbol.st_value);
		}
	}
}

static bool parse(struct reader *r)
{
	GElf_Ehdr header;

	elf_version(EV_CURRENT);
	r->elf = elf_memory((char *)r->image->file, r->image->file_bytes);
	if (r->image->file_bytes < SELFMAG || memcmp(r->image->file, ELFMAG, SELFMAG) != 0)
		return refuse(r, "not an ELF file; give a program linked for RISC-V");
	if (!r->elf || elf_kind(r->elf) != ELF_K_ELF || !gelf_getehdr(r->elf, &header))
		return refuse(r, "truncated or damaged: no whole ELF header");
	if (!check_header(r, &header) || !read_segments(r))
		return false;
	r->image->xlen = gelf_getclass(r->elf) == ELFCLASS64 ? 64 : 32;
	r->image->entry = header.e_entry;
	read_symbols(r);
	return true;
}

struct image *image_read(const char *path, char *err, size_t err_size)
{
	struct reader r = {.path = path, .err = err, .err_size = err_size};
	bool ok;

	r.image = calloc(1, sizeof(*r.image));
	if (!r.image) {
		refuse(&r, "not enough memory");
		return NULL;
	}
	r.image->tohost = r.image->fromhost = NO_SYMBOL;
	r.image->begin_signature = r.image->end_signature = NO_SYMBOL;
	ok = read_file(&r) && parse(&r);
	elf_end(r.elf);
	if (ok)
		return r.image;
	image_free(r.image);
	return NULL;
}

void image_free(struct image *image)
{
	if (!image)
		return;
	free(image->segments);
	free(image->file);
	free(image);
}

/* One region of the configuration's physical memory attributes, before which none
 * reaches in, gives all of RAM the uses that programs make of it. */
static bool ram_is_usable(const struct mmu_config *config, uint64_t ram_bytes)
{
	const unsigned rwx = 1u << PMA_R | 1u << PMA_W | 1u << PMA_X;

	for (unsigned i = 0; i < config->pma_regions; i++) {
		const struct mmu_pma *region = &config->pma[i];

		if (RAM_BASE + ram_bytes <= region->base || region->base + region->size <= RAM_BASE)
			continue;
		return region->base <= RAM_BASE &&
		       RAM_BASE - region->base + ram_bytes <= region->size &&
		       (region->attributes & rwx) == rwx;
	}
	return false;
}

bool image_fits(const struct image *image, const char *path, const struct mmu_config *config,
		uint64_t ram_bytes, char *err, size_t err_size)
{
	struct reader r = {.path = path, .err = err, .err_size = err_size};
	const struct bus ram = {.ram_bytes = ram_bytes};
	uint64_t last = RAM_BASE + ram_bytes - 1;

	if (image->xlen != config->xlen)
		return refuse(&r,
			      "a %u-bit program, but configuration %s is RV%u; "
			      "choose another with --config",
			      image->xlen, config->name, config->xlen);
	if (!ram_is_usable(config, ram_bytes))
		return refuse(&r,
			      "configuration %s allows no program in RAM (its PMA map, 0x%llx to "
			      "0x%" PRIx64 "); choose another with --config",
			      config->name, RAM_BASE, last);
	for (size_t i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (!bus_is_ram(&ram, s->pa, s->memory_bytes))
			return refuse(&r,
				      "segment of 0x%" PRIx64 " bytes at 0x%" PRIx64
				      " is outside RAM (0x%llx to 0x%" PRIx64
				      "); link it there, or see --memory",
				      s->memory_bytes, s->pa, RAM_BASE, last);
	}
	if (image->entry & 1)
		return refuse(&r, "entry point 0x%" PRIx64 " is odd; no instruction begins there",
			      image->entry);
	if (!bus_is_ram(&ram, image->entry, 2))
		return refuse(&r,
			      "entry point 0x%" PRIx64 " is outside RAM (0x%llx to 0x%" PRIx64 ")",
			      image->entry, RAM_BASE, last);
	return true;
}

/* Caches of translations hold PTEs, so changes are announced page by page. */
static void announce(struct bus *b, uint64_t pa, uint64_t bytes)
{
	while (b->mmu && bytes) {
		uint64_t chunk = PAGE - pa % PAGE;

		if (chunk > bytes)
			chunk = bytes;
		mmu_before_write(b->mmu, pa, (unsigned)chunk);
		pa += chunk;
		bytes -= chunk;
	}
}

static uint64_t in_ram(const struct bus *b, uint64_t pa)
{
	return pa != NO_SYMBOL && bus_is_ram(b, pa, 8) ? pa : HTIF_NONE;
}

void image_load(const struct image *image, struct bus *b)
{
	for (size_t i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];
		uint8_t *to = b->ram + (s->pa - RAM_BASE);

		announce(b, s->pa, s->memory_bytes);
		memcpy(to, s->data, s->file_bytes);
		memset(to + s->file_bytes, 0, s->memory_bytes - s->file_bytes);
	}
	b->htif.tohost = in_ram(b, image->tohost);
	b->htif.fromhost = in_ram(b, image->fromhost);
}
