/* ledger.c - see ledger.h. */
#include "monitor/ledger.h"

#include <stdlib.h>

struct ledger {
	struct source_order *order;
	struct malformed_book *book;
	struct doubts doubts;
};

struct ledger *ledger_new(void)
{
	struct ledger *l = xcalloc(1, sizeof *l);

	l->order = source_order_new();
	l->book = malformed_book_new();
	return l;
}

void ledger_free(struct ledger *l)
{
	source_order_free(l->order);
	malformed_book_free(l->book);
	free(l);
}

void ledger_add(struct ledger *l, int64_t time_s)
{
	source_order_add(l->order, time_s);
}

void ledger_touch(struct ledger *l, const struct source *s)
{
	source_order_set(l->order, s->id,
			 s->error || s->state == SOURCE_FAILED                  ? TROUBLE_FAILED
			 : s->note || s->counts.malformed || s->counts.skipdata ? TROUBLE_WARNED
										: TROUBLE_NONE);
}

/* Counts come a little after what is counted. */
static void mark_warned(struct ledger *l, const struct source *s)
{
	if (source_order_trouble(l->order, s->id) == TROUBLE_NONE)
		source_order_set(l->order, s->id, TROUBLE_WARNED);
}

void ledger_rows(struct ledger *l, struct source *s, const struct segment *seg, uint32_t first,
		 uint32_t rows, int64_t ceiling_s)
{
	uint32_t flows = source_notes_rows(&s->notes, seg, first, rows, ceiling_s);

	source_notes_flows(&s->notes, flows, uv_hrtime() / 1000000);
	if (seg->skipdata == 0)
		return;
	for (uint32_t row = first; row < first + rows; row++) {
		if (!(seg->mark[row] & MARK_SKIPDATA))
			continue;
		int64_t t = segment_time(seg, row);
		doubts_add(&l->doubts, t <= ceiling_s ? t : INT64_MIN, 0, 1);
		mark_warned(l, s);
	}
}

void ledger_malformed(struct ledger *l, const struct source *s, const struct malformed_list *bad,
		      uint64_t count, uint64_t line_offset, int64_t now_s)
{
	int64_t t = s->notes.newest_s == INT64_MIN ? now_s : s->notes.newest_s;

	malformed_book_add(l->book, s->id, bad, line_offset);
	doubts_add(&l->doubts, t, count, 0);
	mark_warned(l, s);
}

struct source_order *ledger_order(struct ledger *l)
{
	return l->order;
}

const struct malformed_book *ledger_book(const struct ledger *l)
{
	return l->book;
}

const struct doubts *ledger_doubts(const struct ledger *l)
{
	return &l->doubts;
}

size_t ledger_bytes(const struct ledger *l)
{
	return sizeof *l + source_order_bytes(l->order) + malformed_book_bytes(l->book);
}
