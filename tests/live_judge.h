/* live_judge.h - every answer of a live against the recomputation by the slow twin over the
 * lines that its ring holds. */
#ifndef ENITOP_TESTS_LIVE_JUDGE_H
#define ENITOP_TESTS_LIVE_JUDGE_H

#include "live/live.h"
#include "slow.h"
#include "support.h"

/* The queries of a judged live, in this order. */
enum { JUDGED_TALKERS, JUDGED_REJECTS, JUDGED_PORTS, JUDGED_TIMELINE };

/* The question in force, and how much was judged. */
struct live_world {
	uint64_t seed;
	struct ring *ring;
	struct live *live;
	struct decoder *tail;
	struct decode_state state;
	size_t group;
	const struct group *count; /* what is counted in each group; NULL or n 0: nothing */
	slow_match *match;         /* of the filter in force; NULL: every flow */
	int64_t window, from, to;  /* from, to: limits */
	int64_t since, until;      /* the span looked at instead of the window */
	int64_t mark;              /* INT64_MIN: none */
	uint64_t compared, spread, cells;
};

/* A live over the ring with the judged queries. */
struct live *judge_live(struct ring *r);
/* The answer to one of them, its first `limit` rows (0: all). */
void judge_answer(struct live *l, unsigned query, uint32_t limit, struct result *r);
/* Whether a flow was refused. */
bool judge_is_refused(const struct slow_flow *f);
/* Works until there is nothing to do. */
void judge_settle(struct live_world *w);
/* Ranked rows, timeline, trends and heatmap: each must be what the twin says. */
void judge_all(struct live_world *w);

#endif
