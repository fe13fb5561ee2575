/* remote.c - see remote.h. */
#include "cli/remote.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/job.h"
#include "base/terminal.h"
#include "cli/remote_records.h"
#include "engine/engine.h"
#include "engine/engine_address.h"
#include "output/export_doubts.h"
#include "output/export_json.h"

#define FLUSH_BYTES (256u << 10)
#define SIGNALS 3

bool remote_is_asked(const struct options *o)
{
	for (int i = 0; i < o->paths; i++)
		if (engine_is_address(o->path[i]))
			return true;
	return false;
}

/* ---- questions ---- */

static struct engine_question question_of(const struct options *o, const struct view *v,
					  struct filter *f)
{
	struct engine_question q = { .query = options_query(o, v) };

	q.query.filter = f;
	q.ceiling = o->now_s != INT64_MIN ? o->now_s : options_now(o) + 86400;
	for (unsigned i = 0; i < o->label_files; i++)
		if (o->label_file[i].kind == LABEL_FILE_INTERNAL)
			q.internal[q.internals++] = o->label_file[i].value;
	return q;
}

/* What rests on records that come one by one. */
static const char *beyond_server(const struct options *o)
{
	return o->paths > 1 ? "it is asked alone: no other input beside it"
	       : !o->batch  ? "it has reports, no screen: add --batch"
	       : o->follow  ? "--follow: a server is asked once"
	       : o->whys    ? "--why rests on records: give it files"
	       : o->asserts ? "--assert rests on records: give it files"
	       : o->spike   ? "--view spike rests on records: give it files"
	       : o->once    ? "--once rests on what records teach of interfaces: give it files"
	       : options_price(o) ? "--metric cost rests on what records teach of interfaces: give "
				    "it files"
	       : o->state         ? "--state is of files"
				  : NULL;
}

static bool can_view(const struct options *o, const struct view *v, struct filter *f,
		     struct buf *error)
{
	struct engine_question q = question_of(o, v, f);
	char why[300];

	if (!view_is_query(v)) {
		buf_printf(error, "clickhouse://: the %s are told from records: give it files",
			   v->name);
		return false;
	}
	if (!engine_can(&q, why, sizeof why)) {
		buf_printf(error, "clickhouse://: %s", why);
		return false;
	}
	return true;
}

bool remote_can(const struct options *o, struct buf *error)
{
	const char *beyond = beyond_server(o);
	struct filter_error e;
	struct filter *f;
	bool can = !beyond;

	if (beyond) {
		buf_printf(error, "clickhouse://: %s", beyond);
		return false;
	}
	f = filter_new(str_of(o->where), options_now(o), &e);
	for (unsigned i = 0; can && i < o->views; i++)
		can = can_view(o, o->view[i], f, error);
	filter_free(f);
	return can;
}

/* ---- reports ---- */

struct remote {
	const struct options *o;
	uv_loop_t loop;
	struct engine *engine;
	struct filter *filter;
	struct engine_question question;
	unsigned view; /* that is asked for */
	struct buf out;
	int status;
	bool broken; /* nobody reads us any more */
	uv_signal_t signal[SIGNALS];
};

static void flush(struct remote *r)
{
	int rc = r->broken ? 0 : write_out(STDOUT_FILENO, buf_str(&r->out));

	if (rc < 0) {
		r->broken = true;
		if (rc != -EPIPE) {
			complain("cannot write: %s", strerror(-rc));
			r->status = 1;
		}
	}
	buf_clear(&r->out);
}

static void write_answer(struct remote *r, struct answer *a, const struct export_context *c)
{
	struct report_writer *w = report_begin(r->o->output, a, c);

	while (!r->broken && report_step(w, &r->out))
		if (r->out.n >= FLUSH_BYTES)
			flush(r);
	report_free(w);
}

static void print(struct remote *r, struct engine_reply *reply)
{
	const struct options *o = r->o;
	struct export_context c = { .title = o->view[r->view]->name,
				    .where = filter_says(r->filter),
				    .input = reply->input,
				    .complete = true,
				    .mark_label = o->mark_label,
				    .columns = &o->columns,
				    .clock_s = options_now(o) };
	struct result *result = &reply->answer.result;
	struct buf lines = { 0 };

	query_uses(&result->query, &c.uses);
	if (r->view && o->output == OUTPUT_TABLE)
		buf_putc(&r->out, '\n');
	if (result->query.rows != ROWS_RECORDS)
		write_answer(r, &reply->answer, &c);
	else if (!remote_records(o, reply, &c, &r->out))
		complain("clickhouse://: not all of the records are such of a flow log");
	flush(r);
	if (!doubts_complete(result, &c))
		r->status = 1;
	if (o->output != OUTPUT_TABLE && o->output != OUTPUT_JSON)
		doubts_lines(result, &c, "enitop: ", &lines);
	write_out(STDERR_FILENO, buf_str(&lines));
	buf_release(&lines);
}

/* There is nothing to print but that; JSON says it as well. */
static void tell(struct remote *r, const struct engine_reply *reply)
{
	json_t *o;

	complain("clickhouse://: %s", reply->why);
	r->status = reply->end == ENGINE_REFUSED ? 2 : 1;
	if (r->o->output != OUTPUT_JSON || reply->end == ENGINE_REFUSED)
		return;
	o = json_object();
	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "view", json_string(r->o->view[r->view]->name));
	json_object_set_new(o, "complete", json_false());
	json_object_set_new(o, "error", json_text(str_of(reply->why)));
	json_object_set_new(o, "rows", json_array());
	json_add(&r->out, o);
	buf_putc(&r->out, '\n');
	flush(r);
}

static void ask(struct remote *r);

static void on_reply(void *ctx, struct engine_reply *reply)
{
	struct remote *r = ctx;

	if (reply->end != ENGINE_WHOLE) {
		if (!r->status)
			tell(r, reply);
		uv_stop(&r->loop);
		return;
	}
	print(r, reply);
	answer_release(&reply->answer);
	if (++r->view < r->o->views && !r->broken)
		ask(r);
	else
		uv_stop(&r->loop);
}

static void ask(struct remote *r)
{
	r->question = question_of(r->o, r->o->view[r->view], r->filter);
	engine_ask(r->engine, &r->question, on_reply, r);
}

static void on_signal(uv_signal_t *h, int number)
{
	struct remote *r = h->data;

	r->status = 128 + number;
	engine_cancel(r->engine);
}

static void watch_signals(struct remote *r)
{
	static const int numbers[SIGNALS] = { SIGINT, SIGTERM, SIGQUIT };

	for (int i = 0; i < SIGNALS; i++) {
		uv_signal_init(&r->loop, &r->signal[i]);
		r->signal[i].data = r;
		uv_signal_start(&r->signal[i], on_signal, numbers[i]);
		uv_unref((uv_handle_t *)&r->signal[i]);
	}
}

int remote_run(const struct options *o)
{
	struct remote r = { .o = o };
	struct filter_error error;
	char why[300];

	signal(SIGPIPE, SIG_IGN);
	if (job_loop_init(&r.loop) < 0)
		return 2;
	r.filter = filter_new(str_of(o->where), options_now(o), &error);
	r.engine = engine_open(&r.loop, o->path[0], why, sizeof why);
	watch_signals(&r);
	if (r.engine) {
		ask(&r);
		uv_run(&r.loop, UV_RUN_DEFAULT);
	} else {
		complain("clickhouse://: %s", why);
		r.status = 2;
	}
	engine_close(r.engine);
	for (int i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&r.signal[i], NULL);
	uv_run(&r.loop, UV_RUN_DEFAULT);
	uv_loop_close(&r.loop);
	filter_free(r.filter);
	buf_release(&r.out);
	return r.status;
}
