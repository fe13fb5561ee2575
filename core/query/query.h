/* query.h - what is asked of flows: which of them, grouped by what, ranked by what, with what
 * beside each row. A pane, a report, an export and a statement for another engine each hold
 * one; its answer is a struct result. */
#ifndef ENITOP_QUERY_H
#define ENITOP_QUERY_H

#include "filter/filter.h"

#define GROUP_MAX 8

/* What groups are ranked by. A rate is the total over the seconds of the result's window:
 * ranking is by the total, so that it is exact. METRIC_DISTINCT is the number of distinct
 * values of another part ("distinct:dstport"), which is given beside it. */
enum metric {
	METRIC_BYTES,
	METRIC_PACKETS,
	METRIC_FLOWS,
	METRIC_REJECTS,
	METRIC_LOST,
	METRIC_COST,
	METRIC_BYTES_RATE,
	METRIC_BITS_RATE,
	METRIC_PACKETS_RATE,
	METRIC_FLOWS_RATE,
	METRIC_REJECTS_RATE,
	METRIC_DISTINCT,
	METRICS
};

/* The parts of a key. Initialise it with designators: what is not named is zero. */
struct group {
	int field[GROUP_MAX]; /* field ids, derived ones included */
	unsigned n;
	/* Prefix lengths of address fields, IPv4 and IPv6; 0: the whole address. Both are
	 * 0 in a part that is no network. */
	uint8_t bits[GROUP_MAX][2];
};

/* A half-open range of record times, in seconds. Undated rows are in it unless it is dated_only,
 * as every window with a limit is. */
struct span {
	int64_t from, to; /* INT64_MIN, INT64_MAX: no limit */
	bool dated_only;
};

/* How many of the rows 0..rows-1 that have their bit set are in the span. */
uint64_t span_count(const struct segment *s, const uint64_t *bits, uint32_t rows, struct span span);
/* The same of those that have their bit in both (NULL: no others have one). */
uint64_t span_count_both(const struct segment *s, const uint64_t *bits, const uint64_t *others,
			 uint32_t rows, struct span span);
/* How many bytes of the same rows (bits NULL: of every flow) have a charge that can't be told: 0 where none are charged. */
uint64_t span_unpriced(const struct segment *s, const uint64_t *bits, uint32_t rows,
		       struct span span);
/* What is asked for from one time to another: undated rows are in it where neither limits it. */
struct span span_between(int64_t from, int64_t to);
/* The last `seconds` (0: all) of a span, which ends behind log time at the latest: a second that
 * is log time is in it. INT64_MIN: log time is not known, and there is nothing for a window
 * to follow. Never to < from. */
struct span span_window(struct span limits, int64_t seconds, int64_t now);
bool span_equal(struct span a, struct span b);

/* Whether a record of this time (INT64_MIN: undated) is in it. */
static inline bool span_holds(struct span s, int64_t time)
{
	return time == INT64_MIN ? !s.dated_only : time >= s.from && time < s.to;
}

/* The order of records, by a field's value: numbers by size, addresses and text by their
 * bytes; records without a value come last either way, equal ones newest first. */
struct flow_order {
	int field; /* FIELD_BIN: by time. A published, unknown or derived field */
	bool ascending;
};

/* What became of a row's rate behind a mark: see compare.h. */
enum change {
	CHANGE_SAME,
	CHANGE_NEW,    /* nothing before */
	CHANGE_GONE,   /* nothing after */
	CHANGE_GROWN,  /* COMPARE_FACTOR times the rate, or more */
	CHANGE_SHRUNK, /* a COMPARE_FACTOR-th of it, or less */
	CHANGES
};

/* A moment that rows are compared around. */
struct mark {
	int64_t time;     /* epoch seconds; INT64_MIN: none */
	bool ranks;       /* rows are ranked by their change, where both sides have data */
	enum change only; /* and only those with this change are rows; CHANGES: all */
};

/* What stands beside each row: how its amounts are spread over time, or over the values of
 * a field. */
struct bins {
	enum {
		BINS_NONE,
		BINS_TREND, /* a curve, for some rows on show */
		BINS_HEAT   /* cells, each an answer of its own */
	} kind;
	int field;     /* of heat: FIELD_BIN is time; of others the values with most are bins */
	unsigned most; /* bins of time there may be, those of a group by time too */
	bool listed;   /* heat: a table has a line a cell */
};

/* As many bins as a timeline, a heatmap and a trend have at most: a record of a minute meets
 * every bin of its minute, and a table of keys pays for each. */
#define TIMELINE_BINS 256
#define HEAT_BINS 128
#define TREND_BINS 64

struct query {
	struct filter *filter; /* NULL: every flow. Not owned */
	struct span span;      /* of record times */
	int64_t window_s;      /* of the span only the last seconds before log time; 0: all */
	/* The rows: groups, ranked by the metric; groups in the order of time, which is the
	 * only part of their key; or the records themselves, in their order. */
	enum { ROWS_RANKED, ROWS_TIMELINE, ROWS_RECORDS } rows;
	struct group group;
	enum metric metric;
	struct group distinct; /* of METRIC_DISTINCT: the part whose values are counted */
	struct mark mark;
	struct flow_order sort; /* of records; field FIELD_NONE: as they come */
	uint32_t limit;         /* rows; 0: all */
	struct bins bins;
	bool priced; /* what bytes cost is added up, in place of packets lost (charges.h) */
	bool once; /* second sightings (second.h) do not count; of records it is told which they are */
};

/* Every flow at any time, without a mark or an order, by bytes: to begin an initializer. */
#define QUERY_ALL \
	.span = { INT64_MIN, INT64_MAX, false }, .mark = { .time = INT64_MIN, .only = CHANGES }, \
	.sort = { .field = FIELD_NONE }

struct query query_all(void);
/* Whether time is among the parts of its groups. */
bool query_is_by_time(const struct query *q);
/* What a report has beside the rows of a ranking: a curve, or nothing. How wide the bins of a group
 * by time are goes by it too. */
struct bins query_report_bins(const struct query *q, bool trend);
/* Adds the fields of records that answering reads; false: any may be read. */
bool query_wants(const struct query *q, struct field_set *out);

/* Adds the fields of records by whose values the answer is what it is: those of its filter, its
 * keys, its metric and its order, of records those of their totals, and times where it is of a
 * span, of bins or of a mark. */
void query_uses(const struct query *q, struct field_set *out);

/* "bytes", "bytes/s"; METRIC_DISTINCT is "distinct". */
const char *metric_name(enum metric m);
int metric_find(struct str name); /* -1: none; not METRIC_DISTINCT */
/* "bytes", "flows/s", "distinct:dstport", "distinct:srcaddr/24" -> metric and, for
 * METRIC_DISTINCT, the one part to count (else distinct->n is 0). 0, or a negative error
 * as of group_parse with the offending text in *bad; -ENOENT: no metric. */
int metric_parse(struct str text, enum metric *m, struct group *distinct, struct str *bad);
/* Adds what metric_parse reads: "distinct:dstport". */
void metric_title(enum metric m, const struct group *distinct, struct buf *out);
bool metric_is_rate(enum metric m);
/* Whether most groups may have nothing of it, and then have no rank. */
bool metric_wants_some(enum metric m);
/* What a rate has of each unit of its base: 8 bits of a byte, else 1. */
unsigned metric_scale(enum metric m);
/* What is added up for `m`: bytes for bytes/s; flows for METRIC_DISTINCT, which no sum
 * has. Series and heatmaps show this. */
enum metric metric_base(enum metric m);
/* "client,server,service", "srcaddr/24", "pair" -> group. `field/N` with N up to 32 is
 * IPv4 networks of that length and IPv6 ones of /64; with N above 32 IPv6 networks and
 * whole IPv4 addresses; `field/24/56` gives both. 0, or with the offending part in *bad:
 * -EINVAL no such field, -E2BIG more than GROUP_MAX, -ERANGE no such prefix length,
 * -ENOTSUP a prefix length of what is no address, -EEXIST a part that was there before. */
int group_parse(struct str names, struct group *g, struct str *bad);
/* Adds what an error of group_parse or metric_parse means: "unknown field 'dstprt'". */
void group_complain(int error, struct str bad, struct buf *out);
bool group_equal(const struct group *a, const struct group *b);
/* Whether `part` of `of` is among the parts of g. */
bool group_has(const struct group *g, const struct group *of, unsigned part);
enum field_type group_part_type(const struct group *g, unsigned part);
/* Adds a part as group_parse reads it, "srcaddr/24"; all of them, commas apart. */
void group_part_name(const struct group *g, unsigned part, struct buf *out);
void group_name(const struct group *g, struct buf *out);
/* Whether rows have two sides, so that sent and received mean something: a client, server,
 * service or pair is among the parts. */
bool group_is_oriented(const struct group *g);
/* Adds the fields of records that adding up by the group reads; false: any may be read. */
bool group_wants(const struct group *g, struct field_set *out);

const char *change_name(enum change c); /* "new" */
int change_find(struct str name);       /* -1: none */

#endif
