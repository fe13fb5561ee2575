/* trust_facts.h - what there is to say of a log beside its minutes: which questions its columns can
 * answer and which they can't, what no flow log has, and what was counted of how it came. */
#ifndef ENITOP_TRUST_FACTS_H
#define ENITOP_TRUST_FACTS_H

#include "labels/labels.h"
#include "triage/trust.h"
#include "triage/witnesses.h"

struct trust_facts {
	const struct trust *trust;
	struct labels *labels; /* NULL: no names */
	bool has_format;
	struct field_set has;        /* columns that every format met has */
	const struct format *format; /* the one that was met last; borrowed */
	bool many_formats;
	uint64_t records; /* that were looked at */
	bool doubles_counted, doubles_about;
	uint64_t doubles; /* exact duplicates */
	bool seconds_counted;
	uint64_t seconds, seconds_undecided; /* second sightings */
	bool delay_live;                     /* behind the clock; else behind the newest end */
	int64_t delay_median, delay_slowest; /* seconds; -1: not known */
	struct witnesses *witnesses;         /* NULL: they were not looked for */
};

/* Adds what a format has to what all have. */
void trust_facts_format(struct trust_facts *f, const struct format *format);

/* What a log may be asked that goes by its columns. */
struct trust_question {
	const char *question; /* "who asked" */
	const char *columns;  /* "tcp-flags" or "pkt-srcaddr pkt-dstaddr" */
};
const struct trust_question *trust_questions(size_t *n);
/* Whether the log answers it. */
bool trust_answers(const struct trust_facts *f, const struct trust_question *q);
/* Adds "${reject-reason} ${az-id}": the columns that would answer the others; nothing: all are
 * there. */
void trust_add_columns(const struct trust_facts *f, struct buf *out);
/* Adds the whole --log-format of a flow log that has them besides its own. */
void trust_add_log_format(const struct trust_facts *f, struct buf *out);

/* What AWS never logs, i-th; NULL behind the last. */
const char *trust_never(size_t i);

/* Add "exact duplicates (as of two flow logs): 0 of 278 records", "second sightings by another
 * interface: ..", "delivery: median 1m14s, ..", with what was not counted too; nothing, where nothing is
 * known. */
void trust_say_doubles(const struct trust_facts *f, struct buf *out);
void trust_say_seconds(const struct trust_facts *f, struct buf *out);
void trust_say_delay(const struct trust_facts *f, struct buf *out);

/* The name that labels have of an interface or of its own address; empty: none. */
struct str trust_name(const struct trust_facts *f, const struct trust_row *r);

#endif
