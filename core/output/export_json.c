/* export_json.c - see export_json.h. */
#include "output/export_json.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "output/export_cells.h"
#include "output/export_columns.h"
#include "output/export_doubts.h"
#include "output/export_private.h"
#include "output/export_query.h"
#include "output/export_mark.h"

/* ---- rows ---- */

json_t *json_cost(uint64_t cost)
{
	return json_real((double)cost / (double)CHARGE_DOLLAR);
}

json_t *json_amount(const struct result *r, uint64_t amount)
{
	return metric_base(r->query.metric) == METRIC_COST ? json_cost(amount)
							   : json_number(amount);
}

static void set_tally(json_t *o, const struct result *r, const struct tally *t)
{
	json_object_set_new(o, "bytes", json_number(t->bytes));
	json_object_set_new(o, "packets", json_number(t->packets));
	json_object_set_new(o, "flows", json_number(t->flows));
	json_object_set_new(o, "rejects", json_number(t->rejects));
	json_object_set_new(o, "lost", r->query.priced ? json_null() : json_number(t->lost));
	if (r->query.priced)
		json_object_set_new(o, "cost", json_cost(t->cost));
}

/* As it reads with three decimals, which a large one has not. */
static json_t *json_decimal(double real)
{
	char text[48];

	if (real >= 1e12)
		return json_real(real);
	cell_real_text(real, text, sizeof text);
	return json_real(strtod(text, NULL));
}

static json_t *json_cell(struct result_cell cell)
{
	switch (cell.kind) {
	case CELL_ABSENT:
		return json_null();
	case CELL_REAL:
		return json_decimal(cell.real);
	case CELL_COST:
		return json_cost(cell.number);
	case CELL_TIME:
		return json_time(cell.time);
	case CELL_WORD:
		return json_string(cell.word);
	default:
		return json_number(cell.number);
	}
}

json_t *json_result_row(const struct result *r, const struct result_row *row)
{
	json_t *o = json_object();
	size_t n;
	const struct result_column *column = result_columns(&n);

	for (unsigned p = 0; p < r->query.group.n; p++) {
		struct buf name = { 0 };
		bool time = r->query.group.field[p] == FIELD_BIN && !row->key[p].absent;
		export_key_name(r, p, &name);
		json_object_set_new(o, name.s,
				    time ? json_time((int64_t)row->key[p].number)
					 : json_value(&row->key[p]));
		buf_release(&name);
	}
	for (size_t i = 0; i < n; i++) {
		struct result_cell cell = { .kind = CELL_TREND };
		if (result_column_shown(&column[i], r, false))
			cell = column[i].cell(r, row);
		if (cell.kind != CELL_TREND)
			json_object_set_new(o, result_column_name(&column[i], r), json_cell(cell));
	}
	if (row->bin && r->query.rows == ROWS_RANKED)
		cells_json_row(o, r, row);
	return o;
}

static json_t *json_or_null(const char *text)
{
	return text ? json_text(str_of(text)) : json_null();
}

/* Seconds from a time to the clock. */
static json_t *json_lag(int64_t t, int64_t clock_s)
{
	return t == INT64_MIN ? json_null() : json_integer(clock_s > t ? clock_s - t : 0);
}

static json_t *json_formats(const struct source_info *s)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < s->formats; i++)
		json_array_append_new(list, json_text(s->met[i]->text));
	return list;
}

static json_t *json_malformed(const struct monitor *m, size_t i)
{
	json_t *list = json_array(), *o;
	const struct malformed *bad;

	for (size_t k = 0; (bad = monitor_malformed(m, i, k)); k++) {
		o = json_object();
		json_object_set_new(o, "line", json_number(bad->line));
		json_object_set_new(o, "reason", json_string(bad->reason));
		json_object_set_new(o, "text", json_text(bad->text));
		json_array_append_new(list, o);
	}
	return list;
}

json_t *json_counts(const struct field_counts *c)
{
	json_t *o = json_object();

	for (size_t i = 0; i < c->n; i++)
		json_object_set_new(o, field_name(c->of[i].field), json_number(c->of[i].n));
	return o;
}

static json_t *json_unreadable(const struct monitor *m, size_t i)
{
	json_t *list = json_array(), *o;
	const struct malformed *bad;

	for (size_t k = 0; (bad = monitor_unreadable(m, i, k)); k++) {
		o = json_object();
		json_object_set_new(o, "line", json_number(bad->line));
		json_object_set_new(o, "field", json_string(field_name(bad->field)));
		json_object_set_new(o, "reason", json_string(bad->reason));
		json_object_set_new(o, "text", json_text(bad->text));
		json_array_append_new(list, o);
	}
	return list;
}

static void set_counts(json_t *o, const struct source_info *s)
{
	json_object_set_new(o, "lines", json_number(s->counts.lines));
	json_object_set_new(o, "flows", json_number(s->counts.flows));
	json_object_set_new(o, "nodata", json_number(s->counts.nodata));
	json_object_set_new(o, "skipdata", json_number(s->counts.skipdata));
	json_object_set_new(o, "malformed", json_number(s->counts.malformed));
	json_object_set_new(o, "unreadable", json_counts(s->unreadable));
	json_object_set_new(o, "faults", json_number(s->faults));
}

json_t *json_source(const struct monitor *m, size_t i, const struct export_context *c)
{
	json_t *o = json_object();
	struct buf note = { 0 };
	struct source_info s;

	monitor_source(m, i, &s);
	json_object_set_new(o, "source", json_text(str_of(s.name)));
	json_object_set_new(o, "state", json_string(source_state_name(s.state)));
	json_object_set_new(o, "shape", json_string(s.shape));
	json_object_set_new(o, "format", json_or_null(s.format ? s.format->origin : NULL));
	json_object_set_new(o, "version", s.version ? json_integer(s.version) : json_null());
	json_object_set_new(o, "formats", json_number(s.formats));
	json_object_set_new(o, "size", json_number(s.size));
	json_object_set_new(o, "read", json_number(s.read));
	json_object_set_new(o, "rate", json_number((uint64_t)(s.rate + 0.5)));
	json_object_set_new(o, "newest", json_time(s.newest_s));
	json_object_set_new(o, "lag", json_lag(s.newest_s, c->clock_s));
	json_object_set_new(o, "complete_until", json_time(s.complete_s));
	set_counts(o, &s);
	json_object_set_new(o, "error", json_or_null(s.error));
	source_info_note(&s, &note);
	json_object_set_new(o, "note", json_or_null(note.n ? note.s : NULL));
	buf_release(&note);
	json_object_set_new(o, "columns", json_formats(&s));
	json_object_set_new(o, "malformed_lines", json_malformed(m, i));
	json_object_set_new(o, "unreadable_values", json_unreadable(m, i));
	return o;
}

static json_t *flow_value(const struct segment *s, const struct dict *d, uint32_t row, int field)
{
	const struct column *c = flow_column(s, row, field);
	struct buf text = { 0 };
	json_t *value;

	flow_render(s, d, row, field, &text);
	if (flow_is_unreadable(s, row, field))
		value = json_null();
	else if (field == FIELD_BIN)
		value = json_time(segment_time(s, row));
	else if (c && c->type == TYPE_TIME && column_number(c, row) != NUMBER_ABSENT)
		value = json_moment(column_number(c, row));
	else if (c && type_is_number(c->type) && column_number(c, row) != NUMBER_ABSENT)
		value = json_number(column_number(c, row));
	else if (text.n == 1 && text.s[0] == '-')
		value = json_null();
	else
		value = json_text(buf_str(&text));
	buf_release(&text);
	return value;
}

static json_t *flow_text(const struct segment *s, const struct dict *d, uint32_t row, int field)
{
	struct buf text = { 0 };
	json_t *value;

	flow_render(s, d, row, field, &text);
	value = json_text(buf_str(&text));
	buf_release(&text);
	return value;
}

json_t *json_flow(const struct flow_columns *c, const struct segment *s, const struct dict *d,
		  uint32_t row)
{
	unsigned n = c ? c->n : s->format->n;
	bool sides = false;
	json_t *o = json_object(), *unreadable = NULL;
	struct buf key = { 0 };

	for (unsigned i = 0; i < n; i++) {
		int field = c ? c->field[i] : s->format->field[i];
		sides |= field == FIELD_CLIENT || field == FIELD_SERVER || field == FIELD_SERVICE;
		buf_clear(&key);
		for (const char *p = field_name(field); *p; p++)
			buf_putc(&key, (unsigned char)*p < 0x80 ? *p : '?');
		json_object_set_new(o, key.s, flow_value(s, d, row, field));
		if (!s->unreadables || !flow_is_unreadable(s, row, field))
			continue;
		unreadable = unreadable ? unreadable : json_object();
		json_object_set_new(unreadable, key.s, flow_text(s, d, row, field));
	}
	if (unreadable)
		json_object_set_new(o, "unreadable", unreadable);
	if (sides)
		json_object_set_new(o, "guess", json_boolean((s->mark[row] & MARK_GUESS) != 0));
	buf_release(&key);
	return o;
}

json_t *json_lines(const struct buf *lines)
{
	json_t *list = json_array();
	struct buf one = { 0 };

	for (size_t at = 0; at < lines->n;) {
		size_t end = at + strcspn(lines->s + at, "\n");
		if (one.n)
			buf_putc(&one, '\n');
		buf_add(&one, lines->s + at, end - at);
		at = end + 1;
		if (at < lines->n && lines->s[at] == ' ')
			continue;
		json_array_append_new(list, json_text(buf_str(&one)));
		buf_clear(&one);
	}
	buf_release(&one);
	return list;
}

/* ---- the report ---- */

static json_t *json_window(const struct result *r)
{
	bool unlimited = r->window.from == INT64_MIN && r->window.to == INT64_MAX;
	int64_t from = r->window.from, to = r->window.to;
	json_t *o;

	if (unlimited && r->time_min > r->time_max)
		return json_null();
	if (from == INT64_MIN)
		from = r->time_min > r->time_max ? INT64_MIN : r->time_min;
	if (to == INT64_MAX)
		to = r->time_min > r->time_max ? INT64_MAX : r->time_max;
	o = json_object();
	json_object_set_new(o, "from", json_time(from));
	json_object_set_new(o, "to", json_time(to));
	return o;
}

static json_t *json_input(const struct result *r, const struct export_context *c)
{
	const struct input_counts *n = &c->input;
	json_t *o = json_object();

	json_object_set_new(o, "lines", json_number(n->lines));
	json_object_set_new(o, "flows", json_number(n->flows));
	json_object_set_new(o, "control", json_number(n->control));
	json_object_set_new(o, "nodata", json_number(n->nodata));
	doubts_json(o, r, c);
	return o;
}

static json_t *json_part(const struct group *g, unsigned part)
{
	struct buf name = { 0 };
	json_t *o;

	group_part_name(g, part, &name);
	o = json_text(buf_str(&name));
	buf_release(&name);
	return o;
}

/* Of an answer that had room for the heaviest groups only. */
static json_t *json_groups(const struct result *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "ranked", json_number(r->ranked));
	json_object_set_new(o, "about", json_number(r->about));
	json_object_set_new(o, "floor", json_amount(r, r->floor));
	return o;
}

static json_t *json_prices(const struct prices *p)
{
	json_t *o = json_object();

	json_object_set_new(o, "source", json_text(str_of(p->source)));
	json_object_set_new(o, "nat", json_real((double)p->nat / PRICE_DOLLAR));
	json_object_set_new(o, "zone", json_real((double)p->zone / PRICE_DOLLAR));
	json_object_set_new(o, "internet", json_real((double)p->internet / PRICE_DOLLAR));
	json_object_set_new(o, "estimate", json_true());
	return o;
}

static void set_cost(json_t *o, const struct result *r, const struct export_context *c)
{
	if (!r->query.priced)
		return;
	json_object_set_new(o, "cost_unknown_bytes", json_number(r->unpriced));
	if (c->prices)
		json_object_set_new(o, "prices", json_prices(c->prices));
}

json_t *json_report(const struct result *r, json_t *rows, const struct export_context *c)
{
	json_t *o = json_object(), *group = json_array(), *totals = json_object(), *bin;
	struct buf metric = { 0 };

	for (unsigned p = 0; p < r->query.group.n; p++)
		json_array_append_new(group, json_part(&r->query.group, p));
	set_tally(totals, r, &r->totals);
	if (r->query.metric == METRIC_DISTINCT)
		json_object_set_new(totals, "distinct", json_number(r->distinct_total));
	metric_title(r->query.metric, &r->query.distinct, &metric);
	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "view", json_string(c->title));
	json_object_set_new(o, "query", query_json(r, c));
	json_object_set_new(o, "group", group);
	json_object_set_new(o, "metric", json_text(buf_str(&metric)));
	json_object_set_new(o, "where", json_text(str_of(c->where)));
	json_object_set_new(o, "window", json_window(r));
	mark_json(o, r, c);
	if (metric_is_rate(r->query.metric))
		json_object_set_new(o, "seconds",
				    r->seconds ? json_integer(r->seconds) : json_null());
	json_object_set_new(o, "complete", json_boolean(doubts_complete(r, c)));
	json_object_set_new(o, "totals", totals);
	json_object_set_new(o, "once", json_boolean(r->query.once));
	json_object_set_new(o, "second_sightings",
			    r->judged ? json_number(r->second) : json_null());
	json_object_set_new(o, "second_undecided",
			    r->judged ? json_number(r->second_undecided) : json_null());
	set_cost(o, r, c);
	if (r->capped)
		json_object_set_new(o, "groups", json_groups(r));
	cells_json(o, r);
	if (r->bins && !r->column) {
		bin = json_object();
		json_object_set_new(bin, "start", json_time(r->bin_start));
		json_object_set_new(bin, "seconds", json_number((uint64_t)r->bin_width));
		json_object_set_new(o, "bin", bin);
	}
	if (rows)
		json_object_set_new(o, "rows", rows);
	json_object_set_new(o, "input", json_input(r, c));
	buf_release(&metric);
	return o;
}

json_t *json_report_begin(const struct result *r, const struct export_context *c, struct buf *out)
{
	static const char *const behind[] = { "complete", "input" };
	json_t *o = json_report(r, NULL, c), *rest = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(behind); i++) {
		json_object_set(rest, behind[i], json_object_get(o, behind[i]));
		json_object_del(o, behind[i]);
	}
	json_add(out, o);
	out->n--; /* its last brace is that of the rest */
	buf_puts(out, ",\"rows\":[");
	return rest;
}

void json_report_end(json_t *rest, bool cut, struct buf *out)
{
	if (cut)
		json_object_set_new(rest, "complete", json_false());
	buf_putc(out, ']');
	size_t at = out->n;
	json_add(out, rest);
	out->s[at] = ',';
	buf_putc(out, '\n');
}

void report_around(const struct result *r, const struct export_context *c, struct buf *out)
{
	json_add(out, json_report(r, NULL, c));
	buf_putc(out, '\n');
}

static void add_escaped(struct buf *out, uint32_t code)
{
	if (code > 0xffff)
		buf_printf(out, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10), 0xdc00 | (code & 0x3ff));
	else
		buf_printf(out, "\\u%04x", code);
}

/* What has no shape of its own is escaped: jansson does so below blanks only. */
static int add_piece(const char *piece, size_t n, void *ctx)
{
	struct str rest = { piece, n };
	size_t plain = 0;
	uint32_t code;

	while (plain < rest.n) {
		unsigned char c = (unsigned char)rest.s[plain];
		struct str at = { rest.s + plain, rest.n - plain };
		unsigned length = c < 0x7f ? 1 : c == 0x7f ? (code = c, 1) : utf8_decode(at, &code);
		if (c < 0x7f || !length || !utf8_is_hidden(code)) {
			plain += length ? length : 1;
			continue;
		}
		buf_add(ctx, rest.s, plain);
		add_escaped(ctx, code);
		rest = (struct str){ at.s + length, at.n - length };
		plain = 0;
	}
	buf_add(ctx, rest.s, plain);
	return 0;
}

void json_add(struct buf *out, json_t *value)
{
	json_dump_callback(value, add_piece, out,
			   JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
	json_decref(value);
}
