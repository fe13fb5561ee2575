/* view_timeline.c - accepted and rejected flows over the window, each on its own scale:
 * a hundred rejects must be seen beside a million accepted. */
#include "view.h"

#include <string.h>

#define COLUMNS_MAX 256

static void gather(struct app *a, const struct result *r, int cols, uint64_t *accepted,
		   uint64_t *rejected)
{
	int64_t from, to;

	memset(accepted, 0, (size_t)cols * sizeof *accepted);
	memset(rejected, 0, (size_t)cols * sizeof *rejected);
	view_times(a, r, &from, &to);
	for (uint32_t i = 0; i < r->rows; i++) {
		int64_t t = r->row[i].since + r->bin_width / 2;
		int64_t at = t < from ? 0 : t >= to ? cols - 1 : (t - from) * cols / (to - from);
		/* Transit Gateway records have no action: they went through. */
		accepted[at] += r->row[i].tally.flows - r->row[i].tally.rejects;
		rejected[at] += r->row[i].tally.rejects;
	}
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

void view_timeline_draw(struct app *a, struct area area, bool focused)
{
	const struct result *r = &a->result[VIEW_TIMELINE];
	int left = 7, cols = area.cols - left, body = area.rows - 1, low = body / 3;
	uint64_t accepted[COLUMNS_MAX], rejected[COLUMNS_MAX];
	int64_t from, to, width;
	char text[32], step[24];

	(void)focused;
	if (r->rows == 0 || cols < 4) {
		view_empty(a, area, "no flows");
		return;
	}
	cols = cols < COLUMNS_MAX ? cols : COLUMNS_MAX;
	gather(a, r, cols, accepted, rejected);
	if (body >= 2 && low == 0)
		low = 1;
	chart(area, 0, body - low, left, cols, ROLE_ACCEPT, "accept", accepted);
	chart(area, body - low, low, left, cols, ROLE_REJECT, "reject", rejected);
	view_times(a, r, &from, &to);
	width = (to - from) / cols;
	screen_puts(area, body, left, ROLE_DIM, app_time(a, from, false, text, sizeof text));
	screen_right(area, body, left + cols, ROLE_DIM, app_time(a, to, false, text, sizeof text));
	if (cols > 40)
		screen_printf(area, body, left + cols / 2 - 8, ROLE_DIM, "%s a column",
			      human_duration(step, sizeof step, width > 0 ? width : 1));
}
