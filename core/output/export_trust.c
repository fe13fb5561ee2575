/* export_trust.c - what a log proves as table, csv and json: see export.h. */
#include "output/export_trust.h"

#include <inttypes.h>

#include "output/export_doubts.h"
#include "output/export_grid.h"

#define ROWS_WHOLE 20u /* of a table that was not told: those that lack something, and so many */
#define DOUBTS 40u     /* lines of what is doubtful */

/* ---- rows ---- */

static void add_head(struct grid *g, enum output o)
{
	static const char *const csv[] = { "minutes", "records", "nodata",   "lost",   "missing",
					   "to_come", "judged",  "provable", "seen_by" };

	grid_head(g, "interface", true);
	g->labels |= UINT64_C(1) << 1;
	grid_head(g, "name", true);
	grid_head(g, "strip", true);
	grid_head(g, "logged", false);
	grid_head(g, "type", true);
	grid_head(g, "own", true);
	for (size_t i = 0; o == OUTPUT_CSV && i < ARRAY_SIZE(csv); i++)
		grid_head(g, csv[i], false);
}

static void add_row(struct grid *g, enum output o, const struct trust_facts *f,
		    const struct trust_row *r)
{
	const struct witness *seen = witnesses_of(f->witnesses, r->place);
	const uint64_t *m = r->minutes;
	const uint64_t number[] = { m[TRUST_RECORDS] + m[TRUST_NODATA] + m[TRUST_LOST] +
					    m[TRUST_MISSING] + m[TRUST_TO_COME],
				    m[TRUST_RECORDS],
				    m[TRUST_NODATA],
				    m[TRUST_LOST],
				    m[TRUST_MISSING],
				    m[TRUST_TO_COME],
				    r->judged,
				    r->provable,
				    seen ? seen->n : 0 };
	char strip[TRUST_STRIP + 1], own[46], share[16];

	trust_own(f, r, own);
	trust_strip(f->trust, r, strip, TRUST_STRIP);
	grid_add(g, str_of(trust_place(f->trust, r)->interface));
	grid_add(g, trust_name(f, r));
	grid_add(g, str_of(strip));
	grid_add(g, str_of(trust_percent(share, sizeof share, trust_row_logged(r))));
	grid_add(g, str_of(r->never ? "never" : trust_type_name(r->type)));
	grid_add(g, str_of(own));
	for (size_t i = 0; o == OUTPUT_CSV && i < ARRAY_SIZE(number); i++)
		grid_number(g, number[i]);
}

static bool lacks(const struct trust_row *r)
{
	return r->never || r->merged || r->minutes[TRUST_LOST] || r->minutes[TRUST_MISSING];
}

/* How many rows a table has. */
static size_t rows_of(const struct trust *t, enum output o, uint64_t limit)
{
	size_t n = 0;

	if (limit)
		return limit < t->n ? (size_t)limit : t->n;
	if (o != OUTPUT_TABLE)
		return t->n;
	while (n < t->n && (lacks(&t->row[n]) || n < ROWS_WHOLE))
		n++;
	return n;
}

static void say_more(const struct trust *t, size_t shown, struct buf *out)
{
	bool whole = true;

	for (size_t i = shown; i < t->n; i++)
		whole &= !lacks(&t->row[i]);
	if (t->n > shown)
		buf_printf(out, " %zu more%s\n", t->n - shown,
			   whole ? ", all of them complete" : "");
}

/* ---- the table's text ---- */

static void add_title(const struct trust_facts *f, struct buf *out)
{
	const struct trust *t = f->trust;
	const struct trust_sums *s = &t->all;
	char from[32], to[32], share[16];

	buf_puts(out, "TRUST  ");
	if (t->span.from <= t->span.to)
		buf_printf(out, "%s to %s, %" PRId64 " %s, ",
			   rfc3339(from, sizeof from, t->span.from * 60),
			   rfc3339(to, sizeof to, (t->span.to + 1) * 60),
			   t->span.to - t->span.from + 1,
			   t->span.from == t->span.to ? "minute" : "minutes");
	if (s->expected)
		buf_printf(out, "%" PRIu64 " interfaces expected, ", s->expected);
	buf_printf(out, "%" PRIu64 " logged", s->seen);
	if (s->never)
		buf_printf(out, ", %" PRIu64 " never", s->never);
	buf_printf(out, "   provable: %s of minutes\n",
		   trust_percent(share, sizeof share, trust_provable(s)));
}

static void add_strip_words(const struct trust *t, struct buf *out)
{
	int64_t each = trust_minutes_a_mark(t, TRUST_STRIP);

	buf_puts(out, " = records  . NODATA: logged, no traffic  x SKIPDATA: records lost  "
		      "_ missing: nothing, not even NODATA  ? to come");
	if (each > 1)
		buf_printf(out, "   (%" PRId64 " minutes a mark)", each);
	buf_putc(out, '\n');
}

static void add_provable(const struct trust_facts *f, struct buf *out)
{
	const struct trust_question *q;
	struct place_logs logs = places_logs(f->trust->places, PLACE_NONE);
	struct buf add = { 0 };
	size_t n;

	buf_puts(out, "\nwhat this log can prove\n");
	q = trust_questions(&n);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s %s (%s)\n", trust_answers(f, &q[i]) ? "yes  " : "no   ",
			   q[i].question, q[i].columns);
	buf_printf(out, "%s what was refused and what was let in: traffic type seen %s\n",
		   f->trust->type == TRUST_TYPE_ALL ? "yes  " : "no   ",
		   trust_type_name(f->trust->type));
	buf_printf(out, "      aggregation %s 60 s; %s\n", logs.interval > 60 ? ">" : "<=",
		   f->many_formats ? "several formats: what all of them have counts"
				   : "one format");
	trust_add_columns(f, &add);
	if (add.n) {
		buf_printf(out, "add   %s\n", add.s);
		buf_clear(&add);
		trust_add_log_format(f, &add);
		buf_printf(out, "      --log-format '%s'\n", add.s);
	}
	buf_release(&add);
	buf_puts(out, "never");
	for (size_t i = 0; trust_never(i); i++)
		buf_printf(out, "%s %s", i ? "," : "", trust_never(i));
	buf_putc(out, '\n');
}

/* ---- doubts ---- */

static void add_interface(const struct trust_facts *f, const struct trust_row *r, struct buf *out)
{
	struct str name = trust_name(f, r);

	export_printable(out, str_of(trust_place(f->trust, r)->interface));
	if (name.n) {
		buf_putc(out, ' ');
		export_printable(out, name);
	}
}

static void add_doubt(const struct trust_facts *f, const struct trust_row *r,
		      const struct trust_run *run, struct buf *out)
{
	char from[32], to[32];

	rfc3339(from, sizeof from, run->from * 60);
	rfc3339(to, sizeof to, (run->to + 1) * 60);
	buf_printf(out, "%s to %s  ", from, to);
	add_interface(f, r, out);
	buf_puts(out,
		 run->mark == TRUST_LOST
			 ? "  SKIPDATA: absence of a record proves nothing there\n"
			 : "  missing: no flow log, or not delivered; an idle one has NODATA\n");
}

/* "eni-a  2 others name its address then: eni-b, eni-c": of one that misses something. */
static void add_witnesses(const struct trust_facts *f, const struct trust_row *r, struct buf *out)
{
	struct buf says = { 0 };

	if (f->witnesses && r->minutes[TRUST_MISSING])
		witnesses_say(f->witnesses, r->place, &says);
	if (says.n) {
		add_interface(f, r, out);
		buf_puts(out, "  ");
		export_printable(out, buf_str(&says));
		buf_putc(out, '\n');
	}
	buf_release(&says);
}

static void add_stretches(const struct trust_facts *f, struct buf *out)
{
	uint64_t said = 0, more = 0;

	for (size_t i = 0; i < f->trust->n; i++) {
		const struct trust_row *r = &f->trust->row[i];
		struct trust_walk w;
		struct trust_run run;
		if (r->never) {
			if (said++ < DOUBTS) {
				buf_puts(out, "always  ");
				add_interface(f, r, out);
				buf_puts(out, "  is in the inventory and in no record\n");
				add_witnesses(f, r, out);
			} else {
				more++;
			}
			continue;
		}
		if (!lacks(r))
			continue;
		if (r->merged) {
			add_interface(f, r, out);
			buf_puts(out, "  had more gaps than are kept: nothing of it is provable\n");
		}
		trust_walk_begin(&w, f->trust, r);
		while (trust_walk_next(&w, &run)) {
			if (run.mark != TRUST_LOST && run.mark != TRUST_MISSING)
				continue;
			if (said++ < DOUBTS)
				add_doubt(f, r, &run, out);
			else
				more++;
		}
		if (said < DOUBTS)
			add_witnesses(f, r, out);
	}
	if (more)
		buf_printf(out, "and %" PRIu64 " more\n", more);
}

static void add_counts(const struct trust_facts *f, struct buf *out)
{
	static void (*const say[])(const struct trust_facts *f,
				   struct buf *out) = { trust_say_doubles, trust_say_seconds,
							trust_say_delay };
	char time[32];

	for (size_t i = 0; i < ARRAY_SIZE(say); i++) {
		size_t from = out->n;
		say[i](f, out);
		buf_puts(out, out->n > from ? "\n" : "");
	}
	if (f->trust->complete_s != INT64_MIN)
		buf_printf(out, "complete until %s\n",
			   rfc3339(time, sizeof time, f->trust->complete_s));
	if (f->trust->dropped)
		buf_printf(out, "! %" PRIu64 " records are of interfaces too many to be kept\n",
			   f->trust->dropped);
}

/* ---- the whole ---- */

static void write_grid(enum output o, const struct trust_facts *f, size_t n, struct buf *out)
{
	struct grid g = { 0 };

	add_head(&g, o);
	for (size_t i = 0; i < n; i++)
		add_row(&g, o, f, &f->trust->row[i]);
	if (o == OUTPUT_CSV) {
		grid_csv(&g, out);
	} else {
		grid_widen(&g);
		grid_table(&g, out);
	}
	grid_release(&g);
}

static void write_table(const struct trust_facts *f, size_t n, const struct result *none,
			const struct export_context *c, struct buf *out)
{
	add_title(f, out);
	if (c->where && *c->where)
		buf_puts(out, "whatever the filter: it is of all records\n");
	doubts_lines(none, c, "! ", out);
	write_grid(OUTPUT_TABLE, f, n, out);
	say_more(f->trust, n, out);
	add_strip_words(f->trust, out);
	add_provable(f, out);
	buf_puts(out, "\nwhat is doubtful\n");
	add_stretches(f, out);
	add_counts(f, out);
}

static void write_json(enum output o, const struct trust_facts *f, size_t n,
		       const struct result *none, const struct export_context *c, struct buf *out)
{
	json_t *rows = json_array(), *report;

	for (size_t i = 0; i < n; i++) {
		json_t *row = json_trust_row(f, &f->trust->row[i]);
		if (o == OUTPUT_JSON) {
			json_array_append_new(rows, row);
			continue;
		}
		json_add(out, row);
		buf_putc(out, '\n');
	}
	if (o != OUTPUT_JSON) {
		json_decref(rows);
		return;
	}
	report = json_report(none, rows, c);
	json_object_set_new(report, "trust", json_trust(f));
	json_add(out, report);
	buf_putc(out, '\n');
}

bool export_trust(enum output o, const struct monitor *m, uint64_t limit,
		  const struct export_context *context, struct buf *out)
{
	struct result none = { .query = query_all(),
			       .compare = { .mark = INT64_MIN },
			       .window = { INT64_MIN, INT64_MAX, false },
			       .time_min = INT64_MAX,
			       .time_max = INT64_MIN };
	struct export_context own = *context;
	const struct trust_facts *f = context->trust;
	size_t n;

	(void)m;
	if (!f)
		return false;
	none.window = f->trust->asked;
	none.window.dated_only = false; /* what has no time is in no minute, in any window */
	own.uses = (struct field_set){ 0 };
	own.complete &= f->trust->dropped == 0;
	n = rows_of(f->trust, o, limit);
	if (o == OUTPUT_CSV)
		write_grid(o, f, n, out);
	else if (o == OUTPUT_TABLE)
		write_table(f, n, &none, &own, out);
	else
		write_json(o, f, n, &none, &own, out);
	return doubts_complete(&none, &own);
}
