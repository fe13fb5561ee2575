/* screen.c - see screen.h. */
#include "term/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static const struct {
	uint32_t wide, ascii;
} glyphs[GLYPHS] = {
	[GLYPH_H] = { 0x2500, '-' },       [GLYPH_V] = { 0x2502, '|' },
	[GLYPH_TL] = { 0x250c, '+' },      [GLYPH_TR] = { 0x2510, '+' },
	[GLYPH_BL] = { 0x2514, '+' },      [GLYPH_BR] = { 0x2518, '+' },
	[GLYPH_ARROW] = { 0x2192, '>' },   [GLYPH_SHADE_1] = { 0x2591, '.' },
	[GLYPH_SHADE_2] = { 0x2592, 'o' }, [GLYPH_SHADE_3] = { 0x2593, 'O' },
	[GLYPH_SHADE_4] = { 0x2588, '#' }, [GLYPH_UP] = { 0x2191, '^' },
	[GLYPH_DOWN] = { 0x2193, 'v' },    [GLYPH_CUT] = { 0x2026, '*' },
};

/* Eighths of a cell, 1 to 8, from below. */
static uint32_t eighth(bool ascii, unsigned n)
{
	return ascii ? (uint32_t) " .:-=+*#@"[n] : 0x2580 + n;
}

/* ---- the grid ---- */

void screen_clear(struct screen *s)
{
	for (int i = 0; i < s->rows * s->cols; i++)
		s->cell[i] = (struct cell){ .ch = ' ', .role = ROLE_TEXT };
}

void screen_resize(struct screen *s, int rows, int cols)
{
	s->rows = rows;
	s->cols = cols;
	s->cell = xrealloc(s->cell, (size_t)rows * (size_t)cols * sizeof *s->cell + 1);
	screen_clear(s);
}

void screen_release(struct screen *s)
{
	free(s->cell);
	s->cell = NULL;
}

const struct cell *screen_at(const struct screen *s, int y, int x)
{
	return &s->cell[y * s->cols + x];
}

struct area screen_area(struct screen *s)
{
	return (struct area){ s, 0, 0, s->rows, s->cols };
}

struct area area_part(struct area a, int y, int x, int rows, int cols)
{
	if (rows > a.rows - y)
		rows = a.rows - y;
	if (cols > a.cols - x)
		cols = a.cols - x;
	return (struct area){ a.screen, a.y + y, a.x + x, rows > 0 ? rows : 0,
			      cols > 0 ? cols : 0 };
}

/* Half of a wide character is a blank. */
static struct cell *put(struct area a, int y, int x, enum role role, uint32_t ch)
{
	struct cell *c;

	if (y < 0 || y >= a.rows || x < 0 || x >= a.cols)
		return NULL;
	c = &a.screen->cell[(a.y + y) * a.screen->cols + a.x + x];
	if (c->ch == 0 && ch) {
		c[-1].ch = ' ';
		c[-1].mark[0] = 0;
	}
	if (a.x + x + 1 < a.screen->cols && c[1].ch == 0)
		c[1].ch = ' ';
	*c = (struct cell){ .ch = ch, .role = (uint8_t)role };
	return c;
}

/* ---- text ---- */

size_t screen_fitting(struct str text, int cols)
{
	size_t most = cols > 8 ? (size_t)cols : 8, n = most;

	if (text.n <= most)
		return text.n;
	while (n > most / 2 && text.s[n] != ' ')
		n--;
	return n > most / 2 ? n : most;
}

int screen_text(struct area a, int y, int x, int width, enum role role, struct str text)
{
	int n = text.n < 100000 ? (int)text.n : 100000, cut;

	if (width > a.cols - x)
		width = a.cols - x;
	cut = n > width ? width - 1 : n;
	for (int i = 0; i < cut; i++) {
		unsigned char c = (unsigned char)text.s[i];
		put(a, y, x + i, role, c >= ' ' && c < 127 ? c : '.');
	}
	if (n > width && width > 0)
		screen_glyph(a, y, x + width - 1, role, GLYPH_CUT);
	return n < width ? n : width < 0 ? 0 : width;
}

static int next(struct area a, struct str *rest, uint32_t *ch)
{
	int columns = utf8_next(rest, ch);

	if (*ch < 0x80 || !a.screen->ascii)
		return columns;
	*ch = '.';
	return 1;
}

static int columns_of(struct area a, struct str text)
{
	int columns = 0;
	uint32_t ch;

	for (text.n = text.n < 100000 ? text.n : 100000; text.n;)
		columns += next(a, &text, &ch);
	return columns;
}

int screen_label(struct area a, int y, int x, int width, enum role role, struct str text)
{
	struct cell *last = NULL;
	int all = columns_of(a, text), used = 0, cut, n;
	uint32_t ch;

	if (width > a.cols - x)
		width = a.cols - x;
	cut = all > width ? width - 1 : all;
	while (text.n && (n = next(a, &text, &ch)) + used <= cut) {
		if (n > 0)
			last = put(a, y, x + used, role, ch);
		else if (last)
			last->mark[last->mark[0] != 0] = ch;
		if (n > 1 && last)
			put(a, y, x + used + 1, role, 0);
		used += n;
	}
	if (all > width && width > 0)
		screen_glyph(a, y, x + used, role, GLYPH_CUT);
	return all < width ? all : width < 0 ? 0 : width;
}

/* The end of a text, of so many columns at most; their number in *columns. */
static struct str end_of(struct area a, struct str text, int most, int *columns)
{
	struct str end = text, rest = text;
	int left = columns_of(a, text);
	uint32_t ch;

	/* A mark goes with what it stands over. */
	for (int n; rest.n && ((n = next(a, &rest, &ch)) == 0 || left > most); end = rest)
		left -= n;
	*columns = left;
	return end;
}

int screen_text_end(struct area a, int y, int x, int width, enum role role, struct str text)
{
	struct str end;
	int left;

	width = width < a.cols - x ? width : a.cols - x;
	if (columns_of(a, text) <= width || width < 2)
		return screen_label(a, y, x, width, role, text);
	end = end_of(a, text, width - 1, &left);
	screen_glyph(a, y, x, role, GLYPH_CUT);
	return 1 + screen_label(a, y, x + 1, left, role, end);
}

int screen_text_middle(struct area a, int y, int x, int width, enum role role, struct str text)
{
	int left = columns_of(a, text);
	struct str end;

	if (width > a.cols - x || left <= width || width < 12)
		return screen_label(a, y, x, width, role, text);
	end = end_of(a, text, width * 2 / 5, &left);
	screen_label(a, y, x, width - left, role, text);
	screen_label(a, y, x + width - left, left, role, end);
	return width;
}

int screen_puts(struct area a, int y, int x, enum role role, const char *text)
{
	return screen_text(a, y, x, a.cols, role, str_of(text));
}

int screen_printf(struct area a, int y, int x, enum role role, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	return screen_puts(a, y, x, role, text);
}

void screen_right(struct area a, int y, int end, enum role role, const char *text)
{
	int n = (int)strlen(text);

	screen_puts(a, y, end - n > 0 ? end - n : 0, role, text);
}

void screen_paint(struct area a, int y, int x, int width, enum role role)
{
	for (int i = x; i < x + width; i++)
		if (y >= 0 && y < a.rows && i >= 0 && i < a.cols)
			a.screen->cell[(a.y + y) * a.screen->cols + a.x + i].role = (uint8_t)role;
}

/* ---- shapes ---- */

uint32_t screen_sign(struct area a, enum glyph g)
{
	return a.screen->ascii ? glyphs[g].ascii : glyphs[g].wide;
}

void screen_glyph(struct area a, int y, int x, enum role role, enum glyph g)
{
	put(a, y, x, role, screen_sign(a, g));
}

struct area screen_box(struct area a, bool focused, const char *title)
{
	enum role role = focused ? ROLE_FOCUS : ROLE_FRAME;

	for (int x = 1; x < a.cols - 1; x++) {
		screen_glyph(a, 0, x, role, GLYPH_H);
		screen_glyph(a, a.rows - 1, x, role, GLYPH_H);
	}
	for (int y = 1; y < a.rows - 1; y++) {
		screen_glyph(a, y, 0, role, GLYPH_V);
		screen_glyph(a, y, a.cols - 1, role, GLYPH_V);
	}
	screen_glyph(a, 0, 0, role, GLYPH_TL);
	screen_glyph(a, 0, a.cols - 1, role, GLYPH_TR);
	screen_glyph(a, a.rows - 1, 0, role, GLYPH_BL);
	screen_glyph(a, a.rows - 1, a.cols - 1, role, GLYPH_BR);
	if (a.cols > 8) {
		int n = screen_text(a, 0, 2, a.cols - 4, focused ? ROLE_FOCUS : ROLE_TITLE,
				    str_of(title));
		put(a, 0, 1, role, ' ');
		put(a, 0, 2 + n, role, ' ');
	}
	return area_part(a, 1, 1, a.rows - 2, a.cols - 2);
}

void screen_column(struct area a, int y, int x, int rows, enum role role, uint64_t value,
		   uint64_t max)
{
	uint64_t eighths;

	if (max == 0 || value == 0)
		return;
	eighths = (uint64_t)((double)value / (double)max * 8 * rows + 0.5);
	if (eighths == 0)
		eighths = 1;
	for (int i = 0; i < rows && eighths; i++) {
		unsigned part = eighths < 8 ? (unsigned)eighths : 8;
		put(a, y - i, x, role, eighth(a.screen->ascii, part));
		eighths -= part;
	}
}

void screen_bar(struct area a, int y, int x, int width, enum role role, uint64_t value,
		uint64_t max)
{
	int full = max ? (int)((double)value / (double)max * width + 0.5) : 0;

	for (int i = 0; i < width; i++)
		screen_glyph(a, y, x + i, i < full ? role : ROLE_DIM,
			     i < full ? GLYPH_SHADE_4 : GLYPH_SHADE_1);
}

void screen_spark(struct area a, int y, int x, enum role role, const uint64_t *value, int n)
{
	uint64_t max = 0;

	for (int i = 0; i < n; i++)
		max = value[i] > max ? value[i] : max;
	for (int i = 0; i < n; i++)
		screen_column(a, y, x + i, 1, role, value[i], max);
}

void screen_heat(struct area a, int y, int x, int step)
{
	static const struct {
		enum role role;
		enum glyph glyph;
	} steps[] = { { ROLE_HEAT_1, GLYPH_SHADE_1 },
		      { ROLE_HEAT_2, GLYPH_SHADE_2 },
		      { ROLE_HEAT_3, GLYPH_SHADE_3 },
		      { ROLE_HEAT_4, GLYPH_SHADE_4 } };

	if (step >= 0 && step < (int)ARRAY_SIZE(steps))
		screen_glyph(a, y, x, steps[step].role, steps[step].glyph);
}

void screen_refused(struct area a, int y, int x, int step)
{
	static const struct {
		enum role role;
		char sign;
	} steps[] = { { ROLE_REFUSED_1, ':' }, { ROLE_REFUSED_2, '!' }, { ROLE_REFUSED_3, '!' } };

	if (step >= 0 && step < (int)ARRAY_SIZE(steps))
		put(a, y, x, steps[step].role, (uint32_t)steps[step].sign);
}

/* ---- for tests ---- */

static void dump_cell(const struct cell *c, struct buf *out)
{
	if (c->ch)
		utf8_put(out, c->ch);
	for (size_t i = 0; i < ARRAY_SIZE(c->mark) && c->mark[i]; i++)
		utf8_put(out, c->mark[i]);
}

/* 'a' and what is behind it, as far as it is printable; then 'A'. */
static char letter_of(int role)
{
	int behind = '~' + 1 - 'a';

	return role == ROLE_TEXT ? '.' : (char)(role < behind ? 'a' + role : 'A' + role - behind);
}

void screen_dump(const struct screen *s, bool roles, struct buf *out)
{
	for (int pass = 0; pass < (roles ? 2 : 1); pass++)
		for (int y = 0; y < s->rows; y++) {
			size_t end = out->n;
			for (int x = 0; x < s->cols; x++) {
				const struct cell *c = screen_at(s, y, x);
				if (pass)
					buf_putc(out, letter_of(c->role));
				else
					dump_cell(c, out);
				if (pass == 0 ? c->ch != ' ' : c->role != ROLE_TEXT)
					end = out->n;
			}
			out->n = end; /* no blanks at the end of a line */
			buf_putc(out, '\n');
		}
}
