/* delays.c - see delays.h. */
#include "triage/delays.h"

#include <stdlib.h>

#define STEP 256u

void delays_release(struct delays *d)
{
	free(d->newest);
	*d = (struct delays){ 0 };
}

static int64_t *newest_of(struct delays *d, uint32_t source)
{
	if (source >= d->n) {
		xgrow((void **)&d->newest, &d->cap, (size_t)source + 1, sizeof *d->newest);
		while (d->n <= source)
			d->newest[d->n++] = INT64_MIN;
	}
	return &d->newest[source];
}

static void count(struct delays *d, int64_t late)
{
	late = late < 0 ? 0 : late;
	d->bin[late < (int64_t)DELAY_BINS ? (size_t)late : DELAY_BINS - 1]++;
	d->records++;
	d->slowest = late > d->slowest ? late : d->slowest;
}

void delays_add(struct delays *d, const struct segment *s, uint32_t first, uint32_t n,
		int64_t clock_s)
{
	int64_t *newest = newest_of(d, s->source), time[STEP];
	bool live = clock_s != INT64_MIN;

	if (live && !d->live) {
		memset(d->bin, 0, sizeof d->bin);
		d->records = 0;
		d->slowest = 0;
		d->live = true;
	}
	for (uint32_t done = 0; done < n; done += STEP) {
		uint32_t some = n - done < STEP ? n - done : STEP;
		segment_times(s, first + done, some, time);
		for (uint32_t i = 0; i < some; i++) {
			if (time[i] == INT64_MIN)
				continue;
			*newest = time[i] > *newest ? time[i] : *newest;
			if (live == d->live)
				count(d, (live ? clock_s : *newest) - time[i]);
		}
	}
}

int64_t delays_median(const struct delays *d)
{
	uint64_t below = 0;

	for (size_t i = 0; i < DELAY_BINS; i++) {
		below += d->bin[i];
		if (d->records && below * 2 >= d->records)
			return (int64_t)i;
	}
	return -1;
}
