/* app.c - see app.h. The loop: data marks the screen dirty, a one-shot timer works on
 * the queries and draws, and while they are not done it goes on at once, keys and data
 * in between; an idle program does neither. */
#include "app/app.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/app_filter.h"
#include "app/app_names.h"
#include "app/command.h"
#include "app/app_causes.h"
#include "app/app_findings.h"
#include "app/app_mouse.h"
#include "app/app_usual.h"
#include "app/app_why.h"
#include "base/job.h"
#include "base/terminal.h"
#include "cli/inputs.h"
#include "cli/labels_open.h"
#include "term/term.h"
#include "triage/edges.h"
#include "triage/watching.h"

#define FRAME_MS 100  /* no two looks at what came closer than this */
#define FRAME_COST 4  /* no two frames closer than so many times the last one's cost, */
#define EMPTY_MS 20   /* but the first flows are not kept waiting */
#define HASTE_MS 1000 /* behind a key no frame waits for --refresh */
#define RATE_MS 1000
#define KEYS_MS 1          /* for more keys to come */
#define OVERRUN_MS 200     /* between two slices while history outgrows the ring */
#define SLICE_NS 10000000u /* of query work between two looks at the keyboard */

struct app_loop {
	uv_loop_t loop;
	uv_timer_t frame;
	uv_idle_t again; /* the frame that is due now */
	struct app *app;
	bool scheduled, open, quitting;
	bool counting; /* answers were not complete when last looked at */
	bool at_once;  /* the next frame waits for nothing */
	bool all_read; /* the first frame behind that waits for its answers alone */
	uint64_t begun_ms;
	uint64_t drawn_ms, cost_ms, due_ms;
	uint64_t looked_ms; /* when frame() last ran */
	uint64_t haste_ms;  /* until then, or until all is answered, what a key asked for is owed */
	uint64_t evicted, evicted_ms; /* flows that left the ring; when last some did */
	uint64_t worked_ms;
	/* rates */
	uint64_t rate_ms, rate_flows, rate_bytes;
	char why[64];
	char first_error[256];
	unsigned errors;
};

static void on_frame(uv_timer_t *t);
static void on_again(uv_idle_t *h);

/* ---- frames ---- */

/* The earliest of what was asked for counts. */
static void schedule(struct app_loop *l, uint64_t in_ms)
{
	uint64_t due = uv_now(&l->loop) + in_ms;

	if (l->quitting || (l->scheduled && l->due_ms <= due))
		return;
	l->scheduled = true;
	l->due_ms = due;
	if (in_ms) {
		uv_timer_start(&l->frame, on_frame, in_ms, 0);
	} else {
		uv_timer_stop(&l->frame);
		uv_idle_start(&l->again, on_again);
	}
}

static bool is_in_haste(const struct app_loop *l)
{
	return uv_now(&l->loop) < l->haste_ms;
}

/* From the last frame to the next. */
static uint64_t frame_wait(const struct app_loop *l)
{
	uint64_t cost = l->cost_ms * FRAME_COST, least = !l->app->counts.flows ? EMPTY_MS
							 : is_in_haste(l)
								 ? FRAME_MS
								 : l->app->options->refresh_ms;

	return cost > least ? cost : least;
}

/* What came is counted meanwhile, whenever it is drawn. */
void app_dirty(struct app *a)
{
	struct app_loop *l = a->loop;
	uint64_t now, due;

	if (!l)
		return;
	uv_update_time(&l->loop);
	now = uv_now(&l->loop);
	due = l->looked_ms + (a->counts.flows ? FRAME_MS : EMPTY_MS);
	schedule(l, due > now ? due - now : 0);
}

/* What a key is answered by is drawn when it is there. */
static void hasten(struct app_loop *l, uint64_t ms)
{
	uv_update_time(&l->loop);
	if (l->haste_ms < uv_now(&l->loop) + ms)
		l->haste_ms = uv_now(&l->loop) + ms;
}

/* Over at least RATE_MS, so that the figure can be read. */
static void measure_rates(struct app_loop *l, uint64_t now)
{
	struct app *a = l->app;
	uint64_t done, total, elapsed = now - l->rate_ms;

	monitor_progress(a->monitor, &done, &total);
	if (elapsed < RATE_MS && l->rate_ms)
		return;
	if (l->rate_ms) {
		a->flows_per_s = (double)(a->counts.flows - l->rate_flows) * 1000 / (double)elapsed;
		a->bytes_per_s = done >= l->rate_bytes
					 ? (double)(done - l->rate_bytes) * 1000 / (double)elapsed
					 : 0;
	}
	l->rate_ms = now;
	l->rate_flows = a->counts.flows;
	l->rate_bytes = done;
}

static void draw(struct app_loop *l)
{
	struct app *a = l->app;
	uint64_t start = uv_hrtime();

	l->at_once = false;
	a->clock_s = (int64_t)time(NULL);
	monitor_counts(a->monitor, &a->counts);
	measure_rates(l, uv_now(&l->loop));
	app_draw(a);
	if (l->open)
		term_blit(&a->screen);
	l->cost_ms = (uv_hrtime() - start) / 1000000;
	uv_update_time(&l->loop);
	l->drawn_ms = uv_now(&l->loop);
}

/* The answers have just become complete: trends may still be on their way. */
static bool has_counted(struct app_loop *l)
{
	bool was = l->counting;
	uint64_t done, total;

	live_progress(l->app->live, &done, &total);
	l->counting = done < total;
	return was && !l->counting;
}

/* History outgrows the ring: what is counted now will soon have to be taken out again, so
 * that nearly all of the time is left to reading. */
static bool is_overrun(struct app_loop *l, bool loading)
{
	uint64_t evicted = ring_evicted(monitor_ring(l->app->monitor));

	if (evicted != l->evicted)
		l->evicted_ms = uv_now(&l->loop);
	l->evicted = evicted;
	return loading && l->evicted_ms && uv_now(&l->loop) - l->evicted_ms < OVERRUN_MS;
}

static bool is_loading(const struct app_loop *l)
{
	uint64_t done, total;

	monitor_progress(l->app->monitor, &done, &total);
	return total > 0;
}

/* Works on the queries; true while there is more to do. */
static bool work(struct app_loop *l)
{
	uint64_t now = uv_now(&l->loop);
	bool loading = is_loading(l);

	live_work_alone(l->app->live, loading);
	if (is_overrun(l, loading) && now - l->worked_ms < OVERRUN_MS)
		return true;
	l->worked_ms = now;
	/* Blocks that were read take their time on the loop too. */
	return live_step(l->app->live, loading ? SLICE_NS / 2 : SLICE_NS);
}

/* Whether what there is now is worth a frame; `more`: there will be more soon. */
static bool is_due(struct app_loop *l, bool more)
{
	uint64_t waited, wait = frame_wait(l);
	bool whole = has_counted(l) || !more, haste = is_in_haste(l);

	uv_update_time(&l->loop);
	waited = uv_now(&l->loop) - l->drawn_ms;
	if (l->at_once || (haste && whole))
		return true;
	/* What is there within the first second is drawn once. */
	if (l->all_read && (!more || (!l->counting && uv_now(&l->loop) - l->begun_ms >= HASTE_MS)))
		return true;
	return waited >= wait && (whole || haste || waited >= wait + FRAME_MS);
}

/* Draws if that is due, and the terminal has taken the frame before. False: it is for later. */
static bool draw_if_due(struct app_loop *l, bool more)
{
	uint64_t waited, wait;

	if (is_due(l, more)) {
		if (!l->open || term_is_ready()) {
			draw(l);
			return true;
		}
		schedule(l, FRAME_MS);
		return false;
	}
	wait = frame_wait(l);
	waited = uv_now(&l->loop) - l->drawn_ms;
	if (!more)
		schedule(l, wait > waited ? wait - waited : 0);
	return false;
}

static void frame(struct app_loop *l)
{
	struct app *a = l->app;
	uint64_t rest_ms = app_bar_rest(a, monotonic_ns());
	bool more = work(l), drawn;

	more |= app_save_step(a);
	more |= app_why_step(a, SLICE_NS) || app_usual_step(a, SLICE_NS);
	if (!more)
		more = app_findings_step(a, SLICE_NS) || app_causes_step(a, SLICE_NS) ||
		       trust_step(a, SLICE_NS);
	if (!more && !a->paused && !is_loading(l))
		a->trust.arrives = true;
	l->scheduled = false;
	monitor_charge(a->monitor, app_bytes(a));
	drawn = draw_if_due(l, more);
	l->looked_ms = uv_now(&l->loop);
	/* Drawing may ask for more: a trend to be filled. */
	if (more || app_count(a, SLICE_NS) || live_step(a->live, 0)) {
		schedule(l, is_overrun(l, is_loading(l)) ? FRAME_MS : 0);
	} else if (drawn && !l->scheduled) {
		l->haste_ms = 0;
		l->all_read = false;
	}
	if (drawn && (a->flows_per_s > 0 || a->moving))
		schedule(l, RATE_MS + 100); /* the rate falls to nothing when nothing comes */
	if (rest_ms) {
		hasten(l, rest_ms + HASTE_MS);
		schedule(l, rest_ms);
	}
}

static void on_frame(uv_timer_t *t)
{
	frame(t->data);
}

static void on_again(uv_idle_t *h)
{
	uv_idle_stop(h);
	frame(h->data);
}

/* ---- events ---- */

/* Keys are answered at once, those of one paste together. */
static void answer_soon(struct app_loop *l)
{
	l->worked_ms = 0;
	l->at_once = true;
	hasten(l, HASTE_MS);
	schedule(l, KEYS_MS);
}

static void on_key(void *ctx, int key)
{
	struct app_loop *l = ctx;

	app_key(l->app, key);
	answer_soon(l);
}

static void on_mouse(void *ctx, const struct mouse_event *e)
{
	struct app_loop *l = ctx;

	app_mouse(l->app, e);
	answer_soon(l);
}

static void on_resize(void *ctx, int rows, int cols)
{
	struct app_loop *l = ctx;

	screen_resize(&l->app->screen, rows, cols);
	l->at_once = true;
	app_dirty(l->app);
}

static void on_quit(void *ctx, const char *why)
{
	struct app_loop *l = ctx;

	snprintf(l->why, sizeof l->why, "%s", why);
	app_quit(l->app);
}

void app_quit(struct app *a)
{
	struct app_loop *l = a->loop;

	if (!l)
		return;
	l->quitting = true;
	uv_timer_stop(&l->frame);
	uv_idle_stop(&l->again);
	uv_stop(&l->loop);
}

void app_suspend(struct app *a)
{
	if (a->loop)
		term_suspend();
}

void app_redraw(struct app *a)
{
	if (a->loop)
		term_redraw();
}

bool app_use_mouse(struct app *a, bool on)
{
	return a->loop && term_use_mouse(on);
}

bool app_clip(struct app *a, struct str text)
{
	return a->loop && term_copy(text);
}

static void on_changed(void *ctx)
{
	struct app_loop *l = ctx;

	app_dirty(l->app);
}

/* All is read: what waited for that has its turn. */
static void on_caught_up(void *ctx)
{
	struct app_loop *l = ctx;

	app_findings_caught_up(l->app);
	l->all_read = true;
	uv_update_time(&l->loop);
	schedule(l, 0);
}

static void on_error(void *ctx, const char *message)
{
	struct app_loop *l = ctx;

	snprintf(l->app->message, sizeof l->app->message, "%s", message);
	if (l->errors++ == 0)
		snprintf(l->first_error, sizeof l->first_error, "%s", message);
	app_dirty(l->app);
}

/* ---- life ---- */

static bool open_terminal(struct app_loop *l, char *error, size_t size)
{
	struct term_events te = { on_key, on_mouse, on_resize, on_quit, l };
	const struct options *o = l->app->options;
	char *own = config_themes(o->config);
	struct theme theme;
	int rows, cols, rc;

	/* Before the terminal is taken: a message must be readable. */
	rc = theme_load(&theme, o->theme ? o->theme : "default", own, error, size);
	free(own);
	if (rc < 0) {
		/* A mistake in the configuration keeps nobody out. */
		if (o->theme != o->theme_setting)
			return false;
		theme_default(&theme);
		snprintf(l->app->message, sizeof l->app->message, "%.150s", error);
	}
	if (term_open(&l->loop, &te, error, size) < 0)
		return false;
	if (*term_note())
		snprintf(l->app->message, sizeof l->app->message, "%s", term_note());
	if (o->color == COLOR_NEVER || !term_has_colors() ||
	    (o->color == COLOR_AUTO && getenv("NO_COLOR") && *getenv("NO_COLOR")))
		theme_mono(&theme);
	term_set_theme(&theme);
	l->open = true;
	l->app->mouse = o->mouse && term_use_mouse(true);
	l->app->screen.ascii = o->ascii || !term_is_utf8();
	term_size(&rows, &cols);
	screen_resize(&l->app->screen, rows, cols);
	return true;
}

static void run(struct app_loop *l)
{
	struct names_watch *names = names_watch_new(l->app, &l->loop);

	inputs_add(l->app->options, l->app->monitor);
	app_dirty(l->app);
	uv_run(&l->loop, UV_RUN_DEFAULT);
	names_watch_stop(names);
	/* All read and nothing to follow: the keyboard alone keeps the loop. */
	term_close();
	if (l->why[0] && strcmp(l->why, "terminal closed") != 0)
		complain("%s", l->why);
	if (l->first_error[0])
		complain("%s", l->first_error);
	if (l->errors > 1)
		complain("and %u more %s failed: pane 6 or --view sources", l->errors - 1,
			 plural(l->errors - 1, "input", "inputs"));
}

int app_run(const struct options *o)
{
	struct app app;
	struct app_loop l = { .app = &app };
	struct monitor_options mo = { .memory = o->memory,
				      .format = o->format,
				      .follow = o->follow,
				      .follow_links = o->follow_links,
				      .keep = true,
				      .prompt = true,
				      .newest_first = true,
				      .since_s = o->since_s,
				      .until_s = o->until_s,
				      .now_s = o->now_s };
	struct monitor_events me = {
		.ctx = &l, .changed = on_changed, .caught_up = on_caught_up, .error = on_error
	};
	char error[256];
	int status = 0;

	signal(SIGPIPE, SIG_IGN);
	if (job_loop_init(&l.loop) < 0)
		return 2;
	uv_timer_init(&l.loop, &l.frame);
	l.frame.data = &l;
	uv_idle_init(&l.loop, &l.again);
	l.again.data = &l;
	l.begun_ms = uv_now(&l.loop);
	app_init(&app, o, monitor_new(&l.loop, &mo, &me));
	app.loop = &l;
	if (!app.rules || !inputs_open_state(o, app.monitor) ||
	    !labels_open(o, app.monitor, app.message, sizeof app.message)) {
		status = 2;
	} else if (open_terminal(&l, error, sizeof error)) {
		run(&l);
		status = monitor_failed(app.monitor);
	} else {
		complain("%s", error);
		status = 2;
	}
	term_close();
	l.quitting = true;
	if (status != 2)
		monitor_save_state(app.monitor);
	app.loop = NULL;
	edges_leave(app.edges);
	monitor_close(app.monitor, NULL, NULL);
	uv_close((uv_handle_t *)&l.frame, NULL);
	uv_close((uv_handle_t *)&l.again, NULL);
	inputs_leave(&l.loop, status);
	uv_loop_close(&l.loop);
	app_release(&app);
	return status;
}
