/* export_mark.h - what a report says of a mark: amounts of the metric before and after it,
 * both as rates, and the change in a word. Private to export*.c. */
#ifndef ENITOP_EXPORT_MARK_H
#define ENITOP_EXPORT_MARK_H

#include "output/export_columns.h"
#include "output/export_json.h"

/* Columns of the table in export_columns.c: amounts are exact, rates have three decimals
 * and, like the word, are absent where the mark has not two sides. */
bool mark_shown(const struct result *r, bool human);
struct result_cell mark_before(const struct result *r, const struct result_row *row);
struct result_cell mark_after(const struct result *r, const struct result_row *row);
struct result_cell mark_before_rate(const struct result *r, const struct result_row *row);
struct result_cell mark_after_rate(const struct result *r, const struct result_row *row);
struct result_cell mark_change(const struct result *r, const struct result_row *row);

/* A line above a table; nothing without a mark. */
void mark_note(const struct result *r, const struct export_context *c, struct buf *out);
/* "mark" of a report. */
void mark_json(json_t *report, const struct result *r, const struct export_context *c);

#endif
