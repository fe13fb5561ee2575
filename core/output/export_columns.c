/* export_columns.c - see export_columns.h. */
#include "output/export_columns.h"

#include <stdio.h>

#include "output/export_mark.h"

void cell_real_text(double real, char *out, size_t size)
{
	snprintf(out, size, real > 0 && real < 0.0005 ? "%.3g" : "%.3f", real);
}

static struct result_cell count(uint64_t n)
{
	return (struct result_cell){ .kind = CELL_COUNT, .number = n };
}

struct result_cell cell_amount(const struct result *r, uint64_t amount)
{
	enum metric m = metric_base(r->query.metric);

	return (struct result_cell){ .kind = m == METRIC_BYTES  ? CELL_BYTES
					     : m == METRIC_COST ? CELL_COST
								: CELL_COUNT,
				     .number = amount };
}

static struct result_cell bytes(const struct result *r, const struct result_row *row)
{
	(void)r;
	return (struct result_cell){ .kind = CELL_BYTES, .number = row->tally.bytes };
}

static struct result_cell packets(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.packets);
}

static struct result_cell flows(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.flows);
}

static struct result_cell rejects(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.rejects);
}

static struct result_cell accepts(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.accepts);
}

static struct result_cell lost(const struct result *r, const struct result_row *row)
{
	if (r->query.priced)
		return (struct result_cell){ .kind = CELL_ABSENT };
	return count(row->tally.lost);
}

/* Transit gateways alone lose packets: people are not shown a column of zeroes. */
static bool lost_shown(const struct result *r, bool human)
{
	return !human || (!r->query.priced && (r->query.metric == METRIC_LOST || r->totals.lost));
}

static struct result_cell cost(const struct result *r, const struct result_row *row)
{
	(void)r;
	return (struct result_cell){ .kind = CELL_COST, .number = row->tally.cost };
}

static bool cost_shown(const struct result *r, bool human)
{
	(void)human;
	return r->query.priced;
}

static bool timeline_only(const struct result *r, bool human)
{
	(void)human;
	return r->query.rows == ROWS_TIMELINE;
}

static struct result_cell rate(const struct result *r, const struct result_row *row)
{
	struct result_cell c = { .kind = CELL_REAL };

	if (!result_rate(r, tally_metric(&row->tally, r->query.metric), &c.real))
		c.kind = CELL_ABSENT;
	return c;
}

static bool rate_shown(const struct result *r, bool human)
{
	(void)human;
	return metric_is_rate(r->query.metric);
}

static struct result_cell distinct(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->distinct);
}

static bool distinct_shown(const struct result *r, bool human)
{
	(void)human;
	return r->query.metric == METRIC_DISTINCT;
}

/* The row's share of what rows are ranked by, in percent of the total. */
static struct result_cell share(const struct result *r, const struct result_row *row)
{
	struct result_cell c = { .kind = CELL_REAL };

	if (!result_share(r, row, &c.real))
		c.kind = CELL_ABSENT;
	return c;
}

static struct result_cell sent(const struct result *r, const struct result_row *row)
{
	(void)r;
	return (struct result_cell){ .kind = CELL_BYTES, .number = row->tally.sent };
}

/* What a sum is beyond 2^64 less something, nobody knows. */
static struct result_cell received(const struct result *r, const struct result_row *row)
{
	(void)r;
	if (row->tally.bytes == UINT64_MAX && row->tally.sent)
		return (struct result_cell){ .kind = CELL_ABSENT };
	return (struct result_cell){ .kind = CELL_BYTES,
				     .number = row->tally.bytes - row->tally.sent };
}

static bool oriented(const struct result *r, bool human)
{
	(void)human;
	return group_is_oriented(&r->query.group);
}

static struct result_cell guessed(const struct result *r, const struct result_row *row)
{
	return count(result_guessed(r, &row->tally));
}

/* People are not shown a column of zeroes. */
static bool guessed_shown(const struct result *r, bool human)
{
	return oriented(r, human) && (!human || result_guessed(r, &r->totals));
}

static struct result_cell moment(int64_t t)
{
	return (struct result_cell){ .kind = t == INT64_MIN ? CELL_ABSENT : CELL_TIME, .time = t };
}

static struct result_cell first(const struct result *r, const struct result_row *row)
{
	(void)r;
	return moment(row->since);
}

static struct result_cell last(const struct result *r, const struct result_row *row)
{
	(void)r;
	return moment(row->until);
}

static bool ranked(const struct result *r, bool human)
{
	(void)human;
	return r->query.rows == ROWS_RANKED;
}

/* Bins that are cells are no curve. */
static bool trend_shown(const struct result *r, bool human)
{
	(void)human;
	return r->bins && r->query.rows == ROWS_RANKED && r->query.bins.kind != BINS_HEAT;
}

/* 9 is the most of the row, '.' nothing: plain text for any terminal, and to be cut. */
static struct result_cell trend(const struct result *r, const struct result_row *row)
{
	unsigned width = (r->bins + TREND_COLUMNS - 1) / TREND_COLUMNS;
	unsigned n = width ? (r->bins + width - 1) / width : 0;
	uint64_t sum[TREND_COLUMNS] = { 0 }, max = 0;
	struct result_cell c = { .kind = CELL_TREND };

	for (unsigned i = 0; row->bin && i < r->bins; i++)
		sum[i / width] =
			saturating_add(sum[i / width], tally_metric(&row->bin[i], r->query.metric));
	for (unsigned i = 0; i < n; i++)
		max = sum[i] > max ? sum[i] : max;
	for (unsigned i = 0; i < n; i++)
		c.trend[i] =
			sum[i] == 0 ? '.' : (char)('1' + (int)((double)sum[i] / (double)max * 8));
	return c;
}

/* What the row may lack of what rows are ranked by. */
static struct result_cell error(const struct result *r, const struct result_row *row)
{
	return cell_amount(r, row->missing);
}

static bool error_shown(const struct result *r, bool human)
{
	return ranked(r, human) && r->capped;
}

/* A new column goes to the end, so that those before it keep their place in csv. */
static const struct result_column columns[] = {
	{ "bytes", bytes, NULL },
	{ "packets", packets, NULL },
	{ "flows", flows, NULL },
	{ "rejects", rejects, NULL },
	{ "lost", lost, lost_shown },
	{ "accepts", accepts, timeline_only },
	{ "before", mark_before, mark_shown },
	{ "after", mark_after, mark_shown },
	{ "before_per_s", mark_before_rate, mark_shown },
	{ "after_per_s", mark_after_rate, mark_shown },
	{ "change", mark_change, mark_shown },
	{ NULL, rate, rate_shown },
	{ "distinct", distinct, distinct_shown },
	{ "share", share, NULL },
	{ "sent", sent, oriented },
	{ "received", received, oriented },
	{ "accepts", accepts, ranked },
	{ "first", first, ranked },
	{ "last", last, ranked },
	{ "trend", trend, trend_shown },
	{ "guessed", guessed, guessed_shown },
	{ "error", error, error_shown },
	{ "cost", cost, cost_shown },
};

const struct result_column *result_columns(size_t *n)
{
	*n = ARRAY_SIZE(columns);
	return columns;
}

const char *result_column_name(const struct result_column *c, const struct result *r)
{
	return c->name ? c->name : metric_name(r->query.metric);
}

bool result_column_shown(const struct result_column *c, const struct result *r, bool human)
{
	return !c->shown || c->shown(r, human);
}
