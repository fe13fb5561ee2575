/* trust.h - TRUST: what a log proves of each interface, minute by minute. A record covers every
 * minute from its start to its end; what a log should have of an interface between its first and
 * last minute, and has not, is missing: not even NODATA was written.
 *
 * Between two records whose times are those of packets there may be nearly two intervals with
 * nothing missing, and before the first of an interface; between others there is less than one.
 * Loop thread. */
#ifndef ENITOP_TRUST_H
#define ENITOP_TRUST_H

#include "decode/places.h"
#include "query/query.h"

enum trust_mark {
	TRUST_LOST,    /* SKIPDATA: records of then are lost */
	TRUST_MISSING, /* nothing */
	TRUST_RECORDS,
	TRUST_NODATA,  /* logged, no traffic */
	TRUST_TO_COME, /* too early: its records may still come */
	TRUST_MARKS
};
/* "records"; '='. */
const char *trust_mark_name(enum trust_mark m);
char trust_mark_letter(enum trust_mark m);

/* Which kinds of records there are of it: the "traffic type" of a flow log. */
enum trust_type { TRUST_TYPE_UNKNOWN, TRUST_TYPE_ACCEPT, TRUST_TYPE_REJECT, TRUST_TYPE_ALL };
const char *trust_type_name(enum trust_type t); /* "?", "ACCEPT", ... */

/* Minutes since the epoch, both inside; from > to: none. */
struct trust_minutes {
	int64_t from, to;
};

struct trust_row {
	uint32_t place;
	bool never;    /* it is in the inventory, and in no record */
	bool merged;   /* it had more gaps than are kept: none of it is provable */
	uint64_t logs; /* those that it is in, and what hangs together with them: a bit each */
	struct trust_minutes span; /* of them, in the window */
	int64_t complete;          /* the last minute of which nothing is to come */
	uint64_t minutes[TRUST_MARKS];
	uint64_t judged,
		provable; /* minutes up to that one; of those with records or NODATA alone */
	enum trust_type type;
};

/* Sums over rows. */
struct trust_sums {
	uint64_t interfaces, expected, never; /* expected: in the inventory */
	uint64_t seen;                        /* of all interfaces those with records */
	uint64_t minutes[TRUST_MARKS], judged, provable;
	uint64_t with_lost, with_missing; /* interfaces */
};

struct trust {
	const struct places *places;
	struct span asked;
	struct trust_minutes span;
	int64_t complete_s; /* up to this second all is there; INT64_MIN: not known */
	enum trust_type type;
	struct trust_row *row; /* worst first */
	size_t n;
	struct trust_sums all;
	uint64_t dropped; /* records of interfaces that were too many */
};

/* What the places, which were settled, prove of the times in the span. They must stay as they are
 * while it is used; release it. */
void trust_make(const struct places *p, struct span span, struct trust *out);
void trust_release(struct trust *t);

/* Of rows whose interface matches the glob (`*` is anything, in any case); empty: of all. */
void trust_sum(const struct trust *t, struct str glob, struct trust_sums *out);
bool trust_matches(const struct trust *t, const struct trust_row *r, struct str glob);
const struct interface *trust_place(const struct trust *t, const struct trust_row *r);

/* Minutes with records or NODATA of those that are neither lost, missing nor either, in hundredths of
 * a percent, rounded down unless it is all of them; -1: there are none. */
int trust_logged(const struct trust_sums *s);
int trust_row_logged(const struct trust_row *r);
/* The same of provable minutes of those judged. */
int trust_provable(const struct trust_sums *s);

struct trust_run {
	enum trust_mark mark;
	int64_t from, to; /* minutes, both inside */
};

/* The stretches of one mark of a row, one after the other. */
struct trust_walk {
	const struct trust *trust;
	const struct trust_row *row;
	const struct interface *e;
	int64_t at;                      /* the next minute */
	int64_t first, newest, interval; /* of its logs */
	size_t record, traffic, nodata, lost;
	struct trust_run held; /* what comes next; */
	bool holds;            /* if it is known */
};
void trust_walk_begin(struct trust_walk *w, const struct trust *t, const struct trust_row *r);
bool trust_walk_next(struct trust_walk *w, struct trust_run *out);

/* Stretches of minutes in which some interface that is in records has the mark: in order, apart from
 * each other, *n of them; NULL: none. The caller frees it. */
struct trust_minutes *trust_anywhere(const struct trust *t, enum trust_mark m, size_t *n);

/* How many minutes a letter stands for. */
enum trust_grain {
	TRUST_FITS,   /* as many as have room for all of them */
	TRUST_MINUTE, /* one; of the newest, where there is no room for all */
	TRUST_HOUR,   /* of the clock; the same */
	TRUST_GRAINS
};

struct trust_cells {
	int64_t from, each; /* minutes */
	int n;              /* letters */
};
/* In at most so many letters. */
struct trust_cells trust_cells(const struct trust *t, enum trust_grain g, int most);
/* The minutes of a row in c.n letters and a NUL, each the worst of its minutes; blanks where a row's
 * log does not reach. */
void trust_marks(const struct trust *t, const struct trust_row *r, struct trust_cells c, char *out);
/* The minutes of the whole in so many letters and a NUL. Returns how many: no more than minutes. */
int trust_strip(const struct trust *t, const struct trust_row *r, char *out, int cells);
/* How many minutes are behind a letter of so many. */
int64_t trust_minutes_a_mark(const struct trust *t, int cells);

#endif
