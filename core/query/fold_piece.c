/* fold_piece.c - more rows than are kept at a time, where tables hold a part of their groups. Once
 * through all parts says which groups have which ranks (rank_index.h); then the groups of a piece of
 * the ranks are looked for by the hashes of their keys, all at once. */
#include "query/fold_state.h"

#include <stdlib.h>

#include "query/query_part.h"

/* Of the room: of all indexes together; of the groups of a piece, and their copies. */
#define INDEX_SHARE(room) ((room) / 8 * 3)
#define PIECE_SHARE(room) ((room) / 8 * 7)
#define ORDER_BYTES 24 /* of a row that is put in order */

bool piece_is_of(const struct asked *k)
{
	return !k->plain && k->keep && (!k->query.limit || k->query.limit > k->keep);
}

bool piece_is_on(const struct asked *k)
{
	return k->places != NULL;
}

size_t piece_bytes(const struct asked *k)
{
	size_t slots = k->places ? (size_t)k->places->mask + 1 : 0;

	return rank_index_bytes(k->index) + slots * sizeof k->places->slot[0];
}

static void leave_piece(struct asked *k)
{
	free(k->places);
	k->places = NULL;
}

void piece_forget(struct asked *k)
{
	leave_piece(k);
	rank_index_free(k->index);
	k->index = NULL;
}

/* ---- the index ---- */

struct noting {
	struct rank_index *index;
	const struct accumulator *from;
};

static void note(void *ctx, uint32_t group, uint64_t size, uint64_t prefix)
{
	struct noting *n = ctx;

	rank_index_add(n->index, size, prefix, accumulator_place(n->from, group));
}

uint64_t piece_note(struct folds *f, struct asked *k, const struct accumulator *from,
		    const struct compare *c)
{
	struct noting n = { k->index, from };

	k->noted = true;
	if (!k->index)
		n.index = k->index = rank_index_new(
			(uint32_t)(INDEX_SHARE(f->room) / RANK_INDEX_BYTES / f->n), k->base);
	return order_list(from, &k->query, c, k->after, note, &n);
}

/* ---- a piece ---- */

/* How many rows of the size of those before have room. */
static uint32_t rows_of_piece(const struct folds *f, const struct asked *k)
{
	size_t room = PIECE_SHARE(fold_limit(f)), index = piece_bytes(k);
	size_t rows = (room > index ? room - index : 0) / k->row_bytes;

	rows = rows < UINT32_MAX / 2 ? rows / ANSWER_ROWS * ANSWER_ROWS : UINT32_MAX / 2;
	return rows > ANSWER_ROWS ? (uint32_t)rows : ANSWER_ROWS;
}

static struct place_set *places_of(const struct rank_index *x, const struct rank_piece *p)
{
	uint32_t slots = 1024;
	struct place_set *s;

	while (slots / 2 < p->end - p->first)
		slots *= 2;
	s = xcalloc(1, sizeof *s + slots * sizeof s->slot[0]);
	s->mask = slots - 1;
	for (uint32_t i = p->first; i < p->end; i++) {
		uint32_t place = rank_index_place(x, i), at = place & s->mask;
		while (s->slot[at] && s->slot[at] != place)
			at = (at + 1) & s->mask;
		s->slot[at] = place;
	}
	return s;
}

bool piece_turn(struct folds *f, struct asked *k, uint32_t rank)
{
	leave_piece(k);
	k->noted = false;
	if (!k->index)
		return false;
	if (!rank_index_piece(k->index, rank, rows_of_piece(f, k), ANSWER_ROWS, &k->piece)) {
		k->plain |= rank == rank_index_base(k->index); /* too many rows are equal */
		return false;
	}
	k->base = rank;
	accumulator_free(k->best);
	k->best = NULL;
	k->places = places_of(k->index, &k->piece);
	accumulator_look_for(k->tables.rows, k->places);
	return true;
}

struct taking {
	const struct asked *asked;
	uint32_t *group, n;
};

static void take(void *ctx, uint32_t group, uint64_t size, uint64_t prefix)
{
	struct taking *t = ctx;

	if (rank_index_holds(t->asked->index, &t->asked->piece, size, prefix))
		t->group[t->n++] = group;
}

void piece_take(const struct folds *f, struct asked *k, const struct accumulator *from,
		const struct compare *c)
{
	struct taking t = { .asked = k };

	t.group = xmalloc((accumulator_count(from) + 1) * sizeof *t.group);
	order_list(from, &k->query, c, k->after, take, &t);
	accumulator_take(k->best, from, t.group, t.n);
	free(t.group);
	if (accumulator_count(k->best) == t.n && t.n >= ANSWER_ROWS) /* all of it at once */
		k->row_bytes = (fold_held(f) - piece_bytes(k)) / t.n + ORDER_BYTES;
}

/* ---- the end of all parts ---- */

/* Those of the ranks of the piece alone. */
static void trim(struct asked *k, const struct compare *c)
{
	uint32_t before = rank_index_before(k->index, &k->piece), n = k->piece.to - k->piece.from;
	uint32_t *index, all = before + n;
	struct query q = k->query;
	struct order *o;

	q.limit = 0;
	o = order_new(k->best, &q, c);
	while (!order_step(o, all))
		;
	all = order_count(o) < all ? order_count(o) : all;
	n = all > before ? all - before : 0;
	index = xmalloc((n ? n : 1) * sizeof *index);
	for (uint32_t i = 0; i < n; i++)
		index[i] = order_group(o, before + i);
	order_free(o);
	accumulator_keep(k->best, index, n);
	free(index);
}

void piece_end(struct asked *k, const struct compare *c)
{
	if (piece_is_on(k)) {
		trim(k, c);
		leave_piece(k);
	} else if (k->index && rank_index_end(k->index) == 0 && rank_index_is_cut(k->index)) {
		piece_forget(k);
		k->plain = true;
	}
}
