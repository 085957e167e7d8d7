/* From _start to main(), and what printf() prints to. */
#include <stdio-bufio.h>
#include <stdlib.h>
#include <unistd.h>

#include "report.h"

int main(int argc, char **argv);

/* A line at a time, so that those of several processes do not mix. */
static char line[160];
static struct __file_bufio console =
    FDEV_SETUP_BUFIO(1, line, sizeof line, NULL, write, NULL, NULL, __SWR, __BLBF);

FILE *const stdin = NULL;
FILE *const stdout = &console.xfile.cfile.file;
FILE *const stderr = &console.xfile.cfile.file;

const char *program_name;

_Noreturn void start(int argc, char **argv)
{
	program_name = argv[0];
	exit(main(argc, argv));
}
