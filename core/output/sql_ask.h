/* sql_ask.h - what a server of ClickHouse's is asked so that its answer is that of a report: statements
 * whose columns a program reads (JSONCompact), in a total order. */
#ifndef ENITOP_SQL_ASK_H
#define ENITOP_SQL_ASK_H

#include "output/sql.h"
#include "query/compare.h"

/* The window is told in seconds of log time, before the rows are asked for. */
struct sql_asked {
	struct sql_question question; /* its server is there */
	struct span window;
	struct compare compare; /* of rows that are ranked by their change; else not possible */
	int64_t width;          /* of bins, seconds: a power of 2 */
};

/* Sums, in the order of columns: $ is what a record has. A bin has of the spread ones its share; its
 * last is the seconds that the records last in it. */
enum asked_sum {
	ASKED_BYTES,
	ASKED_PACKETS,
	ASKED_SENT,
	ASKED_LOST, /* those before are spread over bins */
	ASKED_FLOWS,
	ASKED_ACCEPTS,
	ASKED_REJECTS,
	ASKED_GUESSED,
	ASKED_SUMS
};

/* What an extent has for each three days, of records: status rows aside unless it is said. */
enum extent_column {
	EXTENT_BUCKET, /* of 2^18 s; NULL: without a time */
	EXTENT_FLOWS,  /* in the window, whatever the filter, */
	EXTENT_FIRST,  /* the first of them */
	EXTENT_LAST,
	EXTENT_MATCHING, /* of those that match */
	EXTENT_MATCHING_FIRST,
	EXTENT_MATCHING_LAST,
	EXTENT_MATCHING_BEGAN,
	EXTENT_SOME_FIRST, /* status rows too */
	EXTENT_SOME_LAST,
	EXTENT_SOME_BEGAN,  /* and what ends behind the window */
	EXTENT_BAR_RECORDS, /* that match and run in it */
	EXTENT_BAR_FIRST,
	EXTENT_BAR_LAST,
	EXTENT_NODATA,
	EXTENT_SKIPDATA,
	EXTENT_BYTES, /* whole ones, of those that match and end in it */
	EXTENT_PACKETS,
	EXTENT_LOST,
	EXTENT_ACCEPTS,
	EXTENT_REJECTS,
	EXTENT_MOST, /* of bytes or packets of one record, about */
	EXTENT_SUM,  /* the same of all */
	EXTENT_COLUMNS
};

/* Each adds a statement; 0, or -ENOTSUP with what can't be said in `error`. */

/* One row: the time of the newest record that is not behind the ceiling; 0: none. */
int sql_ask_newest(const struct sql_asked *q, int64_t ceiling, struct buf *out, char *error,
		   size_t size);
/* One row: whether there are records before the window, and behind it. */
int sql_ask_beyond(const struct sql_asked *q, struct buf *out, char *error, size_t size);
/* A row for each three days: extent_column; and totals. */
int sql_ask_extent(const struct sql_asked *q, struct buf *out, char *error, size_t size);
/* The rows of a ranking: parts of the key, sums, first and last seen, distinct values, sums before the
 * mark where there is one; and totals. Addresses are 32 hexadecimal digits, networks so without
 * their length, pairs two of them ('-' for none) with a blank between. */
int sql_ask_rows(const struct sql_asked *q, struct buf *out, char *error, size_t size);
/* Bins: parts of the key, the number of the bin, sums; and totals. `only` is a
 * condition on the key's parts k0, k1, ...; NULL: all. Of a timeline there are no parts. */
int sql_ask_bins(const struct sql_asked *q, const char *only, struct buf *out, char *error,
		 size_t size);
/* Records: the table's published fields in the order of FIELDS, and where it has those which side serves
 * and whether that is a guess. Those that no order is asked for are in that of time. */
int sql_ask_records(const struct sql_asked *q, struct buf *out, char *error, size_t size);

#endif
