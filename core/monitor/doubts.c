/* doubts.c - see doubts.h. */
#include "monitor/doubts.h"

void doubts_add(struct doubts *d, int64_t time_s, uint64_t malformed, uint64_t skipdata)
{
	int64_t minute = time_s / 60;

	d->all.malformed += malformed;
	d->all.skipdata += skipdata;
	if (time_s < 0) {
		d->undated.malformed += malformed;
		d->undated.skipdata += skipdata;
		return;
	}
	size_t i = (size_t)minute % DOUBTS_MINUTES;
	if (d->bin[i].minute > minute)
		return; /* older than what the bins reach */
	if (d->bin[i].minute < minute) {
		d->bin[i].minute = minute;
		d->bin[i].malformed = d->bin[i].skipdata = 0;
	}
	d->bin[i].malformed += (uint32_t)malformed;
	d->bin[i].skipdata += (uint32_t)skipdata;
}

struct doubt doubts_in(const struct doubts *d, int64_t from, int64_t to)
{
	struct doubt sum = d->undated;

	if (from < 0 || to / 60 - from / 60 >= DOUBTS_MINUTES)
		return d->all;
	for (size_t i = 0; i < DOUBTS_MINUTES; i++) {
		int64_t start = d->bin[i].minute * 60;
		if (start + 60 <= from || start >= to)
			continue;
		sum.malformed += d->bin[i].malformed;
		sum.skipdata += d->bin[i].skipdata;
	}
	return sum;
}
