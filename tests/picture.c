/* picture.c - see picture.h. */
#include "picture.h"

#include <stdio.h>
#include <string.h>

/* A cell in hundredths of what SVG counts in; the margin around all of them in cells. */
enum { WIDTH = 840, HEIGHT = 1800, BASELINE = 1340, MARGIN = 1 };

/* What a terminal with a dark ground shows the sixteen colours as; text and ground. */
static const char *const colors[] = {
	"#000000", "#e5534b", "#57ab5a", "#daaa3f", "#539bf5", "#b083f0", "#39c5cf", "#c9d1d9",
	"#768390", "#ff7b72", "#7ee787", "#f2cc60", "#79c0ff", "#d2a8ff", "#56d4dd", "#ffffff",
};
#define INK "#d0d7de"
#define GROUND "#161b22"

/* ---- colours ---- */

static const char *color(int32_t c, const char *usual, char *room, size_t size)
{
	if (c == COLOR_DEFAULT_)
		return usual;
	if (!(c & COLOR_RGB))
		return colors[c & 15];
	snprintf(room, size, "#%06x", (unsigned)(c & 0xffffff));
	return room;
}

/* What a role has as ink or ground, whichever is asked for. */
static const char *look(const struct style *s, bool ink, char *room, size_t size)
{
	bool turned = s->attributes & ATTR_REVERSE;

	return ink != turned ? color(s->fg, INK, room, size) : color(s->bg, GROUND, room, size);
}

/* ---- numbers ---- */

static void add(struct buf *out, int hundredths)
{
	buf_printf(out, "%d", hundredths / 100);
	if (hundredths % 100)
		buf_printf(out, ".%02d", hundredths % 100);
}

/* " NAME='1.25'" */
static void attribute(struct buf *out, const char *name, int hundredths)
{
	buf_printf(out, " %s='", name);
	add(out, hundredths);
	buf_putc(out, '\'');
}

static int left_of(int x)
{
	return (x + MARGIN) * WIDTH;
}

static int top_of(int y)
{
	return y * HEIGHT + MARGIN * WIDTH;
}

/* A part of the cells from (y, x) on, from `top` to the bottom. */
static void rectangle(struct buf *out, int y, int x, int cells, int top, const char *more)
{
	buf_puts(out, "<rect");
	attribute(out, "x", left_of(x));
	attribute(out, "y", top_of(y) + top);
	attribute(out, "width", cells * WIDTH);
	attribute(out, "height", HEIGHT - top);
	buf_printf(out, " %s/>\n", more);
}

/* ---- cells ---- */

/* Which of the four sides a line of a frame goes to: left, right, up, down. */
static const char *frame_of(uint32_t ch)
{
	static const struct {
		uint32_t ch;
		const char *sides;
	} frames[] = {
		{ 0x2500, "lr" }, { 0x2502, "ud" }, { 0x250c, "rd" },  { 0x2510, "ld" },
		{ 0x2514, "ru" }, { 0x2518, "lu" }, { 0x2524, "lud" }, { 0x253c, "lrud" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++)
		if (frames[i].ch == ch)
			return frames[i].sides;
	return NULL;
}

static bool is_block(uint32_t ch)
{
	return ch >= 0x2581 && ch <= 0x2593;
}

static bool is_text(uint32_t ch)
{
	return ch > ' ' && !is_block(ch) && !frame_of(ch);
}

static void block(struct buf *out, int y, int x, int cells, uint32_t ch, int role)
{
	char more[48];

	if (ch > 0x2590) /* a shade: a quarter, half, three quarters of it */
		snprintf(more, sizeof more, "class='f%d' opacity='.%d'", role,
			 25 * (int)(ch - 0x2590));
	else
		snprintf(more, sizeof more, "class='f%d'", role);
	rectangle(out, y, x, cells, ch > 0x2588 ? 0 : HEIGHT - (int)(ch - 0x2580) * HEIGHT / 8,
		  more);
}

static void frame(struct buf *out, int y, int x, int cells, const char *sides, int role)
{
	buf_puts(out, "<path d='");
	for (; *sides; sides++) {
		bool across = *sides == 'l' || *sides == 'r';
		int from_x = left_of(x) + WIDTH / 2, from_y = top_of(y) + HEIGHT / 2;
		buf_putc(out, 'M');
		add(out, cells > 1 ? left_of(x) : from_x);
		buf_putc(out, ' ');
		add(out, from_y);
		buf_putc(out, across ? 'H' : 'V');
		add(out, *sides == 'l'   ? left_of(x)
			 : *sides == 'r' ? left_of(x + cells)
			 : *sides == 'u' ? top_of(y)
					 : top_of(y + 1));
	}
	buf_printf(out, "' class='s%d'/>\n", role);
}

static void text(struct buf *out, const struct cell *c, int y, int x, int cells, int role)
{
	buf_puts(out, "<text");
	attribute(out, "x", left_of(x));
	attribute(out, "y", top_of(y) + BASELINE);
	attribute(out, "textLength", cells * WIDTH);
	buf_printf(out, " class='f%d'>", role);
	for (int i = 0; i < cells; i++) {
		uint32_t ch = c[i].ch;
		if (ch == '&' || ch == '<' || ch == '>')
			buf_puts(out, ch == '&' ? "&amp;" : ch == '<' ? "&lt;" : "&gt;");
		else if (ch < 127)
			buf_putc(out, (char)ch);
		else
			buf_printf(out, "&#%u;", (unsigned)ch);
	}
	buf_puts(out, "</text>\n");
}

/* From column x on: how many cells are one run, which is drawn. */
static int run(struct buf *out, const struct screen *s, int y, int x)
{
	const struct cell *c = screen_at(s, y, x);
	const char *sides = frame_of(c->ch);
	int n = 1, most = s->cols - x;

	if (is_text(c->ch)) { /* words; blanks stand alone, so that each word stays in its place */
		while (n < most && is_text(c[n].ch) && c[n].role == c->role)
			n++;
		text(out, c, y, x, n, c->role);
	} else if (is_block(c->ch) || c->ch == 0x2500) {
		while (n < most && c[n].ch == c->ch && c[n].role == c->role)
			n++;
		if (sides)
			frame(out, y, x, n, "r", c->role);
		else
			block(out, y, x, n, c->ch, c->role);
	} else if (sides) {
		frame(out, y, x, n, sides, c->role);
	}
	return n;
}

/* ---- all of it ---- */

static void styles(struct buf *out, const struct theme *t)
{
	char room[16];

	buf_puts(out, "<style>text { font: 14px 'DejaVu Sans Mono', Menlo, Consolas, "
		      "'Liberation Mono', monospace }\nrect { shape-rendering: crispEdges }\n"
		      "path { fill: none; stroke-width: 1 }\n");
	for (int r = 0; r < ROLE_COUNT; r++) {
		const struct style *s = &t->style[r];
		const char *ink = look(s, true, room, sizeof room);
		buf_printf(out, ".f%d { fill: %s%s%s }\n", r, ink,
			   s->attributes & ATTR_BOLD ? "; font-weight: bold" : "",
			   s->attributes & ATTR_UNDERLINE ? "; text-decoration: underline" : "");
		buf_printf(out, ".s%d { stroke: %s }\n", r, ink);
	}
	buf_puts(out, "</style>\n");
}

static void grounds(struct buf *out, const struct screen *s, const struct theme *t, int y)
{
	for (int x = 0, n; x < s->cols; x += n) {
		int role = screen_at(s, y, x)->role;
		char room[16], more[32];
		const char *ground = look(&t->style[role], false, room, sizeof room);
		for (n = 1; x + n < s->cols && screen_at(s, y, x + n)->role == role;)
			n++;
		snprintf(more, sizeof more, "fill='%s'", ground);
		if (strcmp(ground, GROUND) != 0)
			rectangle(out, y, x, n, 0, more);
	}
}

void picture_write(const struct screen *s, const struct theme *t, struct buf *out)
{
	buf_puts(out, "<svg xmlns='http://www.w3.org/2000/svg'");
	attribute(out, "width", left_of(s->cols + MARGIN));
	attribute(out, "height", top_of(s->rows) + MARGIN * WIDTH);
	buf_puts(out, ">\n<!-- by tests/test_picture; ENITOP_UPDATE=1 writes it anew -->\n");
	styles(out, t);
	buf_puts(out, "<rect width='100%' height='100%' rx='6' fill='" GROUND "'/>\n");
	for (int y = 0; y < s->rows; y++) {
		grounds(out, s, t, y);
		for (int x = 0; x < s->cols;)
			x += run(out, s, y, x);
	}
	buf_puts(out, "</svg>\n");
}
