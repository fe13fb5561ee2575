/* export.c - see export.h. */
#include "export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export_json.h"

static const char *const output_names[OUTPUTS] = {
	[OUTPUT_TABLE] = "table",   [OUTPUT_CSV] = "csv", [OUTPUT_JSON] = "json",
	[OUTPUT_NDJSON] = "ndjson", [OUTPUT_RAW] = "raw",
};

const char *output_name(enum output o)
{
	return output_names[o];
}

int output_find(struct str name)
{
	for (int o = 0; o < OUTPUTS; o++)
		if (str_equal_loose(name, str_of(output_names[o])))
			return o;
	return -1;
}

/* ---- a grid of texts, written as table or csv ---- */

struct grid {
	struct buf text; /* cells, each with its NUL */
	size_t *cell;    /* offsets in it, row after row; the first row is the head */
	size_t *length;
	size_t cells, cap, cap_length, columns;
	uint64_t left; /* bit: the column is text, aligned left */
};

static void grid_add(struct grid *g, struct str text)
{
	xgrow((void **)&g->cell, &g->cap, g->cells + 1, sizeof *g->cell);
	xgrow((void **)&g->length, &g->cap_length, g->cells + 1, sizeof *g->length);
	g->cell[g->cells] = g->text.n;
	g->length[g->cells++] = text.n;
	buf_add_str(&g->text, text);
	buf_putc(&g->text, '\0');
}

static void grid_head(struct grid *g, const char *title, bool left)
{
	if (left && g->columns < 64)
		g->left |= UINT64_C(1) << g->columns;
	g->columns++;
	grid_add(g, str_of(title));
}

static void grid_number(struct grid *g, uint64_t v)
{
	struct buf b = { 0 };

	buf_add_u64(&b, v);
	grid_add(g, buf_str(&b));
	buf_release(&b);
}

static struct str grid_cell(const struct grid *g, size_t i)
{
	return (struct str){ g->text.s + g->cell[i], g->length[i] };
}

static void grid_release(struct grid *g)
{
	buf_release(&g->text);
	free(g->cell);
	free(g->length);
}

/* Log bytes as they may reach a terminal. */
static void add_printable(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_putc(out, s.s[i] >= ' ' && s.s[i] <= '~' ? s.s[i] : '.');
}

static void pad(struct buf *out, size_t n)
{
	while (n-- > 0)
		buf_putc(out, ' ');
}

static void grid_table(const struct grid *g, struct buf *out)
{
	size_t *width = xcalloc(g->columns ? g->columns : 1, sizeof *width);

	for (size_t i = 0; i < g->cells; i++)
		if (g->length[i] > width[i % g->columns])
			width[i % g->columns] = g->length[i];
	for (size_t i = 0; i < g->cells; i++) {
		size_t column = i % g->columns, room = width[column] - g->length[i];
		bool left = column < 64 && (g->left >> column & 1);
		if (column)
			buf_puts(out, "  ");
		if (!left)
			pad(out, room);
		add_printable(out, grid_cell(g, i));
		if (column + 1 == g->columns)
			buf_putc(out, '\n');
		else if (left)
			pad(out, room);
	}
	free(width);
}

/* RFC 4180, with a bare newline as line end. */
static void csv_cell(struct buf *out, struct str s)
{
	bool quote = false;

	for (size_t i = 0; i < s.n; i++)
		quote |= s.s[i] == '"' || s.s[i] == ',' || s.s[i] == '\n' || s.s[i] == '\r';
	if (!quote) {
		buf_add_str(out, s);
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.s[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, s.s[i]);
	}
	buf_putc(out, '"');
}

static void grid_csv(const struct grid *g, struct buf *out)
{
	for (size_t i = 0; i < g->cells; i++) {
		csv_cell(out, grid_cell(g, i));
		buf_putc(out, (i + 1) % g->columns ? ',' : '\n');
	}
}

/* ---- ranked results ---- */

static const char *key_title(const struct result *r, unsigned part)
{
	return r->view == VIEW_PORTS ? "port" : field_name(r->group.field[part]);
}

static void grid_key(struct grid *g, const struct result *r, const struct result_row *row,
		     unsigned part)
{
	struct buf text = { 0 };
	char stamp[32];

	if (r->view == VIEW_TIMELINE)
		buf_puts(&text, rfc3339(stamp, sizeof stamp, row->since));
	else
		value_render(&row->key[part], &text);
	grid_add(g, buf_str(&text));
	buf_release(&text);
}

static void result_grid(const struct result *r, bool human, struct grid *g)
{
	/* Of transit gateways only: without being asked for where people read. */
	bool lost = r->metric == METRIC_LOST || (human && r->totals.lost);
	char text[16];

	for (unsigned p = 0; p < r->group.n; p++)
		grid_head(g, key_title(r, p), !type_is_number(field_type(r->group.field[p])));
	grid_head(g, "bytes", false);
	grid_head(g, "packets", false);
	grid_head(g, "flows", false);
	grid_head(g, "rejects", false);
	if (r->view == VIEW_TIMELINE)
		grid_head(g, "accepts", false);
	if (lost)
		grid_head(g, "lost", false);
	for (uint32_t i = 0; i < r->rows; i++) {
		const struct result_row *row = &r->row[i];
		for (unsigned p = 0; p < r->group.n; p++)
			grid_key(g, r, row, p);
		if (human)
			grid_add(g, str_of(human_bytes(text, sizeof text, row->tally.bytes)));
		else
			grid_number(g, row->tally.bytes);
		grid_number(g, row->tally.packets);
		grid_number(g, row->tally.flows);
		grid_number(g, row->tally.rejects);
		if (r->view == VIEW_TIMELINE)
			grid_number(g, row->tally.accepts);
		if (lost)
			grid_number(g, row->tally.lost);
	}
}

/* What stands above a table: the question, and what can make the answer wrong. */
static void table_head(const struct result *r, const struct export_context *c, struct buf *out)
{
	char bytes[16];

	buf_printf(out, "%s by %s: ", view_kind_name(r->view), metric_name(r->metric));
	if (r->view != VIEW_FLOWS)
		buf_printf(out, "%" PRIu32 " of %" PRIu32 " rows, ", r->rows,
			   r->view == VIEW_TIMELINE ? r->rows : r->groups);
	buf_printf(out, "%" PRIu64 " flows, %s", r->totals.flows,
		   human_bytes(bytes, sizeof bytes, r->totals.bytes));
	buf_printf(out, ", %" PRIu64 " rejected", r->totals.rejects);
	if (c->where[0]) {
		buf_puts(out, ", where ");
		add_printable(out, str_of(c->where));
	}
	buf_putc(out, '\n');
	if (r->totals.lost)
		buf_printf(out, "! %" PRIu64 " packets were lost by a transit gateway\n",
			   r->totals.lost);
	if (c->input.malformed)
		buf_printf(out, "! %" PRIu64 " malformed lines\n", c->input.malformed);
	if (c->input.skipdata)
		buf_printf(out, "! %" PRIu64 " SKIPDATA records: flows were lost while logging\n",
			   c->input.skipdata);
	if (c->input.future)
		buf_printf(out, "! %" PRIu64 " flows are dated in the future\n", c->input.future);
	if (!c->complete)
		buf_puts(out, "! not complete: some of the input was not read or not kept\n");
}

static void write_grid(enum output o, const struct grid *g, struct buf *out)
{
	if (o == OUTPUT_CSV)
		grid_csv(g, out);
	else
		grid_table(g, out);
}

void export_result(enum output o, const struct result *r, const struct export_context *c,
		   struct buf *out)
{
	struct grid g = { 0 };
	json_t *rows;

	switch (o) {
	case OUTPUT_JSON:
		rows = json_array();
		for (uint32_t i = 0; i < r->rows; i++)
			json_array_append_new(rows, json_result_row(r, &r->row[i]));
		json_add(out, json_report(r, rows, c));
		buf_putc(out, '\n');
		return;
	case OUTPUT_NDJSON:
		for (uint32_t i = 0; i < r->rows; i++) {
			json_add(out, json_result_row(r, &r->row[i]));
			buf_putc(out, '\n');
		}
		return;
	default:
		break;
	}
	if (o == OUTPUT_TABLE)
		table_head(r, c, out);
	result_grid(r, o == OUTPUT_TABLE, &g);
	write_grid(o, &g, out);
	grid_release(&g);
}

/* ---- sources ---- */

#define MALFORMED_SHOWN 200 /* lines below a table */

/* A number of a source as people read it. */
static char *source_number(const char *key, uint64_t v, bool human, char *out, size_t size)
{
	if (human && (strcmp(key, "size") == 0 || strcmp(key, "read") == 0))
		return human_bytes(out, size, v);
	if (human && strcmp(key, "lag") == 0)
		return human_duration(out, size, (int64_t)v);
	snprintf(out, size, "%" PRIu64, v);
	return out;
}

/* One row, or the head: the plain values of a source's JSON. */
static void grid_source(struct grid *g, json_t *source, bool head, bool human)
{
	const char *key;
	json_t *value;
	char text[32];

	json_object_foreach(source, key, value) {
		if (json_is_array(value))
			continue;
		if (head)
			grid_head(g, key, true);
		else if (json_is_integer(value))
			grid_add(g, str_of(source_number(key, (uint64_t)json_integer_value(value),
							 human, text, sizeof text)));
		else
			grid_add(g, json_is_string(value) ? str_of(json_string_value(value))
							  : str_of("-"));
	}
}

/* Below the table: what was wrong where. */
static void add_malformed(const struct monitor *m, struct buf *out)
{
	uint64_t all = 0, shown = 0;

	for (size_t i = 0; i < monitor_sources(m); i++) {
		const struct malformed *bad;
		struct source_info s;
		monitor_source(m, i, &s);
		all += s.counts.malformed;
		for (size_t k = 0; shown < MALFORMED_SHOWN && (bad = monitor_malformed(m, i, k));
		     k++, shown++) {
			buf_puts(out, shown ? "" : "\nmalformed lines:\n");
			add_printable(out, str_of(s.name));
			buf_printf(out, ":%" PRIu64 ": %s: ", bad->line, bad->reason);
			add_printable(out, bad->text);
			buf_putc(out, '\n');
		}
	}
	if (all > shown)
		buf_printf(out, "and %" PRIu64 " more: the last of each source are shown\n",
			   all - shown);
}

static void sources_grid(enum output o, const struct monitor *m, size_t n,
			 const struct export_context *c, struct buf *out)
{
	struct grid g = { 0 };

	for (size_t i = 0; i < n; i++) {
		json_t *source = json_source(m, monitor_source_at(m, i), c);
		if (i == 0)
			grid_source(&g, source, true, false);
		grid_source(&g, source, false, o == OUTPUT_TABLE);
		json_decref(source);
	}
	if (o == OUTPUT_CSV) {
		grid_csv(&g, out);
	} else {
		grid_table(&g, out);
		add_malformed(m, out);
	}
	grid_release(&g);
}

void export_sources(enum output o, const struct monitor *m, uint64_t limit,
		    const struct export_context *c, struct buf *out)
{
	size_t all = monitor_sources(m), n = limit && limit < all ? (size_t)limit : all;
	struct result none = { .view = VIEW_SOURCES,
			       .window = { INT64_MIN, INT64_MAX, false },
			       .time_min = INT64_MAX,
			       .time_max = INT64_MIN };
	json_t *rows;

	if (o == OUTPUT_TABLE || o == OUTPUT_CSV) {
		sources_grid(o, m, n, c, out);
		return;
	}
	rows = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *source = json_source(m, monitor_source_at(m, i), c);
		if (o == OUTPUT_JSON) {
			json_array_append_new(rows, source);
			continue;
		}
		json_add(out, source);
		buf_putc(out, '\n');
	}
	if (o == OUTPUT_JSON) {
		json_add(out, json_report(&none, json_incref(rows), c));
		buf_putc(out, '\n');
	}
	json_decref(rows);
}

/* ---- flows ---- */

void flow_writer_begin(struct flow_writer *w, enum output o, struct buf *out)
{
	*w = (struct flow_writer){ .output = o };
	if (o == OUTPUT_JSON)
		buf_puts(out, "{\"rows\":[");
}

/* Names of the columns, when they are not those of the row before. */
static void flow_head(struct flow_writer *w, const struct format *format, struct buf *out)
{
	if (w->format == format)
		return;
	w->format = format;
	for (unsigned i = 0; i < format->n; i++) {
		if (i)
			buf_putc(out, w->output == OUTPUT_CSV ? ',' : ' ');
		if (w->output == OUTPUT_CSV)
			csv_cell(out, str_of(field_name(format->field[i])));
		else
			add_printable(out, str_of(field_name(format->field[i])));
	}
	buf_putc(out, '\n');
}

static void flow_csv(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out)
{
	struct buf cell = { 0 };

	for (unsigned i = 0; i < s->format->n; i++) {
		buf_clear(&cell);
		column_render(&s->column[i], d, row, &cell);
		if (i)
			buf_putc(out, ',');
		csv_cell(out, buf_str(&cell));
	}
	buf_release(&cell);
	buf_putc(out, '\n');
}

static void flow_table(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out)
{
	struct buf line = { 0 };

	segment_render(s, d, row, &line);
	add_printable(out, buf_str(&line));
	buf_release(&line);
	buf_putc(out, '\n');
}

void flow_writer_row(struct flow_writer *w, const struct segment *s, const struct dict *d,
		     uint32_t row, struct buf *out)
{
	switch (w->output) {
	case OUTPUT_RAW:
		segment_render(s, d, row, out);
		buf_putc(out, '\n');
		break;
	case OUTPUT_CSV:
		flow_head(w, s->format, out);
		flow_csv(s, d, row, out);
		break;
	case OUTPUT_JSON:
		if (w->rows)
			buf_putc(out, ',');
		json_add(out, json_flow(s, d, row));
		break;
	case OUTPUT_NDJSON:
		json_add(out, json_flow(s, d, row));
		buf_putc(out, '\n');
		break;
	default:
		flow_head(w, s->format, out);
		flow_table(s, d, row, out);
	}
	w->rows++;
}

void flow_writer_end(struct flow_writer *w, const struct result *r, const struct export_context *c,
		     struct buf *out)
{
	struct buf rest = { 0 };

	if (w->output == OUTPUT_JSON) {
		/* The rows are written already: the other keys follow them. */
		json_add(&rest, json_report(r, NULL, c));
		buf_puts(out, "],");
		buf_puts(out, rest.s + 1);
		buf_putc(out, '\n');
		buf_release(&rest);
	} else if (w->output == OUTPUT_TABLE) {
		table_head(r, c, out);
	}
}
