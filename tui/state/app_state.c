/* app_state.c - the state of the interface without its loop: made, filtered, let go. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app_filter.h"
#include "base/job.h"
#include "monitor/monitor.h"

static void on_evict(void *ctx, struct segment *s)
{
	struct app *a = ctx;

	flows_forget(a);
	live_evict(a->live, s);
	if (a->detail.segment == s)
		a->detail.segment = NULL;
}

void app_init(struct app *a, const struct options *o, struct monitor *m)
{
	*a = (struct app){ .options = o,
			   .monitor = m,
			   .metric = o->metric_given ? o->metric : METRIC_BYTES };
	a->live = live_new(monitor_ring(m));
	live_set_workers(a->live, job_cores());
	flows_init(a, o);
	a->focus = o->view[0];
	a->zoomed = o->views == 1 && o->view[0] != VIEW_TALKERS;
	a->screen.ascii = o->ascii;
	live_set_window(a->live, o->window_given ? o->window_s : 15 * 60);
	live_set_limits(a->live, o->since_s, o->until_s);
	a->distinct = o->distinct;
	live_set_distinct(a->live, &a->distinct);
	if (o->group_given)
		live_set_group(a->live, VIEW_TALKERS, &o->group);
	if (o->heat_given)
		live_set_heat(a->live, o->heat_row, o->heat_column);
	app_compare_init(a);
	monitor_on_evict(m, on_evict, a);
	a->cursor.at = a->cursor.mark = INT64_MIN;
	prompt_set(&a->prompt, o->where);
	app_set_filter(a, o->where);
	stack_follow(&a->stack, live_filter(a->live));
	if (o->config && o->config->errors)
		snprintf(a->message, sizeof a->message, "%.150s", o->config->error);
}

void app_release(struct app *a)
{
	for (int v = 0; v < VIEW_KINDS; v++) {
		result_release(&a->result[v]);
		app_rank_forget(a, (enum view_kind)v);
	}
	prompt_release(&a->grouping.prompt);
	app_save_release(a);
	app_filter_release(a);
	complete_close(&a->menu);
	free(a->flow);
	prompt_release(&a->prompt);
	prompt_release(&a->ask);
	live_free(a->live);
	screen_release(&a->screen);
}

const char *app_filter(const struct app *a)
{
	return live_filter(a->live) ? filter_text(live_filter(a->live)) : "";
}

bool app_set_filter(struct app *a, const char *text)
{
	int64_t now = live_now(a->live);
	struct filter *f = filter_new(str_of(text),
				      now == INT64_MIN ? options_now(a->options) : now, &a->error);

	if (!f)
		return false;
	a->error.message[0] = '\0';
	a->counted_valid = false; /* it was of other clauses */
	live_set_filter(a->live, f);
	return true;
}

char *app_time(const struct app *a, int64_t s, bool date, char *out, size_t size)
{
	time_t t = (time_t)s;
	struct tm tm;

	if (s == INT64_MIN || s == INT64_MAX) {
		snprintf(out, size, "-");
		return out;
	}
	if (a->options->local_time)
		localtime_r(&t, &tm);
	else
		gmtime_r(&t, &tm);
	strftime(out, size, date ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &tm);
	return out;
}

bool app_detail(const struct app *a)
{
	return a->detail.segment || a->source_open;
}
