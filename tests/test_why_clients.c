/* Why asked of any client, where some never get through and others do: it is said who, and their
 * fault is judged as if they were all there are. */
#include "support.h"

#include <inttypes.h>

#include "labels/labels.h"
#include "triage/why.h"

#define START 1790000040
#define FORMAT \
	"version interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end " \
	"action log-status tcp-flags"

static void add(struct buf *out, const char *eni, const char *src, const char *dst, unsigned sport,
		unsigned dport, int flags, int64_t t, const char *action)
{
	buf_printf(out, "3 %s %s %s %u %u 6 5 400 %" PRId64 " %" PRId64 " %s OK %d\n", eni, src,
		   dst, sport, dport, t, t + 20, action, flags);
}

/* Its interface has other traffic, so that it is known whose it is. */
static void background(struct buf *out, const char *eni, const char *own)
{
	for (unsigned i = 0; i < 40; i++) {
		char peer[32];
		snprintf(peer, sizeof peer, "10.9.0.%u", i + 1);
		add(out, eni, own, peer, 40000, 8080, 3, START + i * 30, "ACCEPT");
		add(out, eni, peer, own, 8080, 40000, 19, START + i * 30, "ACCEPT");
	}
}

static void try_it(struct buf *out, unsigned client, unsigned n, bool good)
{
	char eni[16], address[32];
	int64_t t = START + 60 + n * 60;

	snprintf(eni, sizeof eni, "eni-c%u", client);
	snprintf(address, sizeof address, "10.0.1.%u", client);
	add(out, eni, address, "10.0.2.9", 33000 + n, 5432, good ? 3 : 2, t, "ACCEPT");
	add(out, "eni-s", address, "10.0.2.9", 33000 + n, 5432, good ? 3 : 2, t,
	    good ? "ACCEPT" : "REJECT");
	if (!good)
		return;
	add(out, "eni-s", "10.0.2.9", address, 5432, 33000 + n, 19, t, "ACCEPT");
	add(out, eni, "10.0.2.9", address, 5432, 33000 + n, 19, t, "ACCEPT");
}

/* Step by step, each as short as can be, it is the same answer. */
static void ask_in_steps(const struct places *p, struct labels *l, const struct sightings *v,
			 const struct why_pair *c, const struct why *at_once)
{
	struct why w, cancelled;
	struct why_asking *a = why_ask_begin(p, l, v, c, &w);
	unsigned steps = 1;

	for (; why_ask_step(a, 0); steps++)
		assert_true(why_asking_bytes(a) > 0);
	why_ask_end(a);
	assert_true(steps >= 3);
	assert_int_equal(w.code, at_once->code);
	assert_int_equal(w.tries, at_once->tries);
	assert_int_equal(w.since, at_once->since);
	assert_int_equal(w.cells, at_once->cells);
	assert_string_equal(w.because.s, at_once->because.s);
	why_release(&w);
	a = why_ask_begin(p, l, v, c, &cancelled);
	why_ask_step(a, 0);
	why_ask_end(a);
	why_release(&cancelled);
}

/* Asks of any client; `bad` of the six clients fail always, each fails at `odd` tries besides. */
static void ask(unsigned bad, unsigned odd, struct why *out)
{
	struct buf text = { 0 };
	struct ring *r = ring_new(dict_new(), 64 << 20);
	struct labels *labels = labels_new(ring_dict(r));
	struct places *p = places_new();
	struct sightings v = { 0 };
	struct why_question q = { .port = 5432, .protocol = 6, .any_client = true };
	struct why_pair c;

	ring_set_ceiling(r, INT64_MAX);
	background(&text, "eni-s", "10.0.2.9");
	for (unsigned i = 1; i <= 6; i++) {
		char eni[16], address[32];
		snprintf(eni, sizeof eni, "eni-c%u", i);
		snprintf(address, sizeof address, "10.0.1.%u", i);
		background(&text, eni, address);
		for (unsigned n = 0; n < 12; n++)
			try_it(&text, i, n, i > bad && n % 12 >= odd);
	}
	assert_true(address_parse(str_of("10.0.2.9"), q.server));
	ring_add_text(r, format_parse(str_of(FORMAT), "test"), buf_str(&text), NULL, NULL);
	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		places_add(p, s, ring_dict(r), 0, s->rows, 0);
		sightings_add(&v, p, s, ring_dict(r), &q, 1);
	}
	places_settle(p, labels);
	c = why_pair_of(&q, 5432);
	why_ask(p, labels, &v, &c, out);
	ask_in_steps(p, labels, &v, &c, out);
	sightings_release(&v);
	places_free(p);
	buf_release(&text);
	labels_free(labels);
	ring_free_all(r);
}

static void some_always_fail(void **state)
{
	struct why w;

	(void)state;
	ask(2, 0, &w);
	assert_int_equal(w.code, WHY_SG_OR_NACL_IN);
	assert_non_null(strstr(w.because.s, "2 of 6 clients fail always, the others get through: "
					    "10.0.1.1, 10.0.1.2"));
	assert_int_equal(w.tries, 72);
	assert_int_equal(w.failed, 24);
	why_release(&w);
	ask(1, 0, &w);
	assert_non_null(strstr(w.because.s, "1 of 6 clients fails always"));
	why_release(&w);
}

/* All of them now and then, or all of them always, is no fault of some. */
static void it_is_nobodys(void **state)
{
	struct why w;

	(void)state;
	ask(6, 0, &w);
	assert_int_equal(w.code, WHY_SG_OR_NACL_IN);
	assert_null(strstr(w.because.s, "get through"));
	why_release(&w);
	ask(1, 4, &w);
	assert_null(strstr(w.because.s, "get through"));
	why_release(&w);
}

/* Of more tries than are kept the newest are, in the order of time, however the records come; and no
 * step of it takes long. */
static void of_a_crowd_the_newest_are_kept(void **state)
{
	enum { CROWD = 150000, GONE = CROWD - TRIES_MAX };
	struct sighting *row = xcalloc(CROWD, sizeof *row);
	struct sightings v = { .row = row, .n = CROWD };
	struct why_pair c = { .any_client = true, .port = 5432, .protocol = 6, .since = INT64_MIN };
	struct places *p = places_new();
	struct tries t;
	struct tries_maker *m;
	unsigned steps = 1;

	(void)state;
	assert_true(address_parse(str_of("10.0.2.9"), c.server));
	places_settle(p, NULL);
	for (uint32_t i = 0; i < CROWD; i++) {
		uint32_t at = (uint32_t)((uint64_t)i * 70001 % CROWD); /* in no order */
		struct sighting *s = &row[at];
		*s = (struct sighting){ .interface = PLACE_NONE,
					.sport = (uint16_t)(i % 60000),
					.dport = 5432,
					.protocol = 6,
					.order = at,
					.packets = 1,
					.bytes = 60,
					.start = START + i,
					.end = START + i };
		assert_true(address_parse(str_of("10.3.0.0"), s->src));
		s->src[14] = (uint8_t)(i >> 8);
		s->src[15] = (uint8_t)i;
		memcpy(s->dst, c.server, 16);
		memcpy(s->pkt_src, s->src, 16);
		memcpy(s->pkt_dst, c.server, 16);
	}
	m = tries_begin(&t, p, &v, &c);
	for (; tries_step(m, 0); steps++)
		assert_true(t.n <= TRIES_MAX + TRIES_MAX / 2);
	tries_end(m);
	assert_true(steps > CROWD / 1000);
	assert_int_equal(t.n, TRIES_MAX);
	assert_int_equal(t.left_out, GONE);
	for (size_t i = 0; i < t.n; i++) {
		assert_int_equal(t.list[i].first, START + GONE + i);
		assert_ptr_equal(t.sighting[t.list[i].sighting], &row[(GONE + i) * 70001 % CROWD]);
	}
	tries_release(&t);
	places_free(p);
	free(row);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_always_fail),
		cmocka_unit_test(it_is_nobodys),
		cmocka_unit_test(of_a_crowd_the_newest_are_kept),
	};

	return cmocka_run_group_tests_name("why_clients", tests, NULL, NULL);
}
