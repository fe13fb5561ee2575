/* bin_lists.c - see bin_lists.h. */
#include "query/bin_lists.h"

#include <stdlib.h>

#include "query/accumulator_state.h"

#define AT_ONCE 16384u /* groups in a step */

struct bin_lists {
	const struct accumulator *rows, *bins;
	uint32_t *first; /* of each row: a group of `bins` + 1; 0: none */
	uint32_t *next;  /* behind each of those */
	uint32_t listed;
};

struct bin_lists *bin_lists_new(const struct accumulator *rows, const struct accumulator *bins)
{
	struct bin_lists *l = xcalloc(1, sizeof *l);

	l->rows = rows;
	l->bins = bins;
	l->first = xcalloc((size_t)rows->table.count + 1, sizeof *l->first);
	l->next = xmalloc(((size_t)bins->table.count + 1) * sizeof *l->next);
	return l;
}

void bin_lists_free(struct bin_lists *l)
{
	if (!l)
		return;
	free(l->first);
	free(l->next);
	free(l);
}

bool bin_lists_step(struct bin_lists *l)
{
	uint32_t count = l->bins->table.count, end = l->listed + AT_ONCE;
	unsigned words = l->rows->layout.words;

	for (end = end < count ? end : count; l->listed < end; l->listed++) {
		const uint32_t *key = key_at(&l->bins->table, l->listed);
		uint32_t row = key_table_find(&l->rows->table, key_hash32(key, words), key);
		if (row == UINT32_MAX)
			continue;
		l->next[l->listed] = l->first[row];
		l->first[row] = l->listed + 1;
	}
	return l->listed == count;
}

uint32_t bin_lists_first(const struct bin_lists *l, uint32_t row)
{
	return l->first[row] - 1;
}

uint32_t bin_lists_get(const struct bin_lists *l, uint32_t at, int64_t *number,
		       const struct tally **tally)
{
	*number = key_at(&l->bins->table, at)[l->rows->layout.words];
	*tally = accumulator_tally(l->bins, at);
	return l->next[at] - 1;
}

size_t bin_lists_bytes(const struct bin_lists *l)
{
	return l ? sizeof *l + ((size_t)l->rows->table.count + l->bins->table.count + 2) *
				       sizeof *l->next
		 : 0;
}
