/* sql_private.h - what the files of a statement share: fields, conditions, time. */
#ifndef ENITOP_SQL_PRIVATE_H
#define ENITOP_SQL_PRIVATE_H

#include "filter/filter_ast.h"
#include "output/sql_phrase.h"
#include "query/accumulator.h"

/* ---- sql_field.c ---- */

/* The column of a published field, as it stands in the table: '-' may be in it. */
const char *sql_column(struct sql *s, int field);
/* The same; what stands for client, server, service, scope and the like is NULL where it is
 * absent. */
const char *sql_field(struct sql *s, int field);
/* A field whose value is NULL wherever it is absent. */
const char *sql_value(struct sql *s, int field);
/* Whether a field's expression is a column of text, in which '-' stands for what is absent. */
bool sql_has_dashes(int field);
/* Whether a field is a scope, and the condition that it is "internal": of both sides for the
 * scope of a flow. */
bool sql_is_scope(int field);
const char *sql_is_internal(struct sql *s, int field);

/* A part of a key: its values, how its column is called, and what orders it as enitop orders
 * keys, commas apart. */
struct sql_key {
	const char *value, *name, *order;
	const char *group; /* what stands for it behind `group by` */
	bool renamed;      /* it is to be called so: the value is no column of that name, */
	bool derived;      /* but an expression that no column is called as */
};

/* Not of time. */
struct sql_key sql_key(struct sql *s, const struct group *g, unsigned part);
/* What orders values of a type, no pairs, as enitop orders them. */
const char *sql_order(struct sql *s, enum field_type type, const char *value);

/* ---- sql_address.c ---- */

/* That an address is in the range, both ends included. */
const char *sql_between(struct sql *s, const char *address, const uint8_t from[16],
			const uint8_t to[16]);

/* ---- sql_count.c ---- */

/* A part of a key, named by an inner statement (`derived`) where no column is called as it is, so
 * that the outer one can group by the name. */
struct sql_key sql_named_key(struct sql *s, const struct group *g, unsigned part);
/* Sums and counts, each with its name, with `between` between them; of bins of `width` seconds,
 * where it is not 0. */
const char *sql_counts(struct sql *s, const char *between, int64_t width);
/* Whether there is a mark; refuses what has no sides of one in a statement. */
bool sql_is_marked(struct sql *s);
/* The name of what rows are ranked by. */
const char *sql_ranked_by(const struct query *q);
/* What has to be above 0, for only what was refused, lost something or has a value is ranked by
 * that; NULL: every group is a row. */
const char *sql_having(struct sql *s, int64_t width);

/* ---- sql_where.c ---- */

/* The condition that a filter is; NULL: every record meets it. */
const char *sql_where(struct sql *s, const struct filter *f);
const char *sql_number(struct sql *s, uint64_t v);

/* ---- sql_regex.c ---- */

/* Whether the engine takes the pattern, and finds by it what PCRE2 finds. Else what it can't take,
 * "look-around". */
bool sql_regex_fits(enum sql_engine e, const char *pattern, const char **what);

/* ---- sql_time.c ---- */

/* What is known of a question's window without the data. */
struct span sql_bounds(const struct query *q);
/* Adds the conditions that the question's window is, each through `add`. Of series the records
 * that run in it, else those that end in it. */
void sql_window(struct sql *s, bool series, void (*add)(void *ctx, const char *condition),
		void *ctx);
/* The time of the newest record, where the window ends with it; NULL: it does not. */
const char *sql_newest(struct sql *s);
/* The first second of the question's window; NULL: it has none. */
const char *sql_since(struct sql *s);
/* When a record began that is spread over bins; its end where it is not. */
const char *sql_began(struct sql *s);
/* Seconds a bin of the question's series. */
int64_t sql_bin_width(struct sql *s);
/* Of a rate: the seconds of the window; 0: not known before all is read. */
int64_t sql_seconds(const struct sql *s);

#endif
