/* filter_table.c - see filter_table.h. */
#include "cli/filter_table.h"

#include <string.h>

#include "filter/filter_help.h"

static const struct filter_row rows[] = {
#define X(examples, means, brief) { examples, means, brief },
	FILTER_HELP(X)
#undef X
};

const struct filter_row *filter_rows(size_t *n)
{
	*n = ARRAY_SIZE(rows);
	return rows;
}

struct str filter_example(struct str *rest)
{
	const char *end = memmem(rest->s, rest->n, "  ", 2);
	struct str one = { rest->s, end ? (size_t)(end - rest->s) : rest->n };

	rest->n -= one.n + (end ? 2 : 0);
	rest->s += one.n + (end ? 2 : 0);
	return one;
}

void filter_table_print(FILE *out)
{
	fputs("\nFILTER, in --where, in --explain-filter and in the bar of the screen:\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strlen(rows[i].examples) <= 29)
			fprintf(out, "  %-30s %s\n", rows[i].examples, rows[i].means);
		else
			fprintf(out, "  %s\n%33s%s\n", rows[i].examples, "", rows[i].means);
	}
}
