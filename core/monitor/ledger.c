/* ledger.c - see ledger.h. */
#include "monitor/ledger.h"

#include <stdlib.h>

#include "schema/reading.h"

struct ledger {
	struct source_order *order;
	struct malformed_book *book, *unreadable_book;
	struct field_counts unreadable;
	struct doubts doubts;
};

struct ledger *ledger_new(void)
{
	struct ledger *l = xcalloc(1, sizeof *l);

	l->order = source_order_new();
	l->book = malformed_book_new();
	l->unreadable_book = malformed_book_new();
	return l;
}

void ledger_free(struct ledger *l)
{
	source_order_free(l->order);
	malformed_book_free(l->book);
	malformed_book_free(l->unreadable_book);
	field_counts_release(&l->unreadable);
	free(l);
}

void ledger_add(struct ledger *l, int64_t time_s)
{
	source_order_add(l->order, time_s);
}

void ledger_touch(struct ledger *l, const struct source *s)
{
	bool failed = s->error || s->state == SOURCE_FAILED;
	bool warned =
		s->note || s->counts.malformed || s->counts.skipdata || s->notes.unreadable.all;

	source_order_set(l->order, s->id,
			 failed   ? TROUBLE_FAILED
			 : warned ? TROUBLE_WARNED
				  : TROUBLE_NONE);
}

/* Counts come a little after what is counted. */
static void mark_warned(struct ledger *l, const struct source *s)
{
	if (source_order_trouble(l->order, s->id) == TROUBLE_NONE)
		source_order_set(l->order, s->id, TROUBLE_WARNED);
}

/* The unreadable values of a row; `bad` gets them for the book. */
static uint64_t add_unreadable(struct ledger *l, struct source *s, const struct segment *seg,
			       const struct unreadable_row *r, struct malformed_list *bad)
{
	struct buf text = { 0 }, delivered = { 0 };
	uint64_t n = 0;

	for (unsigned c = 0; c < seg->format->n; c++) {
		int field = seg->format->field[c];
		if (!segment_is_unreadable(seg, r->row, c))
			continue;
		buf_clear(&text);
		segment_render_unreadable(seg, r->row, c, &text);
		buf_clear(&delivered);
		reading_delivered(buf_str(&text), &delivered);
		malformed_list_add(bad, (struct malformed){ s->id, r->line,
							    reading_fault(field, buf_str(&text)),
							    buf_str(&delivered), field });
		field_counts_add(&s->notes.unreadable, field, 1);
		field_counts_add(&l->unreadable, field, 1);
		n++;
	}
	buf_release(&text);
	buf_release(&delivered);
	return n;
}

static void see_unreadable(struct ledger *l, struct source *s, const struct segment *seg,
			   uint32_t first, uint32_t rows, int64_t ceiling_s)
{
	struct malformed_list bad = { 0 };

	for (uint32_t i = segment_unreadable_from(seg, first);
	     i < seg->unreadables && seg->unreadable[i].row < first + rows; i++) {
		const struct unreadable_row *r = &seg->unreadable[i];
		int64_t t = segment_time(seg, r->row);
		uint64_t n = add_unreadable(l, s, seg, r, &bad);
		doubts_add(&l->doubts, t <= ceiling_s ? t : INT64_MIN,
			   (struct doubt){ .unreadable = n });
		mark_warned(l, s);
	}
	malformed_book_add(l->unreadable_book, s->id, &bad, 0);
	malformed_list_release(&bad);
}

void ledger_rows(struct ledger *l, struct source *s, const struct segment *seg, uint32_t first,
		 uint32_t rows, int64_t ceiling_s)
{
	uint32_t flows = source_notes_rows(&s->notes, seg, first, rows, ceiling_s);

	source_notes_flows(&s->notes, flows, uv_hrtime() / 1000000);
	if (seg->unreadables)
		see_unreadable(l, s, seg, first, rows, ceiling_s);
	if (seg->skipdata == 0)
		return;
	for (uint32_t row = first; row < first + rows; row++) {
		if (!(seg->mark[row] & MARK_SKIPDATA))
			continue;
		int64_t t = segment_time(seg, row);
		doubts_add(&l->doubts, t <= ceiling_s ? t : INT64_MIN,
			   (struct doubt){ .skipdata = 1 });
		mark_warned(l, s);
	}
}

void ledger_malformed(struct ledger *l, const struct source *s, const struct malformed_list *bad,
		      uint64_t count, uint64_t line_offset, int64_t now_s)
{
	int64_t t = s->notes.newest_s == INT64_MIN ? now_s : s->notes.newest_s;

	malformed_book_add(l->book, s->id, bad, line_offset);
	doubts_add(&l->doubts, t, (struct doubt){ .malformed = count });
	mark_warned(l, s);
}

const struct field_counts *ledger_unreadable(const struct ledger *l)
{
	return &l->unreadable;
}

const struct malformed_book *ledger_unreadable_book(const struct ledger *l)
{
	return l->unreadable_book;
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
	return sizeof *l + source_order_bytes(l->order) + malformed_book_bytes(l->book) +
	       malformed_book_bytes(l->unreadable_book);
}
