/* wire.c - see wire.h. */
#include "term/wire.h"

#include <curses.h>
#include <term.h>
#undef lines
#undef columns
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define GROUND 0        /* the look of what is blank */
#define ERASE_CELLS 8   /* so many blanks are worth the words for them */
#define REWRITE_BYTES 4 /* rather than a move */
#define REPEAT_BYTES 6  /* rather than a repetition */

/* ---- words ---- */

static struct buf *told; /* tputs() knows no context */

static int tell(int c)
{
	buf_putc(told, (char)c);
	return c;
}

/* Adds a word of terminfo, without the marks of its delays; NULL: the terminal has none. */
static void say(struct buf *out, const char *word)
{
	told = out;
	if (word)
		tputs(word, 1, tell);
}

/* ---- colours ---- */

static int nearest_ansi(int rgb)
{
	int r = rgb >> 16 & 255, g = rgb >> 8 & 255, b = rgb & 255;
	int bright = r > 180 || g > 180 || b > 180, limit = bright ? 128 : 64;

	return (r > limit) | (g > limit) << 1 | (b > limit) << 2 |
	       (max_colors >= 16 ? bright << 3 : 0);
}

static int cube(int level)
{
	return level < 48 ? 0 : level < 115 ? 1 : (level - 35) / 40;
}

/* What the terminal calls a colour of a theme. */
static int color_number(int32_t c)
{
	static const int ansi[16] = { 0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x3465d0, 0xcd00cd,
				      0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff5555, 0x55ff55, 0xffff55,
				      0x6c8cff, 0xff55ff, 0x55ffff, 0xffffff };
	bool direct = max_colors > 256;

	if (c < 0)
		return -1;
	if (!(c & COLOR_RGB)) {
		c &= 15;
		if (direct)
			return c < 8 ? c : ansi[c & 15]; /* numbers from 8 up are RGB there */
		return max_colors >= 16 ? c : c & 7;
	}
	if (direct)
		return c & 0xffffff;
	if (max_colors < 256)
		return nearest_ansi(c & 0xffffff);
	return 16 + 36 * cube(c >> 16 & 255) + 6 * cube(c >> 8 & 255) + cube(c & 255);
}

/* ---- looks ---- */

/* "\e(B\e[0;1m\e[36m" to "\e[0;1;36m": no other set of characters is ever in force, and such
 * sequences join. What is of another kind stays as it is. */
static void squeeze(struct buf *word)
{
	struct buf joined = { 0 };

	buf_puts(&joined, "\033[");
	for (const char *s = word->s ? word->s : ""; *s;) {
		size_t n;
		if (strncmp(s, "\033(B", 3) == 0) {
			s += 3;
			continue;
		}
		if (strncmp(s, "\033[", 2) != 0 ||
		    s[2 + (n = strspn(s + 2, "0123456789;:"))] != 'm') {
			buf_release(&joined);
			return;
		}
		buf_printf(&joined, "%s%.*s", joined.n > 2 ? ";" : "", n ? (int)n : 1,
			   n ? s + 2 : "0");
		s += n + 3;
	}
	if (strcmp(joined.s, "\033[0") == 0)
		joined.s[--joined.n] = '\0';
	buf_putc(&joined, 'm');
	buf_release(word);
	*word = joined;
}

/* Attributes that the terminal can't show with colours; bits of terminfo's ncv. */
static unsigned without_color(unsigned attributes)
{
	static const struct {
		unsigned ncv, attribute;
	} cannot[] = {
		{ 2, ATTR_UNDERLINE }, { 4, ATTR_REVERSE }, { 16, ATTR_DIM }, { 32, ATTR_BOLD }
	};

	for (size_t i = 0; i < ARRAY_SIZE(cannot) && no_color_video > 0; i++)
		if ((unsigned)no_color_video & cannot[i].ncv)
			attributes &= ~cannot[i].attribute;
	return attributes;
}

static void say_attributes(struct buf *out, unsigned attributes)
{
	const struct {
		unsigned attribute;
		const char *word;
	} each[] = { { ATTR_BOLD, enter_bold_mode },
		     { ATTR_DIM, enter_dim_mode },
		     { ATTR_UNDERLINE, enter_underline_mode },
		     { ATTR_REVERSE, enter_reverse_mode } };

	if (set_attributes) {
		say(out,
		    tparm(set_attributes, 0L, (long)!!(attributes & ATTR_UNDERLINE),
			  (long)!!(attributes & ATTR_REVERSE), 0L, (long)!!(attributes & ATTR_DIM),
			  (long)!!(attributes & ATTR_BOLD), 0L, 0L, 0L));
		return;
	}
	say(out, exit_attribute_mode);
	for (size_t i = 0; i < ARRAY_SIZE(each); i++)
		if (attributes & each[i].attribute)
			say(out, each[i].word);
}

static void say_color(struct buf *out, const char *word, int32_t number)
{
	if (number >= 0 && word)
		say(out, tparm(word, (long)number, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
}

static void keep_word(struct buf *word, char *out, size_t size)
{
	squeeze(word);
	snprintf(out, size, "%s", word->n < size ? word->s : "");
	buf_release(word);
}

static void spell(struct look *l)
{
	struct buf whole = { 0 }, colour = { 0 };

	say_attributes(&whole, l->attributes);
	say_color(&whole, set_a_foreground, l->fg);
	say_color(&whole, set_a_background, l->bg);
	say_color(&colour, set_a_foreground, l->fg);
	keep_word(&whole, l->whole, sizeof l->whole);
	if (colour.n)
		keep_word(&colour, l->colour, sizeof l->colour);
}

/* The number of a look, which it gets where it is none yet. */
static unsigned add_look(struct wire *w, struct look l)
{
	for (unsigned i = 0; i < w->n; i++)
		if (w->looks[i].attributes == l.attributes && w->looks[i].fg == l.fg &&
		    w->looks[i].bg == l.bg)
			return i;
	spell(&l);
	w->looks[w->n] = l;
	return w->n++;
}

void wire_set_theme(struct wire *w, const struct theme *t, bool colors)
{
	w->n = 0;
	add_look(w, (struct look){ .fg = -1, .bg = -1 });
	for (int r = 0; r < ROLE_COUNT; r++) {
		const struct style *s = max_colors < 256 ? &t->few[r] : &t->style[r];
		struct look l = { .attributes = s->attributes, .fg = -1, .bg = -1 };
		if (colors && t->colors) {
			l.fg = color_number(s->fg);
			l.bg = color_number(s->bg);
			/* On eight colours bright black would be black on black. */
			if (max_colors < 16 && s->fg == 8) {
				l.fg = -1;
				l.attributes |= ATTR_DIM;
			}
			if (l.fg >= 0 || l.bg >= 0)
				l.attributes = without_color(l.attributes);
		}
		l.paints = l.bg >= 0 || (l.attributes & (ATTR_UNDERLINE | ATTR_REVERSE));
		w->of_role[r] = (uint8_t)add_look(w, l);
	}
	wire_forget(w);
}

/* ---- where it goes ---- */

static void take_look(struct wire *w, unsigned look, struct buf *out)
{
	const struct look *now = &w->looks[look];
	const struct look *was = w->look >= 0 ? &w->looks[w->look] : NULL;

	if (w->look == (int)look)
		return;
	w->look = (int)look;
	if (was && was->attributes == now->attributes && was->bg == now->bg && *now->colour)
		buf_puts(out, now->colour);
	else
		buf_puts(out, now->whole);
}

/* A blank looks the same whatever does not paint is in force. */
static bool is_in_force(const struct wire *w, const struct wire_cell *c)
{
	return w->look == (int)c->look ||
	       (c->ch == ' ' && c->look == GROUND && w->look >= 0 && !w->looks[w->look].paints);
}

/* One character, with what stands over it. */
static void put_char(struct wire *w, int y, int x, struct buf *out)
{
	const struct wire_cell *c = &w->row[x];
	int columns = x + 1 < w->cols && c[1].ch == 0 ? 2 : 1;

	if (!is_in_force(w, c))
		take_look(w, c->look, out);
	utf8_put(out, c->ch);
	for (size_t i = 0; i < ARRAY_SIZE(c->mark) && c->mark[i]; i++)
		utf8_put(out, c->mark[i]);
	w->x = x + columns;
	/* Behind the last column it waits there, or is in the next row. */
	w->y = w->x < w->cols || eat_newline_glitch ? y : -1;
}

/* What is shown between the cursor and a column, told again, where that is no longer than a
 * move. */
static bool put_again(struct wire *w, int y, int x, struct buf *out)
{
	int at = w->x;

	if (x - at > REWRITE_BYTES)
		return false;
	for (int bytes = 0; at < x; at++) {
		const struct wire_cell *c = &w->row[at];
		bytes += c->ch < 0x80 ? 1 : 3;
		if (c->ch == 0 || c->mark[0] || bytes > REWRITE_BYTES || !is_in_force(w, c))
			return false;
	}
	for (at = w->x; at < x; at++)
		put_char(w, y, at, out);
	return true;
}

/* To the beginning of the next row, where that is shorter than a move. */
static void feed_line(struct wire *w, int y, int x, struct buf *out)
{
	if (w->y < 0 || y != w->y + 1 || x > 3 || !carriage_return || !cursor_down ||
	    strcmp(carriage_return, "\r") != 0 || strcmp(cursor_down, "\n") != 0)
		return;
	buf_puts(out, "\r\n");
	w->y = y;
	w->x = 0;
}

static void go(struct wire *w, int y, int x, struct buf *out)
{
	feed_line(w, y, x, out);
	if (w->y == y && w->x == x)
		return;
	if (w->y == y && w->x < x && put_again(w, y, x, out))
		return;
	if (w->y == y && w->x < x && parm_right_cursor)
		say(out, x - w->x == 1 && cursor_right ? cursor_right
						       : tparm(parm_right_cursor, (long)(x - w->x),
							       0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	else
		say(out, tparm(cursor_address, (long)y, (long)x, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	w->y = y;
	w->x = x;
}

/* ---- rows ---- */

static bool is_blank(const struct wire_cell *c)
{
	return c->ch == ' ' && c->look == GROUND && !c->mark[0];
}

static bool is_same(const struct wire_cell *a, const struct wire_cell *b)
{
	return a->ch == b->ch && a->look == b->look && a->mark[0] == b->mark[0] &&
	       a->mark[1] == b->mark[1];
}

/* The row of a screen, as it is to be shown. */
static void take_row(struct wire *w, const struct screen *s, int y)
{
	for (int x = 0; x < w->cols; x++) {
		const struct cell *c = screen_at(s, y, x);
		unsigned look = w->of_role[c->role];
		if (c->ch == ' ' && !c->mark[0] && !w->looks[look].paints)
			look = GROUND;
		w->row[x] = (struct wire_cell){ c->ch, { c->mark[0], c->mark[1] }, look };
	}
}

/* Blanks from a column on, if they are many: how many columns are done by that. */
static int blank_out(struct wire *w, int y, int x, int end, struct buf *out)
{
	const struct wire_cell *now = w->row, *was = w->cell + y * w->cols;
	int n = 0, changed = 0;

	for (; x + n < end && is_blank(&now[x + n]); n++)
		if (!is_same(&now[x + n], &was[x + n]))
			changed = n + 1;
	bool to_end = x + n == w->cols;
	const char *word = to_end ? clr_eol : erase_chars;
	if (!word || changed < (to_end ? ERASE_CELLS / 2 : ERASE_CELLS))
		return 0;
	go(w, y, x, out);
	/* Where it erases with the background in force, that is the terminal's own. */
	if (w->look < 0 || w->looks[w->look].paints)
		take_look(w, GROUND, out);
	say(out, to_end ? word : tparm(word, (long)changed, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	return to_end ? n : changed;
}

/* The same character in the columns behind it, as REP (ECMA-48) where that is shorter: how many. */
static int put_repeated(struct wire *w, int y, int x, struct buf *out)
{
	const struct wire_cell *now = w->row, *was = w->cell + y * w->cols;
	int n = 0, changed = 0;

	if (!w->repeats || now[x].mark[0] || now[x].ch == 0)
		return 0;
	/* At the last columns terminals differ. */
	for (; x + n + 3 < w->cols && is_same(&now[x], &now[x + n + 1]); n++)
		if (!is_same(&now[x + n + 1], &was[x + n + 1]))
			changed = n + 1;
	if (changed * (now[x].ch < 0x80 ? 1 : 3) <= REPEAT_BYTES)
		return 0;
	buf_printf(out, "\033[%db", changed);
	w->x += changed;
	return changed;
}

static void show_row(struct wire *w, int y, struct buf *out)
{
	const struct wire_cell *was = w->cell + y * w->cols;
	/* Where the last cell would scroll the screen it is left alone. */
	bool scrolls = y == w->rows - 1 && auto_right_margin && !eat_newline_glitch;
	int end = w->cols - scrolls, n;

	for (int x = 0; x < end;) {
		if (is_same(&w->row[x], &was[x])) {
			x++;
		} else if ((n = blank_out(w, y, x, end, out)) > 0) {
			x += n;
		} else {
			x -= w->row[x].ch == 0 && x > 0;
			go(w, y, x, out);
			put_char(w, y, x, out);
			x += x + 1 < w->cols && w->row[x + 1].ch == 0 ? 2 : 1;
			if (w->x == x && x < end)
				x += put_repeated(w, y, x - 1, out);
		}
	}
}

/* ---- the whole ---- */

void wire_forget(struct wire *w)
{
	w->known = false;
}

static void begin(struct wire *w, int rows, int cols, struct buf *out)
{
	size_t n = (size_t)rows * (size_t)cols;

	w->rows = rows;
	w->cols = cols;
	w->cell = xrealloc(w->cell, (n + 1) * sizeof *w->cell);
	w->row = xrealloc(w->row, ((size_t)cols + 1) * sizeof *w->row);
	for (size_t i = 0; i < n; i++)
		w->cell[i] = (struct wire_cell){ .ch = ' ', .look = GROUND };
	w->look = -1;
	take_look(w, GROUND, out);
	say(out, clear_screen);
	w->y = w->x = 0;
	w->known = true;
}

void wire_show(struct wire *w, const struct screen *s, struct buf *out)
{
	size_t before = out->n;

	if (!w->known || w->rows != s->rows || w->cols != s->cols)
		begin(w, s->rows, s->cols, out);
	for (int y = 0; y < s->rows; y++) {
		take_row(w, s, y);
		show_row(w, y, out);
		memcpy(w->cell + y * w->cols, w->row, (size_t)w->cols * sizeof *w->row);
	}
	if (out->n > before && !cursor_invisible && s->rows)
		go(w, s->rows - 1, s->cols - 1, out);
}

void wire_release(struct wire *w)
{
	free(w->cell);
	free(w->row);
	*w = (struct wire){ 0 };
}
