/* time_spans.c - see time_spans.h. */
#include "base/time_spans.h"

#include <stdlib.h>

void time_spans_release(struct time_spans *t)
{
	free(t->span);
	t->span = NULL;
	t->n = t->cap = 0;
}

void time_spans_copy(struct time_spans *to, const struct time_spans *from)
{
	xgrow((void **)&to->span, &to->cap, from->n, sizeof *to->span);
	if (from->n)
		memcpy(to->span, from->span, from->n * sizeof *to->span);
	to->n = from->n;
	to->merged = from->merged;
}

/* Times may be anybody's. */
static int64_t later(int64_t time, int64_t by)
{
	return time > INT64_MAX - by ? INT64_MAX : time + by;
}

static int64_t earlier(int64_t time, int64_t by)
{
	return time < INT64_MIN + by ? INT64_MIN : time - by;
}

/* The first that does not end before `time`. */
static size_t from_on(const struct time_spans *t, int64_t time)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (t->span[mid].to < time)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void remove_at(struct time_spans *t, size_t at, size_t n)
{
	memmove(&t->span[at], &t->span[at + n], (t->n - at - n) * sizeof *t->span);
	t->n -= n;
}

static void join_closest(struct time_spans *t)
{
	size_t best = 0;

	for (size_t i = 1; i + 1 < t->n; i++)
		if ((uint64_t)t->span[i + 1].from - (uint64_t)t->span[i].to <
		    (uint64_t)t->span[best + 1].from - (uint64_t)t->span[best].to)
			best = i;
	t->span[best].to = t->span[best + 1].to;
	remove_at(t, best + 1, 1);
	t->merged = true;
}

void time_spans_add(struct time_spans *t, int64_t from, int64_t to)
{
	size_t at, end;

	to = to < from ? from : to;
	if (t->n) { /* mostly it goes on */
		struct time_span *last = &t->span[t->n - 1];
		if (from >= last->from && from <= later(last->to, t->bridge)) {
			last->to = to > last->to ? to : last->to;
			return;
		}
	}
	at = from_on(t, earlier(from, t->bridge));
	for (end = at; end < t->n && t->span[end].from <= later(to, t->bridge); end++)
		;
	if (end > at) {
		struct time_span *s = &t->span[at];
		s->from = from < s->from ? from : s->from;
		s->to = t->span[end - 1].to > to ? t->span[end - 1].to : to;
		remove_at(t, at + 1, end - at - 1);
		return;
	}
	xgrow((void **)&t->span, &t->cap, t->n + 1, sizeof *t->span);
	memmove(&t->span[at + 1], &t->span[at], (t->n - at) * sizeof *t->span);
	t->span[at] = (struct time_span){ from, to };
	if (++t->n > TIME_SPANS_MAX)
		join_closest(t);
}

bool time_spans_overlap(const struct time_spans *t, int64_t from, int64_t to)
{
	size_t at = from_on(t, from);

	return at < t->n && t->span[at].from <= to;
}

bool time_spans_hold(const struct time_spans *t, int64_t from, int64_t to, int64_t slack)
{
	size_t at = from_on(t, earlier(to, slack));

	return at < t->n && earlier(t->span[at].from, slack) <= from &&
	       later(t->span[at].to, slack) >= to;
}
