/* `atlas run --disk FILE` and `--memory SIZE`: what is accepted, and what is refused with
 * one line. */
#include "cli_fixture.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

/* Passes if the last byte of 4 MiB of RAM is there; else its trap has no handler. */
static const uint32_t sizing[] = {
    ADDI(T0, ZERO, 513), SLLI(T0, T0, 22),    ADDI(T0, T0, -1), SB(ZERO, T0, 0), LUI(T0, 0x100),
    LUI(T1, 0x5),        ADDI(T1, T1, 0x555), SW(T1, T0, 0),    JAL(ZERO, 0),
};
/* Passes if virtio slot 0 has a block device (DeviceID 2), else fails with code 3. */
static const uint32_t probing[] = {
    LUI(T0, 0x10001),    LW(T0, T0, 8),       ADDI(T1, ZERO, 2), LUI(T2, 0x100), BEQ(T0, T1, 20),
    LUI(T1, 0x33),       ADDI(T1, T1, 0x333), SW(T1, T2, 0),     JAL(ZERO, 0),   LUI(T1, 0x5),
    ADDI(T1, T1, 0x555), SW(T1, T2, 0),       JAL(ZERO, 0),
};

/* A new file of that many bytes; free() and unlink() by discard(). */
static char *file_of(long bytes)
{
	char *path = strdup("/tmp/atlas-cli-disk.XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, bytes), 0);
	close(fd);
	return path;
}

static struct result run_with_disk(const char *disk, const char *program)
{
	return RUN("run", "-m", "golden", "-q", "--disk", disk, program);
}

static void a_disk_is_there_only_with_the_option(void **state)
{
	char *program = PROGRAM(probing), *disk = file_of(4096);

	(void)state;
	assert_int_equal(run_with_disk(disk, program).code, 0);
	assert_complaint(RUN("run", "-m", "golden", "-q", program), 1, "failed with code 3");
	discard(disk);
	discard(program);
}

static void a_disk_that_is_missing_is_refused(void **state)
{
	char *program = PROGRAM(passing);

	(void)state;
	assert_complaint(run_with_disk("/nonexistent/disk", program), 2,
			 "/nonexistent/disk: cannot open as a disk");
	assert_complaint(run_with_disk("", program), 2, "cannot open as a disk");
	discard(program);
}

static void a_disk_of_another_size_than_sectors_is_refused(void **state)
{
	static const long sizes[] = {0, 511, 513, 1000};
	char *program = PROGRAM(passing);

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *disk = file_of(sizes[i]);

		assert_complaint(run_with_disk(disk, program), 2, "whole number of sectors");
		assert_complaint(run_with_disk(disk, program), 2, disk);
		discard(disk);
	}
	discard(program);
}

static void a_disk_that_is_no_file_is_refused(void **state)
{
	char folder[] = "/tmp/atlas-cli.XXXXXX", *program = PROGRAM(passing), *fifo;

	(void)state;
	assert_non_null(mkdtemp(folder));
	assert_true(asprintf(&fifo, "%s/fifo", folder) > 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_complaint(run_with_disk(folder, program), 2, "cannot open as a disk");
	assert_complaint(run_with_disk(fifo, program), 2, "not a regular file");
	assert_complaint(run_with_disk("/dev/null", program), 2, "not a regular file");
	discard(fifo);
	assert_int_equal(rmdir(folder), 0);
	discard(program);
}

/* Nobody, root neither, may write to a program that is running. */
static void a_disk_that_cannot_be_written_is_refused(void **state)
{
	char *program = PROGRAM(passing);

	(void)state;
	assert_complaint(run_with_disk(atlas, program), 2, "cannot open as a disk");
	discard(program);
}

static void a_disk_that_another_run_has_is_refused(void **state)
{
	char *program = PROGRAM(passing), *disk = file_of(4096);
	int fd = open(disk, O_RDWR | O_CLOEXEC);

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_complaint(run_with_disk(disk, program), 2, "another run has it");
	close(fd);
	assert_int_equal(run_with_disk(disk, program).code, 0);
	discard(disk);
	discard(program);
}

static void memory_has_the_size_that_was_asked_for(void **state)
{
	static const char *const enough[] = {"4", "4M", "4096K", "5M", "1G"};
	static const char *const short_of_it[] = {"3", "3M", "4092K"};
	char *program = PROGRAM(sizing);

	(void)state;
	for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++)
		assert_int_equal(
		    RUN("run", "-m", "golden", "-q", "--memory", enough[i], program).code, 0);
	for (size_t i = 0; i < sizeof(short_of_it) / sizeof(short_of_it[0]); i++)
		assert_complaint(
		    RUN("run", "-m", "golden", "-q", "--memory", short_of_it[i], program), 1,
		    "address 0x803fffff");
	discard(program);
}

static void what_is_no_size_of_memory_is_refused(void **state)
{
	static const char *const sizes[] = {"0",
					    "4096",
					    "12x",
					    "-1",
					    "",
					    "M",
					    "1T",
					    "3G",
					    "2K",
					    "5K",
					    "1MB",
					    "99999999999999999999",
					    "18014398509481985K"};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		assert_complaint(RUN("run", "--memory", sizes[i], "p"), 2, "--memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_disk_is_there_only_with_the_option),
	    cmocka_unit_test(a_disk_that_is_missing_is_refused),
	    cmocka_unit_test(a_disk_of_another_size_than_sectors_is_refused),
	    cmocka_unit_test(a_disk_that_is_no_file_is_refused),
	    cmocka_unit_test(a_disk_that_cannot_be_written_is_refused),
	    cmocka_unit_test(a_disk_that_another_run_has_is_refused),
	    cmocka_unit_test(memory_has_the_size_that_was_asked_for),
	    cmocka_unit_test(what_is_no_size_of_memory_is_refused),
	};

	find_atlas();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
