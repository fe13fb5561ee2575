/* export_grid.c - see export_grid.h. */
#include "output/export_grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "labels/label_field.h"

void grid_add(struct grid *g, struct str text)
{
	xgrow((void **)&g->cell, &g->cap, g->cells + 1, sizeof *g->cell);
	xgrow((void **)&g->length, &g->cap_length, g->cells + 1, sizeof *g->length);
	g->cell[g->cells] = g->text.n;
	g->length[g->cells++] = text.n;
	buf_add_str(&g->text, text);
	buf_putc(&g->text, '\0');
}

void grid_field(struct grid *g, int field)
{
	if (field_is_label(field) && g->columns < 64)
		g->labels |= UINT64_C(1) << g->columns;
}

void grid_head(struct grid *g, const char *title, bool left)
{
	if (left && g->columns < 64)
		g->left |= UINT64_C(1) << g->columns;
	g->columns++;
	grid_add(g, str_of(title));
}

void grid_number(struct grid *g, uint64_t v)
{
	struct buf b = { 0 };

	buf_add_u64(&b, v);
	grid_add(g, buf_str(&b));
	buf_release(&b);
}

static struct str grid_cell(const struct grid *g, size_t i)
{
	return (struct str){ g->text.s + g->cell[i], g->length[i] };
}

void grid_clear(struct grid *g)
{
	buf_clear(&g->text);
	g->cells = 0;
}

void grid_begin(struct grid *g)
{
	grid_clear(g);
	g->columns = 0;
	g->left = g->labels = 0;
}

void grid_release(struct grid *g)
{
	free(g->width);
	buf_release(&g->text);
	free(g->cell);
	free(g->length);
}

/* Log bytes as they may reach a terminal. */
void export_printable(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_putc(out, s.s[i] >= ' ' && s.s[i] <= '~' ? s.s[i] : '.');
}

static void pad(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

static bool has_labels(const struct grid *g, size_t column)
{
	return column < 64 && (g->labels >> column & 1);
}

static size_t cell_columns(const struct grid *g, size_t i)
{
	return has_labels(g, i % g->columns) ? utf8_columns(grid_cell(g, i)) : g->length[i];
}

void grid_widen(struct grid *g)
{
	if (g->widths < g->columns) {
		g->width = xrealloc(g->width, g->columns * sizeof *g->width);
		memset(g->width + g->widths, 0, (g->columns - g->widths) * sizeof *g->width);
		g->widths = g->columns;
	}
	for (size_t i = 0; i < g->cells; i++)
		if (cell_columns(g, i) > g->width[i % g->columns])
			g->width[i % g->columns] = cell_columns(g, i);
}

void grid_table(struct grid *g, struct buf *out)
{
	for (size_t i = 0; i < g->cells; i++) {
		size_t column = i % g->columns, room = g->width[column] - cell_columns(g, i);
		bool left = column < 64 && (g->left >> column & 1);
		if (column)
			buf_puts(out, "  ");
		if (!left)
			pad(out, room);
		if (has_labels(g, column))
			utf8_add(out, grid_cell(g, i));
		else
			export_printable(out, grid_cell(g, i));
		if (column + 1 == g->columns)
			buf_putc(out, '\n');
		else if (left)
			pad(out, room);
	}
	grid_clear(g);
}

/* RFC 4180, with a bare newline as line end. */
void export_csv_cell(struct buf *out, struct str s)
{
	bool quote = false;

	for (size_t i = 0; i < s.n; i++)
		quote |= s.s[i] == '"' || s.s[i] == ',' || s.s[i] == '\n' || s.s[i] == '\r';
	if (!quote) {
		buf_add_str(out, s);
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, s.s[i]);
	}
	buf_putc(out, '"');
}

void grid_csv(struct grid *g, struct buf *out)
{
	for (size_t i = 0; i < g->cells; i++) {
		export_csv_cell(out, grid_cell(g, i));
		buf_putc(out, (i + 1) % g->columns ? ',' : '\n');
	}
	grid_clear(g);
}
