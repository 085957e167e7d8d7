/* Programs as files: what is loaded where, and one clear line for each bad file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf_build.h"
#include "machine/image.h"

#define MIB (1ull << 20)

static const uint32_t code[] = {0x11111111, 0x22222222, 0x33333333};

static struct elf_recipe good(unsigned xlen)
{
	return elf_recipe(xlen, code, sizeof(code));
}

/* Reading `recipe`, cut at `limit`, must fail with one line: path, then `words`. */
static void refused_when_read(const struct elf_recipe *recipe, size_t limit, const char *words)
{
	char *path = elf_build(recipe, limit);
	char err[400] = "";
	struct image *image = image_read(path, err, sizeof(err));

	unlink(path);
	assert_null(image);
	assert_int_equal(strncmp(err, path, strlen(path)), 0);
	assert_null(strchr(err, '\n'));
	if (!strstr(err, words))
		fail_msg("'%s' does not say '%s'", err, words);
	free(path);
}

static void refused_when_fitted(const struct elf_recipe *recipe, const char *config,
				const char *words)
{
	char *path = elf_build(recipe, SIZE_MAX);
	char err[400] = "";
	struct image *image = image_read(path, err, sizeof(err));

	unlink(path);
	if (!image)
		fail_msg("%s", err);
	assert_false(image_fits(image, path, mmu_config_find(config), 8 * MIB, err, sizeof(err)));
	assert_int_equal(strncmp(err, path, strlen(path)), 0);
	assert_null(strchr(err, '\n'));
	if (!strstr(err, words))
		fail_msg("'%s' does not say '%s'", err, words);
	image_free(image);
	free(path);
}

static struct image *read_good(const struct elf_recipe *recipe)
{
	char *path = elf_build(recipe, SIZE_MAX);
	char err[400] = "";
	struct image *image = image_read(path, err, sizeof(err));

	unlink(path);
	if (!image)
		fail_msg("%s", err);
	assert_true(image_fits(image, path, mmu_config_find(recipe->xlen == 64 ? "sv39" : "sv32"),
			       8 * MIB, err, sizeof(err)));
	free(path);
	return image;
}

static void a_segment_is_loaded_at_its_physical_address(void **state)
{
	(void)state;
	for (unsigned xlen = 32; xlen <= 64; xlen += 32) {
		struct elf_recipe recipe = good(xlen);
		struct image *image;
		struct bus bus;

		recipe.va = 0xc0000000u;
		recipe.pa = 0x80001000u;
		recipe.memory_bytes = 20;
		image = read_good(&recipe);
		assert_int_equal(image->xlen, xlen);
		assert_int_equal(image->entry, 0x80000000u);
		assert_true(bus_init(&bus, 8 * MIB));
		memset(bus.ram, 0xff, 0x2000);
		image_load(image, &bus);
		assert_memory_equal(bus.ram + 0x1000, code, sizeof(code));
		assert_int_equal(ram_read(&bus, 0x8000100c, 8), 0); /* what the file lacks */
		assert_int_equal(ram_read(&bus, 0x80001014, 1), 0xff);
		assert_int_equal(ram_read(&bus, 0x80000fff, 1), 0xff);
		bus_free(&bus);
		image_free(image);
	}
}

static void symbols_are_found_at_physical_addresses(void **state)
{
	static const struct elf_symbol symbols[] = {
	    {"begin_signature", 0xc0000004u}, {"end_signature", 0xc000000cu}, /* the end of the
										 segment */
	    {"tohost", 0xc0000008u},          {"something", 0xc0000000u},     {NULL, 0},
	};

	(void)state;
	for (unsigned xlen = 32; xlen <= 64; xlen += 32) {
		struct elf_recipe recipe = good(xlen);
		struct image *image;

		recipe.va = 0xc0000000u;
		recipe.symbols = symbols;
		image = read_good(&recipe);
		assert_int_equal(image->begin_signature, 0x80000004u);
		assert_int_equal(image->end_signature, 0x8000000cu);
		assert_int_equal(image->tohost, 0x80000008u);
		assert_int_equal(image->fromhost, NO_SYMBOL);
		image_free(image);
	}
}

static void wrong_width(void **state)
{
	struct elf_recipe rv32 = good(32), rv64 = good(64);

	(void)state;
	refused_when_fitted(&rv32, "sv39", "32-bit program, but configuration sv39 is RV64");
	refused_when_fitted(&rv64, "sv32", "64-bit program, but configuration sv32 is RV32");
}

/* Not all of RAM is memory to it: a program would fault at once, or in the middle. */
static void memory_attributes_without_ram(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	refused_when_fitted(&recipe, "sv57_odd", "configuration sv57_odd allows no program in RAM");
}

static void another_machine(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.machine = EM_X86_64;
	refused_when_read(&recipe, SIZE_MAX, "not for RISC-V");
}

static void an_object_file(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.type = ET_REL;
	refused_when_read(&recipe, SIZE_MAX, "not an executable");
}

static void truncated_at_every_byte(void **state)
{
	static const struct elf_symbol symbols[] = {{"tohost", 0x80000000u}, {NULL, 0}};

	(void)state;
	for (unsigned xlen = 32; xlen <= 64; xlen += 32) {
		struct elf_recipe recipe = good(xlen);
		char *whole;
		struct stat st;

		recipe.symbols = symbols;
		whole = elf_build(&recipe, SIZE_MAX);
		assert_int_equal(stat(whole, &st), 0);
		unlink(whole);
		free(whole);
		for (off_t i = 0; i < st.st_size; i++)
			refused_when_read(&recipe, (size_t)i,
					  i < 4 ? "not an ELF file" : "truncated");
	}
}

static void truncated_without_sections(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	refused_when_read(&recipe, 0x100 + sizeof(code) - 1, "truncated: the segment at");
}

static void no_elf_at_all(void **state)
{
	char path[] = "/tmp/atlas-test-XXXXXX", err[200] = "";
	int fd = mkstemp(path);

	(void)state;
	assert_int_equal(write(fd, "#!/bin/sh\necho this is no program for RISC-V at all\n", 51),
			 51);
	close(fd);
	assert_null(image_read(path, err, sizeof(err)));
	unlink(path);
	assert_non_null(strstr(err, "not an ELF file"));
}

static void unreadable(void **state)
{
	char err[200] = "";

	(void)state;
	assert_null(image_read("/nonexistent/prog.elf", err, sizeof(err)));
	assert_string_equal(err, "/nonexistent/prog.elf: cannot open: No such file or directory");
	assert_null(image_read("/tmp", err, sizeof(err)));
	assert_non_null(strstr(err, "/tmp: not a file"));
}

static void outside_ram(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.pa = 0x10000;
	refused_when_fitted(&recipe, "sv39", "outside RAM (0x80000000 to 0x807fffff)");
	recipe.pa = 0x80800000u - 8; /* the last word does not fit */
	refused_when_fitted(&recipe, "sv39", "outside RAM");
	recipe.pa = 0x80000000u;
	recipe.memory_bytes = UINT64_MAX; /* no wrap-around */
	refused_when_fitted(&recipe, "sv39", "outside RAM");
}

static void an_odd_entry(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.entry |= 1;
	refused_when_fitted(&recipe, "sv39", "entry point 0x80000001 is odd");
}

static void entry_outside_ram(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.entry = 0x1000;
	refused_when_fitted(&recipe, "sv39", "entry point 0x1000 is outside RAM");
}

static void nothing_to_load(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.data_bytes = 0;
	refused_when_read(&recipe, SIZE_MAX, "no segment to load");
}

static void more_in_the_file_than_in_memory(void **state)
{
	struct elf_recipe recipe = good(64);

	(void)state;
	recipe.memory_bytes = 4;
	refused_when_read(&recipe, SIZE_MAX, "damaged");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_segment_is_loaded_at_its_physical_address),
	    cmocka_unit_test(symbols_are_found_at_physical_addresses),
	    cmocka_unit_test(wrong_width),
	    cmocka_unit_test(memory_attributes_without_ram),
	    cmocka_unit_test(another_machine),
	    cmocka_unit_test(an_object_file),
	    cmocka_unit_test(truncated_at_every_byte),
	    cmocka_unit_test(truncated_without_sections),
	    cmocka_unit_test(no_elf_at_all),
	    cmocka_unit_test(unreadable),
	    cmocka_unit_test(outside_ram),
	    cmocka_unit_test(an_odd_entry),
	    cmocka_unit_test(entry_outside_ram),
	    cmocka_unit_test(nothing_to_load),
	    cmocka_unit_test(more_in_the_file_than_in_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
