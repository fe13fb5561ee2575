/* query_tally.h - the tallies of many groups, by number. Most groups have a few records: theirs are
 * narrow, a third of a struct tally. What does not fit is wide, and stays so. Private to
 * accumulator.c and query_*.c. */
#ifndef ENITOP_QUERY_TALLY_H
#define ENITOP_QUERY_TALLY_H

#include "query/query_rows.h"

struct key_table;

struct narrow_tally {
	uint32_t bytes, packets, sent; /* of a wide one `bytes` is its place in `wide` */
	uint16_t flows, accepts, rejects;
	uint16_t seconds; /* or guessed, see struct tally; a narrow one has lost nothing */
};

#define FLOWS_WIDE UINT16_MAX /* flows of a narrow tally that stands for a wide one */

struct wide_tally {
	struct tally tally;
	uint32_t group;
};

struct tallies {
	struct narrow_tally *narrow; /* a group */
	size_t cap;
	struct wide_tally *wide; /* in no order */
	uint32_t wides;
	size_t wide_cap;
};

/* Room for the last group of the table, empty. */
void tallies_add(struct tallies *t, const struct key_table *of);
/* Group `last`, the last one, takes the place of `g`, whose tally is gone; they may be one. */
void tallies_move(struct tallies *t, uint32_t g, uint32_t last);
void tallies_clear(struct tallies *t);
/* See key_table_fit(). */
void tallies_fit(struct tallies *t, const struct key_table *of);
size_t tallies_bytes(const struct tallies *t);
/* Of that the wide ones', and what is used of it. */
size_t wides_bytes(const struct tallies *t);
size_t wides_used(const struct tallies *t);
/* Makes the tally of a group a wide one, unless it is, and returns it. */
struct tally *tallies_widen(struct tallies *t, uint32_t g);
void tallies_get(const struct tallies *t, uint32_t g, struct tally *out);
void tallies_set(struct tallies *t, uint32_t g, const struct tally *value);
/* Group `to` has what group `g` of others has. */
void tallies_copy(struct tallies *t, uint32_t to, const struct tallies *from, uint32_t g);
/* The tally of a group where it stands, or in *room, until one changes. */
const struct tally *tallies_at(const struct tallies *t, uint32_t g, struct tally *room);

static inline bool tally_is_wide(const struct narrow_tally *n)
{
	return n->flows == FLOWS_WIDE;
}

/* A group is there as long as it has a flow, or a share of one. */
static inline bool tallies_is_gone(const struct tallies *t, uint32_t g)
{
	const struct narrow_tally *n = &t->narrow[g];
	const struct tally *wide;

	if (!tally_is_wide(n))
		return (n->flows | n->seconds) == 0;
	wide = &t->wide[n->bytes].tally;
	return (wide->flows | wide->seconds) == 0;
}

/* One of the words of a struct tally, by its offset. */
static inline uint64_t tallies_word(const struct tallies *t, uint32_t g, size_t offset)
{
	const struct narrow_tally *n = &t->narrow[g];

	if (tally_is_wide(n))
		return *(const uint64_t *)((const char *)&t->wide[n->bytes].tally + offset);
	switch (offset) {
	case offsetof(struct tally, bytes):
		return n->bytes;
	case offsetof(struct tally, packets):
		return n->packets;
	case offsetof(struct tally, flows):
		return n->flows;
	case offsetof(struct tally, rejects):
		return n->rejects;
	default: /* lost */
		return 0;
	}
}

/* tally_change() of a group's. */
static inline void tallies_change(struct tallies *t, uint32_t g, const struct row_facts *f,
				  uint64_t sign)
{
	struct narrow_tally *n = &t->narrow[g];
	uint64_t bytes = n->bytes + sign * f->bytes, packets = n->packets + sign * f->packets;
	uint64_t sent = n->sent + sign * f->sent;
	uint32_t one = (uint32_t)sign, flows = n->flows + one * f->flow;
	uint32_t accepts = n->accepts + one * f->accept, rejects = n->rejects + one * f->reject;
	uint32_t seconds = n->seconds + one * f->seconds;

	if (tally_is_wide(n)) {
		tally_change(&t->wide[n->bytes].tally, f, sign);
	} else if (((bytes | packets | sent) >> 32 | (accepts | rejects | seconds) >> 16 |
		    f->lost) ||
		   flows >= FLOWS_WIDE) {
		tally_change(tallies_widen(t, g), f, sign);
	} else {
		*n = (struct narrow_tally){ (uint32_t)bytes,  (uint32_t)packets, (uint32_t)sent,
					    (uint16_t)flows,  (uint16_t)accepts, (uint16_t)rejects,
					    (uint16_t)seconds };
	}
}

/* tally_add() of a group's. */
void tallies_sum(struct tallies *t, uint32_t g, const struct tally *more, uint64_t sign);

#endif
