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

/* Spikes of a target, as it was looked at. */
struct seen_spike {
	uint32_t target;
	struct spike spike;
};

struct seen_spikes {
	struct seen_spike *list;
	size_t n, cap;
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
	bool alone;              /* filters only */
	bool looks;              /* nothing is closed but for want of room: */
	struct seen_spikes seen; /* what there is, as of the last look */
	struct {
		uint32_t *order, at, n; /* targets: in their order; looked at so far; all */
		int64_t until;
		struct seen_spikes next;
	} look; /* the one that is under way */
	struct watched_doubts doubts;
};

/* The number of a target, which is made where there is none; UINT32_MAX: there is no room. */
uint32_t watched_of_place(struct watched *w, uint32_t place);
uint32_t watched_of_server(struct watched *w, const uint8_t server[16], uint32_t place);
/* Which of the series of each server counts, by what is there now. */
void watched_choose_servers(struct watched *w);
/* Ranks the targets; their numbers in that order are the caller's. */
uint32_t *watched_put_in_order(struct watched *w);

#endif
