/* count.c - see count.h. */
#include "query/count.h"

#include <stdlib.h>
#include <string.h>

#define WORDS ((SEGMENT_ROWS + 63) / 64)

struct count {
	struct ring *ring;
	struct count_answer answer;
	/* Of each clause alone, and of it with those above; `all`: those that are on. Whole
	 * texts are compiled, so that what a conjunction means is the evaluator's to say. */
	struct filter *alone[COUNT_CLAUSES], *above[COUNT_CLAUSES], *all;
	struct span window;
	uint64_t next; /* the newest serial not yet looked at, plus one; 0: done */
	size_t todo, done;
	uint64_t serial; /* the segment that is being looked at, */
	uint32_t rows;   /* its rows when that began, */
	size_t at;       /* and how many clauses are done */
	uint64_t bits[WORDS], within[WORDS];
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
	size_t segments = ring_count(r);

	c->ring = r;
	c->window = window;
	c->answer.n = n < COUNT_CLAUSES ? n : COUNT_CLAUSES;
	c->answer.last_before = INT64_MIN;
	c->answer.first_after = INT64_MAX;
	compile_all(c, text, off, now_s);
	c->todo = segments;
	c->next = segments ? ring_peek(r, segments - 1)->serial + 1 : 0;
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

/* The newest segment older than `next`; serials grow with the place in the ring. */
static struct segment *next_segment(const struct count *c)
{
	size_t low = 0, high = ring_count(c->ring);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ring_peek(c->ring, middle)->serial < c->next)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? ring_at(c->ring, low - 1) : NULL;
}

/* False: no row, and `bits` is not written. */
static bool select_rows(struct count *c, struct filter *f, const struct segment *s)
{
	const struct dict *d = ring_dict(c->ring);

	if (!f || c->rows == 0 || filter_excludes(f, s, d))
		return false;
	filter_select(f, s, d, 0, c->rows, c->bits);
	return true;
}

static uint64_t sum_bits(const struct count *c, bool within)
{
	uint64_t n = 0;

	for (uint32_t w = 0; w < (c->rows + 63) / 64; w++)
		n += bit_count(within ? c->bits[w] & c->within[w] : c->bits[w]);
	return n;
}

/* Which rows are in the window; undated ones are in every one. */
static void begin_segment(struct count *c, const struct segment *s)
{
	c->serial = s->serial;
	c->rows = s->rows;
	c->at = 0;
	c->answer.held += s->flows;
	memset(c->within, 0, sizeof c->within);
	if (s->dated == s->rows && s->time_min >= c->window.from && s->time_max < c->window.to) {
		memset(c->within, 0xff, sizeof c->within);
		c->answer.within += s->flows;
		return; /* times are asked for of rows outside only */
	}
	segment_times(s, 0, c->rows, c->time);
	for (uint32_t row = 0; row < c->rows; row++) {
		int64_t t = c->time[row];
		bool in = t == INT64_MIN || (t >= c->window.from && t < c->window.to);
		c->within[row / 64] |= (uint64_t)in << row % 64;
		if (in && (s->mark[row] & MARK_STATUS) == 0)
			c->answer.within++;
	}
}

static void count_outside(struct count *c, const struct segment *s)
{
	struct count_answer *a = &c->answer;

	if (!select_rows(c, c->all, s))
		return;
	for (uint32_t row = 0; row < c->rows; row++) {
		uint64_t outside = c->bits[row / 64] & ~c->within[row / 64];
		if (!(outside >> row % 64 & 1))
			continue;
		int64_t t = c->time[row];
		if (t < c->window.from) {
			a->before++;
			a->last_before = t > a->last_before ? t : a->last_before;
		} else {
			a->after++;
			a->first_after = t < a->first_after ? t : a->first_after;
		}
	}
}

/* One clause, or what is outside when all are done; true while there is more. */
static bool count_more(struct count *c, const struct segment *s)
{
	struct count_clause *clause = &c->answer.clause[c->at];

	if (c->at == c->answer.n) {
		count_outside(c, s);
		return false;
	}
	if (select_rows(c, c->alone[c->at], s)) {
		clause->alone += sum_bits(c, true);
		clause->anywhere += sum_bits(c, false);
	}
	if (select_rows(c, c->above[c->at], s))
		clause->above += sum_bits(c, true);
	c->at++;
	return true;
}

bool count_step(struct count *c, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;

	while (c->next) {
		const struct segment *s = next_segment(c);
		if (!s) {
			c->next = 0;
			break;
		}
		if (s->serial != c->serial)
			begin_segment(c, s);
		if (!count_more(c, s)) {
			c->next = s->serial;
			c->done++;
		}
		if (monotonic_ns() >= deadline)
			break;
	}
	return c->next != 0;
}

unsigned count_percent(const struct count *c)
{
	return c->next == 0 || c->todo == 0 ? 100 : (unsigned)(c->done * 99 / c->todo);
}

size_t count_bytes(const struct count *c)
{
	return c ? sizeof *c : 0;
}

const struct count_answer *count_answer(const struct count *c)
{
	return &c->answer;
}
