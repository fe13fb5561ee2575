/* export_chosen.c - flows in columns of one's choice. Rows go out one by one, so a table
 * has room by type: what is wider pushes the rest of its line. */
#include "output/export_chosen.h"

#include <string.h>

#include "base/utf8.h"
#include "labels/label_field.h"
#include "output/export_grid.h"

static int room_of(int field)
{
	int title = (int)strlen(field_name(field)), w;

	switch (field_type(field)) {
	case TYPE_ADDRESS:
		w = 15;
		break;
	case TYPE_NUMBER:
	case TYPE_BYTES:
	case TYPE_TIME:
		w = 10;
		break;
	case TYPE_TEXT:
		w = field == FIELD_ACTION ? 6 : 12;
		break;
	default:
		w = 5;
	}
	return w > title ? w : title;
}

static bool is_right(int field)
{
	return type_is_number(field_type(field));
}

static void add_cell(int field, struct str text, bool last, struct buf *out)
{
	bool label = field_is_label(field);
	size_t room = (size_t)room_of(field), n = label ? utf8_columns(text) : text.n;
	size_t gap = n < room ? room - n : 0;

	for (size_t i = 0; is_right(field) && i < gap; i++)
		buf_putc(out, ' ');
	if (label)
		utf8_add(out, text);
	else
		export_printable(out, text);
	for (size_t i = 0; !is_right(field) && !last && i < gap; i++)
		buf_putc(out, ' ');
}

/* A field of the row; of the heading where there is no segment. */
static void cell_text(int field, const struct segment *s, const struct dict *d, uint32_t row,
		      struct buf *out)
{
	buf_clear(out);
	if (s)
		flow_render(s, d, row, field, out);
	else
		buf_puts(out, field_name(field));
}

void chosen_table(const struct flow_columns *c, const struct segment *s, const struct dict *d,
		  uint32_t row, struct buf *out)
{
	struct buf cell = { 0 };

	for (unsigned i = 0; i < c->n; i++) {
		cell_text(c->field[i], s, d, row, &cell);
		if (i)
			buf_puts(out, "  ");
		add_cell(c->field[i], buf_str(&cell), i + 1 == c->n, out);
	}
	buf_putc(out, '\n');
	buf_release(&cell);
}

void chosen_csv(const struct flow_columns *c, const struct segment *s, const struct dict *d,
		uint32_t row, struct buf *out)
{
	struct buf cell = { 0 };

	for (unsigned i = 0; i < c->n; i++) {
		cell_text(c->field[i], s, d, row, &cell);
		if (i)
			buf_putc(out, ',');
		export_csv_cell(out, buf_str(&cell));
	}
	buf_putc(out, '\n');
	buf_release(&cell);
}
