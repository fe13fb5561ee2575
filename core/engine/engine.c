/* engine.c - see engine.h: the steps of a question. */
#include "engine/engine_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output/export_load.h"

#define CANCEL_MS 2000
#define SLACK_S 5 /* of the server, to say that it took too long */

static void next(struct engine *e);

bool engine_odd(struct engine *e, const char *what)
{
	snprintf(e->why, sizeof e->why, "the answer is none to what was asked: %s", what);
	return false;
}

static const char *secret_of(const struct engine *e)
{
	return e->address.password;
}

/* ---- what the server is ---- */

static bool settings_text(struct engine *e)
{
	buf_puts(&e->text,
		 "select name, value from (select name, value from system.settings where name = "
		 "'readonly' union all select name, '' as value from system.functions where name = "
		 "'toIPv6OrNull') format JSONCompact");
	return true;
}

static bool take_settings(struct engine *e, const struct engine_rows *r)
{
	e->server.elder = true;
	e->readonly = -1;
	for (size_t i = 0; i < r->rows; i++) {
		const json_t *row = json_array_get(r->data, i);
		const char *name = engine_text(row, 0);
		if (name && strcmp(name, "readonly") == 0)
			engine_i64(row, 1, &e->readonly);
		else if (name && strcmp(name, "toIPv6OrNull") == 0)
			e->server.elder = false;
	}
	if (e->readonly < 0)
		return engine_odd(e, "it has no setting readonly");
	if (e->readonly == 1) {
		snprintf(
			e->why, sizeof e->why,
			"the server's user has readonly=1, so that no limit of time or rows can be "
			"set: give it readonly=2");
		return false;
	}
	return true;
}

static bool columns_text(struct engine *e)
{
	const char *dot = strchr(e->server.table, '.');

	buf_printf(&e->text,
		   "select name, type from system.columns where database = '%.*s' and table = '%s' "
		   "format JSONCompact",
		   (int)(dot - e->server.table), e->server.table, dot + 1);
	return true;
}

/* The published field of a column, by the name that sql_column() has for it; -1: none. */
static int field_of(const char *name)
{
	struct buf spelled = { 0 };
	int field;

	for (const char *p = name; *p; p++)
		buf_putc(&spelled, *p == '_' ? '-' : *p);
	field = field_find_published(buf_str(&spelled));
	if (field >= 0 && field < FIELDS_PUBLISHED && strcmp(field_name(field), spelled.s) != 0)
		field = -1;
	buf_release(&spelled);
	return field >= 0 && field < FIELDS_PUBLISHED ? field : -1;
}

/* Nullable(LowCardinality(...)) aside: what is text, and what is a number. */
static bool type_fits(int field, const char *type)
{
	bool text = strstr(type, "String") && !strstr(type, "FixedString");
	bool number = strstr(type, "Int8") || strstr(type, "Int16") || strstr(type, "Int32") ||
		      strstr(type, "Int64");

	if (strstr(type, "Array") || strstr(type, "Tuple") || strstr(type, "Enum") ||
	    strstr(type, "Map"))
		return false;
	return type_is_number(field_type(field)) ? number : text;
}

static bool take_columns(struct engine *e, const struct engine_rows *r)
{
	unsigned sides = 0;

	for (size_t i = 0; i < r->rows; i++) {
		const json_t *row = json_array_get(r->data, i);
		const char *name = engine_text(row, 0), *type = engine_text(row, 1);
		int field = name && type ? field_of(name) : -1;
		if (!name || !type)
			return engine_odd(e, "a column without a name");
		if (field >= 0 && !type_fits(field, type)) {
			snprintf(
				e->why, sizeof e->why,
				"the column %s is of the type %.60s: text of a String, numbers of an "
				"Int, times of seconds are understood",
				field_name(field), type);
			return false;
		}
		if (field >= 0)
			e->server.has.has[field] = true;
		sides += strcmp(name, LOAD_FROM_SERVER) == 0 || strcmp(name, LOAD_GUESS) == 0;
	}
	e->server.sides = sides == 2;
	if (!e->server.has.has[FIELD_END]) {
		snprintf(e->why, sizeof e->why, "%s is no table with a column end",
			 e->server.table);
		return false;
	}
	e->known = true;
	return true;
}

/* ---- the window ---- */

static bool newest_text(struct engine *e)
{
	return e->q->query.window_s &&
	       sql_ask_newest(&e->asked, e->q->ceiling, &e->text, e->why, sizeof e->why) == 0;
}

static bool take_newest(struct engine *e, const struct engine_rows *r)
{
	int64_t now;

	if (r->rows != 1 || !engine_i64(json_array_get(r->data, 0), 0, &now))
		return engine_odd(e, "the time of the newest record");
	e->asked.window =
		span_window(e->asked.window, e->q->query.window_s, now > 0 ? now : INT64_MIN);
	return true;
}

static bool beyond_text(struct engine *e)
{
	const struct span *w = &e->asked.window;

	return (w->from != INT64_MIN || w->to != INT64_MAX) &&
	       sql_ask_beyond(&e->asked, &e->text, e->why, sizeof e->why) == 0;
}

static bool take_beyond(struct engine *e, const struct engine_rows *r)
{
	const json_t *row = json_array_get(r->data, 0);

	return (r->rows == 1 && engine_u64(row, 0, &e->before) && engine_u64(row, 1, &e->behind)) ||
	       engine_odd(e, "whether there is more than the window");
}

static bool extent_text(struct engine *e)
{
	return sql_ask_extent(&e->asked, &e->text, e->why, sizeof e->why) == 0;
}

/* ---- rows ---- */

static bool has_bins(const struct engine *e)
{
	return e->query.rows == ROWS_RANKED && e->query.bins.kind != BINS_NONE;
}

static bool rows_text(struct engine *e)
{
	return e->query.rows == ROWS_RANKED &&
	       sql_ask_rows(&e->asked, &e->text, e->why, sizeof e->why) == 0;
}

static bool records_text(struct engine *e)
{
	return e->query.rows == ROWS_RECORDS &&
	       sql_ask_records(&e->asked, &e->text, e->why, sizeof e->why) == 0;
}

static bool timeline_text(struct engine *e)
{
	return e->query.rows == ROWS_TIMELINE && e->bar_records &&
	       sql_ask_bins(&e->asked, NULL, &e->text, e->why, sizeof e->why) == 0;
}

static bool bins_text(struct engine *e)
{
	struct buf only = { 0 };
	bool said;

	if (!has_bins(e) || !e->bar_records || !e->reply.answer.result.rows)
		return false;
	engine_only_rows(e, &only);
	said = sql_ask_bins(&e->asked, only.s, &e->text, e->why, sizeof e->why) == 0;
	buf_release(&only);
	return said;
}

/* ---- steps ---- */

static size_t settings_columns(const struct engine *e)
{
	(void)e;
	return 2;
}

static size_t newest_columns(const struct engine *e)
{
	(void)e;
	return 1;
}

static size_t extent_columns(const struct engine *e)
{
	(void)e;
	return EXTENT_COLUMNS;
}

static size_t rows_columns(const struct engine *e)
{
	return e->query.group.n + ASKED_SUMS + 3 +
	       (e->asked.compare.mark != INT64_MIN ? ASKED_SUMS : 0);
}

static size_t timeline_columns(const struct engine *e)
{
	(void)e;
	return 1 + ASKED_SUMS;
}

static size_t bins_columns(const struct engine *e)
{
	return e->query.group.n + timeline_columns(e);
}

/* A step that has nothing to ask adds no text, and is left out; one that can't be said sets e->why. */
static const struct engine_step {
	bool (*text)(struct engine *e);
	bool (*take)(struct engine *e, const struct engine_rows *r);
	size_t (*columns)(const struct engine *e);
	bool once, totals, limited;
} steps[] = {
	{ settings_text, take_settings, settings_columns, true, false, false },
	{ columns_text, take_columns, settings_columns, true, false, false },
	{ newest_text, take_newest, newest_columns, false, false, false },
	{ beyond_text, take_beyond, settings_columns, false, false, false },
	{ extent_text, engine_take_extent, extent_columns, false, true, false },
	{ rows_text, engine_take_rows, rows_columns, false, true, true },
	{ records_text, engine_take_records, engine_record_columns, false, false, true },
	{ timeline_text, engine_take_timeline, timeline_columns, false, true, false },
	{ bins_text, engine_take_bins, bins_columns, false, true, false },
};

static void release_reply(struct engine_reply *r)
{
	answer_release(&r->answer);
	buf_release(&r->lines);
	buf_release(&r->sides);
	*r = (struct engine_reply){ 0 };
}

static void end(struct engine *e, enum engine_end how)
{
	engine_done_fn *done = e->done;

	if (how != ENGINE_WHOLE)
		answer_release(&e->reply.answer);
	extent_release(&e->extent);
	e->reply.end = how;
	e->reply.why = e->why;
	e->done = NULL;
	done(e->ctx, &e->reply);
}

static void begin(struct engine *e)
{
	const struct engine_question *q = e->q;

	e->query = q->query;
	e->asked = (struct sql_asked){
		.question = { .query = &e->query,
			      .now_s = INT64_MIN,
			      .server = &e->server,
			      .internals = q->internals },
		.window = q->query.span,
		.compare = { .mark = q->query.mark.time },
		.width = 1,
	};
	memcpy(e->asked.question.internal, q->internal, sizeof q->internal);
	extent_release(&e->extent);
	e->extent = (struct extent)EXTENT_NONE;
	e->extent.latest = q->ceiling;
	e->before = e->behind = e->matching = e->undated_matching = e->bar_records = 0;
	release_reply(&e->reply);
	e->step = 0;
	e->why[0] = '\0';
}

static void on_answer(void *ctx, const struct http_answer *a)
{
	struct engine *e = ctx;
	const struct engine_step *step = &steps[e->step];
	struct engine_rows rows;
	bool taken = engine_rows_read(&rows, a, step->columns(e), step->totals,
				      step->limited ? e->query.limit : 0, secret_of(e), e->why,
				      sizeof e->why) &&
		     step->take(e, &rows);

	engine_rows_release(&rows);
	e->step++;
	if (taken)
		next(e);
	else if (e->why[0])
		end(e, ENGINE_FAILED);
	else if (++e->tries < ENGINE_TRIES) {
		begin(e);
		next(e);
	} else {
		snprintf(e->why, sizeof e->why,
			 "the table changed each of %d times that it was asked: ask for a window "
			 "that ends before now (--until)",
			 ENGINE_TRIES);
		end(e, ENGINE_FAILED);
	}
}

/* A server goes on when nobody listens any more; another question of the same name ends the one before
 * it, which every user may ask. */
static void add_name(struct engine *e)
{
	buf_printf(&e->path, "&query_id=enitop-%d-%" PRIx64 "&replace_running_query=1",
		   (int)getpid(), e->name);
}

/* The first questions are asked without a setting, as a user may set none. */
static const char *path_of(struct engine *e)
{
	buf_clear(&e->path);
	buf_puts(&e->path, "/");
	if (!e->known)
		return e->path.s;
	buf_printf(
		&e->path,
		"?enable_http_compression=1&max_execution_time=%u&totals_mode=before_having&skip_unavailable_shards=0"
		"&output_format_json_quote_64bit_integers=1",
		e->address.timeout_s);
	buf_printf(&e->path, "&max_result_bytes=%u&result_overflow_mode=throw", HTTP_BYTES_MAX);
	if (e->readonly == 0)
		buf_puts(&e->path, "&readonly=2");
	add_name(e);
	return e->path.s;
}

static void next(struct engine *e)
{
	for (; e->step < ARRAY_SIZE(steps); e->step++) {
		if (steps[e->step].once && e->known)
			continue;
		buf_clear(&e->text);
		if (!steps[e->step].text(e)) {
			if (e->why[0]) {
				end(e, ENGINE_REFUSED);
				return;
			}
			continue;
		}
		http_post(e->http, path_of(e), buf_str(&e->text),
			  (e->address.timeout_s + SLACK_S) * 1000, on_answer, e);
		return;
	}
	end(e, ENGINE_WHOLE);
}

/* ---- life ---- */

struct engine *engine_open(uv_loop_t *loop, const char *address, char *error, size_t size)
{
	struct engine *e = xcalloc(1, sizeof *e);
	const char *headers[3] = { NULL };
	unsigned n = 0;

	e->extent = (struct extent)EXTENT_NONE;
	e->name = uv_hrtime();
	if (engine_address_read(&e->address, address, error, size)) {
		if (e->address.user_header)
			headers[n++] = e->address.user_header;
		if (e->address.password_header)
			headers[n++] = e->address.password_header;
		e->server.table = e->address.table;
		e->http = http_open(loop, e->address.base, headers, e->address.ca,
				    e->address.loopback, error, size);
	}
	if (e->http)
		return e;
	engine_close(e);
	return NULL;
}

bool engine_can(const struct engine_question *q, char *error, size_t size)
{
	struct engine e = { .q = q, .server = { .table = "t", .sides = true } };
	bool said;

	memset(e.server.has.has, true, sizeof e.server.has.has);
	begin(&e);
	e.asked.width = 60;
	if (q->query.mark.time != INT64_MIN) {
		e.asked.compare.before_s = 1;
		e.asked.compare.after_s = 1;
	}
	said = extent_text(&e) &&
	       (q->query.rows == ROWS_TIMELINE || rows_text(&e) || records_text(&e));
	if (said && (has_bins(&e) || q->query.rows == ROWS_TIMELINE))
		said = sql_ask_bins(&e.asked, NULL, &e.text, e.why, sizeof e.why) == 0;
	if (said && has_bins(&e) && q->query.bins.field != FIELD_BIN) {
		snprintf(e.why, sizeof e.why, "a server has bins of time alone");
		said = false;
	}
	if (!said)
		snprintf(error, size, "%s", e.why);
	buf_release(&e.text);
	return said;
}

void engine_ask(struct engine *e, const struct engine_question *q, engine_done_fn *done, void *ctx)
{
	e->q = q;
	e->done = done;
	e->ctx = ctx;
	e->tries = 0;
	begin(e);
	next(e);
}

static void on_cancelled(void *ctx, const struct http_answer *a)
{
	(void)a;
	end(ctx, ENGINE_FAILED);
}

void engine_cancel(struct engine *e)
{
	if (!e->done || e->cancelled)
		return;
	e->cancelled = true;
	http_cancel(e->http);
	snprintf(e->why, sizeof e->why, "cancelled");
	buf_clear(&e->path);
	buf_puts(&e->path, "/?max_execution_time=2");
	add_name(e);
	http_post(e->http, e->path.s, str_of("select 1"), CANCEL_MS, on_cancelled, e);
}

void engine_close(struct engine *e)
{
	if (!e)
		return;
	http_close(e->http);
	release_reply(&e->reply);
	extent_release(&e->extent);
	engine_address_release(&e->address);
	buf_release(&e->path);
	buf_release(&e->text);
	free(e);
}
