/* `atlas run`: a program on a machine, from its options to its exit code. */
#ifndef ATLAS_RUN_H
#define ATLAS_RUN_H

/* argv[0] is "run". Returns the exit code of options.h. */
int atlas_run(int argc, char **argv);

#endif
