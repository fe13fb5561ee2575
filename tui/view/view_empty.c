/* view_empty.c - why a pane is empty: nothing was read, it is still counted, or which
 * clause of the filter left nothing, whether what it asks for is anywhere at all, and what
 * matches outside the window. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "view/view.h"

/* Lines as far as there is room. */
struct lines {
	struct area area;
	int y;
};

static void line(struct lines *l, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void line(struct lines *l, enum role role, const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	struct str rest = str_of(text);
	do {
		size_t n = screen_fitting(rest, l->area.cols - 2);
		if (l->y < l->area.rows)
			screen_text(l->area, l->y, 1, l->area.cols - 1, role,
				    (struct str){ rest.s, n });
		l->y++;
		rest = str_trim((struct str){ rest.s + n, rest.n - n });
	} while (rest.n);
}

/* Where they are that match at another time. */
static void outside(const struct app *a, struct lines *l)
{
	const struct count_answer *c = &a->counted;
	char n[32], t[40];

	if (c->before)
		line(l, ROLE_TEXT, "%s %s before the window, the last %s: %s",
		     view_count(n, sizeof n, c->before), plural(c->before, "matches", "match"),
		     app_stamp(a, c->last_before, t, sizeof t), app_travels(a) ? "[" : "w");
	if (c->undated)
		line(l, ROLE_TEXT, "%s %s without a time: t all",
		     view_count(n, sizeof n, c->undated), plural(c->undated, "matches", "match"));
	if (c->after)
		line(l, ROLE_TEXT, "%s %s after the window, the first %s%s",
		     view_count(n, sizeof n, c->after), plural(c->after, "matches", "match"),
		     app_stamp(a, c->first_after, t, sizeof t), app_travels(a) ? ": ] or End" : "");
}

/* A word that became a regex on the whole record, and finds nothing. */
static bool is_text(const struct app *a, size_t i)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(a->stack.clause[i].text), 0, &e);
	bool text = f && (filter_reads(f)[0] == '/' || strncmp(filter_reads(f), "(/", 2) == 0);

	filter_free(f);
	return text;
}

/* ", 50 undecided"; nothing where the filter can tell of all. */
static const char *and_undecided(uint64_t undecided, char *out, size_t size)
{
	char n[32];

	snprintf(out, size, undecided ? ", %s undecided" : "%s",
		 undecided ? view_count(n, sizeof n, undecided) : "");
	return out;
}

/* The clauses, each with what it lets through alone; the one that left nothing is marked. */
static void clauses(const struct app *a, struct lines *l)
{
	const struct count_answer *c = &a->counted;
	size_t killer = c->n;
	char n[32], held[24], t[40] = "", also[48];

	for (size_t i = c->n; i-- > 0;)
		if (!a->stack.clause[i].off && c->clause[i].above == 0)
			killer = i;
	if (killer == c->n)
		return;
	const char *text = a->stack.clause[killer].text;
	const struct count_clause *k = &c->clause[killer];
	int64_t oldest = ring_oldest(monitor_ring(a->monitor));
	if (k->anywhere == 0) {
		if (oldest < INT64_MAX)
			app_stamp(a, oldest, t, sizeof t);
		line(l, k->anywhere_undecided ? ROLE_WARNING : ROLE_REJECT,
		     "%.60s: in none of the %s %s%s%s%s", text,
		     human_count(held, sizeof held, c->held), plural(c->held, "flow", "flows"),
		     *t ? " since " : "", t,
		     and_undecided(k->anywhere_undecided, also, sizeof also));
		if (is_text(a, killer))
			line(l, ROLE_WARNING, "it is looked for as text: a field is FIELD=VALUE");
	} else if (k->alone == 0) {
		line(l, ROLE_WARNING, "%.60s: none in the window, %s outside%s", text,
		     view_count(n, sizeof n, k->anywhere),
		     and_undecided(k->anywhere_undecided, also, sizeof also));
	} else if (killer > 0) {
		line(l, ROLE_WARNING, "%.60s leaves none of %s%s", text,
		     view_count(n, sizeof n, c->clause[killer - 1].above),
		     and_undecided(k->above_undecided, also, sizeof also));
	}
	for (size_t i = 0; i < c->n && c->n > 1; i++)
		if (!a->stack.clause[i].off)
			line(l, i == killer ? ROLE_WARNING : ROLE_DIM, "%s alone: %.60s",
			     view_count(n, sizeof n, c->clause[i].alone), a->stack.clause[i].text);
}

/* Whether records that end behind the window have bytes in it. */
static bool runs_on(const struct app *a)
{
	const struct pane *p = pane_of_rows((struct app *)a, ROWS_TIMELINE);
	struct result_window all = { 0, 0, 0, 0 };
	struct result r;
	bool some = false;

	if (!p)
		return false;
	live_answer(a->live, p->query, all, &r);
	for (uint32_t i = 0; i < r.rows; i++)
		some |= r.row[i].tally.bytes || r.row[i].tally.packets;
	result_release(&r);
	return some;
}

/* Without a filter, or before anything is counted. */
static bool without_filter(const struct app *a, struct lines *l)
{
	const struct result *r = &a->totals;
	uint64_t held = ring_flows(monitor_ring(a->monitor)), elsewhere;
	char n[32];

	if (held == 0) {
		line(l, ROLE_DIM, "%s",
		     monitor_sources(a->monitor) ? "no flow was read yet: see 6 sources"
						 : "no source");
		return true;
	}
	if (!r->complete) {
		line(l, ROLE_DIM, "still counting");
		return true;
	}
	if (result_matching(r))
		return true;
	if (*app_filter(a) && a->counted_valid && !a->editing)
		return false;
	elsewhere = live_matches(a->live);
	if (runs_on(a))
		line(l, ROLE_TEXT,
		     "no record ends in it: those whose bytes are drawn end later, "
		     "and count there (w or ])");
	else if (elsewhere)
		line(l, ROLE_TEXT, "%s %s outside this window (w)",
		     view_count(n, sizeof n, elsewhere),
		     *app_filter(a) ? plural(elsewhere, "matches", "match")
				    : plural(elsewhere, "flow", "flows"));
	else
		line(l, ROLE_DIM, "none of %s held %s %s", view_count(n, sizeof n, held),
		     plural(held, "flow", "flows"), r->undecided ? "is known to match" : "matches");
	return !*app_filter(a);
}

void view_empty(const struct app *a, struct area area, const char *what)
{
	struct lines l = { area, 0 };
	char n[32];

	line(&l, ROLE_DIM, "%s", what);
	if (a->totals.undecided)
		line(&l, ROLE_WARNING, "%s undecided: the regex gave up on %s, which may match",
		     view_count(n, sizeof n, a->totals.undecided),
		     plural(a->totals.undecided, "it", "them"));
	if (without_filter(a, &l))
		return;
	if (a->counted_valid && !a->editing) {
		outside(a, &l);
		clauses(a, &l);
	}
	line(&l, ROLE_DIM, "^U: no filter  F: its clauses");
}
