/* views.c - see views.h. */
#include "cli/views.h"

const struct view *views_find(const struct views *v, struct str name)
{
	for (unsigned i = 0; i < v->n; i++)
		if (str_equal_loose(name, str_of(v->row[i]->name)))
			return v->row[i];
	return NULL;
}

void views_list(const struct views *v, struct buf *out)
{
	buf_puts(out, SPIKE_VIEW);
	for (unsigned i = 0; i < v->n; i++)
		buf_printf(out, ", %s", v->row[i]->name);
}
