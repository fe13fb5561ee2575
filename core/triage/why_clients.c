/* why_clients.c - of any client: where some fail always and the others get through, the fault is
 * theirs, not one that comes and goes. */
#include "triage/why_case.h"

#include <stdlib.h>

#define ALWAYS 3u  /* tries of a client that all fail: fewer are chance */
#define THEIRS 90u /* percent of the failures that must be theirs */
#define NAMED 3u   /* clients that are named */

struct client_fare {
	uint8_t client[16];
	size_t fails, oks;
};

static int by_client(const void *a, const void *b)
{
	const struct client_fare *x = a, *y = b;

	return memcmp(x->client, y->client, sizeof x->client);
}

/* How each client fares, by address; their number. */
static size_t fares_of(const struct tries *t, struct client_fare **out)
{
	struct client_fare *f = xcalloc(t->n + 1, sizeof *f);
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		bool ok = t->list[i].outcome == OUTCOME_OK;
		f[i] = (struct client_fare){ .fails = !ok, .oks = ok };
		memcpy(f[i].client, t->list[i].client, sizeof f[i].client);
	}
	qsort(f, t->n, sizeof *f, by_client);
	for (size_t i = 0; i < t->n; i++) {
		if (n && by_client(&f[n - 1], &f[i]) == 0) {
			f[n - 1].fails += f[i].fails;
			f[n - 1].oks += f[i].oks;
		} else {
			f[n++] = f[i];
		}
	}
	*out = f;
	return n;
}

static bool always_fails(const struct client_fare *f)
{
	return f->oks == 0 && f->fails >= ALWAYS;
}

static int worst_first(const void *a, const void *b)
{
	const struct client_fare *x = a, *y = b;

	if (always_fails(x) != always_fails(y))
		return always_fails(x) ? -1 : 1;
	if (x->fails != y->fails)
		return x->fails > y->fails ? -1 : 1;
	return by_client(a, b);
}

static void say_who(struct why_case *w, struct client_fare *f, size_t n, size_t losers)
{
	struct buf names = { 0 };

	qsort(f, n, sizeof *f, worst_first);
	for (size_t i = 0; i < losers && i < NAMED; i++) {
		char text[64];
		text[address_format(f[i].client, text)] = '\0';
		buf_printf(&names, "%s%s", i ? ", " : "", text);
	}
	if (losers > NAMED)
		buf_printf(&names, " and %zu more", losers - NAMED);
	why_because(w, "%zu of %zu clients %s always, the others get through: %s", losers, n,
		    losers == 1 ? "fails" : "fail", names.s);
	buf_release(&names);
}

/* Leaves the tries of clients that fail always. */
static void keep_theirs(struct tries *t, const struct client_fare *f, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct client_fare key = { 0 };
		memcpy(key.client, t->list[i].client, sizeof key.client);
		if (always_fails(bsearch(&key, f, n, sizeof *f, by_client)))
			t->list[kept++] = t->list[i];
	}
	t->n = kept;
}

bool why_by_client(struct why_case *w)
{
	struct client_fare *f;
	size_t n = fares_of(&w->t, &f), losers = 0, winners = 0, fails = 0, theirs = 0;
	bool parts;

	for (size_t i = 0; i < n; i++) {
		losers += always_fails(&f[i]);
		winners += f[i].oks > f[i].fails;
		fails += f[i].fails;
		theirs += always_fails(&f[i]) ? f[i].fails : 0;
	}
	parts = losers && winners && theirs * 100 >= fails * THEIRS;
	if (parts) {
		keep_theirs(&w->t, f, n);
		say_who(w, f, n, losers);
	}
	free(f);
	return parts;
}
