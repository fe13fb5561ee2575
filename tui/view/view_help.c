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

/* How the keys are laid out: no entry is cut, but goes on in the next line. */
struct help_layout {
	struct command c[KEYS_MAX];
	unsigned n;
	int columns, width, lines; /* of columns of equal width, so many lines */
};

#define TEXT_AT 15

/* How much of a text stands on its first line of so many columns. */
static size_t first_line(struct str text, int cols)
{
	return screen_fitting(text, cols > 0 ? cols : 1);
}

static int lines_of(const struct help_layout *l, unsigned i)
{
	struct str rest = str_of(l->c[i].help);
	int lines = 0;

	while (rest.n) {
		size_t n = first_line(rest, l->width - TEXT_AT - 1);
		lines++;
		rest = str_trim((struct str){ rest.s + n, rest.n - n });
	}
	return lines ? lines : 1;
}

/* The lines of the longest column, where each is filled to `most` before the next one begins. */
static int fill(const struct help_layout *l, int most, int *columns)
{
	int y = 0, longest = 0;

	*columns = 1;
	for (unsigned i = 0; i < l->n; i++) {
		int lines = lines_of(l, i);
		if (y && y + lines > most) {
			y = 0;
			++*columns;
		}
		y += lines;
		longest = y > longest ? y : longest;
	}
	return longest;
}

static void divide(struct help_layout *l, int cols, int columns)
{
	int used;

	l->columns = columns;
	l->width = cols / columns;
	l->lines = 1;
	while (fill(l, l->lines, &used), used > columns)
		l->lines++;
	l->lines = fill(l, l->lines, &used);
}

static void draw_key(const struct help_layout *l, struct area area, int y, int x,
		     const struct command *c)
{
	struct str rest = str_of(c->help);
	char name[16], other[16];

	key_label(c->key, name, sizeof name);
	if (y >= 0 && c->other && c->other != '\n') {
		key_label(c->other, other, sizeof other);
		screen_printf(area, y, x + 1, ROLE_KEY, "%s %s", name, other);
	} else if (y >= 0) {
		screen_puts(area, y, x + 1, ROLE_KEY, name);
	}
	for (; rest.n; y++) {
		size_t n = first_line(rest, l->width - TEXT_AT - 1);
		screen_text(area, y, x + TEXT_AT, l->width - TEXT_AT - 1, ROLE_TEXT,
			    (struct str){ rest.s, n });
		rest = str_trim((struct str){ rest.s + n, rest.n - n });
	}
}

static void draw_keys(const struct help_layout *l, struct area area, int scroll)
{
	int x = 0, y = 0;

	for (unsigned i = 0; i < l->n; i++) {
		int lines = lines_of(l, i);
		if (y && y + lines > l->lines) {
			y = 0;
			x += l->width;
		}
		draw_key(l, area, y - scroll, x, &l->c[i]);
		y += lines;
	}
}

void view_help_draw(struct app *a, struct area area)
{
	struct help_layout l;
	int extra = 4;

	l.n = views_keys(a->options->known, l.c);
	divide(&l, area.cols, area.cols >= 100 ? 2 : 1);
	bool room = area.rows >= l.lines + extra;
	if (l.lines > (room ? area.rows - extra : area.rows) && area.cols >= 60)
		divide(&l, area.cols, area.cols >= 150 ? 3 : 2);
	/* What has no room is scrolled to; the last line says so. */
	bool more = l.lines > area.rows && area.rows > 1;
	struct area keys = area_part(area, 0, 0, area.rows - more, area.cols);
	a->scroll = view_clamp(a->scroll, l.lines - keys.rows);
	draw_keys(&l, keys, a->scroll);
	if (more)
		screen_printf(area, area.rows - 1, 1, ROLE_KEY, "%s%s",
			      a->scroll ? "Up: more  " : "",
			      a->scroll + keys.rows < l.lines ? "Down: more" : "");
	if (room) {
		int y = l.lines + 1;
		y += draw_filter(area, y, area.rows - y - 1);
		screen_puts(area, y, 1, ROLE_DIM, "sources");
		screen_puts(area, y, TEXT_AT, ROLE_READS,
			    "complete (6): newest end less one interval, 60s or 600s");
	}
}
