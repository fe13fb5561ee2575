/* What values mean: made by hand, and against the slow twin; what of records is unreadable. */
#include <inttypes.h>

#include "schema/reading.h"
#include "slow.h"
#include "store/field_counts.h"
#include "support.h"

static void reads(enum field_type type, const char *text, uint64_t want)
{
	uint64_t have = 0, slow = 0;

	if (!reading_number(type, str_of(text), &have))
		fail_msg("'%s' is not read", text);
	if (have != want)
		fail_msg("'%s' is read as %" PRIu64, text, have);
	if (!slow_number(type, text, &slow) || slow != want)
		fail_msg("the twin reads '%s' as %" PRIu64, text, slow);
}

static void is_none(enum field_type type, const char *text)
{
	uint64_t v;

	if (reading_number(type, str_of(text), &v))
		fail_msg("'%s' is read as %" PRIu64, text, v);
	if (slow_number(type, text, &v))
		fail_msg("the twin reads '%s' as %" PRIu64, text, v);
}

static void numbers(void **state)
{
	static const char *const none[] = {
		"",
		"-",
		"abc",
		"-5",
		"+5",
		"1.5",
		"1,5",
		"1,23",
		"1,2345",
		"1.234",
		"0,123",
		"1,234.5",
		",123",
		"1,234,",
		"1,,234",
		"1,234.567,1",
		"1,234'567",
		"0x10",
		"1e20",
		"1 2",
		"5e",
		"1e-3",
		"1,234 ",
		"1,234.",
		"1.234.567.0",
		"1.234,5",
		" 1",
		"1234,567",
		"18446744073709551615",
		"18446744073709551616",
		"99999999999999999999999999",
	};

	(void)state;
	reads(TYPE_BYTES, "0", 0);
	reads(TYPE_BYTES, "007", 7);
	reads(TYPE_BYTES, "18446744073709551614", UINT64_MAX - 1);
	reads(TYPE_BYTES, "4249.0", 4249);
	reads(TYPE_BYTES, "4249.", 4249);
	reads(TYPE_BYTES, "1.7e9", 1700000000);
	reads(TYPE_NUMBER, "1,020", 1020);
	reads(TYPE_BYTES, "1,234,249", 1234249);
	reads(TYPE_BYTES, "1,234,249.00", 1234249);
	reads(TYPE_BYTES, "1.234.249", 1234249);
	reads(TYPE_BYTES, "1.234.249,0", 1234249);
	reads(TYPE_BYTES, "1'234'249", 1234249);
	reads(TYPE_BYTES, "1 234 249", 1234249);
	reads(TYPE_BYTES, "1%20234%20249", 1234249);
	reads(TYPE_BYTES,
	      "1\xc2\xa0"
	      "234\xc2\xa0"
	      "249",
	      1234249);
	reads(TYPE_BYTES,
	      "1\xe2\x80\xaf"
	      "234",
	      1234);
	reads(TYPE_BYTES,
	      "1\xe2\x80\x99"
	      "234",
	      1234);
	reads(TYPE_BYTES, "18,446,744,073,709,551,614", UINT64_MAX - 1);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		is_none(TYPE_BYTES, none[i]);
}

static void bounds(void **state)
{
	(void)state;
	reads(TYPE_PORT, "65535", 65535);
	reads(TYPE_PORT, "49,761", 49761);
	is_none(TYPE_PORT, "65536");
	is_none(TYPE_PORT, "100000");
	reads(TYPE_PROTOCOL, "255", 255);
	reads(TYPE_PROTOCOL, "tcp", 6);
	reads(TYPE_PROTOCOL, "UDP", 17);
	is_none(TYPE_PROTOCOL, "500");
	is_none(TYPE_PROTOCOL, "invalid");
	reads(TYPE_FLAGS, "65535", 65535);
	is_none(TYPE_FLAGS, "65536");
	is_none(TYPE_PORT, "2026-11-24");
}

static void times(void **state)
{
	static const char *const none[] = {
		"soon",
		"03/04/2026",
		"03/04/2026 10:01:10",
		"11/24/2026, 13:01:10 PM",
		"11/24/26, 10:01:10 AM",
		"04.03.2026",
		"03-04-2026 10:01:10",
		"03/04/2026, 10:01:10 am",
		"13/13/2026 10:01:10",
		"31/02/2026 10:01:10",
		"24/11.2026 10:01:10",
		"24/11/2026 13:01:10 PM",
		"24/11/2026 0:01:10 AM",
		"24/11/202610:01:10",
		"24/11/2026 ",
		"24/11/2026,",
		"2026-11-24 13:01:10 PM",
		"2026-11-24 10:01:10 XM",
		"2026-13-24T10:01:10Z",
		"2026-02-30",
		"2026-11-24T24:01:10Z",
		"2026-11-24T10:60:10Z",
		"2026-11-24T10:01:61Z",
		"2026-11-24T10:01:10+1",
		"2026-11-24T10:01:10+01:0",
		"2026-11-24T10:01:10+24:00",
		"2026-11-24T10:01:10 CET",
		"2026-11-24T10:01:10.Z",
		"2026-11-24T",
		"2026-11-24T10",
		"2026-11-24T10:01:10Zz",
		"2026-1-1",
		"1969-12-31T23:59:59Z",
		"Nov 24, 2026 @ 10:01:10.000",
		"-1795514470",
		"18446744073709551615",
	};

	(void)state;
	reads(TYPE_TIME, "1795514470", 1795514470);
	reads(TYPE_TIME, "1795514470000", 1795514470000);
	reads(TYPE_TIME, "1795514470123456", 1795514470123);
	reads(TYPE_TIME, "1795514470123456789", 1795514470123);
	reads(TYPE_TIME, "1,795,514,470", 1795514470);
	reads(TYPE_TIME, "1795514470.0", 1795514470);
	reads(TYPE_TIME, "1795514470.25", 1795514470250);
	reads(TYPE_TIME, "2026-11-24T10:01:10Z", 1795514470);
	reads(TYPE_TIME, "2026-11-24 10:01:10", 1795514470);
	reads(TYPE_TIME, "2026-11-24%2010:01:10+00", 1795514470);
	reads(TYPE_TIME, "2026-11-24 10:01:10+00", 1795514470);
	reads(TYPE_TIME, "2026-11-24 11:01:10+01:00", 1795514470);
	reads(TYPE_TIME, "2026-11-24t04:31:10-0530", 1795514470);
	reads(TYPE_TIME, "2026-11-24 10:01:10 UTC", 1795514470);
	reads(TYPE_TIME, "2026-11-24 10:01:10.000 UTC", 1795514470);
	reads(TYPE_TIME, "2026-11-24T10:01:10.123456Z", 1795514470123);
	reads(TYPE_TIME, "2026-11-24T10:01:10,5Z", 1795514470500);
	reads(TYPE_TIME, "2026-11-24T10:01Z", 1795514460);
	reads(TYPE_TIME, "2026-11-24", 1795478400);
	reads(TYPE_TIME, "2024-02-29", 1709164800);
	/* Of the United States, by AM and PM in capitals behind a comma. */
	reads(TYPE_TIME, "11/24/2026, 10:01:10.000 AM", 1795514470);
	reads(TYPE_TIME, "11/24/2026,%2010:01:10.5%20PM", 1795557670500);
	reads(TYPE_TIME, "1/2/2026, 12:05:00 AM", 1767312300);
	/* The day is what is no month, wherever it stands. */
	reads(TYPE_TIME, "24/11/2026 03:05:00", 1795489500);
	reads(TYPE_TIME, "24/11/2026, 10:01:10 AM", 1795514470);
	reads(TYPE_TIME, "11/24/2026, 10:01:10 am", 1795514470);
	reads(TYPE_TIME, "11/24/2026%2010:01:10", 1795514470);
	reads(TYPE_TIME, "11/24/2026 10:01:10 PM", 1795557670);
	reads(TYPE_TIME, "24.11.2026 10:01", 1795514460);
	reads(TYPE_TIME, "24-11-2026 11:01:10.25+01:00", 1795514470250);
	reads(TYPE_TIME, "24/11/2026", 1795478400);
	reads(TYPE_TIME, "5/5/2026 00:00:00 UTC", 1777939200);
	reads(TYPE_TIME, "2026-11-24 10:01:10 AM", 1795514470);
	reads(TYPE_TIME, "2026-11-24 10:01:10 pm UTC", 1795557670);
	reads(TYPE_TIME, "2026-11-24 9:01:10PM", 1795554070);
	reads(TYPE_TIME, "1795514470,00", 1795514470);
	reads(TYPE_BYTES, "4249,00", 4249);
	reads(TYPE_BYTES, "4249,000", 4249);
	reads(TYPE_BYTES, "1,000", 1000);
	reads(TYPE_BYTES, "0,0", 0);
	reads(TYPE_BYTES, "1,79551447E+09", 1795514470);
	is_none(TYPE_BYTES, "4249,5");
	is_none(TYPE_BYTES, "0,500");
	reads(TYPE_TIME, "1970-01-01T00:00:00.5Z", 0);
	/* Seconds beyond 32 bits would be taken for milliseconds. */
	reads(TYPE_TIME, "2120-01-01T00:00:00Z", 4733510400000);
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		is_none(TYPE_TIME, none[i]);
}

/* ---- against the twin ---- */

/* Texts that are nearly what is read, and often are. */
static void random_text(uint64_t *seed, char *out, size_t size)
{
	static const char *const parts[] = { "1",
					     "23",
					     "456",
					     "000",
					     "000",
					     ",",
					     ".",
					     "'",
					     " ",
					     "%20",
					     "-",
					     "+",
					     "e",
					     "T",
					     ":",
					     "Z",
					     "1795514470",
					     "2026-11-24",
					     "10:01:10",
					     ",234",
					     ".567",
					     "+01",
					     "0",
					     "\xc2\xa0",
					     "UTC",
					     "65536",
					     "18446744073709551615",
					     "11/24/2026, 10:01:10",
					     " AM",
					     " PM",
					     "1/2/2026, 12:05",
					     "24/11/2026 3:05",
					     "24.11.2026",
					     "5-13-2026",
					     " pm",
					     "e+09" };
	unsigned n = 1 + (unsigned)random_below(seed, 6);

	*out = '\0';
	while (n--) {
		const char *part = parts[random_below(seed, ARRAY_SIZE(parts))];
		if (strlen(out) + strlen(part) < size)
			strcat(out, part);
	}
}

static void as_the_twin_reads(void **state)
{
	static const enum field_type types[] = { TYPE_NUMBER, TYPE_BYTES,    TYPE_PORT,
						 TYPE_FLAGS,  TYPE_PROTOCOL, TYPE_TIME };
	uint64_t seed = 20261124, fast, slow;
	unsigned read = 0;
	char text[64];

	(void)state;
	for (int i = 0; i < 60000; i++) {
		enum field_type type = types[random_below(&seed, ARRAY_SIZE(types))];
		random_text(&seed, text, sizeof text);
		bool is = reading_number(type, str_of(text), &fast);
		if (is != slow_number(type, text, &slow) || (is && fast != slow))
			fail_msg("'%s' of type %d", text, type);
		read += is;
	}
	assert_true(read > 2000);
}

/* ---- of records ---- */

/* A line whose values are odd here and there. */
static void odd_line(uint64_t *seed, struct buf *out)
{
	static const char *const odd[] = {
		"abc",
		"-1",
		"-5",
		"1,234",
		"007",
		"18446744073709551615",
		"100000",
		"500",
		"invalid",
		"tcp",
		"999.0.0.1",
		"10.0.0.01",
		"2001:DB8::1",
		"soon",
		"5.0",
		"accept",
		"2026-11-24T10:01:10Z",
		"BLOCK",
		"OK",
		"NODATA",
		"SKIPDATA",
		"FINE",
		"18446744073709551614",
	};
	struct buf line = { 0 };
	struct str rest, word;

	random_line(seed, 1700000000, &line);
	rest = buf_str(&line);
	for (bool first = true; (word = str_token(&rest)).n; first = false) {
		buf_puts(out, first ? "" : " ");
		if (!first && random_below(seed, 12) == 0)
			buf_puts(out, odd[random_below(seed, ARRAY_SIZE(odd))]);
		else
			buf_add_str(out, word);
	}
	buf_putc(out, '\n');
	buf_release(&line);
}

/* What is noted of a segment's rows is what the twin says of its lines. */
static void check_rows(const struct segment *s, const struct slow *slow, size_t *at,
		       struct field_counts *counts)
{
	for (uint32_t row = 0; row < s->rows; row++, ++*at) {
		const struct slow_flow *f = &slow->flow[*at];
		uint32_t i = segment_unreadable_from(s, row);
		bool noted = i < s->unreadables && s->unreadable[i].row == row, any = false;
		for (unsigned c = 0; c < s->format->n; c++) {
			bool want = slow_is_unreadable(f, s->format->field[c]);
			assert_int_equal(segment_is_unreadable(s, row, c), want);
			any |= want;
			if (want)
				field_counts_add(counts, s->format->field[c], 1);
		}
		assert_int_equal(noted, any);
		/* A header is above all, a blank line before each third. */
		if (noted)
			assert_int_equal(s->unreadable[i].line, *at + 3 + *at / 3);
	}
}

static void unreadable_rows_are_noted(void **state)
{
	struct ring *r = ring_new(dict_new(), UINT64_C(1) << 30);
	struct buf text = { 0 }, lines = { 0 }, out = { 0 };
	struct field_counts counts = { 0 };
	struct slow slow = { 0 };
	uint64_t seed = 77;
	size_t at = 0;

	(void)state;
	buf_add_str(&text, format_default()->text);
	buf_putc(&text, '\n');
	for (size_t i = 0; i < 6000; i++) {
		size_t had = lines.n;
		odd_line(&seed, &lines);
		buf_puts(&text, i % 3 ? "" : "\n");
		buf_add(&text, lines.s + had, lines.n - had);
	}
	ring_add_text(r, NULL, buf_str(&text), NULL, NULL);
	slow_read(&slow, format_default(), buf_str(&lines));
	ring_render(r, &out);
	assert_string_equal(out.s, lines.s);
	for (size_t i = 0; i < ring_count(r); i++)
		check_rows(ring_at(r, i), &slow, &at, &counts);
	assert_int_equal(at, 6000);
	assert_true(counts.n >= 10 && counts.all > 2000);
	field_counts_release(&counts);
	slow_release(&slow);
	buf_release(&text);
	buf_release(&lines);
	buf_release(&out);
	ring_free_all(r);
}

static void counts_by_field(void **state)
{
	struct field_set set = { .has = { [FIELD_END] = true, [FIELD_BYTES] = true } };
	struct field_counts c = { 0 };
	struct buf text = { 0 };

	(void)state;
	field_counts_add(&c, FIELD_END, 2);
	field_counts_add(&c, FIELD_BYTES, 3);
	field_counts_add(&c, FIELD_END, 10);
	field_counts_add(&c, FIELD_SRCADDR, 1);
	field_counts_render(&c, &text);
	assert_string_equal(text.s, "srcaddr 1, bytes 3, end 12");
	assert_int_equal(c.all, 16);
	assert_int_equal(field_counts_within(&c, &set), 15);
	buf_release(&text);
	field_counts_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(bounds),
		cmocka_unit_test(times),
		cmocka_unit_test(as_the_twin_reads),
		cmocka_unit_test(unreadable_rows_are_noted),
		cmocka_unit_test(counts_by_field),
	};

	return cmocka_run_group_tests_name("reading", tests, NULL, NULL);
}
