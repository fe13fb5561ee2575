/* trust_minutes.c - see trust.h: the minutes of a row, by the times that the places keep. */
#include "triage/trust.h"

#include <stdlib.h>

#define LATE_S 600 /* that one interface may be behind its log and still come; see places.c */

static int64_t minute_of(int64_t second)
{
	return second < 0 ? -1 - (-1 - second) / 60 : second / 60;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The first that does not end before a minute. */
static size_t from_on(const struct time_spans *t, size_t i, int64_t minute)
{
	while (i < t->n && minute_of(t->span[i].to) < minute)
		i++;
	return i;
}

void trust_walk_begin(struct trust_walk *w, const struct trust *t, const struct trust_row *r)
{
	struct place_logs logs = places_logs_of(t->places, r->logs);

	*w = (struct trust_walk){ .trust = t,
				  .row = r,
				  .e = places_at(t->places, r->place),
				  .at = r->span.from,
				  .first = logs.first,
				  .newest = logs.newest,
				  .interval = logs.interval };
}

/* Whether some stretch has to do with the minute at hand: then until when; else until when not. */
static bool meets(const struct time_spans *t, size_t *i, int64_t minute, int64_t *until)
{
	*i = from_on(t, *i, minute);
	if (*i == t->n)
		return false;
	if (minute_of(t->span[*i].from) <= minute) {
		*until = smaller(*until, minute_of(t->span[*i].to));
		return true;
	}
	*until = smaller(*until, minute_of(t->span[*i].from) - 1);
	return false;
}

/* Between two records, before the first or behind the last one: those that are lost are known to
 * be, and are borders too. The first interval may have begun before the log did. */
static enum trust_mark hole(const struct trust_walk *w, int64_t *until)
{
	const struct time_spans *records = &w->e->records, *lost = &w->e->lost;
	int64_t before = w->first, next = INT64_MAX, gap;

	if (w->record)
		before = records->span[w->record - 1].to;
	if (w->lost && lost->span[w->lost - 1].to > before)
		before = lost->span[w->lost - 1].to;
	gap = w->interval * (1 + w->e->brief + !(w->record || w->lost));
	gap -= gap > w->interval; /* so long is one too many */
	if (w->record < records->n)
		next = records->span[w->record].from;
	if (w->lost < lost->n)
		next = smaller(next, lost->span[w->lost].from);
	if (next != INT64_MAX)
		*until = smaller(*until, minute_of(next) - 1);
	if (w->row->never)
		return TRUST_MISSING;
	if (next == INT64_MAX)
		return w->newest - w->e->newest <= gap + LATE_S ? TRUST_TO_COME : TRUST_MISSING;
	return next - before > gap ? TRUST_MISSING : TRUST_RECORDS;
}

static bool step(struct trust_walk *w, struct trust_run *out)
{
	const struct interface *e = w->e;
	int64_t until = w->row->span.to;

	if (w->at > until)
		return false;
	out->from = w->at;
	w->record = from_on(&e->records, w->record, w->at);
	if (meets(&e->lost, &w->lost, w->at, &until))
		out->mark = TRUST_LOST;
	else if (meets(e->nodata.n ? &e->traffic : &e->records, &w->traffic, w->at, &until))
		out->mark = TRUST_RECORDS;
	else if (meets(&e->nodata, &w->nodata, w->at, &until))
		out->mark = TRUST_NODATA;
	else
		out->mark = hole(w, &until);
	out->to = until;
	w->at = until + 1;
	return true;
}

bool trust_walk_next(struct trust_walk *w, struct trust_run *out)
{
	if (!w->holds && !step(w, &w->held))
		return false;
	*out = w->held;
	while ((w->holds = step(w, &w->held)) && w->held.mark == out->mark)
		out->to = w->held.to;
	return true;
}

/* ---- of all rows ---- */

static int by_begin(const void *a, const void *b)
{
	const struct trust_minutes *x = a, *y = b;

	return (x->from > y->from) - (x->from < y->from);
}

struct trust_minutes *trust_anywhere(const struct trust *t, enum trust_mark m, size_t *n)
{
	struct trust_minutes *run = NULL;
	size_t cap = 0, all = 0, at = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct trust_walk w;
		struct trust_run r;
		if (t->row[i].never || !t->row[i].minutes[m])
			continue;
		trust_walk_begin(&w, t, &t->row[i]);
		while (trust_walk_next(&w, &r)) {
			if (r.mark != m)
				continue;
			xgrow((void **)&run, &cap, all + 1, sizeof *run);
			run[all++] = (struct trust_minutes){ r.from, r.to };
		}
	}
	if (all)
		qsort(run, all, sizeof *run, by_begin);
	for (size_t i = 1; i < all; i++) {
		if (run[i].from > run[at].to + 1)
			run[++at] = run[i];
		else if (run[i].to > run[at].to)
			run[at].to = run[i].to;
	}
	*n = all ? at + 1 : 0;
	return run;
}

/* ---- letters ---- */

static int64_t minutes(const struct trust *t)
{
	return t->span.to - t->span.from + 1;
}

int64_t trust_minutes_a_mark(const struct trust *t, int cells)
{
	int64_t n = minutes(t);

	return n < 1 || cells < 1 ? 1 : (n + cells - 1) / cells;
}

struct trust_cells trust_cells(const struct trust *t, enum trust_grain g, int most)
{
	int64_t each = g == TRUST_MINUTE ? 1 : g == TRUST_HOUR ? 60 : trust_minutes_a_mark(t, most);
	int64_t first = t->span.from, n;

	if (minutes(t) < 1 || most < 1)
		return (struct trust_cells){ first, each, 0 };
	if (g == TRUST_HOUR)
		first -= (first % 60 + 60) % 60;
	n = (t->span.to - first) / each + 1;
	if (n > most) {
		first += (n - most) * each;
		n = most;
	}
	return (struct trust_cells){ first, each, (int)n };
}

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* A worse mark stays. */
static void put_mark(char *cell, enum trust_mark m)
{
	for (int worse = 0; worse < (int)m; worse++)
		if (*cell == trust_mark_letter((enum trust_mark)worse))
			return;
	*cell = trust_mark_letter(m);
}

void trust_marks(const struct trust *t, const struct trust_row *r, struct trust_cells c, char *out)
{
	int64_t end = c.from + c.n * c.each - 1;
	struct trust_walk w;
	struct trust_run run;

	memset(out, ' ', (size_t)c.n);
	out[c.n] = '\0';
	if (r->never)
		return;
	trust_walk_begin(&w, t, r);
	while (trust_walk_next(&w, &run)) {
		if (run.to < c.from || run.from > end)
			continue;
		for (int64_t i = (larger(run.from, c.from) - c.from) / c.each;
		     i <= (smaller(run.to, end) - c.from) / c.each; i++)
			put_mark(&out[i], run.mark);
	}
}

int trust_strip(const struct trust *t, const struct trust_row *r, char *out, int cells)
{
	struct trust_cells c = trust_cells(t, TRUST_FITS, cells);

	trust_marks(t, r, c, out);
	return c.n;
}
