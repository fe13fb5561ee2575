/* view_timeline.c - accepted and rejected flows over the window, each on its own scale: a
 * hundred rejects must be seen beside a million accepted. */
#include "view.h"

#include <string.h>

#define COLUMNS_MAX 256

/* What the upper chart is of: records of transit gateways are neither accepted nor refused. */
static const char *gather(const struct result *r, const struct view_axis *x, uint64_t *others,
			  uint64_t *rejected)
{
	uint64_t accepts = 0, without = 0;

	memset(others, 0, (size_t)x->n * sizeof *others);
	memset(rejected, 0, (size_t)x->n * sizeof *rejected);
	for (uint32_t i = 0; i < r->rows; i++) {
		int at = view_axis_at(x, r->row[i].since);
		if (at < 0)
			continue;
		const struct tally *t = &r->row[i].tally;
		others[at] += t->flows - t->rejects;
		rejected[at] += t->rejects;
		accepts += t->accepts;
		without += t->flows - t->rejects - t->accepts;
	}
	return !without ? "accept" : accepts ? "accept+" : "others";
}

static uint64_t largest(const uint64_t *value, int n)
{
	uint64_t max = 0;

	for (int i = 0; i < n; i++)
		max = value[i] > max ? value[i] : max;
	return max;
}

static void chart(struct area area, int y, int rows, int left, int cols, enum role role,
		  const char *name, const uint64_t *value)
{
	uint64_t max = largest(value, cols);
	char text[24];

	if (rows <= 0)
		return;
	screen_puts(area, y, 0, role, name);
	if (rows > 1)
		screen_puts(area, y + 1, 0, ROLE_DIM, human_count(text, sizeof text, max));
	for (int x = 0; x < cols; x++)
		screen_column(area, y + rows - 1, left + x, rows, role, value[x], max);
}

static void times(struct app *a, struct area area, int y, int left, const struct view_axis *x)
{
	char text[32], step[24];

	if (x->n >= 20)
		screen_puts(area, y, left, ROLE_DIM,
			    app_time(a, x->from, false, text, sizeof text));
	screen_right(area, y, left + x->n, ROLE_DIM,
		     app_time(a, x->from + x->n * x->width, false, text, sizeof text));
	if (x->n > 36)
		screen_printf(area, y, left + x->n / 2 - 6, ROLE_DIM, "%s a column",
			      human_duration(step, sizeof step, x->width));
}

void view_timeline_draw(struct app *a, struct area area, bool focused)
{
	const struct result *r = &a->result[VIEW_TIMELINE];
	int left = 7, body = area.rows - 1, low = body / 3;
	uint64_t others[COLUMNS_MAX], rejected[COLUMNS_MAX];
	const char *upper;
	struct view_axis x =
		view_axis_of(r, area.cols - left < COLUMNS_MAX ? area.cols - left : COLUMNS_MAX);

	(void)focused;
	if (r->rows == 0 || x.n < 1) {
		view_empty(a, area, "no flows");
		return;
	}
	upper = gather(r, &x, others, rejected);
	if (body >= 2 && low == 0)
		low = 1;
	chart(area, 0, body - low, left, x.n, *upper == 'a' ? ROLE_ACCEPT : ROLE_TREND, upper,
	      others);
	chart(area, body - low, low, left, x.n, ROLE_REJECT, "reject", rejected);
	times(a, area, body, left, &x);
}
