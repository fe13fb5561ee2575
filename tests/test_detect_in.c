/* Detectors of what comes in and goes about (exposure, flood, lateral), as in test_detect_out.c. */
#include "judged.h"

/* ---- exposure ---- */

static void answered(struct judged *w, unsigned client, const char *server, unsigned port,
		     int64_t minute, uint64_t received)
{
	char from[32];

	snprintf(from, sizeof from, "198.51.100.%u", client);
	judged_minute(judged_edge(w, from, server, port, 6), minute, 1, 1, 400, received);
}

static void exposure(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	for (unsigned i = 1; i <= 3; i++) {
		answered(w, i, "10.0.0.1", 8080, 3 + i, 900);
		answered(w, i, "10.0.0.2", 443, 3, 90000);
		answered(w, i, "10.0.0.3", 22, 3, 900);
		answered(w, i, "10.0.0.4", 9000, 3 + i, i < 3 ? 900 : 119); /* no data, but FIN */
	}
	answered(w, 9, "10.0.0.5", 6379, 40, 120);
	answered(w, 9, "10.0.0.6", 22, 3, 900); /* an office, from the beginning on */
	answered(w, 9, "10.0.0.7", 22, 40, 900);
	assert_string_equal(
		judged_tell(w, &detect_exposure),
		"info proven 3-3 target=10.0.0.2 port=443: 10.0.0.2:443 answered 3 clients of the "
		"internet\n"
		"info proven 3-3 target=10.0.0.6 port=22: 10.0.0.6:22 answered 1 client of the "
		"internet\n"
		"page proven 3-3 target=10.0.0.3 port=22: 10.0.0.3:22 answered 3 clients of the "
		"internet\n"
		"page proven 40-40 target=10.0.0.5 port=6379: 10.0.0.5:6379 answered 1 client of "
		"the internet\n"
		"page proven 40-40 target=10.0.0.7 port=22: 10.0.0.7:22 answered 1 client of the "
		"internet\n"
		"warn proven 4-6 target=10.0.0.1 port=8080: 10.0.0.1:8080 answered 3 clients of "
		"the internet\n");
	judged_close(w);
}

static void exposure_left_alone(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	for (unsigned i = 1; i <= 9; i++) {
		char client[32];
		snprintf(client, sizeof client, "198.51.100.%u", i);
		/* Refused; half open; reset; a gateway's noise; a host that is not logged; ping. */
		judged_minute(judged_edge(w, client, "10.0.0.1", 22, 6), 5, 1, 0, 60, 0)->refused =
			1;
		judged_minute(judged_edge(w, client, "10.0.0.2", 22, 6), 5, 5, 0, 300, 300)->half =
			5;
		judged_minute(judged_edge(w, client, "10.0.0.3", 22, 6), 5, 5, 0, 300, 200)->reset =
			5;
		answered(w, i, "10.0.0.12", 22, 5, 900);
		answered(w, i, "203.0.113.200", 22, 5, 900);
		judged_minute(judged_edge(w, client, "10.0.0.4", 0, 1), 5, 9, 9, 900, 900);
		judged_minute(judged_edge(w, "10.0.0.5", "10.0.0.6", 22, 6), 5, 9, 9, 900, 900);
		/* An answer from outside whose question is not there. */
		judged_minute(judged_edge(w, client, "10.0.0.7", 43210, 17), 5, 9, 9, 900, 900);
	}
	answered(w, 1, "10.0.0.8", 8080, 5, 900);
	answered(w, 2, "10.0.0.8", 8080, 5, 900);
	judged_minute(judged_edge(w, "any", "10.0.0.8", 22, 6), 5, 90, 9, 900, 900);
	assert_string_equal(judged_tell(w, &detect_exposure), "");
	judged_close(w);
}

/* ---- flood ---- */

/* Sources that try once each in a minute; of 100 so many stand. */
static void crowd(struct judged *w, const char *server, int64_t minute, unsigned sources,
		  unsigned standing)
{
	for (unsigned i = 0; i < sources; i++) {
		char client[32];
		struct edge_minute *m;
		snprintf(client, sizeof client, "198.51.%u.%u", 100 + (unsigned)minute, i);
		m = judged_minute(judged_edge(w, client, server, 443, 6), minute, 1, 0, 60, 60);
		if (i * 100 < standing * sources) {
			m->answered = 1;
			m->received = 5000;
		} else {
			m->half = 1;
		}
	}
}

static void flood(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	crowd(w, "10.0.0.1", 30, 120, 50);
	assert_int_equal(judged_count(w, &detect_flood), 0); /* one minute */
	crowd(w, "10.0.0.1", 31, 100, 0);
	assert_string_equal(judged_tell(w, &detect_flood),
			    "page likely 30-32 target=10.0.0.1 port=443: 10.0.0.1:443 tried by 120 "
			    "sources a minute, 73% got nowhere\n");
	judged_limit(w, "flood.sources=101");
	assert_int_equal(judged_count(w, &detect_flood), 0);
	judged_limit(w, "flood.sources=100");
	judged_limit(w, "flood.times=121");
	assert_int_equal(judged_count(w, &detect_flood), 0);
	judged_limit(w, "flood.times=8");
	judged_limit(w, "flood.failing=51");
	assert_int_equal(judged_count(w, &detect_flood), 0);
	judged_close(w);
}

static void flood_left_alone(void **state)
{
	struct judged *w = judged_open();
	struct evidence_edge *e;

	(void)state;
	crowd(w, "10.0.0.1", 30, 120, 51); /* a crowd that is served */
	crowd(w, "10.0.0.1", 31, 120, 51);
	crowd(w, "10.0.0.12", 30, 120, 0); /* at a NAT gateway */
	crowd(w, "10.0.0.12", 31, 120, 0);
	for (int64_t m = 0; m < 12; m++) /* always so */
		crowd(w, "10.0.0.2", m * 5, 100, 0);
	for (int64_t m = 1; m < 60; m++)
		if (m % 5)
			crowd(w, "10.0.0.2", m, 12, 0);
	/* One source that insists, refused, and the background of an hour. */
	e = judged_edge(w, "any", "10.0.0.3", 22, 6);
	e->sources = 130;
	for (int64_t m = 0; m < 60; m++)
		judged_minute(e, m, 0, 0, 0, 0)->refused = m == 30 || m == 31 ? 2000 : 2;
	assert_string_equal(judged_tell(w, &detect_flood), "");
	/* Others are as many as their packets. */
	judged_clear(w);
	e = judged_edge(w, "any", "10.0.0.3", 22, 6);
	e->sources = 700;
	for (int64_t m = 0; m < 60; m++)
		judged_minute(e, m, 0, 0, 0, 0)->refused = m == 30 || m == 31 ? 300 : 2;
	assert_int_equal(judged_count(w, &detect_flood), 1);
	judged_close(w);
}

/* A flood of SYNs whose many packets a record has, without flags to tell by. */
static void flood_without_flags(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	for (int64_t m = 30; m < 32; m++)
		for (unsigned i = 0; i < 150; i++) {
			char client[32];
			snprintf(client, sizeof client, "198.51.%u.%u", 100 + (unsigned)m, i);
			judged_minute(judged_edge(w, client, "10.0.0.1", 443, 6), m, 1, 1, 3960,
				      3960);
		}
	assert_int_equal(judged_count(w, &detect_flood), 1);
	judged_close(w);
}

/* ---- lateral ---- */

static void opens(struct judged *w, const char *client, const char *server, unsigned port,
		  int64_t minute)
{
	judged_minute(judged_edge(w, client, server, port, 6), minute, 1, 1, 4000, 6000);
}

static void lateral(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	opens(w, "10.0.0.1", "10.0.0.2", 22, 20);
	opens(w, "10.0.0.1", "10.0.0.3", 3389, 25);
	assert_int_equal(judged_count(w, &detect_lateral), 0);
	opens(w, "10.0.0.1", "10.0.0.4", 22, 50);
	assert_string_equal(judged_tell(w, &detect_lateral),
			    "warn possible 20-51 source=10.0.0.1: 10.0.0.1 opened administration "
			    "ports of 3 hosts\n");
	/* The same hosts again make no more. */
	opens(w, "10.0.0.1", "10.0.0.4", 5985, 51);
	assert_string_equal(judged_first(w)->value.s, "3 hosts");
	/* Where it came from, and where it went. */
	opens(w, "10.0.0.9", "10.0.0.1", 22, 18);
	opens(w, "10.0.0.4", "10.0.0.8", 22, 55);
	judged_tell(w, &detect_lateral);
	assert_non_null(strstr(judged_first(w)->evidence.s,
			       "the source itself was opened by 10.0.0.9 at port 22"));
	assert_non_null(strstr(judged_first(w)->evidence.s, "10.0.0.4 went on to 10.0.0.8:22"));
	judged_limit(w, "lateral.hosts=4");
	assert_int_equal(judged_count(w, &detect_lateral), 0);
	judged_close(w);
}

/* Which ports those are is a limit as any other. */
static void lateral_ports(void **state)
{
	static const char *const bad[] = { "lateral.ports=",      "lateral.ports=ssh",
					   "lateral.ports=22,",   "lateral.ports=65536",
					   "lateral.ports=30-20", "lateral.ports=22,,23",
					   "lateral.ports=-",     "lateral.ports=1-2-3" };
	struct judged *w = judged_open();
	struct buf error = { 0 };

	(void)state;
	opens(w, "10.0.0.1", "10.0.0.2", 22, 20);
	opens(w, "10.0.0.1", "10.0.0.3", 8443, 25);
	opens(w, "10.0.0.1", "10.0.0.4", 9010, 26);
	assert_int_equal(judged_count(w, &detect_lateral), 0);
	judged_limit(w, "lateral.ports=22, 8443, 9000-9010");
	assert_int_equal(judged_count(w, &detect_lateral), 1);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		buf_clear(&error);
		assert_false(rules_set(w->rules, str_of(bad[i]), &error));
		assert_non_null(strstr(error.s, "(as shipped: 22,23,135,139,445,2375,3389,5900,"
						"5985,5986,6443)"));
	}
	assert_int_equal(judged_count(w, &detect_lateral), 1); /* what is wrong changes nothing */
	judged_limit(w, "lateral.ports=22,8443,9000-9009");
	assert_int_equal(judged_count(w, &detect_lateral), 0);
	buf_release(&error);
	judged_close(w);
}

static void lateral_left_alone(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	/* A bastion, which did so from the beginning on. */
	opens(w, "10.0.0.1", "10.0.0.2", 22, 14);
	for (unsigned i = 3; i < 9; i++) {
		char server[16];
		snprintf(server, sizeof server, "10.0.0.%u", i);
		opens(w, "10.0.0.1", server, 22, 20 + i);
		/* Other ports; not answered; over the internet. */
		opens(w, "10.0.0.2", server, 5432, 20 + i);
		judged_minute(judged_edge(w, "10.0.0.9", server, 22, 6), 20 + i, 3, 0, 180, 0);
		opens(w, "198.51.100.1", server, 22, 20 + i);
		snprintf(server, sizeof server, "203.0.113.%u", i);
		opens(w, "10.0.0.9", server, 22, 20 + i);
	}
	/* One host at several ports; three hosts in 31 minutes. */
	opens(w, "10.0.0.10", "10.0.0.1", 22, 20);
	opens(w, "10.0.0.10", "10.0.0.1", 445, 20);
	opens(w, "10.0.0.10", "10.0.0.1", 139, 20);
	opens(w, "10.0.0.11", "10.0.0.1", 22, 20);
	opens(w, "10.0.0.11", "10.0.0.2", 22, 40);
	opens(w, "10.0.0.11", "10.0.0.3", 22, 51);
	assert_string_equal(judged_tell(w, &detect_lateral), "");
	opens(w, "10.0.0.11", "10.0.0.4", 22, 52);
	assert_int_equal(judged_count(w, &detect_lateral), 1);
	judged_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exposure),
		cmocka_unit_test(exposure_left_alone),
		cmocka_unit_test(flood),
		cmocka_unit_test(flood_left_alone),
		cmocka_unit_test(flood_without_flags),
		cmocka_unit_test(lateral),
		cmocka_unit_test(lateral_left_alone),
		cmocka_unit_test(lateral_ports),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
