/* sql_time.c - the window of a question as conditions, and the bins of its series. */
#include <inttypes.h>
#include <time.h>

#include "output/sql_private.h"

#define DAY_S 86400
/* Athena's partitions are the days that objects were delivered on: a record is in that of its
 * end, or in the next. */
#define MARGIN_S DAY_S
/* Log time is searched for so far before the clock. */
#define LAG_S (2 * DAY_S)
#define TABLE "vpc_flow_logs"

struct window {
	struct sql *s;
	void (*add)(void *ctx, const char *condition);
	void *ctx;
	const char *end; /* the column of times */
};

/* A window of the last seconds before --until is a span. */
struct span sql_bounds(const struct query *q)
{
	struct span s = q->span;

	if (q->window_s && s.to != INT64_MAX && s.to - q->window_s > s.from)
		s.from = s.to - q->window_s;
	return s;
}

static bool follows_log_time(const struct query *q)
{
	return q->window_s && q->span.to == INT64_MAX;
}

int64_t sql_seconds(const struct sql *s)
{
	struct span span = sql_bounds(s->ask->query);

	if (span.from != INT64_MIN && span.to != INT64_MAX)
		return span.to - span.from;
	return span.from == INT64_MIN ? s->ask->query->window_s : 0;
}

/* ---- Athena's partitions ---- */

static const char *day(struct sql *s, int64_t t)
{
	time_t at = t < 0 ? 0 : (time_t)t;
	char text[40];
	struct tm tm;
	size_t n;

	gmtime_r(&at, &tm);
	n = strftime(text, sizeof text, "%Y/%m/%d", &tm);
	return sql_text(s, (struct str){ text, n });
}

/* The day before which no record of a window that follows log time was delivered. */
static const char *first_day(struct sql *s)
{
	const struct query *q = s->ask->query;

	if (s->ask->now_s != INT64_MIN)
		return day(s, s->ask->now_s - q->window_s - LAG_S);
	return sql_say(s, SQL_DAY,
		       sql_format(s, "%s - %" PRId64, sql_say(s, SQL_CLOCK), q->window_s + LAG_S));
}

static void partitions(struct window *w)
{
	struct sql *s = w->s;
	const struct query *q = s->ask->query;
	struct span span = sql_bounds(q);

	if (!sql_can(s, SQL_DAY))
		return;
	if (span.from != INT64_MIN)
		w->add(w->ctx, sql_format(s, "day >= %s", day(s, span.from)));
	else if (follows_log_time(q))
		w->add(w->ctx, sql_format(s, "day >= %s", first_day(s)));
	if (span.to != INT64_MAX)
		w->add(w->ctx, sql_format(s, "day <= %s", day(s, span.to + MARGIN_S)));
	if (span.from == INT64_MIN && span.to == INT64_MAX && !q->window_s)
		sql_note(s, "every partition is read: --since, --until or --window bound it");
}

/* ---- the window ---- */

/* No record that is newer counts for what now is: one that claims to be from the future must not
 * empty every window. */
static const char *ceiling(struct sql *s)
{
	return s->ask->now_s != INT64_MIN ? sql_format(s, "%" PRId64, s->ask->now_s)
					  : sql_format(s, "%s + %d", sql_say(s, SQL_CLOCK), DAY_S);
}

/* Insights knows no query within another. */
static void window_insights(struct window *w)
{
	struct sql *s = w->s;
	const struct query *q = s->ask->query;

	if (s->ask->now_s == INT64_MIN) {
		sql_note(s, "choose the last %" PRId64 " seconds as the query's time range",
			 q->window_s);
		return;
	}
	sql_note(s, "the window ends at --now, that of a report at the newest record before");
	w->add(w->ctx, sql_format(s, "%s > %" PRId64, w->end, s->ask->now_s - q->window_s));
	w->add(w->ctx, sql_format(s, "%s <= %" PRId64, w->end, s->ask->now_s));
}

const char *sql_newest(struct sql *s)
{
	const char *end = sql_column(s, FIELD_END), *within = "";

	if (!follows_log_time(s->ask->query))
		return NULL;
	if (sql_can(s, SQL_DAY))
		within = sql_format(s, " and day >= %s", first_day(s));
	return sql_format(s, "(select max(%s) from " TABLE " where %s <= %s%s)", end, end,
			  ceiling(s), within);
}

/* The last seconds up to the newest record, as logs arrive late. */
static void window_log_time(struct window *w)
{
	struct sql *s = w->s;

	if (s->engine == SQL_INSIGHTS) {
		window_insights(w);
		return;
	}
	w->add(w->ctx,
	       sql_format(s, "%s > %s - %" PRId64, w->end, sql_newest(s), s->ask->query->window_s));
	w->add(w->ctx, sql_format(s, "%s <= %s", w->end, ceiling(s)));
}

void sql_window(struct sql *s, bool series, void (*add)(void *ctx, const char *condition),
		void *ctx)
{
	const struct query *q = s->ask->query;
	struct span span = sql_bounds(q);
	struct window w = { s, add, ctx, sql_column(s, FIELD_END) };

	partitions(&w);
	if (span.from != INT64_MIN)
		add(ctx, sql_format(s, "%s >= %" PRId64, w.end, span.from));
	if (span.to != INT64_MAX)
		add(ctx, sql_format(s, "%s < %" PRId64, series ? sql_began(s) : w.end, span.to));
	if (follows_log_time(q))
		window_log_time(&w);
	else if (series && span.from == INT64_MIN && span.to == INT64_MAX &&
		 s->engine != SQL_INSIGHTS)
		add(ctx, sql_format(s, "%s is not null", w.end));
}

/* ---- bins ---- */

const char *sql_since(struct sql *s)
{
	struct span span = sql_bounds(s->ask->query);
	const char *newest = sql_newest(s);

	if (newest)
		return sql_format(s, "%s - %" PRId64, newest, s->ask->query->window_s - 1);
	return span.from != INT64_MIN ? sql_format(s, "%" PRId64, span.from) : NULL;
}

const char *sql_began(struct sql *s)
{
	const char *start = sql_column(s, FIELD_START), *end = sql_column(s, FIELD_END);

	return sql_say(
		s, SQL_IF,
		sql_format(s, "%s < %s and %s - %s <= %d", start, end, end, start, SPREAD_MAX_S),
		start, end);
}

int64_t sql_bin_width(struct sql *s)
{
	const struct query *q = s->ask->query;
	struct span span = sql_bounds(q);
	int64_t seconds = sql_seconds(s), first = 0, most = q->bins.most, width = 1;

	if (!seconds) {
		sql_note(s,
			 "bins of 64 seconds; a report's are as many as its data fill, %" PRId64
			 " at most",
			 most);
		return 64;
	}
	first = span.from != INT64_MIN ? span.from : 0;
	while ((first + seconds - 1) / width - first / width >= most)
		width *= 2;
	sql_note(s,
		 "bins of %" PRId64 " seconds; a report's are finer where its data fill less "
		 "of the window",
		 width);
	return width;
}
