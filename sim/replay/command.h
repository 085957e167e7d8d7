/* The command `atlas replay`: puts an address trace through a configuration. */
#ifndef ATLAS_REPLAY_COMMAND_H
#define ATLAS_REPLAY_COMMAND_H

/* argv[0] is "replay". Returns the program's exit code, EXIT_* of cli.h. */
int atlas_replay(int argc, char **argv);

#endif
