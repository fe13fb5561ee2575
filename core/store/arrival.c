/* arrival.c - see arrival.h. */
#include "store/arrival.h"

/* The last note at or before a row; there is one. */
static uint32_t find(const struct segment *s, uint32_t row)
{
	uint32_t lo = 0, hi = s->arrivals;

	while (hi - lo > 1) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (s->arrival[mid].row <= row)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

void segment_note_arrival(struct segment *s, uint64_t order)
{
	const struct arrival *last = s->arrivals ? &s->arrival[s->arrivals - 1] : NULL;

	if (last && last->order + (s->rows - last->row) == order)
		return;
	xgrow((void **)&s->arrival, &s->arrival_cap, s->arrivals + 1, sizeof *s->arrival);
	s->arrival[s->arrivals++] = (struct arrival){ s->rows, order };
}

void segment_move_arrivals(struct segment *s, uint64_t by)
{
	for (uint32_t i = 0; i < s->arrivals; i++)
		s->arrival[i].order += by;
}

uint64_t segment_arrival(const struct segment *s, uint32_t row)
{
	const struct arrival *a = s->arrivals ? &s->arrival[find(s, row)] : NULL;

	return a ? a->order + (row - a->row) : row;
}

uint32_t segment_arrived_until(const struct segment *s, uint32_t row, uint64_t order)
{
	while (row < s->rows) {
		uint32_t at = s->arrivals ? find(s, row) : 0;
		uint32_t end = at + 1 < s->arrivals ? s->arrival[at + 1].row : s->rows;
		uint64_t first = segment_arrival(s, row);
		if (first >= order)
			return row;
		if (first + (end - row) > order)
			return row + (uint32_t)(order - first);
		row = end;
	}
	return row;
}
