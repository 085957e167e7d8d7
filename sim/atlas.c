/* The command line. Each command's work is in the library, so that tests link it. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "explain/explain.h"
#include "machine/run.h"
#include "mmu.h"
#include "replay/command.h"

static int help(void)
{
	puts("Usage: atlas COMMAND [OPTION...]\n"
	     "A RISC-V memory-management unit at work.\n"
	     "\n"
	     "  run PROGRAM.elf   run a program with every access translated by the MMU\n"
	     "  explain PROGRAM.elf\n"
	     "                    explain a fault of it, or any access: walk, rule, remedy\n"
	     "  replay TRACE      put an address trace through a configuration: cycles, hits, "
	     "walks\n"
	     "  configs           list the configurations\n"
	     "\n"
	     "'atlas run --help' and the like show the options of each.");
	return EXIT_PASSED;
}

static void print_extensions(const struct mmu_config *c)
{
	const struct {
		bool there;
		const char *name;
	} extensions[] = {
	    {c->svadu, "Svadu"},     {c->svnapot, "Svnapot"},
	    {c->svpbmt, "Svpbmt"},   {c->svrsw60t59b, "Svrsw60t59b"},
	    {c->smepmp, "Smepmp"},   {c->pointer_masking, "pointer masking"},
	    {c->zicfiss, "Zicfiss"},
	};
	const char *before = "  ";

	for (size_t i = 0; i < sizeof(extensions) / sizeof(extensions[0]); i++)
		if (extensions[i].there) {
			printf("%s%s", before, extensions[i].name);
			before = ", ";
		}
	putchar('\n');
}

static int configs(int argc)
{
	const struct mmu_config *c;

	if (argc > 1) {
		fputs("atlas configs: takes no arguments\n", stderr);
		return EXIT_BAD;
	}
	puts("name       base  modes            ASID bits  PA bits  L1 fetch  L1 data  PMP  grain  "
	     "PMA  segments  extensions");
	for (size_t i = 0; (c = mmu_config_at(i)); i++) {
		static const char *const modes[] = {"Sv39", "Sv39 Sv48", "Sv39 Sv48 Sv57"};

		printf("%-10s RV%u  %-15s %10u %8u %9u %8u %4u %6u %4u %9u", c->name, c->xlen,
		       c->xlen == 32 ? "Sv32" : modes[c->levels - 3], c->asid_bits, c->pa_bits,
		       c->fetch_entries, c->data_entries, c->pmp_entries, 4u << c->pmp_grain,
		       c->pma_regions, c->segments);
		print_extensions(c);
	}
	return EXIT_PASSED;
}

/* Without this, the first file opened would take the place of a standard stream that
 * the caller closed, and receive what is printed. Writing to it still fails. */
static void occupy_standard_streams(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : NULL;

	occupy_standard_streams();
	if (!command) {
		fputs("atlas: no command given; 'atlas --help' lists them\n", stderr);
		return EXIT_BAD;
	}
	if (strcmp(command, "run") == 0)
		return atlas_run(argc - 1, argv + 1);
	if (strcmp(command, "explain") == 0)
		return atlas_explain(argc - 1, argv + 1);
	if (strcmp(command, "replay") == 0)
		return atlas_replay(argc - 1, argv + 1);
	if (strcmp(command, "configs") == 0)
		return configs(argc - 1);
	if (strcmp(command, "--help") == 0 || strcmp(command, "help") == 0)
		return help();
	fprintf(stderr, "atlas: unknown command '%s'; 'atlas --help' lists them\n", command);
	return EXIT_BAD;
}
