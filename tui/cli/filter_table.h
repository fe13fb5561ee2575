/* filter_table.h - the rows of core/filter/filter_help.h, for --help and the screen. */
#ifndef ENITOP_FILTER_TABLE_H
#define ENITOP_FILTER_TABLE_H

#include <stdio.h>

#include "base/util.h"

struct filter_row {
	const char *examples; /* two blanks apart */
	const char *means;
	bool brief; /* the screen's help has it */
};

const struct filter_row *filter_rows(size_t *n);
/* The next example off the front of *rest; empty at the end. */
struct str filter_example(struct str *rest);
void filter_table_print(FILE *out);

#endif
