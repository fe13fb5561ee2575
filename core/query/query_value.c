/* query_value.c - values copied out of keys: their life, their text. See query.h. */
#include <stdlib.h>

#include "query/accumulator.h"

void value_release(struct value *v)
{
	free(v->text);
	v->text = NULL;
}

void value_copy(struct value *to, const struct value *from)
{
	*to = *from;
	if (from->text)
		to->text = xstrndup(from->text, from->length);
}

static void add_address(const uint8_t address[16], struct buf *out)
{
	char text[46];

	buf_add(out, text, address_format(address, text));
}

static void render_pair(const struct value *v, struct buf *out)
{
	if (v->alone)
		buf_putc(out, '-');
	else
		add_address(v->address, out);
	buf_puts(out, " <> ");
	add_address(v->other, out);
}

static void render_network(const struct value *v, struct buf *out)
{
	add_address(v->address, out);
	if (v->bits < 128)
		buf_printf(out, "/%d", v->bits - (address_is_v4(v->address) ? 96 : 0));
}

void value_render(const struct value *v, struct buf *out)
{
	if (v->absent) {
		buf_putc(out, '-');
		return;
	}
	switch (v->type) {
	case TYPE_ADDRESS:
		add_address(v->address, out);
		break;
	case TYPE_NETWORK:
		render_network(v, out);
		break;
	case TYPE_PAIR:
		render_pair(v, out);
		break;
	case TYPE_TEXT:
		buf_add(out, v->text, v->length);
		break;
	case TYPE_TIME:
		time_render(v->number, out);
		break;
	default:
		buf_add_u64(out, v->number);
	}
}
