/* slow.h - the plain twin: lines split at blanks, values kept as text, groups by sorting.
 * No columns, no codes, no batches. What the fast decoder and the accumulators say is
 * held against it. */
#ifndef ENITOP_TESTS_SLOW_H
#define ENITOP_TESTS_SLOW_H

#include "query/accumulator.h"

/* What was found out of a flow already, as it is asked again and again. */
struct slow_known {
	enum { TOLD_NOT_YET, TOLD_NO, TOLD_YES } serves; /* the source */
	struct {
		int is; /* a number: the same */
		uint64_t number;
	} column[];
};

struct slow_flow {
	const struct format *format;
	char **value; /* as delivered */
	struct slow_known *known;
};

struct slow {
	struct slow_flow *flow; /* status rows included */
	size_t n, cap, malformed;
};

struct slow_row {
	char *key; /* values in canonical text, '|' apart */
	struct tally tally;
	uint64_t distinct;
	int64_t first, last; /* of dated flows; first > last: none */
};

struct slow_rows {
	struct slow_row *row; /* sorted by key */
	size_t n;
	struct tally total;
	uint64_t distinct; /* in all rows together */
};

/* Adds every line of `text`, all in one format. */
void slow_read(struct slow *s, const struct format *f, struct str text);
/* Reads so many segments of 400 random records, five minutes apart from 1700000000 on,
 * and returns a ring of the same; ring_free_all() it. */
struct ring *slow_ring(struct slow *s, unsigned segments, uint64_t seed);
void slow_release(struct slow *s);

/* What a value of a number type means; false: nothing. slow_reading.c. */
bool slow_number(enum field_type type, const char *text, uint64_t *out);
/* Whether the value as delivered is none that its field can have; of a status row -1 is none at
 * all. */
bool slow_is_unreadable(const struct slow_flow *f, int field);
/* A value in canonical text, "-" when absent; client, server, service and labels too. */
void slow_value(const struct slow_flow *f, int field, struct buf *out);
/* The value as delivered, "-" when absent; client, server, service too. */
const char *slow_raw(const struct slow_flow *f, int field);
/* A part of a group: networks and pairs too; FIELD_BIN in seconds. */
void slow_part(const struct slow_flow *f, const struct group *g, unsigned part, unsigned bin_shift,
	       struct buf *out);
/* `end`, else `start`, in seconds; INT64_MIN: none. */
int64_t slow_time(const struct slow_flow *f);
/* OK, or no status at all. */
bool slow_is_flow(const struct slow_flow *f);

typedef bool slow_match(const struct slow_flow *f);

/* What slow_group counts from now on: the one part of `g`; NULL: nothing. */
void slow_count(const struct group *g);
/* Whether series have, from now on, what records that end behind the span had before its end. */
void slow_overlaps(bool on);
/* Groups the flows that match (NULL: all) and whose time is in the span; what they had before it
 * is in no bin. */
void slow_group(const struct slow *s, const struct group *g, slow_match *match, struct span span,
		unsigned bin_shift, struct slow_rows *out);
/* What the row of that key has; none: nothing. */
struct tally slow_find(const struct slow_rows *r, const char *key);
void slow_rows_release(struct slow_rows *r);

/* The same rows of an accumulator. */
void slow_rows_of(const struct accumulator *a, struct slow_rows *out);
/* Fails the test where they differ. */
void slow_compare(const struct slow_rows *slow, const struct slow_rows *fast);

#endif
