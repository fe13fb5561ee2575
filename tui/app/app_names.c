/* app_names.c - see app_names.h. */
#include "app/app_names.h"

#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "cli/labels_open.h"

#define LOOK_MS 3000 /* two wake-ups each */

void command_once(struct app *a)
{
	live_set_once(a->live, !live_once(a->live));
	snprintf(a->message, sizeof a->message, "%s",
		 live_once(a->live) ? "packets count once: second sightings are left out"
				    : "all records count");
}

void command_names(struct app *a)
{
	a->numeric = !a->numeric;
	if (a->options->label_files == 0)
		snprintf(a->message, sizeof a->message, "no names are known: --names FILE");
	else
		snprintf(a->message, sizeof a->message, "%s",
			 a->numeric ? "addresses as they are" : "names where there are some");
}

void app_reload_names(struct app *a)
{
	struct label_faults faults = { 0 };
	const char *failed = NULL;
	int rc = labels_reload_names(monitor_labels(a->monitor), &faults, &failed);

	if (rc < 0) {
		snprintf(a->message, sizeof a->message,
			 "names stay as they were: cannot read '%s': %s", failed, strerror(-rc));
		buf_release(&faults.text);
		return;
	}
	a->message[0] = '\0';
	labels_faults_message(&faults, a->message, sizeof a->message);
	if (!a->message[0])
		snprintf(a->message, sizeof a->message, "names read again");
	live_relabel(a->live);
	if (a->watching)
		watching_again(a->watching);
	/* Clauses are counted anew. */
	free(a->counted_text);
	a->counted_text = NULL;
	a->counted_valid = false;
}

/* ---- files that change ---- */

struct names_watch {
	struct app *app; /* NULL: stopped */
	unsigned n, open;
	uv_fs_poll_t poll[OPTION_LABEL_FILES_MAX];
};

static void on_change(uv_fs_poll_t *h, int status, const uv_stat_t *before, const uv_stat_t *now)
{
	struct names_watch *w = h->data;

	/* A file that is gone for a moment, while it is replaced, is told when it is back. */
	(void)before;
	(void)now;
	if (!w->app || (status < 0 && status != UV_ENOENT))
		return;
	app_reload_names(w->app);
	app_dirty(w->app);
}

struct names_watch *names_watch_new(struct app *a, uv_loop_t *loop)
{
	const struct options *o = a->options;
	struct names_watch *w = xcalloc(1, sizeof *w);

	w->app = a;
	for (unsigned i = 0; i < o->label_files; i++) {
		if (o->label_file[i].kind != LABEL_FILE_NAMES &&
		    o->label_file[i].kind != LABEL_FILE_IOC)
			continue;
		uv_fs_poll_init(loop, &w->poll[w->n]);
		w->poll[w->n].data = w;
		uv_fs_poll_start(&w->poll[w->n], on_change, o->label_file[i].value, LOOK_MS);
		uv_unref((uv_handle_t *)&w->poll[w->n]);
		w->n++;
	}
	if (w->n)
		return w;
	free(w);
	return NULL;
}

static void on_closed(uv_handle_t *h)
{
	struct names_watch *w = h->data;

	if (--w->open == 0)
		free(w);
}

void names_watch_stop(struct names_watch *w)
{
	if (!w)
		return;
	w->app = NULL;
	w->open = w->n;
	for (unsigned i = 0; i < w->n; i++)
		uv_close((uv_handle_t *)&w->poll[i], on_closed);
}
