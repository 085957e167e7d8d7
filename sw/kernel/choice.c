/* What the makefile chose for this image. */
#include "boot.h"

const struct boot_choice boot = {
    .technique = CHOICE_TECHNIQUE,
    .mode = CHOICE_MODE,
    .memory_kib = CHOICE_MEMORY,
    .software_update = CHOICE_SOFTWARE_UPDATE,
    .commands = CHOICE_COMMANDS,
};
