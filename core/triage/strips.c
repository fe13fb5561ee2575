/* strips.c - see strips.h. */
#include "triage/strips.h"

#include <stdlib.h>

#define AT_ONCE 256u /* edges between two looks at the clock */
#define TCP 6
#define CHANGED 1.5
#define BEFORE 15u
#define SINCE 3u

/* ---- of what a finding is about ---- */

/* Values a line each; words that are no address are left out. */
static size_t add_hosts(const struct finding *f, enum subject s, uint8_t (**list)[16], size_t n)
{
	const struct buf *text = finding_subject(f, s);

	for (size_t at = 0; text && at < text->n;) {
		size_t length = strcspn(text->s + at, "\n");
		uint8_t address[16];
		if (address_parse((struct str){ text->s + at, length }, address)) {
			*list = xrealloc(*list, (n + 1) * sizeof **list);
			memcpy((*list)[n++], address, 16);
		}
		at += length + 1;
	}
	return n;
}

static int number_of(const struct finding *f, enum subject s)
{
	const struct buf *text = finding_subject(f, s);
	uint64_t n;

	return text && str_to_u64(buf_str(text), &n) && n <= 65535 ? (int)n : 0;
}

bool strip_of_finding(const struct finding *f, struct strip_of *out)
{
	static const enum subject clients[] = { SUBJECT_SOURCE, SUBJECT_CLIENT, SUBJECT_CLIENTS },
				  servers[] = { SUBJECT_TARGET, SUBJECT_DESTINATION,
						SUBJECT_SERVER };

	*out = (struct strip_of){ .port = number_of(f, SUBJECT_PORT),
				  .protocol = number_of(f, SUBJECT_PROTOCOL) };
	for (size_t i = 0; i < ARRAY_SIZE(clients); i++)
		out->clients = add_hosts(f, clients[i], &out->client, out->clients);
	for (size_t i = 0; i < ARRAY_SIZE(servers); i++)
		out->servers = add_hosts(f, servers[i], &out->server, out->servers);
	return out->clients || out->servers;
}

void strip_of_release(struct strip_of *of)
{
	free(of->client);
	free(of->server);
	*of = (struct strip_of){ 0 };
}

static bool is_one_of(uint8_t (*list)[16], size_t n, const uint8_t address[16])
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(list[i], address, 16) == 0)
			return true;
	return n == 0;
}

static bool is_asked(const struct strip_of *of, const struct edge_key *k)
{
	if ((of->port && of->port != k->port) || (of->protocol && of->protocol != k->protocol) ||
	    !is_one_of(of->server, of->servers, k->server))
		return false;
	return k->any_client ? of->clients == 0 : is_one_of(of->client, of->clients, k->client);
}

/* ---- sums ---- */

/* Whether the other end ever said something. */
static bool ever_answers(const struct edge_sums *x)
{
	for (size_t i = 0; i < x->minutes; i++)
		if (x->minute[i].answered)
			return true;
	return false;
}

static uint64_t beyond(uint64_t n, uint64_t others)
{
	return n > others ? n - others : 0;
}

/* A request that is a SYN and no more has no answer but one that is counted; where there is no
 * handshake a request has none, if others of the conversation had. */
static uint64_t silent_of(const struct edge_minute *m, bool tcp, bool answers)
{
	uint64_t tries = tcp ? m->alone : answers ? m->tries : 0;

	return beyond(tries, (uint64_t)m->answered + m->half + m->reset + m->refused);
}

/* Who asks from the internet is counted with all others of it, bytes aside: those of each alone. */
static void add_edge(struct strips *s, const struct edge_sums *x)
{
	bool tcp = x->key.protocol == TCP, answers = tcp || ever_answers(x);
	bool tries = x->key.any_client || !x->internet, refused = false;

	for (size_t i = 0; i < x->minutes; i++) {
		const struct edge_minute *m = &x->minute[i];
		uint64_t silent = silent_of(m, tcp, answers);
		struct strip_minute *to;
		if (m->minute < s->first || m->minute >= s->first + (int64_t)s->n)
			continue;
		to = &s->minute[m->minute - s->first];
		to->sent += m->sent;
		to->received += m->received;
		if (!tries)
			continue;
		to->tries += m->tries;
		to->refused += m->refused;
		to->background += x->key.any_client ? m->refused : 0;
		refused |= m->refused > 0;
		to->silent += silent;
		to->failed += silent + m->refused + m->reset + m->half;
	}
	if (x->key.any_client && refused)
		edge_sources_join(s->sources, x->registers);
}

void strip_sum_begin(struct strip_sum *s, int64_t now, unsigned minutes)
{
	minutes = minutes < STRIP_MINUTES ? minutes : STRIP_MINUTES;
	s->strips = (struct strips){ .first = now / 60 - minutes + 1, .n = minutes };
	s->at = 0;
}

bool strip_sum_step(struct strip_sum *s, struct edges *e, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;
	struct edge_sums x;
	unsigned done = 0;

	while (edges_next(e, &s->at, &x)) {
		if (is_asked(&s->of, &x.key))
			add_edge(&s->strips, &x);
		if (++done % AT_ONCE == 0 && monotonic_ns() >= end)
			return true;
	}
	return false;
}

/* ---- changes ---- */

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static double median(const uint64_t *value, unsigned n)
{
	uint64_t sorted[STRIP_MINUTES];

	n = n < STRIP_MINUTES ? n : STRIP_MINUTES;
	memcpy(sorted, value, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_size);
	return n % 2 ? (double)sorted[n / 2]
		     : ((double)sorted[n / 2 - 1] + (double)sorted[n / 2]) / 2;
}

static void range(const uint64_t *value, unsigned n, uint64_t *least, uint64_t *most)
{
	*least = *most = value[0];
	for (unsigned i = 1; i < n; i++) {
		*least = value[i] < *least ? value[i] : *least;
		*most = value[i] > *most ? value[i] : *most;
	}
}

bool strip_changed(const uint64_t *value, unsigned n, unsigned *at, double *times)
{
	for (unsigned k = BEFORE; k + SINCE <= n; k++) {
		uint64_t least[2], most[2];
		double was, is = (double)value[n - 1];
		range(value, k, &least[0], &most[0]);
		range(value + k, n - k, &least[1], &most[1]);
		if (least[1] <= most[0] && most[1] >= least[0])
			continue;
		was = median(value, k);
		if (was <= 0 || (is < was * CHANGED && is * CHANGED > was))
			continue;
		*at = k;
		*times = is / was;
		return true;
	}
	return false;
}
