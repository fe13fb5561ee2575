/* watches.c - see watches.h. A folder where much happens is paused until the next look: what
 * it has to tell costs no more then than that look. */
#include "input/watches.h"

#include <stdlib.h>
#include <string.h>

struct watch {
	uv_fs_event_t handle;
	struct watches *all;
	char *folder; /* NULL: none */
	int64_t time_s;
	bool on;
	uint64_t due_ms;       /* not on: when it is to be */
	uint64_t since_ms;     /* these came since then: */
	unsigned events, vain; /* vain ones: there was nothing to look at */
	uint64_t pause_ms;     /* the last one, after vain ones alone */
};

struct watches {
	uv_loop_t *loop;
	struct watches_events events;
	struct watch watch[WATCHES_MAX];
	uv_timer_t timer;
	uint64_t looked_ms;
	bool stirred; /* since the last look */
	unsigned handles;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

static void on_time(uv_timer_t *t);

/* The earliest of what was asked for counts. */
static void schedule(struct watches *w, uint64_t at_ms)
{
	uint64_t now = uv_now(w->loop), in_ms = at_ms > now ? at_ms - now : 0;

	if (uv_is_active((uv_handle_t *)&w->timer) && uv_timer_get_due_in(&w->timer) <= in_ms)
		return;
	uv_timer_start(&w->timer, on_time, in_ms, 0);
}

/* A turn of the loop later at the earliest: what happens comes in more than one event. */
static void look_soon(struct watches *w)
{
	w->stirred = true;
	schedule(w, w->looked_ms + WATCHES_EVERY_MS);
}

/* The longer, the longer others alone write there. */
static void pause_watch(struct watch *at)
{
	bool vain = at->vain == at->events;
	uint64_t longer = at->pause_ms ? 2 * at->pause_ms : WATCHES_EVERY_MS;

	at->pause_ms = !vain ? 0 : longer < WATCHES_VAIN_MS ? longer : WATCHES_VAIN_MS;
	uv_fs_event_stop(&at->handle);
	at->on = false;
	at->due_ms = uv_now(at->all->loop) + (vain ? at->pause_ms : WATCHES_EVERY_MS);
	schedule(at->all, at->due_ms);
}

/* The folder itself was moved or removed: events then bear its own name. */
static bool is_own_name(const struct watch *at, const char *name)
{
	const char *slash = strrchr(at->folder, '/');

	return strcmp(slash ? slash + 1 : at->folder, name) == 0;
}

static void on_event(uv_fs_event_t *h, const char *name, int events, int status)
{
	struct watch *at = h->data;
	struct watches *w = at->all;
	uint64_t now = uv_now(w->loop);

	(void)events;
	if (now - at->since_ms >= WATCHES_EVERY_MS) {
		at->since_ms = now;
		at->events = at->vain = 0;
	}
	at->events++;
	if (status == 0 && name && !is_own_name(at, name)) {
		if (w->events.stirred(w->events.ctx, at->folder, name))
			look_soon(w);
		else
			at->vain++;
	} else {
		at->events += WATCHES_EVENTS;
	}
	if (at->events >= WATCHES_EVENTS)
		pause_watch(at);
}

static void forget(struct watch *at)
{
	uv_fs_event_stop(&at->handle);
	free(at->folder);
	at->folder = NULL;
	at->on = false;
}

/* What happened before it was on is looked for. */
static void begin(struct watch *at)
{
	struct watches *w = at->all;
	int error = uv_fs_event_start(&at->handle, on_event, at->folder, 0);

	at->on = error == 0;
	at->events = at->vain = 0;
	at->since_ms = uv_now(w->loop);
	at->due_ms = at->since_ms + WATCHES_AGAIN_MS;
	if (error && at->time_s != WATCHES_NAMED && (error == UV_ENOENT || error == UV_ENOTDIR))
		forget(at);
	else if (!error && w->events.stirred(w->events.ctx, at->folder, NULL))
		look_soon(w);
}

static void on_time(uv_timer_t *t)
{
	struct watches *w = t->data;
	uint64_t now = uv_now(w->loop);

	for (size_t i = 0; i < WATCHES_MAX; i++)
		if (w->watch[i].folder && !w->watch[i].on && w->watch[i].due_ms <= now)
			begin(&w->watch[i]);
	if (w->stirred && now >= w->looked_ms + WATCHES_EVERY_MS) {
		w->stirred = false;
		w->looked_ms = now;
		w->events.look(w->events.ctx);
	}
	for (size_t i = 0; i < WATCHES_MAX; i++)
		if (w->watch[i].folder && !w->watch[i].on)
			schedule(w, w->watch[i].due_ms);
	if (w->stirred)
		look_soon(w);
}

struct watches *watches_new(uv_loop_t *loop, const struct watches_events *e)
{
	struct watches *w = xcalloc(1, sizeof *w);

	w->loop = loop;
	w->events = *e;
	uv_timer_init(loop, &w->timer);
	w->timer.data = w;
	uv_unref((uv_handle_t *)&w->timer);
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		struct watch *at = &w->watch[i];
		at->all = w;
		uv_fs_event_init(loop, &at->handle);
		at->handle.data = at;
		uv_unref((uv_handle_t *)&at->handle);
	}
	return w;
}

/* The watch of the folder, else a free one, else that of the oldest. */
static struct watch *place_of(struct watches *w, const char *folder)
{
	struct watch *best = &w->watch[0];

	for (size_t i = 0; i < WATCHES_MAX; i++) {
		struct watch *at = &w->watch[i];
		if (at->folder && strcmp(at->folder, folder) == 0)
			return at;
		if (best->folder && (!at->folder || at->time_s < best->time_s))
			best = at;
	}
	return best;
}

void watches_add(struct watches *w, const char *folder, int64_t time_s)
{
	struct watch *at = place_of(w, folder);
	bool same = at->folder && strcmp(at->folder, folder) == 0;

	if (at->folder && at->time_s >= time_s)
		return;
	at->time_s = time_s;
	if (same)
		return;
	forget(at);
	at->folder = xstrndup(folder, strlen(folder));
	at->pause_ms = 0;
	at->due_ms = uv_now(w->loop);
	schedule(w, at->due_ms);
}

static void handle_closed(uv_handle_t *h)
{
	struct watches *w = h->type == UV_TIMER ? h->data : ((struct watch *)h->data)->all;

	if (--w->handles)
		return;
	w->closed(w->closed_ctx);
	free(w);
}

void watches_close(struct watches *w, void (*closed)(void *ctx), void *ctx)
{
	w->closed = closed;
	w->closed_ctx = ctx;
	w->handles = WATCHES_MAX + 1;
	for (size_t i = 0; i < WATCHES_MAX; i++) {
		forget(&w->watch[i]);
		uv_close((uv_handle_t *)&w->watch[i].handle, handle_closed);
	}
	uv_close((uv_handle_t *)&w->timer, handle_closed);
}
