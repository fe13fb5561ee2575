/* query_rows.h - rows of a segment on their way into accumulators, a batch at a time: which
 * they are, and what is known of each, read once for all that want it. Private to query*.c. */
#ifndef ENITOP_QUERY_ROWS_H
#define ENITOP_QUERY_ROWS_H

#include "query/accumulator.h"

#define ROW_BATCH 512

/* What a row adds to a tally. */
struct row_facts {
	uint64_t bytes, packets, sent, lost;
	union { /* see struct tally */
		uint32_t seconds;
		uint32_t guessed;
	};
	uint8_t flow, accept, reject;
	uint8_t before; /* its time is before the mark; only where there is one */
};

/* Adds (sign 1) or takes away (sign -1, as unsigned). */
static inline void tally_add(struct tally *to, const struct tally *more, uint64_t sign)
{
	to->bytes += sign * more->bytes;
	to->packets += sign * more->packets;
	to->flows += sign * more->flows;
	to->accepts += sign * more->accepts;
	to->rejects += sign * more->rejects;
	to->sent += sign * more->sent;
	to->lost += sign * more->lost;
	to->seconds += sign * more->seconds;
}

static inline void tally_change(struct tally *t, const struct row_facts *f, uint64_t sign)
{
	t->bytes += sign * f->bytes;
	t->packets += sign * f->packets;
	t->flows += sign * f->flow;
	t->accepts += sign * f->accept;
	t->rejects += sign * f->reject;
	t->sent += sign * f->sent;
	t->lost += sign * f->lost;
	t->seconds += sign * f->seconds;
}

struct row_batch {
	bool unpriced; /* costs are not read, packets lost are */
	const struct segment *segment;
	unsigned n;
	uint32_t row[ROW_BATCH];
	/* Which facts of the rows have been read. */
	bool marked, timed, dealt, known;
	uint8_t mark[ROW_BATCH];  /* marked: MARK_ bits */
	int64_t time[ROW_BATCH];  /* timed: seconds, INT64_MIN: undated */
	int64_t start[ROW_BATCH]; /* dealt: where its interval starts; INT64_MIN: it has none */
	struct row_facts facts[ROW_BATCH]; /* known */
	bool huge;                         /* known: some value may be, see query_huge.h */
	uint64_t number[ROW_BATCH];        /* scratch */
};

/* The batch of the rows first..first+n-1 that have their bit (bit `bit0` is that of row `first`;
 * NULL: every flow) and are in the span, as many as there is room for. Returns how many rows
 * were looked at, from `first` on. */
uint32_t rows_select(struct row_batch *b, const struct segment *s, uint32_t first, uint32_t n,
		     const uint64_t *bits, uint32_t bit0, struct span span);
/* The rows of `from` at the `n` places `at`, in order; `to` may be `from`. */
void rows_pick(struct row_batch *to, const struct row_batch *from, const uint16_t *at, unsigned n);
/* The rows of `from` that have all of these marks. */
void rows_marked(struct row_batch *to, struct row_batch *from, uint8_t mark);

/* Read what is named, unless it was. */
void rows_marks(struct row_batch *b);
void rows_times(struct row_batch *b);
void rows_starts(struct row_batch *b);
void rows_facts(struct row_batch *b);
/* Puts what was refused of their bytes in place of what they sent, or back again. Known. */
void rows_refused(struct row_batch *b, bool refused);

/* The numbers of a column (NULL: all are absent), and the codes of one. */
void rows_numbers(const struct row_batch *b, const struct column *c, uint64_t *out);
void rows_codes(const struct row_batch *b, const struct column *c, uint32_t *out);

#endif
