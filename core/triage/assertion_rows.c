/* assertion_rows.c - see assertion_add() in assertion.h. The match that is shown is the earliest one,
 * whatever the order of records. */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/place_rows.h"
#include "triage/assertion.h"

#define SLOTS (4 * ASSERTION_ENDS)
#define LINE_MOST 400u /* bytes of the line that is shown */

static void keep_first(struct assertion *a, const struct segment *s, const struct dict *d,
		       uint32_t row)
{
	int64_t t = segment_time(s, row);
	struct buf line = { 0 };

	if (a->first.n && t != a->first_s &&
	    (t == INT64_MIN || (a->first_s != INT64_MIN && t > a->first_s)))
		return;
	segment_render(s, d, row, &line);
	if (line.n > LINE_MOST)
		line.n = LINE_MOST;
	if (a->first.n && t == a->first_s && strcmp(line.s, a->first.s) >= 0) {
		buf_release(&line);
		return;
	}
	buf_release(&a->first);
	a->first = line;
	a->first_s = t;
}

static bool end_of(const struct segment *s, const struct dict *d, int field, uint32_t row,
		   uint8_t out[16])
{
	const struct column *c = segment_column(s, field);

	return c && column_address(c, d, column_code(c, row), out);
}

static bool is_same(const struct accepted_ends *x, const struct accepted_ends *y)
{
	return x->place == y->place && x->back == y->back &&
	       memcmp(x->client, y->client, 16) == 0 && memcmp(x->server, y->server, 16) == 0;
}

static uint32_t *slot_of(struct assertion *a, const struct accepted_ends *e)
{
	uint64_t h = hash_pair(hash_address(e->client), hash_address(e->server),
			       (uint64_t)e->place << 1 | e->back);

	if (!a->slot)
		a->slot = xcalloc(SLOTS, sizeof *a->slot);
	for (;; h++) {
		uint32_t *slot = &a->slot[h & (SLOTS - 1)];
		if (!*slot || is_same(&a->ends[*slot - 1], e))
			return slot;
	}
}

/* Who was let in where: what it means is known once the interfaces' addresses are. */
static void keep_ends(struct assertion *a, const struct segment *s, const struct dict *d,
		      uint32_t row, uint32_t place)
{
	struct accepted_ends e = { .place = place,
				   .back = (s->mark[row] & MARK_SERVER_SRC) != 0,
				   .records = 1 };
	uint32_t *slot;

	if (!end_of(s, d, e.back ? FIELD_DSTADDR : FIELD_SRCADDR, row, e.client) ||
	    !end_of(s, d, e.back ? FIELD_SRCADDR : FIELD_DSTADDR, row, e.server)) {
		a->beyond++;
		return;
	}
	slot = slot_of(a, &e);
	if (*slot) {
		a->ends[*slot - 1].records++;
		return;
	}
	if (a->n == ASSERTION_ENDS) {
		a->beyond++;
		return;
	}
	xgrow((void **)&a->ends, &a->cap, a->n + 1, sizeof *a->ends);
	a->ends[a->n++] = e;
	*slot = (uint32_t)a->n;
}

void assertion_add(struct assertion *a, const struct places *p, const struct segment *s,
		   const struct dict *d, struct span span)
{
	uint64_t bits[(SEGMENT_ROWS + 63) / 64], undecided[(SEGMENT_ROWS + 63) / 64];
	struct place_rows at;

	if (!a->filter || s->rows == 0)
		return;
	if (filter_select(a->filter, s, d, 0, s->rows, bits, undecided))
		a->undecided += span_count(s, undecided, s->rows, span);
	at = place_rows_begin(p, s, d, 0);
	for (uint32_t w = 0; w < (s->rows + 63) / 64; w++)
		for (uint64_t left = bits[w]; left; left &= left - 1) {
			uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);
			if (!span_holds(span, segment_time(s, row)))
				continue;
			a->matches++;
			if (a->kind == ASSERT_ONLY)
				keep_ends(a, s, d, row, place_rows_at(&at, row));
			keep_first(a, s, d, row);
		}
	place_rows_end(&at);
}
