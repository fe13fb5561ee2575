/* Behind the filter bar: the stack of clauses, what can be completed, search in the
 * history, and how much each clause lets through. */
#include "state/complete.h"
#include "query/count.h"
#include "term/key.h"
#include "state/stack.h"
#include "support.h"

#define NOW INT64_C(1700000000)

/* ---- the stack ---- */

static void follow(struct stack *s, const char *text)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), NOW, &e);

	assert_non_null(f);
	stack_follow(s, f);
	filter_free(f);
}

static void stacked(const struct stack *s, const char *want)
{
	struct buf out = { 0 };

	for (size_t i = 0; i < s->n; i++)
		buf_printf(&out, "%s%c%s", i ? " " : "", s->clause[i].off ? '-' : '+',
			   s->clause[i].text);
	assert_string_equal(out.n ? out.s : "", want);
	buf_release(&out);
}

static void stack_remembers_what_is_off(void **state)
{
	struct stack s = { .n = 0 }, copy = { .n = 0 };
	struct buf text = { 0 };

	(void)state;
	follow(&s, "tcp and (22 or 23) and reject");
	stacked(&s, "+tcp +(22 or 23) +reject");
	s.clause[1].off = true;
	stack_text(&s, &text);
	assert_string_equal(text.s, "tcp and reject");
	stack_copy(&copy, &s);
	follow(&s, "tcp and reject and udp");
	stacked(&s, "+tcp -(22 or 23) +reject +udp");
	follow(&s, "udp");
	stacked(&s, "+udp -(22 or 23)");
	follow(&s, "(22 or 23) and udp"); /* typed again: on */
	stacked(&s, "+(22 or 23) +udp");
	stack_remove(&s, 0);
	stacked(&s, "+udp");
	stacked(&copy, "+tcp -(22 or 23) +reject");
	stack_release(&s);
	stack_release(&copy);
	buf_release(&text);
}

/* ---- completion ---- */

static void places(void **state)
{
	static const struct {
		const char *text;
		enum complete_kind kind;
		const char *prefix, *name;
	} want[] = {
		{ "", COMPLETE_WORD, "", "" },
		{ "ds", COMPLETE_WORD, "ds", "" },
		{ "tcp and not sr", COMPLETE_WORD, "sr", "" },
		{ "(-sr", COMPLETE_WORD, "sr", "" },
		{ "dport=", COMPLETE_VALUE, "", "dport" },
		{ "dport:4", COMPLETE_VALUE, "4", "dport" },
		{ "tcp !dport != 22, 4", COMPLETE_VALUE, "4", "dport" },
		{ "src=10.0.0.1,10.", COMPLETE_VALUE, "10.", "src" },
		{ "src=2001:db8:", COMPLETE_VALUE, "2001:db8:", "src" },
		{ "eni in (eni-1, e", COMPLETE_VALUE, "e", "eni" },
		{ "nosuch=x", COMPLETE_WORD, "x", "" },
		{ "tcp @s", COMPLETE_SAVED, "@s", "" },
		{ "not @", COMPLETE_SAVED, "@", "" },
		{ "/ds", COMPLETE_NOTHING, "", "" },
		{ "action=\"RE", COMPLETE_NOTHING, "", "" },
		{ "eni=\"a\\\"b", COMPLETE_NOTHING, "", "" },
		{ "eni=\"a\\\"b\" and action=RE", COMPLETE_VALUE, "RE", "action" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		struct complete_place p = complete_place(str_of(want[i].text));
		assert_int_equal(p.kind, want[i].kind);
		if (p.kind == COMPLETE_NOTHING)
			continue;
		if (!str_equal(p.prefix, str_of(want[i].prefix)) ||
		    !str_equal(p.name, str_of(want[i].name)))
			fail_msg("'%s': prefix '%.*s' of '%.*s'", want[i].text, (int)p.prefix.n,
				 p.prefix.s, (int)p.name.n, p.name.s);
	}
}

static struct ring *ring;

static void record(struct buf *b, const char *eni, unsigned dport, const char *action, int64_t end)
{
	buf_printf(b, "2 1 %s 10.0.0.%u 10.0.1.1 40000 %u 6 1 40 %lld %lld %s OK\n", eni, dport % 7,
		   dport, (long long)end - 60, (long long)end, action);
}

static void open_ring(void)
{
	struct buf b = { 0 };

	ring = ring_new(dict_new(), 1 << 28);
	for (unsigned i = 0; i < 60; i++)
		record(&b, "eni-1", i % 3 ? 443 : 22, i % 2 ? "ACCEPT" : "REJECT", NOW - i * 60);
	record(&b, "eni-\033[2J", 4430, "ACCEPT", NOW);
	record(&b, "eni-a,b", 4431, "ACCEPT", NOW);
	record(&b, "eni-1", 4431, "ACCEPT", NOW);
	buf_puts(&b, "2 1 eni-1 - - - - - - - 1699999900 1700000000 - NODATA\n");
	ring_add_text(ring, format_default(), buf_str(&b), NULL, NULL);
	buf_release(&b);
}

static const char *saved(void *ctx, size_t i)
{
	static const char *const names[] = { "ssh", "jump", NULL };

	(void)ctx;
	return names[i];
}

/* What Tab, so many times, makes of a text. */
static void tabbed(const char *text, int tabs, const char *want)
{
	struct complete c = { .n = 0 };
	struct prompt p = { .n = 0 };
	struct complete_data d = { ring, { INT64_MIN, INT64_MAX, false }, saved, NULL };

	prompt_set(&p, text);
	for (int i = 0; i < (tabs < 0 ? -tabs : tabs); i++)
		complete_step(&c, &p, &d, tabs < 0 ? -1 : 1);
	assert_string_equal(p.text, want);
	if (c.n)
		complete_undo(&c, &p);
	if (tabs > 1)
		assert_string_equal(p.text, text);
	prompt_release(&p);
}

static void completes(void **state)
{
	(void)state;
	open_ring();
	tabbed("tcp and subn", 1, "tcp and subnet");
	tabbed("dport", 1, "dport=");
	tabbed("dport", 2, "dport!=");
	tabbed("action", 3, "action~"); /* texts have no order */
	/* By how often they stand there: 443 40 times, 22 20 times, 4431 twice. */
	tabbed("dport=", 1, "dport=443");
	tabbed("dport=", 2, "dport=22");
	tabbed("dport=44", 2, "dport=4431");
	tabbed("dport=44", 3, "dport=4430");
	tabbed("dport=44", -1, "dport=4430");
	tabbed("not port=4000", 1, "not port=40000"); /* either side */
	tabbed("proto=", 1, "proto=tcp");
	tabbed("end>=", 2, "end>=-15m");
	tabbed("flags=s", 2, "flags=syn+ack");
	tabbed("action=rej", 1, "action=REJECT");
	tabbed("eni=", 2, "eni=\"eni-a,b\"");
	tabbed("eni=", 3, "eni=eni-1"); /* round: what is no plain text is not offered */
	tabbed("tcp @j", 1, "tcp @jump");
	tabbed("rej", 1, "reject");
	tabbed("nosuchthing", 1, "nosuchthing");
	tabbed("/ds", 1, "/ds");
	ring_free_all(ring);
}

/* However many values there are, and however little room: the heaviest are offered, none of them
 * with more than it has. */
static void heavy_values_in_little_room(void **state)
{
	struct span all = { INT64_MIN, INT64_MAX, false };
	struct value_seen seen[5];
	struct buf b = { 0 };
	bool partial = false;

	(void)state;
	ring = ring_new(dict_new(), 8 << 20);
	for (unsigned i = 0; i < 60000; i++) { /* four of ten records are of four addresses */
		unsigned heavy = i % 10 < 4 ? i % 10 + 1 : 0;
		buf_printf(&b, "2 1 eni-1 %s.%u.%u.%u 10.0.1.1 40000 443 6 1 40 1 2 ACCEPT OK\n",
			   heavy ? "10" : "11", heavy ? 0 : i >> 16, heavy ? 0 : i >> 8 & 255,
			   heavy ? heavy : i & 255);
	}
	ring_add_text(ring, format_default(), buf_str(&b), NULL, NULL);
	buf_release(&b);
	assert_int_equal(values_seen(ring, str_of("src"), str_of(""), all, seen, 5), 5);
	for (unsigned i = 0; i < 5; i++) {
		if (i < 4)
			assert_memory_equal(seen[i].text, "10.0.0.", 7);
		assert_in_range(seen[i].flows, i < 4 ? 5900 : 1, i < 4 ? 6000 : 1);
		assert_true(seen[i].partial || i == 4 || seen[i].flows == 6000);
		partial |= seen[i].partial;
		free(seen[i].text);
	}
	assert_true(partial); /* there was too little room for all */
	ring_free_all(ring);
}

static void completion_is_bounded(void **state)
{
	struct complete c = { .n = 0 };
	struct prompt p = { .n = 0 };
	struct complete_data d = { .saved = saved };
	struct screen s = { 0 };

	(void)state;
	for (int i = 0; i < PROMPT_MAX; i++)
		prompt_key(&p, i % 7 ? 'd' : ' ');
	assert_int_equal(p.n, PROMPT_MAX - 1);
	for (int i = 0; i < 5; i++)
		complete_step(&c, &p, &d, 1);
	assert_true(strlen(p.text) < PROMPT_MAX);
	prompt_set(&p, "");
	for (int i = 0; i < 200; i++) {
		complete_step(&c, &p, &d, i % 3 ? 1 : -1);
		assert_true(c.n > 0 && c.n <= COMPLETE_MAX);
		for (int cols = 1; cols < 60; cols += 13) {
			screen_resize(&s, 3, cols);
			complete_draw(&c, screen_area(&s));
		}
	}
	screen_release(&s);
	prompt_release(&p);
}

/* Whatever stands there: a candidate is put where the cursor is, the rest stays, Esc brings
 * the text back. */
static void completion_of_noise(void **state)
{
	static const char bytes[] = "sdpt=!<>~:,()\"' @-/rejct inport=10.eni";
	struct complete c = { .n = 0 };
	struct prompt p = { .n = 0 };
	uint64_t seed = 9;

	(void)state;
	open_ring();
	struct complete_data d = { ring, { INT64_MIN, INT64_MAX, false }, saved, NULL };
	for (int i = 0; i < 1500; i++) {
		char text[16] = "", before[16], after[16];
		for (size_t k = 0; k < random_below(&seed, 14); k++)
			text[k] = bytes[random_below(&seed, sizeof bytes - 1)];
		prompt_set(&p, text);
		p.cursor = (int)random_below(&seed, strlen(text) + 1);
		snprintf(before, sizeof before, "%.*s", p.cursor, text);
		snprintf(after, sizeof after, "%s", text + p.cursor);
		if (!complete_step(&c, &p, &d, 1)) {
			assert_string_equal(p.text, text);
			continue;
		}
		assert_true(strncmp(p.text, before, (size_t)c.from) == 0);
		assert_string_equal(p.text + p.cursor, after);
		if (c.n == 0)
			continue;
		complete_step(&c, &p, &d, -1);
		complete_undo(&c, &p);
		assert_string_equal(p.text, text);
	}
	ring_free_all(ring);
}

/* ---- search in the history ---- */

static void searches(void **state)
{
	static const char *const lines[] = { "dport=22", "reject and 443", "src=10.0.0.1",
					     "reject and 22" };
	struct prompt p = { .n = 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		prompt_remember(&p, lines[i]);
	prompt_set(&p, "half");
	prompt_key(&p, K_CTRL('R'));
	assert_string_equal(p.text, "half");
	for (const char *k = "rej"; *k; k++)
		prompt_key(&p, *k);
	assert_string_equal(p.text, "reject and 22");
	assert_int_equal(prompt_key(&p, K_CTRL('R')), PROMPT_CHANGED);
	assert_string_equal(p.text, "reject and 443");
	prompt_key(&p, K_CTRL('R'));
	assert_true(p.failing);
	assert_string_equal(p.text, "reject and 443");
	/* Esc takes back the search alone; a key of the editor keeps what was found. */
	assert_int_equal(prompt_key(&p, K_ESCAPE), PROMPT_CHANGED);
	assert_string_equal(p.text, "half");
	prompt_key(&p, K_CTRL('R'));
	prompt_key(&p, '2');
	prompt_key(&p, '2');
	prompt_key(&p, K_CTRL('A'));
	prompt_key(&p, 'x');
	assert_string_equal(p.text, "xreject and 22");
	assert_int_equal(prompt_key(&p, K_ESCAPE), PROMPT_CANCEL);
	prompt_release(&p);
}

/* ---- counts ---- */

static struct count_answer counted(const char *const *text, const bool *off, size_t n,
				   struct span window)
{
	struct count *c = count_new(ring, text, off, n, window, NOW);
	struct count_answer a;

	while (count_step(c, 0))
		assert_true(count_percent(c) < 100);
	a = *count_answer(c);
	count_free(c);
	return a;
}

/* Against a count by hand over the same loop that wrote the records. */
static void counts(void **state)
{
	static const char *const text[] = { "reject", "dport=22", "dport=443", "tcp", "dport=9" };
	static const bool off[] = { false, false, true, false, false };
	struct span window = { NOW - 30 * 60, NOW - 10 * 60, false };
	uint64_t rejects = 0, ssh = 0, both = 0, within = 0, all_ssh = 0, before = 0, after = 0;
	struct count_answer a;

	(void)state;
	open_ring();
	for (unsigned i = 0; i < 60; i++) {
		bool in = i <= 30 && i > 10, is_ssh = i % 3 == 0, refused = i % 2 == 0;
		within += in;
		rejects += in && refused;
		ssh += in && is_ssh;
		both += in && is_ssh && refused;
		all_ssh += is_ssh;
		before += i > 30 && is_ssh && refused;
		after += i <= 10 && is_ssh && refused;
	}
	a = counted(text, off, 4, window);
	assert_int_equal(a.n, 4);
	assert_int_equal(a.within, within);
	assert_int_equal(a.held, 63);
	assert_int_equal(a.clause[0].alone, rejects);
	assert_int_equal(a.clause[0].above, rejects);
	assert_int_equal(a.clause[1].alone, ssh);
	assert_int_equal(a.clause[1].anywhere, all_ssh);
	assert_int_equal(a.clause[1].above, both);
	assert_int_equal(a.clause[2].above, 0);    /* as it would be, were it on */
	assert_int_equal(a.clause[3].above, both); /* it is off, for those below */
	assert_int_equal(a.before, before);
	assert_int_equal(a.last_before, NOW - 36 * 60);
	assert_int_equal(a.after, after);
	assert_int_equal(a.first_after, NOW - 6 * 60);
	a = counted(text, off, 5, window);
	assert_int_equal(a.clause[4].above, 0);
	assert_int_equal(a.before + a.after, 0);
	/* No clause at all: every flow. */
	a = counted(text, off, 0, window);
	assert_int_equal(a.before + a.after + a.within, 63);
	ring_free_all(ring);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stack_remembers_what_is_off),
		cmocka_unit_test(places),
		cmocka_unit_test(completes),
		cmocka_unit_test(heavy_values_in_little_room),
		cmocka_unit_test(completion_is_bounded),
		cmocka_unit_test(completion_of_noise),
		cmocka_unit_test(searches),
		cmocka_unit_test(counts),
	};

	return cmocka_run_group_tests_name("bar", tests, NULL, NULL);
}
