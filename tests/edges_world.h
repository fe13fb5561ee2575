/* edges_world.h - a ring whose rows come to edges as on screen, for the tests of edges: in any order,
 * late, evicted. Included by one file each. */
#ifndef ENITOP_EDGES_WORLD_H
#define ENITOP_EDGES_WORLD_H

#include <inttypes.h>

#include "live/live.h"
#include "support.h"
#include "triage/edges.h"

#define START 1700000040

/* Second sightings of a segment as the consumer was told last; what they are is test_once's. */
struct told {
	uint64_t serial, second[SEGMENT_ROWS / 64 + 1];
	uint32_t rows;
};

struct edges_world {
	uint64_t seed;
	struct ring *ring;
	struct labels *labels;
	struct live *live;
	struct edges *edges;
	struct told *told;
	size_t tolds, told_cap;
	struct decoder *tail;
	struct decode_state state;
	int64_t time;
	unsigned moved; /* an interface whose address has changed; 0: none */
	uint64_t compared, internet, seconds, folded, middle;
};

static inline void on_evict(void *ctx, struct segment *s)
{
	live_evict(ctx, s);
}

static inline struct told *told_of(struct edges_world *w, uint64_t serial)
{
	for (size_t i = 0; i < w->tolds; i++)
		if (w->told[i].serial == serial)
			return &w->told[i];
	xgrow((void **)&w->told, &w->told_cap, w->tolds + 1, sizeof *w->told);
	w->told[w->tolds] = (struct told){ .serial = serial };
	return &w->told[w->tolds++];
}

static inline void on_rows(void *ctx, const struct segment *s, uint32_t first, uint32_t n, int sign,
			   const uint64_t *second)
{
	struct edges_world *w = ctx;
	struct told *t = told_of(w, s->serial);

	for (uint32_t row = first; sign >= 0 && row < first + n; row++) {
		uint64_t bit = UINT64_C(1) << row % 64;
		t->second[row / 64] = (t->second[row / 64] & ~bit) | (second[row / 64] & bit);
	}
	if (sign > 0) { /* one after the other */
		assert_int_equal(first, t->rows);
		t->rows += n;
	}
	assert_true(first + n <= t->rows);
	edges_rows(w->edges, s, first, n, sign, second);
	if (sign < 0) {
		assert_int_equal(n, t->rows);
		*t = w->told[--w->tolds];
	}
}

static inline void open_world(struct edges_world *w, uint64_t seed, uint64_t budget, size_t most)
{
	static const struct query asked = { QUERY_ALL,
					    .group = { .field = { FIELD_SRCADDR }, .n = 1 } };
	struct dict *d = dict_new();

	*w = (struct edges_world){ .seed = seed, .time = START };
	w->labels = labels_new(d);
	w->ring = ring_new(d, budget);
	ring_set_ceiling(w->ring, INT64_MAX);
	w->live = live_new(w->ring);
	live_add(w->live, &asked);
	w->edges = edges_new(w->ring, live_places(w->live), most);
	live_set_consumer(w->live, (struct live_consumer){ on_rows, w });
	ring_on_evict(w->ring, on_evict, w->live);
	w->tail = decoder_new();
	w->state = (struct decode_state){ .format = format_default() };
}

/* The segment that grows does so no more. */
static inline void close_tail(struct edges_world *w)
{
	struct segment *const *open;
	struct segment **list;

	while (decoder_segments(w->tail, &open) > 0) {
		decoder_close(w->tail, open[0]);
		decoder_take_sealed(w->tail, &list);
		free(list);
	}
}

static inline void close_world(struct edges_world *w)
{
	close_tail(w);
	live_free(w->live);
	edges_free(w->edges);
	free(w->told);
	decoder_free(w->tail);
	labels_free(w->labels);
	ring_free_all(w->ring);
}

/* While rows come, what is known better of older ones waits for a second: until a step has none.
 * With no time at all each step does as little as there is. */
static inline void settle(struct edges_world *w)
{
	uint64_t budget = random_below(&w->seed, 2) * 1000000;

	while (live_step(w->live, budget) || live_step(w->live, budget))
		;
}

#endif
