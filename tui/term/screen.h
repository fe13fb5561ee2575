/* screen.h - a grid of cells and the verbs that draw on it. Views draw on areas of
 * it, tests read it, term.c blits it. Log data passes screen_text(), which lets nothing
 * through but printable ASCII; labels are UTF-8. */
#ifndef ENITOP_SCREEN_H
#define ENITOP_SCREEN_H

#include "term/theme.h"
#include "base/util.h"

struct cell {
	uint32_t ch; /* 0: the second column of the character before */
	uint8_t role;
	uint32_t mark[2]; /* that stand over it; 0: none */
};

struct screen {
	int rows, cols;
	struct cell *cell;
	bool ascii; /* glyphs beyond ASCII have a stand-in */
};

/* A rectangle of a screen; everything drawn is cut at its edges. */
struct area {
	struct screen *screen;
	int y, x, rows, cols;
};

void screen_resize(struct screen *s, int rows, int cols); /* blank afterwards */
void screen_release(struct screen *s);
void screen_clear(struct screen *s);
const struct cell *screen_at(const struct screen *s, int y, int x);
struct area screen_area(struct screen *s);
/* A part of an area, cut to it. */
struct area area_part(struct area a, int y, int x, int rows, int cols);

/* How many bytes of a text of ASCII stand on a line of so many columns: up to a blank where there is
 * one in its second half. */
size_t screen_fitting(struct str text, int cols);

/* Draws `text` at most `width` columns wide; a byte that is not printable ASCII becomes
 * '.', and a text that does not fit ends in GLYPH_CUT. Returns the columns used. */
int screen_text(struct area a, int y, int x, int width, enum role role, struct str text);
/* The same for a label: UTF-8, of which no character is cut. */
int screen_label(struct area a, int y, int x, int width, enum role role, struct str text);
/* screen_label, but what does not fit is cut in the middle: both ends of a conversation say
 * something. */
int screen_text_middle(struct area a, int y, int x, int width, enum role role, struct str text);
/* screen_label, but what does not fit is cut at its beginning. */
int screen_text_end(struct area a, int y, int x, int width, enum role role, struct str text);
/* screen_text for a C string, to the edge of the area. */
int screen_puts(struct area a, int y, int x, enum role role, const char *text);
int screen_printf(struct area a, int y, int x, enum role role, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
/* Right-aligned: ends before column `end`. */
void screen_right(struct area a, int y, int end, enum role role, const char *text);
/* Gives a stretch of a row another role, keeping the text. */
void screen_paint(struct area a, int y, int x, int width, enum role role);

enum glyph {
	GLYPH_H,
	GLYPH_V,
	GLYPH_TL,
	GLYPH_TR,
	GLYPH_BL,
	GLYPH_BR,
	GLYPH_ARROW,
	GLYPH_SHADE_1,
	GLYPH_SHADE_2,
	GLYPH_SHADE_3,
	GLYPH_SHADE_4,
	GLYPH_UP,
	GLYPH_DOWN,
	GLYPH_CUT,
	GLYPHS
};

void screen_glyph(struct area a, int y, int x, enum role role, enum glyph g);
/* The character that it is drawn as. */
uint32_t screen_sign(struct area a, enum glyph g);
/* A frame around the area, with a title in its upper edge. Returns what is inside. */
struct area screen_box(struct area a, bool focused, const char *title);
/* One column of a bar chart: `rows` cells up from row y, filled by value / max in eighths. */
void screen_column(struct area a, int y, int x, int rows, enum role role, uint64_t value,
		   uint64_t max);
/* A horizontal bar of `width` cells. */
void screen_bar(struct area a, int y, int x, int width, enum role role, uint64_t value,
		uint64_t max);
/* A series, one cell a value, scaled to the largest. */
void screen_spark(struct area a, int y, int x, enum role role, const uint64_t *value, int n);
/* A cell of a heatmap: step 0 to 3; others draw nothing. */
void screen_heat(struct area a, int y, int x, int step);
/* One of which that much was refused: step 0 to 2, by its sign and by its colour. */
void screen_refused(struct area a, int y, int x, int step);

/* The whole grid as text: rows of characters (UTF-8), then, with `roles`, the roles as
 * one letter a cell ('a' + role, behind '~' from 'A' on; '.' for text). */
void screen_dump(const struct screen *s, bool roles, struct buf *out);

#endif
