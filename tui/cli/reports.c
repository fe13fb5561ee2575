/* reports.c - see reports.h. */
#include "cli/reports.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/terminal.h"
#include "cli/inputs.h"
#include "cli/reread.h"
#include "monitor/monitor.h"
#include "output/export_doubts.h"

#define FLUSH_BYTES (256u << 10)
#define HOLD_MAX (32u << 20)                 /* of segments that wait for a series: see fold.h */
#define SECONDS_MEMORY (UINT64_C(128) << 20) /* of --memory, for that */
#define ROWS_AT_ONCE 1024u                   /* between two looks at whether anybody reads */

/* ---- writing ---- */

void reports_flush(struct reports *all)
{
	int rc = all->broken ? 0 : write_out(STDOUT_FILENO, buf_str(&all->out));

	if (rc < 0) {
		all->broken = true;
		all->write_error = rc == -EPIPE ? 0 : -rc;
	}
	buf_clear(&all->out);
}

static void flush_some(struct reports *all)
{
	if (all->out.n >= FLUSH_BYTES)
		reports_flush(all);
}

/* ---- folding ---- */

struct writing {
	struct reports *all;
	struct report *r;
};

/* Rows first..first+n-1. */
static bool write_flows(void *ctx, const struct held_segment *h, uint32_t first, uint32_t n)
{
	struct writing *w = ctx;
	struct reports *all = w->all;

	for (uint32_t done = 0; done < n && !all->broken; done += ROWS_AT_ONCE) {
		uint32_t some = n - done < ROWS_AT_ONCE ? n - done : ROWS_AT_ONCE;
		flow_writer_rows(&w->r->writer, h->segment, monitor_dict(all->monitor),
				 first + done, some, h->bits, all->span, &all->out);
		flush_some(all);
	}
	return !all->broken;
}

/* Writes the records that were picked, in their order. */
static void write_picked(struct reports *all, struct report *r)
{
	struct flow_ref *flow;
	size_t n = flow_pick_end(r->pick, &flow, NULL);

	r->pick = NULL;
	for (size_t i = 0; i < n && !all->broken; i++) {
		flow_writer_row(&r->writer, flow[i].segment, monitor_dict(all->monitor),
				flow[i].row, &all->out);
		flush_some(all);
	}
	free(flow);
}

static bool is_of_records(const struct report *r)
{
	return view_is_query(r->view) && r->query.rows == ROWS_RECORDS;
}

/* Returns of how many rows it can't be told. */
static uint64_t select_rows(struct reports *all, const struct segment *s, uint64_t *bits)
{
	uint64_t undecided[(SEGMENT_ROWS + 63) / 64];

	if (filter_select(all->filter, s, monitor_dict(all->monitor), 0, s->rows, bits, undecided))
		return span_count(s, undecided, s->rows, all->span);
	return 0;
}

/* Leaves in the bits what counts, and adds it up. The segment is freed unless it is kept. */
static void fold(struct reports *all, struct segment *s, uint64_t *bits, bool kept)
{
	if (all->once)
		once_count(all->once, s, all->span, all->o->once, bits, &all->counts);
	folds_put(all->folds, s, bits, all->span, kept);
}

/* Records are picked, groups added up. */
static void add_up(struct reports *all, struct segment *s, uint64_t *bits, bool kept)
{
	for (unsigned i = 0; i < all->o->views; i++)
		if (all->report[i].pick)
			flow_pick_add(all->report[i].pick, s, s->rows, bits, all->span);
	fold(all, s, bits, kept);
}

/* Records of several formats that came among each other are written in their order. */
void reports_let_go(struct reports *all)
{
	for (size_t i = 0; i < all->held.n; i++)
		all->undecided +=
			select_rows(all, all->held.held[i].segment, all->held.held[i].bits);
	for (unsigned i = 0; i < all->o->views; i++) {
		all->report[i].writer.sighting = all->o->once ? once_sighting : NULL;
		all->report[i].writer.sighting_ctx = all->once;
	}
	for (unsigned i = 0; all->held.n && i < all->o->views; i++)
		if (is_of_records(&all->report[i]))
			held_write(&all->held, write_flows,
				   &(struct writing){ all, &all->report[i] });
	for (size_t i = 0; i < all->held.n; i++) {
		const struct held_segment *h = &all->held.held[i];
		add_up(all, h->segment, h->bits, h->kept);
	}
	held_clear(&all->held);
}

void reports_drop(struct reports *all, struct segment *s, bool kept)
{
	if (!kept)
		segment_free(s, monitor_dict(all->monitor));
}

void reports_add(struct reports *all, struct segment *s, bool kept)
{
	if (all->trusts)
		trusts_add(all->trusts, s, all->arrive);
	if (all->asserts)
		asserts_add(all->asserts, s, all->span);
	if (all->o->views == 0) {
		reports_drop(all, s, kept);
		return;
	}
	if (!all->of_records || s->rows == 0) {
		all->undecided += select_rows(all, s, all->bits);
		add_up(all, s, all->bits, kept);
		return;
	}
	if (held_is_before(&all->held, s))
		reports_let_go(all);
	held_add(&all->held, s, kept);
}

void reports_add_again(struct reports *all, struct segment *s, bool kept)
{
	struct once_counts counts = all->counts;

	all->undecided_again += select_rows(all, s, all->bits);
	fold(all, s, all->bits, kept);
	all->counts = counts; /* they were counted the first time */
}

static void read_again(struct reports *all)
{
	all->readings++;
	all->changed |= !reread(all, reports_add_again);
}

/* What had no room is read again, as often as it takes. */
static void read_rest(struct reports *all)
{
	folds_drain(all->folds);
	all->readings = 1;
	while (!all->broken && folds_go_on(all->folds, all->span))
		read_again(all);
}

/* The same of rows that an answer needs now; where the input has changed it ends before them. */
static void read_rows(struct reports *all, const struct report *r, struct answer *a, uint32_t rank)
{
	if (!all->changed) {
		folds_show(all->folds, r->asked, rank, all->span);
		do
			read_again(all);
		while (!all->changed && folds_go_on(all->folds, all->span));
	}
	if (all->changed)
		answer_cut(a);
	else
		all->changed = !answer_renew(a);
}

/* ---- second sightings that are counted ---- */

static void learn(struct reports *all, struct segment *s, bool kept)
{
	once_add(all->once, s);
	reports_drop(all, s, kept);
}

static void count_seconds(struct reports *all, struct segment *s, bool kept)
{
	select_rows(all, s, all->bits);
	once_count(all->once, s, all->span, false, all->bits, &all->counts);
	reports_drop(all, s, kept);
}

/* Formats that have a place for it, of reports that it is of. */
static bool tells_seconds(const struct reports *all)
{
	enum output o = all->o->output;
	bool some = false;

	for (unsigned i = 0; i < all->o->views; i++)
		some |= view_is_query(all->report[i].view) && !is_of_records(&all->report[i]);
	return some && (o == OUTPUT_TABLE || o == OUTPUT_JSON);
}

void reports_count_seconds(struct reports *all)
{
	struct input_counts counts;
	const struct field_set *wanted = all->wanted;

	monitor_counts(all->monitor, &counts);
	if (all->once || !tells_seconds(all) || !can_reread(all->o) ||
	    counts.flows > SECONDS_ROWS || all->o->memory < SECONDS_MEMORY)
		return;
	folds_drain(all->folds);
	all->wanted = NULL;
	all->once = once_new(all->o, all->monitor);
	all->seconds_told = reread(all, learn);
	once_settle(all->once);
	all->seconds_told &= once_knows(all->once) && reread(all, count_seconds);
	all->wanted = wanted;
	once_free(all->once);
	all->once = NULL;
}

static void say_readings(struct reports *all)
{
	if (all->readings > 1)
		complain("read %u times: --memory has no room for all groups at once",
			 all->readings);
	if (all->changed)
		complain("what was read was not the same each time: the answer is not complete");
}

/* ---- the end ---- */

/* A table says above its rows what can make them wrong, JSON beside them; of the others, and of a
 * stream of lines, standard error does, once for all views. */
static void say_doubts(struct reports *all, const struct result *r, const struct export_context *c,
		       bool lines_only)
{
	enum output o = all->o->output;
	struct buf lines = { 0 };

	all->doubted |= !doubts_complete(r, c);
	if (!lines_only && (o == OUTPUT_TABLE || o == OUTPUT_JSON))
		return;
	doubts_lines(r, c, "enitop: ", &lines);
	if (lines.n && !(all->said.n && strstr(all->said.s, lines.s))) {
		write_out(STDERR_FILENO, buf_str(&lines));
		buf_add_str(&all->said, buf_str(&lines));
	}
	buf_release(&lines);
}

/* The rows of sources say the rest. */
static void say_links_out(const struct reports *all, const struct export_context *c)
{
	char text[128];

	if (!c->input.links_out || all->o->output == OUTPUT_JSON)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " %s", c->input.links_out,
		 plural(c->input.links_out, EXPORT_LINK_OUT, EXPORT_LINKS_OUT));
	complain("%s", text);
}

static void write_answer(struct reports *all, const struct report *r, struct answer *a,
			 const struct export_context *c)
{
	struct report_writer *w = report_begin(all->o->output, a, c);
	uint32_t rank;

	while (!all->broken && report_step(w, &all->out)) {
		flush_some(all);
		if (answer_needs(a, &rank))
			read_rows(all, r, a, rank);
	}
	report_free(w);
}

static void print_report(struct reports *all, struct report *r, bool complete)
{
	const struct options *o = all->o;
	struct export_context c = { .title = r->view->name,
				    .where = filter_says(all->filter),
				    .mark_label = o->mark_label,
				    .clock_s = options_now(o),
				    .prices = &o->prices,
				    .columns = &o->columns };
	/* A stream of lines has no report at its end. */
	bool stream = is_of_records(r) && o->follow && o->output != OUTPUT_JSON;
	struct answer answer;
	struct result *result = &answer.result;

	monitor_counts(all->monitor, &c.input);
	query_uses(&r->query, &c.uses);
	c.complete = complete;
	if (all->trusts)
		c.trust = trusts_facts(all->trusts, all->span);
	if (r->view->report) {
		all->doubted |=
			!r->view->report(o->output, all->monitor, r->query.limit, &c, &all->out);
		say_links_out(all, &c);
		return;
	}
	if (r->view->judged) {
		all->doubted |=
			!finds_write(all->finds, o->output, r->query.limit, complete, &all->out);
		say_links_out(all, &c);
		return;
	}
	folds_answer(all->folds, r->asked, all->span, &answer);
	result->undecided = all->undecided;
	result->undecided_cut = filter_is_cut(all->filter);
	result->judged =
		!is_of_records(r) && (all->once ? once_knows(all->once) : all->seconds_told);
	result->second = is_of_records(r) ? 0 : all->counts.second;
	result->second_undecided = all->counts.undecided;
	result->unpriced = all->counts.unpriced;
	if (is_of_records(r))
		result->totals = r->writer.totals;
	if (r->pick)
		write_picked(all, r);
	if (!is_of_records(r))
		write_answer(all, r, &answer, &c);
	else if (!stream)
		flow_writer_end(&r->writer, result, &c, &all->out);
	say_doubts(all, result, &c, stream);
	answer_release(&answer);
}

/* What a format had no place for is said. */
static void say_left_out(const struct report *r)
{
	char text[96];

	if (!is_of_records(r) || !r->writer.left_out)
		return;
	snprintf(text, sizeof text, "%" PRIu64 " NODATA or SKIPDATA %s not in ocsf",
		 r->writer.left_out, plural(r->writer.left_out, "record is", "records are"));
	complain("%s", text);
}

/* A field's name that is not known as one, a word that is no name of ours: it parses as text. */
static void say_vain_words(struct reports *all)
{
	struct input_counts counts;
	struct buf words = { 0 };

	monitor_counts(all->monitor, &counts);
	filter_vain_words(all->filter, &words);
	if (words.n && counts.flows) {
		buf_puts(&words, ": taken as text, found in no record (a field is written "
				 "NAME=VALUE, see --fields)");
		complain("%s", words.s);
	}
	buf_release(&words);
}

void reports_end(struct reports *all, bool complete)
{
	unsigned printed = 0;

	reports_let_go(all);
	if (all->trusts)
		reports_settle_trust(all);
	read_rest(all);
	complete &= !all->changed;
	if (finds_lead(all->o) && all->finds && !all->broken)
		finds_write_lead(all->finds, complete, &all->out);
	/* Rows of flows were written as they came: what is open is closed before the rest. */
	for (unsigned i = 0; i < 2 * all->o->views && !all->broken; i++) {
		struct report *r = &all->report[i % all->o->views];
		bool flows = is_of_records(r);
		if (flows != (i < all->o->views))
			continue;
		if (printed++ && all->o->output == OUTPUT_TABLE)
			buf_putc(&all->out, '\n');
		print_report(all, r, complete);
		say_left_out(r);
	}
	if (all->asserts && !all->broken) {
		if (printed && all->o->output == OUTPUT_TABLE)
			buf_putc(&all->out, '\n');
		asserts_judge(all->asserts, all->span, complete, &all->out);
	}
	say_vain_words(all);
	say_readings(all);
	all->doubted |= all->changed;
	reports_flush(all);
}

/* ---- life ---- */

static void report_init(struct reports *all, struct report *r, const struct view *v)
{
	const struct options *o = all->o;
	uint64_t limit;

	*r = (struct report){ .view = v, .query = options_query(o, v) };
	all->of_records |= is_of_records(r);
	if (!view_is_query(v))
		return;
	r->query.filter = all->filter;
	r->asked = folds_ask(all->folds, &r->query);
	if (!is_of_records(r))
		return;
	limit = r->query.limit;
	flow_writer_begin(&r->writer, o->output, &o->columns, limit, &all->out);
	if (r->query.sort.field != FIELD_NONE)
		r->pick = flow_pick_new(&r->query.sort, monitor_dict(all->monitor),
					limit ? limit : SIZE_MAX);
	r->writer.only_counts = r->pick != NULL;
}

/* Too much waits to be folded, or no longer. */
static void on_full(void *ctx, bool full)
{
	struct reports *all = ctx;

	monitor_hold(all->reading, full);
}

void reports_init(struct reports *all, const struct options *o, uv_loop_t *loop, struct monitor *m,
		  struct filter *f, struct span span)
{
	uint64_t hold = o->memory / 8 < HOLD_MAX ? o->memory / 8 : HOLD_MAX;

	*all = (struct reports){
		.o = o, .loop = loop, .monitor = m, .reading = m, .filter = f, .span = span
	};
	all->bits = xcalloc((SEGMENT_ROWS + 63) / 64, sizeof *all->bits);
	all->folds = folds_new(loop, monitor_dict(m), hold, o->memory / 4, on_full, all);
	folds_set_latest(all->folds, monitor_ceiling(m));
	for (unsigned i = 0; i < o->views; i++)
		report_init(all, &all->report[i], o->view[i]);
	folds_limit(all->folds, monitor_share(m), reread_room(o), can_reread(o), reread_holds(o));
	if (o->asserts || reports_show_trust(o))
		all->trusts = trusts_new(o, m);
}

void reports_release(struct reports *all)
{
	held_release(&all->held);
	asserts_free(all->asserts);
	trusts_free(all->trusts);
	folds_free(all->folds);
	for (unsigned i = 0; i < all->o->views; i++)
		flow_pick_free(all->report[i].pick);
	free(all->bits);
	buf_release(&all->out);
	buf_release(&all->said);
}

bool reports_want(const struct options *o, struct filter *f, struct field_set *out)
{
	bool known = true;

	if (finds_lead(o))
		known = finds_want(o, out);
	for (unsigned i = 0; i < o->views; i++) {
		struct query q = options_query(o, o->view[i]);
		q.filter = f;
		if (o->view[i]->judged)
			known = finds_want(o, out) && known;
		else
			known = known && !o->view[i]->report && query_wants(&q, out);
	}
	return known;
}
