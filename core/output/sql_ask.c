/* sql_ask.c - see sql_ask.h. The innermost statement has of each record its time `t`, when it began,
 * what it adds to sums, and the parts of its key: k0, k1, ...; the one around it has its bins. */
#include "output/sql_ask.h"

#include <inttypes.h>
#include <errno.h>
#include <stdio.h>

#include "output/export_load.h"
#include "output/sql_private.h"
#include "output/sql_ask_key.h"
#include "query/accumulator.h"
#include "query/bulk.h"

/* A statement that is put together. */
struct sql_asking {
	struct sql s;
	const struct sql_asked *q;
	struct buf out;
};

static struct sql_asking begin(const struct sql_asked *q, char *error, size_t size)
{
	struct sql_asking a = { .s = { .engine = SQL_CLICKHOUSE, .error = error, .size = size },
				.q = q };

	error[0] = '\0';
	return a;
}

/* What a note would have said is no answer either. */
static int end(struct sql_asking *a, struct buf *out)
{
	const char *note = a->s.notes.n ? a->s.notes.s : NULL;

	if (note && !a->s.error[0])
		sql_refuse(&a->s, "the answer would differ: %.*s", (int)strcspn(note + 3, "\n"),
			   note + 3);
	if (!a->s.error[0])
		buf_printf(out, "%s\nformat JSONCompact", a->out.s);
	buf_release(&a->out);
	sql_release(&a->s);
	return a->s.error[0] ? -ENOTSUP : 0;
}

static bool has(const struct sql_asking *a, int field)
{
	return a->q->question.server->has.has[field];
}

/* 0 where a record has none, or the table no such column. */
static const char *amount(struct sql_asking *a, int field)
{
	return has(a, field)
		       ? sql_format(&a->s, "toUInt64(ifNull(%s, 0))", sql_column(&a->s, field))
		       : "toUInt64(0)";
}

/* That a record matches, status rows aside unless the filter names them: 0 or 1. */
static const char *matches(struct sql_asking *a)
{
	struct sql *s = &a->s;
	const struct filter *f = a->q->question.query->filter;
	const char *where = sql_where(s, f);

	if (where)
		where = sql_format(s, "coalesce(%s, 0)", where);
	if ((f && f->names_status) || !has(a, FIELD_LOG_STATUS))
		return where ? where : "1";
	return sql_format(s, "%s%s%s", where ? where : "", where ? " and " : "",
			  sql_say(s, SQL_NO_STATUS, sql_column(s, FIELD_LOG_STATUS)));
}

static const char *is_flow(struct sql_asking *a)
{
	return has(a, FIELD_LOG_STATUS)
		       ? sql_say(&a->s, SQL_NO_STATUS, sql_column(&a->s, FIELD_LOG_STATUS))
		       : "1";
}

/* `word` is how it goes on. The table may be in the order of the second form, which then bounds what
 * is read. */
static void add_since(struct sql_asking *a, const char *word, int64_t from)
{
	if (from != INT64_MIN)
		buf_printf(&a->out, " %s \"end\" >= %" PRId64 " and ifNull(\"end\", 0) >= %" PRId64,
			   word, from, from);
}

static void add_before(struct sql_asking *a, const char *word, int64_t to)
{
	if (to != INT64_MAX)
		buf_printf(&a->out, " %s \"end\" < %" PRId64 " and ifNull(\"end\", 0) < %" PRId64,
			   word, to, to);
}

static void add_window(struct sql_asking *a)
{
	struct span w = a->q->window;

	add_since(a, "and", w.from);
	add_before(a, "and", w.to);
	if (w.dated_only && w.from == INT64_MIN && w.to == INT64_MAX)
		buf_puts(&a->out, " and \"end\" is not null");
}

static const char *began(struct sql_asking *a)
{
	const char *start = has(a, FIELD_START) ? "\"start\"" : "\"end\"";

	return sql_format(&a->s,
			  "coalesce(if(%s < \"end\" and \"end\" - %s <= %d, %s, \"end\"), "
			  "\"end\")",
			  start, start, SPREAD_MAX_S, start);
}

/* ---- sums ---- */

/* What a record adds: of asked_sum. */
static void add_amounts(struct sql_asking *a)
{
	bool sides = a->q->question.server->sides;
	const char *bytes = amount(a, FIELD_BYTES);
	const char *action = has(a, FIELD_ACTION) ? "ifNull(action, '')" : "''";

	buf_printf(
		&a->out,
		",\n    %s as a_bytes, %s as a_packets,\n    %s as a_sent,\n    %s + %s + %s + %s "
		"as a_lost,\n    %s as a_action, %s as a_guess",
		bytes, amount(a, FIELD_PACKETS),
		sides ? sql_format(&a->s, "if(" LOAD_FROM_SERVER " = 1, toUInt64(0), %s)", bytes)
		      : "toUInt64(0)",
		amount(a, FIELD_PACKETS_LOST_NO_ROUTE), amount(a, FIELD_PACKETS_LOST_BLACKHOLE),
		amount(a, FIELD_PACKETS_LOST_MTU_EXCEEDED),
		amount(a, FIELD_PACKETS_LOST_TTL_EXPIRED), action, sides ? LOAD_GUESS : "0");
}

static const char *const amounts[] = { "a_bytes", "a_packets", "a_sent", "a_lost" };

/* ---- when there is something ---- */

int sql_ask_newest(const struct sql_asked *q, int64_t ceiling, struct buf *out, char *error,
		   size_t size)
{
	struct sql_asking a = begin(q, error, size);

	a.s.ask = &q->question;
	buf_printf(&a.out, "select coalesce(max(\"end\"), 0) from %s where \"end\" <= %" PRId64,
		   q->question.server->table, ceiling);
	return end(&a, out);
}

int sql_ask_beyond(const struct sql_asked *q, struct buf *out, char *error, size_t size)
{
	struct sql_asking a = begin(q, error, size);
	const char *table = q->question.server->table;

	a.s.ask = &q->question;
	buf_printf(&a.out, "select (select count() from (select 1 from %s where 1", table);
	add_before(&a, "and", q->window.from != INT64_MIN ? q->window.from : 0);
	buf_printf(&a.out, " limit 1)), (select count() from (select 1 from %s where 1", table);
	add_since(&a, "and", q->window.to != INT64_MAX ? q->window.to : INT64_MAX);
	buf_puts(&a.out, " limit 1))");
	return end(&a, out);
}

/* Each record with `t`, `started`, whether it is a flow, matches and ends in the window. */
static void extent_records(struct sql_asking *a)
{
	struct sql *s = &a->s;
	struct span w = a->q->window;
	const char *in = "\"end\" is not null";

	if (w.to != INT64_MAX)
		in = sql_format(s, "coalesce(\"end\" < %" PRId64 ", 0)", w.to);
	else if (w.from == INT64_MIN && !w.dated_only)
		in = "1";
	buf_printf(&a->out,
		   "(select \"end\" as t, %s as started,\n    %s as flow, %s as matching,\n"
		   "    %s as inside, %s as status",
		   began(a), is_flow(a), matches(a), in,
		   has(a, FIELD_LOG_STATUS) ? "coalesce(log_status, '')" : "''");
	add_amounts(a);
	buf_printf(&a->out, "\n  from %s where 1", a->q->question.server->table);
	add_since(a, "and", w.from);
	add_before(a, "and", w.to != INT64_MAX ? w.to + SPREAD_MAX_S : w.to);
	buf_putc(&a->out, ')');
}

int sql_ask_extent(const struct sql_asked *q, struct buf *out, char *error, size_t size)
{
	struct sql_asking a = begin(q, error, size);
	struct span w = q->window;
	const char *last = "t", *runs = "matching";

	a.s.ask = &q->question;
	if (w.to != INT64_MAX) {
		last = sql_format(&a.s, "least(t, %" PRId64 ")", w.to - 1);
		runs = sql_format(&a.s, "matching and started < %" PRId64, w.to);
	}
	buf_printf(
		&a.out,
		"select intDiv(t, %" PRId64 ") as bucket,\n"
		"  countIf(flow and inside), minIf(t, flow and inside), maxIf(t, flow and inside),\n"
		"  countIf(matching and inside), minIf(t, matching and inside),\n"
		"  maxIf(t, matching and inside), minIf(started, matching and inside),\n"
		"  minIf(t, inside), maxIf(t, inside), min(started),\n"
		"  countIf(%s), minIf(started, %s), maxIf(%s, %s),\n"
		"  countIf(inside and status = 'NODATA'), countIf(inside and status = 'SKIPDATA'),\n"
		"  sum(if(matching and inside, a_bytes, toUInt64(0))),\n"
		"  sum(if(matching and inside, a_packets, toUInt64(0))),\n"
		"  sum(if(matching and inside, a_lost, toUInt64(0))),\n"
		"  countIf(matching and inside and a_action = 'ACCEPT'),\n"
		"  countIf(matching and inside and a_action = 'REJECT'),\n"
		"  max(toFloat64(greatest(a_bytes, a_packets))),\n"
		"  sum(toFloat64(greatest(a_bytes, a_packets)))\nfrom ",
		BULK_BUCKET_S, runs, runs, last, runs);
	extent_records(&a);
	buf_puts(&a.out, "\ngroup by bucket with totals\norder by bucket");
	return end(&a, out);
}

/* The sums of whole records, with `if` of those that meet a condition. */
static void add_sums(struct sql_asking *a, const char *only)
{
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++)
		buf_printf(&a->out, "sum(if(%s, %s, toUInt64(0))), ", only, amounts[i]);
	buf_printf(
		&a->out,
		"\n  countIf(%s), countIf(%s and a_action = 'ACCEPT'), countIf(%s and a_action = "
		"'REJECT'), countIf(%s and a_guess = 1)",
		only, only, only, only);
}

/* The records that count, with their keys and amounts, and `more` columns. */
static void add_records(struct sql_asking *a, const struct group *g, const char *more)
{
	buf_printf(&a->out, "(select \"end\" as t%s", more);
	add_amounts(a);
	for (unsigned p = 0; p < g->n; p++)
		buf_printf(&a->out, ",\n    %s as k%u", sql_ask_key(&a->s, g, p), p);
	if (a->q->question.query->metric == METRIC_DISTINCT)
		buf_printf(&a->out, ",\n    %s as d",
			   sql_ask_key(&a->s, &a->q->question.query->distinct, 0));
	buf_printf(&a->out, "\n  from %s where %s", a->q->question.server->table, matches(a));
}

static void add_keys(struct sql_asking *a, const struct group *g)
{
	for (unsigned p = 0; p < g->n; p++)
		buf_printf(&a->out, "%sk%u", p ? ", " : "", p);
}

/* ---- rankings ---- */

static const char *metric_sum(enum metric m, const char *only, struct sql *s)
{
	static const char *const sums[METRICS] = {
		[METRIC_BYTES] = "sum(if(%s, a_bytes, toUInt64(0)))",
		[METRIC_PACKETS] = "sum(if(%s, a_packets, toUInt64(0)))",
		[METRIC_FLOWS] = "countIf(%s)",
		[METRIC_REJECTS] = "countIf(%s and a_action = 'REJECT')",
		[METRIC_LOST] = "sum(if(%s, a_lost, toUInt64(0)))",
	};
	const char *as = sums[metric_base(m)];
	size_t at = as ? strcspn(as, "%") : 0;

	if (m == METRIC_DISTINCT)
		return "uniqExact(d)";
	if (!as) {
		sql_refuse(s, "a server can't rank by %s", metric_name(m));
		return "";
	}
	return sql_format(s, "%.*s%s%s", (int)at, as, only, as + at + 2);
}

/* As compare.c has them: amounts on both sides, their rates, and the word for the change. */
struct sides_of_mark {
	const char *before, *after, *was, *is;
};

static struct sides_of_mark sides_of_mark(struct sql_asking *a)
{
	struct sql *s = &a->s;
	const struct compare *c = &a->q->compare;
	enum metric m = a->q->question.query->metric;
	const char *old = sql_format(s, "t < %" PRId64, c->mark);
	struct sides_of_mark x = { .before = metric_sum(m, old, s) };

	x.after = sql_format(s, "(%s - %s)", metric_sum(m, "1", s), x.before);
	x.was = sql_format(s, "toFloat64(%s) / %" PRId64 " * %u", x.before, c->before_s,
			   metric_scale(m));
	x.is = sql_format(s, "toFloat64(%s) / %" PRId64 " * %u", x.after, c->after_s,
			  metric_scale(m));
	return x;
}

static const char *change(struct sql_asking *a, const struct sides_of_mark *x)
{
	struct sql *s = &a->s;
	const char *old = sql_format(s, "countIf(t < %" PRId64 ")", a->q->compare.mark);

	return sql_format(
		s,
		"multiIf(%s = 0 or (%s = 0 and %s > 0), %d, count() = %s or (%s > 0 and %s = 0), "
		"%d, %s = 0, %d, %s >= %s * %d, %d, %s * %d <= %s, %d, %d)",
		old, x->before, x->after, CHANGE_NEW, old, x->before, x->after, CHANGE_GONE,
		x->before, CHANGE_SAME, x->is, x->was, COMPARE_FACTOR, CHANGE_GROWN, x->is,
		COMPARE_FACTOR, x->was, CHANGE_SHRUNK, CHANGE_SAME);
}

static void rank_by_change(struct sql_asking *a)
{
	const struct query *q = a->q->question.query;
	struct sides_of_mark x = sides_of_mark(a);

	buf_printf(&a->out, "\nhaving 1");
	if (metric_wants_some(q->metric))
		buf_printf(&a->out, " and %s > 0", metric_sum(q->metric, "1", &a->s));
	if (q->mark.only != CHANGES)
		buf_printf(&a->out, " and %s = %d", change(a, &x), q->mark.only);
	buf_printf(&a->out, "\norder by abs(%s - %s) desc", x.is, x.was);
}

static void rank(struct sql_asking *a)
{
	const struct query *q = a->q->question.query;
	const char *by;

	if (q->mark.ranks && compare_is_possible(&a->q->compare)) {
		if (q->metric == METRIC_DISTINCT)
			sql_refuse(&a->s, "a server does not compare distinct values");
		rank_by_change(a);
	} else {
		by = metric_sum(q->metric, "1", &a->s);
		if (metric_wants_some(q->metric))
			buf_printf(&a->out, "\nhaving %s > 0", by);
		buf_printf(&a->out, "\norder by %s desc", by);
	}
	for (unsigned p = 0; p < q->group.n; p++)
		buf_printf(&a->out, ", k%u asc nulls first", p);
	if (q->limit)
		buf_printf(&a->out, "\nlimit %" PRIu32, q->limit);
}

int sql_ask_rows(const struct sql_asked *q, struct buf *out, char *error, size_t size)
{
	struct sql_asking a = begin(q, error, size);
	const struct query *query = q->question.query;

	a.s.ask = &q->question;
	buf_puts(&a.out, "select ");
	add_keys(&a, &query->group);
	buf_puts(&a.out, ",\n  ");
	add_sums(&a, "1");
	buf_printf(&a.out, ",\n  min(t), max(t), %s",
		   query->metric == METRIC_DISTINCT ? "uniqExact(d)" : "toUInt64(0)");
	if (q->compare.mark != INT64_MIN) {
		buf_puts(&a.out, ",\n  ");
		add_sums(&a, sql_format(&a.s, "t < %" PRId64, q->compare.mark));
	}
	buf_puts(&a.out, "\nfrom ");
	add_records(&a, &query->group, "");
	add_window(&a);
	buf_puts(&a.out, ")\ngroup by ");
	add_keys(&a, &query->group);
	buf_puts(&a.out, " with totals");
	rank(&a);
	return end(&a, out);
}

/* ---- bins ---- */

/* Of `whole`, what comes to it until a record has run `elapsed` seconds of `dur`. */
static const char *had(struct sql *s, const char *whole, const char *elapsed)
{
	return sql_format(s, "intDiv(%s, dur) * %s + intDiv((%s %% dur) * %s, dur)", whole, elapsed,
			  whole, elapsed);
}

/* A time, not before and not behind the window's ends. */
static const char *within(struct sql_asking *a, const char *t, const char *least, int64_t end,
			  int64_t none)
{
	return end == none ? t : sql_format(&a->s, "%s(%s, %" PRId64 ")", least, t, end);
}

/* Which bin a time is in; behind `array join` nothing may be NULL. */
static const char *bin_of(struct sql_asking *a, const char *t)
{
	return sql_format(&a->s, "toUInt64(intDiv(ifNull(%s, 0), %" PRId64 "))", t, a->q->width);
}

/* Each record once a bin that it runs in, with how long it had run before and behind it. */
static void add_binned(struct sql_asking *a)
{
	struct span w = a->q->window;
	struct sql *s = &a->s;
	const char *begins = sql_format(s, "toInt64(bin) * %" PRId64, a->q->width);
	const char *ends = sql_format(s, "(toInt64(bin) + 1) * %" PRId64, a->q->width);
	const char *first = within(a, "started", "greatest", w.from, INT64_MIN);
	const char *last = within(a, "t", "least", w.to - 1, INT64_MAX - 1);

	buf_puts(&a->out, "(select ");
	add_keys(a, &a->q->question.query->group);
	buf_printf(&a->out,
		   "%sbin, a_bytes, a_packets, a_sent, a_lost, a_action, a_guess, dur,\n"
		   "    %s = bin%s as ends,\n"
		   "    toUInt64(least(greatest(%s - started, 0), toInt64(dur))) as low,\n"
		   "    toUInt64(least(greatest(%s - started, 0), toInt64(dur))) as high\n"
		   "  from (select *, toUInt64(greatest(t - started, 1)) as dur\n  from ",
		   a->q->question.query->group.n ? ", " : "", bin_of(a, "t"),
		   w.to != INT64_MAX ? sql_format(s, " and t < %" PRId64, w.to) : "",
		   within(a, begins, "greatest", w.from, INT64_MIN),
		   within(a, ends, "least", w.to, INT64_MAX));
	add_records(a, &a->q->question.query->group,
		    sql_format(s, ",\n    %s as started", began(a)));
	add_since(a, "and", w.from);
	add_before(a, "and", w.to != INT64_MAX ? w.to + SPREAD_MAX_S : w.to);
	buf_puts(&a->out, " and \"end\" is not null)");
	if (w.to != INT64_MAX)
		buf_printf(&a->out, " where started < %" PRId64, w.to);
	buf_printf(&a->out,
		   ")\n  array join arrayMap(i -> toUInt64(i) + %s, range(toUInt64(%s + 1 - %s))) "
		   "as bin)",
		   bin_of(a, first), bin_of(a, last), bin_of(a, first));
}

int sql_ask_bins(const struct sql_asked *q, const char *only, struct buf *out, char *error,
		 size_t size)
{
	struct sql_asking a = begin(q, error, size);
	const struct query *query = q->question.query;
	struct query rows = *query;
	struct sql_asked asked = *q;

	if (query->rows == ROWS_TIMELINE)
		rows.group = (struct group){ .n = 0 };
	asked.question.query = &rows;
	a.q = &asked;
	a.s.ask = &asked.question;
	if (query->metric == METRIC_DISTINCT)
		sql_refuse(&a.s, "distinct values are not asked of a server by time");
	buf_puts(&a.out, "select ");
	add_keys(&a, &rows.group);
	buf_printf(&a.out, "%sbin", rows.group.n ? ", " : "");
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++)
		buf_printf(&a.out, ",\n  sum(%s - (%s))", had(&a.s, amounts[i], "high"),
			   had(&a.s, amounts[i], "low"));
	buf_puts(&a.out,
		 ",\n  countIf(ends), countIf(ends and a_action = 'ACCEPT'), countIf(ends and "
		 "a_action = 'REJECT'), sum(high - low)\nfrom ");
	add_binned(&a);
	if (only)
		buf_printf(&a.out, "\nwhere %s", only);
	buf_puts(&a.out, "\ngroup by ");
	add_keys(&a, &rows.group);
	buf_printf(&a.out, "%sbin with totals\norder by bin", rows.group.n ? ", " : "");
	return end(&a, out);
}

/* ---- records ---- */

static void add_order(struct sql_asking *a, const struct flow_order *o)
{
	struct group key = { .field = { o->field }, .n = 1 };
	const char *end = "\"end\"";
	bool dated = o->field == FIELD_NONE || o->field == FIELD_BIN;

	buf_printf(&a->out, "\norder by %s%s nulls last", dated ? end : sql_ask_key(&a->s, &key, 0),
		   o->ascending || o->field == FIELD_NONE ? " asc" : " desc");
	if (!dated)
		buf_printf(&a->out, ", %s desc nulls last", end);
	for (int f = 0; f < FIELDS_PUBLISHED; f++)
		if (has(a, f))
			buf_printf(&a->out, ", %s asc nulls first", sql_column(&a->s, f));
}

int sql_ask_records(const struct sql_asked *q, struct buf *out, char *error, size_t size)
{
	struct sql_asking a = begin(q, error, size);
	const struct query *query = q->question.query;

	a.s.ask = &q->question;
	buf_puts(&a.out, "select ");
	for (int f = 0, n = 0; f < FIELDS_PUBLISHED; f++)
		if (has(&a, f))
			buf_printf(&a.out, "%s%s", n++ ? ", " : "", sql_column(&a.s, f));
	if (q->question.server->sides)
		buf_puts(&a.out, ", " LOAD_FROM_SERVER ", " LOAD_GUESS);
	buf_printf(&a.out, "\nfrom %s where %s", q->question.server->table, matches(&a));
	add_window(&a);
	add_order(&a, &query->sort);
	if (query->limit)
		buf_printf(&a.out, "\nlimit %" PRIu32, query->limit);
	return end(&a, out);
}
