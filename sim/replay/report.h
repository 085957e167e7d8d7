/* What a replay prints. */
#ifndef ATLAS_REPLAY_REPORT_H
#define ATLAS_REPLAY_REPORT_H

#include <jansson.h>

#include "options.h"

void replay_print(FILE *out, const struct replay_options *options,
		  const struct replay_result *result);
/* NULL: no memory. */
json_t *replay_json(const struct replay_options *options, const struct replay_result *result);

#endif
