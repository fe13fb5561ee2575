/* Times as typed. The expected seconds are those of `date -u -d TEXT +%s`, and of the same
 * with TZ=Europe/Berlin. Now is 2026-11-24T03:05:10Z, a Tuesday, unless said. */
#include <time.h>

#include "schema/moment.h"
#include "support.h"

#define NOW 1795489510
#define TODAY 1795478400 /* midnight UTC */
#define TWICE 1792886400 /* 2026-10-25T00:00:00Z: 02:00 in Berlin, for the first time */

static const struct {
	const char *text;
	int64_t from, to;
} moments[] = {
	{ "now", NOW, NOW },
	{ "today", TODAY, TODAY + 86399 },
	{ "Yesterday", TODAY - 86400, TODAY - 1 },
	{ "2026-11-24", TODAY, TODAY + 86399 },
	{ "2024-02-29", 1709164800, 1709164800 + 86399 },
	{ "2026-11-24T03:05:10Z", NOW, NOW },
	/* Between two seconds: behind `to`, before `from`. */
	{ "2026-11-24t03:05:10.999z", NOW + 1, NOW },
	{ "2026-11-24T03:05:10.000Z", NOW, NOW },
	{ "03:05:09.5", NOW, NOW - 1 },
	{ "1700000000.5", 1700000001, 1700000000 },
	{ "1700000000.0", 1700000000, 1700000000 },
	{ "03:05Z", NOW - 10, NOW + 49 },
	{ "2026-11-24 03:05:10", NOW, NOW },
	{ "2026-11-24T03:05", NOW - 10, NOW + 49 },
	{ "2026-11-24T04:05:10+01:00", NOW, NOW },
	{ "2026-11-23T22:05:10-0500", NOW, NOW },
	{ "03:05", NOW - 10, NOW + 49 },
	{ "3:05", NOW - 10, NOW + 49 },
	{ "03:05:09", NOW - 1, NOW - 1 },
	{ "04:00", TODAY + 14400, TODAY + 14459 },                 /* less than an hour ahead */
	{ "04:10", TODAY + 15000 - 86400, TODAY + 15059 - 86400 }, /* more: the day before */
	{ "23:59", TODAY - 60, TODAY - 1 },
	{ "-15m", NOW - 900, NOW - 900 },
	{ "-1h30m", NOW - 5400, NOW - 5400 },
	{ "-90", NOW - 90, NOW - 90 },
	{ "-2d", NOW - 172800, NOW - 172800 },
	{ "-1w", NOW - 604800, NOW - 604800 },
	{ "1700000000", 1700000000, 1700000000 },
	{ "1700000000000", 1700000000, 1700000000 },
	{ "1700000000123", 1700000001, 1700000000 },
	{ "0", 0, 0 },
};

static const struct {
	const char *text;
	int64_t from, to;
} ranges[] = {
	{ "02:00-03:00", TODAY + 7200, TODAY + 10800 },
	{ "02:00..03:00:05", TODAY + 7200, TODAY + 10805 },
	{ "23:00-01:00", TODAY - 3600, TODAY + 3600 }, /* over midnight */
	{ "-2h..-1h", NOW - 7200, NOW - 3600 },
	{ "-2h-now", NOW - 7200, NOW },
	{ "2026-11-22-2026-11-23", TODAY - 172800, TODAY - 1 },
	{ "2026-11-23..today", TODAY - 86400, TODAY + 86399 },
	{ "2026-11-24T02:00:00Z..2026-11-24T02:00:01Z", TODAY + 7200, TODAY + 7201 },
	{ "1700000000-1700000060", 1700000000, 1700000060 },
	{ "1700000000.5-1700000060.5", 1700000001, 1700000060 },
	{ "02:00-03:00Z", TODAY + 7200, TODAY + 10800 },
	{ "02:00-03:00+01:00", TODAY + 3600, TODAY + 7200 },
	{ "02:00+01:00-03:00", TODAY + 3600, TODAY + 7200 },
	{ "2026-11-24T02:00..2026-11-24T03:00+01:00", TODAY + 3600, TODAY + 7200 },
};

static const char *const wrong[] = {
	"",
	"-",
	"soon",
	"24:00",
	"3:5",
	"03:60",
	"03:05:61",
	"2026-13-01",
	"2026-02-30",
	"2026-2-3",
	"2026-11-24T",
	"2026-11-24T25:00",
	"-15x",
	"-m",
	"1m",
	"2026-11-24Z",
	"03:05x",
	"99999999999999999",
	"2026-11-24T03:05:10+25:00",
	"-1h-",
};

static void are_read(void **state)
{
	struct moment m;

	(void)state;
	moment_use_local(false);
	for (size_t i = 0; i < ARRAY_SIZE(moments); i++) {
		if (!moment_parse(str_of(moments[i].text), NOW, &m))
			fail_msg("'%s' is no time", moments[i].text);
		assert_true(m.from == (m.from_ms + 999) / 1000 && m.to == m.to_ms / 1000);
		if (m.from != moments[i].from || m.to != moments[i].to)
			fail_msg("'%s' is %lld to %lld", moments[i].text, (long long)m.from,
				 (long long)m.to);
	}
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		if (moment_parse(str_of(wrong[i]), NOW, &m))
			fail_msg("'%s' is a time", wrong[i]);
}

static void ranges_are_read(void **state)
{
	struct moment m;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		if (!moment_parse_range(str_of(ranges[i].text), NOW, &m))
			fail_msg("'%s' is no range", ranges[i].text);
		if (m.from != ranges[i].from || m.to != ranges[i].to)
			fail_msg("'%s' is %lld to %lld", ranges[i].text, (long long)m.from,
				 (long long)m.to);
	}
	assert_false(moment_parse_range(str_of("03:05"), NOW, &m));
	assert_false(moment_parse_range(str_of("03:05-13"), NOW, &m));
	assert_false(moment_parse_range(str_of("today..yesterday"), NOW, &m));
	assert_false(moment_parse_range(str_of("2026-11-24T04:05:10+01:00"), NOW, &m));
}

/* One hour east of UTC, two in summer; the day on which it ends has 25 hours. */
static void local_times(void **state)
{
	static const struct {
		const char *text, *print;
		int64_t from, to;
	} local[] = {
		{ "2026-11-24T03:05:00", "2026-11-24T03:05:00+01:00", 1795485900, 1795485900 },
		{ "2026-10-25", "2026-10-25T00:00:00+02:00", 1792879200, 1792969199 },
		{ "03:05", "2026-11-24T03:05:00+01:00", 1795485900, 1795485959 },
		{ "2026-11-24T03:05:10Z", "2026-11-24T04:05:10+01:00", NOW, NOW },
	};
	char text[32];
	struct moment m;

	(void)state;
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
	moment_use_local(true);
	for (size_t i = 0; i < ARRAY_SIZE(local); i++) {
		assert_true(moment_parse(str_of(local[i].text), NOW, &m));
		assert_int_equal(m.from, local[i].from);
		assert_int_equal(m.to, local[i].to);
		assert_string_equal(moment_print(m.from, text, sizeof text), local[i].print);
		/* What is printed is read as the same second. */
		assert_true(moment_parse(str_of(text), NOW, &m));
		assert_int_equal(m.from, local[i].from);
	}
	/* 02:30 of 25 October was 00:30Z, and 01:30Z again: the later one that is not after now. */
	assert_true(moment_parse(str_of("2026-10-25T02:30:00"), NOW, &m));
	assert_int_equal(m.from, TWICE + 5400);
	assert_true(moment_parse(str_of("02:30"), TWICE + 4000, &m));
	assert_int_equal(m.from, TWICE + 1800);
	/* A range ends at the first one behind its beginning. */
	assert_true(moment_parse_range(str_of("2026-10-25T01:30-02:30"), NOW, &m));
	assert_true(m.from == TWICE - 1800 && m.to == TWICE + 1800);
	assert_true(moment_parse_range(str_of("2026-10-25T02:15-02:45"), NOW, &m));
	assert_true(m.from == TWICE + 4500 && m.to == TWICE + 6300);
	/* A zone says which. */
	assert_true(moment_parse_range(str_of("2026-10-25T02:15+02:00-02:45"), NOW, &m));
	assert_true(m.from == TWICE + 900 && m.to == TWICE + 2700);
	/* 02:30 of 29 March was left out. */
	assert_true(moment_parse(str_of("2026-03-29T02:30:00"), NOW, &m));
	assert_in_range(m.from, 1774744200, 1774747800);
	moment_use_local(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_read),
		cmocka_unit_test(ranges_are_read),
		cmocka_unit_test(local_times),
	};

	return cmocka_run_group_tests_name("moment", tests, NULL, NULL);
}
