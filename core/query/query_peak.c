/* query_peak.c - see query_peak.h. */
#include "query/query_peak.h"

#include <stdlib.h>

#include "query/accumulator_state.h"

struct peaks *peaks_of(const struct accumulator *a, size_t word)
{
	struct peaks *p = a->peaks;

	/* Sums that don't fit are ranked otherwise than by their tallies. */
	return p->on && p->word == word && !a->cap.on && !a->huge ? p : NULL;
}

void peaks_clear(struct peaks *p)
{
	free(p->most);
	*p = (struct peaks){ .wanted = p->wanted, .on = p->wanted, .word = p->word };
}

void peaks_add(struct accumulator *a)
{
	struct peaks *p = a->peaks;
	uint32_t g = a->table.count - 1;

	if (!p->on || g % PEAK_GROUPS)
		return;
	xgrow((void **)&p->most, &p->cap, g / PEAK_GROUPS + 1, sizeof *p->most);
	p->most[g / PEAK_GROUPS] = 0;
}

void peaks_move(struct accumulator *a, uint32_t g, uint32_t last)
{
	struct peaks *p = a->peaks;
	uint64_t value;

	if (!p->on)
		return;
	p->some -= tallies_word(&a->tally, g, p->word) != 0;
	value = tallies_word(&a->tally, last, p->word);
	if (g != last && value > p->most[g / PEAK_GROUPS])
		p->most[g / PEAK_GROUPS] = value;
}

/* As it is now, of all groups. */
static void look_at_all(struct accumulator *a)
{
	struct peaks *p = a->peaks;

	p->some = 0;
	for (uint32_t g = 0; g < a->table.count; g++) {
		uint64_t value = tallies_word(&a->tally, g, p->word), *most;
		if (g % PEAK_GROUPS == 0) {
			xgrow((void **)&p->most, &p->cap, g / PEAK_GROUPS + 1, sizeof *p->most);
			p->most[g / PEAK_GROUPS] = 0;
		}
		most = &p->most[g / PEAK_GROUPS];
		*most = value > *most ? value : *most;
		p->some += value != 0;
	}
}

void accumulator_watch(struct accumulator *a, enum metric m)
{
	int word = accumulator_is_series(a) ? -1 : rank_word(m);
	struct peaks *p = a->peaks;

	if (p->wanted == (word >= 0) && (word < 0 || p->word == (size_t)word))
		return;
	p->wanted = word >= 0;
	p->on = p->wanted && !a->cap.on;
	p->word = word >= 0 ? (size_t)word : 0;
	if (p->on)
		look_at_all(a);
}
