/* detect_scan.c - scan: a source of ours that tries many ports of one host, or many hosts at one
 * port, and mostly in vain. By first contacts alone, in a window that slides over them: who talks
 * to whom it always talked to is no scan, however much. */
#include <inttypes.h>
#include <stdlib.h>

#include "triage/detector.h"

#define TCP 6u
#define UDP 17u

/* The first of a conversation. */
struct contact {
	uint8_t client[16], server[16];
	int64_t first, last;
	uint16_t port;
	uint8_t protocol;
	bool failed, answered, known;
};

struct scan_state {
	struct contact *list;
	size_t n, cap, most;
	uint64_t dropped;
};

static void *begin(struct judging *j)
{
	struct scan_state *s = xcalloc(1, sizeof *s);

	s->most = judging_room(j) / sizeof *s->list;
	return s;
}

static void end(void *state)
{
	struct scan_state *s = state;

	free(s->list);
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

static void edge(void *state, struct judging *j, const struct evidence_edge *e)
{
	struct scan_state *s = state;
	struct contact c = {
		.first = e->first, .last = e->last, .port = e->key.port, .protocol = e->key.protocol
	};
	uint64_t answered = 0, half = 0, refused = 0;

	if (e->key.any_client || !e->client_internal || (c.protocol != TCP && c.protocol != UDP) ||
	    is_of_nat(judging_evidence(j), e->client_at) || judging_is_admin(j, e->key.client) ||
	    judging_has_baseline(j, e))
		return;
	if (s->n == s->most) {
		s->dropped++;
		return;
	}
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
	xgrow_within((void **)&s->list, &s->cap, s->n + 1, s->most, sizeof *s->list);
	s->list[s->n++] = c;
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
		while ((double)(c[i].first - c[from].first) > window)
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
	f = judging_find(j, &detect_scan, x.fresh ? SEVERITY_PAGE : SEVERITY_WARN,
			 CONFIDENCE_PROVEN, c[from].first, x.last);
	f->open = judging_is_open(j, x.last);
	describe(j, f, form, &c[from], &x, limit);
}

/* By edges alone, so that others know in time whose tries are a scan's. */
static void ask(void *state, struct judging *j)
{
	struct scan_state *s = state;

	for (size_t k = 0; k < ARRAY_SIZE(forms) && s->n; k++) {
		size_t from = 0;
		qsort(s->list, s->n, sizeof *s->list, forms[k].sort);
		for (size_t i = 1; i <= s->n; i++) {
			if (i < s->n && forms[k].same(&s->list[from], &s->list[i]) == 0)
				continue;
			look(j, &forms[k], &s->list[from], i - from);
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
