/* query_rows.c - see query_rows.h. */
#include "query/query_huge.h"
#include "query/query_rows.h"

#include <string.h>

/* ---- which ---- */

/* Rows from `first` on whose bits, from `bit0` on, are set, a word at a time, until there is
 * no room for another word. Most are set, or few. Returns how many rows were looked at. */
static uint32_t take_bits(struct row_batch *b, uint32_t first, uint32_t n, const uint64_t *bits,
			  uint32_t bit0)
{
	uint32_t end = bit0 + n, bit = bit0;

	for (b->n = 0; bit < end && b->n <= ROW_BATCH - 64;) {
		uint32_t m = 64 - bit % 64 < end - bit ? 64 - bit % 64 : end - bit;
		uint64_t full = m == 64 ? UINT64_MAX : (UINT64_C(1) << m) - 1;
		uint64_t word = bits[bit / 64] >> bit % 64 & full;
		uint32_t from = first + (bit - bit0);
		if (word == full)
			for (uint32_t i = 0; i < m; i++)
				b->row[b->n++] = from + i;
		else
			for (; word; word &= word - 1)
				b->row[b->n++] = from + (uint32_t)__builtin_ctzll(word);
		bit += m;
	}
	return bit - bit0;
}

static uint32_t take_flows(struct row_batch *b, uint32_t first, uint32_t n)
{
	n = n < ROW_BATCH ? n : ROW_BATCH;
	b->n = 0;
	for (uint32_t i = 0; i < n; i++) {
		b->row[b->n] = first + i;
		b->n += (b->segment->mark[first + i] & MARK_STATUS) == 0;
	}
	return n;
}

static void nothing_read(struct row_batch *b)
{
	b->marked = b->timed = b->dealt = b->known = false;
}

uint32_t rows_select(struct row_batch *b, const struct segment *s, uint32_t first, uint32_t n,
		     const uint64_t *bits, uint32_t bit0, struct span span)
{
	bool all = s->time_min >= span.from && s->time_max < span.to && s->dated == s->rows;
	uint16_t at[ROW_BATCH];
	uint32_t looked;
	unsigned kept = 0;

	b->segment = s;
	nothing_read(b);
	looked = bits ? take_bits(b, first, n, bits, bit0) : take_flows(b, first, n);
	if (all || b->n == 0)
		return looked;
	rows_times(b);
	for (unsigned i = 0; i < b->n; i++) {
		at[kept] = (uint16_t)i;
		kept += span_holds(span, b->time[i]);
	}
	if (kept < b->n)
		rows_pick(b, b, at, kept);
	return looked;
}

void rows_pick(struct row_batch *to, const struct row_batch *from, const uint16_t *at, unsigned n)
{
	to->segment = from->segment;
	to->unpriced = from->unpriced;
	for (unsigned i = 0; i < n; i++)
		to->row[i] = from->row[at[i]];
	to->n = n;
	nothing_read(to);
}

void rows_marked(struct row_batch *to, struct row_batch *from, uint8_t mark)
{
	uint16_t at[ROW_BATCH];
	unsigned n = 0;

	rows_marks(from);
	for (unsigned i = 0; i < from->n; i++) {
		at[n] = (uint16_t)i;
		n += (from->mark[i] & mark) == mark;
	}
	rows_pick(to, from, at, n);
}

/* ---- what is known of them ---- */

/* Whether the rows are one run, so that columns can be read in bulk. */
static bool contiguous(const struct row_batch *b)
{
	return b->n && b->row[b->n - 1] - b->row[0] + 1 == b->n;
}

void rows_numbers(const struct row_batch *b, const struct column *c, uint64_t *out)
{
	if (!c)
		for (unsigned i = 0; i < b->n; i++)
			out[i] = NUMBER_ABSENT;
	else if (contiguous(b))
		column_numbers(c, b->row[0], b->n, out);
	else
		column_numbers_at(c, b->row, b->n, out);
}

void rows_codes(const struct row_batch *b, const struct column *c, uint32_t *out)
{
	if (contiguous(b))
		column_codes(c, b->row[0], b->n, out);
	else
		column_codes_at(c, b->row, b->n, out);
}

void rows_marks(struct row_batch *b)
{
	for (unsigned i = 0; !b->marked && i < b->n; i++)
		b->mark[i] = b->segment->mark[b->row[i]];
	b->marked = true;
}

/* At once where many rows of their stretch are wanted. */
void rows_times(struct row_batch *b)
{
	uint32_t stretch = b->n ? b->row[b->n - 1] - b->row[0] + 1 : 0;
	int64_t time[ROW_BATCH];

	if (b->timed)
		return;
	b->timed = true;
	if (stretch == b->n) {
		segment_times(b->segment, b->n ? b->row[0] : 0, b->n, b->time);
	} else if (stretch <= 8 * b->n && stretch <= ROW_BATCH) {
		segment_times(b->segment, b->row[0], stretch, time);
		for (unsigned i = 0; i < b->n; i++)
			b->time[i] = time[b->row[i] - b->row[0]];
	} else {
		rows_numbers(b, segment_column(b->segment, FIELD_END), b->number);
		for (unsigned i = 0; i < b->n; i++)
			b->time[i] = b->number[i] == NUMBER_ABSENT
					     ? segment_time(b->segment, b->row[i])
					     : time_in_seconds(b->number[i]);
	}
}

/* Without an end the start is the record's time, and all there is. */
void rows_starts(struct row_batch *b)
{
	if (b->dealt)
		return;
	b->dealt = true;
	rows_times(b);
	rows_numbers(b, segment_column(b->segment, FIELD_START), b->number);
	for (unsigned i = 0; i < b->n; i++) {
		int64_t t =
			b->number[i] == NUMBER_ABSENT ? INT64_MAX : time_in_seconds(b->number[i]);
		b->start[i] = b->time[i] > t && b->time[i] - t <= SPREAD_MAX_S ? t : INT64_MIN;
	}
}

/* What bytes cost stands in its place. Returns the bits that values have. */
static uint64_t read_costs(struct row_batch *b)
{
	const struct charges *c = b->segment->charges;
	uint64_t costs = 0;

	for (unsigned i = 0; i < b->n; i++) {
		b->facts[i].lost = charge_of(c, c->of[b->row[i]], b->facts[i].bytes);
		costs |= b->facts[i].lost;
	}
	return costs;
}

/* Most records have no such columns. Returns the bits that values have. */
static uint64_t read_lost(struct row_batch *b)
{
	const struct format *f = b->segment->format;
	uint64_t lost = 0;
	bool any = false;

	for (int field = FIELD_PACKETS_LOST_NO_ROUTE; field <= FIELD_PACKETS_LOST_TTL_EXPIRED;
	     field++)
		any |= f->column[field] >= 0;
	for (unsigned i = 0; any && i < b->n; i++) {
		b->facts[i].lost = segment_lost(b->segment, b->row[i]);
		lost |= b->facts[i].lost;
	}
	return lost;
}

static uint64_t sent_of(uint8_t mark, uint64_t bytes)
{
	return mark & MARK_SERVER_SRC ? 0 : bytes;
}

void rows_refused(struct row_batch *b, bool refused)
{
	for (unsigned i = 0; i < b->n; i++) {
		struct row_facts *f = &b->facts[i];
		f->sent = refused ? (f->reject ? f->bytes : 0) : sent_of(b->mark[i], f->bytes);
	}
}

void rows_facts(struct row_batch *b)
{
	const struct segment *s = b->segment;
	uint64_t any = 0;

	if (b->known)
		return;
	b->known = true;
	rows_marks(b);
	rows_numbers(b, segment_column(s, FIELD_BYTES), b->number);
	for (unsigned i = 0; i < b->n; i++) {
		uint8_t mark = b->mark[i];
		uint64_t bytes = b->number[i] == NUMBER_ABSENT ? 0 : b->number[i];
		any |= bytes;
		b->facts[i] = (struct row_facts){
			.bytes = bytes,
			.sent = sent_of(mark, bytes),
			.guessed = (mark & MARK_GUESS) != 0,
			.flow = 1,
			.accept = (mark & MARK_ACCEPT) != 0,
			.reject = (mark & MARK_REJECT) != 0,
		};
	}
	rows_numbers(b, segment_column(s, FIELD_PACKETS), b->number);
	for (unsigned i = 0; i < b->n; i++) {
		b->facts[i].packets = b->number[i] == NUMBER_ABSENT ? 0 : b->number[i];
		any |= b->facts[i].packets;
	}
	any |= s->charges && !b->unpriced ? read_costs(b) : read_lost(b);
	b->huge = any >> HUGE_BITS != 0;
}
