/* `atlas explain` as a person or a script meets it: text and JSON of a known fault, where
 * a program stops, and one line for each thing that is wrong. */
#include "cli_fixture.h"

#include <jansson.h>
#include <sys/stat.h>

/* Opens PMP, turns on Sv39 with the empty page at 0x80001000 as its root, and loads from
 * 0x124 as S-mode; nothing handles that: mtvec is 0. */
static const uint32_t faulting[] = {
    ADDI(T0, ZERO, -1),     CSRW(0x3b0, T0), /* pmpaddr0 */
    ADDI(T0, ZERO, 0x1f),   CSRW(0x3a0, T0), /* pmpcfg0 */
    ADDI(T0, ZERO, 1),      SLLI(T0, T0, 63),    LUI(T1, 0x80),
    ADDI(T1, T1, 1),        OR(T0, T0, T1),      CSRW(0x180, T0), /* satp */
    LUI(T0, 0x21),          ADDI(T0, T0, -2048),                  /* MPRV, MPP = S */
    CSRRS(ZERO, 0x300, T0),                                       /* mstatus */
    LW(A0, ZERO, 0x124),
};

static const char faulting_text[] =
    ": fault 1, at pc 0x80000034, after 14 instructions; configuration sv39\n"
    "\n"
    "load of 4 bytes at 0x124, privilege S\n"
    "\n"
    "Page tables: satp 0x8000000000080001, Sv39, ASID 0, root table at 0x80001000\n"
    "  level 2, index 0: PTE at 0x80001000\n"
    "    allowed: PMP entry 0 (NAPOT 0x0 to 0x1ffffffffffffff, -XWR); memory rwxtuaci\n"
    "    0x0000000000000000  --------  PPN 0x0: invalid\n"
    "\n"
    "Decided (step 3): V is clear\n"
    "  load page fault (cause 13), trap value 0x124\n"
    "  reason pte_invalid, level 2\n"
    "  a page fault: nothing is mapped there (SIGSEGV, SEGV_MAPERR)\n"
    "\n"
    "What software could do\n"
    "  - Map something: make the PTE at 0x80001000 a pointer to a table of the level below, or a "
    "leaf\n"
    "    (a superpage).\n";

/* A new file with these bytes. */
static char *file_with(const void *bytes, size_t size)
{
	char *path = strdup("/tmp/atlas-cli-explain.XXXXXX");
	FILE *f = fdopen(mkstemp(path), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	fclose(f);
	return path;
}

/* The whole address space's first gigabyte by one leaf: user, readable, at 0x80000000. */
static char *gigapage(void)
{
	uint64_t page[512] = {0x80000ull << 10 | 0x53};

	return file_with(page, sizeof(page));
}

static json_t *parse(struct result r)
{
	json_error_t error;
	json_t *o = json_loads(r.out, 0, &error);

	assert_int_equal(r.code, 0);
	assert_string_equal(r.err, "");
	if (!o)
		fail_msg("%s: %s", error.text, r.out);
	return o;
}

static const char *text_of(const json_t *o, const char *name)
{
	const char *text = json_string_value(json_object_get(o, name));

	if (!text)
		fail_msg("no text '%s'", name);
	return text;
}

static json_int_t number_of(const json_t *o, const char *name)
{
	const json_t *value = json_object_get(o, name);

	if (!json_is_integer(value))
		fail_msg("no number '%s'", name);
	return json_integer_value(value);
}

/* ---- programs ------------------------------------------------------------------------------ */

static void a_fault_is_explained_as_text(void **state)
{
	char *path = PROGRAM(faulting), *expected;
	struct result r = RUN("explain", path);

	(void)state;
	assert_int_equal(r.code, 0);
	assert_string_equal(r.err, "");
	assert_true(asprintf(&expected, "%s%s", path, faulting_text) > 0);
	if (strncmp(r.out, expected, strlen(expected)) != 0)
		fail_msg("got:\n%s\nnot:\n%s", r.out, expected);
	free(expected);
	discard(path);
}

static void the_same_is_explained_as_json(void **state)
{
	char *path = PROGRAM(faulting);
	json_t *o = parse(RUN("explain", "--json", path));
	const json_t *request = json_object_get(o, "request"), *fault = json_object_get(o, "fault");
	const json_t *walk = json_object_get(o, "walk"), *level = json_array_get(walk, 0);
	const json_t *check = json_array_get(json_object_get(o, "checks"), 0);

	(void)state;
	assert_string_equal(text_of(o, "program"), path);
	assert_string_equal(text_of(o, "config"), "sv39");
	assert_int_equal(number_of(o, "fault_number"), 1);
	assert_int_equal(number_of(o, "instructions"), 14);
	assert_string_equal(text_of(o, "pc"), "0x80000034");
	assert_string_equal(text_of(request, "access"), "load");
	assert_string_equal(text_of(request, "va"), "0x124");
	assert_string_equal(text_of(request, "priv"), "S");
	assert_int_equal(number_of(request, "bytes"), 4);
	assert_string_equal(text_of(json_object_get(o, "satp"), "root"), "0x80001000");
	assert_true(json_is_null(json_object_get(o, "segments")));
	assert_int_equal(json_array_size(walk), 1);
	assert_int_equal(number_of(level, "level"), 2);
	assert_int_equal(number_of(level, "index"), 0);
	assert_string_equal(text_of(level, "address"), "0x80001000");
	assert_string_equal(text_of(level, "flags"), "--------");
	assert_string_equal(text_of(level, "kind"), "invalid");
	assert_string_equal(text_of(check, "what"), "PTE read");
	assert_int_equal(number_of(check, "pmp_entry"), 0);
	assert_string_equal(text_of(check, "memory"), "rwxtuaci");
	assert_true(json_is_null(json_object_get(check, "refused")));
	assert_string_equal(text_of(json_object_get(o, "decided_by"), "step"), "step 3");
	assert_string_equal(text_of(json_object_get(o, "decided_by"), "text"), "V is clear");
	assert_string_equal(text_of(fault, "reason"), "pte_invalid");
	assert_int_equal(number_of(fault, "cause"), 13);
	assert_string_equal(text_of(fault, "tval"), "0x124");
	assert_string_equal(text_of(fault, "class"), "no mapping");
	assert_true(json_is_null(json_object_get(o, "physical_address")));
	assert_true(json_array_size(json_object_get(o, "advice")) > 0);
	json_decref(o);
	discard(path);
}

/* The second fault is the fetch of the handler at 0, which the bus refuses to M-mode. */
static void faults_are_counted_and_listed(void **state)
{
	char *path = PROGRAM(faulting);
	struct result r = RUN("explain", "--list", path);
	json_t *list = parse(RUN("explain", "--list", "--json", path));

	(void)state;
	assert_int_equal(r.code, 0);
	assert_int_equal(lines(r.out), 2);
	assert_non_null(
	    strstr(r.out, "pc 0x80000034     S load     0x124              pte_invalid\n"));
	assert_non_null(strstr(r.out, "pc 0x0            M fetch    0x0                pma\n"));
	assert_int_equal(json_array_size(list), 2);
	assert_string_equal(text_of(json_array_get(list, 1), "reason"), "pma");
	r = RUN("explain", "--fault", "2", path);
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "fetch of 4 bytes at 0x0, privilege M"));
	assert_non_null(strstr(r.out, "Not translated: M-mode\n"));
	json_decref(list);
	discard(path);
}

static void a_fault_that_never_comes_gives_1(void **state)
{
	char *good = PROGRAM(passing), *bad = PROGRAM(faulting);

	(void)state;
	assert_complaint(RUN("explain", good), 1, "passed after 0 faults: there is no fault 1");
	assert_complaint(RUN("explain", "--fault", "3", bad), 1,
			 "trap that nothing handles after 2 faults: there is no fault 3");
	assert_complaint(RUN("explain", "--at-instruction", "1000", "--va", "0", good), 1,
			 "before instruction 1000");
	discard(bad);
	discard(good);
}

static void a_program_that_goes_on_is_stopped_with_3(void **state)
{
	static const uint32_t endless[] = {JAL(ZERO, 0)};
	char *path = PROGRAM(endless);

	(void)state;
	assert_complaint(RUN("explain", "--max-instructions", "1000", path), 3,
			 "stopped by --max-instructions after 1000 instructions and 0 faults");
	discard(path);
}

/* Before the tenth instruction satp is still Bare, after it Sv39. */
static void any_access_at_any_instruction_can_be_asked_for(void **state)
{
	char *path = PROGRAM(faulting);
	struct result r;

	(void)state;
	r = RUN("explain", "--at-instruction", "9", "--va", "0x80000100", "--priv", "s", path);
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "Not translated: satp is Bare\n"));
	assert_non_null(strstr(r.out, "no fault: physical address 0x80000100"));
	r = RUN("explain", "--at-instruction", "10", "--va", "0x80000100", "--priv", "s", path);
	assert_non_null(strstr(r.out, "level 2, index 2: PTE at 0x80001010\n"));
	r = RUN("explain", "--at-instruction", "10", "--va", "0x80000100", path);
	assert_non_null(strstr(r.out, "load of 8 bytes at 0x80000100, privilege M\n"));
	r = RUN("explain", "--at-instruction", "0", "--va", "0xf0000000", "--bytes", "2",
		"--access", "store", path);
	assert_non_null(strstr(r.out, "store of 2 bytes at 0xf0000000, privilege M\n"));
	assert_non_null(strstr(r.out, "reason bus_error\n"));
	discard(path);
}

/* At a fault, another address is asked for with the same kind of access. */
static void another_address_at_a_fault_keeps_the_rest(void **state)
{
	char *path = PROGRAM(faulting);
	struct result r = RUN("explain", "--va", "0x40000000", "--sum", path);

	(void)state;
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "load of 4 bytes at 0x40000000, privilege S, SUM\n"));
	assert_non_null(strstr(r.out, "level 2, index 1: "));
	discard(path);
}

/* ---- images ---------------------------------------------------------------------------------- */

static void an_image_is_explained(void **state)
{
	char *image = gigapage();
	json_t *o = parse(RUN("explain", "--json", "--image", image, "--base", "0x90000000",
			      "--satp", "0x8000000000090000", "--va", "0x12345678"));

	(void)state;
	assert_string_equal(text_of(o, "image"), image);
	assert_string_equal(text_of(o, "physical_address"), "0x92345678");
	assert_string_equal(text_of(json_array_get(json_object_get(o, "walk"), 0), "flags"),
			    "-A-U--RV");
	assert_int_equal(number_of(json_array_get(json_object_get(o, "walk"), 0), "page_bytes"),
			 1 << 30);
	assert_true(json_is_null(json_object_get(o, "fault")));
	json_decref(o);
	discard(image);
}

static void an_image_of_rv32_is_explained(void **state)
{
	uint32_t page[1024] = {[1] = 0x80000u << 10 | 0x53};
	char *image = file_with(page, sizeof(page));
	struct result r = RUN("explain", "--image", image, "--xlen", "32", "--satp", "0x80080000",
			      "--va", "0x400010", "--access", "store");

	(void)state;
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "store of 4 bytes at 0x400010, privilege U\n"));
	assert_non_null(strstr(r.out,
			       "    0x20000053  -A-U--RV  PPN 0x80000: leaf, a page of 4 MiB "
			       "at 0x80000000\n"));
	assert_non_null(strstr(r.out, "Decided (step 8): W is clear\n"));
	discard(image);
}

static void registers_of_an_image_go_by_name(void **state)
{
	char *image = gigapage();
	struct result r = RUN("explain", "--image", image, "--satp", "0", "--va", "0x18", "--csr",
			      "segctl=1", "--csr", "segment3.last=0xfff", "--csr",
			      "SEGMENT3.PHYS=0x90000000", "--csr", "segment3.cfg=0x33");

	(void)state;
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "segment 3: 0x0 to 0xfff, physical 0x90000000, GU--RV"));
	assert_non_null(strstr(r.out, "physical address 0x90000018"));
	discard(image);
}

/* ---- bad input --------------------------------------------------------------------------------
 */

static void bad_words_give_one_line_and_code_2(void **state)
{
	static const struct {
		const char *words[6], *complaint;
	} rows[] = {
	    {{"p", "q"}, "one program at a time"},
	    {{"--frob", "p"}, "unknown or ambiguous option '--frob'; see 'atlas explain --help'"},
	    {{"p", "--fault"}, "value missing for '--fault'"},
	    {{"--fault", "0", "p"}, "--fault: '0'"},
	    {{"--fault", "x", "p"}, "--fault: 'x'"},
	    {{"--fault", "1", "--at-instruction", "2", "p"}, "either --fault or"},
	    {{"--at-instruction", "2", "p"}, "needs --va"},
	    {{"--access", "load", "p"}, "--access needs --va"},
	    {{"--sum", "p"}, "--sum needs --va"},
	    {{"--list", "--va", "0", "p"}, "--list explains nothing"},
	    {{"--va", "0", "--access", "jump", "p"}, "'jump' is no kind of access"},
	    {{"--va", "0", "--priv", "h", "p"}, "'h' is not one of u, s, m"},
	    {{"--va", "0", "--bytes", "3", "p"}, "'3' is not one of 1, 2, 4, 8"},
	    {{"--va", "12z", "p"}, "--va: '12z'"},
	    {{"--satp", "0", "p"}, "--satp is for an image"},
	    {{"--csr", "menvcfg=1", "p"}, "--csr is for an image"},
	    {{"--image", "i", "p"}, "not both"},
	    {{"--image", "i", "--va", "0"}, "needs --satp VALUE"},
	    {{"--image", "i", "--satp", "0"}, "and --va ADDRESS"},
	    {{"--image", "i", "--memory", "1M"}, "--memory is for a program"},
	    {{"--image", "i", "--xlen", "128"}, "--xlen: '128'"},
	    {{"--image", "i", "--csr", "mstatus=1"}, "'mstatus=1' is no register"},
	    {{"--image", "i", "--csr", "pmpaddr64=1"}, "'pmpaddr64=1' is no register"},
	    {{"--image", "i", "--csr", "menvcfg"}, "'menvcfg' is no register"},
	    {{"--image", "i", "--csr", "segment0=1"}, "'segment0=1' is no register"},
	};

	(void)state;
	assert_complaint(RUN("explain"), 2, "no program given");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const *w = rows[i].words;

		assert_complaint(RUN("explain", w[0], w[1], w[2], w[3], w[4], w[5]), 2,
				 rows[i].complaint);
	}
}

static void bad_programs_give_one_line_with_their_path(void **state)
{
	struct elf_recipe recipe = elf_recipe(64, passing, sizeof(passing));
	char *good = PROGRAM(passing), *cut = elf_build(&recipe, 0x100 + sizeof(passing) - 1);

	(void)state;
	assert_complaint(RUN("explain", "/nonexistent.elf"), 2, "/nonexistent.elf: cannot open");
	assert_complaint(RUN("explain", cut), 2, cut);
	assert_complaint(RUN("explain", cut), 2, "truncated");
	assert_complaint(RUN("explain", "-c", "sv32", good), 2, "64-bit program");
	assert_complaint(RUN("explain", "-c", "sv99", good), 2, "unknown configuration 'sv99'");
	assert_complaint(RUN("explain", "--disk", "/nonexistent", good), 2, "/nonexistent: cannot");
	discard(cut);
	discard(good);
}

static void bad_images_give_one_line_with_their_path(void **state)
{
	char *empty = file_with("", 0), *image = gigapage();

	(void)state;
	assert_complaint(RUN("explain", "--image", "/nonexistent", "--satp", "0", "--va", "0"), 2,
			 "/nonexistent: cannot open");
	assert_complaint(RUN("explain", "--image", "/tmp", "--satp", "0", "--va", "0"), 2,
			 "/tmp: not a regular file");
	assert_complaint(RUN("explain", "--image", empty, "--satp", "0", "--va", "0"), 2, empty);
	assert_complaint(RUN("explain", "--image", image, "--base", "0xfffffffffff001", "--satp",
			     "0", "--va", "0"),
			 2, "beyond 56 address bits");
	discard(image);
	discard(empty);
}

static void values_out_of_range_give_one_line_and_code_2(void **state)
{
	char *image = gigapage(), *program = PROGRAM(faulting);

	(void)state;
	assert_complaint(
	    RUN("explain", "--image", image, "--satp", "0x3000000000000000", "--va", "0"), 2,
	    "MODE 3 is none");
	assert_complaint(RUN("explain", "-c", "sv39", "--image", image, "--satp",
			     "0x9000000000080000", "--va", "0"),
			 2, "MODE 9 is none that configuration sv39 has");
	assert_complaint(
	    RUN("explain", "--xlen", "32", "--image", image, "--satp", "0x180080000", "--va", "0"),
	    2, "wider than the 32 bits");
	assert_complaint(RUN("explain", "--xlen", "32", "--image", image, "--satp", "0x80080000",
			     "--va", "0x100000000"),
			 2, "wider than the 32 bits");
	assert_complaint(RUN("explain", "--xlen", "32", "-c", "sv39", "--image", image, "--satp",
			     "0", "--va", "0"),
			 2, "configuration sv39 is RV64");
	assert_complaint(RUN("explain", "--va", "0xffd", program), 2, "cross a page");
	discard(program);
	discard(image);
}

static void help_goes_to_standard_output(void **state)
{
	struct result r = RUN("explain", "--help");

	(void)state;
	assert_int_equal(r.code, 0);
	assert_non_null(strstr(r.out, "Usage: atlas explain [OPTION...] PROGRAM.elf"));
	assert_non_null(strstr(r.out, "--at-instruction"));
	assert_string_equal(r.err, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fault_is_explained_as_text),
	    cmocka_unit_test(the_same_is_explained_as_json),
	    cmocka_unit_test(faults_are_counted_and_listed),
	    cmocka_unit_test(a_fault_that_never_comes_gives_1),
	    cmocka_unit_test(a_program_that_goes_on_is_stopped_with_3),
	    cmocka_unit_test(any_access_at_any_instruction_can_be_asked_for),
	    cmocka_unit_test(another_address_at_a_fault_keeps_the_rest),
	    cmocka_unit_test(an_image_is_explained),
	    cmocka_unit_test(an_image_of_rv32_is_explained),
	    cmocka_unit_test(registers_of_an_image_go_by_name),
	    cmocka_unit_test(bad_words_give_one_line_and_code_2),
	    cmocka_unit_test(bad_programs_give_one_line_with_their_path),
	    cmocka_unit_test(bad_images_give_one_line_with_their_path),
	    cmocka_unit_test(values_out_of_range_give_one_line_and_code_2),
	    cmocka_unit_test(help_goes_to_standard_output),
	};

	find_atlas();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
