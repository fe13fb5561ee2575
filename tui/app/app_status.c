/* app_status.c - the two lines above the filter: what is read and how far it can be trusted; what
 * is looked at and what of it matches. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/app_time.h"
#include "state/age.h"
#include "view/view.h"

/* Parts of a line, most important first; those that do not fit are left out. */
struct parts {
	struct {
		char text[128];
		char brief[16]; /* not empty: it is never left out, but this in place of the text */
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
	p->part[p->n].brief[0] = '\0';
	p->part[p->n].joined = false;
	p->part[p->n++].role = role;
}

/* Part i, where the ones before end at *x, which moves behind it; "": it does not fit. The first one
 * always does, if need be cut. */
static struct str part_place(const struct parts *p, int i, int cols, int *x)
{
	int at = *x - p->part[i].joined, room = cols - at;
	struct str text = str_of(p->part[i].text);

	for (int k = i + 1; k < p->n; k++)
		room -= *p->part[k].brief ? (int)strlen(p->part[k].brief) + 2 : 0;
	room = room < 0 ? 0 : room;
	if (*p->part[i].brief && (int)text.n > room)
		text = str_of(p->part[i].brief);
	if ((int)text.n > room)
		text.n = i ? 0 : (size_t)room;
	*x += text.n ? (int)text.n + 2 - p->part[i].joined : 0;
	return text;
}

static void parts_draw(const struct parts *p, struct area a, int y)
{
	int x = 1;

	for (int i = 0; i < p->n; i++) {
		int at = x - p->part[i].joined;
		struct str text = part_place(p, i, a.cols, &x);
		screen_text(a, y, at, (int)text.n, p->part[i].role, text);
	}
}

/* Whether so many bytes have room behind all that fit. */
static bool parts_fit(const struct parts *p, int cols, int n)
{
	int x = 1;

	for (int i = 0; i < p->n; i++)
		part_place(p, i, cols, &x);
	return x + n <= cols;
}

static const char *state_of(struct app *a, enum role *role)
{
	struct backlog_counts folders;
	struct source_sums sums;
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
	if (!monitor_is_live(a->monitor) || age_days(a) > 0)
		return "HISTORY";
	/* What is not there can't be followed. */
	monitor_source_sums(a->monitor, &sums);
	monitor_folders(a->monitor, &folders);
	return sums.in_state[SOURCE_FOLLOWING] || sums.in_state[SOURCE_READING] ||
			       folders.every_s || !sums.in_state[SOURCE_WAITING]
		       ? "LIVE"
		       : "WAITING";
}

/* What makes the data in the window less than whole, and what could not be kept. */
static void note_doubts(struct app *a, struct parts *doubts)
{
	struct buf lack = { 0 };
	const struct input_counts *c = &a->counts;
	const struct span window = a->totals.window;
	const struct doubt d = monitor_doubts(a->monitor, window.from, window.to);
	struct source_sums sums;
	char n[24];

	monitor_source_sums(a->monitor, &sums);
	trust_take(a, false);
	const struct {
		uint64_t count;
		const char *what;
	} counted[] = { { sums.failed, "failed" },
			{ d.malformed, "malformed" },
			{ d.unreadable, "unreadable" },
			{ d.skipdata, "SKIPDATA" },
			{ a->trust.made.trust.all.with_missing, "missing" },
			{ a->totals.undecided, "undecided" },
			{ a->totals.totals.bytes == UINT64_MAX, "sum beyond 2^64" },
			{ c->undated, "undated" },
			{ a->totals.astray, "months away" },
			{ c->links_out, plural(c->links_out, "link leads out", "links lead out") },
			{ c->future, "in the future" },
			{ c->evicted, "evicted" } };
	for (size_t i = 0; i < ARRAY_SIZE(counted); i++)
		if (counted[i].count)
			part_add(doubts, i ? ROLE_WARNING : ROLE_REJECT, "%s %s",
				 human_count(n, sizeof n, counted[i].count), counted[i].what);
	input_lack_text(c, &lack);
	if (a->screen.cols < 160 && lack.n > 30)
		part_add(doubts, ROLE_WARNING, "columns not understood of %" PRIu64 " %s",
			 c->lacking_sources, plural(c->lacking_sources, "source", "sources"));
	else if (lack.n)
		part_add(doubts, ROLE_WARNING, "%s", lack.s);
	buf_release(&lack);
}

/* "trust: 2 failed 4 malformed +1": those that have no room are counted. */
static void add_trust(struct app *a, struct parts *p)
{
	const char *before = "trust: ";
	struct parts doubts = { .n = 0 };
	int more = 0;

	note_doubts(a, &doubts);
	for (int i = 0; i < doubts.n; i++) {
		const char *text = doubts.part[i].text;
		int n = (int)(strlen(before) + strlen(text)) - !*before;
		int rest = more || i + 1 < doubts.n ? 3 : 0; /* " +9" */
		if (!parts_fit(p, a->screen.cols, n + rest)) {
			more++;
			continue;
		}
		part_add(p, doubts.part[i].role, "%s%.100s", before, text);
		p->part[p->n - 1].joined = !*before;
		before = "";
	}
	if (more) {
		part_add(p, ROLE_WARNING, "%s+%d", before, more);
		p->part[p->n - 1].joined = !*before;
	}
}

/* No watch is trusted alone: folders are looked through again and again. */
static void add_folders(struct app *a, struct parts *p)
{
	struct backlog_counts f;
	char n[32];

	monitor_folders(a->monitor, &f);
	if (f.every_s)
		part_add(p, ROLE_TEXT, "folder scan %us", f.every_s);
	if (f.waiting)
		part_add(p, ROLE_PROGRESS, "%s %s", view_count(n, sizeof n, f.waiting),
			 plural(f.waiting, "file waits", "files wait"));
	if (f.older + f.left_out)
		part_add(p, ROLE_WARNING, "%s %s left out",
			 view_count(n, sizeof n, f.older + f.left_out),
			 plural(f.older + f.left_out, "file", "files"));
}

void app_first_line(struct app *a, struct area area)
{
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
	part_add(&p, ROLE_TEXT, "%zu %s %s flows/s", sources, plural(sources, "source", "sources"),
		 human_count(x, sizeof x, (uint64_t)a->flows_per_s));
	add_folders(a, &p);
	parts_draw(&p, area, 0);
}

/* Second sightings, left out or counted twice, in the fewest words. */
static enum role once_briefly(const struct app *a, char *out, size_t size)
{
	const struct result *r = &a->totals;
	unsigned percent = result_second_percent(r);
	bool tiny = a->screen.cols < 30;

	if (!r->query.once && !r->second)
		snprintf(out, size, tiny ? "all" : "all count");
	else if (tiny || !r->second)
		snprintf(out, size, "%s", r->query.once ? "once" : "twice");
	else
		snprintf(out, size, r->query.once ? "once -%u%%" : "%u%% twice", percent);
	return r->second && !r->query.once ? ROLE_WARNING : ROLE_TEXT;
}

/* Always said, in as many words as there is room for. */
static void add_once(struct app *a, struct parts *p)
{
	struct buf says = { 0 };
	char brief[16];
	enum role role = once_briefly(a, brief, sizeof brief);

	if (a->screen.cols >= 120)
		result_say_once(&a->totals, &says);
	part_add(p, role, "%s", says.n ? says.s : brief);
	if (p->n)
		snprintf(p->part[p->n - 1].brief, sizeof brief, "%s", brief);
	buf_release(&says);
}

/* At the end of a line that says something else. */
static void draw_once_at_end(const struct app *a, struct area area, int y)
{
	char brief[16];
	enum role role = once_briefly(a, brief, sizeof brief);
	int n = (int)strlen(brief);

	screen_printf(area, y, area.cols - n - 2, role, "  %s", brief);
}

static void add_matches(struct app *a, struct parts *p)
{
	const struct result *r = &a->totals;
	const struct tally *t = &r->totals;
	uint64_t known = t->accepts + t->rejects;
	char x[24], y[24];

	part_add(p, ROLE_TEXT, "%s of %s %s", human_count(x, sizeof x, result_matching(r)),
		 human_count(y, sizeof y, r->scanned),
		 plural(r->scanned, "flow matches", "flows match"));
	if (r->query.priced)
		part_add(p, ROLE_TEXT, "cost %s", human_cost(x, sizeof x, t->cost));
	if (r->unpriced)
		part_add(p, ROLE_WARNING, "no price %s", human_bytes(x, sizeof x, r->unpriced));
	if (a->screen.cols < 120)
		add_once(a, p);
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
	if (a->screen.cols >= 120)
		add_once(a, p);
	if (t->lost && !r->query.priced)
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
	draw_once_at_end(a, area, y);
	return true;
}

static void add_window(struct app *a, struct parts *p)
{
	char x[160], y[24];

	if (app_travels(a))
		part_add(p, ROLE_HISTORY, "%s", app_banner(a, x, sizeof x));
	if (a->paused)
		part_add(p, ROLE_PAUSED, " %s %s came since ",
			 view_count(y, sizeof y, a->counts.flows - a->at_pause.flows),
			 plural(a->counts.flows - a->at_pause.flows, "flow", "flows"));
	if (app_travels(a))
		return;
	if (a->options->since_s != INT64_MIN && a->options->until_s != INT64_MAX) {
		struct span s = live_span(a->live);
		part_add(p, ROLE_WARNING, "window %s", app_range(a, s.from, s.to, x, sizeof x));
		return;
	}
	if (a->widened_s && !live_window(a->live)) {
		part_add(p, ROLE_WARNING, "window all: nothing in the last %s",
			 human_duration(x, sizeof x, a->widened_s));
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

/* Log time has stood still for days: what a window that nobody chose leaves out is most of such a
 * log, and said before what matches. */
static void add_age_and_matches(struct app *a, struct parts *p)
{
	int64_t days = app_travels(a) ? 0 : age_days(a);
	bool chosen =
		a->options->window_given || a->window_chosen || a->options->until_s != INT64_MAX;
	uint64_t older = days > 0 && !chosen ? age_older(a) : 0;
	char x[32];

	if (older)
		part_add(p, ROLE_WARNING,
			 "the newest record is %" PRId64 " %s old: %s %s older, t all", days,
			 plural((uint64_t)days, "day", "days"), view_count(x, sizeof x, older),
			 plural(older, "flow is", "flows are"));
	add_matches(a, p);
	if (days > 0 && !older)
		part_add(p, ROLE_WARNING, "the newest record is %" PRId64 " %s old", days,
			 plural((uint64_t)days, "day", "days"));
}

/* A window shorter than what its records sum up. */
static void add_averages(struct app *a, struct parts *p)
{
	const struct result *r = &a->totals;
	int64_t length = r->window.from == INT64_MIN ? 0 : r->window.to - r->window.from;

	if (r->totals.flows && length && length < r->interval_s)
		part_add(p, ROLE_WARNING,
			 "records span %" PRId64 "s, window %" PRId64 "s: rates are averages",
			 r->interval_s, length);
}

/* How much of the window records are still to come of. */
static void add_tail(struct app *a, struct parts *p)
{
	const struct result *r = &a->totals;
	char x[24];

	if (r->totals.flows && r->incomplete_s > r->window.from && r->incomplete_s < r->window.to)
		part_add(p, ROLE_TAIL, "last %s %s",
			 human_duration(x, sizeof x, r->window.to - 1 - r->incomplete_s),
			 a->screen.cols < 100 ? "open" : "not complete yet");
}

/* Which pane it is, where it has no frame to say so; its name alone where little room is left. */
static void add_pane(const struct app *a, struct parts *p, int cols)
{
	const struct view *v = a->focus->view;
	struct buf title = { 0 };
	int room = cols < 60 ? 16 : 20;
	char key[16];

	if (cols < 30 || (cols < 60 && a->mark.time != INT64_MIN))
		buf_printf(&title, "%s %s",
			   keys_label(&a->options->keys, COMMANDS_N + (int)(a->focus - a->pane),
				      key, sizeof key),
			   v->title);
	else
		view_title(a, a->focus, &title);
	part_add(p, ROLE_FOCUS, "%.*s", (int)screen_fitting(buf_str(&title), room), title.s);
	buf_release(&title);
}

void app_second_line(struct app *a, struct area area, bool framed)
{
	const struct pane *grouped = pane_of_groups(a);
	struct parts p = { .n = 0 };
	struct buf name = { 0 };
	char x[160], banner[96];
	uint64_t done, total;

	if (a->paused && !app_travels(a)) {
		char n[32];
		screen_printf(area, 1, 1, ROLE_PAUSED,
			      " PAUSED at %s: %s %s came since, space goes on ",
			      app_stamp(a, live_now(a->live), x, sizeof x),
			      view_count(n, sizeof n, a->counts.flows - a->at_pause.flows),
			      plural(a->counts.flows - a->at_pause.flows, "flow", "flows"));
		draw_once_at_end(a, area, 1);
		return;
	}
	if (!app_travels(a) && draw_progress(a, area, 1))
		return;
	if (!framed && !app_travels(a)) {
		add_pane(a, &p, area.cols);
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
	add_age_and_matches(a, &p);
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
