/* What a log proves minute by minute: values that were counted by hand, and random logs against a
 * twin that looks at every record for every minute. */
#include <inttypes.h>

#include "support.h"
#include "triage/trust.h"

#define START 1700000040 /* a full minute */

struct trust_world {
	struct ring *ring;
	struct places *places;
	struct trust trust;
};

static const struct span always = { INT64_MIN, INT64_MAX, false };

static void open_world(struct trust_world *w, struct str text)
{
	*w = (struct trust_world){ .ring = ring_new(dict_new(), UINT64_MAX / 4),
				   .places = places_new() };
	ring_set_ceiling(w->ring, INT64_MAX);
	ring_add_text(w->ring, format_default(), text, NULL, NULL);
	for (size_t i = 0; i < ring_count(w->ring); i++) {
		struct segment *s = ring_at(w->ring, i);
		places_add(w->places, s, ring_dict(w->ring), 0, s->rows, 0);
	}
	places_settle(w->places, NULL);
	trust_make(w->places, always, &w->trust);
}

static void close_world(struct trust_world *w)
{
	trust_release(&w->trust);
	places_free(w->places);
	ring_free_all(w->ring);
}

static void add_line(struct buf *out, const char *eni, int64_t from, int64_t to, const char *status)
{
	if (strcmp(status, "ACCEPT") == 0 || strcmp(status, "REJECT") == 0)
		buf_printf(out,
			   "2 1 %s 10.0.0.1 10.0.0.2 40000 443 6 1 40 %" PRId64 " %" PRId64
			   " %s OK\n",
			   eni, from, to, status);
	else
		buf_printf(out, "2 1 %s - - - - - - - %" PRId64 " %" PRId64 " - %s\n", eni, from,
			   to, status);
}

/* An hour of each, as in the picture of the page: all of it, with three minutes lost, with no
 * record behind the 38th minute, and one that is idle but for one minute. */
static void add_hour(struct buf *text)
{
	for (int m = 0; m < 60; m++) {
		int64_t t = START + m * 60;
		add_line(text, "eni-db", t, t + 59, m % 2 ? "ACCEPT" : "REJECT");
		add_line(text, "eni-web", t, t + 59, m >= 30 && m < 33 ? "SKIPDATA" : "ACCEPT");
		if (m < 38)
			add_line(text, "eni-batch", t, t + 59, "ACCEPT");
		add_line(text, "eni-cron", t, t + 59, m == 2 ? "ACCEPT" : "NODATA");
	}
}

static const struct trust_row *row_of(const struct trust *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(trust_place(t, &t->row[i])->interface, name) == 0)
			return &t->row[i];
	fail_msg("no row of %s", name);
	return NULL;
}

static void expect_strip(const struct trust *t, const char *name, const char *want, int cells)
{
	char strip[128];

	trust_strip(t, row_of(t, name), strip, cells);
	assert_string_equal(strip, want);
}

static void test_hour(void **state)
{
	struct buf text = { 0 };
	struct trust_world w;
	const struct trust *t = &w.trust;

	(void)state;
	add_hour(&text);
	open_world(&w, buf_str(&text));
	assert_int_equal(t->n, 4);
	assert_string_equal(trust_place(t, &t->row[0])->interface, "eni-batch");
	assert_string_equal(trust_place(t, &t->row[1])->interface, "eni-web");
	expect_strip(t, "eni-db",
		     "============================================================", 60);
	expect_strip(t, "eni-web",
		     "==============================xxx===========================", 60);
	expect_strip(t, "eni-batch", "======================================______________________",
		     60);
	expect_strip(t, "eni-cron", "..=.........................................................",
		     60);
	expect_strip(t, "eni-cron", ".=............................", 30);
	expect_strip(t, "eni-web", "===============xx=============", 30);
	assert_int_equal(trust_row_logged(row_of(t, "eni-batch")), 6333);
	assert_int_equal(trust_row_logged(row_of(t, "eni-web")), 9500);
	assert_int_equal(trust_row_logged(row_of(t, "eni-db")), 10000);
	/* The last minute may still get records: 59 of each are judged, 38, 56, 59, 59 provable. */
	assert_int_equal(t->all.judged, 4 * 59);
	assert_int_equal(t->all.provable, 38 + 56 + 59 + 59);
	assert_int_equal(row_of(t, "eni-db")->type, TRUST_TYPE_ALL);
	assert_int_equal(row_of(t, "eni-web")->type, TRUST_TYPE_ACCEPT);
	assert_int_equal(t->type, TRUST_TYPE_ALL);
	assert_int_equal(t->all.with_lost, 1);
	assert_int_equal(t->all.with_missing, 1);
	close_world(&w);
	buf_release(&text);
}

static void test_sums(void **state)
{
	struct buf text = { 0 };
	struct trust_world w;
	struct trust_sums s;

	(void)state;
	add_hour(&text);
	open_world(&w, buf_str(&text));
	trust_sum(&w.trust, str_of("eni-*b*"), &s); /* db, web, batch */
	assert_int_equal(s.interfaces, 3);
	assert_int_equal(s.minutes[TRUST_LOST], 3);
	assert_int_equal(s.minutes[TRUST_MISSING], 22);
	assert_int_equal(trust_logged(&s), (60 + 57 + 38) * 10000 / 180);
	trust_sum(&w.trust, str_of("ENI-CRON"), &s);
	assert_int_equal(s.interfaces, 1);
	assert_int_equal(s.minutes[TRUST_NODATA], 59);
	trust_sum(&w.trust, str_of("eni-cr"), &s);
	assert_int_equal(s.interfaces, 0);
	assert_int_equal(trust_logged(&s), -1);
	close_world(&w);
	buf_release(&text);
}

/* Records that are stamped by their packets leave minutes out where nothing is missing. */
static void test_brief(void **state)
{
	struct buf text = { 0 };
	struct trust_world w;

	(void)state;
	for (int m = 0; m < 12; m++)
		add_line(&text, "eni-all", START + m * 60, START + m * 60 + 59, "ACCEPT");
	add_line(&text, "eni-lb", START + 5, START + 6, "ACCEPT");
	add_line(&text, "eni-lb", START + 121, START + 121, "ACCEPT"); /* 115 s: nothing proven */
	for (int m = 5; m < 11; m++)                                   /* 180 s: missing */
		add_line(&text, "eni-lb", START + m * 60 + 1, START + m * 60 + 55, "ACCEPT");
	add_line(&text, "eni-ec2", START, START + 59, "ACCEPT");
	for (int m = 2; m < 11; m++) /* 61 s: missing */
		add_line(&text, "eni-ec2", START + m * 60, START + m * 60 + 59, "ACCEPT");
	open_world(&w, buf_str(&text));
	expect_strip(&w.trust, "eni-lb", "===__======?", 12);
	expect_strip(&w.trust, "eni-ec2", "=_=========?", 12);
	close_world(&w);
	buf_release(&text);
}

/* What lies outside of the span does not count. */
static void test_span(void **state)
{
	struct buf text = { 0 };
	struct trust_world w;

	(void)state;
	add_hour(&text);
	open_world(&w, buf_str(&text));
	trust_release(&w.trust);
	trust_make(w.places, (struct span){ START + 1800, START + 2400, false }, &w.trust);
	expect_strip(&w.trust, "eni-web", "xxx=======", 60);
	expect_strip(&w.trust, "eni-batch", "========__", 60);
	assert_int_equal(w.trust.all.judged, 40);
	assert_int_equal(w.trust.all.provable, 7 + 8 + 10 + 10);
	close_world(&w);
	buf_release(&text);
}

/* ---- against a twin ---- */

#define ENIS 5
#define MINUTES 90
#define KEPT 400

struct twin_record {
	int64_t from, to;
	enum trust_mark mark;
};

struct twin {
	struct twin_record r[ENIS][KEPT];
	size_t n[ENIS];
	bool brief[ENIS];
	int64_t first, newest;
};

static void twin_add(struct twin *v, struct buf *text, unsigned e, int64_t from, int64_t to,
		     const char *status)
{
	enum trust_mark m = strcmp(status, "NODATA") == 0     ? TRUST_NODATA
			    : strcmp(status, "SKIPDATA") == 0 ? TRUST_LOST
							      : TRUST_RECORDS;
	char name[16];

	snprintf(name, sizeof name, "eni-%u", e);
	add_line(text, name, from, to, status);
	v->r[e][v->n[e]++] = (struct twin_record){ from, to, m };
	v->brief[e] |= m == TRUST_RECORDS && to - from < 30;
	v->first = from < v->first ? from : v->first;
	v->newest = to > v->newest ? to : v->newest;
}

/* Windows of a minute, each interface at its own second; some windows are left out. */
static void twin_fill(struct twin *v, struct buf *text, uint64_t *seed)
{
	static const char *const status[] = { "ACCEPT", "ACCEPT", "REJECT",  "NODATA",
					      "NODATA", "NODATA", "SKIPDATA" };

	*v = (struct twin){ .first = INT64_MAX, .newest = INT64_MIN };
	for (unsigned e = 0; e < ENIS; e++) {
		int64_t at = START + (int64_t)random_below(seed, 60);
		bool packets = e == 0; /* a load balancer */
		for (int m = 0; m < MINUTES; m++, at += 60) {
			const char *s = status[random_below(seed, ARRAY_SIZE(status))];
			int64_t a = at, b = at + 59;
			if (random_below(seed, 20) == 0) { /* for a while */
				m += (int)random_below(seed, 5);
				at += 60 * (int64_t)random_below(seed, 5);
				continue;
			}
			if (packets && *s != 'N' && *s != 'S') {
				a += (int64_t)random_below(seed, 50);
				b = a + (int64_t)random_below(seed, 9);
			}
			twin_add(v, text, e, a, b, s);
		}
	}
}

static enum trust_mark twin_mark(const struct twin *v, unsigned e, int64_t minute)
{
	int64_t from = minute * 60, to = from + 59, before = v->first, next = INT64_MAX,
		last = INT64_MIN, gap = v->brief[e] ? 179 : 119;
	bool has[TRUST_MARKS] = { false };

	for (size_t i = 0; i < v->n[e]; i++) {
		const struct twin_record *r = &v->r[e][i];
		if (r->from <= to && r->to >= from)
			has[r->mark] = true;
		if (r->to < from)
			gap = v->brief[e] ? 119 : 60;
		if (r->to < from && r->to > before)
			before = r->to;
		if (r->from > to && r->from < next)
			next = r->from;
		last = r->to > last ? r->to : last;
	}
	if (has[TRUST_LOST])
		return TRUST_LOST;
	if (has[TRUST_RECORDS])
		return TRUST_RECORDS;
	if (has[TRUST_NODATA])
		return TRUST_NODATA;
	if (next == INT64_MAX)
		return v->newest - last <= gap + 600 ? TRUST_TO_COME : TRUST_MISSING;
	return next - before > gap ? TRUST_MISSING : TRUST_RECORDS;
}

/* Lines in another order say the same. */
static void shuffle(struct buf *text, uint64_t *seed)
{
	struct buf out = { 0 };
	struct str *line = xcalloc(text->n, sizeof *line);
	size_t n = 0;

	for (size_t at = 0; at < text->n;) {
		size_t end = at + strcspn(text->s + at, "\n") + 1;
		line[n++] = (struct str){ text->s + at, end - at };
		at = end;
	}
	for (size_t i = n; i > 1; i--) {
		size_t k = (size_t)random_below(seed, i);
		struct str keep = line[k];
		line[k] = line[i - 1];
		line[i - 1] = keep;
	}
	for (size_t i = 0; i < n; i++)
		buf_add_str(&out, line[i]);
	free(line);
	buf_release(text);
	*text = out;
}

static void compare(const struct twin *v, const struct trust *t)
{
	int64_t complete = (v->newest - 60 + 1) / 60 - 1;

	for (unsigned e = 0; e < ENIS; e++) {
		uint64_t n[TRUST_MARKS] = { 0 }, provable = 0;
		const struct trust_row *r;
		struct trust_walk walk;
		struct trust_run run;
		char name[16];
		snprintf(name, sizeof name, "eni-%u", e);
		r = row_of(t, name);
		assert_int_equal(r->span.from, v->first / 60);
		assert_int_equal(r->span.to, v->newest / 60);
		trust_walk_begin(&walk, t, r);
		for (int64_t m = r->span.from; trust_walk_next(&walk, &run); m = run.to + 1) {
			assert_int_equal(run.from, m);
			for (; m <= run.to; m++) {
				enum trust_mark want = twin_mark(v, e, m);
				if (want != run.mark)
					fail_msg("%s, minute %" PRId64 ": %s, not %s", name,
						 m - r->span.from, trust_mark_name(run.mark),
						 trust_mark_name(want));
				n[want]++;
				provable += m <= complete &&
					    (want == TRUST_RECORDS || want == TRUST_NODATA);
			}
		}
		for (int m = 0; m < TRUST_MARKS; m++)
			assert_int_equal(r->minutes[m], n[m]);
		assert_int_equal(r->provable, provable);
	}
}

/* A minute is in a stretch where some interface has that mark then; stretches do not touch. */
static void compare_anywhere(const struct twin *v, const struct trust *t, enum trust_mark mark)
{
	size_t n, at = 0;
	struct trust_minutes *run = trust_anywhere(t, mark, &n);

	for (size_t i = 1; i < n; i++)
		assert_true(run[i].from > run[i - 1].to + 1);
	for (int64_t m = v->first / 60; m <= v->newest / 60; m++) {
		bool some = false;
		for (unsigned e = 0; e < ENIS; e++)
			some |= twin_mark(v, e, m) == mark;
		while (at < n && run[at].to < m)
			at++;
		assert_int_equal(at < n && run[at].from <= m, some);
	}
	free(run);
}

static void test_twin(void **state)
{
	static struct twin v;

	(void)state;
	for (uint64_t run = 1; run <= 200; run++) {
		uint64_t seed = run * 7919;
		struct buf text = { 0 };
		struct trust_world w;
		twin_fill(&v, &text, &seed);
		if (run % 2)
			shuffle(&text, &seed);
		open_world(&w, buf_str(&text));
		compare(&v, &w.trust);
		for (int m = 0; m < TRUST_MARKS; m++)
			compare_anywhere(&v, &w.trust, m);
		close_world(&w);
		buf_release(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hour),  cmocka_unit_test(test_sums),
		cmocka_unit_test(test_brief), cmocka_unit_test(test_span),
		cmocka_unit_test(test_twin),
	};

	return cmocka_run_group_tests_name("trust", tests, NULL, NULL);
}
