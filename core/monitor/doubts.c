/* doubts.c - see doubts.h. */
#include "monitor/doubts.h"

static void add(struct doubt *to, struct doubt more)
{
	to->malformed += more.malformed;
	to->skipdata += more.skipdata;
	to->unreadable += more.unreadable;
}

void doubts_add(struct doubts *d, int64_t time_s, struct doubt more)
{
	int64_t minute = time_s / 60;

	add(&d->all, more);
	if (time_s < 0) {
		add(&d->undated, more);
		return;
	}
	size_t i = (size_t)minute % DOUBTS_MINUTES;
	if (d->bin[i].minute > minute)
		return; /* older than what the bins reach */
	if (d->bin[i].minute < minute) {
		d->bin[i].minute = minute;
		d->bin[i].malformed = d->bin[i].skipdata = d->bin[i].unreadable = 0;
	}
	d->bin[i].malformed += (uint32_t)more.malformed;
	d->bin[i].skipdata += (uint32_t)more.skipdata;
	d->bin[i].unreadable += (uint32_t)more.unreadable;
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
		add(&sum, (struct doubt){ d->bin[i].malformed, d->bin[i].skipdata,
					  d->bin[i].unreadable });
	}
	return sum;
}
