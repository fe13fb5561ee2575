/* export_grid.h - a grid of texts, written as table or csv. Private to export*.c. */
#ifndef ENITOP_EXPORT_GRID_H
#define ENITOP_EXPORT_GRID_H

#include "base/util.h"

struct grid {
	struct buf text; /* cells, each with its NUL */
	size_t *cell;    /* offsets in it, row after row; the first row is the head */
	size_t *length;
	size_t cells, cap, cap_length, columns;
	uint64_t left;   /* bit: the column is text, aligned left */
	uint64_t labels; /* bit: the column is of labels, which are UTF-8 */
};

/* A title for each column first, then the cells, row after row. */
void grid_head(struct grid *g, const char *title, bool left);
/* Before a title: the column is of values of a field. */
void grid_field(struct grid *g, int field);
void grid_add(struct grid *g, struct str text);
void grid_number(struct grid *g, uint64_t v);
void grid_release(struct grid *g);
/* Columns two spaces apart, nothing in them that could move a terminal. */
void grid_table(const struct grid *g, struct buf *out);
void grid_csv(const struct grid *g, struct buf *out);

/* Adds log bytes as they may reach a terminal. */
void export_printable(struct buf *out, struct str s);
/* Adds a cell after RFC 4180, quoted where it must be. */
void export_csv_cell(struct buf *out, struct str s);

#endif
