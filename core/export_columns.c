/* export_columns.c - see export_columns.h. */
#include "export_columns.h"

#include "export_mark.h"

static struct cell count(uint64_t n)
{
	return (struct cell){ .kind = CELL_COUNT, .number = n };
}

static struct cell bytes(const struct result *r, const struct result_row *row)
{
	(void)r;
	return (struct cell){ .kind = CELL_BYTES, .number = row->tally.bytes };
}

static struct cell packets(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.packets);
}

static struct cell flows(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.flows);
}

static struct cell rejects(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.rejects);
}

static struct cell accepts(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.accepts);
}

static struct cell lost(const struct result *r, const struct result_row *row)
{
	(void)r;
	return count(row->tally.lost);
}

/* Of transit gateways only: people are not shown a column of zeroes. */
static bool lost_shown(const struct result *r, bool human)
{
	return !human || r->metric == METRIC_LOST || r->totals.lost;
}

static bool timeline_only(const struct result *r, bool human)
{
	(void)human;
	return r->view == VIEW_TIMELINE;
}

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
};

const struct result_column *result_columns(size_t *n)
{
	*n = ARRAY_SIZE(columns);
	return columns;
}

bool result_column_shown(const struct result_column *c, const struct result *r, bool human)
{
	return !c->shown || c->shown(r, human);
}
