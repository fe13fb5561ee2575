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

/* ---- groups ---- */

struct key_parts {
	struct sql *s;
	int64_t width;                    /* of bins, seconds; 0: time is no part of the key */
	struct buf select, values, order; /* the parts of the key: as columns, by what, how */
};

static void add_part(struct key_parts *g, struct sql_key k)
{
	const char *between = g->s->engine == SQL_INSIGHTS ? ", " : ",\n  ";

	buf_printf(&g->select, "%s%s", g->select.n ? between : "", k.value);
	if (k.renamed)
		buf_printf(&g->select, " as %s", k.name);
	buf_printf(&g->order, "%s%s", g->order.n ? ", " : "", k.order);
}

static void group_by(struct key_parts *g)
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
			k = sql_named_key(s, &q->group, p);
		add_part(g, k);
		buf_printf(&g->values, "%s%s", g->values.n ? ", " : "", k.group);
	}
}

/* The bins that are in the window. */
static void only_bins(struct sql *s, int64_t width, struct buf *out)
{
	struct span span = sql_bounds(s->ask->query);
	const char *wide = sql_format(s, "%" PRId64, width), *where = "where";

	if (sql_since(s)) {
		buf_printf(out, "\nwhere bin >= %s", sql_say(s, SQL_QUOTIENT, "since", wide));
		where = "  and";
	}
	if (span.to != INT64_MAX)
		buf_printf(out, "\n%s bin <= %" PRId64, where, (span.to - 1) / width);
}

/* The records, with the parts of keys that have to be made, beside each bin that they run in. */
static void from_flows(struct sql *s, int64_t width, struct buf *out)
{
	bool plain = !width && !s->derived.n;
	const char *where = conditions(s, plain ? "" : "  ", width > 0), *began, *since;

	if (plain) {
		buf_printf(out, "\nfrom " TABLE "%s", where);
		return;
	}
	buf_printf(out, "\nfrom (select *%s", s->derived.n ? s->derived.s : "");
	if (width) {
		began = sql_began(s);
		buf_printf(out, ",\n    %s as began,\n    greatest(\"end\" - %s, 1) as duration",
			   began, began);
		since = sql_since(s);
		if (since)
			buf_printf(out, ",\n    %s as since", since);
	}
	buf_printf(out, "\n  from " TABLE "%s) as flows", where);
	if (!width)
		return;
	buf_printf(out, "\n%s", sql_say(s, SQL_BINS, sql_format(s, "%" PRId64, width)));
	only_bins(s, width, out);
}

static void order_and_limit(const struct sql *s, const struct key_parts *g, struct buf *out)
{
	const struct query *q = s->ask->query;
	bool insights = s->engine == SQL_INSIGHTS, timeline = q->rows == ROWS_TIMELINE;
	uint32_t limit = timeline ? 0 : q->limit;

	buf_puts(out, insights ? "\n| sort " : "\norder by ");
	if (timeline)
		buf_puts(out, "time");
	else
		buf_printf(out, "%s desc%s%s", sql_ranked_by(q), g->order.n ? ", " : "",
			   g->order.n ? g->order.s : "");
	if (limit || insights)
		buf_printf(out, "%slimit %" PRIu32, insights ? "\n| " : "\n",
			   limit ? limit : INSIGHTS_LIMIT);
}

static void grouped_sql(struct sql *s, struct key_parts *g, struct buf *out)
{
	const char *having = sql_having(s, g->width);

	buf_printf(out, "select %s%s%s", g->select.n ? g->select.s : "", g->select.n ? ",\n  " : "",
		   sql_counts(s, ",\n  ", g->width));
	from_flows(s, g->width, out);
	if (g->values.n)
		buf_printf(out, "\ngroup by %s", g->values.s);
	if (having)
		buf_printf(out, "\nhaving %s > 0", having);
	order_and_limit(s, g, out);
	if (g->width)
		sql_note(s, "bins in which nothing ran are left out");
}

static void grouped_insights(struct sql *s, struct key_parts *g, struct buf *out)
{
	const char *having = sql_having(s, 0);

	if (g->width)
		sql_note(s, "bytes and packets count whole at a record's end; a report spreads "
			    "them over its interval");
	buf_printf(out, "fields @timestamp%s\n| stats %s%s%s", conditions(s, "", false),
		   sql_counts(s, ", ", 0), g->select.n ? " by " : "",
		   g->select.n ? g->select.s : "");
	if (having)
		buf_printf(out, "\n| filter %s > 0", having);
	order_and_limit(s, g, out);
}

static void groups(struct sql *s, struct buf *out)
{
	struct key_parts g = { .s = s };

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

	sql_is_marked(s);
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
