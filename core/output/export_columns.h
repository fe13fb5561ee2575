/* export_columns.h - what stands in a row of a ranked, ports or timeline result behind its
 * key: one table that every format walks, so that none knows a column the others lack.
 * Private to export*.c. */
#ifndef ENITOP_EXPORT_COLUMNS_H
#define ENITOP_EXPORT_COLUMNS_H

#include "query/result.h"

#define TREND_COLUMNS 24

struct result_cell {
	enum {
		CELL_ABSENT,
		CELL_COUNT,
		CELL_BYTES,
		CELL_REAL,
		CELL_COST, /* see charges.h */
		CELL_TIME,
		CELL_WORD,
		CELL_TREND
	} kind;
	uint64_t number;
	double real;  /* see cell_real_text() */
	int64_t time; /* epoch seconds */
	const char *word;
	char trend[TREND_COLUMNS + 1]; /* a digit a step in time; json has the bins instead */
};

struct result_column {
	const char *name; /* head of the column, key of the JSON; NULL: that of the metric */
	struct result_cell (*cell)(const struct result *r, const struct result_row *row);
	/* Whether this result has it, where people read (`human`) or programs do; NULL: yes. */
	bool (*shown)(const struct result *r, bool human);
};

/* So much of the metric that rows are ranked by. */
struct result_cell cell_amount(const struct result *r, uint64_t amount);
/* With three decimals; what would be 0 with three digits, for it is not. */
void cell_real_text(double real, char *out, size_t size);
/* All columns, in the order in which they stand; *n of them. */
const struct result_column *result_columns(size_t *n);
const char *result_column_name(const struct result_column *c, const struct result *r);
bool result_column_shown(const struct result_column *c, const struct result *r, bool human);

#endif
