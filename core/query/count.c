/* count.c - see count.h. */
#include "query/count.h"

#include <stdlib.h>
#include <string.h>

#include "query/scan.h"

struct count {
	struct scan scan;
	struct count_answer answer;
	/* Of each clause alone, and of it with those above; `all`: those that are on. Whole
	 * texts are compiled, so that what a conjunction means is the evaluator's to say. */
	struct filter *alone[COUNT_CLAUSES], *above[COUNT_CLAUSES], *all;
	struct span window;
	bool done;
	size_t at;                                 /* clauses that are done of the segment */
	uint64_t within[(SEGMENT_ROWS + 63) / 64]; /* its rows in the window */
	int64_t time[SEGMENT_ROWS];
};

static struct filter *compile(struct str text, int64_t now_s)
{
	struct filter_error e;

	return filter_new(text, now_s, &e);
}

static void compile_all(struct count *c, const char *const *text, const bool *off, int64_t now_s)
{
	struct buf on = { 0 };

	for (size_t i = 0; i < c->answer.n; i++) {
		size_t had = on.n;
		c->alone[i] = compile(str_of(text[i]), now_s);
		c->answer.clause[i].bad = !c->alone[i];
		if (!c->alone[i])
			continue;
		buf_printf(&on, "%s%s", had ? " and " : "", text[i]);
		c->above[i] = compile(buf_str(&on), now_s);
		if (off[i])
			on.s[on.n = had] = '\0';
	}
	c->all = compile(str_of(on.n ? on.s : ""), now_s);
	buf_release(&on);
}

struct count *count_new(struct ring *r, const char *const *text, const bool *off, size_t n,
			struct span window, int64_t now_s)
{
	struct count *c = xcalloc(1, sizeof *c);
	static const struct span all = { INT64_MIN, INT64_MAX, false };

	scan_begin(&c->scan, r, true, all);
	c->window = window;
	c->answer.n = n < COUNT_CLAUSES ? n : COUNT_CLAUSES;
	c->answer.last_before = INT64_MIN;
	c->answer.first_after = INT64_MAX;
	c->done = c->scan.total == 0;
	compile_all(c, text, off, now_s);
	return c;
}

void count_free(struct count *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->answer.n; i++) {
		filter_free(c->alone[i]);
		filter_free(c->above[i]);
	}
	filter_free(c->all);
	free(c);
}

/* False: the filter (NULL: a clause that does not parse) selects nothing. */
static bool select_rows(struct count *c, struct filter *f)
{
	return f && scan_select(&c->scan, f);
}

static uint64_t sum_bits(const struct count *c, const uint64_t *bits, bool within)
{
	uint64_t n = 0;

	for (uint32_t w = 0; w < (c->scan.rows + 63) / 64; w++)
		n += bit_count(within ? bits[w] & c->within[w] : bits[w]);
	return n;
}

/* As of the last select_rows(). */
static uint64_t sum_undecided(const struct count *c, bool within)
{
	return c->scan.undecided ? sum_bits(c, c->scan.undecided_bits, within) : 0;
}

/* Which rows are in the window. */
static void begin_segment(struct count *c, const struct segment *s)
{
	c->at = 0;
	c->answer.held += s->flows;
	memset(c->within, 0, sizeof c->within);
	if (s->dated == s->rows && s->time_min >= c->window.from && s->time_max < c->window.to) {
		memset(c->within, 0xff, sizeof c->within);
		c->answer.within += s->flows;
		return; /* times are asked for of rows outside only */
	}
	segment_times(s, 0, c->scan.rows, c->time);
	for (uint32_t row = 0; row < c->scan.rows; row++) {
		bool in = span_holds(c->window, c->time[row]);
		c->within[row / 64] |= (uint64_t)in << row % 64;
		if (in && (s->mark[row] & MARK_STATUS) == 0)
			c->answer.within++;
	}
}

static void count_outside(struct count *c)
{
	struct count_answer *a = &c->answer;

	if (!select_rows(c, c->all))
		return;
	for (uint32_t row = 0; row < c->scan.rows; row++) {
		uint64_t outside = c->scan.bits[row / 64] & ~c->within[row / 64];
		if (!(outside >> row % 64 & 1))
			continue;
		int64_t t = c->time[row];
		if (t == INT64_MIN) {
			a->undated++;
		} else if (t < c->window.from) {
			a->before++;
			a->last_before = t > a->last_before ? t : a->last_before;
		} else {
			a->after++;
			a->first_after = t < a->first_after ? t : a->first_after;
		}
	}
}

/* One clause, or what is outside when all are done; true while there is more. */
static bool count_more(struct count *c)
{
	struct count_clause *clause = &c->answer.clause[c->at];

	if (c->at == c->answer.n) {
		count_outside(c);
		return false;
	}
	if (select_rows(c, c->alone[c->at])) {
		clause->alone += sum_bits(c, c->scan.bits, true);
		clause->anywhere += sum_bits(c, c->scan.bits, false);
		clause->alone_undecided += sum_undecided(c, true);
		clause->anywhere_undecided += sum_undecided(c, false);
	}
	if (select_rows(c, c->above[c->at])) {
		clause->above += sum_bits(c, c->scan.bits, true);
		clause->above_undecided += sum_undecided(c, true);
	}
	c->at++;
	return true;
}

bool count_step(struct count *c, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;

	while (!c->done) {
		c->done = !scan_look(&c->scan);
		if (c->done)
			break;
		if (c->scan.fresh)
			begin_segment(c, c->scan.segment);
		if (!count_more(c))
			scan_next(&c->scan);
		if (monotonic_ns() >= deadline)
			break;
	}
	return !c->done;
}

unsigned count_percent(const struct count *c)
{
	unsigned percent = scan_percent(&c->scan);

	return c->done ? 100 : percent < 99 ? percent : 99;
}

size_t count_bytes(const struct count *c)
{
	return c ? sizeof *c : 0;
}

const struct count_answer *count_answer(const struct count *c)
{
	return &c->answer;
}
