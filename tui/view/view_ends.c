/* view_ends.c - who talks to whom, in the room that there is: what is said of the server is
 * given up last. */
#include <string.h>

#include "base/utf8.h"
#include "view/view.h"

#define CLIENT_LEAST 6 /* columns of one worth its place, with its arrow: "…23 > " */

/* All of it, with as much of an arrow before it as there is room for; else its end. */
static void draw_server(struct area area, int y, int width, struct str server)
{
	int room = width - (int)utf8_columns(server);

	if (room >= 4) {
		screen_glyph(area, y, 0, ROLE_TEXT, GLYPH_CUT);
		screen_puts(area, y, 2, ROLE_TEXT, ">");
		screen_label(area, y, 4, width - 4, ROLE_TEXT, server);
	} else if (room >= 2) {
		screen_puts(area, y, 0, ROLE_TEXT, ">");
		screen_label(area, y, 2, width - 2, ROLE_TEXT, server);
	} else {
		screen_text_end(area, y, 0, width, ROLE_TEXT, server);
	}
}

static uint32_t drawn(struct area area, int y, int x)
{
	return x < area.cols ? screen_at(area.screen, area.y + y, area.x + x)->ch : 0;
}

/* Gives the ends as they were drawn the hues that they have: the one before the arrow, the other
 * behind it up to its port. */
static void paint(struct area area, int y, int width, const struct view_ends *e)
{
	int arrow = -1, end = 0, colon = -1;

	if (y < 0 || y >= area.rows)
		return;
	for (int x = 0; x < width && x < area.cols; x++) {
		uint32_t ch = drawn(area, y, x);
		if (ch == '>' && arrow < 0)
			arrow = x;
		colon = ch == ':' && e->port ? x : colon;
		end = ch != ' ' ? x + 1 : end;
	}
	if (!e->server) {
		screen_paint(area, y, 0, end, e->hue[0]);
		return;
	}
	if (arrow > 0)
		screen_paint(area, y, 0, arrow, e->hue[0]);
	arrow = arrow < 0 ? 0 : arrow + 1;
	screen_paint(area, y, arrow, (colon > arrow ? colon : end) - arrow, e->hue[1]);
}

static void draw_ends(struct area area, int y, int width, const struct view_ends *e)
{
	struct str text = buf_str(&e->text), server;
	struct buf less = { 0 };

	if (!e->server) {
		screen_text_middle(area, y, 0, width, ROLE_TEXT, text);
		return;
	}
	if (e->tcp && (int)utf8_columns(text) > width) {
		size_t behind = e->tcp + strlen(VIEW_TCP);
		buf_add(&less, text.s, e->tcp);
		buf_add(&less, text.s + behind, text.n - behind);
		text = buf_str(&less);
	}
	server = (struct str){ text.s + e->server, text.n - e->server };
	if ((int)utf8_columns(text) <= width || (int)utf8_columns(server) + CLIENT_LEAST <= width)
		screen_text_end(area, y, 0, width, ROLE_TEXT, text);
	else
		draw_server(area, y, width, server);
	buf_release(&less);
}

void view_ends_draw(struct area area, int y, int width, const struct view_ends *e)
{
	draw_ends(area, y, width, e);
	if (e->hue[0] != ROLE_TEXT || e->hue[1] != ROLE_TEXT)
		paint(area, y, width, e);
}

static bool is_port(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return n > 0;
}

/* Where the server ends that a sentence names, as far as that is with its port, behind a name of two
 * words at most; 0: it names none. */
static size_t server_end(struct str text)
{
	const char *arrow = memmem(text.s, text.n, " > ", 3);
	size_t at = arrow ? (size_t)(arrow - text.s) + 3 : text.n;

	for (int words = 0; words < 3 && at < text.n; words++) {
		const char *blank = memchr(text.s + at, ' ', text.n - at);
		size_t end = blank ? (size_t)(blank - text.s) : text.n;
		const char *colon = memrchr(text.s + at, ':', end - at);
		if (colon && is_port(colon + 1, (size_t)(text.s + end - colon) - 1))
			return end;
		at = end + 1;
	}
	return 0;
}

void view_sentence_draw(struct area area, int y, int x, int width, enum role role, struct str text)
{
	struct str named = { text.s, server_end(text) };
	int cut = named.n < text.n; /* a column for the sign of it */

	if (!named.n || (int)utf8_columns(named) + cut <= width || width < 2) {
		screen_label(area, y, x, width, role, text);
		return;
	}
	screen_text_end(area, y, x, width - cut, role, named);
	if (cut)
		screen_glyph(area, y, x + width - 1, role, GLYPH_CUT);
}
