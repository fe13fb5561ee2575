/* query_words.c - metrics and group keys by their names: see query.h. */
#include <errno.h>
#include <string.h>

#include "query.h"

static const char *const metric_names[METRICS] = { "bytes", "packets", "flows", "rejects", "lost" };

const char *metric_name(enum metric m)
{
	return metric_names[m];
}

int metric_find(struct str name)
{
	for (int m = 0; m < METRICS; m++)
		if (str_equal_loose(name, str_of(metric_names[m])))
			return m;
	return -1;
}

uint64_t tally_metric(const struct tally *t, enum metric m)
{
	switch (m) {
	case METRIC_BYTES:
		return t->bytes;
	case METRIC_PACKETS:
		return t->packets;
	case METRIC_FLOWS:
		return t->flows;
	case METRIC_REJECTS:
		return t->rejects;
	case METRIC_LOST:
		return t->lost;
	default:
		return 0;
	}
}

int group_parse(struct str names, struct group *g, struct str *bad)
{
	g->n = 0;
	for (;;) {
		const char *comma = memchr(names.s, ',', names.n);
		size_t n = comma ? (size_t)(comma - names.s) : names.n;
		struct str name = str_trim((struct str){ names.s, n });
		int field = field_lookup(name);
		*bad = name;
		if (field == FIELD_NONE || g->n == GROUP_MAX)
			return -EINVAL;
		g->field[g->n++] = field;
		if (!comma)
			return 0;
		names.s += n + 1;
		names.n -= n + 1;
	}
}

bool group_equal(const struct group *a, const struct group *b)
{
	return a->n == b->n && memcmp(a->field, b->field, a->n * sizeof a->field[0]) == 0;
}
