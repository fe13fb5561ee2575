/* app_draw.c - one frame: takes the answers of the panes on show, draws the status
 * lines, the panes and the footer on the grid. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_filter.h"
#include "app/app_time.h"
#include "state/app_labels.h"
#include "view/view.h"

#define HEAD_LINES 3
#define SPLIT_ROWS 24
#define SPLIT_COLS 80

bool app_is_split(const struct app *a)
{
	return a->screen.rows >= SPLIT_ROWS && a->screen.cols >= SPLIT_COLS;
}

/* ---- answers ---- */

/* Whether panes stand beside each other now. */
static bool is_beside(const struct app *a)
{
	return app_is_split(a) && !a->zoomed && a->focus->view->beside;
}

static bool on_show(const struct app *a, const struct pane *p)
{
	return is_beside(a) ? p->view->beside : p == a->focus;
}

static void take_answers(struct app *a)
{
	live_totals(a->live, &a->totals);
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++) {
		if (!on_show(a, p))
			continue;
		if (p->view->take)
			p->view->take(a, p);
		else if (pane_asks(p))
			app_rank_take(a, p);
		p->result.names = app_names(a);
	}
}

/* ---- status lines ---- */

/* Parts of a line, most important first; those that do not fit are left out. */
struct parts {
	struct {
		char text[128];
		enum role role;
		bool joined; /* to the one before: one space apart */
	} part[16];
	int n;
};

static void part_add(struct parts *p, enum role role, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void part_add(struct parts *p, enum role role, const char *format, ...)
{
	va_list ap;

	if (p->n == (int)ARRAY_SIZE(p->part))
		return;
	va_start(ap, format);
	vsnprintf(p->part[p->n].text, sizeof p->part[0].text, format, ap);
	va_end(ap);
	p->part[p->n].joined = false;
	p->part[p->n++].role = role;
}

static void parts_draw(const struct parts *p, struct area a, int y)
{
	int x = 1;

	for (int i = 0; i < p->n; i++) {
		int n = (int)strlen(p->part[i].text), gap = p->part[i].joined ? -1 : 0;
		if (gap + x + n > a.cols && i)
			continue;
		x += gap;
		screen_puts(a, y, x, p->part[i].role, p->part[i].text);
		x += n + 2;
	}
}

static const char *state_of(struct app *a, enum role *role)
{
	uint64_t done, total;

	monitor_progress(a->monitor, &done, &total);
	*role = ROLE_ACCEPT;
	if (a->paused) {
		*role = ROLE_PAUSED;
		return "PAUSED";
	}
	if (app_travels(a)) {
		*role = ROLE_HISTORY;
		return "HISTORY";
	}
	if (total > done) {
		*role = ROLE_PROGRESS;
		return "LOADING";
	}
	return monitor_is_live(a->monitor) ? "LIVE" : "HISTORY";
}

/* What makes the data in the window less than whole, and what could not be kept. */
static void add_trust(struct app *a, struct parts *p)
{
	const struct input_counts *c = &a->counts;
	const struct span window = a->totals.window;
	const struct doubt d = monitor_doubts(a->monitor, window.from, window.to);
	const char *before = "trust: ";
	struct source_sums sums;
	char n[24];

	monitor_source_sums(a->monitor, &sums);
	const struct {
		uint64_t count;
		const char *what;
	} doubts[] = { { sums.failed, "failed" },
		       { d.malformed, "malformed" },
		       { d.skipdata, "SKIPDATA" },
		       { c->future, "in the future" },
		       { c->evicted, "evicted" } };
	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		if (doubts[i].count == 0)
			continue;
		part_add(p, i ? ROLE_WARNING : ROLE_REJECT, "%s%s %s", before,
			 human_count(n, sizeof n, doubts[i].count), doubts[i].what);
		p->part[p->n - 1].joined = !*before;
		before = "";
	}
}

/* No watch is trusted: folders are looked through again and again. */
static void add_folders(struct app *a, struct parts *p)
{
	struct backlog_counts f;
	char n[32];

	monitor_folders(a->monitor, &f);
	if (f.every_s)
		part_add(p, ROLE_TEXT, "folder scan %us", f.every_s);
	if (f.waiting)
		part_add(p, ROLE_PROGRESS, "%s files wait", view_count(n, sizeof n, f.waiting));
	if (f.older + f.left_out)
		part_add(p, ROLE_WARNING, "%s files left out",
			 view_count(n, sizeof n, f.older + f.left_out));
}

static void draw_first_line(struct app *a, struct area area)
{
	struct ring *ring = monitor_ring(a->monitor);
	struct parts p = { .n = 0 };
	enum role role;
	const char *state = state_of(a, &role);
	size_t sources = monitor_sources(a->monitor);
	int64_t now = live_now(a->live);
	char x[48], y[32];

	part_add(&p, ROLE_TITLE, "enitop");
	part_add(&p, role, "%s", state);
	if (now != INT64_MIN)
		part_add(&p, ROLE_TEXT, "now %s lag %s", app_now(a, now, x, sizeof x),
			 human_duration(y, sizeof y, a->clock_s > now ? a->clock_s - now : 0));
	add_trust(a, &p);
	part_add(&p, ROLE_TEXT, "%zu source%s %s flows/s", sources, sources == 1 ? "" : "s",
		 human_count(x, sizeof x, (uint64_t)a->flows_per_s));
	add_folders(a, &p);
	part_add(&p, ROLE_TEXT, "ring %s flows", human_count(x, sizeof x, ring_flows(ring)));
	part_add(&p, ROLE_TEXT, "%s/%s", human_bytes(x, sizeof x, monitor_bytes(a->monitor)),
		 human_bytes(y, sizeof y, ring_budget(ring)));
	if (ring_oldest(ring) < INT64_MAX)
		part_add(&p, ROLE_TEXT, "since %s", app_stamp(a, ring_oldest(ring), x, sizeof x));
	parts_draw(&p, area, 0);
}

static void add_matches(struct app *a, struct parts *p)
{
	const struct result *r = &a->totals;
	const struct tally *t = &r->totals;
	uint64_t known = t->accepts + t->rejects;
	char x[24], y[24];

	part_add(p, ROLE_TEXT, "%s of %s flows match", human_count(x, sizeof x, t->flows),
		 human_count(y, sizeof y, r->scanned));
	if (known) {
		unsigned percent = (unsigned)((double)t->accepts * 100 / (double)known + 0.5);
		/* Neither side is said to be all when it is not. */
		if (percent == 100 && t->rejects)
			percent = 99;
		if (percent == 0 && t->accepts)
			percent = 1;
		part_add(p, ROLE_ACCEPT, "ACCEPT %u%%", percent);
		part_add(p, t->rejects ? ROLE_REJECT : ROLE_DIM, "REJECT %u%%", 100 - percent);
	}
	if (t->lost)
		part_add(p, ROLE_WARNING, "TGW lost %s", human_count(x, sizeof x, t->lost));
}

/* Reading a known amount: bar, share, rate, time left, and how much of the ring the panes
 * stand for. */
static bool draw_progress(struct app *a, struct area area, int y)
{
	uint64_t done, total, counted, held;
	char x[24], z[24], rate[24], left[32] = "", of[24] = "";
	int bar = area.cols / 4;

	monitor_progress(a->monitor, &done, &total);
	if (total <= done)
		return false;
	if (a->bytes_per_s > 0)
		snprintf(left, sizeof left, "%s left",
			 human_duration(x, sizeof x,
					(int64_t)((double)(total - done) / a->bytes_per_s) + 1));
	live_progress(a->live, &counted, &held);
	if (counted < held)
		snprintf(of, sizeof of, "  counted %u%%", (unsigned)(counted * 100 / held));
	screen_bar(area, y, 1, bar, ROLE_PROGRESS, done, total);
	screen_printf(area, y, bar + 2, ROLE_PROGRESS, "%u%% %s of %s  %s/s  %s%s",
		      (unsigned)((double)done * 100 / (double)total),
		      human_bytes(x, sizeof x, done), human_bytes(z, sizeof z, total),
		      human_bytes(rate, sizeof rate, (uint64_t)a->bytes_per_s), left, of);
	return true;
}

/* A frame costs two lines: on a small screen they are data. */
static bool framed(const struct app *a)
{
	return a->screen.rows >= HEAD_LINES + 1 + 8;
}

static void add_window(struct app *a, struct parts *p)
{
	char x[160], y[24];

	if (app_travels(a))
		part_add(p, ROLE_HISTORY, "%s", app_banner(a, x, sizeof x));
	if (a->paused)
		part_add(p, ROLE_PAUSED, " %s flows came since ",
			 view_count(y, sizeof y, a->counts.flows - a->at_pause.flows));
	if (app_travels(a))
		return;
	if (a->options->since_s != INT64_MIN && a->options->until_s != INT64_MAX) {
		struct span s = live_span(a->live);
		part_add(p, ROLE_WARNING, "window %s", app_range(a, s.from, s.to, x, sizeof x));
		return;
	}
	part_add(p, ROLE_TEXT, "window %s",
		 live_window(a->live) ? human_duration(x, sizeof x, live_window(a->live)) : "all");
	if (a->options->since_s != INT64_MIN)
		part_add(p, ROLE_WARNING, "since %s",
			 app_stamp(a, a->options->since_s, x, sizeof x));
	if (a->options->until_s != INT64_MAX)
		part_add(p, ROLE_WARNING, "until %s",
			 app_stamp(a, a->options->until_s, x, sizeof x));
}

/* A window shorter than what its records sum up. */
static void add_averages(struct app *a, struct parts *p)
{
	const struct result *r = &a->totals;
	int64_t length = r->window.from == INT64_MIN ? 0 : r->window.to - r->window.from;

	if (live_window(a->live) && !app_travels(a))
		length = live_window(a->live); /* 0..now has one second more */
	if (r->totals.flows && length && length < r->interval_s)
		part_add(p, ROLE_WARNING,
			 "records span %" PRId64 "s, window %" PRId64 "s: rates are averages",
			 r->interval_s, length);
}

/* What is still to come. */
static void add_tail(struct app *a, struct parts *p)
{
	const struct result *r = &a->totals;
	char x[24];

	if (r->totals.flows && r->incomplete_s > r->window.from && r->incomplete_s < r->window.to)
		part_add(p, ROLE_TAIL, "last %s %s",
			 human_duration(x, sizeof x, r->window.to - 1 - r->incomplete_s),
			 a->screen.cols < 100 ? "open" : "not complete yet");
}

static void draw_second_line(struct app *a, struct area area)
{
	const struct pane *grouped = pane_of_groups(a);
	struct parts p = { .n = 0 };
	struct buf name = { 0 };
	char x[160], banner[96];
	uint64_t done, total;

	if (a->paused && !app_travels(a)) {
		char n[32];
		screen_printf(area, 1, 1, ROLE_PAUSED,
			      " PAUSED at %s: %s flows came since, space goes on ",
			      app_stamp(a, live_now(a->live), x, sizeof x),
			      view_count(n, sizeof n, a->counts.flows - a->at_pause.flows));
		return;
	}
	if (!app_travels(a) && draw_progress(a, area, 1))
		return;
	if (!framed(a) && !app_travels(a)) {
		struct buf title = { 0 };
		view_title(a, a->focus, &title);
		part_add(&p, ROLE_FOCUS, "%.20s", title.s);
		buf_release(&title);
	}
	/* Where what is seen is the past, nothing may hide that. */
	if (app_travels(a))
		add_window(a, &p);
	if (*app_compare_banner(a, banner, sizeof banner))
		part_add(&p, ROLE_PAUSED, "%s",
			 area.cols < (app_travels(a) ? 120 : 60)
				 ? app_compare_short(a, banner, sizeof banner)
				 : banner);
	if (!app_travels(a))
		add_window(a, &p);
	add_averages(a, &p);
	add_matches(a, &p);
	add_tail(a, &p);
	metric_title(a->metric, &a->distinct, &name);
	part_add(&p, ROLE_TEXT, "by %s", name.s);
	buf_clear(&name);
	if (grouped)
		view_add_group(a, grouped, &name);
	if (name.n)
		part_add(&p, ROLE_TEXT, "group%s", name.s);
	buf_release(&name);
	live_progress(a->live, &done, &total);
	if (!a->totals.complete && total && done < total)
		part_add(&p, ROLE_PROGRESS, "counting %u%%", (unsigned)(done * 100 / total));
	parts_draw(&p, area, 1);
}

/* What the keys do in the bar. */
static const char *bar_help(const struct app *a)
{
	if (a->menu.n)
		return "Tab next  S-Tab before  Enter take  Esc as typed";
	if (a->prompt.searching)
		return "^R further back  Enter keep  Esc leave the search";
	return "Enter keep  Esc as it was  Tab complete  ^U empty  Up before  ^R search";
}

/* What the chosen cell says, and what can be done with it. */
static bool draw_cell_help(struct app *a, struct area area, int y)
{
	struct buf clause = { 0 };
	int x = 1;

	if (a->cell)
		app_selected_clause(a, &clause);
	if (clause.n) {
		x += screen_text(area, y, x, area.cols / 2, ROLE_FOCUS, buf_str(&clause)) + 2;
		screen_puts(area, y, x, ROLE_DIM,
			    "+ only  - all but it  Enter drill  < > cell  Esc row");
	}
	bool drawn = clause.n > 0;
	buf_release(&clause);
	return drawn;
}

static void draw_footer(struct app *a, struct area area)
{
	size_t n, panes;
	const struct command *c = commands(&n, &panes);
	int y = area.rows - 1;
	int x;

	if (a->asking) {
		screen_puts(area, y, 1, ROLE_DIM, "Enter look  Esc as it was  Up before");
		return;
	}
	if (a->grouping.active) {
		screen_puts(area, y, 1, ROLE_DIM,
			    "Enter group by these  Esc as it was  Tab complete  Up others  "
			    "(srcaddr/24,pair,service)");
		return;
	}
	if (a->editing) {
		screen_puts(area, y, 1, ROLE_DIM, bar_help(a));
		return;
	}
	if (draw_cell_help(a, area, y))
		return;
	x = screen_printf(area, y, 1, ROLE_KEY, "%c-%c", a->pane[0].view->key,
			  a->pane[a->panes - 1].view->key) +
	    2;
	x += screen_puts(area, y, x, ROLE_DIM, "pane") + 2;
	for (size_t i = 0; i < n; i++) {
		char key[16];
		if (!*c[i].footer)
			continue;
		key_label(c[i].key, key, sizeof key);
		if (x + (int)(strlen(key) + strlen(c[i].footer)) + 1 > area.cols)
			continue;
		x += screen_puts(area, y, x, ROLE_KEY, key) + 1;
		x += screen_puts(area, y, x, ROLE_DIM, c[i].footer) + 2;
	}
}

/* ---- panes ---- */

static void draw_pane(struct app *a, struct pane *p, struct area area, bool frame)
{
	struct buf title = { 0 };
	bool focused = p == a->focus;

	view_title(a, p, &title);
	if (frame)
		area = screen_box(area, focused, title.s);
	buf_release(&title);
	if (area.rows <= 0 || area.cols <= 0)
		return;
	if (p->result.by_change)
		view_compare_draw(a, p, area, focused);
	else
		p->view->draw(a, p, area, focused);
	if (focused)
		app_cell_paint(a, area);
}

/* Two in a row, in the order of the views. */
static void draw_beside(struct app *a, struct area body)
{
	int n = 0, at = 0, rows, w = body.cols / 2;

	for (unsigned i = 0; i < a->panes; i++)
		n += a->pane[i].view->beside;
	rows = (n + 1) / 2;
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++) {
		int row = at / 2, y = body.rows * row / rows;
		bool left = at % 2 == 0, alone = left && at + 1 == n;
		if (!p->view->beside)
			continue;
		draw_pane(a, p,
			  area_part(body, y, left ? 0 : w, body.rows * (row + 1) / rows - y,
				    alone  ? body.cols
				    : left ? w
					   : body.cols - w),
			  true);
		at++;
	}
}

static void draw_record(struct app *a, struct area body)
{
	view_detail_draw(a, body);
	app_cell_paint(a, area_part(body, 1, 1, body.rows - 2, body.cols - 2));
}

static void draw_panes(struct app *a, struct area body)
{
	if (a->help)
		view_help_draw(a, screen_box(body, true, "Help"));
	else if (a->panel)
		app_panel_draw(a, body);
	else if (a->detail.segment)
		draw_record(a, body);
	else if (a->source_open)
		view_source_draw(a, screen_box(body, true, "Source"));
	else if (is_beside(a))
		draw_beside(a, body);
	else
		draw_pane(a, a->focus, body, framed(a));
}

void app_draw(struct app *a)
{
	struct area all = screen_area(&a->screen);
	int head = HEAD_LINES - 1 + app_bar_lines(a), foot = 1;

	a->moving = false;
	take_answers(a);
	screen_clear(&a->screen);
	if (all.rows < 6) {
		head = all.rows >= 4 ? 2 : all.rows > 1;
		foot = 0;
	}
	if (head >= 1)
		draw_first_line(a, all);
	if (head >= 2 && (head >= 3 || (!a->editing && !a->grouping.active)))
		draw_second_line(a, all);
	/* What is being exported, or a window or grouping that is typed, has the line of the
	 * filter. */
	int bar = head >= 3 ? HEAD_LINES - 1 : head > 0 ? head - 1 : 0;
	bool taken = head && app_save_draw(a, all, bar);
	if (a->asking && !taken)
		app_ask_draw(a, all, bar);
	else if (a->grouping.active && !taken)
		app_group_draw(a, all, bar);
	else if (head >= 3 && !taken)
		app_bar_draw(a, all, HEAD_LINES - 1);
	else if (a->editing && !taken)
		prompt_draw(&a->prompt, all, head - 1, 0, all.cols, true);
	if (foot)
		draw_footer(a, all);
	draw_panes(a, area_part(all, head, 0, all.rows - head - foot, all.cols));
	app_rank_drawn(a);
}
