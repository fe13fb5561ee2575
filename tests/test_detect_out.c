/* Detectors of what goes out (exfil, beacon, ioc), against evidence that is made by hand: what each
 * finds, each limit just below and at it, and what it must leave alone; in whatever order the edges
 * come. */
#include "judged.h"

#define MB 1000000u

/* ---- exfil ---- */

static struct evidence_edge *transfer(struct judged *w, const char *client, const char *server,
				      unsigned from, unsigned minutes, uint64_t sent,
				      uint64_t received)
{
	struct evidence_edge *e = judged_edge(w, client, server, 443, 6);

	for (unsigned m = 0; m < minutes; m++)
		judged_minute(e, from + m, 1, 1, sent / minutes, received / minutes);
	return e;
}

static void exfil(void **state)
{
	struct judged *w = judged_open();
	const struct finding *f;

	(void)state;
	transfer(w, "10.0.0.1", "203.0.113.77", 30, 10, 500 * MB, 100 * MB);
	assert_string_equal(judged_tell(w, &detect_exfil),
			    "warn possible 30-40 source=10.0.0.1 destination=203.0.113.77: "
			    "10.0.0.1 > 203.0.113.77:443 (new) sent 477M recv 95M\n");
	f = judged_first(w);
	assert_string_equal(f->value.s, "1.0 x 477M");
	assert_string_equal(f->records.s, "addr=10.0.0.1 and addr=203.0.113.77 and port=443");
	assert_non_null(strstr(f->next.s, "--network-interface-ids eni-1 "));
	assert_non_null(strstr(f->evidence.s, "443/tcp (10)"));
	assert_false(f->open);

	judged_limit(w, "exfil.bytes=500000001");
	assert_int_equal(judged_count(w, &detect_exfil), 0);
	judged_limit(w, "exfil.bytes=500M");
	judged_limit(w, "exfil.ratio=5.01");
	assert_int_equal(judged_count(w, &detect_exfil), 0);
	judged_close(w);
}

static void exfil_left_alone(void **state)
{
	struct judged *w = judged_open();
	struct evidence_edge *e;

	(void)state;
	/* Known as the log began, if only at another port; of AWS; within; a download; multicast. */
	transfer(w, "10.0.0.1", "203.0.113.1", 14, 30, 900 * MB, MB);
	transfer(w, "10.0.0.1", "203.0.113.2", 30, 9, 900 * MB, MB);
	judged_minute(judged_edge(w, "10.0.0.1", "203.0.113.2", 80, 6), 3, 1, 1, 100, 100);
	e = transfer(w, "10.0.0.1", "203.0.113.3", 30, 9, 900 * MB, MB);
	e->service = dict_text_ref(w->dict, str_of("S3"));
	transfer(w, "10.0.0.1", "10.0.0.2", 30, 9, 900 * MB, MB);
	transfer(w, "198.51.100.1", "10.0.0.2", 30, 9, 900 * MB, MB);
	transfer(w, "10.0.0.1", "203.0.113.4", 30, 9, 900 * MB, 900 * MB);
	transfer(w, "10.0.0.1", "239.0.0.1", 30, 9, 900 * MB, 0);
	/* Second sightings at a NAT gateway: no bytes are counted there. */
	transfer(w, "10.0.0.12", "203.0.113.5", 30, 9, 0, 0);
	/* An upload every 12 minutes, each well below. */
	e = judged_edge(w, "10.0.0.1", "203.0.113.6", 443, 6);
	for (unsigned m = 16; m < 60; m += 12)
		judged_minute(e, m, 1, 1, 100 * MB, MB);
	assert_string_equal(judged_tell(w, &detect_exfil), "");

	judged_ioc(w, "203.0.113.77 c2\n");
	transfer(w, "10.0.0.1", "203.0.113.77", 15, 45, 900 * MB, MB);
	assert_string_equal(judged_tell(w, &detect_exfil),
			    "page possible 15-59 source=10.0.0.1 destination=203.0.113.77: "
			    "10.0.0.1 > 203.0.113.77:443 (new) sent 858M recv 977K\n");
	assert_true(judged_first(w)->open);
	judged_ioc(w, "allow 203.0.113.0/24 ours\n");
	assert_int_equal(judged_count(w, &detect_exfil), 0);
	judged_close(w);
}

static void exfil_over_ports_and_hours(void **state)
{
	struct judged *w = judged_open();
	struct evidence_edge *e;

	(void)state;
	/* Two ports of one destination together reach it; in an hour, not in a day. */
	transfer(w, "10.0.0.1", "203.0.113.1", 30, 5, 300 * MB, MB);
	e = judged_edge(w, "10.0.0.1", "203.0.113.1", 22, 6);
	judged_minute(e, 32, 1, 1, 300 * MB, MB);
	assert_string_equal(judged_tell(w, &detect_exfil),
			    "warn possible 30-35 source=10.0.0.1 destination=203.0.113.1: "
			    "10.0.0.1 > 203.0.113.1 (new) sent 572M recv 1.9M\n");
	assert_non_null(strstr(judged_first(w)->evidence.s, "443/tcp (5)"));
	assert_non_null(strstr(judged_first(w)->evidence.s, "22/tcp (1)"));
	judged_clear(w);
	e = judged_edge(w, "10.0.0.1", "203.0.113.1", 443, 6);
	for (int64_t m = 20; m < 20 + 60 * 20; m += 60)
		judged_minute(e, m, 1, 1, 400 * MB, MB);
	assert_int_equal(judged_count(w, &detect_exfil), 0);
	judged_minute(e, 20 + 60 * 20 - 1, 1, 1, 400 * MB, MB); /* 59 minutes after the last */
	assert_int_equal(judged_count(w, &detect_exfil), 1);
	judged_close(w);
}

/* ---- beacon ---- */

/* A connection each `gap` seconds, shifted by what `jitter` says of each, with so many bytes. */
static struct evidence_edge *calls(struct judged *w, const char *client, const char *server,
				   unsigned gap, unsigned n, unsigned jitter, unsigned bytes)
{
	struct evidence_edge *e = judged_edge(w, client, server, 443, 6);
	uint64_t seed = 7;
	int64_t at = -1;

	for (unsigned i = 0; i < n; i++) {
		int64_t minute = (int64_t)(i * gap + random_below(&seed, jitter + 1)) / 60;
		if (minute > at) {
			judged_minute(e, minute, 0, 0, 0, 0);
			at = minute;
		}
		struct edge_minute *m = (struct edge_minute *)&e->minute[e->minutes - 1];
		m->tries++;
		m->answered++;
		m->sent += bytes + i % 3;
		m->received += 2 * bytes;
		e->sent += bytes + i % 3;
	}
	return e;
}

static void beacon(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	calls(w, "10.0.0.1", "203.0.113.7", 90, 40, 15, 700);
	assert_string_equal(judged_tell(w, &detect_beacon),
			    "warn possible 0-59 source=10.0.0.1 destination=203.0.113.7 port=443: "
			    "10.0.0.1 > 203.0.113.7:443 about every 89s\n");
	assert_non_null(strstr(judged_first(w)->evidence.s, "each sends about 701 B"));
	assert_non_null(strstr(judged_first(w)->evidence.s, "asked by 1 host here"));
	/* A second host may do so, a third makes it a service. */
	judged_minute(judged_edge(w, "10.0.0.2", "203.0.113.7", 80, 6), 9, 1, 1, 900, 5000);
	judged_minute(judged_edge(w, "10.0.0.2", "203.0.113.7", 443, 6), 9, 1, 1, 900, 5000);
	assert_int_equal(judged_count(w, &detect_beacon), 1);
	judged_minute(judged_edge(w, "10.0.0.3", "203.0.113.7", 443, 6), 9, 1, 1, 900, 5000);
	assert_int_equal(judged_count(w, &detect_beacon), 0);
	judged_close(w);
}

static void beacon_left_alone(void **state)
{
	struct judged *w = judged_open();
	struct evidence_edge *e;
	uint64_t seed = 3;

	(void)state;
	calls(w, "10.0.0.1", "203.0.113.1", 80, 19, 0, 700);     /* too few */
	calls(w, "10.0.0.1", "203.0.113.2", 80, 22, 0, 700);     /* in less than half an hour */
	calls(w, "10.0.0.1", "203.0.113.3", 720, 5, 0, 700);     /* a backup every 12 minutes */
	calls(w, "10.0.0.1", "10.0.0.2", 60, 59, 0, 700);        /* a health check */
	calls(w, "10.0.0.12", "203.0.113.4", 60, 59, 0, 0);      /* a gateway's part */
	calls(w, "198.51.100.3", "10.0.0.2", 60, 59, 0, 700);    /* comes from outside */
	e = calls(w, "10.0.0.1", "203.0.113.5", 60, 59, 0, 700); /* the time of day */
	e->key.protocol = 17;
	e->key.port = 123;
	e = calls(w, "10.0.0.1", "203.0.113.6", 60, 59, 0, 700);
	e->service = dict_text_ref(w->dict, str_of("AMAZON"));
	/* At random times; with much or little to say; not answered. */
	e = judged_edge(w, "10.0.0.1", "203.0.113.7", 443, 6);
	for (int64_t m = 0; m < 60; m++)
		if (random_below(&seed, 4) == 0)
			judged_minute(e, m, 1 + (unsigned)random_below(&seed, 5), 1, 700, 700);
	e = judged_edge(w, "10.0.0.1", "203.0.113.11", 443, 6); /* the same, all alike in size */
	for (int64_t m = 0; m < 60; m++) {
		unsigned n = random_below(&seed, 4) ? 0 : 1 + (unsigned)random_below(&seed, 5);
		if (n)
			judged_minute(e, m, n, n, 700 * n, 700);
	}
	e = judged_edge(w, "10.0.0.1", "203.0.113.13", 443, 6); /* now more, now less often */
	for (int64_t m = 0; m < 60; m++) {
		unsigned n = m / 6 % 2 ? 1 : 5;
		judged_minute(e, m, n, n, 700 * n, 700);
	}
	e = judged_edge(w, "10.0.0.1", "203.0.113.12", 443, 6); /* with two rests */
	for (int64_t m = 0; m < 60; m++)
		if (m / 3 != 5 && m / 3 != 10)
			judged_minute(e, m, 1, 1, 700, 700);
	e = judged_edge(w, "10.0.0.1", "203.0.113.8", 443, 6);
	for (int64_t m = 0; m < 60; m++)
		judged_minute(e, m, 1, 1, 500 + random_below(&seed, 9000), 700);
	e = judged_edge(w, "10.0.0.1", "203.0.113.9", 443, 6);
	for (int64_t m = 0; m < 60; m++)
		judged_minute(e, m, 1, 0, 60, 0);
	assert_string_equal(judged_tell(w, &detect_beacon), "");
	calls(w, "10.0.0.1", "203.0.113.10", 95, 20, 0, 700); /* 30m05s */
	judged_limit(w, "beacon.bins=7");
	assert_int_equal(judged_count(w, &detect_beacon), 1);
	judged_close(w);
}

/* ---- ioc ---- */

static void ioc(void **state)
{
	struct judged *w = judged_open();
	const struct finding *f;

	(void)state;
	judged_minute(judged_edge(w, "10.0.0.1", "203.0.113.7", 443, 6), 5, 1, 1, 900, 5000);
	assert_int_equal(judged_count(w, &detect_ioc), 0);
	judged_ioc(w, "198.51.100.0/24 scanners\n203.0.113.7 c2-server\nallow 198.51.100.9\n");
	judged_minute(judged_edge(w, "10.0.0.2", "203.0.113.7", 80, 6), 6, 2, 0, 80, 0);
	judged_minute(judged_edge(w, "198.51.100.1", "10.0.0.3", 443, 6), 7, 1, 1, 900, 5000);
	judged_minute(judged_edge(w, "198.51.100.2", "10.0.0.3", 443, 6), 8, 1, 0, 60, 0)->refused =
		1;
	judged_minute(judged_edge(w, "198.51.100.3", "10.0.0.3", 443, 6), 9, 1, 0, 60, 60)->half =
		1;
	judged_minute(judged_edge(w, "198.51.100.9", "10.0.0.3", 443, 6), 9, 1, 1, 900, 5000);
	/* The same packets at the gateway. */
	judged_minute(judged_edge(w, "10.0.0.12", "203.0.113.7", 443, 6), 5, 1, 1, 0, 0);
	assert_string_equal(
		judged_tell(w, &detect_ioc),
		"info proven 6-6 source=10.0.0.2 destination=203.0.113.7 line=2: 10.0.0.2 > "
		"203.0.113.7:80 (c2-server, line 2) not answered\n"
		"info proven 8-8 source=198.51.100.2 destination=10.0.0.3 line=1: 198.51.100.2 > "
		"10.0.0.3:443 (scanners, line 1) not answered\n"
		"page proven 5-5 source=10.0.0.1 destination=203.0.113.7 line=2: 10.0.0.1 > "
		"203.0.113.7:443 (c2-server, line 2) answered\n"
		"warn proven 7-7 source=198.51.100.1 destination=10.0.0.3 line=1: 198.51.100.1 > "
		"10.0.0.3:443 (scanners, line 1) answered\n"
		"warn proven 9-9 source=198.51.100.3 destination=10.0.0.3 line=1: 198.51.100.3 > "
		"10.0.0.3:443 (scanners, line 1) answered\n");
	f = judged_first(w);
	assert_int_equal(f->wrong.n, 0); /* the rule's own: the judgement puts it there */
	judged_close(w);
}

/* Where only the gateway is logged, it is what is known. */
static void ioc_at_a_gateway(void **state)
{
	struct judged *w = judged_open();

	(void)state;
	judged_ioc(w, "203.0.113.7\n");
	judged_minute(judged_edge(w, "10.0.0.12", "203.0.113.7", 443, 6), 5, 1, 1, 900, 5000);
	judged_minute(judged_edge(w, "10.0.0.12", "203.0.113.7", 80, 6), 9, 1, 0, 900, 0);
	assert_string_equal(judged_tell(w, &detect_ioc),
			    "page proven 5-9 source=10.0.0.12 destination=203.0.113.7 line=1: "
			    "10.0.0.12 > 203.0.113.7 (line 1) answered\n");
	assert_non_null(strstr(judged_first(w)->evidence.s, "NAT gateway"));
	judged_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exfil),
		cmocka_unit_test(exfil_left_alone),
		cmocka_unit_test(exfil_over_ports_and_hours),
		cmocka_unit_test(beacon),
		cmocka_unit_test(beacon_left_alone),
		cmocka_unit_test(ioc),
		cmocka_unit_test(ioc_at_a_gateway),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
