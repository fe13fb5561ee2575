/* Detectors of the log itself (quiet, data), as in test_detect_out.c; and the bags in which detectors
 * keep what they are shown. */
#include "judged.h"
#include "triage/bag.h"

/* ---- quiet, data ---- */

static void record(struct buf *out, unsigned host, int64_t minute, const char *status)
{
	int64_t start = JUDGED_BEGIN + minute * 60;

	if (*status == 'O')
		buf_printf(
			out,
			"2 1 eni-%u 10.0.0.%u 203.0.113.9 40000 443 6 10 1000 %lld %lld ACCEPT OK\n",
			host, host, (long long)start, (long long)start + 57);
	else
		buf_printf(out, "2 1 eni-%u - - - - - - - %lld %lld - %s\n", host, (long long)start,
			   (long long)start + 57, status);
}

static const char *more; /* of eni-2, in minute 50 */

/* eni-1 goes on; eni-2 has traffic until a minute, and then only what is said. */
static struct judged *log_until(int64_t minute, const char *then, int64_t idle, const char *between)
{
	struct buf text = { 0 };
	struct judged *w;

	for (int64_t m = 0; m < 60; m++) {
		record(&text, 1, m, "OK");
		if (m >= minute && !then)
			continue;
		if (m >= minute)
			record(&text, 2, m, then);
		else
			record(&text, 2, m, idle && m % idle == 0 ? between : "OK");
	}
	if (more)
		record(&text, 2, 50, more);
	w = judged_open_log(buf_str(&text));
	buf_release(&text);
	return w;
}

static void missing(void **state)
{
	struct judged *w = log_until(49, NULL, 0, "OK");

	(void)state;
	assert_string_equal(judged_tell(w, &detect_quiet),
			    "warn proven 48-59 interface=eni-2 form=missing: eni-2 10.0.0.2: no "
			    "records at all\n");
	judged_minute(judged_edge(w, "10.0.0.1", "10.0.0.2", 443, 6), 50, 1, 1, 9, 9);
	judged_minute(judged_edge(w, "10.0.0.2", "203.0.113.1", 443, 6), 49, 1, 1, 9, 9);
	judged_minute(judged_edge(w, "10.0.0.3", "10.0.0.2", 443, 6), 30, 1, 1, 9, 9);
	assert_string_equal(judged_tell(w, &detect_quiet),
			    "page proven 48-59 interface=eni-2 form=missing: eni-2 10.0.0.2: no "
			    "records at all, others still see it in 1 conversation\n");
	judged_close(w);
}

static void quiet_left_alone(void **state)
{
	struct judged *w = log_until(50, NULL, 0, "OK"); /* ten minutes behind, and no more */

	(void)state;
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
	w = log_until(58, NULL, 0, "OK"); /* two minutes late */
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
	w = log_until(40, "NODATA", 2, "NODATA"); /* idle half of the time, and says so */
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
	w = log_until(51, "NODATA", 0, "OK"); /* nine minutes of silence */
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
	w = log_until(25, "NODATA", 0, "OK"); /* not long enough before */
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
	w = log_until(45, "SKIPDATA", 0, "OK"); /* lost: not known to be silent */
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
	more = "SKIPDATA"; /* and some of it besides NODATA */
	w = log_until(45, "NODATA", 10, "NODATA");
	more = NULL;
	assert_string_equal(judged_tell(w, &detect_quiet), "");
	judged_close(w);
}

static void silent(void **state)
{
	struct judged *w = log_until(45, "NODATA", 10, "NODATA");

	(void)state;
	assert_string_equal(judged_tell(w, &detect_quiet),
			    "warn proven 45-59 interface=eni-2 form=silent: eni-2 10.0.0.2: was "
			    "busy, and has only NODATA\n");
	judged_close(w);
}

static void data(void **state)
{
	struct judged *w = log_until(57, "SKIPDATA", 0, "OK");
	struct evidence_edge *e = judged_edge(w, "10.0.0.1", "10.0.0.2", 443, 6);

	(void)state;
	e->cell[LEG_REQUEST][POST_CLIENT][TRY_ACCEPT] = 60;
	e->cell[LEG_ANSWER][POST_SERVER][TRY_ACCEPT] = 39;
	assert_string_equal(judged_tell(w, &detect_data),
			    "warn proven 57-59 interface=eni-2 status=SKIPDATA: eni-2 10.0.0.2: "
			    "SKIPDATA, records were lost\n");
	assert_string_equal(judged_first(w)->value.s, "3 intervals");
	judged_limit(w, "data.lost=4");
	assert_non_null(strstr(judged_tell(w, &detect_data), "info proven 57-59 interface=eni-2"));
	judged_close(w);

	w = log_until(60, NULL, 0, "OK");
	e = judged_edge(w, "10.0.0.1", "10.0.0.2", 443, 6);
	e->cell[LEG_REQUEST][POST_CLIENT][TRY_ACCEPT] = 99;
	assert_string_equal(judged_tell(w, &detect_data), "");
	e->cell[LEG_REQUEST][POST_SERVER][TRY_ACCEPT] = 1;
	assert_string_equal(judged_tell(w, &detect_data),
			    "info likely 0-59 status=ACCEPT: the log holds ACCEPT alone\n");
	judged_close(w);
}

/* An id is text of the log: it stays a value of the filter, and is no part of a command. */
static void hostile_id(void **state)
{
	struct buf text = { 0 };
	struct judged *w;

	(void)state;
	buf_puts(&text, "2 1 eni-\"\\;reboot - - - - - - - 1700000040 1700000100 - SKIPDATA\n");
	w = judged_open_log(buf_str(&text));
	judged_tell(w, &detect_data);
	assert_string_equal(judged_first(w)->records.s,
			    "interface-id=\"eni-\\\"\\\\;reboot\" and log-status=SKIPDATA");
	assert_null(strstr(judged_first(w)->next.s, "reboot"));
	judged_close(w);
	buf_release(&text);
}

/* ---- room ---- */

static int by_key(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (x[0] > y[0]) - (x[0] < y[0]);
}

static int by_sum(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return x[1] != y[1] ? (x[1] > y[1] ? -1 : 1) : by_key(a, b);
}

static void add_sums(void *into, const void *from)
{
	((uint32_t *)into)[1] += ((const uint32_t *)from)[1];
}

/* Equal keys are one; beyond the room those that are worth most stay, in whatever order they come. */
static void bags(void **state)
{
	static const struct bag_kind kind = { 8, .order = by_key, .merge = add_sums,
					      .worth = by_sum };
	uint64_t seed = 11;

	(void)state;
	for (int order = 0; order < 4; order++) {
		struct bag b = { .kind = &kind, .most = 128 };
		for (uint32_t i = 0; i < 1000; i++) { /* 7 and 1000 have no common divisor */
			uint32_t k = order == 0 ? i : order == 1 ? 999 - i : (i * 7 + 3) % 1000;
			uint32_t item[2] = { k, k % 2 ? 1000 + k : k };
			bag_add(&b, item);
		}
		bag_settle(&b);
		assert_int_equal(b.n, 64);
		assert_int_equal(b.dropped, 936);
		for (uint32_t i = 0; i < 64; i++) /* the largest odd ones */
			assert_int_equal(((uint32_t *)b.item)[2 * i], 873 + 2 * i);
		bag_release(&b);
	}
	struct bag b = { .kind = &kind, .most = 128 };
	for (unsigned i = 0; i < 100000; i++) {
		uint32_t item[2] = { (uint32_t)random_below(&seed, 64), 1 };
		bag_add(&b, item);
	}
	bag_settle(&b);
	assert_int_equal(b.n, 64);
	assert_int_equal(b.dropped, 0);
	uint64_t sum = 0;
	for (unsigned i = 0; i < 64; i++)
		sum += ((uint32_t *)b.item)[2 * i + 1];
	assert_int_equal(sum, 100000);
	assert_int_equal(bag_room(&kind, 8192), 1024);
	bag_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(missing),    cmocka_unit_test(quiet_left_alone),
		cmocka_unit_test(silent),     cmocka_unit_test(data),
		cmocka_unit_test(hostile_id), cmocka_unit_test(bags),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
