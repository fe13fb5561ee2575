/* judged.c - see judged.h. */
#include "judged.h"

#include <inttypes.h>
#include <unistd.h>

/* ---- the log ---- */

static const char *write_file(const char *text)
{
	static char path[64];
	int fd;

	strcpy(path, "/tmp/enitop-judged-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

static void add_inventory(struct judged *w)
{
	struct label_faults faults = { 0 };
	struct buf json = { 0 };
	const char *path;

	buf_puts(&json, "{\"NetworkInterfaces\":[");
	for (unsigned i = 1; i <= JUDGED_HOSTS; i++)
		buf_printf(
			&json,
			"%s{\"NetworkInterfaceId\":\"eni-%u\",\"PrivateIpAddress\":\"10.0.0.%u\","
			"\"InterfaceType\":\"%s\"}",
			i > 1 ? "," : "", i, i, i == JUDGED_HOSTS ? "nat_gateway" : "interface");
	buf_puts(&json, "]}");
	path = write_file(json.s);
	assert_int_equal(labels_add_names(w->labels, path, &faults), 0);
	unlink(path);
	buf_release(&faults.text);
	buf_release(&json);
}

struct judged *judged_open_log(struct str text)
{
	struct judged *w = xcalloc(1, sizeof *w);

	w->dict = dict_new();
	w->labels = labels_new(w->dict);
	w->ring = ring_new(w->dict, (uint64_t)64 << 20);
	ring_set_ceiling(w->ring, INT64_MAX);
	w->places = places_new();
	w->rules = rules_new();
	add_inventory(w);
	ring_add_text(w->ring, format_default(), text, NULL, NULL);
	for (size_t i = 0; i < ring_count(w->ring); i++) {
		struct segment *s = ring_at(w->ring, i);
		places_add(w->places, s, w->dict, 0, s->rows, 0);
	}
	places_settle(w->places, w->labels);
	w->edges = edges_new_lasting(w->dict, w->places, 1 << 20, JUDGED_BEGIN);
	return w;
}

struct judged *judged_open(void)
{
	struct buf text = { 0 };
	struct judged *w;

	for (int64_t m = 0; m < JUDGED_MINUTES; m++)
		for (unsigned i = 1; i <= JUDGED_HOSTS; i++)
			buf_printf(&text,
				   "2 1 eni-%u 10.0.0.%u 203.0.113.%u 40000 443 6 10 1000 %" PRId64
				   " %" PRId64 " ACCEPT OK\n",
				   i, i, (unsigned)m, JUDGED_BEGIN + m * 60,
				   JUDGED_BEGIN + m * 60 + 59);
	w = judged_open_log(buf_str(&text));
	buf_release(&text);
	return w;
}

void judged_clear(struct judged *w)
{
	for (size_t i = 0; i < w->n; i++)
		free((void *)w->edge[i].minute);
	w->n = 0;
}

void judged_close(struct judged *w)
{
	judged_clear(w);
	judging_free(w->judging);
	rules_free(w->rules);
	edges_free(w->edges);
	places_free(w->places);
	labels_free(w->labels);
	ring_free_all(w->ring);
	buf_release(&w->told);
	free(w);
}

/* ---- evidence ---- */

struct evidence_edge *judged_edge(struct judged *w, const char *client, const char *server,
				  unsigned port, unsigned protocol)
{
	struct evidence_edge *e = &w->edge[w->n++];

	assert_true(w->n <= JUDGED_EDGES);
	*e = (struct evidence_edge){ .first = INT64_MAX,
				     .last = INT64_MIN,
				     .client_at = PLACE_NONE,
				     .server_at = PLACE_NONE };
	e->key.any_client = strcmp(client, "any") == 0;
	e->key.port = (uint16_t)port;
	e->key.protocol = (uint8_t)protocol;
	if (!e->key.any_client) {
		assert_true(address_parse(str_of(client), e->key.client));
		e->client_at = places_of_address(w->places, e->key.client);
		e->client_internal =
			e->client_at != PLACE_NONE || place_is_internal(w->places, e->key.client);
	}
	assert_true(address_parse(str_of(server), e->key.server));
	e->server_at = places_of_address(w->places, e->key.server);
	e->server_internal =
		e->server_at != PLACE_NONE || place_is_internal(w->places, e->key.server);
	return e;
}

struct edge_minute *judged_minute(struct evidence_edge *e, int64_t minute, unsigned tries,
				  unsigned answered, uint64_t sent, uint64_t received)
{
	struct edge_minute *list = (struct edge_minute *)e->minute;
	int64_t start = JUDGED_BEGIN + minute * 60;

	list = xrealloc(list, (e->minutes + 1) * sizeof *list);
	e->minute = list;
	list[e->minutes] = (struct edge_minute){ .minute = JUDGED_MINUTE(minute),
						 .tries = tries,
						 .answered = answered,
						 .sent = sent,
						 .received = received };
	e->sent += sent;
	e->received += received;
	e->first = start < e->first ? start : e->first;
	e->last = start + 59 > e->last ? start + 59 : e->last;
	return &list[e->minutes++];
}

void judged_limit(struct judged *w, const char *text)
{
	struct buf error = { 0 };

	assert_true(rules_set(w->rules, str_of(text), &error));
	buf_release(&error);
}

void judged_ioc(struct judged *w, const char *text)
{
	struct label_faults faults = { 0 };
	const char *path = write_file(text);

	assert_int_equal(labels_add_ioc(w->labels, path, &faults), 0);
	assert_int_equal(faults.n, 0);
	unlink(path);
}

/* ---- judging ---- */

static void tell_minute(int64_t seconds, struct buf *out)
{
	int64_t minute = (seconds - JUDGED_BEGIN) / 60;

	buf_printf(out, "%" PRId64, minute);
}

static void tell_finding(const struct finding *f, struct buf *out)
{
	buf_printf(out, "%s %s ", severity_name(f->severity),
		   f->confidence == CONFIDENCE_OPEN ? "possible" : confidence_name(f->confidence));
	tell_minute(f->since, out);
	buf_putc(out, '-');
	tell_minute(f->until, out);
	for (unsigned i = 0; i < f->subjects; i++)
		buf_printf(out, " %s=%s", subject_name(f->subject[i].subject),
			   f->subject[i].text.s);
	buf_printf(out, ": %s\n", f->what.s);
	/* What every finding has. */
	assert_true(f->value.n && f->limit.n && f->text.n && f->evidence.n && f->next.n &&
		    f->records.n);
	assert_int_equal(f->evidence.s[f->evidence.n - 1], '\n');
	assert_int_equal(f->next.s[f->next.n - 1], '\n');
	assert_null(strstr(f->evidence.s, "\n\n"));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* How the edges are given: as they are, backwards, or others between. */
static size_t place_in(int order, size_t i, size_t n)
{
	if (order == 0)
		return i;
	return order == 1 ? n - 1 - i : i % 2 ? n - 1 - i / 2 : i / 2;
}

static void judge(struct judged *w, const struct detector *d, int order, struct buf *out)
{
	struct finding *const *found;
	char *line[512];
	void *state;
	size_t n;

	judging_free(w->judging);
	w->judging = judging_new(w->rules, w->edges, w->places, w->labels, (size_t)64 << 20, NULL);
	state = d->begin ? d->begin(w->judging) : NULL;
	for (size_t i = 0; i < w->n && d->edge; i++)
		d->edge(state, w->judging, &w->edge[place_in(order, i, w->n)]);
	d->judge(state, w->judging);
	if (d->dropped)
		assert_int_equal(d->dropped(state), 0);
	if (d->end)
		d->end(state);
	found = judging_findings(w->judging, &n);
	assert_true(n <= ARRAY_SIZE(line));
	for (size_t i = 0; i < n; i++) {
		struct buf one = { 0 };
		tell_finding(found[i], &one);
		line[i] = one.s;
	}
	if (n)
		qsort(line, n, sizeof *line, by_text);
	for (size_t i = 0; i < n; i++) {
		buf_puts(out, line[i]);
		free(line[i]);
	}
}

const char *judged_tell(struct judged *w, const struct detector *d)
{
	struct buf again = { 0 };

	for (int order = 2; order >= 0; order--) {
		buf_clear(&again);
		buf_puts(&again, "");
		judge(w, d, order, &again);
		if (order < 2)
			assert_string_equal(again.s ? again.s : "", w->told.s ? w->told.s : "");
		buf_clear(&w->told);
		buf_puts(&w->told, again.s ? again.s : "");
	}
	buf_release(&again);
	return w->told.s ? w->told.s : "";
}

size_t judged_count(struct judged *w, const struct detector *d)
{
	size_t n = 0;

	for (const char *p = judged_tell(w, d); *p; p++)
		n += *p == '\n';
	return n;
}

const struct finding *judged_first(const struct judged *w)
{
	size_t n;
	struct finding *const *f = judging_findings(w->judging, &n);

	assert_true(n > 0);
	return f[0];
}
