/* Filters and what they must select over records of every kind of field: tests/filter/. */
#include "filter/filter.h"
#include "slow_filter.h"
#include "support.h"

#define NOW 1700003600 /* 2023-11-14T23:13:20Z */
#define RECORDS 64

static struct ring *ring;
static struct slow slow;

static void read_file(const char *name, struct buf *out)
{
	const char *srcdir = getenv("srcdir");
	char path[2048], piece[4096];
	size_t got;

	snprintf(path, sizeof path, "%s/tests/filter/%s", srcdir ? srcdir : ".", name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	while ((got = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(out, piece, got);
	fclose(f);
}

/* The slow twin knows no headers: it gets the lines behind each with its format. */
static void slow_read_all(struct str text)
{
	const struct format *format = NULL;

	while (text.n) {
		const char *newline = memchr(text.s, '\n', text.n);
		struct str line = { text.s, newline ? (size_t)(newline - text.s) : text.n };
		if (format_is_header(line))
			format = format_parse(line, "test");
		else
			slow_read(&slow, format, line);
		text.s += line.n + !!newline;
		text.n -= line.n + !!newline;
	}
}

static int set_up(void **state)
{
	struct buf log = { 0 };
	struct decode_counts counts = { 0 };

	(void)state;
	read_file("flows.txt", &log);
	ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(ring, INT64_MAX);
	ring_add_text(ring, NULL, buf_str(&log), &counts, NULL);
	slow_read_all(buf_str(&log));
	buf_release(&log);
	assert_int_equal(counts.malformed, 0);
	assert_true(slow.n < RECORDS);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	ring_free_all(ring);
	slow_release(&slow);
	return 0;
}

/* Bit: the record of that serial number, its last column. */
static uint64_t serial_bit(const char *serial)
{
	return UINT64_C(1) << strtoul(serial, NULL, 10);
}

/* "1-3 7" as bits. */
static uint64_t parse_serials(const char *s)
{
	uint64_t bits = 0;
	char *end;

	while (*s && *s != '\n') {
		unsigned long from = strtoul(s, &end, 10), to = from;
		if (*end == '-')
			to = strtoul(end + 1, &end, 10);
		assert_true(end > s && from <= to && to < RECORDS);
		for (; from <= to; from++)
			bits |= UINT64_C(1) << from;
		s = end + (*end == ' ');
	}
	return bits;
}

static uint64_t selected(struct filter *f)
{
	uint64_t all = 0, bits[RECORDS / 64];

	for (size_t i = 0; i < ring_count(ring); i++) {
		const struct segment *s = ring_at(ring, i);
		const struct column *serial = segment_column(s, field_lookup(str_of("serial")));
		filter_select(f, s, ring_dict(ring), 0, s->rows, bits, NULL);
		assert_false(filter_excludes(f, s, ring_dict(ring)) && bits[0]);
		for (uint32_t row = 0; row < s->rows; row++) {
			struct buf text = { 0 };
			column_render(serial, ring_dict(ring), row, &text);
			if (bits[0] >> row & 1)
				all |= serial_bit(text.s);
			buf_release(&text);
		}
	}
	return all;
}

static void say(const char *whose, uint64_t bits, struct buf *out)
{
	buf_printf(out, "\n%s:", whose);
	for (unsigned i = 0; i < RECORDS; i++)
		if (bits >> i & 1)
			buf_printf(out, " %u", i);
}

static void check_row(const char *text, const char *serials)
{
	uint64_t want = parse_serials(serials), have, twin = 0;
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), NOW, &e);
	struct buf says = { 0 };

	if (!f)
		fail_msg("'%s': %s", text, e.message);
	have = selected(f);
	for (size_t i = 0; i < slow.n; i++)
		if (slow_selects(f, &slow.flow[i]) == SLOW_YES)
			twin |= serial_bit(slow.flow[i].value[slow.flow[i].format->n - 1]);
	if (have != want || twin != want) {
		buf_printf(&says, "'%s' reads '%s'", text, filter_reads(f));
		say("must select", want, &says);
		say("selects", have, &says);
		say("the slow twin", twin, &says);
		fail_msg("%s", says.s);
	}
	/* What it reads selects the same. */
	struct filter *again = filter_new(str_of(filter_reads(f)), NOW, &e);
	assert_non_null(again);
	assert_string_equal(filter_reads(again), filter_reads(f));
	assert_int_equal(selected(again), want);
	filter_free(again);
	filter_free(f);
}

static void every_row(void **state)
{
	struct buf table = { 0 };
	char *line, *rest = NULL;
	unsigned rows = 0;

	(void)state;
	read_file("table.txt", &table);
	for (line = strtok_r(table.s, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *tab = strchr(line, '\t');
		if (line[0] == '#')
			continue;
		assert_non_null(tab);
		*tab = '\0';
		check_row(line, tab + 1);
		rows++;
	}
	assert_true(rows >= 150);
	buf_release(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
	};

	return cmocka_run_group_tests_name("filter_table", tests, set_up, tear_down);
}
