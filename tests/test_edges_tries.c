/* Edges agree with the tries of the scenarios, minute by minute. */
#include <unistd.h>

#include "edges_world.h"

struct scenario {
	struct why_question q;
	struct sightings v;
	struct tries t;
	uint64_t refused, answered;
};

static bool read_ask(const char *dir, struct why_question *q)
{
	char path[512], text[4096], client[64], server[64];
	unsigned port, protocol;
	const char *ask;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/truth.json", dir);
	f = fopen(path, "r");
	if (!f)
		return false;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	ask = strstr(text, "\"ask\"");
	if (!ask || sscanf(ask,
			   "\"ask\": { \"client\": \"%63[^\"]\", \"server\": \"%63[^\"]\", "
			   "\"port\": %u, \"protocol\": %u",
			   client, server, &port, &protocol) != 4)
		return false;
	*q = (struct why_question){ .port = port, .protocol = (uint8_t)protocol };
	return address_parse(str_of(client), q->client) && address_parse(str_of(server), q->server);
}

/* What the tries of the records that the ring has come to in a minute: at each post. */
struct try_minute {
	uint64_t refused[POSTS], back[POSTS];
};

static uint64_t most_of(const uint64_t post[POSTS])
{
	uint64_t most = 0;

	for (unsigned p = 0; p < POSTS; p++)
		most = post[p] > most ? post[p] : most;
	return most;
}

/* Of all minutes together an edge has what the interface that tells most has of the tries: what was
 * refused, and what answered, of which tries that are ok have some; nothing that is only silent
 * has. */
static void compare_tries(struct edges_world *w, struct scenario *s, const struct edge_sums *is)
{
	struct try_minute all = { 0 };
	uint64_t refused = 0, back = 0;

	for (size_t i = 0; i < s->t.n; i++) {
		const struct attempt *a = &s->t.list[i];
		for (size_t k = 0; k < a->sightings; k++) {
			const struct sighting *x = s->t.sighting[a->sighting + k];
			enum post post =
				tries_post(live_places(w->live), x, s->q.client, s->q.server);
			bool answer =
				memcmp(x->pkt_src, s->q.server, 16) == 0 && x->sport == s->q.port;
			all.refused[post] += x->reject;
			all.back[post] += answer && !x->reject;
			assert_true(a->outcome != OUTCOME_SILENT || (!answer && !x->reject));
			s->answered += a->outcome == OUTCOME_OK && answer;
		}
	}
	for (size_t m = 0; m < is->minutes; m++) {
		refused += is->minute[m].refused;
		back += is->minute[m].answered + is->minute[m].reset + is->minute[m].half;
	}
	/* What of the internet is refused is folded. */
	assert_int_equal(refused, is->internet ? 0 : most_of(all.refused));
	/* Each kind of answer is told by its own. */
	assert_true(back >= most_of(all.back));
	assert_true(back <= all.back[0] + all.back[1] + all.back[2]);
	s->refused += refused;
}

static void look_at_scenario(struct edges_world *w, struct scenario *s)
{
	struct edge_key key = { .port = (uint16_t)s->q.port, .protocol = s->q.protocol };
	struct edge_sums is;
	struct why_pair pair = { .port = (uint16_t)s->q.port,
				 .protocol = s->q.protocol,
				 .since = INT64_MIN };

	memcpy(key.client, s->q.client, 16);
	memcpy(key.server, s->q.server, 16);
	memcpy(pair.client, s->q.client, 16);
	memcpy(pair.server, s->q.server, 16);
	for (size_t i = 0; i < ring_count(w->ring); i++)
		sightings_add(&s->v, live_places(w->live), ring_at(w->ring, i), ring_dict(w->ring),
			      &s->q, 1);
	tries_build(&s->t, live_places(w->live), &s->v, &pair);
	if (edges_find(w->edges, &key, &is))
		compare_tries(w, s, &is);
	else
		assert_int_equal(s->t.n, 0);
	tries_release(&s->t);
	sightings_release(&s->v);
	s->v = (struct sightings){ 0 };
}

/* Its records as they come, and every few hundred of them the same question. */
static void read_scenario(const char *dir, const char *log, struct scenario *s)
{
	const struct format *format = format_default();
	struct edges_world w;
	struct buf text = { 0 };
	char command[600], line[2048];
	unsigned lines = 0;
	FILE *f;

	snprintf(command, sizeof command, "gzip -dc '%s/%s'", dir, log);
	f = popen(command, "r");
	assert_non_null(f);
	open_world(&w, 1, 1 << 30, 24 << 20);
	while (fgets(line, sizeof line, f)) {
		if (strncmp(line, "version", 7) == 0) {
			format = format_parse(str_trim(str_of(line)), "test");
			continue;
		}
		buf_puts(&text, line);
		if (++lines % 500 == 0) {
			ring_add_text(w.ring, format, buf_str(&text), NULL, NULL);
			buf_clear(&text);
			settle(&w);
			look_at_scenario(&w, s);
		}
	}
	ring_add_text(w.ring, format, buf_str(&text), NULL, NULL);
	settle(&w);
	look_at_scenario(&w, s);
	assert_true(lines > 1000);
	pclose(f);
	buf_release(&text);
	close_world(&w);
}

static void minutes_are_those_of_tries(void **state)
{
	static const char *const logs[] = { "flow.v2.log.gz", "flow.v5.log.gz" };
	const char *srcdir = getenv("srcdir");
	struct scenario s = { 0 };
	unsigned read = 0;
	char dir[400];

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		snprintf(dir, sizeof dir, "%s/../shared/scenarios/%c%02u", srcdir ? srcdir : ".",
			 "csf"[i % 3], i / 3);
		if (!read_ask(dir, &s.q))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(logs); k++, read++)
			read_scenario(dir, logs[k], &s);
	}
	print_message("# %u logs: %" PRIu64 " refused, %" PRIu64 " answers\n", read, s.refused,
		      s.answered);
	assert_true(s.refused > 100 && s.answered > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minutes_are_those_of_tries),
	};
	const char *srcdir = getenv("srcdir");
	char dir[400];

	snprintf(dir, sizeof dir, "%s/../shared/scenarios", srcdir ? srcdir : ".");
	if (access(dir, R_OK) != 0) {
		puts("1..0 # SKIP no scenarios");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
