/* export_grid.h - a grid of texts, written as table or csv: whole, or a few rows at a time, those of
 * a table after each has been here once for its width. Private to export*.c. */
#ifndef ENITOP_EXPORT_GRID_H
#define ENITOP_EXPORT_GRID_H

#include "base/util.h"

struct grid {
	struct buf text; /* cells, each with its NUL */
	size_t *cell;    /* offsets in it, row after row; the first row is the head */
	size_t *length;
	size_t cells, cap, cap_length, columns;
	size_t *width; /* of columns, as of the last grid_widen() */
	size_t widths;
	uint64_t left;   /* bit: the column is text, aligned left */
	uint64_t labels; /* bit: the column is of labels, which are UTF-8 */
};

/* A title for each column first, then the cells, row after row; anew behind grid_begin(), which
 * forgets all but widths. */
void grid_begin(struct grid *g);
void grid_head(struct grid *g, const char *title, bool left);
/* Before a title: the column is of values of a field. */
void grid_field(struct grid *g, int field);
void grid_add(struct grid *g, struct str text);
void grid_number(struct grid *g, uint64_t v);
void grid_release(struct grid *g);
/* Widens the columns to the cells that are there. */
void grid_widen(struct grid *g);
/* Writes the cells that are there and forgets them: columns two spaces apart and as wide as they
 * are known to be, nothing in them that could move a terminal; */
void grid_table(struct grid *g, struct buf *out);
/* with commas between. */
void grid_csv(struct grid *g, struct buf *out);
/* Forgets the cells. */
void grid_clear(struct grid *g);

/* Adds log bytes as they may reach a terminal. */
void export_printable(struct buf *out, struct str s);
/* Adds a cell after RFC 4180, quoted where it must be. */
void export_csv_cell(struct buf *out, struct str s);

#endif
