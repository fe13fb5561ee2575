/* app_usual.c - see app_usual.h. The series is of the ring's records that the row stands for, and is
 * judged as those of the rule spike are; as records come it is summed again, in slices. */
#include "app/app_usual.h"

#include <math.h>
#include <stdlib.h>

#include "app/app_page.h"
#include "app/command.h"
#include "cli/spikes.h"
#include "output/export_band.h"
#include "triage/detector.h"

#define AGAIN_NS 1000000000u /* between two sums of it, */
#define AGAIN_COST 20        /* or so many times what the last one took */
#define SERIES_BYTES ((size_t)4 << 20)

static void forget(struct shown_usual *u)
{
	watched_free(u->series);
	filter_free(u->filter);
	free(u->scan);
	u->series = NULL;
	u->filter = NULL;
	u->scan = NULL;
	u->points = 0;
}

/* Sums all that the ring has of it; what was there stays on show until that is done. */
static void begin(struct app *a)
{
	struct shown_usual *u = &a->usual;
	struct spike_rule rule = spikes_rule(a->options, rules_limit(a->rules, &detect_spike, "z"));

	watched_free(u->series);
	u->series = watched_new(live_places(a->live), monitor_labels(a->monitor), &rule,
				SERIES_BYTES, monitor_ceiling(a->monitor));
	watched_add(u->series, &(struct watched_filter){ .text = u->of.s,
							 .filter = u->filter,
							 .metric = METRIC_BYTES,
							 .every = 60,
							 .z = rule.z });
	watched_alone(u->series);
	u->scan = xcalloc(1, sizeof *u->scan);
	scan_begin(u->scan, monitor_ring(a->monitor), false,
		   (struct span){ INT64_MIN, INT64_MAX, false });
	u->stamp = live_stamp(a->live);
	u->took_ns = 0;
}

/* ---- asked ---- */

void command_usual(struct app *a)
{
	struct shown_usual *u = &a->usual;
	const struct finding *f = findings_meant(a);
	struct pane *p = a->focus;
	struct filter_error e;

	forget(u);
	buf_clear(&u->of);
	if (f)
		buf_add_str(&u->of, buf_str(&f->records));
	else if (p->view->clause)
		p->view->clause(a, p, &u->of);
	buf_puts(&u->of, "");
	u->filter = u->of.n ? app_compile(a, u->of.s, &e) : NULL;
	if (!u->filter) {
		snprintf(a->message, sizeof a->message, "Z: this row is of no records");
		return;
	}
	begin(a);
	u->page.open = true;
	u->page.scroll = u->page.width = 0;
}

static void on_point(void *ctx, uint32_t target, const struct spike_point *p)
{
	struct shown_usual *u = ctx;

	(void)target;
	xgrow((void **)&u->point, &u->cap, u->points + 1, sizeof *u->point);
	u->point[u->points++] = *p;
}

/* Whether there is news, which is summed so seldom that it takes little of the time. */
static bool is_due(const struct app *a)
{
	const struct shown_usual *u = &a->usual;
	uint64_t wait = u->took_ns * AGAIN_COST > AGAIN_NS ? u->took_ns * AGAIN_COST : AGAIN_NS;

	return u->page.open && u->series && !a->paused && u->stamp != live_stamp(a->live) &&
	       monotonic_ns() - u->at_ns >= wait;
}

/* Rows of the ring, one segment after the other; true while there are more. */
static bool sum(struct app *a, uint64_t end)
{
	struct shown_usual *u = &a->usual;

	while (live_has_places(a->live) && scan_look(u->scan)) {
		watched_rows(u->series, u->scan->segment, ring_dict(monitor_ring(a->monitor)), 0,
			     u->scan->rows, (struct span){ INT64_MIN, INT64_MAX, false });
		scan_next(u->scan);
		if (monotonic_ns() >= end)
			return true;
	}
	return false;
}

bool app_usual_step(struct app *a, uint64_t budget_ns)
{
	struct shown_usual *u = &a->usual;
	uint64_t now = monotonic_ns();
	bool more;

	if (!u->scan && is_due(a))
		begin(a);
	if (!u->scan)
		return false;
	more = sum(a, now + budget_ns);
	u->took_ns += monotonic_ns() - now;
	if (more || !live_has_places(a->live))
		return more;
	free(u->scan);
	u->scan = NULL;
	u->points = 0;
	watched_points(u->series, 0, INT64_MAX, on_point, u);
	u->at_ns = monotonic_ns();
	u->page.width = 0;
	app_dirty(a);
	return false;
}

/* ---- its page ---- */

static void add_last(const struct shown_usual *u, struct buf *out)
{
	const struct spike_point *p = &u->point[u->points - 1], *odd = u->point;

	for (size_t i = 1; i < u->points; i++)
		if (u->point[i].said.score > odd->said.score)
			odd = &u->point[i];
	for (int i = 0; i < (odd->said.score > 0 ? 2 : 1); i++, p = odd) {
		buf_printf(out, "%s  ", i ? "oddest" : "last  ");
		spike_amount(METRIC_BYTES, p->value, out);
		buf_puts(out, " a minute, expected ");
		spike_amount(METRIC_BYTES, fmax(p->said.expected, 0), out);
		buf_puts(out, " (");
		spike_amount(METRIC_BYTES, fmax(p->said.low, 0), out);
		buf_puts(out, " to ");
		spike_amount(METRIC_BYTES, fmax(p->said.high, 0), out);
		buf_printf(out, "), score %.2f by %s%s\n", p->said.score, scorer_name(p->by),
			   p->fired ? ": a spike" : "");
	}
}

static void make_page(struct shown_usual *u, int width)
{
	struct buf *out = &u->page.text;
	struct band band = { u->point, u->points, METRIC_BYTES, 60, 0, 0 };

	buf_clear(out);
	buf_printf(out, "USUAL  bytes a minute of %s\n", u->of.s);
	if (u->scan && !u->points) {
		buf_puts(out, "counting\n");
	} else if (!u->points) {
		buf_puts(out, "no minute of it is complete\n");
	} else {
		if (u->points < SPIKE_LEARNS)
			buf_printf(out, "learning, %zu of %u: the z-score judges until then\n",
				   u->points, SPIKE_LEARNS);
		band_chart(&band, (size_t)(width > 20 ? width : 20), out);
		add_last(u, out);
	}
	buf_puts(out, "a minute that stands out for long is a finding: --watch FILTER\n");
	buf_clear(&u->page.records);
	buf_puts(&u->page.records, u->of.s);
	u->page.width = width;
}

static void close_page(struct app *a)
{
	text_page_clear(&a->usual.page);
	forget(&a->usual);
}

static enum role role_of(const char *line, size_t n, int y)
{
	(void)line;
	(void)n;
	return y == 0 ? ROLE_FOCUS : ROLE_TEXT;
}

static const struct page_kind kind_usual = { .name = "usual",
					     .close = close_page,
					     .role = role_of };

void app_usual_draw(struct app *a, struct area area)
{
	struct shown_usual *u = &a->usual;
	struct area in = screen_box(area, true, "Usual");

	if (u->page.width != in.cols - 1)
		make_page(u, in.cols - 1);
	app_page_draw(&u->page, in);
}

/* ---- life ---- */

void app_usual_init(struct app *a)
{
	a->usual.page.kind = &kind_usual;
	a->usual.page.since = INT64_MIN;
}

void app_usual_release(struct app *a)
{
	forget(&a->usual);
	free(a->usual.point);
	buf_release(&a->usual.of);
	text_page_release(&a->usual.page);
}
