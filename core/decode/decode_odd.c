/* decode_odd.c - values that are not written as nearly all are: see decode_batch.h. */
#include <string.h>

#include "decode/decode_batch.h"

enum column_role column_role_of(int field)
{
	switch (field) {
	case FIELD_SRCPORT:
		return COLUMN_SRCPORT;
	case FIELD_DSTPORT:
		return COLUMN_DSTPORT;
	case FIELD_TCP_FLAGS:
		return COLUMN_FLAGS;
	case FIELD_START:
		return COLUMN_START;
	case FIELD_END:
		return COLUMN_END;
	default:
		return COLUMN_OTHER;
	}
}

static void suspect(struct batch_scratch *x, unsigned i)
{
	x->suspect[i / 64] |= UINT64_C(1) << i % 64;
}

/* Whether the text is what the number renders to. */
static bool is_plain(struct str s, uint64_t v)
{
	uint64_t same;

	return str_to_u64(s, &same) && same == v && (s.n == 1 || s.s[0] != '0');
}

uint64_t odd_number(struct column *c, uint32_t row, uint32_t cap, struct str s, bool *unreadable)
{
	uint64_t v;

	*unreadable = false;
	if (reading_number(c->type, s, &v)) {
		if (!is_plain(s, v))
			column_add_exception(c, row, s);
		return v;
	}
	column_set_absent(c, row, cap);
	if (s.n != 1 || s.s[0] != '-') {
		column_add_exception(c, row, s);
		*unreadable = true;
	}
	return NUMBER_ABSENT;
}

uint64_t odd_numbers(const struct batch *b, unsigned first, unsigned n, struct segment *s,
		     unsigned column, struct batch_scratch *x, uint64_t *v)
{
	struct column *c = &s->column[column];
	uint64_t limit = reading_most(c->type), most = 0;
	bool unreadable;

	for (unsigned i = 0; i < n; i++) {
		if (x->digits.odd[i] || v[i] > limit) {
			struct str text = batch_value(b, first + i, b->column[column]);
			v[i] = odd_number(c, s->rows + i, s->cap, text, &unreadable);
			if (unreadable)
				suspect(x, i);
		}
		most |= v[i] == NUMBER_ABSENT ? 0 : v[i];
	}
	return most;
}

void odd_codes(const struct column *c, const uint16_t *code, unsigned n, struct batch_scratch *x)
{
	for (unsigned i = 0; i < n; i++)
		if (c->code[code[i]].unreadable)
			suspect(x, i);
}

static bool has_unreadable(const struct segment *s, uint32_t row)
{
	for (unsigned i = 0; i < s->format->n; i++)
		if (segment_is_unreadable(s, row, i))
			return true;
	return false;
}

void note_suspects(const struct batch *b, unsigned first, unsigned n, struct segment *s,
		   const struct batch_scratch *x)
{
	const char *at = batch_value(b, 0, 0).s;
	uint64_t line = b->line - b->back;

	for (unsigned i = 0; i < n; i++) {
		if (!(x->suspect[i / 64] >> i % 64 & 1) || !has_unreadable(s, s->rows + i))
			continue;
		/* Others, blank ones, may stand between the lines of a batch. */
		for (const char *to = batch_value(b, first + i, 0).s; at < to; at++)
			line += *at == '\n';
		segment_note_unreadable(s, s->rows + i, line);
	}
}
