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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_always_fail),
		cmocka_unit_test(it_is_nobodys),
	};

	return cmocka_run_group_tests_name("why_clients", tests, NULL, NULL);
}
