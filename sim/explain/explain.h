/* `atlas explain`: why an access faults, or does not, from its options to its exit code. */
#ifndef ATLAS_EXPLAIN_H
#define ATLAS_EXPLAIN_H

/* argv[0] is "explain". Returns an exit code of cli.h. */
int atlas_explain(int argc, char **argv);

#endif
