/* view_help.c - help made of the command table, and the filter in a few lines. */
#include <string.h>

#include "cli/filter_table.h"
#include "view/view.h"

#define MEANS_AT 62 /* column of what examples mean */

/* As many of a row's examples as have room, then what they mean. */
static void draw_row(struct area area, int y, const struct filter_row *row)
{
	struct str rest = str_of(row->examples), one;
	int x = 15, means = area.cols >= 100 ? MEANS_AT : area.cols / 2 + 4;

	while ((one = filter_example(&rest)).n && x + (int)one.n < means) {
		screen_text(area, y, x, (int)one.n, ROLE_READS, one);
		x += (int)one.n + 2;
	}
	screen_text(area, y, means, area.cols - means, ROLE_TEXT, str_of(row->means));
}

/* The rows of the filter that have room, the brief ones first; returns how many. */
static int draw_filter(struct area area, int y, int lines)
{
	size_t n;
	const struct filter_row *row = filter_rows(&n);
	int drawn = 0, spare = lines;

	for (size_t i = 0; i < n; i++)
		spare -= row[i].brief;
	for (size_t i = 0; i < n && drawn < lines; i++)
		if (row[i].brief || spare-- > 0)
			draw_row(area, y + drawn++, &row[i]);
	if (drawn)
		screen_puts(area, y, 1, ROLE_DIM, "filter");
	return drawn;
}

void view_help_draw(struct app *a, struct area area)
{
	struct command c[KEYS_MAX];
	unsigned n = views_keys(a->options->known, c);
	int columns = area.cols >= 100 ? 2 : 1, extra = 4;
	int per = ((int)n + columns - 1) / columns, w = area.cols / columns;
	bool room = area.rows >= per + extra;
	int lines = room ? area.rows - extra : area.rows;

	if (per > lines) {
		columns = area.cols >= 60 ? 2 : 1;
		per = ((int)n + columns - 1) / columns;
		w = area.cols / columns;
	}
	/* What has no room is scrolled to. */
	a->scroll = view_clamp(a->scroll, per - area.rows);
	for (unsigned i = 0; i < n; i++) {
		int y = (int)i % per - a->scroll, x = (int)i / per * w;
		char name[16], other[16];
		if (y < 0 || y >= area.rows)
			continue;
		key_label(c[i].key, name, sizeof name);
		if (c[i].other && c[i].other != '\n') {
			key_label(c[i].other, other, sizeof other);
			screen_printf(area, y, x + 1, ROLE_KEY, "%s %s", name, other);
		} else {
			screen_puts(area, y, x + 1, ROLE_KEY, name);
		}
		screen_text(area, y, x + 15, w - 16, ROLE_TEXT, str_of(c[i].help));
	}
	if (a->scroll + area.rows < per)
		screen_right(area, area.rows - 1, area.cols, ROLE_KEY, " more: Down");
	if (room) {
		int y = per + 1;
		y += draw_filter(area, y, area.rows - y - 1);
		screen_puts(area, y, 1, ROLE_DIM, "sources");
		screen_puts(area, y, 15, ROLE_READS,
			    "complete (6): newest end less one interval, 60s or 600s");
	}
}
