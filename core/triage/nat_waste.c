/* nat_waste.c - see tolls.h: what a gateway endpoint would lead to for nothing. */
#include <stdlib.h>

#include "triage/tolls_state.h"

#define HOUR_S 3600
#define HOUR_BINS (HOUR_S / TOLL_BIN_S)
#define HALF_S (HOUR_S / 2)

/* The bins of one gateway and service, in order. */
static struct nat_waste waste_of(const struct toll *bin, size_t n, struct nat_waste_limits l)
{
	struct nat_waste w = { .via = bin[0].key.a,
			       .service = (enum toll_service)bin[0].key.b,
			       .since = INT64_MIN };
	uint64_t hour = 0;

	for (size_t i = 0, from = 0; i < n; i++) {
		w.bytes += bin[i].bytes;
		hour += bin[i].bytes;
		while (bin[i].key.bin - bin[from].key.bin >= HOUR_BINS)
			hour -= bin[from++].bytes;
		w.hour = hour > w.hour ? hour : w.hour;
		if (hour >= l.bytes && w.since == INT64_MIN)
			w.since = (int64_t)bin[from].key.bin * TOLL_BIN_S;
	}
	w.until = ((int64_t)bin[n - 1].key.bin + 1) * TOLL_BIN_S;
	return w;
}

static bool is_heavier(const void *x, const void *y)
{
	const struct nat_client *a = x, *b = y;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes;
	return memcmp(a->address, b->address, 16) < 0;
}

/* Clients whose gateway no record tells are its if there is no other. */
static void find_clients(const struct tolls *t, struct nat_waste *w, bool alone)
{
	for (uint32_t i = 0; i < t->slots; i++) {
		const struct toll_key *k = &t->slot[i].key;
		struct nat_client c = { .bytes = toll_bytes(&t->slot[i]) };
		if (k->kind != TOLL_CLIENT || k->b != (uint32_t)w->service || !c.bytes ||
		    (k->a != w->via && !(alone && k->a == PLACE_NONE)))
			continue;
		memcpy(c.address, k->client, 16);
		tolls_put_heaviest(w->client, &w->clients, &c, sizeof c, is_heavier);
	}
}

static int compare_waste(const void *x, const void *y)
{
	const struct nat_waste *a = x, *b = y;

	if (a->hour != b->hour)
		return a->hour > b->hour ? -1 : 1;
	return (a->via > b->via) - (a->via < b->via);
}

/* How many gateways have the service. */
static unsigned gateways(const struct toll *bin, size_t n, uint32_t service)
{
	unsigned count = 0;
	uint32_t last = PLACE_NONE;

	for (size_t i = 0; i < n; i++) {
		count += bin[i].key.b == service && bin[i].key.a != last;
		last = bin[i].key.b == service ? bin[i].key.a : last;
	}
	return count;
}

size_t nat_waste_find(const struct tolls *t, struct nat_waste_limits l, const struct prices *p,
		      int64_t begin, int64_t end, struct nat_waste **out)
{
	struct toll *bin;
	size_t n = tolls_list(t, TOLL_NAT, &bin), found = 0;
	int64_t lasted =
		begin <= end ? end - begin : 0; /* of no record they are the wrong way round */

	*out = xmalloc((n + 1) * sizeof **out);
	for (size_t from = 0, to; from < n; from = to) {
		struct nat_waste w;
		to = tolls_of_two(bin, n, from);
		w = waste_of(bin + from, to - from, l);
		if (lasted >= HALF_S && lasted < HOUR_S)
			w.hour = (uint64_t)((double)w.bytes / (double)lasted * HOUR_S);
		if (w.hour < l.bytes)
			continue;
		if (w.since == INT64_MIN)
			w.since = (int64_t)bin[from].key.bin * TOLL_BIN_S;
		w.cost = cost_of(p->nat, w.bytes);
		find_clients(t, &w, gateways(bin, n, bin[from].key.b) == 1);
		(*out)[found++] = w;
	}
	free(bin);
	qsort(*out, found, sizeof **out, compare_waste);
	return found;
}
