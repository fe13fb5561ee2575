/* What goes to the terminal: screens drawn over each other are read back from a terminal that is
 * not ours, and must be what they are; and how much that takes. */
#include <unistd.h>
#include <vterm.h>

#include "support.h"
#include "term/wire.h"

/* Last: its macros are short words. */
#include <curses.h>
#include <term.h>

static struct eyes {
	VTerm *vt;
	VTermScreen *screen;
	struct screen grid;
	struct wire wire;
	struct theme theme;
	struct buf out;
} E;

static void open_eyes(const char *terminal, bool colors, int rows, int cols)
{
	int error;

	assert_int_equal(setupterm(terminal, STDOUT_FILENO, &error), OK);
	E.vt = vterm_new(rows, cols);
	vterm_set_utf8(E.vt, 1);
	E.screen = vterm_obtain_screen(E.vt);
	vterm_screen_reset(E.screen, 1);
	if (colors)
		theme_default(&E.theme);
	else
		theme_mono(&E.theme);
	screen_resize(&E.grid, rows, cols);
	wire_set_theme(&E.wire, &E.theme, colors);
}

static void close_eyes(void)
{
	vterm_free(E.vt);
	screen_release(&E.grid);
	wire_release(&E.wire);
	buf_release(&E.out);
	memset(&E, 0, sizeof E);
	del_curterm(cur_term);
}

/* Shows the grid; the bytes that it took. */
static size_t show(void)
{
	buf_clear(&E.out);
	wire_show(&E.wire, &E.grid, &E.out);
	if (E.out.n)
		vterm_input_write(E.vt, E.out.s, E.out.n);
	return E.out.n;
}

/* Which of the terminal's colours one of a theme is; those of all themes are in the cube of 256. */
static int shown_as(int32_t colour)
{
	static const int level[] = { 0, 95, 135, 175, 215, 255 };
	int n = 16;

	if (!(colour & COLOR_RGB))
		return colour;
	for (int shift = 16, each = 36; shift >= 0; shift -= 8, each /= 6)
		for (int i = 0; i < 6; i++)
			n += level[i] == (colour >> shift & 255) ? i * each : 0;
	return n;
}

static bool has_look(const VTermScreenCell *seen, enum role role, bool blank)
{
	const struct style *s = &E.theme.style[role];
	unsigned shown = (seen->attrs.underline ? ATTR_UNDERLINE : 0) |
			 (seen->attrs.reverse ? ATTR_REVERSE : 0);
	unsigned asked = s->attributes;

	if (blank) { /* what is seen of it */
		asked &= ATTR_UNDERLINE | ATTR_REVERSE;
	} else {
		shown |= seen->attrs.bold ? ATTR_BOLD : 0;
		if (s->fg >= 0 ? !VTERM_COLOR_IS_INDEXED(&seen->fg) ||
					 seen->fg.indexed.idx != shown_as(s->fg)
			       : !VTERM_COLOR_IS_DEFAULT_FG(&seen->fg))
			return false;
	}
	if (s->bg >= 0
		    ? !VTERM_COLOR_IS_INDEXED(&seen->bg) || seen->bg.indexed.idx != shown_as(s->bg)
		    : !VTERM_COLOR_IS_DEFAULT_BG(&seen->bg))
		return false;
	return shown == (asked & ~(unsigned)ATTR_DIM);
}

/* Whether the terminal shows the grid; `corner`: its last cell too. */
static void check_seen(bool corner)
{
	for (int y = 0; y < E.grid.rows; y++)
		for (int x = 0; x < E.grid.cols; x++) {
			const struct cell *c = screen_at(&E.grid, y, x);
			VTermScreenCell seen = { 0 };
			if (c->ch == 0 || (!corner && y == E.grid.rows - 1 && x == E.grid.cols - 1))
				continue;
			vterm_screen_get_cell(E.screen, (VTermPos){ y, x }, &seen);
			bool blank = c->ch == ' ';
			uint32_t ch = seen.chars[0] ? seen.chars[0] : ' ';
			if (ch != c->ch || seen.chars[1] != c->mark[0] ||
			    !has_look(&seen, (enum role)c->role, blank))
				fail_msg("row %d column %d: U+%04X of role %d, seen U+%04X", y, x,
					 c->ch, c->role, ch);
		}
}

/* Something anywhere: text, labels that are wide or have marks, blanks, boxes. */
static void scribble(uint64_t *seed)
{
	static const char *const texts[] = { "a",          "10.0.0.1 > 10.0.0.2:443",
					     "          ", "  ",
					     "日本語",     "e\u0301te\u0301",
					     "x " };
	struct area all = screen_area(&E.grid);
	int y = (int)random_below(seed, (uint64_t)E.grid.rows),
	    x = (int)random_below(seed, (uint64_t)E.grid.cols), n = 1 + (int)random_below(seed, 40);
	enum role role = (enum role)random_below(seed, ROLE_COUNT);

	switch (random_below(seed, 8)) {
	case 0:
		screen_clear(&E.grid);
		break;
	case 1:
		screen_box(area_part(all, y, x, n, n * 2), true, "title");
		break;
	case 2:
		screen_paint(all, y, x, n, role);
		break;
	case 3:
		screen_bar(all, y, x, n, role, 1, 3);
		break;
	default:
		screen_label(all, y, x, n, role,
			     str_of(texts[random_below(seed, ARRAY_SIZE(texts))]));
	}
}

/* `corner`: it has colours, and a last cell that can be written. */
static void scribbles_on(const char *terminal, bool corner)
{
	uint64_t seed = 20;

	open_eyes(terminal, corner, 12, 50);
	for (unsigned i = 0, n = fewer(4000); i < n; i++) {
		for (uint64_t k = random_below(&seed, 4) + 1; k--;)
			scribble(&seed);
		if (random_below(&seed, 50) == 0)
			wire_forget(&E.wire);
		show();
		check_seen(corner);
	}
	close_eyes();
}

static void every_screen_is_seen(void **state)
{
	(void)state;
	scribbles_on("xterm-256color", true);
}

/* It has no words to erase some cells, and wraps at once. */
static void repetitions_too(void **state)
{
	struct area all;
	size_t without;

	(void)state;
	E.wire.repeats = true;
	scribbles_on("xterm-256color", true);
	open_eyes("xterm-256color", true, 40, 120);
	all = screen_area(&E.grid);
	screen_box(all, true, "Talkers");
	without = show();
	E.wire.repeats = true;
	wire_forget(&E.wire);
	assert_true(show() + 600 < without);
	check_seen(true);
	close_eyes();
}

static void on_an_old_terminal_too(void **state)
{
	(void)state;
	scribbles_on("ansi", false);
}

static void what_is_shown_costs_nothing(void **state)
{
	struct area all;

	(void)state;
	open_eyes("xterm-256color", true, 40, 120);
	all = screen_area(&E.grid);
	screen_box(all, true, "Talkers");
	assert_true(show() > 0);
	assert_int_equal(show(), 0);
	screen_puts(all, 5, 5, ROLE_TEXT, "7");
	show();
	check_seen(true);
	/* One figure: a move, a look and itself. */
	screen_puts(all, 5, 5, ROLE_TEXT, "8");
	assert_in_range(show(), 1, 12);
	/* Blanks are not told one by one. */
	screen_puts(all, 7, 1, ROLE_TEXT,
		    "long enough to be taken away by one word, not by blanks");
	show();
	screen_text(all, 7, 1, 118, ROLE_TEXT,
		    str_of("                                        "
			   "                                        "));
	assert_in_range(show(), 1, 24);
	check_seen(true);
	wire_forget(&E.wire);
	assert_in_range(show(), 1000, 3000);
	check_seen(true);
	close_eyes();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_is_seen),
		cmocka_unit_test(repetitions_too),
		cmocka_unit_test(on_an_old_terminal_too),
		cmocka_unit_test(what_is_shown_costs_nothing),
	};

	return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
