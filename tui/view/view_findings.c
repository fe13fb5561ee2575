/* view_findings.c - what is wrong, worst first: rule, what, value, since when, how sure. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/export_finding.h"
#include "output/export_findings.h"
#include "state/shown_findings.h"
#include "triage/detector.h"
#include "view/view.h"

#define WIDE 100 /* columns from which on there is a heading, and values have a column */

/* Where columns begin, or end; 0: not shown. */
struct findings_layout {
	bool wide;
	int rule, what; /* begin */
	int value, since, sure;
	int end; /* of what */
	struct view_times times;
};

static const enum role severity_role[SEVERITIES] = { ROLE_TEXT, ROLE_WARNING, ROLE_REJECT };

static void since_text(const struct app *a, const struct findings_layout *l,
		       const struct finding *f, char *out, size_t size)
{
	int64_t now = live_now(a->live);
	char age[24];

	view_times_text(a, &l->times, f->since, out, size);
	if (l->wide)
		snprintf(out + strlen(out), size - strlen(out), " %s",
			 f->open ? human_duration(age, sizeof age,
						  now > f->since ? now - f->since : 0)
				 : "over");
	else if (!f->open)
		snprintf(out, size, "over");
}

/* The longest of those on show, no longer than `most`. */
static int value_width(const struct shown_findings *v, int top, int lines, int most)
{
	int width = 5;

	for (int i = top; i < top + lines && i < (int)v->n; i++)
		if ((int)v->row[i]->value.n > width)
			width = (int)v->row[i]->value.n;
	return width < most ? width : most;
}

static struct findings_layout lay_out(const struct app *a, int cols, int top, int lines)
{
	const struct shown_findings *v = &a->findings;
	struct findings_layout l = { .wide = cols >= WIDE, .rule = 4, .what = 4, .end = cols - 1 };
	int64_t now = live_now(a->live), first = now;

	for (size_t i = 0; i < v->n; i++)
		first = v->row[i]->since < first ? v->row[i]->since : first;
	for (int i = top; i < top + lines && i < (int)v->n; i++) {
		int n = l.rule + (int)strlen(v->row[i]->rule->name) + 1 + (cols >= 78);
		l.what = n > l.what ? n : l.what;
	}
	l.times = view_times_of(a, first, now, false);
	if (cols >= 60) {
		l.sure = l.end - 10;
		l.end = l.sure - 1;
	}
	if (cols >= 50) {
		l.since = l.end - l.times.width - (l.wide ? 7 : 0);
		l.end = l.since - 1;
	}
	if (l.wide) {
		l.value = l.end - value_width(v, top, lines, 20);
		l.end = l.value - 1;
	}
	return l;
}

/* By more than colour: "(possible)". */
static void draw_sure(const struct app *a, struct area area, int y, int x, const struct finding *f)
{
	enum role role = f->confidence == CONFIDENCE_LIKELY ? ROLE_DIM : ROLE_TEXT;

	if (findings_is_acknowledged(a->findings.book, f)) {
		screen_puts(area, y, x, ROLE_DIM, " acked");
		return;
	}
	screen_printf(area, y, f->confidence == CONFIDENCE_OPEN ? x : x + 1, role,
		      f->confidence == CONFIDENCE_OPEN ? "(%s)" : "%s", finding_confidence(f));
}

static void draw_row(const struct app *a, struct area area, int y, const struct finding *f,
		     const struct findings_layout *l)
{
	enum role role = severity_role[f->severity];
	char text[64];

	screen_puts(area, y, 1, role, finding_mark(f));
	screen_text(area, y, l->rule, l->what - l->rule, role, str_of(f->rule->name));
	view_sentence_draw(area, y, l->what, l->end - l->what,
			   f->severity == SEVERITY_PAGE && f->open ? ROLE_FILTER : ROLE_TEXT,
			   buf_str(&f->what));
	if (l->value)
		screen_text(area, y, l->value, l->since - 1 - l->value, ROLE_TEXT,
			    buf_str(&f->value));
	if (l->since) {
		since_text(a, l, f, text, sizeof text);
		screen_text(area, y, l->since, area.cols - l->since, f->open ? ROLE_TEXT : ROLE_DIM,
			    str_of(text));
	}
	if (l->sure)
		draw_sure(a, area, y, l->sure, f);
}

static void draw_head(struct area area, const struct findings_layout *l)
{
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, "sev");
	screen_puts(area, 0, l->rule, ROLE_HEADING, "rule");
	screen_puts(area, 0, l->what, ROLE_HEADING, "what");
	screen_puts(area, 0, l->value, ROLE_HEADING, "value");
	screen_printf(area, 0, l->since, ROLE_HEADING, "since%s", l->times.head);
	screen_puts(area, 0, l->sure + 1, ROLE_HEADING, "how sure");
}

/* ---- what stands below the rows ---- */

/* How many rules judge here; their names, into an array that has room for all. */
static unsigned rules_that_judge(const struct app *a, const char **name)
{
	struct evidence_sums sums = { .tolls = NULL };

	if (a->watching)
		sums = watching_sums(a->watching);
	return detectors_that_judge(&sums, name);
}

/* How long the log is that "new" means new in. */
static const char *baseline_age(const struct app *a, char *out, size_t size)
{
	int64_t oldest = ring_oldest(monitor_ring(a->monitor)), now = live_now(a->live);

	return human_duration(out, size, oldest < now ? now - oldest : 0);
}

static int say(struct area area, int y, int x, enum role role, const char *text)
{
	if (x > 1 && x + (int)strlen(text) >= area.cols)
		return x;
	return x + screen_puts(area, y, x, role, text) + 2;
}

static bool is_above(const struct shown_findings *v, int from, int i)
{
	for (int k = from; k < i; k++)
		if (v->row[k]->rule == v->row[i]->rule)
			return true;
	return false;
}

/* The rules of rows from `from` on, which have no room above; as many as there is room for. */
static int say_below(const struct shown_findings *v, struct area area, int y, int x, int from)
{
	int left = 0;
	char more[16];

	if (from >= (int)v->n || x + 24 >= area.cols)
		return x;
	x += screen_puts(area, y, x, ROLE_TEXT, "below:");
	for (int i = from; i < (int)v->n; i++) {
		if (is_above(v, from, i))
			continue;
		if (left || x + (int)strlen(v->row[i]->rule->name) + 5 >= area.cols) {
			left++;
			continue;
		}
		x += 1 + screen_puts(area, y, x + 1, severity_role[v->row[i]->severity],
				     v->row[i]->rule->name);
	}
	if (left) {
		snprintf(more, sizeof more, " +%d", left);
		x += screen_puts(area, y, x, ROLE_TEXT, more);
	}
	return x + 2;
}

/* `below`: the first row that has no room. */
static void draw_sums(const struct app *a, struct area area, int y, int below)
{
	const struct shown_findings *v = &a->findings;
	const char *name[DETECTORS_N];
	char text[96], age[24];
	int x = 1;

	for (int s = SEVERITIES - 1; s >= 0; s--) {
		snprintf(text, sizeof text, "%zu %s", v->counts.of[s],
			 severity_name((enum severity)s));
		x = say(area, y, x, v->counts.of[s] ? severity_role[s] : ROLE_DIM, text);
	}
	if (v->counts.acknowledged) {
		snprintf(text, sizeof text, " %zu acknowledged", v->counts.acknowledged);
		x = say(area, y, x, ROLE_TEXT, text);
	}
	if (v->counts.muted) {
		snprintf(text, sizeof text, " %zu muted", v->counts.muted);
		x = say(area, y, x, ROLE_TEXT, text);
	}
	if (a->watching && watching_dropped(a->watching)) {
		snprintf(text, sizeof text, " %s had no room: not all is judged",
			 human_count(age, sizeof age, watching_dropped(a->watching)));
		x = say(area, y, x, ROLE_WARNING, text);
	}
	x = say_below(v, area, y, x, below);
	if (edge_sources_of(v->hour.sources)) { /* the internet's background is no finding */
		uint32_t n = edge_sources_of(v->hour.sources);
		snprintf(text, sizeof text, " ~%s internet %s folded",
			 human_count(age, sizeof age, n), plural(n, "source", "sources"));
		x = say(area, y, x, ROLE_DIM, text);
	}
	baseline_age(a, age, sizeof age);
	snprintf(text, sizeof text,
		 area.cols >= WIDE ? " baseline is %s old: \"new\" means new in it" : "baseline %s",
		 age);
	x = say(area, y, x, ROLE_DIM, text);
	if (area.cols < WIDE)
		return;
	snprintf(text, sizeof text, " the rest of %u rules is silent", rules_that_judge(a, name));
	say(area, y, x, ROLE_DIM, text);
}

/* Adds "22 minutes of eni-a missing" of the rows with such minutes, as many as have room. */
static void add_unproven(const struct trust *t, size_t room, struct buf *out)
{
	size_t from = out->n, more = 0;
	struct buf one = { 0 };

	for (size_t i = 0; i < t->n; i++) {
		const struct trust_row *r = &t->row[i];
		const char *name = trust_place(t, r)->interface;
		if (!r->never && !r->minutes[TRUST_MISSING] && !r->minutes[TRUST_LOST])
			continue;
		buf_clear(&one);
		if (r->never)
			buf_printf(&one, "%s never logged", name);
		else if (r->minutes[TRUST_MISSING])
			buf_printf(&one, "%" PRIu64 " %s of %s missing", r->minutes[TRUST_MISSING],
				   plural(r->minutes[TRUST_MISSING], "minute", "minutes"), name);
		else
			buf_printf(&one, "%" PRIu64 " %s of %s lost", r->minutes[TRUST_LOST],
				   plural(r->minutes[TRUST_LOST], "minute", "minutes"), name);
		if (more || out->n - from + one.n + 2 > room) {
			more++;
			continue;
		}
		buf_puts(out, out->n > from ? ", " : "");
		buf_add_str(out, buf_str(&one));
	}
	if (more)
		buf_printf(out, out->n > from ? ", +%zu" : "%zu interfaces not whole", more);
	view_printable(out, from);
	buf_release(&one);
}

/* Where nothing is found, whether something could have been: what of the log is proven complete. */
static void draw_proven(const struct app *a, struct area area, int y)
{
	const struct trust *t = &a->trust.whole.trust;
	int proven = trust_provable(&t->all), width = area.cols - 2;
	struct buf text = { 0 };

	if (proven < 0) {
		screen_text(area, y, 1, width, ROLE_WARNING,
			    str_of(width >= 60 ? "no minute of it is proven complete yet: 7"
					       : "nothing proven: 7"));
		return;
	}
	buf_printf(&text,
		   width >= 60 ? "%d.%d%% of interface-minutes are proven complete"
			       : "%d.%d%% proven",
		   proven / 100, proven / 10 % 10);
	if (width < 60)
		buf_puts(&text, ": 7");
	screen_text(area, y, 1, width, proven == 10000 ? ROLE_TEXT : ROLE_WARNING, buf_str(&text));
	buf_clear(&text);
	add_unproven(t, (size_t)(width > 8 ? width - 8 : 0), &text);
	if (text.n)
		screen_text(area, y + 1, 1, width, ROLE_WARNING, buf_str(&text));
	if (area.rows > y + 2)
		screen_puts(area, y + 2, 1, ROLE_DIM,
			    text.n ? "what was there then nobody knows: Enter or 7"
				   : "minute by minute: Enter or 7");
	buf_release(&text);
}

static void draw_none(const struct app *a, struct area area)
{
	uint32_t interfaces = places_count(live_places(a->live));
	const char *name[DETECTORS_N];
	unsigned rules = rules_that_judge(a, name);
	const char *fired = findings_are_settled(a) ? "nothing fired" : "nothing fired so far";
	char age[24];

	if (!ring_flows(monitor_ring(a->monitor))) {
		view_empty(a, area, "nothing to judge");
		return;
	}
	baseline_age(a, age, sizeof age);
	if (area.cols >= 60)
		screen_printf(area, 0, 1, ROLE_TEXT, "%s in %s: %u of %u rules, %u %s; baseline %s",
			      fired, age, rules, DETECTORS_N, interfaces,
			      plural(interfaces, "interface", "interfaces"), age);
	else
		screen_printf(area, 0, 1, ROLE_TEXT, "%s", fired);
	draw_proven(a, area, 1);
}

/* ---- the view ---- */

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct shown_findings *v = &a->findings;
	int head = area.cols >= WIDE && area.rows >= 5, foot = area.rows >= 2;
	int lines = area.rows - head - foot, top = pane_scroll(p, (int)v->n, lines);
	struct findings_layout l = lay_out(a, area.cols, top, lines);

	if (v->n == 0) {
		draw_none(a, area);
		return;
	}
	if (head)
		draw_head(area, &l);
	for (int y = 0; y < lines && top + y < (int)v->n; y++) {
		draw_row(a, area, head + y, v->row[top + y], &l);
		if (focused && top + y == p->selected)
			screen_paint(area, head + y, 0, area.cols, ROLE_SELECTED);
	}
	/* Where there is hardly room, how many come first. */
	if (foot)
		draw_sums(a, area, area.rows - 1, top + lines);
}

static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	(void)p;
	buf_printf(out, " (%zu)", a->findings.n);
	buf_puts(out, findings_are_settled(a) ? " worst first" : " so far, worst first");
	if (*app_filter(a))
		buf_puts(out, ", whatever the filter");
}

static int count_rows(const struct app *a, const struct pane *p)
{
	(void)p;
	return (int)a->findings.n;
}

static void clause(struct app *a, struct pane *p, struct buf *out)
{
	const struct finding *f = findings_selected(a, p);

	if (f)
		finding_clause(f, out);
}

static void drill(struct app *a, struct pane *p)
{
	const struct finding *f = findings_selected(a, p);

	if (f) {
		findings_open(a, f);
	} else { /* why there is none */
		a->focus = pane_of_layer(a, LAYER_TRUST);
		a->zoomed = true;
	}
}

static bool take(struct app *a, struct pane *p)
{
	(void)p;
	if (a->findings.n == 0)
		trust_take_whole(a);
	return true; /* they were, when they were judged */
}

/* The rows on show, as a report has them. */
static void write_rows(struct app *a, enum output o, struct buf *out)
{
	const struct shown_findings *v = &a->findings;
	const struct edges_counts e = edges_counts(a->edges);
	int64_t oldest = ring_oldest(monitor_ring(a->monitor)), until = watching_until(a->watching);
	const char *name[DETECTORS_N];
	struct findings_context c = { .begin = oldest,
				      .now = until,
				      .rule = name,
				      .rules = rules_that_judge(a, name),
				      .interfaces = places_count(live_places(a->live)),
				      .edges = e.edges,
				      .edges_dropped = e.dropped,
				      .rows_dropped = e.dropped_rows,
				      .rows_left_out = e.left_out,
				      .minutes_dropped = e.dropped_minutes };

	c.folded = v->counts.folded;
	c.muted = v->counts.muted;
	c.complete = findings_are_settled(a) && !watching_dropped(a->watching) && !e.dropped &&
		     !e.dropped_minutes && !e.left_out && !ring_evicted(monitor_ring(a->monitor)) &&
		     !monitor_failed(a->monitor);
	export_findings(o, v->row, v->n, 0, &c, out);
}

const struct view view_findings = {
	.name = "findings",
	.key = '0',
	.layer = LAYER_FINDINGS,
	.title = "Findings",
	.help = "findings, worst first",
	.judged = true,
	.beside = true,
	.draw = draw,
	.add_title = add_title,
	.rows = count_rows,
	.clause = clause,
	.take = take,
	.write = write_rows,
	.drill = drill,
};
