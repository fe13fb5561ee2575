/* segment_read.c - reading rows of a segment, open or sealed: see segment.h. */
#include "store/segment.h"

#include <string.h>

#include "store/segment_build.h"

const struct column *segment_column(const struct segment *s, int field)
{
	int i = format_column(s->format, field);

	return i < 0 ? NULL : &s->column[i];
}

uint64_t column_number(const struct column *c, uint32_t row)
{
	return is_absent(c, row) ? NUMBER_ABSENT : c->base + data_at(c, row);
}

/* The first absent row from `row` on; `end`: there is none before it. */
static uint32_t next_absent(const struct column *c, uint32_t row, uint32_t end)
{
	uint64_t word;

	if (!c->absent || row >= end)
		return end;
	word = c->absent[row / 64] >> row % 64 << row % 64;
	for (row -= row % 64; !word; word = c->absent[row / 64]) {
		row += 64;
		if (row >= end)
			return end;
	}
	row += (uint32_t)__builtin_ctzll(word);
	return row < end ? row : end;
}

/* Fills `out` with the numbers of `n` rows, absent or not; `row`: of the i-th one. */
#define READ_AS(type, row) \
	for (uint32_t i = 0; i < n; i++) \
		out[i] = c->base + ((const type *)c->data)[row]; \
	break
#define READ_NUMBERS(row) \
	switch (c->width) { \
	case 1: \
		READ_AS(uint8_t, row); \
	case 2: \
		READ_AS(uint16_t, row); \
	case 4: \
		READ_AS(uint32_t, row); \
	case 8: \
		READ_AS(uint64_t, row); \
	default: \
		for (uint32_t i = 0; i < n; i++) \
			out[i] = c->base; \
	}

void column_numbers(const struct column *c, uint32_t first, uint32_t n, uint64_t *out)
{
	READ_NUMBERS(first + i)
	for (uint32_t i = next_absent(c, first, first + n); i < first + n;
	     i = next_absent(c, i + 1, first + n))
		out[i - first] = NUMBER_ABSENT;
}

void column_numbers_at(const struct column *c, const uint32_t *row, uint32_t n, uint64_t *out)
{
	READ_NUMBERS(row[i])
	for (uint32_t i = 0; c->absent && i < n; i++)
		if (is_absent(c, row[i]))
			out[i] = NUMBER_ABSENT;
}
#undef READ_NUMBERS
#undef READ_AS

void column_within(const struct column *c, uint32_t first, uint32_t n, uint64_t low, uint64_t high,
		   uint8_t *out)
{
	uint64_t most = c->width == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * c->width) - 1;
	uint64_t from = low > c->base ? low - c->base : 0, to = high - c->base;

	to = to < most ? to : most;
	if (high < c->base || from > to) {
		memset(out, 0, n);
		return;
	}
	switch (c->width) {
#define COMPARE(type) \
	{ \
		const type *p = (const type *)c->data + first, at = (type)from; \
		const type span = (type)(to - from); \
		for (uint32_t i = 0; i < n; i++) \
			out[i] = (type)(p[i] - at) <= span; \
	} \
	break
	case 1:
		COMPARE(uint8_t);
	case 2:
		COMPARE(uint16_t);
	case 4:
		COMPARE(uint32_t);
	case 8:
		COMPARE(uint64_t);
#undef COMPARE
	default:
		memset(out, 1, n); /* the base alone, which is within */
	}
	for (uint32_t i = next_absent(c, first, first + n); i < first + n;
	     i = next_absent(c, i + 1, first + n))
		out[i - first] = 0;
}

void column_codes_at(const struct column *c, const uint32_t *row, uint32_t n, uint32_t *out)
{
	for (uint32_t i = 0; i < n; i++)
		out[i] = column_code(c, row[i]);
}

uint32_t column_code(const struct column *c, uint32_t row)
{
	return (uint32_t)(c->base + data_at(c, row));
}

void column_codes(const struct column *c, uint32_t first, uint32_t n, uint32_t *out)
{
	uint32_t base = (uint32_t)c->base;

	switch (c->width) {
#define READ(type) \
	{ \
		const type *p = (const type *)c->data + first; \
		for (uint32_t i = 0; i < n; i++) \
			out[i] = base + p[i]; \
	} \
	break
	case 1:
		READ(uint8_t);
	case 2:
		READ(uint16_t);
#undef READ
	default:
		for (uint32_t i = 0; i < n; i++)
			out[i] = base;
	}
}

void segment_times(const struct segment *s, uint32_t first, uint32_t n, int64_t *out)
{
	enum { STEP = 512 };
	const struct column *end = segment_column(s, FIELD_END);
	const struct column *start = segment_column(s, FIELD_START);
	uint64_t number[STEP];

	for (uint32_t done = 0; done < n; done += STEP) {
		uint32_t m = n - done < STEP ? n - done : STEP;
		if (end)
			column_numbers(end, first + done, m, number);
		for (uint32_t i = 0; i < m; i++) {
			uint64_t v = end ? number[i] : NUMBER_ABSENT;
			if (v == NUMBER_ABSENT && start)
				v = column_number(start, first + done + i);
			out[done + i] = v == NUMBER_ABSENT ? INT64_MIN : time_in_seconds(v);
		}
	}
}

int64_t segment_time(const struct segment *s, uint32_t row)
{
	int64_t t;

	segment_times(s, row, 1, &t);
	return t;
}

bool column_address(const struct column *c, const struct dict *d, uint32_t code, uint8_t out[16])
{
	const uint8_t *address = dict_address(d, c->code[code].id);

	if (address)
		memcpy(out, address, 16);
	return address != NULL;
}

struct str column_text(const struct column *c, const struct dict *d, uint32_t code)
{
	return c->type != TYPE_ADDRESS ? dict_text(d, c->code[code].id) : column_exact(c, d, code);
}

struct str column_exact(const struct column *c, const struct dict *d, uint32_t code)
{
	if (c->code[code].text)
		return arena_get(&c->arena, c->code[code].text);
	return c->type == TYPE_ADDRESS ? (struct str){ "", 0 } : dict_text(d, c->code[code].id);
}

static const struct exception *find_exception(const struct column *c, uint32_t row)
{
	uint32_t lo = 0, hi = c->exceptions;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (c->exception[mid].row < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->exceptions && c->exception[lo].row == row ? &c->exception[lo] : NULL;
}

void column_render_code(const struct column *c, const struct dict *d, uint32_t code,
			struct buf *out)
{
	char canonical[46];

	if (code == 0)
		buf_putc(out, '-');
	else if (c->code[code].text)
		buf_add_str(out, arena_get(&c->arena, c->code[code].text));
	else if (c->type == TYPE_ADDRESS)
		buf_add(out, canonical,
			address_format(dict_address(d, c->code[code].id), canonical));
	else
		buf_add_str(out, dict_text(d, c->code[code].id));
}

void column_render(const struct column *c, const struct dict *d, uint32_t row, struct buf *out)
{
	const struct exception *e = find_exception(c, row);

	if (e)
		buf_add_str(out, arena_get(&c->arena, e->text));
	else if (!type_is_number(c->type))
		column_render_code(c, d, column_code(c, row), out);
	else if (is_absent(c, row))
		buf_putc(out, '-');
	else
		buf_add_u64(out, c->base + data_at(c, row));
}

void time_render(uint64_t v, struct buf *out)
{
	unsigned part = v > UINT32_MAX ? (unsigned)(v % 1000) : 0;

	buf_add_u64(out, (uint64_t)time_in_seconds(v));
	if (part == 0)
		return;
	buf_printf(out, ".%03u", part);
	while (out->s[out->n - 1] == '0')
		out->n--;
	out->s[out->n] = '\0';
}

void column_render_value(const struct column *c, const struct dict *d, uint32_t row,
			 struct buf *out)
{
	uint32_t code = c->type == TYPE_TEXT ? column_code(c, row) : 0;

	if (c->type == TYPE_TIME && !is_absent(c, row))
		time_render(c->base + data_at(c, row), out);
	else if (type_is_number(c->type) && !is_absent(c, row))
		buf_add_u64(out, c->base + data_at(c, row));
	else if (code && !c->code[code].unreadable)
		buf_add_str(out, dict_text(d, c->code[code].id));
	else
		column_render(c, d, row, out);
}

bool segment_is_unreadable(const struct segment *s, uint32_t row, unsigned column)
{
	const struct column *c = &s->column[column];
	const struct exception *e;
	struct str text;

	if (!type_is_number(c->type))
		return c->unreadable && c->code[column_code(c, row)].unreadable;
	if (!c->exceptions || !is_absent(c, row) || !(e = find_exception(c, row)))
		return false;
	text = arena_get(&c->arena, e->text);
	return !((s->mark[row] & MARK_STATUS) && text.n == 2 && memcmp(text.s, "-1", 2) == 0);
}

void segment_render_unreadable(const struct segment *s, uint32_t row, unsigned column,
			       struct buf *out)
{
	const struct column *c = &s->column[column];
	uint32_t code;

	if (type_is_number(c->type)) {
		buf_add_str(out, arena_get(&c->arena, find_exception(c, row)->text));
		return;
	}
	code = column_code(c, row);
	if (c->code[code].text)
		buf_add_str(out, arena_get(&c->arena, c->code[code].text));
	else
		column_key_text(c, code, out);
}

uint32_t segment_unreadable_from(const struct segment *s, uint32_t row)
{
	uint32_t lo = 0, hi = s->unreadables;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (s->unreadable[mid].row < row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void segment_render(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out)
{
	for (unsigned i = 0; i < s->format->n; i++) {
		if (i)
			buf_putc(out, ' ');
		column_render(&s->column[i], d, row, out);
	}
}

uint64_t segment_lost(const struct segment *s, uint32_t row)
{
	uint64_t lost = 0;

	for (int field = FIELD_PACKETS_LOST_NO_ROUTE; field <= FIELD_PACKETS_LOST_TTL_EXPIRED;
	     field++) {
		const struct column *c = segment_column(s, field);
		uint64_t v = c ? column_number(c, row) : NUMBER_ABSENT;
		lost = saturating_add(lost, v != NUMBER_ABSENT ? v : 0);
	}
	return lost;
}
