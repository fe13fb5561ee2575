/* watched_state.h - what watched*.c share. */
#ifndef ENITOP_WATCHED_STATE_H
#define ENITOP_WATCHED_STATE_H

#include "triage/open_bins.h"
#include "triage/watched.h"

/* A target and its sums. */
struct watched_target {
	struct target of;
	struct open_bins open;
	int64_t from;                /* the bin to be closed next; INT64_MIN: none was */
	struct spike_series *series; /* of those that were; NULL: none was */
	uint32_t rank; /* in an order that lines do not change; as it was closed last */
	bool counts;
};

struct watched {
	const struct places *places;
	struct labels *labels;
	struct spike_rule rule;
	uint64_t bytes, open_bytes; /* for open bins: allowed, held */
	int64_t latest;             /* rows may end by then */
	int64_t first, newest; /* start of the first row, end of the newest; first > newest: none */
	struct watched_filter watch[WATCHED_MAX];
	struct spike_rule watch_rule[WATCHED_MAX];
	uint32_t watch_target[WATCHED_MAX];
	unsigned watches;
	struct watched_target *target;
	size_t cap;
	uint32_t targets, most;
	uint32_t *of_place; /* 1 + target, by interface; 0: none */
	size_t of_places;
	uint32_t *of_server; /* the same, by hash of address and interface */
	uint32_t of_servers; /* places there; a power of two */
	watched_point_fn *point;
	void *ctx;
	struct watched_doubts doubts;
};

/* The number of a target, which is made where there is none; UINT32_MAX: there is no room. */
uint32_t watched_of_place(struct watched *w, uint32_t place);
uint32_t watched_of_server(struct watched *w, const uint8_t server[16], uint32_t place);

#endif
