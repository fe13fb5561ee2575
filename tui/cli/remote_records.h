/* remote_records.h - records of a server, written as those of files are. */
#ifndef ENITOP_REMOTE_RECORDS_H
#define ENITOP_REMOTE_RECORDS_H

#include "cli/options.h"
#include "engine/engine.h"

/* Adds them, with what stands around them; false: they are no records of a log, which `c` then says is
 * not complete. */
bool remote_records(const struct options *o, struct engine_reply *reply, struct export_context *c,
		    struct buf *out);

#endif
