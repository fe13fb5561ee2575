/* detect_blackhole.c - blackhole: several pairs that were answered before are lost at once, on a way
 * that they share. */
#include <stdlib.h>

#include "triage/reach.h"

#define SILENT_S 180 /* since an answer on that way */

/* What loses packets and not connections' right to be. */
static bool is_of_a_way(enum why_code c)
{
	return c == WHY_NOT_DELIVERED || c == WHY_NO_ANSWER_OUTSIDE || c == WHY_NACL_IN_REPLY ||
	       c == WHY_UNKNOWN_LOG_TYPE;
}

static bool is_lost(struct judging *j, const struct judged_pair *p)
{
	return p->first_good != INT64_MIN && judging_evidence(j)->until - p->last_good >= SILENT_S;
}

/* Of the group those that began together and had been answered; the others stay reach's. */
static void keep_together(struct judging *j, struct reach_group *g)
{
	size_t best = 0, most = 0, n = 0;

	for (size_t i = 0; i < g->n; i++) {
		size_t with = 0;
		int64_t since = reach_since(j, g->pair[i]);
		for (size_t k = 0; k < g->n; k++) {
			int64_t other = reach_since(j, g->pair[k]);
			with += is_lost(j, g->pair[k]) && other >= since &&
				other <= since + REACH_TOGETHER_S;
		}
		if (with > most) {
			most = with;
			best = i;
		}
	}
	if (most) {
		int64_t since = reach_since(j, g->pair[best]);
		for (size_t k = 0; k < g->n; k++) {
			int64_t other = reach_since(j, g->pair[k]);
			if (is_lost(j, g->pair[k]) && other >= since &&
			    other <= since + REACH_TOGETHER_S)
				g->pair[n++] = g->pair[k];
		}
	}
	g->n = n;
}

static void judge(void *state, struct judging *j)
{
	size_t n;
	struct reach_group *g = reach_groups(j, &n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const char *name = g[i].code == WHY_NOT_DELIVERED ? "lost" : "pairs";
		if (!is_of_a_way(g[i].code) || g[i].any_client)
			continue;
		keep_together(j, &g[i]);
		if ((double)g[i].n >= judging_limit(j, &detect_blackhole, name))
			reach_find(j, &detect_blackhole, &g[i])->severity = SEVERITY_PAGE;
	}
	reach_groups_free(g, n);
}

const struct detector detect_blackhole = {
	.name = "blackhole",
	.title = "pairs that were answered before are lost at once, on a way that they share",
	.wrong = "the far side is down\n",
	.refutes = "one answer on that way\n",
	.threshold = { { "lost", 2, "", "pairs that leave the client and never arrive" },
		       { "pairs", 3, "",
			 "pairs without an answer, for another cause of one kind" } },
	.judge = judge,
};
