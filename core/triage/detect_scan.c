/* detect_scan.c - scan: a source of ours that tries many ports of one host, or many hosts at one
 * port, and mostly in vain. By first contacts alone, in a window that slides over them: who talks
 * to whom it always talked to is no scan, however much. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/hash.h"
#include "triage/detector.h"

#define TCP 6u
#define UDP 17u

/* The first of a conversation, in vain. */
struct contact {
	uint8_t client[16], server[16];
	uint32_t first; /* seconds from the beginning of the evidence */
	uint16_t port;
	uint8_t protocol;
	bool failed, answered, known;
};

/* One that went well, of which there are many: it is only counted. */
struct good_contact {
	uint32_t group[2]; /* what its source and target, its source and port come to */
	uint32_t first : 30, answered : 1, known : 1;
};

struct scan_state {
	struct contact *list;
	size_t n, cap, most;
	struct good_contact *good;
	size_t goods, good_cap, good_most;
	struct contact *group; /* of the source and port, or target, at hand */
	size_t group_cap;
	uint64_t dropped;
};

static void *begin(struct judging *j)
{
	struct scan_state *s = xcalloc(1, sizeof *s);

	s->most = judging_room(j) / 2 / sizeof *s->list;
	s->good_most = judging_room(j) / 2 / sizeof *s->good;
	return s;
}

static void end(void *state)
{
	struct scan_state *s = state;

	free(s->list);
	free(s->good);
	free(s->group);
	free(s);
}

static uint64_t dropped(const void *state)
{
	return ((const struct scan_state *)state)->dropped;
}

static bool is_of_nat(const struct evidence *v, uint32_t at)
{
	return at != PLACE_NONE && place_is_nat(places_at(v->places, at));
}

enum { BY_TARGET, BY_PORT };

/* What contacts of one group have in common. */
static uint32_t group_of(const struct contact *c, unsigned by)
{
	uint32_t word[10] = { 0 };

	memcpy(word, c->client, 16);
	word[8] = (uint32_t)by << 8 | c->protocol;
	if (by == BY_TARGET)
		memcpy(word + 4, c->server, 16);
	else
		word[9] = c->port;
	return hash_words(word, 10);
}

static void add_good(struct scan_state *s, const struct contact *c)
{
	if (s->goods == s->good_most) {
		s->dropped++;
		return;
	}
	xgrow_within((void **)&s->good, &s->good_cap, s->goods + 1, s->good_most, sizeof *s->good);
	s->good[s->goods++] =
		(struct good_contact){ .group = { group_of(c, BY_TARGET), group_of(c, BY_PORT) },
				       .first = c->first & 0x3fffffffu,
				       .answered = c->answered,
				       .known = c->known };
}

static void add_failed(struct scan_state *s, const struct contact *c)
{
	if (s->n == s->most) {
		s->dropped++;
		return;
	}
	xgrow_within((void **)&s->list, &s->cap, s->n + 1, s->most, sizeof *s->list);
	s->list[s->n++] = *c;
}

static void edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	const struct evidence *v = judging_evidence(j);
	struct contact c = { .first = (uint32_t)(e->first > v->begin ? e->first - v->begin : 0),
			     .port = e->key.port,
			     .protocol = e->key.protocol };
	uint64_t answered = 0, half = 0, refused = 0;

	if (e->key.any_client || !e->client_internal || (c.protocol != TCP && c.protocol != UDP) ||
	    is_of_nat(v, e->client_at) || judging_is_admin(j, e->key.client) ||
	    judging_has_baseline(j, e))
		return;
	for (size_t i = 0; i < e->minutes; i++) {
		answered += e->minute[i].answered;
		half += e->minute[i].half;
		refused += e->minute[i].refused;
	}
	memcpy(c.client, e->key.client, 16);
	memcpy(c.server, e->key.server, 16);
	c.answered = answered > 0;
	c.known = judging_knows(j, e);
	c.failed = !answered && (c.protocol == TCP ? !half : refused > 0);
	if (c.failed)
		add_failed(state, &c);
	else
		add_good(state, &c);
}

/* ---- groups of contacts: by source and port, by source and target ---- */

static int compare_times(const struct contact *x, const struct contact *y)
{
	int order = (x->first > y->first) - (x->first < y->first);

	order = order ? order : (x->port > y->port) - (x->port < y->port);
	return order ? order : memcmp(x->server, y->server, 16);
}

static int same_port(const struct contact *x, const struct contact *y)
{
	int order = memcmp(x->client, y->client, 16);

	order = order ? order : x->protocol - y->protocol;
	return order ? order : (x->port > y->port) - (x->port < y->port);
}

static int same_target(const struct contact *x, const struct contact *y)
{
	int order = memcmp(x->client, y->client, 16);

	order = order ? order : x->protocol - y->protocol;
	return order ? order : memcmp(x->server, y->server, 16);
}

static int by_time(const void *a, const void *b)
{
	return compare_times(a, b);
}

static int by_port(const void *a, const void *b)
{
	int order = same_port(a, b);

	return order ? order : compare_times(a, b);
}

static int by_target(const void *a, const void *b)
{
	int order = same_target(a, b);

	return order ? order : compare_times(a, b);
}

struct scan_form {
	const char *name, *limit, *one, *many;
	int (*sort)(const void *a, const void *b);
	int (*same)(const struct contact *x, const struct contact *y);
};

static const struct scan_form forms[] = {
	/* BY_TARGET, BY_PORT */
	{ "vertical", "ports", "port", "ports", by_target, same_target },
	{ "horizontal", "targets", "host", "hosts", by_port, same_port },
};

/* ---- what is found ---- */

struct scan_sums {
	size_t tried, failed, open, fresh; /* fresh: open, and not known before */
	int64_t last;
};

static void describe(struct judging *j, struct finding *f, const struct scan_form *form,
		     const struct contact *c, const struct scan_sums *x, double limit)
{
	bool vertical = form->same == same_target;
	char client[46], server[46], time[32];

	address_format(c->client, client);
	address_format(c->server, server);
	finding_about_address(f, SUBJECT_SOURCE, c->client);
	if (vertical)
		finding_about_address(f, SUBJECT_TARGET, c->server);
	else
		finding_about_number(f, SUBJECT_PORT, c->port);
	finding_about(f, SUBJECT_FORM, form->name);
	f->measure = (double)x->tried;
	buf_printf(&f->value, "%.1f x %g", (double)x->tried / limit, limit);
	buf_printf(&f->limit, "%g new %s in 5 minutes", limit, form->many);
	judging_add_host(j, c->client, &f->what);
	buf_printf(&f->what, " tried %zu %s ", x->tried, x->tried == 1 ? form->one : form->many);
	if (vertical) {
		buf_puts(&f->what, "of ");
		judging_add_host(j, c->server, &f->what);
	} else {
		buf_printf(&f->what, "at port %u", c->port);
	}
	buf_printf(&f->what, ": %zu in vain, %zu open", x->failed, x->open);
	buf_printf(&f->text,
		   "A host of ours tried %zu %s that it had not talked to before, most of them in "
		   "vain: somebody looks for what is there.",
		   x->tried, form->many);
	buf_printf(&f->evidence, "first contacts from %s to ",
		   rfc3339(time, sizeof time, f->since));
	buf_printf(&f->evidence, "%s: %zu tried, %zu in vain, %zu answered, %zu of these new\n",
		   rfc3339(time, sizeof time, x->last), x->tried, x->failed, x->open, x->fresh);
	if (vertical)
		buf_printf(&f->records, "client=%s and server=%s", client, server);
	else
		buf_printf(&f->records, "client=%s and service=%u", client, c->port);
	buf_puts(&f->next, "ask who runs it: --admin or a baseline says that it may\n");
}

/* Contacts of one group, by time: the first window that is one, and all from there on. */
static void look(struct judging *j, const struct scan_form *form, const struct contact *c, size_t n)
{
	double limit = judging_limit(j, &detect_scan, form->limit);
	double window = judging_limit(j, &detect_scan, "window");
	double share = judging_limit(j, &detect_scan, "failing") / 100;
	size_t from = 0, failed = 0;
	struct scan_sums x = { 0 };
	struct finding *f;

	for (size_t i = 0; i < n; i++) {
		failed += c[i].failed;
		while ((double)c[i].first - c[from].first > window)
			failed -= c[from++].failed;
		if ((double)(i + 1 - from) >= limit &&
		    (double)failed >= share * (double)(i + 1 - from))
			break;
		if (i + 1 == n)
			return;
	}
	for (size_t i = from; i < n; i++) {
		x.tried++;
		x.failed += c[i].failed;
		x.open += c[i].answered;
		x.fresh += c[i].answered && !c[i].known;
		x.last = c[i].first;
	}
	x.last += judging_evidence(j)->begin;
	f = judging_find(j, &detect_scan, x.fresh ? SEVERITY_PAGE : SEVERITY_WARN,
			 CONFIDENCE_PROVEN, judging_evidence(j)->begin + c[from].first, x.last);
	f->open = judging_is_open(j, x.last);
	describe(j, f, form, &c[from], &x, limit);
}

static int by_group(const void *a, const void *b, unsigned by)
{
	const struct good_contact *x = a, *y = b;

	return (x->group[by] > y->group[by]) - (x->group[by] < y->group[by]);
}

static int good_by_target(const void *a, const void *b)
{
	return by_group(a, b, BY_TARGET);
}

static int good_by_port(const void *a, const void *b)
{
	return by_group(a, b, BY_PORT);
}

/* The place of the first good contact of a group, sorted by that, or of a later group. */
static size_t first_of(const struct scan_state *s, uint32_t group, unsigned by)
{
	size_t low = 0, high = s->goods;

	while (low < high) {
		size_t middle = (low + high) / 2;
		if (s->good[middle].group[by] < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Those in vain, with the good ones of the group among them. */
static void look_at_group(struct scan_state *s, struct judging *j, unsigned by,
			  const struct contact *failed, size_t n)
{
	uint32_t group = group_of(failed, by);
	size_t all = n;

	xgrow((void **)&s->group, &s->group_cap, n, sizeof *s->group);
	memcpy(s->group, failed, n * sizeof *failed);
	for (size_t i = first_of(s, group, by); i < s->goods && s->good[i].group[by] == group;
	     i++) {
		struct contact c = failed[0];
		c.first = s->good[i].first;
		c.failed = false;
		c.answered = s->good[i].answered;
		c.known = s->good[i].known;
		xgrow((void **)&s->group, &s->group_cap, all + 1, sizeof *s->group);
		s->group[all++] = c;
	}
	qsort(s->group, all, sizeof *s->group, by_time);
	look(j, &forms[by], s->group, all);
}

/* By edges alone, so that others know in time whose tries are a scan's. */
static void ask(void *state, struct judging *j)
{
	struct scan_state *s = state;

	for (unsigned by = 0; by < ARRAY_SIZE(forms) && s->n; by++) {
		double least = judging_limit(j, &detect_scan, forms[by].limit) *
			       judging_limit(j, &detect_scan, "failing") / 100;
		size_t from = 0;
		qsort(s->list, s->n, sizeof *s->list, forms[by].sort);
		if (s->goods)
			qsort(s->good, s->goods, sizeof *s->good,
			      by == BY_TARGET ? good_by_target : good_by_port);
		for (size_t i = 1; i <= s->n; i++) {
			if (i < s->n && forms[by].same(&s->list[from], &s->list[i]) == 0)
				continue;
			if ((double)(i - from) >= least)
				look_at_group(s, j, by, &s->list[from], i - from);
			from = i;
		}
	}
}

const struct detector detect_scan = {
	.name = "scan",
	.title = "a source of ours tries many ports of a host, or many hosts at a port, in vain",
	.wrong = "an inventory scanner, monitoring, or a list of hosts that is out of date\n",
	.refutes = "its network in --admin; contacts that succeed; the same in a baseline\n",
	.threshold = { { "ports", 15, "", "of one target in the window: what Zeek takes" },
		       { "targets", 25, "", "at one port in the window: what Zeek takes" },
		       { "window", 300, "s", "for first contacts" },
		       { "failing", 80, "%", "of these: benign contacts mostly succeed" } },
	.begin = begin,
	.edge = edge,
	.ask = ask,
	.end = end,
	.dropped = dropped,
};
