/* axis.c - see axis.h. */
#include "state/axis.h"

#include <string.h>

struct view_axis view_axis_of(const struct result *r, int cols)
{
	struct view_axis x = { .width = r->bin_width > 0 ? r->bin_width : 1 };
	int64_t end = r->bin_start + (int64_t)r->bins * x.width, start = r->bin_start, bins;

	if (r->window.to != INT64_MAX && r->window.to > end)
		end = (r->window.to - 1) / x.width * x.width + x.width;
	if (r->window.from != INT64_MIN)
		start = r->window.from / x.width * x.width;
	if (cols < 1 || end <= start || (r->bins == 0 && r->window.from == INT64_MIN))
		return x; /* no time has a bin yet, so none begins it */
	bins = (end - start) / x.width;
	if (bins > cols && cols > 1 && r->query.rows == ROWS_TIMELINE) {
		/* Such bars begin at multiples of their width: they stay as they are while time goes
		 * on. The first and the last may be parts; trends are too short for that. */
		x.width *= (bins - 1 + cols - 2) / (cols - 1);
		end = (end + x.width - 1) / x.width * x.width;
	} else {
		x.width *= (bins + cols - 1) / cols;
	}
	x.n = (int)((end - start + x.width - 1) / x.width);
	x.from = end - x.n * x.width;
	return x;
}

int view_axis_left(const struct view_axis *x, int i)
{
	return x->cols > x->n && x->n > 0 ? (int)((int64_t)i * x->cols / x->n) : i;
}

/* Whether the pane is a chart by time, as it was answered last. */
static bool is_by_time(const struct pane *p)
{
	return p && p->result.bins && !p->result.column && !p->result.by_change;
}

/* The one of the charts by time whose bins are the widest: the others' are parts of such. */
static const struct result *shared(struct app *a, const struct result *own)
{
	struct pane *of[] = { pane_of_heat(a), pane_of_rows(a, ROWS_TIMELINE) };
	const struct result *r = own;

	for (size_t i = 0; i < ARRAY_SIZE(of); i++)
		if (is_by_time(of[i]) && of[i]->result.bin_width > r->bin_width)
			r = &of[i]->result;
	return r;
}

struct view_axis view_axis_filling(struct app *a, const struct result *r, int cols)
{
	struct view_axis x =
		view_axis_of(a->across ? shared(a, r) : r, cols < AXIS_MOST ? cols : AXIS_MOST);

	x.cols = cols > 0 ? cols : 0;
	return x;
}

int view_axis_at(const struct view_axis *x, int64_t start)
{
	int64_t at = start < x->from ? -1 : (start - x->from) / x->width;

	return at < x->n ? (int)at : -1;
}

void view_series(const struct view_axis *x, const struct result *r, const struct result_row *row,
		 enum metric m, uint64_t *out)
{
	memset(out, 0, (size_t)x->n * sizeof *out);
	for (unsigned i = 0; row->bin && i < r->bins; i++) {
		int at = view_axis_at(x, r->bin_start + (int64_t)i * r->bin_width);
		if (at >= 0)
			out[at] = saturating_add(out[at], tally_metric(&row->bin[i], m));
	}
}
