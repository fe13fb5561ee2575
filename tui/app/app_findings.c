/* app_findings.c - see app_findings.h. */
#include "app/app_findings.h"

#include <stdlib.h>

#include "app/app_page.h"
#include "app/app_why.h"
#include "app/command.h"
#include "output/export_finding.h"
#include "output/export_findings.h"
#include "view/view.h"

#define AGAIN_NS 1000000000u /* between two sums of the strips, */
#define AGAIN_COST 20        /* or so many times what the last one took */

static bool is_loading(const struct app *a)
{
	uint64_t done, total;

	monitor_progress(a->monitor, &done, &total);
	return total > done;
}

/* ---- sums ---- */

/* A sum of all edges, where there is news. */
static bool step_strips(struct app *a, uint64_t budget_ns)
{
	struct shown_findings *v = &a->findings;
	uint64_t now = monotonic_ns(), stamp = live_stamp(a->live);
	int64_t time = live_now(a->live);
	uint64_t wait = v->took_ns * AGAIN_COST > AGAIN_NS ? v->took_ns * AGAIN_COST : AGAIN_NS;

	if (!v->hour_sums &&
	    (time == INT64_MIN || v->stamp == stamp || (v->hour.n && now - v->at_ns < wait)))
		return false;
	if (!v->hour_sums) {
		strip_sum_begin(&v->hour_sum, time, STRIPS_MINUTES);
		v->stamp = stamp;
		v->hour_sums = true;
		v->took_ns = 0;
	}
	if (strip_sum_step(&v->hour_sum, a->edges, budget_ns)) {
		v->took_ns += monotonic_ns() - now;
		return true;
	}
	v->took_ns += monotonic_ns() - now;
	v->at_ns = monotonic_ns();
	v->hour = v->hour_sum.strips;
	v->hour_sums = false;
	app_dirty(a);
	return true;
}

/* Of the conversations that the open page is about. */
static bool step_minutes(struct app *a, uint64_t budget_ns)
{
	struct shown_findings *v = &a->findings;
	const struct finding *f = v->page.open && !v->summed ? findings_on_page(a) : NULL;
	int64_t oldest = ring_oldest(monitor_ring(a->monitor)), now = live_now(a->live);

	if (!f)
		return false;
	if (!v->sums) {
		strip_of_release(&v->minutes.of);
		v->sums = strip_of_finding(f, &v->minutes.of) && oldest < now;
		v->summed = !v->sums;
		if (v->sums)
			strip_sum_begin(&v->minutes, now, (unsigned)((now - oldest) / 60 + 1));
		return true;
	}
	if (strip_sum_step(&v->minutes, a->edges, budget_ns))
		return true;
	v->summed = true;
	v->page.width = 0;
	app_dirty(a);
	return true;
}

static bool step_judgement(struct app *a, uint64_t budget_ns)
{
	struct shown_findings *v = &a->findings;
	int64_t was;
	bool more;

	if (!a->watching || a->paused || !live_has_places(a->live))
		return false;
	was = watching_until(a->watching);
	more = watching_step(a->watching, budget_ns);
	findings_renew(a);
	if (watching_until(a->watching) != was) {
		v->page.width = 0;
		app_dirty(a);
	}
	v->whole |= !more && !is_loading(a) && watching_until(a->watching) != INT64_MIN;
	return more;
}

void app_findings_caught_up(struct app *a)
{
	if (a->watching)
		watching_anew(a->watching);
	a->findings.whole = false;
}

bool app_findings_step(struct app *a, uint64_t budget_ns)
{
	return step_minutes(a, budget_ns) || step_judgement(a, budget_ns) ||
	       step_strips(a, budget_ns);
}

size_t app_findings_bytes(const struct app *a)
{
	const struct shown_findings *v = &a->findings;

	return text_page_bytes(&v->page);
}

/* ---- the page ---- */

static void on_point(void *ctx, uint32_t target, const struct spike_point *p)
{
	struct shown_findings *v = ctx;

	(void)target;
	xgrow((void **)&v->point, &v->point_cap, v->points + 1, sizeof *v->point);
	v->point[v->points++] = *p;
}

/* The series of a spike as it was judged. While places are not settled it stays as it was. */
static struct band band_of(struct app *a, const struct finding *f)
{
	struct shown_findings *v = &a->findings;
	const struct watched *w = a->watching ? watching_sums(a->watching).series : NULL;
	struct band b = { .since = f->since, .until = f->until };
	uint32_t target = w && f->rule == &detect_spike ? spike_target(w, f) : UINT32_MAX;

	if (target == UINT32_MAX)
		return b;
	if (live_has_places(a->live)) {
		v->points = 0;
		watched_points(w, target, watching_until(a->watching), on_point, v);
	}
	b.point = v->point;
	b.points = v->points;
	b.metric = watched_rule(w, target)->metric;
	b.every = watched_rule(w, target)->every;
	return b;
}

static void make_page(struct app *a, const struct finding *f, int width)
{
	struct shown_findings *v = &a->findings;
	struct band band = band_of(a, f);
	struct finding_page p = { .now = live_now(a->live),
				  .begin = ring_oldest(monitor_ring(a->monitor)),
				  .band = &band,
				  .ascii = a->screen.ascii,
				  .acknowledged = findings_is_acknowledged(v->book, f),
				  .strips = v->sums && v->summed ? &v->minutes.strips : NULL };

	buf_clear(&v->page.text);
	finding_text(f, &p, (size_t)(width > 20 ? width : 20), &v->page.text);
	buf_clear(&v->page.json);
	finding_json(f, &v->page.json);
	buf_clear(&v->page.records);
	buf_add_str(&v->page.records, buf_str(&f->records));
	v->page.since = f->since;
	v->page.width = width;
}

static void close_page(struct app *a)
{
	struct shown_findings *v = &a->findings;

	text_page_clear(&v->page);
	buf_clear(&v->about);
	v->sums = v->summed = false;
	v->points = 0;
}

bool app_finding_steps(const struct app *a, int by)
{
	const struct shown_findings *v = &a->findings;
	const struct finding *now = findings_on_page(a);

	for (size_t i = 0; i < v->n; i++)
		if (v->row[i] == now)
			return by < 0 ? i > 0 : i + 1 < v->n;
	return v->n > 0;
}

void app_finding_step(struct app *a, int by)
{
	struct shown_findings *v = &a->findings;
	struct pane *p = pane_of_findings(a);
	const struct finding *now = findings_on_page(a);

	for (size_t i = 0; i < v->n; i++)
		if (v->row[i] == now)
			p->selected = view_clamp((int)i + by, (int)v->n - 1);
	if (v->n) {
		p->chosen = true;
		v->points = 0;
		findings_open(a, v->row[view_clamp(p->selected, (int)v->n - 1)]);
	}
}

void command_acknowledge(struct app *a)
{
	findings_acknowledge_it(a);
	a->findings.page.width = 0;
	if (a->findings.page.open && !findings_on_page(a)) /* it is shown no more */
		close_page(a);
}

void command_all_of_them(struct app *a)
{
	findings_with_all(a);
}

void command_mute(struct app *a)
{
	a->findings.muting = findings_meant(a) != NULL;
}

static enum role role_of(const char *line, size_t n, int y)
{
	if (n == 0)
		return ROLE_TEXT;
	if (y == 0)
		return ROLE_FOCUS;
	return *line == ' ' || y == 1 || strncmp(line, "rule ", 5) == 0 ? ROLE_TEXT : ROLE_HEADING;
}

static const struct page_kind kind_finding = { .name = "finding",
					       .close = close_page,
					       .role = role_of };

void app_finding_draw(struct app *a, struct area area)
{
	struct text_page *page = &a->findings.page;
	struct area in = screen_box(area, true, "Finding");
	const struct finding *f = findings_on_page(a);

	if (f && page->width != in.cols - 1)
		make_page(a, f, in.cols - 1);
	else if (!f)
		screen_puts(in, in.rows - 1, 1, ROLE_WARNING,
			    "this is no longer found: as it was last");
	app_page_draw(page, in);
}

/* ---- u: mute it for good ---- */

/* What is not to be shown any more, as --mute has it. */
static void mute_text(const struct app *a, struct buf *out)
{
	const struct finding *f = findings_meant(a);

	if (f)
		finding_key(f, out);
}

static void write_mute(struct app *a)
{
	struct shown_findings *v = &a->findings;
	struct buf text = { 0 }, error = { 0 };
	char why[120];

	mute_text(a, &text);
	if (!text.n) {
		snprintf(a->message, sizeof a->message, "it is no longer found");
	} else if (!rules_mute(a->rules, buf_str(&text), &error)) {
		snprintf(a->message, sizeof a->message, "%.150s", error.s);
	} else {
		if (config_save_option(a->options->config, "mute", text.s, why, sizeof why))
			snprintf(a->message, sizeof a->message, "muted for good: see %.100s",
				 a->options->config->path);
		else
			snprintf(a->message, sizeof a->message, "muted until enitop ends: %.110s",
				 why);
		findings_mute(v->book);
		if (v->page.open)
			close_page(a);
		findings_renew(a);
	}
	buf_release(&text);
	buf_release(&error);
}

bool app_findings_key(struct app *a, int key)
{
	if (!a->findings.muting)
		return false;
	a->findings.muting = false;
	if (key == 'y' || key == 'Y')
		write_mute(a);
	return true;
}

void app_findings_prompt_draw(struct app *a, struct area area, int y)
{
	struct buf text = { 0 };
	int x = 1 + screen_puts(area, y, 1, ROLE_FOCUS, "mute> ");

	mute_text(a, &text);
	x += screen_text(area, y, x, area.cols - x - 20, ROLE_TEXT, buf_str(&text));
	screen_puts(area, y, x, ROLE_WARNING, "  for good? y or n");
	buf_release(&text);
}

/* ---- life ---- */

void app_findings_init(struct app *a)
{
	struct shown_findings *v = &a->findings;

	v->page.kind = &kind_finding;
	v->page.since = INT64_MIN;
	if (a->watching)
		v->book = watching_findings(a->watching);
}

void app_findings_release(struct app *a)
{
	struct shown_findings *v = &a->findings;

	buf_release(&v->held);
	buf_release(&v->about);
	free(v->point);
	text_page_release(&v->page);
	strip_of_release(&v->minutes.of);
}
