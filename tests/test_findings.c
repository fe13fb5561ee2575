/* The book of findings: the same rule and subject is one, what is not found any more is closed and
 * goes, what is acknowledged comes back when it has doubled, many are folded. And baselines. */
#include <unistd.h>

#include "support.h"
#include "triage/findings.h"

#define NOW INT64_C(1790000000)

static struct finding *scan_of(const char *source, int64_t since, int64_t until, double measure)
{
	struct finding *f = xcalloc(1, sizeof *f);

	*f = (struct finding){ .rule = &detect_scan,
			       .severity = SEVERITY_WARN,
			       .since = since,
			       .until = until,
			       .open = true,
			       .measure = measure };
	finding_about(f, SUBJECT_SOURCE, source);
	finding_about_number(f, SUBJECT_PORT, 22);
	buf_puts(&f->what, source);
	return f;
}

static void take(struct findings *b, struct finding **f, size_t n, int64_t now)
{
	findings_take(b, f, n, now);
	for (size_t i = 0; i < n; i++) {
		finding_release(f[i]);
		free(f[i]);
	}
}

static void take_one(struct findings *b, struct finding *f, int64_t now)
{
	take(b, &f, 1, now);
}

static void the_same_is_one(void **state)
{
	struct rules *r = rules_new();
	struct findings *b = findings_new(r);
	struct finding *const *list;
	size_t n;

	(void)state;
	take_one(b, scan_of("10.0.0.1", NOW, NOW + 60, 20), NOW + 60);
	take_one(b, scan_of("10.0.0.1", NOW + 30, NOW + 120, 30), NOW + 120);
	list = findings_list(b, false, &n);
	assert_int_equal(n, 1);
	assert_int_equal(list[0]->since, NOW); /* what it began with has left the log */
	assert_int_equal(list[0]->until, NOW + 120);
	assert_true(list[0]->measure == 30);
	take_one(b, scan_of("10.0.0.2", NOW + 60, NOW + 180, 30),
		 NOW + 180); /* another: that one is over */
	list = findings_list(b, false, &n);
	assert_int_equal(n, 2);
	assert_string_equal(list[0]->what.s, "10.0.0.2");
	assert_true(list[0]->open && !list[1]->open);
	take_one(b, scan_of("10.0.0.2", NOW + 60, NOW + 200, 30), NOW + 180 + FINDINGS_KEPT_S);
	findings_list(b, false, &n);
	assert_int_equal(n, 2);
	take_one(b, scan_of("10.0.0.2", NOW + 60, NOW + 200, 30), NOW + 181 + FINDINGS_KEPT_S);
	findings_list(b, false, &n);
	assert_int_equal(n, 1);
	findings_free(b);
	rules_free(r);
}

static struct finding *reach_of(const char *clients, const char *code, int64_t until)
{
	struct finding *f = xcalloc(1, sizeof *f);

	*f = (struct finding){ .rule = &detect_reach,
			       .severity = SEVERITY_WARN,
			       .since = NOW,
			       .until = until,
			       .open = true };
	finding_about(f, SUBJECT_CLIENTS, clients);
	finding_about(f, SUBJECT_SERVER, "10.0.0.9");
	finding_about(f, SUBJECT_CODE, code);
	buf_puts(&f->what, clients);
	return f;
}

/* What is known of a cause by now is not beside what was; a cause that is gone stays, as closed. */
static void another_cause_of_the_same_is_one(void **state)
{
	struct rules *r = rules_new();
	struct findings *b = findings_new(r);
	struct finding *const *list;
	struct finding *both[2];
	size_t n;

	(void)state;
	take_one(b, reach_of("10.0.0.1\n10.0.0.2", "SG_OR_NACL_IN", NOW + 60), NOW + 60);
	take_one(b, reach_of("10.0.0.1\n10.0.0.2\n10.0.0.3", "SG_IN", NOW + 120), NOW + 120);
	list = findings_list(b, false, &n);
	assert_int_equal(n, 1);
	assert_string_equal(finding_subject(list[0], SUBJECT_CODE)->s, "SG_IN");
	both[0] = reach_of("10.0.0.1\n10.0.0.2\n10.0.0.3", "SG_IN", NOW + 180);
	both[1] = reach_of("10.0.0.4", "NACL_IN", NOW + 180);
	take(b, both, 2, NOW + 180);
	take_one(b, reach_of("10.0.0.1\n10.0.0.2\n10.0.0.3", "SG_IN", NOW + 240), NOW + 240);
	list = findings_list(b, false, &n);
	assert_int_equal(n, 2);
	assert_true(list[0]->open && !list[1]->open);
	assert_string_equal(list[1]->what.s, "10.0.0.4");
	findings_free(b);
	rules_free(r);
}

static void acknowledged_until_it_doubles(void **state)
{
	struct rules *r = rules_new();
	struct findings *b = findings_new(r);
	struct finding *const *list;
	struct buf error = { 0 };
	size_t n;

	(void)state;
	take_one(b, scan_of("10.0.0.1", NOW, NOW + 60, 20), NOW + 60);
	list = findings_list(b, false, &n);
	findings_acknowledge(b, list[0], true);
	findings_list(b, false, &n);
	assert_int_equal(n, 0);
	assert_int_equal(findings_counts(b).acknowledged, 1);
	take_one(b, scan_of("10.0.0.1", NOW, NOW + 120, 39), NOW + 120);
	findings_list(b, false, &n);
	assert_int_equal(n, 0);
	list = findings_list(b, true, &n);
	assert_int_equal(n, 1);
	assert_true(findings_is_acknowledged(b, list[0]));
	take_one(b, scan_of("10.0.0.1", NOW, NOW + 180, 40), NOW + 180);
	findings_list(b, false, &n);
	assert_int_equal(n, 1);
	assert_true(rules_mute(r, str_of("scan port=22"), &error));
	take_one(b, scan_of("10.0.0.1", NOW, NOW + 240, 90), NOW + 240);
	findings_list(b, true, &n);
	assert_int_equal(n, 0);
	assert_int_equal(findings_counts(b).muted, 1);
	findings_free(b);
	rules_free(r);
}

static void many_are_folded(void **state)
{
	struct rules *r = rules_new();
	struct findings *b = findings_new(r);
	struct finding *f[FINDINGS_OPEN + 7], *const *list;
	char source[32];
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(f); i++) {
		snprintf(source, sizeof source, "10.0.0.%zu", i);
		f[i] = scan_of(source, NOW + (int64_t)i, NOW + 60, 20);
	}
	f[3]->severity = SEVERITY_PAGE;
	take(b, f, ARRAY_SIZE(f), NOW + 60);
	list = findings_list(b, false, &n);
	assert_int_equal(n, FINDINGS_OPEN + 1);
	assert_string_equal(list[0]->what.s, "10.0.0.3"); /* the worst, then the newest */
	assert_string_equal(list[1]->what.s, "10.0.0.56");
	assert_string_equal(list[FINDINGS_OPEN]->what.s, "7 more of this rule");
	assert_int_equal(list[FINDINGS_OPEN]->since, NOW);
	assert_int_equal(findings_counts(b).folded, 7);
	findings_free(b);
	rules_free(r);
}

static struct edge_key key_of(const char *client, const char *server, uint16_t port)
{
	struct edge_key k = { .port = port, .protocol = 6 };

	assert_true(address_parse(str_of(client), k.client));
	assert_true(address_parse(str_of(server), k.server));
	return k;
}

/* What was answered, by its kind; a hub has three hosts at ports of administration. */
static void baselines_learn_and_come_back(void **state)
{
	static const char *const hosts[] = { "10.0.0.1", "10.0.0.2", "2001:db8::3" };
	struct edge_minute answered = { .minute = NOW / 60, .answered = 1 },
			   silent = { .tries = 1 };
	struct baseline *b = baseline_new(), *other = baseline_new();
	struct evidence_edge e = { .client_internal = true, .server_internal = true, .minutes = 1 };
	struct label_faults faults = { 0 };
	struct edge_key far = key_of("10.9.0.1", "198.51.100.7", 443), key;
	char path[] = "/tmp/enitop-baseline-XXXXXX";
	int64_t from, to;

	(void)state;
	close(mkstemp(path));
	for (size_t i = 0; i < ARRAY_SIZE(hosts); i++) {
		e.key = key_of("10.9.0.1", hosts[i], i == 2 ? 3389 : 22);
		e.minute = &answered;
		baseline_learn(b, &e);
		e.key = key_of("10.9.0.2", hosts[i], 22);
		e.minute = i == 2 ? &silent : &answered;
		baseline_learn(b, &e);
	}
	e = (struct evidence_edge){
		.key = far, .client_internal = true, .minutes = 1, .minute = &answered
	};
	baseline_learn(b, &e);
	baseline_learned(b, NOW, NOW + 60);
	assert_int_equal(baseline_write(b, path), 0);
	assert_int_equal(baseline_read(other, path, &faults), 0);
	assert_int_equal(faults.n, 0);
	assert_int_equal(baseline_count(other), 8); /* 5 + 1 conversations, a destination, a hub */
	key = key_of("10.9.0.1", "::", 0);
	assert_true(baseline_has(other, BASELINE_HUB, &key));
	key = key_of("10.9.0.2", "::", 0);
	assert_false(baseline_has(other, BASELINE_HUB, &key));
	key = key_of("10.9.0.2", "2001:db8::3", 22);
	assert_false(baseline_has(other, BASELINE_EDGE, &key));
	far.port = 80; /* a destination is one whatever its port */
	assert_true(baseline_has(other, BASELINE_DESTINATION, &far));
	assert_false(baseline_has(other, BASELINE_EDGE, &far));
	baseline_span(other, &from, &to);
	assert_true(from == NOW && to == NOW + 60);
	unlink(path);
	baseline_free(b);
	baseline_free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_is_one),
		cmocka_unit_test(another_cause_of_the_same_is_one),
		cmocka_unit_test(acknowledged_until_it_doubles),
		cmocka_unit_test(many_are_folded),
		cmocka_unit_test(baselines_learn_and_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
