/* trust.c - see trust.h: rows, their order, their sums. */
#include "triage/trust.h"

#include <ctype.h>
#include <stdlib.h>

static const struct {
	const char *name;
	char letter;
} marks[TRUST_MARKS] = {
	[TRUST_LOST] = { "lost", 'x' },       [TRUST_MISSING] = { "missing", '_' },
	[TRUST_RECORDS] = { "records", '=' }, [TRUST_NODATA] = { "nodata", '.' },
	[TRUST_TO_COME] = { "to_come", '?' },
};

const char *trust_mark_name(enum trust_mark m)
{
	return marks[m].name;
}

char trust_mark_letter(enum trust_mark m)
{
	return marks[m].letter;
}

const char *trust_type_name(enum trust_type t)
{
	static const char *const names[] = { "?", "ACCEPT", "REJECT", "ALL" };

	return names[t];
}

static enum trust_type type_of(bool accepts, bool rejects)
{
	return accepts && rejects ? TRUST_TYPE_ALL
	       : accepts          ? TRUST_TYPE_ACCEPT
	       : rejects          ? TRUST_TYPE_REJECT
				  : TRUST_TYPE_UNKNOWN;
}

/* ---- times ---- */

static int64_t minute_of(int64_t second)
{
	return second < 0 ? -1 - (-1 - second) / 60 : second / 60;
}

static struct trust_minutes between(int64_t first, int64_t newest, struct span s)
{
	struct trust_minutes m = { 1, 0 };

	first = first < s.from ? s.from : first;
	newest = newest >= s.to ? s.to - 1 : newest;
	if (first <= newest)
		m = (struct trust_minutes){ minute_of(first), minute_of(newest) };
	return m;
}

/* The last minute that ends at `second` or before. */
static int64_t minute_until(int64_t second)
{
	return second == INT64_MIN ? INT64_MIN : minute_of(second + 1) - 1;
}

/* ---- rows ---- */

static void count_minutes(const struct trust *t, struct trust_row *r)
{
	struct trust_walk w;
	struct trust_run run;

	trust_walk_begin(&w, t, r);
	while (trust_walk_next(&w, &run)) {
		int64_t until = run.to < r->complete ? run.to : r->complete;
		uint64_t judged = until < run.from ? 0 : (uint64_t)(until - run.from + 1);
		r->minutes[run.mark] += (uint64_t)(run.to - run.from + 1);
		r->judged += judged;
		if ((run.mark == TRUST_RECORDS || run.mark == TRUST_NODATA) && !r->merged)
			r->provable += judged;
	}
}

/* Logs that have an interface in common are one that was cut to pieces: adds to the bits of some
 * those of all that they hang together with. */
static uint64_t whole_log(const uint64_t *group, size_t n, uint64_t logs)
{
	for (size_t i = 0; i < n; i++)
		if (group[i] & logs)
			return group[i];
	return logs;
}

static size_t group_logs(const struct places *p, uint64_t group[PLACES_LOGS])
{
	size_t n = 0;

	for (uint32_t i = 0; i < places_count(p); i++) {
		uint64_t logs = places_at(p, i)->logs;
		size_t kept = 0;
		if (!logs || (n && (logs & ~whole_log(group, n, logs)) == 0))
			continue;
		for (size_t k = 0; k < n; k++)
			if (group[k] & logs)
				logs |= group[k];
			else
				group[kept++] = group[k];
		group[kept] = logs;
		n = kept + 1;
	}
	return n;
}

static struct trust_row row_of(const struct trust *t, uint32_t place, uint64_t whole,
			       struct span span)
{
	const struct interface *e = places_at(t->places, place);
	struct trust_row r = { .place = place,
			       .never = e->first > e->newest && !e->accepts && !e->rejects,
			       .merged = e->records.merged || e->lost.merged,
			       .type = type_of(e->accepts, e->rejects) };
	struct place_logs logs = places_logs_of(t->places, whole);

	r.logs = whole;

	r.span = between(logs.first, logs.newest, span);
	if (logs.first > logs.newest)
		return r;
	r.complete = minute_until(logs.newest - logs.interval);
	count_minutes(t, &r);
	return r;
}

static uint64_t bad(const struct trust_row *r)
{
	return r->minutes[TRUST_LOST] + r->minutes[TRUST_MISSING];
}

static uint64_t good(const struct trust_row *r)
{
	return r->minutes[TRUST_RECORDS] + r->minutes[TRUST_NODATA];
}

static const struct places *sorted_places; /* of the rows that are sorted */

/* By the share that is logged; the loop thread alone sorts. */
static int worst_first(const void *a, const void *b)
{
	const struct trust_row *x = a, *y = b;
	double u = (double)bad(x) * (double)good(y), v = (double)bad(y) * (double)good(x);

	if (x->never != y->never)
		return x->never ? -1 : 1;
	if (u != v)
		return u > v ? -1 : 1;
	if (bad(x) != bad(y))
		return bad(x) > bad(y) ? -1 : 1;
	return strcmp(places_at(sorted_places, x->place)->interface,
		      places_at(sorted_places, y->place)->interface);
}

/* Of one that is in none, nobody knows in which it would be: in any. */
static uint64_t logs_of(const struct places *p, uint32_t i, const uint64_t *group, size_t groups)
{
	uint64_t logs = places_at(p, i)->logs;

	return logs ? whole_log(group, groups, logs) : UINT64_MAX;
}

void trust_make(const struct places *p, struct span span, struct trust *out)
{
	struct place_logs logs = places_logs(p, PLACE_NONE);
	uint64_t group[PLACES_LOGS];
	size_t groups = group_logs(p, group);
	uint32_t n = places_count(p);

	*out = (struct trust){ .places = p,
			       .asked = span,
			       .complete_s = INT64_MIN,
			       .type = type_of(logs.accepts, logs.rejects),
			       .dropped = places_dropped(p) };
	out->span = between(logs.first, logs.newest, span);
	if (logs.first <= logs.newest)
		out->complete_s = logs.newest - logs.interval;
	out->row = xcalloc(n + 1, sizeof *out->row);
	for (uint32_t i = 0; i < n; i++)
		out->row[out->n++] = row_of(out, i, logs_of(p, i, group, groups), span);
	sorted_places = p;
	if (out->n)
		qsort(out->row, out->n, sizeof *out->row, worst_first);
	trust_sum(out, (struct str){ "", 0 }, &out->all);
}

void trust_release(struct trust *t)
{
	free(t->row);
	*t = (struct trust){ 0 };
}

const struct interface *trust_place(const struct trust *t, const struct trust_row *r)
{
	return places_at(t->places, r->place);
}

/* ---- sums ---- */

static bool glob_matches(struct str glob, struct str text)
{
	size_t g = 0, i = 0, star = SIZE_MAX, back = 0;

	while (i < text.n) {
		if (g < glob.n && glob.s[g] == '*') {
			star = g++;
			back = i;
		} else if (g < glob.n &&
			   tolower((unsigned char)glob.s[g]) == tolower((unsigned char)text.s[i])) {
			g++;
			i++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			i = ++back;
		} else {
			return false;
		}
	}
	while (g < glob.n && glob.s[g] == '*')
		g++;
	return g == glob.n;
}

bool trust_matches(const struct trust *t, const struct trust_row *r, struct str glob)
{
	return glob.n == 0 || glob_matches(glob, str_of(trust_place(t, r)->interface));
}

void trust_sum(const struct trust *t, struct str glob, struct trust_sums *out)
{
	*out = (struct trust_sums){ 0 };
	for (size_t i = 0; i < t->n; i++) {
		const struct trust_row *r = &t->row[i];
		if (!trust_matches(t, r, glob))
			continue;
		out->interfaces++;
		out->expected += trust_place(t, r)->listed;
		out->never += r->never;
		out->seen += !r->never;
		for (int m = 0; m < TRUST_MARKS; m++)
			out->minutes[m] += r->minutes[m];
		out->judged += r->judged;
		out->provable += r->provable;
		out->with_lost += r->minutes[TRUST_LOST] > 0;
		out->with_missing += r->minutes[TRUST_MISSING] > 0;
	}
}

static int share(uint64_t part, uint64_t of)
{
	return of == 0 ? -1 : (int)((double)part * 10000 / (double)of);
}

int trust_logged(const struct trust_sums *s)
{
	uint64_t there = s->minutes[TRUST_RECORDS] + s->minutes[TRUST_NODATA];

	return share(there, there + s->minutes[TRUST_LOST] + s->minutes[TRUST_MISSING]);
}

int trust_row_logged(const struct trust_row *r)
{
	return share(good(r), good(r) + bad(r));
}

int trust_provable(const struct trust_sums *s)
{
	return share(s->provable, s->judged);
}
