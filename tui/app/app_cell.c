/* app_cell.c - the cursor within the selected row, or within a record in full: each cell
 * says FIELD=VALUE, and + - Enter take it instead of the row. A ranked row's cells are the
 * clauses of what the row says, so that whatever can be grouped by has cells. */
#include <stdlib.h>
#include <string.h>

#include "app/app_filter.h"
#include "app/command.h"
#include "state/cursor.h"
#include "view/view.h"

/* ---- rows ---- */

/* What the row says, as a filter whose clauses are its cells; NULL: nothing. */
static struct filter *row_filter(struct app *a)
{
	const struct view *v = a->focus->view;
	struct buf clause = { 0 };
	struct filter_error e;
	struct filter *f = NULL;

	if (v->clause)
		v->clause(a, a->focus, &clause);
	if (clause.n)
		f = filter_new(buf_str(&clause), 0, &e);
	buf_release(&clause);
	return f;
}

/* ---- both ---- */

static int cells(struct app *a)
{
	const struct view *v = a->focus->view;
	struct filter *f;
	int n;

	if (v->cells)
		return v->cells(a, a->focus);
	f = row_filter(a);
	n = f ? (int)filter_clauses(f) : 0;
	filter_free(f);
	return n;
}

static void cell_clause(struct app *a, int i, struct buf *out)
{
	const struct view *v = a->focus->view;
	struct filter *f;

	if (v->cell) {
		v->cell(a, a->focus, i, out);
	} else if ((f = row_filter(a))) {
		if (i < (int)filter_clauses(f))
			buf_puts(out, filter_clause(f, (size_t)i));
		filter_free(f);
	}
}

void app_selected_clause(struct app *a, struct buf *out)
{
	const struct view *v = a->focus->view;

	if (a->cell)
		cell_clause(a, a->cell - 1, out);
	else if (v->clause && !a->source_open)
		v->clause(a, a->focus, out);
}

/* A chart has a cursor of its own instead of cells: whether that moved. */
static bool chart_move(struct app *a, int by)
{
	if (app_detail(a) || !a->focus->view->move)
		return false;
	a->focus->view->move(a, a->focus, by);
	return true;
}

bool app_cell_moves(struct app *a, int by)
{
	const struct view *v = a->focus->view;

	if (app_detail(a) || !v->move)
		return by < 0 ? a->cell > 0 : a->cell < cells(a);
	if (a->focus == pane_of_heat(a))
		return a->heat.columns > 0 && !a->focus->result.by_change;
	return bars_cursor_moves(a, by);
}

void command_cell_left(struct app *a)
{
	if (!chart_move(a, -1) && a->cell > 0)
		a->cell--;
}

void command_cell_right(struct app *a)
{
	int n = cells(a);

	if (!chart_move(a, 1))
		a->cell = a->cell < n ? a->cell + 1 : n;
}

/* ---- where it is on the screen ---- */

static bool is_selected(const struct area a, int y)
{
	for (int x = 0; x < a.cols; x++)
		if (screen_at(a.screen, a.y + y, a.x + x)->role == ROLE_SELECTED)
			return true;
	return false;
}

#define CUT '\1' /* what stands for a text's end or beginning that has no room */

static char char_at(struct area a, int y, int x)
{
	uint32_t c = x >= 0 && x < a.cols ? screen_at(a.screen, a.y + y, a.x + x)->ch : ' ';

	if (c == screen_sign(a, GLYPH_CUT))
		return CUT;
	return c > ' ' && c < 127 ? (char)c : ' ';
}

static bool is_joint(char c)
{
	return c == ' ' || c == ':' || c == '/' || c == '>' || c == '~' || c == ',' || c == CUT;
}

/* Where the text stands in the row as a word of its own; cut, as
 * "…113.77" or "10.20.…", what is left of it. False: nowhere. */
static bool find_text(struct area a, int y, struct str text, int from, int *x, int *n)
{
	for (int at = from; at < a.cols && text.n; at++) {
		size_t k = 0, tail;
		if (!is_joint(char_at(a, y, at - 1)))
			continue;
		while (k < text.n && char_at(a, y, at + (int)k) == text.s[k])
			k++;
		if (k == text.n ? is_joint(char_at(a, y, at + (int)k))
				: k >= 2 && char_at(a, y, at + (int)k) == CUT) {
			*x = at;
			*n = (int)k;
			return true;
		}
		if (char_at(a, y, at) != CUT)
			continue;
		for (tail = 0; !is_joint(char_at(a, y, at + 1 + (int)tail)); tail++)
			;
		bool same = tail >= 2 && tail <= text.n;
		for (k = 0; same && k < tail; k++)
			same = char_at(a, y, at + 1 + (int)k) == text.s[text.n - tail + k];
		if (same) {
			*x = at;
			*n = (int)tail + 1;
			return true;
		}
	}
	return false;
}

/* The value of "field=value", as panes write it. */
static void shown_value(struct str clause, struct buf *out)
{
	const char *equals = memchr(clause.s, '=', clause.n);
	size_t name = equals ? (size_t)(equals - clause.s) : 0;
	struct str value = { clause.s + name + 1, clause.n - name - 1 };
	uint64_t n;

	if (!equals)
		return;
	if (value.n >= 2 && value.s[0] == '"') { /* as filter_quote writes it */
		for (size_t i = 1; i + 1 < value.n; i++) {
			i += value.s[i] == '\\';
			buf_putc(out, value.s[i]);
		}
		return;
	}
	if (str_equal((struct str){ clause.s, name }, str_of("protocol")) &&
	    str_to_u64(value, &n) && n < 256 && protocol_name((unsigned)n).n)
		value = protocol_name((unsigned)n);
	buf_add_str(out, value);
}

/* In a record in full: the label of the field. */
static void paint_label(struct app *a, struct area area)
{
	const char *label = view_record_label(a, a->cell - 1);
	int x, n;

	for (int y = 0; label && y < area.rows; y++)
		if (find_text(area, y, str_of(label), 0, &x, &n) && n == (int)strlen(label)) {
			screen_paint(area, y, x, n, ROLE_SELECTED);
			return;
		}
}

void app_cell_paint(struct app *a, struct area area)
{
	struct buf clause = { 0 }, value = { 0 };
	int x = 0, n = 0, from = 0;

	if (!a->cell || area.rows < 1 || area.cols < 1)
		return;
	if (a->detail.segment) {
		paint_label(a, area);
		return;
	}
	int y = 0;
	while (y < area.rows && !is_selected(area, y))
		y++;
	/* From the left: the same value may stand there twice. */
	for (int i = 0; y < area.rows && i < a->cell; i++) {
		buf_clear(&clause);
		buf_clear(&value);
		cell_clause(a, i, &clause);
		shown_value(buf_str(&clause), &value);
		if (value.n && find_text(area, y, buf_str(&value), from, &x, &n))
			from = x + n;
		else
			n = 0;
	}
	if (n)
		screen_paint(area, y, x, n, ROLE_FOCUS);
	buf_release(&clause);
	buf_release(&value);
}
