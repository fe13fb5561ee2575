/* sql.c - whole statements: see sql.h. */
#include "output/sql.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "output/sql_private.h"

#define TABLE "vpc_flow_logs"
#define INSIGHTS_LIMIT 10000u

/* ---- which records ---- */

struct conditions {
	struct sql *s;
	const char *indent; /* of a statement within another */
	struct buf text;
};

static void add_condition(void *ctx, const char *condition)
{
	struct conditions *c = ctx;

	buf_printf(&c->text, "\n%s%s%s", c->indent,
		   c->s->engine == SQL_INSIGHTS ? "| filter "
		   : c->text.n                  ? "  and "
						: "where ",
		   condition);
}

static const char *conditions(struct sql *s, const char *indent, bool series)
{
	const struct filter *f = s->ask->query->filter;
	struct conditions c = { .s = s, .indent = indent };
	const char *where = sql_where(s, f);

	if (where)
		add_condition(&c, where);
	if (!f || !f->names_status)
		add_condition(&c, sql_say(s, SQL_NO_STATUS, sql_column(s, FIELD_LOG_STATUS)));
	sql_window(s, series, add_condition, &c);
	return sql_take(s, &c.text);
}

/* ---- what is counted ---- */

/* Of a record that is spread over bins, what of `whole` is in one of them: rounded down up to its
 * end, less what was up to its beginning. */
static const char *share(struct sql *s, const char *whole, int64_t width)
{
	const char *to = sql_format(s, "least((bin + 1) * %" PRId64 " - began, duration)", width);
	const char *from = sql_format(s, "greatest(bin * %" PRId64 " - began, 0)", width);

	return sql_format(
		s, "%s - %s",
		sql_say(s, SQL_QUOTIENT, sql_format(s, "(%s) * %s", whole, to), "duration"),
		sql_say(s, SQL_QUOTIENT, sql_format(s, "(%s) * %s", whole, from), "duration"));
}

static const char *lost(struct sql *s)
{
	static const int fields[] = { FIELD_PACKETS_LOST_NO_ROUTE, FIELD_PACKETS_LOST_BLACKHOLE,
				      FIELD_PACKETS_LOST_MTU_EXCEEDED,
				      FIELD_PACKETS_LOST_TTL_EXPIRED };
	struct buf out = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		buf_printf(&out, "%scoalesce(%s, 0)", i ? " + " : "", sql_column(s, fields[i]));
	return sql_take(s, &out);
}

/* Bins of `width` seconds; 0: none. */
struct counts {
	struct sql *s;
	int64_t width;
	const char *ends_here; /* that the record ends in the bin */
	struct buf out;
	const char *between;
};

static const char *sum(struct counts *c, const char *what)
{
	return sql_say(c->s, SQL_SUM, c->width ? share(c->s, what, c->width) : what);
}

static const char *rejects(struct counts *c)
{
	const char *refused = sql_say(c->s, SQL_REFUSED);

	return sql_say(c->s, SQL_COUNT_IF,
		       c->width ? sql_format(c->s, "%s and %s", refused, c->ends_here) : refused);
}

/* A part of a key. What no column is called as is named by an inner statement, so that the outer
 * one can group by the name. */
static struct sql_key named_key(struct sql *s, const struct group *g, unsigned part)
{
	struct sql_key k = sql_key(s, g, part);
	const char *as;

	if (!k.derived || s->engine == SQL_INSIGHTS)
		return k;
	as = sql_format(s, ",\n    %s as %s", k.value, k.name);
	if (!s->derived.n || !strstr(s->derived.s, as))
		buf_puts(&s->derived, as);
	k.value = k.name;
	k.renamed = false;
	return k;
}

/* How many distinct values; those of a bin are of the records that end in it. */
static const char *distinct(struct counts *c, const struct group *of)
{
	struct sql_key k = named_key(c->s, of, 0);

	return sql_say(c->s, SQL_DISTINCT,
		       c->width ? sql_say(c->s, SQL_IF, c->ends_here, k.value, "null") : k.value);
}

static void count(struct counts *c, const char *what, const char *name)
{
	buf_printf(&c->out, "%s%s as %s", c->out.n ? c->between : "", what, name);
}

/* What rows are ranked by. A rate ranks as its sum does. */
static const char *ranked_by(const struct query *q)
{
	enum metric m = metric_base(q->metric);

	return q->metric == METRIC_DISTINCT ? "distinct_values"
	       : m == METRIC_BYTES          ? "sum_bytes"
	       : m == METRIC_PACKETS        ? "sum_packets"
					    : metric_name(m);
}

static void count_rate(struct counts *c, const struct query *q)
{
	int64_t seconds = sql_seconds(c->s);
	const char *of = ranked_by(q), *name = metric_name(q->metric);

	if (!seconds) {
		sql_note(c->s, "%s is %s over the seconds of the data: the window is open", name,
			 of);
		return;
	}
	of = strcmp(of, "sum_bytes") == 0     ? sum(c, "bytes")
	     : strcmp(of, "sum_packets") == 0 ? sum(c, "packets")
	     : strcmp(of, "rejects") == 0     ? rejects(c)
					      : "count(*)";
	count(c, sql_format(c->s, "%s * %s / %" PRId64, of, "1.0", seconds),
	      sql_format(c->s, "%.*s_per_s", (int)strcspn(name, "/"), name));
}

static struct counts counts_begin(struct sql *s, const char *between, int64_t width)
{
	struct counts c = { .s = s, .width = width, .between = between };

	if (width)
		c.ends_here = sql_format(s, "bin = %s",
					 sql_say(s, SQL_QUOTIENT, sql_column(s, FIELD_END),
						 sql_format(s, "%" PRId64, width)));
	return c;
}

static const char *counts(struct sql *s, const char *between, int64_t width)
{
	const struct query *q = s->ask->query;
	struct counts c = counts_begin(s, between, width);

	count(&c, sum(&c, "bytes"), "sum_bytes");
	count(&c, sum(&c, "packets"), "sum_packets");
	count(&c, width ? sql_say(s, SQL_COUNT_IF, c.ends_here) : "count(*)", "flows");
	count(&c, rejects(&c), "rejects");
	if (q->metric == METRIC_LOST)
		count(&c, sum(&c, lost(s)), "lost");
	if (q->metric == METRIC_DISTINCT) {
		count(&c, distinct(&c, &q->distinct), "distinct_values");
		if (s->engine == SQL_INSIGHTS)
			sql_note(s, "count_distinct is an estimate where there are many values");
	}
	if (metric_is_rate(q->metric) && q->rows != ROWS_TIMELINE)
		count_rate(&c, q);
	return sql_take(s, &c.out);
}

/* Only what was refused, lost something, or has a value is ranked by that. */
static bool wants_some(const struct query *q)
{
	return q->rows != ROWS_TIMELINE &&
	       (metric_base(q->metric) == METRIC_REJECTS || q->metric == METRIC_LOST ||
		q->metric == METRIC_DISTINCT);
}

/* ---- groups ---- */

struct grouping {
	struct sql *s;
	int64_t width;                    /* of bins, seconds; 0: time is no part of the key */
	struct buf select, values, order; /* the parts of the key: as columns, by what, how */
};

static void add_part(struct grouping *g, struct sql_key k)
{
	const char *between = g->s->engine == SQL_INSIGHTS ? ", " : ",\n  ";

	buf_printf(&g->select, "%s%s", g->select.n ? between : "", k.value);
	if (k.renamed)
		buf_printf(&g->select, " as %s", k.name);
	buf_printf(&g->order, "%s%s", g->order.n ? ", " : "", k.order);
}

static void group_by(struct grouping *g)
{
	struct sql *s = g->s;
	const struct query *q = s->ask->query;
	const char *width, *bin = "bin";

	if (query_is_by_time(q))
		g->width = sql_bin_width(s);
	width = sql_format(s, "%" PRId64, g->width);
	if (g->width && s->engine == SQL_INSIGHTS)
		bin = sql_say(s, SQL_QUOTIENT, sql_column(s, FIELD_END), width);
	for (unsigned p = 0; p < q->group.n; p++) {
		struct sql_key k = {
			.name = "time", .order = "time", .group = bin, .renamed = true
		};
		if (q->group.field[p] == FIELD_BIN)
			k.value = sql_say(s, SQL_TIME, sql_format(s, "%s * %s", bin, width));
		else
			k = named_key(s, &q->group, p);
		add_part(g, k);
		buf_printf(&g->values, "%s%s", g->values.n ? ", " : "", k.group);
	}
}

/* The bins that are in the window. */
static void only_bins(struct sql *s, int64_t width, struct buf *out)
{
	struct span span = sql_bounds(s->ask->query);
	const char *newest = sql_newest(s);

	if (newest)
		buf_printf(out, "\nwhere bin >= %s",
			   sql_say(s, SQL_QUOTIENT,
				   sql_format(s, "(%s - %" PRId64 ")", newest,
					      s->ask->query->window_s - 1),
				   sql_format(s, "%" PRId64, width)));
	else if (span.from != INT64_MIN)
		buf_printf(out, "\nwhere bin >= %" PRId64, span.from / width);
	if (span.to != INT64_MAX)
		buf_printf(out, "\n%s bin <= %" PRId64, span.from != INT64_MIN ? "  and" : "where",
			   (span.to - 1) / width);
}

/* The records, with the parts of keys that have to be made, beside each bin that they run in. */
static void from_flows(struct sql *s, int64_t width, struct buf *out)
{
	bool plain = !width && !s->derived.n;
	const char *where = conditions(s, plain ? "" : "  ", width > 0), *began;

	if (plain) {
		buf_printf(out, "\nfrom " TABLE "%s", where);
		return;
	}
	buf_printf(out, "\nfrom (select *%s", s->derived.n ? s->derived.s : "");
	if (width) {
		began = sql_began(s);
		buf_printf(out, ",\n    %s as began,\n    greatest(\"end\" - %s, 1) as duration",
			   began, began);
	}
	buf_printf(out, "\n  from " TABLE "%s) as flows", where);
	if (!width)
		return;
	buf_printf(out, "\n%s", sql_say(s, SQL_BINS, sql_format(s, "%" PRId64, width)));
	only_bins(s, width, out);
}

static void order_and_limit(const struct sql *s, const struct grouping *g, struct buf *out)
{
	const struct query *q = s->ask->query;
	bool insights = s->engine == SQL_INSIGHTS, timeline = q->rows == ROWS_TIMELINE;
	uint32_t limit = timeline ? 0 : q->limit;

	buf_puts(out, insights ? "\n| sort " : "\norder by ");
	if (timeline)
		buf_puts(out, "time");
	else
		buf_printf(out, "%s desc%s%s", ranked_by(q), g->order.n ? ", " : "",
			   g->order.n ? g->order.s : "");
	if (limit || insights)
		buf_printf(out, "%slimit %" PRIu32, insights ? "\n| " : "\n",
			   limit ? limit : INSIGHTS_LIMIT);
}

static void grouped_sql(struct sql *s, struct grouping *g, struct buf *out)
{
	const struct query *q = s->ask->query;
	struct counts c = counts_begin(s, "", g->width);

	buf_printf(out, "select %s%s%s", g->select.n ? g->select.s : "", g->select.n ? ",\n  " : "",
		   counts(s, ",\n  ", g->width));
	from_flows(s, g->width, out);
	if (g->values.n)
		buf_printf(out, "\ngroup by %s", g->values.s);
	if (wants_some(q))
		buf_printf(out, "\nhaving %s > 0",
			   q->metric == METRIC_DISTINCT ? distinct(&c, &q->distinct)
			   : q->metric == METRIC_LOST   ? sum(&c, lost(s))
							: rejects(&c));
	order_and_limit(s, g, out);
	if (g->width)
		sql_note(s, "bins in which nothing ran are left out");
}

static void grouped_insights(struct sql *s, struct grouping *g, struct buf *out)
{
	const struct query *q = s->ask->query;

	if (g->width)
		sql_note(s, "bytes and packets count whole at a record's end; a report spreads "
			    "them over its interval");
	buf_printf(out, "fields @timestamp%s\n| stats %s%s%s", conditions(s, "", false),
		   counts(s, ", ", 0), g->select.n ? " by " : "", g->select.n ? g->select.s : "");
	if (wants_some(q))
		buf_printf(out, "\n| filter %s > 0", ranked_by(q));
	order_and_limit(s, g, out);
}

static void groups(struct sql *s, struct buf *out)
{
	struct grouping g = { .s = s };

	group_by(&g);
	if (s->ask->query->bins.kind == BINS_HEAT)
		sql_note(s, "rows without their bins: --view talkers --group service,time has "
			    "those, a row each");
	if (s->engine == SQL_INSIGHTS)
		grouped_insights(s, &g, out);
	else
		grouped_sql(s, &g, out);
	buf_release(&g.select);
	buf_release(&g.values);
	buf_release(&g.order);
}

/* ---- records ---- */

static void add_column(struct sql *s, int field, struct buf *out)
{
	const char *end = sql_column(s, FIELD_END);

	if (field == FIELD_BIN)
		buf_printf(out, "%s as time", sql_say(s, SQL_TIME, end));
	else if (field < FIELDS_PUBLISHED)
		buf_puts(out, sql_column(s, field));
	else {
		struct group g = { .field = { field }, .n = 1 };
		struct sql_key k = sql_key(s, &g, 0);
		buf_printf(out, "%s as %s", k.value, k.name);
	}
}

/* By a value, what lacks it last, equal ones newest first. */
static void flow_order(struct sql *s, const struct flow_order *o, struct buf *out)
{
	const char *end = sql_column(s, FIELD_END), *way = o->ascending ? "" : " desc";
	bool insights = s->engine == SQL_INSIGHTS;

	buf_puts(out, insights ? "\n| sort " : "\norder by ");
	if (o->field == FIELD_NONE)
		sql_note(s, "a report has records as they come; here the newest are first");
	if (o->field == FIELD_PAIR)
		sql_refuse(s, "--sort pair is an order of two addresses: sort by one of them");
	if (o->field == FIELD_NONE || o->field == FIELD_BIN || o->field == FIELD_END) {
		buf_printf(out, "%s%s", end, o->field == FIELD_NONE ? " desc" : way);
		return;
	}
	buf_printf(out, "%s%s%s, %s desc",
		   sql_order(s, field_type(o->field), sql_value(s, o->field)), way,
		   insights ? "" : " nulls last", end);
}

static void records(struct sql *s, struct buf *out)
{
	const struct query *q = s->ask->query;
	const struct flow_columns *c = s->ask->columns;
	bool insights = s->engine == SQL_INSIGHTS;

	buf_puts(out, insights ? "fields " : "select ");
	if (!c || !c->n)
		buf_puts(out, insights ? "@timestamp, @message" : "*");
	for (unsigned i = 0; c && i < c->n; i++) {
		buf_puts(out, i ? ", " : "");
		add_column(s, c->field[i], out);
	}
	buf_printf(out, "%s%s", insights ? "" : "\nfrom " TABLE, conditions(s, "", false));
	flow_order(s, &q->sort, out);
	if (q->limit || insights)
		buf_printf(out, "%slimit %" PRIu32, insights ? "\n| " : "\n",
			   q->limit ? q->limit : INSIGHTS_LIMIT);
}

int sql_print(enum sql_engine e, const struct sql_question *q, struct buf *out, char *error,
	      size_t size)
{
	struct sql s = { .engine = e, .ask = q, .error = error, .size = size };
	struct buf text = { 0 };

	error[0] = '\0';
	if (q->note)
		sql_note(&s, "%s", q->note);
	if (q->query->rows == ROWS_RECORDS)
		records(&s, &text);
	else
		groups(&s, &text);
	if (!error[0]) {
		buf_add_str(out, buf_str(&s.notes));
		buf_add_str(out, buf_str(&text));
		buf_puts(out, e == SQL_INSIGHTS ? "\n" : ";\n");
	}
	buf_release(&text);
	sql_release(&s);
	return error[0] ? -ENOTSUP : 0;
}
