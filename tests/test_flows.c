/* Rows in an order: picked from random segments against a plain sort of the lines; then
 * the list on screen: all can be scrolled to, the selected one stays selected. */
#include "base/job.h"
#include "panes.h"
#include "slow.h"
#include "term/key.h"

/* ---- the plain sort ---- */

struct slow_ref {
	uint64_t serial;
	uint32_t row;
	int64_t time;
	char *value; /* of the field that is sorted by */
};

static struct {
	int field;
	bool ascending;
} by;

static int compare_text(const char *x, const char *y)
{
	uint8_t a[16], b[16];

	if (field_type(by.field) == TYPE_ADDRESS) {
		assert_true(address_parse(str_of(x), a) && address_parse(str_of(y), b));
		return memcmp(a, b, 16);
	}
	if (type_is_number(field_type(by.field))) {
		uint64_t m = strtoull(x, NULL, 10), n = strtoull(y, NULL, 10);
		return m < n ? -1 : m > n;
	}
	return strcmp(x, y);
}

static int compare_slow(const void *p, const void *q)
{
	const struct slow_ref *x = p, *y = q;
	bool no_x = strcmp(x->value, "-") == 0, no_y = strcmp(y->value, "-") == 0;
	int order = 0;

	if (by.field == FIELD_BIN && by.ascending) {
		const struct slow_ref *t = x;
		x = y;
		y = t;
	} else if (by.field != FIELD_BIN && no_x != no_y) {
		return no_x ? 1 : -1;
	} else if (by.field != FIELD_BIN && !no_x) {
		order = compare_text(x->value, y->value);
		order = by.ascending ? order : -order;
	}
	if (order)
		return order;
	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	if (x->serial != y->serial)
		return x->serial > y->serial ? -1 : 1;
	return x->row > y->row ? -1 : x->row < y->row;
}

/* Every row that is wanted, sorted; *n of them. */
static struct slow_ref *slow_sort(struct ring *r, uint64_t *const *bits, struct span span,
				  size_t *n)
{
	struct slow_ref *out = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < ring_count(r); i++) {
		const struct segment *s = ring_at(r, i);
		struct slow slow = { 0 };
		struct buf text = { 0 }, value = { 0 };
		for (uint32_t row = 0; row < s->rows; row++) {
			segment_render(s, ring_dict(r), row, &text);
			buf_putc(&text, '\n');
		}
		slow_read(&slow, s->format, buf_str(&text));
		assert_int_equal(slow.n, s->rows);
		for (uint32_t row = 0; row < s->rows; row++) {
			int64_t t = slow_time(&slow.flow[row]);
			bool in = bits[i] ? bits[i][row / 64] >> row % 64 & 1
					  : slow_is_flow(&slow.flow[row]);
			if (!in || (t != INT64_MIN && (t < span.from || t >= span.to)))
				continue;
			buf_clear(&value);
			slow_value(&slow.flow[row], by.field, &value);
			xgrow((void **)&out, &cap, *n + 1, sizeof *out);
			out[(*n)++] =
				(struct slow_ref){ s->serial, row, t, xstrndup(value.s, value.n) };
		}
		slow_release(&slow);
		buf_release(&text);
		buf_release(&value);
	}
	if (*n)
		qsort(out, *n, sizeof *out, compare_slow);
	return out;
}

static void expect(const struct flow_ref *have, size_t n, struct slow_ref *want, size_t all,
		   size_t limit)
{
	assert_int_equal(n, all < limit ? all : limit);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(have[i].segment->serial, want[i].serial);
		assert_int_equal(have[i].row, want[i].row);
		assert_true(have[i].time == want[i].time);
	}
	for (size_t i = 0; i < all; i++)
		free(want[i].value);
	free(want);
}

/* Half of the time all rows have a time, and segments are not of the same: then some can be
 * left aside as a whole. */
static void fill(struct ring *r, uint64_t *seed)
{
	bool dated = random_below(seed, 2);

	for (uint64_t segments = random_below(seed, 5); segments-- > 0;) {
		struct buf text = { 0 };
		uint64_t rows = 1 + random_below(seed, random_below(seed, 8) ? 90 : 1500);
		for (uint64_t i = 0; i < rows; i++) {
			size_t had = text.n;
			int64_t around = dated ? -1000 * (int64_t)segments : 900 * (int64_t)(i % 3);
			random_line(seed, START + around, &text);
			buf_putc(&text, '\n');
			if (dated &&
			    (strstr(text.s + had, " - - ACC") || strstr(text.s + had, " - - REJ")))
				text.n = had;
		}
		ring_add_text(r, format_default(), buf_str(&text), NULL, NULL);
		buf_release(&text);
	}
}

static struct span random_span(uint64_t *seed)
{
	struct span s = { INT64_MIN, INT64_MAX, false };

	if (random_below(seed, 2))
		s.from = START + (int64_t)random_below(seed, 2000) - 500;
	if (random_below(seed, 2))
		s.to = START + (int64_t)random_below(seed, 2500);
	return s;
}

/* clang-format off */
static const int fields[] = {
	FIELD_BIN, FIELD_BYTES, FIELD_SRCADDR, FIELD_DSTPORT, FIELD_ACTION, FIELD_INTERFACE_ID,
	FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE, FIELD_START, FIELD_PROTOCOL, FIELD_VPC_ID,
};
/* clang-format on */

static void picks_are_sorted(void **state)
{
	uint64_t seed = 4711;

	(void)state;
	for (int round = 0; round < 600; round++) {
		struct ring *r = ring_new(dict_new(), 1 << 30);
		uint64_t *bits[8] = { 0 }, offered;
		struct span span = random_span(&seed);
		size_t all, limit = 1 + random_below(&seed, random_below(&seed, 2) ? 10 : 3000);
		struct flow_ref *have;
		fill(r, &seed);
		by.field = fields[random_below(&seed, 2) ? 0
							 : random_below(&seed, ARRAY_SIZE(fields))];
		by.ascending = random_below(&seed, 2);
		struct flow_order order = { by.field, by.ascending };
		struct flow_pick *p = flow_pick_new(&order, ring_dict(r), limit);
		bool filtered = random_below(&seed, 2);
		for (size_t i = ring_count(r); i-- > 0;) {
			struct segment *s = ring_at(r, i);
			if (filtered) {
				bits[i] = xcalloc(s->rows / 64 + 1, sizeof **bits);
				for (uint32_t w = 0; w <= s->rows / 64; w++)
					bits[i][w] = random_next(&seed) & random_next(&seed);
				if (s->rows % 64) /* none beyond the rows */
					bits[i][s->rows / 64] &= (UINT64_C(1) << s->rows % 64) - 1;
				else
					bits[i][s->rows / 64] = 0;
			}
			flow_pick_add(p, s, s->rows, bits[i], span);
		}
		size_t n = flow_pick_end(p, &have, &offered);
		struct slow_ref *want = slow_sort(r, bits, span, &all);
		assert_int_equal(offered, all);
		expect(have, n, want, all, limit);
		free(have);
		for (size_t i = 0; i < ARRAY_SIZE(bits); i++)
			free(bits[i]);
		ring_free_all(r);
	}
}

static void columns_by_name(void **state)
{
	struct flow_columns c;
	struct str bad;

	(void)state;
	assert_int_equal(flow_columns_parse(str_of("time,src, dstPort ,server"), &c, &bad), 0);
	assert_int_equal(c.n, 4);
	assert_int_equal(c.field[0], FIELD_BIN);
	assert_int_equal(c.field[1], FIELD_SRCADDR);
	assert_int_equal(c.field[2], FIELD_DSTPORT);
	assert_int_equal(c.field[3], FIELD_SERVER);
	assert_int_not_equal(flow_columns_parse(str_of("src,nonsense,dst"), &c, &bad), 0);
	assert_true(str_equal(bad, str_of("nonsense")));
	assert_int_not_equal(flow_columns_parse(str_of("src,srcaddr"), &c, &bad), 0);
	assert_int_not_equal(flow_columns_parse(str_of(""), &c, &bad), 0);
	assert_int_not_equal(flow_columns_parse(str_of("src,"), &c, &bad), 0);
}

/* ---- the list on screen ---- */

static struct {
	uv_loop_t loop;
	struct monitor *monitor;
	struct options options;
	uint64_t seed;
	struct app a;
} L;

static void open_list(const char *option, const char *value)
{
	struct monitor_events e = panes_events(&L.loop);
	struct monitor_options o = { .memory = 1 << 28, .keep = true, .now_s = START + 100000 };
	char *argv[] = { (char[]){ "enitop" },      (char[]){ "--demo" },
			 (char[]){ "-tall" },       (char[]){ "-vflows" },
			 (char[]){ "--no-config" }, (char *)(uintptr_t)option,
			 (char *)(uintptr_t)value,  NULL };

	L.seed = 99;
	assert_int_equal(
		options_parse(&L.options, &view_table, option ? 7 : 5, argv, stdout, stderr), -1);
	uv_loop_init(&L.loop);
	L.monitor = monitor_new(&L.loop, &o, &e);
	app_init(&L.a, &L.options, L.monitor);
	screen_resize(&L.a.screen, 24, 100);
}

static void close_list(void)
{
	monitor_close(L.monitor, NULL, NULL);
	uv_run(&L.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&L.loop), 0);
	app_release(&L.a);
	options_release(&L.options);
}

/* A segment of n flows; bytes number them from `first` on. */
static void arrive(unsigned first, unsigned n)
{
	struct buf text = { 0 };

	for (unsigned i = first; i < first + n; i++)
		buf_printf(&text, "2 1 eni-1 10.0.0.%u 10.0.1.%u %u 443 6 1 %u %u %u ACCEPT OK\n",
			   i % 200, i % 100, 20000 + i % 20000, i, (unsigned)START + i / 10,
			   (unsigned)START + i / 10);
	ring_add_text(monitor_ring(L.monitor), format_default(), buf_str(&text), NULL, NULL);
	buf_release(&text);
}

static void show(void)
{
	while (live_step(L.a.live, 1000000))
		;
	app_draw(&L.a);
}

static void press_one(int key)
{
	app_key(&L.a, key);
	show();
}

/* The number of the selected record. */
static unsigned selected(void)
{
	const struct flow_ref *f = &L.a.flow[L.a.pane[FLOWS].selected];

	assert_true((size_t)L.a.pane[FLOWS].selected < L.a.flows);
	return (unsigned)column_number(segment_column(f->segment, FIELD_BYTES), f->row);
}

static bool on_screen(const char *text)
{
	struct buf b = { 0 };
	bool yes;

	screen_dump(&L.a.screen, false, &b);
	yes = strstr(b.s, text) != NULL;
	buf_release(&b);
	return yes;
}

static void all_can_be_scrolled_to(void **state)
{
	(void)state;
	open_list(NULL, NULL);
	arrive(0, 30000);
	arrive(30000, 30000);
	show();
	assert_int_equal(selected(), 59999);
	assert_int_equal(L.a.flows, FLOWS_STEP);
	assert_true(on_screen("1 of 60,000"));
	for (unsigned i = 1; i <= 3000; i += i < 1100 ? 1 : 40) {
		L.a.pane[FLOWS].selected = (int)i - 1;
		press_one(K_DOWN);
		assert_int_equal(selected(), 59999 - i);
	}
	press_one('G');
	assert_int_equal(selected(), 0);
	assert_true(on_screen("60,000 of 60,000"));
	press_one(K_HOME);
	assert_int_equal(selected(), 59999);
	close_list();
}

static void the_selected_one_stays(void **state)
{
	(void)state;
	open_list(NULL, NULL);
	arrive(0, 3000);
	show();
	for (int i = 0; i < 5; i++)
		press_one(K_DOWN);
	assert_int_equal(selected(), 2994);
	int line = L.a.pane[FLOWS].selected - L.a.pane[FLOWS].top;
	arrive(3000, 700);
	show();
	assert_int_equal(selected(), 2994);
	assert_int_equal(L.a.pane[FLOWS].selected - L.a.pane[FLOWS].top, line);
	/* Further than what is at hand. */
	arrive(3700, 700);
	show();
	assert_int_equal(selected(), 2994);
	press_one(K_DOWN);
	assert_int_equal(selected(), 2993);
	/* The first row is the newest, whatever comes. */
	press_one(K_HOME);
	arrive(4400, 10);
	show();
	assert_int_equal(selected(), 4409);
	close_list();
}

static void sorted_by_keys(void **state)
{
	(void)state;
	open_list("--sort", "bytes");
	arrive(100, 2000);
	show();
	assert_int_equal(selected(), 100);
	assert_true(on_screen("by bytes, smallest first"));
	press_one('S');
	assert_int_equal(selected(), 2099);
	press_one(K_DOWN);
	arrive(5000, 5);
	show();
	assert_int_equal(selected(), 2098);
	assert_int_equal(L.a.pane[FLOWS].selected, 6);
	/* The column behind bytes, from its smallest text on. */
	press_one('s');
	assert_int_equal(L.a.list.order.field, FIELD_INTERFACE_ID);
	assert_true(L.a.list.order.ascending);
	press_one('s');
	assert_int_equal(L.a.list.order.field, FIELD_BIN);
	assert_int_equal(selected(), 5004);
	close_list();
}

static void record_by_record(void **state)
{
	(void)state;
	open_list(NULL, NULL);
	arrive(0, 2500);
	show();
	press_one(K_ENTER);
	assert_true(on_screen("Record 1 of 2,500"));
	for (unsigned i = 1; i < 1500; i++)
		press_one('n');
	assert_true(on_screen("Record 1,500 of 2,500"));
	assert_int_equal(selected(), 1000);
	assert_int_equal(
		column_number(segment_column(L.a.detail.segment, FIELD_BYTES), L.a.detail.row),
		1000);
	arrive(2500, 5); /* it stays */
	show();
	assert_true(on_screen("Record 1,505 of 2,505"));
	press_one('p');
	assert_int_equal(selected(), 1001);
	press_one(K_BACKSPACE);
	assert_null(L.a.detail.segment);
	assert_int_equal(selected(), 1001);
	press_one(K_HOME);
	press_one(K_ENTER);
	press_one('p'); /* there is none before the first */
	assert_true(on_screen("Record 1 of 2,505"));
	close_list();
}

static void columns_are_chosen(void **state)
{
	(void)state;
	open_list("--columns", "time,client,server,service,bytes");
	arrive(0, 10);
	show();
	assert_true(on_screen("client"));
	assert_false(on_screen("destination"));
	assert_true(on_screen("~443")); /* no flags: a guess */
	press_one('c');
	assert_true(on_screen("[x] server"));
	assert_true(on_screen("[ ] dstaddr"));
	press_one(' '); /* time */
	assert_int_equal(L.a.list.columns.n, 4);
	assert_int_equal(L.a.list.columns.field[0], FIELD_CLIENT);
	press_one('>');
	assert_int_equal(L.a.list.columns.field[1], FIELD_CLIENT);
	press_one('<');
	press_one('<'); /* at the edge */
	assert_int_equal(L.a.list.columns.field[0], FIELD_CLIENT);
	for (int i = 0; i < 4; i++)
		press_one('j');
	press_one(' '); /* the first that is not chosen */
	assert_int_equal(L.a.list.columns.n, 5);
	assert_int_equal(L.a.list.columns.field[4], FIELD_VERSION);
	press_one('s');
	assert_int_equal(L.a.list.order.field, FIELD_VERSION);
	press_one(K_ENTER);
	assert_true(on_screen("by version"));
	press_one('c');
	press_one('r');
	press_one('c');
	assert_true(on_screen("destination"));
	/* None at all is a list too. */
	press_one('c');
	press_one(K_HOME);
	for (int i = 0; i < 12; i++) {
		press_one(K_HOME);
		if (L.a.list.columns.n)
			press_one(' ');
	}
	assert_int_equal(L.a.list.columns.n, 0);
	press_one('c');
	press_one('s');
	close_list();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(picks_are_sorted),       cmocka_unit_test(columns_by_name),
		cmocka_unit_test(all_can_be_scrolled_to), cmocka_unit_test(the_selected_one_stays),
		cmocka_unit_test(sorted_by_keys),         cmocka_unit_test(record_by_record),
		cmocka_unit_test(columns_are_chosen),
	};

	job_setup();
	return cmocka_run_group_tests_name("flows", tests, NULL, NULL);
}
