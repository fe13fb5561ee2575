/* crosszone.c - see tolls.h: what goes between two zones, and whether it has grown. */
#include <stdlib.h>

#include "triage/tolls_state.h"

#define WINDOW_BINS (CROSSZONE_WINDOW_S / TOLL_BIN_S)

/* Bins of two zones in order; some may be missing. */
struct zone_bins {
	const struct toll *bin;
	size_t n;
	int64_t begin; /* of the log */
};

/* Bytes in a window before, by what there was from the log's begin until bin `until`; negative: too
 * little of it to tell. */
static double usual_before(const struct zone_bins *z, uint64_t before, uint32_t until)
{
	int64_t seconds = (int64_t)until * TOLL_BIN_S - z->begin;

	return seconds < CROSSZONE_LEARNS_S ? -1
					    : (double)before / (double)seconds * CROSSZONE_WINDOW_S;
}

/* From the first to the last five minutes of the window and behind that are above what is usual. */
static void set_times(const struct zone_bins *z, uint32_t first, double above, struct crosszone *c)
{
	for (size_t i = 0; i < z->n; i++) {
		int64_t at = (int64_t)z->bin[i].key.bin * TOLL_BIN_S;
		if (z->bin[i].key.bin < first || (double)z->bin[i].bytes <= above)
			continue;
		c->since = c->until == INT64_MIN ? at : c->since;
		c->until = at + TOLL_BIN_S;
	}
}

/* Whether it is worth a line. Of windows that have grown the first, else the heaviest. */
static bool look(const struct zone_bins *z, struct crosszone_limits l, struct crosszone *c)
{
	uint64_t window = 0, before = 0;
	uint32_t first = 0;
	double above = 0;

	c->until = INT64_MIN;
	for (size_t i = 0, from = 0; i < z->n; i++) {
		uint32_t begin = z->bin[i].key.bin >= WINDOW_BINS - 1
					 ? z->bin[i].key.bin - (WINDOW_BINS - 1)
					 : 0;
		double usual;
		window += z->bin[i].bytes;
		for (; z->bin[from].key.bin < begin; from++) {
			window -= z->bin[from].bytes;
			before += z->bin[from].bytes;
		}
		usual = usual_before(z, before, begin);
		bool grown = usual >= 0 && window >= l.bytes && (double)window >= l.times * usual;
		if (grown && !c->grown) {
			first = begin;
			above = l.times * usual / WINDOW_BINS;
			c->grown = true;
			c->bytes = 0;
		} else if (grown != c->grown || window <= c->bytes) {
			continue;
		}
		c->usual = c->bytes == 0 || !grown ? (uint64_t)(usual > 0 ? usual : 0) : c->usual;
		c->bytes = window;
	}
	set_times(z, first, above, c);
	return c->bytes >= l.bytes;
}

static bool is_heavier(const void *x, const void *y)
{
	const struct zone_hosts *a = x, *b = y;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes;
	return a->from != b->from ? a->from < b->from : a->to < b->to;
}

static bool is_of(const struct crosszone *c, const struct places *p, uint32_t a, uint32_t b)
{
	const char *x = places_at(p, a)->zone, *y = places_at(p, b)->zone;

	return x && y &&
	       ((strcmp(x, c->zone[0]) == 0 && strcmp(y, c->zone[1]) == 0) ||
		(strcmp(x, c->zone[1]) == 0 && strcmp(y, c->zone[0]) == 0));
}

static int compare_zones(const void *x, const void *y)
{
	const struct crosszone *a = x, *b = y;
	int order = a->grown != b->grown ? b->grown - a->grown
					 : (a->bytes < b->bytes) - (a->bytes > b->bytes);

	order = order ? order : strcmp(a->zone[0], b->zone[0]);
	return order ? order : strcmp(a->zone[1], b->zone[1]);
}

size_t crosszone_find(const struct tolls *t, const struct places *p, struct crosszone_limits l,
		      const struct prices *prices, int64_t begin, struct crosszone **out)
{
	struct toll *bin, *hosts;
	size_t n = tolls_list(t, TOLL_ZONE, &bin), found = 0;
	size_t pairs = tolls_list(t, TOLL_HOSTS, &hosts);

	*out = xmalloc((n + 1) * sizeof **out);
	for (size_t from = 0, to; from < n; from = to) {
		const char *a = t->zone[bin[from].key.a], *b = t->zone[bin[from].key.b];
		struct crosszone c = { .zone = { strcmp(a, b) < 0 ? a : b,
						 strcmp(a, b) < 0 ? b : a } };
		struct zone_bins z = { bin + from, 0, begin };
		to = tolls_of_two(bin, n, from);
		z.n = to - from;
		if (!look(&z, l, &c))
			continue;
		c.cost = cost_of(2 * prices->zone, c.bytes);
		for (size_t i = 0; i < pairs; i++)
			if (is_of(&c, p, hosts[i].key.a, hosts[i].key.b))
				tolls_put_heaviest(c.hosts, &c.hosts_n,
						   &(struct zone_hosts){ hosts[i].key.a,
									 hosts[i].key.b,
									 hosts[i].bytes },
						   sizeof *c.hosts, is_heavier);
		(*out)[found++] = c;
	}
	free(bin);
	free(hosts);
	qsort(*out, found, sizeof **out, compare_zones);
	return found;
}
