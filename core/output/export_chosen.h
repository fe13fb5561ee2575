/* export_chosen.h - rows of chosen columns as text. Private to export*.c. */
#ifndef ENITOP_EXPORT_CHOSEN_H
#define ENITOP_EXPORT_CHOSEN_H

#include "store/flow_columns.h"

/* Adds a line: a row, or with `s` NULL the names. */
void chosen_table(const struct flow_columns *c, const struct segment *s, const struct dict *d,
		  uint32_t row, struct buf *out);
void chosen_csv(const struct flow_columns *c, const struct segment *s, const struct dict *d,
		uint32_t row, struct buf *out);

#endif
