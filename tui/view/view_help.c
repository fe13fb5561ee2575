/* view_help.c - help made of the table of commands, under a heading for each pane and what lies
 * over them, that of the focused one first; then the filter in a few lines. What is searched for is
 * left. */
#include <stdlib.h>
#include <string.h>

#include "cli/filter_table.h"
#include "state/layer.h"
#include "view/view.h"

#define TEXT_AT 15 /* column of the words */
#define NARROW 30  /* columns, below which they stand below the keys, */
#define INDENT 3   /* so far in */
#define WIDE 150   /* columns, from which on there are three, */
#define MIDDLE 60  /* or two */

struct help_item {
	bool heading;
	struct buf keys; /* of an entry */
	const char *text;
	int lines; /* at the width of its column */
};

/* How it is laid out: no entry is cut, but goes on in the next line. */
struct help_layout {
	struct help_item *item;
	int n;
	size_t cap;
	int columns, width, lines; /* of columns of equal width, so many lines */
};

/* ---- what there is ---- */

static struct help_item *add(struct help_layout *l, bool heading, const char *text)
{
	xgrow((void **)&l->item, &l->cap, (size_t)l->n + 1, sizeof *l->item);
	l->item[l->n] = (struct help_item){ .heading = heading, .text = text };
	return &l->item[l->n++];
}

static bool holds(struct str text, struct str word)
{
	for (size_t i = 0; i + word.n <= text.n; i++)
		if (str_equal_loose((struct str){ text.s + i, word.n }, word))
			return true;
	return false;
}

/* Whether each word that is searched for is in an entry, or in the heading above it. */
static bool is_wanted(const struct app *a, const char *title, const struct help_item *i)
{
	struct str rest = str_of(a->find.prompt.text), word;
	bool wanted = true;

	while (wanted && (word = str_token(&rest)).n)
		wanted = holds(str_of(i->text), word) || holds(buf_str(&i->keys), word) ||
			 holds(str_of(title), word);
	return wanted;
}

/* The entry that was added last stays where it is wanted. */
static void keep_wanted(const struct app *a, struct help_layout *l, const char *title)
{
	struct help_item *i = &l->item[l->n - 1];

	if (is_wanted(a, title, i))
		return;
	buf_release(&i->keys);
	l->n--;
}

static void add_section(const struct app *a, struct help_layout *l, int section)
{
	const struct keys *k = &a->options->keys;
	const char *title = keys_title(section);
	int begin = l->n;

	add(l, true, title);
	/* Panes first: they are what is looked for. */
	for (int n = keys_commands(k), i = 0; i < n; i++) {
		int command = i < n - COMMANDS_N ? COMMANDS_N + i : i - (n - COMMANDS_N);
		if (!keys_in(k, command, section))
			continue;
		keys_text(k, command, &add(l, false, keys_row(k, command).help)->keys);
		keep_wanted(a, l, title);
	}
	if (l->n == begin + 1) /* nothing is below it */
		l->n = begin;
}

static void add_filter(const struct app *a, struct help_layout *l)
{
	static const char title[] = "The filter";
	size_t n;
	const struct filter_row *row = filter_rows(&n);
	int begin = l->n;

	add(l, true, title);
	for (size_t i = 0; i < n; i++) {
		buf_puts(&add(l, false, row[i].means)->keys, row[i].examples);
		keep_wanted(a, l, title);
	}
	buf_puts(&add(l, false, "of a source: newest end less one interval, 60s or 600s")->keys,
		 "complete");
	keep_wanted(a, l, title);
	if (l->n == begin + 1)
		l->n = begin;
}

static void add_all(const struct app *a, struct help_layout *l)
{
	enum layer below = layer_below_help(a);

	for (int s = 0; s >= 0 && s < LAYERS_N; s = keys_section(s))
		if (keys_section_of(s, below))
			add_section(a, l, s);
	for (int s = keys_section(-1); s >= 0; s = keys_section(s))
		if (!keys_section_of(s, below))
			add_section(a, l, s);
	add_filter(a, l);
}

/* ---- where it stands ---- */

/* How much of a text stands on its first line of so many columns: whole words, where one has room. */
static size_t first_line(struct str text, int cols)
{
	size_t most = cols > 1 ? (size_t)cols : 1, n = most;

	if (text.n <= most)
		return text.n;
	while (n > 0 && text.s[n] != ' ')
		n--;
	return n ? n : most;
}

/* Draws a text in lines of so many columns; below the area (y < 0 too) nothing is. Returns how many
 * lines it has. */
static int fold(struct area area, int y, int x, int cols, enum role role, struct str rest)
{
	int lines = 0;

	for (; rest.n; lines++) {
		size_t n = first_line(rest, cols);
		if (y + lines >= 0 && y + lines < area.rows)
			screen_text(area, y + lines, x, cols, role, (struct str){ rest.s, n });
		rest = str_trim((struct str){ rest.s + n, rest.n - n });
	}
	return lines;
}

static int text_at(const struct help_layout *l)
{
	return l->width < NARROW ? INDENT : TEXT_AT;
}

/* Draws an item; returns how many lines it has. */
static int draw_item(const struct help_layout *l, struct area area, int y, int x,
		     const struct help_item *i)
{
	int at = text_at(l), below;

	if (i->heading)
		return fold(area, y, x + 1, l->width - 1, ROLE_HEADING, str_of(i->text));
	below = fold(area, y, x + 1, l->width - 2, ROLE_KEY, buf_str(&i->keys));
	if (below == 1 && (int)i->keys.n + 2 <= at)
		below = 0;
	return below + fold(area, y + below, x + at, l->width - at - 1, ROLE_TEXT, str_of(i->text));
}

/* A line is left empty above a heading. */
static int gap(const struct help_item *i, int y)
{
	return i->heading && y > 0;
}

/* Whether item `i` begins the next column: a heading stands with what is below it. */
static bool breaks(const struct help_layout *l, int i, int y, int most)
{
	int lines = gap(&l->item[i], y) + l->item[i].lines;

	if (l->item[i].heading && i + 1 < l->n)
		lines += l->item[i + 1].lines;
	return y > 0 && y + lines > most;
}

/* The lines of the longest column, where each is filled to `most` before the next one begins. */
static int fill(const struct help_layout *l, int most, int *columns)
{
	int y = 0, longest = 0;

	*columns = 1;
	for (int i = 0; i < l->n; i++) {
		if (breaks(l, i, y, most)) {
			y = 0;
			++*columns;
		}
		y += gap(&l->item[i], y) + l->item[i].lines;
		longest = y > longest ? y : longest;
	}
	return longest;
}

static void divide(struct help_layout *l, int cols, int columns)
{
	struct area nowhere = { .rows = 0 };
	int used;

	l->columns = columns;
	l->width = cols / columns;
	for (int i = 0; i < l->n; i++)
		l->item[i].lines = draw_item(l, nowhere, 0, 0, &l->item[i]);
	l->lines = 1;
	while (fill(l, l->lines, &used), used > columns)
		l->lines++;
	l->lines = fill(l, l->lines, &used);
}

static void draw_items(const struct help_layout *l, struct area area, int scroll)
{
	int x = 0, y = 0;

	for (int i = 0; i < l->n; i++) {
		if (breaks(l, i, y, l->lines)) {
			y = 0;
			x += l->width;
		}
		y += gap(&l->item[i], y);
		draw_item(l, area, y - scroll, x, &l->item[i]);
		y += l->item[i].lines;
	}
}

/* What is searched for, or that there is more than has room. */
static void draw_foot(const struct app *a, struct area area, const struct help_layout *l, int rows)
{
	const struct prompt *p = &a->find.prompt;
	int y = area.rows - 1, x = 1;

	if (a->find.typing || p->n) {
		x += screen_puts(area, y, x, ROLE_FOCUS, "find> ");
		int width = p->n + 1 < area.cols - x ? p->n + 1 : area.cols - x;
		prompt_draw(p, area, y, x, width, a->find.typing);
		x += width + 1;
	}
	if (!l->n)
		screen_puts(area, y, x, ROLE_REJECT, "nothing has that in it");
	else if (l->lines > rows)
		screen_printf(area, y, x, ROLE_KEY, "%s%s", a->scroll ? "Up: more  " : "",
			      a->scroll + rows < l->lines ? "Down: more" : "");
}

void view_help_draw(struct app *a, struct area area)
{
	struct help_layout l = { .n = 0 };
	bool foot = area.rows > 1;
	int rows = area.rows - foot;

	add_all(a, &l);
	divide(&l, area.cols, 1);
	if (l.lines > rows && area.cols >= MIDDLE)
		divide(&l, area.cols, area.cols >= WIDE ? 3 : 2);
	a->scroll = view_clamp(a->scroll, l.lines > rows ? l.lines - rows : 0);
	draw_items(&l, area_part(area, 0, 0, rows, area.cols), a->scroll);
	if (foot)
		draw_foot(a, area, &l, rows);
	for (int i = 0; i < l.n; i++)
		buf_release(&l.item[i].keys);
	free(l.item);
}
