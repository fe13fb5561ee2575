/* Windows as people type them, against times worked out by date(1). */
#include <time.h>

#include "schema/moment.h"
#include "state/period.h"
#include "support.h"

/* 2026-11-24T14:32:10Z, a Tuesday. */
#define NOW INT64_C(1795530730)
#define AT(h, m) (INT64_C(1795478400) + (h)*3600 + (m)*60)
#define DAY 86400
/* 2026-10-25T01:00:00Z: the clocks of Berlin go back. */
#define DST INT64_C(1792890000)

static const struct {
	const char *text;
	int64_t from, to;
} spans[] = {
	{ "10:00-10:30", AT(10, 0), AT(10, 30) },
	{ " 10:00:05 - 10:00:06 ", AT(10, 0) + 5, AT(10, 0) + 6 },
	{ "10:00..10:30", AT(10, 0), AT(10, 30) },
	{ "10:00Z to 10:30", AT(10, 0), AT(10, 30) },
	{ "10:00+01:00-10:30", AT(9, 0), AT(9, 30) },
	{ "14:00-now", AT(14, 0), NOW + 1 },
	{ "14:00-", AT(14, 0), NOW + 1 },
	/* Not yet: yesterday. Past midnight: the next day. */
	{ "23:50-00:10", AT(23, 50) - DAY, AT(0, 10) },
	{ "2026-11-24T10:00Z-10:30", AT(10, 0), AT(10, 30) },
	{ "2026-11-20T10:00-2026-11-21T10:00", AT(10, 0) - 4 * DAY, AT(10, 0) - 3 * DAY },
	{ "2026-11-20 10:00-05:00-11:00", AT(15, 0) - 4 * DAY, AT(16, 0) - 4 * DAY },
	{ "2026-11-20-2026-11-22", AT(0, 0) - 4 * DAY, AT(0, 0) - DAY }, /* that day too */
	{ "2026-11-20", AT(0, 0) - 4 * DAY, AT(0, 0) - 3 * DAY },
	/* The zone of either end is that of both; a '-' is the sign of what makes sense. */
	{ "10:00-10:30+01:00", AT(9, 0), AT(9, 30) },
	{ "10:00-11:00-05:00", AT(15, 0), AT(16, 0) },
	{ "11:00-12:00-05:00", AT(16, 0) - DAY, AT(17, 0) - DAY },
	{ "2026-11-20T10:00-2026-11-20T11:00-05:00", AT(15, 0) - 4 * DAY, AT(16, 0) - 4 * DAY },
	{ "2026-11-20T10:00+01:00..2026-11-20T11:00", AT(9, 0) - 4 * DAY, AT(10, 0) - 4 * DAY },
	{ "23:00-2026-11-20T01:00", AT(23, 0) - 5 * DAY, AT(1, 0) - 4 * DAY },
	{ "-2h..-1h", AT(12, 32) + 10, AT(13, 32) + 10 },
	{ "23:00-24:00", AT(23, 0) - DAY, AT(0, 0) },
	{ "yesterday", AT(0, 0) - DAY, AT(0, 0) },
	{ "2026-10-31T23:00-01:00", AT(23, 0) - 24 * DAY, AT(1, 0) - 23 * DAY },
};

static void spans_are_read(void **state)
{
	struct period p;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spans); i++) {
		const char *why = period_parse(str_of(spans[i].text), NOW, &p);
		if (why || p.follows || p.from != spans[i].from || p.to != spans[i].to)
			fail_msg("'%s': %s, %lld..%lld", spans[i].text, why ? why : "read",
				 (long long)p.from - AT(0, 0), (long long)p.to - AT(0, 0));
	}
}

static void durations_follow(void **state)
{
	struct period p;

	(void)state;
	assert_null(period_parse(str_of("15m"), NOW, &p));
	assert_true(p.follows && p.last_s == 900);
	assert_null(period_parse(str_of("last 6h"), INT64_MIN, &p));
	assert_true(p.follows && p.last_s == 6 * 3600);
	assert_null(period_parse(str_of("ALL"), NOW, &p));
	assert_true(p.follows && p.last_s == 0);
}

static void local_times(void **state)
{
	struct period p;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	moment_use_local(true);
	assert_null(period_parse(str_of("10:00-10:30"), NOW, &p));
	assert_true(p.from == AT(9, 0) && p.to == AT(9, 30));
	assert_null(period_parse(str_of("10:00Z-10:30"), NOW, &p));
	assert_true(p.from == AT(10, 0) && p.to == AT(10, 30));
	/* The night the clocks go back is an hour longer. */
	assert_null(period_parse(str_of("2026-10-25"), NOW, &p));
	assert_int_equal(p.to - p.from, 25 * 3600);
	/* 02:30 was there twice: 00:30Z and 01:30Z. The last one that is past. */
	assert_null(period_parse(str_of("02:30-02:31"), DST + 40 * 60, &p));
	assert_int_equal(p.from, DST - 30 * 60 + 3600);
	assert_int_equal(p.to - p.from, 60);
	assert_null(period_parse(str_of("02:30-02:31"), DST + 5 * 60, &p));
	assert_int_equal(p.from, DST - 30 * 60);
	assert_int_equal(p.to - p.from, 60);
	moment_use_local(false);
	setenv("TZ", "UTC", 1);
	tzset();
}

static void mistakes_are_told(void **state)
{
	static const char *const wrong[] = {
		"",
		"soon",
		"0m",
		"10:00",
		"10:00-9pm",
		"25:00-26:00",
		"10:61-11:00",
		"2026-02-30-2026-03-05",
		"2026-11-24T11:00-2026-11-24T10:00",
		"10:00-10:30+99:00",
		"-",
		"--",
	};
	struct period p;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (!period_parse(str_of(wrong[i]), NOW, &p))
			fail_msg("'%s' was taken for %lld..%lld", wrong[i], (long long)p.from,
				 (long long)p.to);
	assert_non_null(period_parse(str_of("10:00-10:30"), INT64_MIN, &p));
}

/* Each beginning of what is read is the beginning of something; a mistake is told where it begins,
 * with what could stand there instead. */
static void hints_while_typed(void **state)
{
	static const struct {
		const char *text, *says;
	} wrong[] = {
		{ "10:xx", "no 'xx' behind '10:': 10:00-now?" },
		{ "10:00-10:6", "no '6' behind '10:00-10:': 10:00-10:01?" },
		{ "10:61-11:00", "no '61-11:00' behind '10:': 10:00-now?" },
		{ "15x", "no 'x' behind '15': 15?" },
		{ "lost", "no 'ost' behind 'l': last 15m?" },
		{ "2026-13", "no '3' behind '2026-1': 2026-11-01?" },
		{ "xx", "'xx' is no time: 15m, all, 10:00-10:30, 2026-11-24" },
	};
	struct buf says = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(spans); i++)
		for (size_t n = 1; n <= strlen(spans[i].text); n++) {
			struct str text = { spans[i].text, n };
			struct period p;
			buf_clear(&says);
			if (period_parse(text, NOW, &p) && !period_hint(text, NOW, &says))
				fail_msg("'%.*s': %s", (int)n, text.s, says.s);
		}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		buf_clear(&says);
		assert_false(period_hint(str_of(wrong[i].text), NOW, &says));
		assert_string_equal(says.s, wrong[i].says);
	}
	buf_clear(&says);
	assert_true(period_hint(str_of("10:"), NOW, &says));
	assert_string_equal(says.s, "10:00-now");
	buf_release(&says);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_are_read),    cmocka_unit_test(durations_follow),
		cmocka_unit_test(local_times),       cmocka_unit_test(mistakes_are_told),
		cmocka_unit_test(hints_while_typed),
	};

	return cmocka_run_group_tests_name("period", tests, NULL, NULL);
}
