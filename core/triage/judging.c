/* judging.c - see judging.h. */
#include <stdlib.h>

#include "schema/moment.h"
#include "triage/judging_state.h"

#define CLOSED_AFTER_S 600
#define EVENT_AFTER_S 60 /* stamps are of whole intervals */
#define EVENTS_SAID 5u
#define AT_ONCE 256u /* edges between two looks at the clock */

/* ---- life ---- */

static int64_t first_of_all(const struct places *p)
{
	int64_t first = INT64_MAX;

	for (uint32_t i = 0; i < places_count(p); i++)
		if (places_at(p, i)->first < first)
			first = places_at(p, i)->first;
	return first;
}

struct judging *judging_new(const struct rules *r, struct edges *e, const struct places *p,
			    struct labels *l, size_t room, struct baseline *learn)
{
	struct judging *j = xcalloc(1, sizeof *j);
	unsigned n;
	const struct detector *const *d = detectors(&n);

	j->rules = r;
	j->edges = e;
	j->learn = learn;
	j->room = room;
	j->evidence = (struct evidence){ .places = p,
					 .labels = l,
					 .begin = first_of_all(p),
					 .now = places_newest(p),
					 .until = places_newest(p),
					 .interval = places_logs(p, PLACE_NONE).interval };
	j->state = xcalloc(n, sizeof *j->state);
	for (unsigned i = 0; i < n; i++)
		j->state[i] = d[i]->begin ? d[i]->begin(j) : NULL;
	return j;
}

void judging_free(struct judging *j)
{
	unsigned n;
	const struct detector *const *d = detectors(&n);

	if (!j)
		return;
	for (unsigned i = 0; i < n; i++)
		if (d[i]->end)
			d[i]->end(j->state[i]);
	for (size_t i = 0; i < j->finds; i++) {
		finding_release(j->found[i]);
		free(j->found[i]);
	}
	judging_pairs_free(j);
	free(j->found);
	free(j->state);
	free(j);
}

/* ---- edges ---- */

static uint32_t service_of(const struct judging *j, const struct edge_sums *x, bool client_internal,
			   bool server_internal)
{
	const uint8_t *outside = !server_internal ? x->key.server : x->key.client;

	if (client_internal && server_internal)
		return DICT_NONE;
	if (x->service != DICT_NONE || !j->evidence.labels || x->key.any_client)
		return x->service;
	return labels_of_address(j->evidence.labels, LABEL_AWS_SERVICE, outside);
}

static bool is_internal(const struct judging *j, const uint8_t address[16], uint32_t at)
{
	return at != PLACE_NONE || place_is_internal(j->evidence.places, address);
}

static struct evidence_edge evidence_of(const struct judging *j, const struct edge_sums *x)
{
	const struct places *p = j->evidence.places;
	struct evidence_edge e = { .key = x->key,
				   .client_at = PLACE_NONE,
				   .server_at = places_of_address(p, x->key.server),
				   .first = x->first,
				   .last = x->last,
				   .sent = x->sent,
				   .received = x->received,
				   .sources = x->sources,
				   .minute = x->minute,
				   .minutes = x->minutes };

	if (!x->key.any_client) {
		e.client_at = places_of_address(p, x->key.client);
		e.client_internal = is_internal(j, x->key.client, e.client_at);
	}
	e.server_internal = is_internal(j, x->key.server, e.server_at);
	e.service = service_of(j, x, e.client_internal, e.server_internal);
	memcpy(e.cell, x->cell, sizeof e.cell);
	memcpy(e.at, x->at, sizeof e.at);
	return e;
}

bool judging_step(struct judging *j, uint64_t budget_ns)
{
	uint64_t end = monotonic_ns() + budget_ns;
	unsigned n, done = 0;
	const struct detector *const *d = detectors(&n);
	struct edge_sums sums;

	while (edges_next(j->edges, &j->at, &sums)) {
		struct evidence_edge e = evidence_of(j, &sums);
		for (unsigned i = 0; i < n; i++)
			if (d[i]->edge)
				d[i]->edge(j->state[i], j, &e);
		if (j->learn)
			baseline_learn(j->learn, &e);
		if (++done % AT_ONCE == 0 && monotonic_ns() >= end)
			return true;
	}
	return false;
}

/* ---- the end ---- */

static int compare(const void *a, const void *b)
{
	return finding_compare(*(struct finding *const *)a, *(struct finding *const *)b);
}

/* What was done shortly before may be why. */
static void add_events(const struct judging *j, struct finding *f)
{
	size_t n;
	const struct timed_event *e = events_within(
		rules_events(j->rules), f->since - EVENT_BEFORE_S, f->since + EVENT_AFTER_S, &n);
	char stamp[40];

	for (size_t i = n > EVENTS_SAID ? n - EVENTS_SAID : 0; i < n; i++)
		buf_printf(&f->evidence, "%s%s  %s (--events)", f->evidence.n ? "\n" : "",
			   moment_print(e[i].time, stamp, sizeof stamp), e[i].text);
}

static void finish(const struct judging *j, struct finding *f)
{
	add_events(j, f);
	if (!f->wrong.n && f->rule->wrong)
		buf_puts(&f->wrong, f->rule->wrong);
	if (!f->refutes.n && f->rule->refutes)
		buf_puts(&f->refutes, f->rule->refutes);
}

static void end(struct judging *j)
{
	for (size_t i = 0; i < j->finds; i++)
		finish(j, j->found[i]);
	if (j->finds)
		qsort(j->found, j->finds, sizeof *j->found, compare);
	if (j->learn)
		baseline_learned(j->learn, j->evidence.begin, j->evidence.now);
}

/* Conversations first, one by one, then what the detectors make of them. */
bool judging_decide(struct judging *j, const struct sightings *v, uint64_t budget_ns)
{
	uint64_t end_ns = monotonic_ns() + budget_ns;
	unsigned n;
	const struct detector *const *d = detectors(&n);

	j->sightings = v;
	while (j->decided < j->pairs + n) {
		size_t i = j->decided++;
		if (i < j->pairs) {
			judging_sum_up(j, &j->pair[i]);
		} else {
			const struct detector *x = d[i - j->pairs];
			if (x->judge && detector_judges(x, &j->evidence.sums))
				x->judge(j->state[i - j->pairs], j);
			if (x->dropped)
				j->counts.dropped += x->dropped(j->state[i - j->pairs]);
		}
		if (j->decided < j->pairs + n && monotonic_ns() >= end_ns)
			return true;
	}
	end(j);
	return false;
}

void judging_set_sums(struct judging *j, struct evidence_sums sums)
{
	j->evidence.sums = sums;
}

void judging_set_until(struct judging *j, int64_t until)
{
	j->evidence.until = until;
}

/* Detectors are within their room. */
size_t judging_bytes(const struct judging *j)
{
	return sizeof *j + j->room + j->near.cap * sizeof *j->near.row +
	       j->tries.cap * sizeof *j->tries.list + j->pairs * sizeof *j->pair +
	       j->find_cap * sizeof(struct finding);
}

struct finding *const *judging_findings(const struct judging *j, size_t *n)
{
	*n = j->finds;
	return j->found;
}

struct judging_counts judging_counts(const struct judging *j)
{
	return j->counts;
}

/* ---- what a detector may ask ---- */

const struct evidence *judging_evidence(const struct judging *j)
{
	return &j->evidence;
}

double judging_limit(const struct judging *j, const struct detector *d, const char *name)
{
	return rules_limit(j->rules, d, name);
}

const uint64_t *judging_ports(const struct judging *j, const struct detector *d, const char *name)
{
	return rules_ports(j->rules, d, name);
}

size_t judging_room(const struct judging *j)
{
	unsigned n;

	detectors(&n);
	return j->room / n;
}

struct finding *judging_find(struct judging *j, const struct detector *d, enum severity s,
			     enum confidence c, int64_t since, int64_t until)
{
	struct finding *f = xcalloc(1, sizeof *f);

	*f = (struct finding){
		.rule = d, .severity = s, .confidence = c, .since = since, .until = until
	};
	xgrow((void **)&j->found, &j->find_cap, j->finds + 1, sizeof(struct finding *));
	j->found[j->finds++] = f;
	return f;
}

bool judging_has_baseline(const struct judging *j, const struct evidence_edge *e)
{
	const struct baseline *b = rules_baseline(j->rules);

	if (!b)
		return false;
	if (e->key.port == 0 && baseline_has(b, BASELINE_DESTINATION, &e->key))
		return true;
	return baseline_has(b, e->client_internal ? BASELINE_EDGE : BASELINE_EXPOSURE, &e->key);
}

bool judging_knows(const struct judging *j, const struct evidence_edge *e)
{
	return e->first < j->evidence.begin + JUDGING_LEARNS_S || judging_has_baseline(j, e);
}

bool judging_is_admin(const struct judging *j, const uint8_t address[16])
{
	const struct baseline *b = rules_baseline(j->rules);
	struct edge_key key = { .port = 0 };

	if (rules_is_admin(j->rules, address))
		return true;
	memcpy(key.client, address, 16);
	return b && baseline_has(b, BASELINE_HUB, &key);
}

const struct finding *const *judging_found(const struct judging *j, size_t *n)
{
	*n = j->finds;
	return (const struct finding *const *)j->found;
}

bool judging_is_open(const struct judging *j, int64_t last)
{
	int64_t two = 2 * j->evidence.interval;

	return last + (two > CLOSED_AFTER_S ? two : CLOSED_AFTER_S) >= j->evidence.until;
}

void judging_add_host(const struct judging *j, const uint8_t address[16], struct buf *out)
{
	labels_add_host(j->evidence.labels, address, out);
}
