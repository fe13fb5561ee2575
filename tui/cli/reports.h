/* reports.h - what batch prints: a report a view, of segments that are folded into all of them one
 * after the other and let go, so that the answers are exact for input of any size. Records as they
 * come are written as they come. */
#ifndef ENITOP_REPORTS_H
#define ENITOP_REPORTS_H

#include "cli/asserts.h"
#include "cli/finds.h"
#include "cli/held.h"
#include "cli/once.h"
#include "cli/options.h"
#include "cli/trusts.h"
#include "output/export.h"
#include "query/flow_pick.h"
#include "query/fold.h"

/* A view's report. */
struct report {
	const struct view *view;
	struct query query;
	unsigned asked;            /* its number in the folds; none where the view asks nothing */
	struct flow_writer writer; /* of records; */
	struct flow_pick *pick;    /* in an order of their own: written at the end */
};

/* Records that are read again, twice, to tell what is counted twice; beyond it that is not told. */
#define SECONDS_ROWS 300000u

struct reports {
	const struct options *o;
	struct monitor *monitor;
	struct filter *filter;
	struct folds *folds;
	uv_loop_t *loop;
	const struct field_set *wanted; /* of records that are read again; NULL: all */
	struct monitor *reading;        /* the monitor, or the one that reads again */
	unsigned readings;              /* of the input */
	bool changed;                   /* it was not the same each time */
	struct report report[OPTION_VIEWS_MAX];
	struct buf out;
	uint64_t *bits;
	struct held_list held; /* while some report is of records as they come */
	bool of_records;
	struct span span;
	bool broken;              /* nobody reads us any more */
	int write_error;          /* errno of it, where that is a fault */
	uint64_t undecided;       /* records of which the filter can't tell whether they count; */
	uint64_t undecided_again; /* the last time */
	struct once *once;   /* what second sightings are told by; NULL: they are not looked for */
	struct finds *finds; /* the findings; NULL: they are not asked for */
	struct once_counts counts; /* of what it tells */
	bool seconds_told;         /* those are of what was counted all the same */
	bool doubted;              /* an answer is not complete for what was read */
	struct buf said;           /* what makes it so, of formats that have no place for it */
	struct trusts *trusts;     /* what a report of trust rests on; NULL: none is asked for */
	bool arrive;               /* what is added has just come: all that was there was read */
	struct asserts *asserts;   /* judged by them; NULL: there are none */
};

/* The fields of records that the options' views read; false: any may be read. */
bool reports_want(const struct options *o, struct filter *f, struct field_set *out);

/* Of the options' views, over the monitor's segments inside `span`; all of them stay the
 * caller's. */
void reports_init(struct reports *r, const struct options *o, uv_loop_t *loop, struct monitor *m,
		  struct filter *f, struct span span);
void reports_release(struct reports *r);

/* Adds a segment, which is freed when it was read unless it is `kept`. */
void reports_add(struct reports *r, struct segment *s, bool kept);
/* Adds one that was added before, for what the folds still want of it (folds_go_on). */
void reports_add_again(struct reports *r, struct segment *s, bool kept);
/* Tells how many of the records that were counted are second sightings, if what was read is little
 * and can be had again. Before the end; `monitor` has read all. */
void reports_count_seconds(struct reports *r);
/* Whether one of the options' views is that of trust. */
bool reports_show_trust(const struct options *o);
/* Reads the options' assertions, once there are labels; false with a message. */
bool reports_assert(struct reports *r);
/* Judges them, if another minute is complete; `complete` as below. */
void reports_judge(struct reports *r, bool complete);
/* Reads what waits for others. */
void reports_let_go(struct reports *r);
/* Lets go of a segment, unless somebody else keeps it. */
void reports_drop(struct reports *r, struct segment *s, bool kept);
/* All was read, and trust is looked at. Second sightings are told when all interfaces are known: by what
 * is read again, if it is little. */
void reports_settle_trust(struct reports *r);
/* Writes what is formatted. */
void reports_flush(struct reports *r);
/* Writes all that is open. `complete`: all that was asked for was read. */
void reports_end(struct reports *r, bool complete);

#endif
