/* export_spike.h - series that are watched, as a table of them with what was found, or point by point
 * as csv, json and ndjson. */
#ifndef ENITOP_EXPORT_SPIKE_H
#define ENITOP_EXPORT_SPIKE_H

#include "output/export.h"
#include "triage/watched.h"

/* Zero-initialise but for the first five, which are borrowed. */
struct spike_writer {
	enum output output; /* table, csv, json or ndjson */
	const struct watched *watched;
	uint64_t limit; /* points; of a table series; 0: all */
	int64_t forecast_s; /* what comes in so many seconds is written behind each series; 0: nothing */
	struct buf *out;
	uint64_t rows;
	bool begun;
};

/* A point, and those that are expected of a series. Of a table: nothing. */
void spike_writer_point(struct spike_writer *w, uint32_t target, const struct spike_point *p);
/* What stands behind the points; all bins are closed. Returns whether it is complete. */
bool spike_writer_end(struct spike_writer *w, const struct export_context *c);
/* How many series are too young for a forecast, which only a table says of each. */
unsigned spike_writer_young(const struct spike_writer *w);
/* Adds a line for each thing that is in no series, with `before` in front. */
void spike_doubts(const struct watched *w, const char *before, struct buf *out);

#endif
