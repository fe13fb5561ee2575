/* export_cells.h - a heatmap in a report: a line a cell for table and csv, arrays in the
 * order of the columns for json. Private to export*.c. */
#ifndef ENITOP_EXPORT_CELLS_H
#define ENITOP_EXPORT_CELLS_H

#include "output/export_grid.h"
#include "output/export_json.h"

/* "port", "server", "time": what a field of a heatmap is called in a report. */
const char *cells_title(int field);
/* Whether rows are to be written cell by cell. */
bool cells_wanted(const struct result *r);
/* The titles of row, column, amounts; and of a row every cell with flows, in the order of the
 * columns. */
void cells_heads(const struct result *r, struct grid *g);
void cells_row(const struct result *r, const struct result_row *row, bool human, struct grid *g);
/* "columns": what the bins of rows are, where they are no times; and how many there are. */
void cells_json(json_t *report, const struct result *r);
/* "bins" and, of a heatmap that was asked for, "bin_rejects". */
void cells_json_row(json_t *row_object, const struct result *r, const struct result_row *row);

#endif
