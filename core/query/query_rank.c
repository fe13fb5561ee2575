/* query_rank.c - the order of groups: best first, ties by the bytes of the key's values, so
 * that no order of arrival shows. See query.h. */
#include <stdlib.h>

#include "query/accumulator_state.h"

/* Ranks below this come from a heap: one look at most groups. */
#define HEAP_RANKS 1024u

struct ranking {
	const struct accumulator *a;
	int word;            /* of the tally, its offset; -1: distinct values */
	struct peaks *peaks; /* of it; NULL: none */
};

int rank_word(enum metric m)
{
	static const size_t at[METRICS] = {
		[METRIC_BYTES] = offsetof(struct tally, bytes),
		[METRIC_PACKETS] = offsetof(struct tally, packets),
		[METRIC_FLOWS] = offsetof(struct tally, flows),
		[METRIC_REJECTS] = offsetof(struct tally, rejects),
		[METRIC_LOST] = offsetof(struct tally, lost),
		[METRIC_COST] = offsetof(struct tally, cost),
	};

	return m == METRIC_DISTINCT ? -1 : (int)at[metric_base(m)];
}

static struct ranking ranking_of(const struct accumulator *a, enum metric m)
{
	int word = rank_word(m);

	return (struct ranking){ a, word, word < 0 ? NULL : peaks_of(a, (size_t)word) };
}

/* As accumulator_metric has it: every group is asked, whenever a screen is drawn. */
static inline uint64_t value_of(const struct ranking *r, uint32_t g)
{
	if (r->word < 0)
		return accumulator_distinct(r->a, g);
	if (r->a->huge)
		return *(const uint64_t *)((const char *)accumulator_tally(r->a, g) + r->word);
	return tallies_word(&r->a->tally, g, (size_t)r->word);
}

uint32_t accumulator_ranked(const struct accumulator *a, enum metric m)
{
	struct ranking r = ranking_of(a, m);
	uint32_t n = 0;

	if (a->part.speaks)
		return a->part.ranked < UINT32_MAX ? (uint32_t)a->part.ranked : UINT32_MAX;
	if (!metric_wants_some(m))
		return a->table.count;
	if (r.peaks)
		return r.peaks->some;
	for (uint32_t g = 0; g < a->table.count; g++)
		n += value_of(&r, g) > 0;
	return n;
}

/* Of the groups from `first` on that have a peak: where they end; `first` where none of them has as
 * much as that. What the heaviest of them has is seen anew. */
static uint32_t block_end(const struct ranking *r, uint32_t first, uint64_t least)
{
	uint32_t count = r->a->table.count, end = first + PEAK_GROUPS;
	uint64_t most = 0, *peak;

	end = end < count && end > first ? end : count;
	if (!r->peaks)
		return end;
	peak = &r->peaks->most[first / PEAK_GROUPS];
	if (*peak < least)
		return first;
	for (uint32_t g = first; g < end; g++) {
		uint64_t v = value_of(r, g);
		most = v > most ? v : most;
	}
	*peak = most;
	return most < least ? first : end;
}

static int rank_compare(const void *x, const void *y, void *ctx)
{
	const struct ranking *r = ctx;
	uint32_t g = *(const uint32_t *)x, h = *(const uint32_t *)y;
	uint64_t a = value_of(r, g), b = value_of(r, h);

	if (a != b)
		return a > b ? -1 : 1;
	return key_compare(&r->a->layout, key_at(&r->a->table, g), key_at(&r->a->table, h),
			   r->a->dict);
}

uint32_t accumulator_rank_of(const struct accumulator *a, enum metric m, uint32_t index)
{
	struct ranking r = ranking_of(a, m);
	uint64_t mine = value_of(&r, index);
	uint32_t better = 0;

	if (mine == 0 && metric_wants_some(m))
		return UINT32_MAX;
	for (uint32_t first = 0; first < a->table.count; first += PEAK_GROUPS) {
		uint32_t end = block_end(&r, first, mine);
		for (uint32_t g = first; g < end; g++) {
			uint64_t v = value_of(&r, g);
			better += v > mine ||
				  (v == mine && g != index && rank_compare(&g, &index, &r) < 0);
		}
	}
	return better;
}

/* ---- the first few: a heap, the worst on top ---- */

/* Restores the heap from `i` down. */
static void sift_down(uint32_t *heap, uint32_t n, uint32_t i, struct ranking *r)
{
	for (;;) {
		uint32_t child = 2 * i + 1, swap;
		if (child >= n)
			return;
		if (child + 1 < n && rank_compare(&heap[child + 1], &heap[child], r) > 0)
			child++;
		if (rank_compare(&heap[child], &heap[i], r) <= 0)
			return;
		swap = heap[i];
		heap[i] = heap[child];
		heap[child] = swap;
		i = child;
	}
}

/* The best so far. */
struct best {
	uint32_t *heap, n, room;
	uint64_t least; /* what is worth a look */
};

static void take(struct best *b, uint32_t g, struct ranking *r)
{
	if (b->n < b->room) {
		b->heap[b->n++] = g;
		for (uint32_t i = b->n / 2; b->n == b->room && i-- > 0;)
			sift_down(b->heap, b->n, i, r);
		if (b->n == b->room && value_of(r, b->heap[0]) > b->least)
			b->least = value_of(r, b->heap[0]);
	} else if (rank_compare(&g, &b->heap[0], r) < 0) {
		b->heap[0] = g;
		sift_down(b->heap, b->n, 0, r);
		b->least = value_of(r, b->heap[0]);
	}
}

uint32_t accumulator_rank(const struct accumulator *a, enum metric m, uint32_t limit,
			  uint32_t **index)
{
	struct ranking r = ranking_of(a, m);
	uint32_t room = limit && limit < a->table.count ? limit : a->table.count;
	struct best b = { xmalloc((room + 1) * sizeof *b.heap), 0, room, metric_wants_some(m) };

	for (uint32_t first = 0; first < a->table.count; first += PEAK_GROUPS) {
		uint32_t end = block_end(&r, first, b.least);
		for (uint32_t g = first; g < end; g++)
			if (value_of(&r, g) >= b.least)
				take(&b, g, &r);
	}
	qsort_r(b.heap, b.n, sizeof *b.heap, rank_compare, &r);
	*index = b.heap;
	return b.n;
}

/* ---- any ranks: find their values, then sort only what has those ---- */

/* Largest first: the value that stands at `rank`. Puts `v` in some other order. */
static uint64_t value_at(uint64_t *v, uint32_t n, uint32_t rank)
{
	uint32_t from = 0, to = n;

	while (to - from > 1) {
		uint64_t x = v[from], y = v[from + (to - from) / 2], z = v[to - 1], swap;
		uint64_t pivot = x > y ? (y > z ? y : x > z ? z : x) : x > z ? x : y > z ? z : y;
		uint32_t above = from, equal = from, end = to; /* above | equal | unseen | below */
		while (equal < end) {
			swap = v[equal];
			if (swap > pivot) {
				v[equal++] = v[above];
				v[above++] = swap;
			} else if (swap < pivot) {
				v[equal] = v[--end];
				v[end] = swap;
			} else {
				equal++;
			}
		}
		if (rank < above)
			to = above;
		else if (rank >= end)
			from = end;
		else
			return pivot;
	}
	return v[from];
}

/* A group that may be among the ranks asked for. */
struct candidate {
	uint64_t value, prefix;
	uint32_t group;
};

static int candidate_compare(const void *x, const void *y, void *ctx)
{
	const struct candidate *a = x, *b = y;

	if (a->value != b->value)
		return a->value > b->value ? -1 : 1;
	if (a->prefix != b->prefix)
		return a->prefix < b->prefix ? -1 : 1;
	return rank_compare(&a->group, &b->group, ctx);
}

/* Puts the candidates with ranks first..first+n-1 of all `count` at their places; as
 * value_at() does it, with what is left sorted. */
static void select_candidates(struct candidate *c, uint32_t count, uint32_t first, uint32_t n,
			      struct ranking *r)
{
	uint32_t from = 0, to = count;

	while (to - from > 2 * n + 64) {
		struct candidate pivot = c[from + (to - from) / 2], swap;
		uint32_t above = from, at = from, end = to;
		while (at < end) {
			int order = candidate_compare(&c[at], &pivot, r);
			swap = c[at];
			if (order < 0) {
				c[at++] = c[above];
				c[above++] = swap;
			} else if (order > 0) {
				c[at] = c[--end];
				c[end] = swap;
			} else {
				at++;
			}
		}
		if (first + n <= above)
			to = above;
		else if (first >= end)
			from = end;
		else
			break;
	}
	qsort_r(c + from, to - from, sizeof *c, candidate_compare, r);
}

/* The groups with values low..high; *above: how many groups have more. */
static uint32_t candidates(const struct accumulator *a, enum metric m, uint64_t low, uint64_t high,
			   struct candidate **out, uint32_t *above)
{
	size_t cap = 0;
	uint32_t n = 0;

	*above = 0;
	*out = NULL;
	for (uint32_t g = 0; g < a->table.count; g++) {
		uint64_t v = accumulator_metric(a, g, m);
		*above += v > high;
		if (v < low || v > high)
			continue;
		xgrow((void **)out, &cap, (size_t)n + 1, sizeof **out);
		(*out)[n++] = (struct candidate){ v, 0, g };
	}
	for (uint32_t i = 0; i < n; i++)
		(*out)[i].prefix =
			key_prefix(&a->layout, key_at(&a->table, (*out)[i].group), a->dict);
	return n;
}

uint32_t accumulator_rank_part(const struct accumulator *a, enum metric m, uint32_t first,
			       uint32_t n, uint32_t **index)
{
	struct ranking r = ranking_of(a, m);
	uint32_t count = a->table.count, ranked = 0, above, found;
	struct candidate *c;
	uint64_t *v, high, low;

	*index = NULL;
	if (n == 0)
		return 0;
	if (first < HEAP_RANKS && n < HEAP_RANKS) {
		found = accumulator_rank(a, m, first + n, index);
		found = found > first ? found - first : 0;
		memmove(*index, *index + (found ? first : 0), found * sizeof **index);
		return found;
	}
	v = xmalloc((count + 1) * sizeof *v);
	for (uint32_t g = 0; g < count; g++) {
		v[ranked] = value_of(&r, g);
		ranked += v[ranked] > 0 || !metric_wants_some(m);
	}
	n = first >= ranked ? 0 : n < ranked - first ? n : ranked - first;
	if (n) {
		high = value_at(v, ranked, first);
		low = value_at(v, ranked, first + n - 1);
		found = candidates(a, m, low, high, &c, &above);
		select_candidates(c, found, first - above, n, &r);
		*index = xmalloc(n * sizeof **index);
		for (uint32_t i = 0; i < n; i++)
			(*index)[i] = c[first - above + i].group;
		free(c);
	}
	free(v);
	return n;
}
