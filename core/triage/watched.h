/* watched.h - SERIES that are watched for what is unusual: bytes of each interface and of each
 * internal server, and whatever filters say, in bins of log time.
 *
 * Bytes and packets of a record are spread over its interval, flows, refused ones and values count at
 * its end, as in the timeline. Sums of open bins are whole numbers, so that the order of records is
 * nothing to them; where every record of a bin is there twice, bytes count once. A bin is closed, and
 * judged, once it is complete; when there is too little room the oldest are closed before, and what
 * still comes of them is counted as late. Loop thread. */
#ifndef ENITOP_WATCHED_H
#define ENITOP_WATCHED_H

#include "decode/places.h"
#include "filter/filter.h"
#include "triage/spike.h"

#define WATCHED_MAX 32u        /* filters */
#define WATCHED_LEAST 262144u  /* bytes, however little room there is */

/* What is watched besides interfaces and servers. */
struct watched_filter {
	const char *text;      /* the filter as typed */
	struct filter *filter; /* borrowed */
	enum metric metric;    /* bytes, packets, flows, rejects or distinct */
	int field;             /* of distinct: a field of records */
	int64_t every;         /* seconds: 60, 600, 3600, 86400 */
	double z;
};

enum target_kind { TARGET_INTERFACE, TARGET_SERVER, TARGET_FILTER };

/* A series: what it is of. */
struct target {
	enum target_kind kind;
	uint32_t place;     /* the interface whose records it is of; PLACE_NONE: of all */
	uint8_t server[16]; /* TARGET_SERVER: served by this address */
	unsigned watch;     /* TARGET_FILTER: its number */
	uint64_t total;     /* of its bins, for the order of what is alike */
};

struct watched;

/* Of the rule, what the kind of target and the watch do not say. All are borrowed. `bytes` is what may
 * be held; rows later than `latest` are left out, and counted. */
struct watched *watched_new(const struct places *p, struct labels *l, const struct spike_rule *rule,
			    uint64_t bytes, int64_t latest);
void watched_free(struct watched *w);
/* `watch`, whose strings stay the caller's, is watched from now on. */
void watched_add(struct watched *w, const struct watched_filter *watch);
/* Nothing but filters is watched. */
void watched_alone(struct watched *w);
void watched_want(struct field_set *out);

/* Rows later than this are left out from now on. */
void watched_set_latest(struct watched *w, int64_t latest);

/* Rows first..first+n-1 of a published segment that were added to the places, those whose time is in
 * `span`. */
void watched_rows(struct watched *w, const struct segment *s, const struct dict *d, uint32_t first,
		  uint32_t n, struct span span);
/* Marks of the first n rows change, which were added: takes them out (sign -1, before) of all that
 * is by marks, servers and filters, and adds them again (1, behind). What is closed stays. */
void watched_remark(struct watched *w, const struct segment *s, const struct dict *d, uint32_t n,
		    int sign);
/* Of a bin that is closed: a point of the target with that number. */
typedef void watched_point_fn(void *ctx, uint32_t target, const struct spike_point *p);
void watched_on_point(struct watched *w, watched_point_fn *fn, void *ctx);
/* Closes the bins that are complete; the places are settled. */
void watched_close(struct watched *w);
/* In place of that, where more may come: judges what is complete as if it were closed, and leaves it
 * open, of filters up to a time; watched_findings() are of the last look that has ended. Goes on for
 * about so long; true while there is more. The places are settled. */
void watched_look_begin(struct watched *w, int64_t until);
bool watched_look(struct watched *w, uint64_t budget_ns);
/* The points of a target that are open and complete, told to `fn` as they are judged. */
void watched_points(const struct watched *w, uint32_t i, int64_t until, watched_point_fn *fn,
		    void *ctx);
/* Closes old ones until what is held fits, if it does not; settle the places before. */
bool watched_is_full(const struct watched *w);
void watched_make_room(struct watched *w);

/* Targets by number, in no order that means anything. Series that were never judged are NULL. */
uint32_t watched_count(const struct watched *w);
const struct target *watched_target(const struct watched *w, uint32_t i);
const struct spike_series *watched_series(const struct watched *w, uint32_t i);
const struct spike_rule *watched_rule(const struct watched *w, uint32_t i);
/* Its place among all, in an order that is the same however lines came; of those that are closed. */
uint32_t watched_rank(const struct watched *w, uint32_t i);
/* Whether it is worth showing: an interface, a filter, or a server at its own interface (or, where
 * that is not logged, at the one that carried most). */
bool watched_counts(const struct watched *w, uint32_t i);
/* Adds what it is called: "eni-1 (db-1 10.0.0.1)", "10.0.0.2", the filter. Not fit for a terminal. */
void watched_name(const struct watched *w, uint32_t i, struct buf *out);

/* What it is of as a filter; "": it is of all, or no filter's. */
const char *watched_filter(const struct watched *w, uint32_t i);
/* Its interface; "": it is of all. */
struct str watched_interface(const struct watched *w, uint32_t i);
/* Adds the address of a server, or the interface's own; nothing where it has none. */
void watched_address(const struct watched *w, uint32_t i, struct buf *out);

struct watched_doubts {
	/* For want of room, or of time for a regex: */
	uint64_t late;      /* sums of bins that were judged already */
	uint64_t dropped;   /* rows that are in no series, or not in all of theirs */
	uint64_t undecided; /* rows, of filters */
	/* For what they are: rows that are in no series, */
	uint64_t undated, future, nowhere; /* without a time, beyond the latest, of no interface */
	uint64_t unread;                   /* without a column that a metric is of */
};
const struct watched_doubts *watched_doubts(const struct watched *w);
size_t watched_bytes(const struct watched *w);

/* A finding of the rule spike. */
struct spike_finding {
	uint32_t target, rank;
	const struct spike *spike;
};
/* All there are now, in the order of `since`; the same thing seen at an interface and at a server
 * behind it once, and at the interface. The array is the caller's, what it points to valid until bins
 * are closed. */
size_t watched_findings(const struct watched *w, struct spike_finding **out);
/* Adds its sentence. */
void watched_finding_text(const struct watched *w, const struct spike_finding *f, struct buf *out);

#endif
