/* Where traces come from: files, packed or not, and foreign ones. */
#include "trace_fixture.h"

#include <zlib.h>
#include <zstd.h>

enum { RECORDS = 40000 }; /* more than the buffers hold, packed and unpacked */

static struct trace_record *scattered(void)
{
	struct trace_record *records = malloc(RECORDS * sizeof(*records));

	assert_non_null(records);
	for (uint64_t i = 0; i < RECORDS; i++)
		records[i] = ACCESS(ACC_LOAD, (i * 0x9e3779b97f4a7c15 >> 20) & ~7ull, 8, PRIV_U);
	return records;
}

static struct bytes gzipped(const struct bytes *b)
{
	struct bytes packed = {malloc(b->size + 1000), b->size + 1000};
	z_stream z = {0};

	assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)b->data;
	z.avail_in = (uInt)b->size;
	z.next_out = (Bytef *)packed.data;
	z.avail_out = (uInt)packed.size;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	packed.size -= z.avail_out;
	deflateEnd(&z);
	return packed;
}

static struct bytes zstandard(const struct bytes *b)
{
	struct bytes packed = {malloc(ZSTD_compressBound(b->size)), ZSTD_compressBound(b->size)};

	packed.size = ZSTD_compress(packed.data, packed.size, b->data, b->size, 3);
	assert_false(ZSTD_isError(packed.size));
	return packed;
}

static const struct {
	const char *name;
	struct bytes (*pack)(const struct bytes *b);
} packings[] = {{"gzip", gzipped}, {"zstd", zstandard}};

static struct trace_reader *open_file(const struct bytes *b, enum trace_format format,
				      char err[300])
{
	char *path = file_of(b->data, b->size);
	struct trace_reader *r = trace_open(path, format, err, 300);

	unlink(path);
	free(path);
	return r;
}

static void packed_files_are_read_by_their_content(void **state)
{
	static const enum trace_format formats[] = {TRACE_TEXT, TRACE_BINARY};
	struct trace_record *records = scattered();
	char err[300];

	(void)state;
	for (unsigned f = 0; f < 2; f++) {
		struct bytes plain = written(records, RECORDS, formats[f]);

		assert_reads(open_file(&plain, TRACE_AUTO, err), records, RECORDS);
		for (unsigned p = 0; p < 2; p++) {
			struct bytes packed = packings[p].pack(&plain);

			assert_reads(open_file(&packed, TRACE_AUTO, err), records, RECORDS);
			free(packed.data);
		}
		free(plain.data);
	}
	free(records);
}

static void packed_pieces_one_after_the_other_are_one_trace(void **state)
{
	struct trace_record *records = scattered();
	struct bytes text = written(records, RECORDS, TRACE_TEXT);
	char err[300];

	(void)state;
	for (unsigned p = 0; p < 2; p++) {
		/* cut in the middle of a line */
		struct bytes half[2] = {{text.data, text.size / 2},
					{text.data + text.size / 2, text.size - text.size / 2}};
		struct bytes a = packings[p].pack(&half[0]), b = packings[p].pack(&half[1]);
		struct bytes both = {malloc(a.size + b.size), a.size + b.size};

		memcpy(both.data, a.data, a.size);
		memcpy(both.data + a.size, b.data, b.size);
		assert_reads(open_file(&both, TRACE_AUTO, err), records, RECORDS);
		free(a.data);
		free(b.data);
		free(both.data);
	}
	free(text.data);
	free(records);
}

static void a_packed_file_that_is_cut_off_is_refused(void **state)
{
	struct trace_record *records = scattered();
	struct bytes text = written(records, RECORDS, TRACE_TEXT);
	char err[300];

	(void)state;
	for (unsigned p = 0; p < 2; p++) {
		struct bytes packed = packings[p].pack(&text);

		for (unsigned part = 1; part < 20; part++) {
			struct bytes cut = {packed.data, packed.size * part / 20};

			assert_bad(open_file(&cut, TRACE_AUTO, err), err, "ends too early");
		}
		packed.size -= 1;
		assert_bad(open_file(&packed, TRACE_AUTO, err), err, "ends too early");
		free(packed.data);
	}
	free(text.data);
	free(records);
}

static void a_packed_file_that_is_damaged_is_refused(void **state)
{
	struct trace_record *records = scattered();
	struct bytes text = written(records, RECORDS, TRACE_TEXT);
	char err[300], words[40];

	(void)state;
	for (unsigned p = 0; p < 2; p++) {
		struct bytes packed = packings[p].pack(&text);

		/* a kind of block that neither has, at the first */
		memset(packed.data + 10, 0xff, 20);
		snprintf(words, sizeof(words), "the %s data is damaged", packings[p].name);
		assert_bad(open_file(&packed, TRACE_TEXT, err), err, words);
		free(packed.data);
	}
	free(text.data);
	free(records);
}

static void a_wrong_checksum_of_gzip_is_refused(void **state)
{
	struct trace_record *records = scattered();
	struct bytes text = written(records, RECORDS, TRACE_TEXT), packed = gzipped(&text);
	char err[300];

	(void)state;
	packed.data[packed.size - 6] ^= 1;
	assert_bad(open_file(&packed, TRACE_TEXT, err), err, "the gzip data is damaged");
	free(packed.data);
	free(text.data);
	free(records);
}

static void what_cannot_be_opened_or_read_is_told(void **state)
{
	char err[300];

	(void)state;
	assert_null(trace_open("/nonexistent/t", TRACE_AUTO, err, sizeof(err)));
	assert_non_null(strstr(err, "/nonexistent/t: cannot open"));
	assert_null(trace_open("/tmp", TRACE_AUTO, err, sizeof(err)));
	assert_non_null(strstr(err, "/tmp: cannot read"));
}

/* ---- foreign ------------------------------------------------------------------- */

#define LACKEY(text) reader_of(text, sizeof(text) - 1, TRACE_LACKEY, err)

static void lackey_gives_fetches_loads_stores_and_both(void **state)
{
	static const struct trace_record expected[] = {
	    ACCESS(ACC_FETCH, 0x4016b80, 3, PRIV_U), ACCESS(ACC_STORE, 0x1ffeffe7e8, 8, PRIV_U),
	    ACCESS(ACC_LOAD, 0x1000, 4, PRIV_U),     ACCESS(ACC_LOAD, 0x2000, 1, PRIV_U),
	    ACCESS(ACC_STORE, 0x2000, 1, PRIV_U),
	};
	char err[300];

	(void)state;
	assert_reads(LACKEY("==4== Lackey, an example Valgrind tool\n--4-- more\n\n"
			    "I  04016b80,3\n S 1ffeffe7e8,8\n L 1000,4\n M 2000,1\n"),
		     expected, 5);
}

static void a_foreign_access_is_cut_at_pages_and_into_64_bytes(void **state)
{
	static const struct trace_record expected[] = {
	    ACCESS(ACC_LOAD, 0xffe, 2, PRIV_U),    ACCESS(ACC_LOAD, 0x1000, 6, PRIV_U),
	    ACCESS(ACC_LOAD, 0x1fa0, 64, PRIV_U),  ACCESS(ACC_LOAD, 0x1fe0, 32, PRIV_U),
	    ACCESS(ACC_LOAD, 0x2000, 4, PRIV_U),   ACCESS(ACC_STORE, 0x1fa0, 64, PRIV_U),
	    ACCESS(ACC_STORE, 0x1fe0, 32, PRIV_U), ACCESS(ACC_STORE, 0x2000, 4, PRIV_U),
	};
	char err[300];

	(void)state;
	assert_reads(LACKEY(" L ffe,8\n M 1fa0,100\n"), expected, 8);
}

static void a_bad_line_of_lackey_is_told_with_its_number(void **state)
{
	static const char *const lines[] = {"X  1000,4",
					    "I  1000",
					    "I  1000,4x",
					    "I  ,4",
					    " L 10 00,4",
					    " I 1000,4",
					    "L 1000,4",
					    " L 1000,0",
					    " L 1000,5000",
					    " L -1,4",
					    " L 11112222333344445,4"};
	char text[100], err[300];

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		int n = snprintf(text, sizeof(text), "I  1000,4\n%s\n", lines[i]);

		assert_bad(reader_of(text, (size_t)n, TRACE_LACKEY, err), err, "t:2: want 'I");
	}
}

static void champsim_gives_the_fetch_then_loads_then_stores(void **state)
{
	static const struct trace_record expected[] = {
	    ACCESS(ACC_FETCH, 0x401008, 4, PRIV_U), ACCESS(ACC_LOAD, 0x1ff8, 8, PRIV_U),
	    ACCESS(ACC_LOAD, 0x2000, 8, PRIV_U),    ACCESS(ACC_STORE, 0x3000, 8, PRIV_U),
	    ACCESS(ACC_FETCH, 0x40100c, 4, PRIV_U),
	};
	uint64_t raw[16] = {0x401009, 0, 0x3000, 0, 0x1fff, 0, 0x2003, 0, 0x40100c};
	char err[300];

	(void)state;
	assert_reads(reader_of(raw, sizeof(raw), TRACE_CHAMPSIM, err), expected, 5);
	assert_bad(reader_of(raw, 100, TRACE_CHAMPSIM, err), err, "ends within instruction 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(packed_files_are_read_by_their_content),
	    cmocka_unit_test(packed_pieces_one_after_the_other_are_one_trace),
	    cmocka_unit_test(a_packed_file_that_is_cut_off_is_refused),
	    cmocka_unit_test(a_packed_file_that_is_damaged_is_refused),
	    cmocka_unit_test(a_wrong_checksum_of_gzip_is_refused),
	    cmocka_unit_test(what_cannot_be_opened_or_read_is_told),
	    cmocka_unit_test(lackey_gives_fetches_loads_stores_and_both),
	    cmocka_unit_test(a_foreign_access_is_cut_at_pages_and_into_64_bytes),
	    cmocka_unit_test(a_bad_line_of_lackey_is_told_with_its_number),
	    cmocka_unit_test(champsim_gives_the_fetch_then_loads_then_stores),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
