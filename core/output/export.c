/* export.c - see export.h. */
#include "output/export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/export_cells.h"
#include "output/export_columns.h"
#include "output/export_doubts.h"
#include "output/export_grid.h"
#include "output/export_json.h"
#include "output/export_mark.h"
#include "output/export_private.h"
#include "output/export_query.h"

static const char *const output_names[OUTPUTS] = {
	[OUTPUT_TABLE] = "table",           [OUTPUT_CSV] = "csv", [OUTPUT_JSON] = "json",
	[OUTPUT_NDJSON] = "ndjson",         [OUTPUT_RAW] = "raw", [OUTPUT_OCSF] = "ocsf",
	[OUTPUT_CLICKHOUSE] = "clickhouse",
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

bool output_is_flows_only(enum output o)
{
	return o == OUTPUT_RAW || o == OUTPUT_OCSF || o == OUTPUT_CLICKHOUSE;
}

/* Whether a figure beside the keys is called so. */
static bool is_figure(const struct result *r, const char *name)
{
	size_t n;
	const struct result_column *column = result_columns(&n);

	for (size_t i = 0; i < n; i++)
		if (strcmp(result_column_name(&column[i], r), name) == 0)
			return true;
	return false;
}

void export_key_name(const struct result *r, unsigned part, struct buf *out)
{
	struct buf name = { 0 };

	if (r->query.bins.kind == BINS_HEAT)
		buf_puts(&name, cells_title(r->query.group.field[part]));
	else
		group_part_name(&r->query.group, part, &name);
	buf_printf(out, "%s%s", is_figure(r, name.s) ? "key-" : "", name.s);
	buf_release(&name);
}

static void grid_key(struct grid *g, const struct result *r, const struct result_row *row,
		     unsigned part)
{
	struct buf text = { 0 };
	char stamp[32];

	if (r->query.group.field[part] == FIELD_BIN && !row->key[part].absent)
		buf_puts(&text, rfc3339(stamp, sizeof stamp, (int64_t)row->key[part].number));
	else
		value_render(&row->key[part], &text);
	grid_add(g, buf_str(&text));
	buf_release(&text);
}

static void grid_value(struct grid *g, struct result_cell cell, bool human)
{
	char text[48];

	if (cell.kind == CELL_REAL)
		cell_real_text(cell.real, text, sizeof text);
	if (cell.kind == CELL_COST)
		(human ? human_cost : cost_plain)(text, sizeof text, cell.number);
	if (cell.kind == CELL_TIME)
		rfc3339(text, sizeof text, cell.time);
	if (cell.kind == CELL_ABSENT)
		grid_add(g, str_of(human ? "-" : ""));
	else if (cell.kind == CELL_TREND)
		grid_add(g, str_of(cell.trend));
	else if (cell.kind == CELL_WORD)
		grid_add(g, str_of(cell.word));
	else if (cell.kind == CELL_REAL || cell.kind == CELL_COST || cell.kind == CELL_TIME)
		grid_add(g, str_of(text));
	else if (cell.kind == CELL_BYTES && human)
		grid_add(g, str_of(human_bytes(text, sizeof text, cell.number)));
	else
		grid_number(g, cell.number);
}

static void result_heads(const struct result *r, bool human, struct grid *g)
{
	size_t n;
	const struct result_column *column = result_columns(&n);

	for (unsigned p = 0; p < r->query.group.n; p++) {
		struct buf name = { 0 };
		export_key_name(r, p, &name);
		grid_field(g, r->query.group.field[p]);
		grid_head(g, name.s, !type_is_number(field_type(r->query.group.field[p])));
		buf_release(&name);
	}
	for (size_t i = 0; i < n; i++)
		if (result_column_shown(&column[i], r, human))
			grid_head(g, result_column_name(&column[i], r), false);
}

static void result_cells(const struct result *r, const struct result_row *row, bool human,
			 struct grid *g)
{
	size_t n;
	const struct result_column *column = result_columns(&n);

	for (unsigned p = 0; p < r->query.group.n; p++)
		grid_key(g, r, row, p);
	for (size_t k = 0; k < n; k++)
		if (result_column_shown(&column[k], r, human))
			grid_value(g, column[k].cell(r, row), human);
}

/* Where a record is counted twice it is said how not to. */
static void once_line(const struct result *r, struct buf *out)
{
	if (r->query.rows == ROWS_RECORDS || (!r->query.once && !(r->judged && r->second)))
		return;
	result_say_once(r, out);
	result_say_undecided_seconds(r, out);
	buf_puts(out, r->query.once ? "\n" : " (--once leaves them out)\n");
}

static void price_text(uint64_t price, char *out, size_t size)
{
	human_cost(out, size, price * (CHARGE_DOLLAR / PRICE_DOLLAR));
}

/* What it costs is an estimate, by these prices. */
static void price_line(const struct result *r, const struct export_context *c, struct buf *out)
{
	const struct prices *p = c->prices;
	char all[32], nat[32], zone[32], internet[32];

	if (!r->query.priced || !p)
		return;
	price_text(p->nat, nat, sizeof nat);
	price_text(p->zone, zone, sizeof zone);
	price_text(p->internet, internet, sizeof internet);
	buf_printf(out, "cost %s, an estimate by ", human_cost(all, sizeof all, r->totals.cost));
	export_printable(out, str_of(p->source));
	buf_printf(out,
		   ": a GB %s through NAT, %s between zones each way at each side, %s to the "
		   "internet; tiers, regions, endpoints and discounts are not known\n",
		   nat, zone, internet);
}

void export_head(const struct result *r, uint32_t rows, const struct export_context *c,
		 struct buf *out)
{
	uint64_t all = r->query.rows == ROWS_TIMELINE ? rows
		       : result_hides(r)              ? r->about
						      : r->ranked;
	char bytes[16];

	buf_printf(out, "%s by ", c->title);
	metric_title(r->query.metric, &r->query.distinct, out);
	buf_puts(out, ": ");
	if (r->query.rows != ROWS_RECORDS)
		buf_printf(out, "%" PRIu32 " of %s%" PRIu64 " %s, ", rows,
			   result_hides(r) ? "~" : "", all, plural(all, "row", "rows"));
	if (r->column)
		buf_printf(out, "%u of %" PRIu64 " %s, ", r->bins, r->columns,
			   plural(r->columns, "column", "columns"));
	buf_printf(out, "%" PRIu64 " %s, %s", r->totals.flows,
		   plural(r->totals.flows, "flow", "flows"),
		   human_bytes(bytes, sizeof bytes, r->totals.bytes));
	buf_printf(out, ", %" PRIu64 " rejected", r->totals.rejects);
	if (c->where[0]) {
		buf_puts(out, ", where ");
		export_printable(out, str_of(c->where));
	}
	buf_putc(out, '\n');
	query_line(r, c, out);
	once_line(r, out);
	price_line(r, c, out);
	mark_note(r, c, out);
	doubts_lines(r, c, "! ", out);
}

/* ---- a report, in pieces ---- */

struct report_writer {
	enum output output;
	struct answer *answer;
	const struct export_context *context;
	bool begun, measured; /* rows follow; a table: all of them have been here for their width */
	uint32_t at;          /* rows that were written, or measured */
	struct grid grid;
	json_t *rest; /* of JSON, behind its rows */
};

struct report_writer *report_begin(enum output o, struct answer *a, const struct export_context *c)
{
	struct report_writer *w = xcalloc(1, sizeof *w);

	w->output = o;
	w->answer = a;
	w->context = c;
	w->measured = o != OUTPUT_TABLE;
	return w;
}

void report_free(struct report_writer *w)
{
	if (!w)
		return;
	grid_release(&w->grid);
	json_decref(w->rest);
	free(w);
}

uint32_t report_rows(const struct report_writer *w)
{
	return w->measured ? w->at : 0;
}

static void add_heads(struct report_writer *w)
{
	const struct result *r = &w->answer->result;

	grid_begin(&w->grid);
	if (cells_wanted(r))
		cells_heads(r, &w->grid);
	else
		result_heads(r, w->output == OUTPUT_TABLE, &w->grid);
}

/* What stands before the rows, or before they are measured. */
static void begin_rows(struct report_writer *w, struct buf *out)
{
	const struct result *r = &w->answer->result;

	if (w->output == OUTPUT_JSON) {
		w->rest = json_report_begin(r, w->context, out);
	} else if (w->output == OUTPUT_CSV) {
		add_heads(w);
		grid_csv(&w->grid, out);
	} else if (w->output == OUTPUT_TABLE) {
		export_head(r, answer_rows(w->answer), w->context, out);
		add_heads(w);
		grid_widen(&w->grid);
		grid_clear(&w->grid);
	}
	w->begun = true;
}

static void add_row(struct report_writer *w, const struct result_row *row, struct buf *out)
{
	const struct result *r = &w->answer->result;
	bool human = w->output == OUTPUT_TABLE;

	if (w->output == OUTPUT_JSON || w->output == OUTPUT_NDJSON) {
		if (w->output == OUTPUT_JSON && w->at > 0)
			buf_putc(out, ',');
		json_add(out, json_result_row(r, row));
		if (w->output == OUTPUT_NDJSON)
			buf_putc(out, '\n');
		return;
	}
	if (cells_wanted(r))
		cells_row(r, row, human, &w->grid);
	else
		result_cells(r, row, human, &w->grid);
	if (!w->measured) {
		grid_widen(&w->grid);
		grid_clear(&w->grid);
	} else if (human) {
		grid_table(&w->grid, out);
	} else {
		grid_csv(&w->grid, out);
	}
}

/* All rows have been here: they come again, or that was it. */
static bool end_rows(struct report_writer *w, struct buf *out)
{
	if (!w->measured) {
		w->measured = true;
		w->at = 0;
		add_heads(w);
		grid_table(&w->grid, out);
		return true;
	}
	if (w->output == OUTPUT_JSON)
		json_report_end(w->rest, answer_is_cut(w->answer), out);
	w->rest = NULL;
	return false;
}

bool report_step(struct report_writer *w, struct buf *out)
{
	struct answer *a = w->answer;
	uint32_t end = w->at + ANSWER_ROWS;

	if (!answer_step(a, end))
		return true;
	if (!w->begun)
		begin_rows(w, out);
	end = end < answer_rows(a) ? end : answer_rows(a);
	if (w->at == end)
		return end_rows(w, out);
	answer_take(a, w->at, end - w->at);
	for (; w->at < end; w->at++)
		add_row(w, result_at(&a->result, w->at), out);
	return true;
}
