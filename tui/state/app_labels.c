/* app_labels.c - see app_labels.h. */
#include "state/app_labels.h"

struct labels *app_names(const struct app *a)
{
	return a->numeric ? NULL : monitor_labels(a->monitor);
}

void app_labels_text(const struct app *a, int field, const struct column *c, uint32_t row,
		     struct buf *out)
{
	struct labels *l = monitor_labels(a->monitor);
	const struct dict *d = monitor_dict(a->monitor);
	uint8_t address[16];

	if (c->type == TYPE_ADDRESS && column_address(c, d, column_code(c, row), address))
		labels_describe(l, address, out);
	else if (field == FIELD_INTERFACE_ID || field == FIELD_ACCOUNT_ID)
		buf_add_str(
			out,
			labels_text(l, labels_of_key(l, column_text(c, d, column_code(c, row)))));
}
