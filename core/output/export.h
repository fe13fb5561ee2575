/* export.h - results and flows as table, csv, json, ndjson, raw lines and OCSF events: one row of a
 * table a format (export.c). The only writer of data as text: batch, stream and the
 * screen's export say the same. Tables never hold a byte that could move a terminal;
 * csv, json and raw are exact. */
#ifndef ENITOP_EXPORT_H
#define ENITOP_EXPORT_H

#include "monitor/monitor.h"
#include "query/answer.h"
#include "store/flow_columns.h"
#include "triage/trust_facts.h"

enum output {
	OUTPUT_TABLE,
	OUTPUT_CSV,
	OUTPUT_JSON,
	OUTPUT_NDJSON,
	OUTPUT_RAW,
	OUTPUT_OCSF,
	OUTPUT_CLICKHOUSE, /* rows to be loaded */
	OUTPUTS
};

const char *output_name(enum output o);
int output_find(struct str name); /* -1: none */
/* Whether it can only give records: raw lines, OCSF events, rows to be loaded. */
bool output_is_flows_only(enum output o);

/* What surrounds the rows in a report. */
#define EXPORT_LINK_OUT "link leads out of the folder that was named, not followed: --follow-links"
#define EXPORT_LINKS_OUT "links lead out of the folder that was named, not followed: --follow-links"

struct export_context {
	const char *title; /* what the report is called: "talkers" */
	const char *where; /* the filter as typed */
	struct input_counts input;
	struct field_set uses; /* the fields of records that the answer is made of: query_uses() */
	bool complete;
	const char *mark_label;          /* "" or NULL: none */
	int64_t clock_s;                 /* what lag is counted from */
	const struct prices *prices;     /* what costs are by; NULL: nothing is priced */
	const struct trust_facts *trust; /* of its view; NULL: not known */
	const struct flow_columns
		*columns; /* of records, those that were chosen; NULL: none were */
};

/* A ranked, ports or timeline answer, written in pieces: there may be millions of rows. Beside the
 * tally a row has its share of the
 * total in percent, sent (client to server) and received where the group is oriented,
 * accepts, first and last seen, what it is ranked by: "distinct", or a rate a second
 * ("bytes/s"), and "guessed", the flows of which it is a guess which side serves. Shares and
 * rates are decimal numbers, rounded to three places; a pair is an array of two in json,
 * "10.0.0.1 <> 10.0.0.2" elsewhere. Where the heaviest groups are kept only, rows have "error",
 * what they may lack at most of what they are ranked by. Where the result has bins, json
 * has them as an array, table and csv as a digit each (1 to 9, '.' nothing): they are sums,
 * of bytes for bytes/s, of flows for distinct values. Not for outputs of flows only. */
struct report_writer;

/* Both are borrowed. */
struct report_writer *report_begin(enum output o, struct answer *a, const struct export_context *c);
/* Adds a piece of it, a few milliseconds of work; true while there is more. The columns of a table
 * are as wide as its widest row, so that its rows are gone through twice. */
bool report_step(struct report_writer *w, struct buf *out);
/* Rows that were added so far. */
uint32_t report_rows(const struct report_writer *w);
void report_free(struct report_writer *w);
/* Adds what stands around the rows of a report as one JSON object, without them: the formats that
 * are a row a line have no place for it. */
void report_around(const struct result *r, const struct export_context *c, struct buf *out);
/* Adds the first `limit` sources of a monitor (0: all), a row each, in the order of the
 * screen: those with trouble first. A table is followed by their malformed lines, json and
 * ndjson have those and the columns of the formats as arrays. Not for those of flows only.
 * Returns whether it is complete, which the exit status tells: no field is asked for. */
bool export_sources(enum output o, const struct monitor *m, uint64_t limit,
		    const struct export_context *c, struct buf *out);

/* What the log proves: the first `limit` interfaces (0: all, of a table 20 of those that lack nothing),
 * worst first. A table is followed by what the log can prove and what is doubtful, json has that as
 * an object "trust". Returns whether it is complete. */
bool export_trust(enum output o, const struct monitor *m, uint64_t limit,
		  const struct export_context *c, struct buf *out);

/* Flows one by one. Table, csv and raw repeat their header when the format changes, table
 * and csv not when the columns are chosen; raw has none while the lines are in AWS's default
 * format and is as delivered, whatever is chosen. */
struct flow_writer {
	enum output output;
	const struct flow_columns *columns; /* NULL: each row as its format has it */
	uint64_t format;                    /* of the last row: its serial; 0: none */
	uint64_t limit;                     /* rows to write; 0: all */
	uint64_t rows;
	uint64_t left_out; /* status rows, which OCSF has no event for */
	/* csv, json and ndjson have a column `sighting` of it, 1 or 2, unless columns are chosen; NULL:
	 * it is not told. */
	unsigned (*sighting)(void *ctx, const struct segment *s, uint32_t row);
	void *sighting_ctx;
	bool only_counts;    /* flow_writer_rows() writes none: the caller does, in its order */
	struct tally totals; /* of all that flow_writer_rows() met, limit or not */
};

/* `c` is borrowed; NULL or empty: none chosen. */
void flow_writer_begin(struct flow_writer *w, enum output o, const struct flow_columns *c,
		       uint64_t limit, struct buf *out);
/* Writes those of the rows first..first+n-1 that have their bit (bit 0 is row 0) and their time
 * in the span. */
void flow_writer_rows(struct flow_writer *w, const struct segment *s, const struct dict *d,
		      uint32_t first, uint32_t n, const uint64_t *bits, struct span span,
		      struct buf *out);
void flow_writer_row(struct flow_writer *w, const struct segment *s, const struct dict *d,
		     uint32_t row, struct buf *out);
/* `r` has the window, totals and metric of what was written; its rows are not used. */
void flow_writer_end(struct flow_writer *w, const struct result *r, const struct export_context *c,
		     struct buf *out);

#endif
