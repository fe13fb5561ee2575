/* sql_count.c - what a statement counts of the records of a group. */
#include <inttypes.h>
#include <string.h>

#include "output/sql_private.h"

/* Of a record that is spread over bins, what of `whole` is in one of them, and in the window: rounded
 * down up to its end, less what was up to its beginning. */
static const char *share(struct sql *s, const char *whole, int64_t width)
{
	struct span span = sql_bounds(s->ask->query);
	const char *to = sql_format(s, "(bin + 1) * %" PRId64, width);
	const char *from = sql_format(s, "bin * %" PRId64, width);

	if (span.to != INT64_MAX)
		to = sql_format(s, "least(%s, %" PRId64 ")", to, span.to);
	to = sql_format(s, "least(%s - began, duration)", to);
	from = sql_format(s, "greatest(%s - began, %s0)", from,
			  sql_since(s) ? "since - began, " : "");

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

struct sql_key sql_named_key(struct sql *s, const struct group *g, unsigned part)
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
	struct sql_key k = sql_named_key(c->s, of, 0);

	return sql_say(c->s, SQL_DISTINCT,
		       c->width ? sql_say(c->s, SQL_IF, c->ends_here, k.value, "null") : k.value);
}

static void count(struct counts *c, const char *what, const char *name)
{
	buf_printf(&c->out, "%s%s as %s", c->out.n ? c->between : "", what, name);
}

/* A rate ranks as its sum does. */
const char *sql_ranked_by(const struct query *q)
{
	enum metric m = metric_base(q->metric);

	return q->mark.time != INT64_MIN && q->mark.ranks ? "change_size"
	       : q->metric == METRIC_DISTINCT             ? "distinct_values"
	       : m == METRIC_BYTES                        ? "sum_bytes"
	       : m == METRIC_PACKETS                      ? "sum_packets"
							  : metric_name(m);
}

bool sql_is_marked(struct sql *s)
{
	const struct query *q = s->ask->query;
	struct span span = sql_bounds(q);

	if (q->mark.time == INT64_MIN)
		return false;
	if (q->rows != ROWS_RANKED || query_is_by_time(q) || q->metric == METRIC_DISTINCT)
		sql_refuse(s, "--mark is of sums of ranked groups, time none of their fields");
	else if (span.from == INT64_MIN || span.to == INT64_MAX)
		sql_refuse(s, "--mark needs --since and --until: its sides are told from them");
	else if (q->mark.time <= span.from || q->mark.time >= span.to)
		sql_refuse(s, "--mark is not between --since and --until");
	return true;
}

/* What of the metric is on one side of the mark. */
static const char *side(struct counts *c, const struct query *q, const char *of)
{
	struct sql *s = c->s;
	const char *where =
		sql_format(s, "%s %s %" PRId64, sql_column(s, FIELD_END), of, q->mark.time);
	enum metric m = metric_base(q->metric);

	if (m == METRIC_FLOWS)
		return sql_say(s, SQL_COUNT_IF, where);
	if (m == METRIC_REJECTS)
		return sql_say(s, SQL_COUNT_IF,
			       sql_format(s, "%s and %s", sql_say(s, SQL_REFUSED), where));
	return sum(c, sql_say(s, SQL_IF, where, m == METRIC_LOST ? lost(s) : metric_name(m), "0"));
}

static const char *per_second(struct sql *s, const char *of, int64_t seconds, enum metric m)
{
	const char *rate = sql_format(s, "%s / %" PRId64 "e0", of, seconds);

	return metric_scale(m) > 1 ? sql_format(s, "%s * %u", rate, metric_scale(m)) : rate;
}

/* As a report has them; rates by the seconds of the window, which it takes as far as there is data. */
static void count_sides(struct counts *c, const struct query *q)
{
	struct sql *s = c->s;
	struct span span = sql_bounds(q);
	const char *before = side(c, q, "<"), *after = side(c, q, ">="), *was, *is;

	if (span.from == INT64_MIN || span.to == INT64_MAX)
		return; /* refused */
	sql_note(s, "sides of the mark are as long as the window, those of a report as its data");
	was = per_second(s, before, q->mark.time - span.from, q->metric);
	is = per_second(s, after, span.to - q->mark.time, q->metric);
	count(c, before, "before");
	count(c, after, "after");
	count(c, was, "before_per_s");
	count(c, is, "after_per_s");
	count(c, sql_format(s, "abs(%s - %s)", is, was), "change_size");
}

static void count_rate(struct counts *c, const struct query *q)
{
	int64_t seconds = sql_seconds(c->s);
	struct query sums = *q;
	const char *of, *name = metric_name(q->metric);

	sums.mark.ranks = false;
	of = sql_ranked_by(&sums);
	if (!seconds) {
		sql_note(c->s, "%s is %s over the seconds of the data: the window is open", name,
			 of);
		return;
	}
	of = strcmp(of, "sum_bytes") == 0     ? sum(c, "bytes")
	     : strcmp(of, "sum_packets") == 0 ? sum(c, "packets")
	     : strcmp(of, "rejects") == 0     ? rejects(c)
					      : "count(*)";
	if (strncmp(name, "bits", 4) == 0)
		of = sql_format(c->s, "8 * %s", of);
	/* Athena divides whole numbers to whole ones. */
	count(c,
	      sql_format(c->s, "%s / %" PRId64 "%s", of, seconds,
			 c->s->engine == SQL_INSIGHTS ? "" : "e0"),
	      sql_format(c->s, "%.*s_per_s", (int)strcspn(name, "/"), name));
}

static struct counts counts_begin(struct sql *s, const char *between, int64_t width)
{
	struct counts c = { .s = s, .width = width, .between = between };
	struct span span = sql_bounds(s->ask->query);
	const char *end = sql_column(s, FIELD_END);

	if (!width)
		return c;
	c.ends_here = sql_format(s, "bin = %s",
				 sql_say(s, SQL_QUOTIENT, end, sql_format(s, "%" PRId64, width)));
	if (span.to != INT64_MAX)
		c.ends_here = sql_format(s, "%s and %s < %" PRId64, c.ends_here, end, span.to);
	return c;
}

const char *sql_counts(struct sql *s, const char *between, int64_t width)
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
	if (sql_is_marked(s))
		count_sides(&c, q);
	return sql_take(s, &c.out);
}

const char *sql_having(struct sql *s, int64_t width)
{
	const struct query *q = s->ask->query;
	struct counts c = counts_begin(s, "", width);
	enum metric m = metric_base(q->metric);

	if (q->rows == ROWS_TIMELINE)
		return NULL;
	if (s->engine == SQL_INSIGHTS)
		return m == METRIC_REJECTS || q->metric == METRIC_LOST ||
				       q->metric == METRIC_DISTINCT
			       ? sql_ranked_by(q)
			       : NULL;
	return q->metric == METRIC_DISTINCT ? distinct(&c, &q->distinct)
	       : q->metric == METRIC_LOST   ? sum(&c, lost(s))
	       : m == METRIC_REJECTS        ? rejects(&c)
					    : NULL;
}
