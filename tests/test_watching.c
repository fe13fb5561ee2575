/* Watching: judged in slices of any size, as rows come and leave in between, findings are those of one
 * judgement of what the ring holds; a minute is judged when all interfaces are complete beyond it. */
#include "edges_world.h"
#include "triage/judging.h"
#include "triage/watching.h"

struct watched {
	struct edges_world w;
	struct rules *rules;
	struct watching *watching;
};

static void open_watched(struct watched *x, size_t most)
{
	open_world(&x->w, 5, 1 << 30, most);
	x->rules = rules_new();
	x->watching = watching_new(x->rules, x->w.ring, x->w.edges, live_places(x->w.live),
				   x->w.labels, 32 << 20);
}

static void close_watched(struct watched *x)
{
	watching_free(x->watching);
	rules_free(x->rules);
	close_world(&x->w);
}

static void put_line(struct buf *out, unsigned interface, const char *from, const char *to,
		     unsigned sport, unsigned dport, bool large, int64_t time)
{
	buf_printf(out, "2 1 eni-%u %s %s %u %u 6 %s %" PRId64 " %" PRId64 " ACCEPT OK\n",
		   interface, from, to, sport, dport, large ? "9 4000" : "1 60", time, time + 50);
}

static void put(struct watched *x, struct buf *text)
{
	ring_add_text(x->w.ring, format_default(), buf_str(text), NULL, NULL);
	buf_release(text);
	settle(&x->w);
}

/* A minute of what is usual at two interfaces; the second only where it is not late. */
static void usual(struct watched *x, int64_t time, bool both)
{
	struct buf text = { 0 };

	put_line(&text, 1, "10.1.0.1", "10.1.0.9", 40000, 443, true, time);
	put_line(&text, 1, "10.1.0.9", "10.1.0.1", 443, 40000, true, time);
	buf_printf(&text,
		   "2 1 eni-1 198.51.100.9 10.1.0.1 50000 22 6 1 40 %" PRId64 " %" PRId64
		   " REJECT OK\n",
		   time, time + 50);
	if (both) {
		put_line(&text, 2, "10.1.0.2", "10.1.0.9", 40000, 443, true, time);
		put_line(&text, 2, "10.1.0.9", "10.1.0.2", 443, 40000, true, time);
	}
	put(x, &text);
}

/* So many ports of a host, one a second. */
static void scan(struct watched *x, unsigned ports, int64_t time)
{
	struct buf text = { 0 };

	for (unsigned i = 0; i < ports; i++)
		put_line(&text, 1, "10.1.0.1", "10.1.0.3", 50000 + i, 1000 + i, false, time + i);
	put(x, &text);
}

static unsigned steps(struct watched *x, uint64_t budget_ns)
{
	unsigned n = 0;

	while (watching_step(x->watching, budget_ns))
		assert_true(++n < 100000);
	return n;
}

static size_t found(struct watched *x, struct finding *const **list)
{
	size_t n;

	*list = findings_list(watching_findings(x->watching), false, &n);
	return n;
}

static void minutes_are_judged_when_complete(void **state)
{
	struct finding *const *list;
	struct watched x;
	int64_t minute = START - START % 60;

	(void)state;
	open_watched(&x, 24 << 20);
	assert_false(watching_step(x.watching, 0)); /* there is nothing */
	for (unsigned i = 0; i < 30; i++)
		usual(&x, minute + 60 * i, true);
	scan(&x, 20, minute + 60 * 30);
	steps(&x, 0);
	/* The second interface was heard of up to the 29th minute. */
	assert_int_equal(watching_until(x.watching), minute + 60 * 29);
	assert_int_equal(found(&x, &list), 1);
	assert_true(list[0]->rule == &detect_scan && list[0]->open);
	assert_false(watching_step(x.watching, 0)); /* nothing new */
	usual(&x, minute + 60 * 31, false);
	assert_false(watching_step(x.watching, 0)); /* still not complete */
	usual(&x, minute + 60 * 60, false);         /* nobody waits for so long */
	steps(&x, 0);
	assert_int_equal(watching_until(x.watching), minute + 60 * 60);
	assert_int_equal(found(&x, &list), 2);
	assert_true(list[0]->rule == &detect_quiet); /* of the second interface */
	assert_true(list[1]->rule == &detect_scan && !list[1]->open); /* half an hour ago */
	close_watched(&x);
}

/* Rows come between slices, and edges are moved about. */
static void slices_find_the_same(void **state)
{
	struct finding *const *list, *const *once;
	struct watched x;
	int64_t minute = START - START % 60;
	struct judging *j;
	struct sightings none = { 0 };
	unsigned n = 0;
	size_t asks, finds;

	(void)state;
	open_watched(&x, 24 << 20);
	for (unsigned i = 0; i < 30; i++)
		usual(&x, minute + 60 * i, true);
	for (unsigned i = 0; i < 40; i++) {
		struct buf text = { 0 };
		for (unsigned k = 0; k < 100; k++) {
			char host[24];
			snprintf(host, sizeof host, "10.%u.%u.%u", 2 + i, k, 1 + k % 7);
			put_line(&text, 1, "10.1.0.1", host, 40000 + k, 443, true,
				 minute + 1800 + i);
			put_line(&text, 1, host, "10.1.0.1", 443, 40000 + k, true,
				 minute + 1800 + i);
		}
		put(&x, &text);
	}
	scan(&x, 20, minute + 1800);
	while (watching_step(x.watching, 0))
		if (++n % 5 == 0 && n < 50)
			usual(&x, minute + 60 * (29 + n / 5 % 2), true);
	assert_true(n > 10);
	steps(&x, 0);
	assert_int_equal(found(&x, &list), 1);
	j = judging_new(x.rules, x.w.edges, live_places(x.w.live), x.w.labels, 16 << 20, NULL);
	while (judging_step(j, UINT64_MAX / 2))
		;
	judging_asks(j, &asks);
	assert_false(judging_decide(j, &none, UINT64_MAX / 2));
	once = judging_findings(j, &finds);
	assert_int_equal(finds, 1);
	assert_string_equal(once[0]->what.s, list[0]->what.s);
	assert_int_equal(once[0]->since, list[0]->since);
	assert_int_equal(watching_dropped(x.watching), 0);
	judging_free(j);
	watching_again(x.watching);
	assert_true(steps(&x, 1000000000) < 10);
	assert_int_equal(found(&x, &list), 1);
	close_watched(&x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minutes_are_judged_when_complete),
		cmocka_unit_test(slices_find_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
