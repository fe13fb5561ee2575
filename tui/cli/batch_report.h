/* batch_report.h - what a report adds up for its views. Private to batch*.c. */
#ifndef ENITOP_BATCH_REPORT_H
#define ENITOP_BATCH_REPORT_H

#include "cli/options.h"

/* The accumulators behind one view. */
struct report {
	enum view_kind view;
	enum metric metric;
	struct accumulator *ranked; /* talkers, rejects, ports, timeline */
	struct accumulator
		*bins; /* ports: by row and column of the heatmap; trends: by group and time */
	struct accumulator *columns; /* ports: by column, where it is no time */
	struct flow_writer writer;
	struct flow_pick *pick; /* flows in an order of their own: written at the end */
	uint64_t limit;         /* 0: all */
	bool shared;            /* `ranked` is that of a report before */
};

/* Sets up the view number `n` of the options; those before it are. Flows begin to be written
 * to `out`. */
void report_init(struct report *all, unsigned n, const struct options *o, struct dict *d,
		 struct buf *out);
/* Adds the fields of records that the views under the filter read; false: any may be. */
bool reports_want(const struct options *o, const struct filter *f, struct field_set *out);
/* Whether bins are added up. */
bool report_is_series(const struct report *r);
/* Its accumulators, those that are not shared: the number of them, at most REPORT_RANKED. */
#define REPORT_RANKED 3
unsigned report_accumulators(const struct report *r, struct accumulator **out);

#endif
