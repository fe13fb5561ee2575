/* query.c - see query.h. */
#include "query/query.h"

#include "labels/label_field.h"

struct query query_all(void)
{
	return (struct query){ QUERY_ALL };
}

bool query_is_by_time(const struct query *q)
{
	static const struct group time = { .field = { FIELD_BIN }, .n = 1 };

	return group_has(&q->group, &time, 0);
}

bool query_wants(const struct query *q, struct field_set *out)
{
	bool known = q->rows != ROWS_RECORDS && (!q->filter || filter_wants(q->filter, out)) &&
		     group_wants(&q->group, out);

	if (q->distinct.n)
		known &= group_wants(&q->distinct, out);
	if (q->bins.kind == BINS_HEAT)
		known &= field_wants(q->bins.field, out);
	return known;
}

static const char *const change_names[CHANGES] = { "same", "new", "gone", "grown", "shrunk" };

const char *change_name(enum change c)
{
	return change_names[c];
}

int change_find(struct str name)
{
	for (int c = 0; c < CHANGES; c++)
		if (str_equal_loose(name, str_of(change_names[c])))
			return c;
	return -1;
}
