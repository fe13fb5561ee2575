/* export.c - see export.h. */
#include "output/export.h"

#include <inttypes.h>

#include "output/export_cells.h"
#include "output/export_columns.h"
#include "output/export_doubts.h"
#include "output/export_grid.h"
#include "output/export_json.h"
#include "output/export_mark.h"
#include "output/export_private.h"
#include "output/export_query.h"

static const char *const output_names[OUTPUTS] = {
	[OUTPUT_TABLE] = "table",   [OUTPUT_CSV] = "csv", [OUTPUT_JSON] = "json",
	[OUTPUT_NDJSON] = "ndjson", [OUTPUT_RAW] = "raw", [OUTPUT_OCSF] = "ocsf",
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
	return o == OUTPUT_RAW || o == OUTPUT_OCSF;
}

void export_key_name(const struct result *r, unsigned part, struct buf *out)
{
	if (r->query.bins.kind == BINS_HEAT)
		buf_puts(out, cells_title(r->query.group.field[part]));
	else
		group_part_name(&r->query.group, part, out);
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
		snprintf(text, sizeof text, "%.3f", cell.real);
	if (cell.kind == CELL_TIME)
		rfc3339(text, sizeof text, cell.time);
	if (cell.kind == CELL_ABSENT)
		grid_add(g, str_of(human ? "-" : ""));
	else if (cell.kind == CELL_TREND)
		grid_add(g, str_of(cell.trend));
	else if (cell.kind == CELL_WORD)
		grid_add(g, str_of(cell.word));
	else if (cell.kind == CELL_REAL || cell.kind == CELL_TIME)
		grid_add(g, str_of(text));
	else if (cell.kind == CELL_BYTES && human)
		grid_add(g, str_of(human_bytes(text, sizeof text, cell.number)));
	else
		grid_number(g, cell.number);
}

static void result_grid(const struct result *r, bool human, struct grid *g)
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
	for (uint32_t i = 0; i < r->rows; i++) {
		for (unsigned p = 0; p < r->query.group.n; p++)
			grid_key(g, r, &r->row[i], p);
		for (size_t k = 0; k < n; k++)
			if (result_column_shown(&column[k], r, human))
				grid_value(g, column[k].cell(r, &r->row[i]), human);
	}
}

void export_head(const struct result *r, const struct export_context *c, struct buf *out)
{
	char bytes[16];

	buf_printf(out, "%s by ", c->title);
	metric_title(r->query.metric, &r->query.distinct, out);
	buf_puts(out, ": ");
	if (r->query.rows != ROWS_RECORDS)
		buf_printf(out, "%" PRIu32 " of %s%" PRIu64 " rows, ", r->rows,
			   result_hides(r) ? "~" : "",
			   r->query.rows == ROWS_TIMELINE ? r->rows
			   : result_hides(r)              ? r->about
							  : r->ranked);
	if (r->column)
		buf_printf(out, "%u of %" PRIu64 " columns, ", r->bins, r->columns);
	buf_printf(out, "%" PRIu64 " flows, %s", r->totals.flows,
		   human_bytes(bytes, sizeof bytes, r->totals.bytes));
	buf_printf(out, ", %" PRIu64 " rejected", r->totals.rejects);
	if (c->where[0]) {
		buf_puts(out, ", where ");
		export_printable(out, str_of(c->where));
	}
	buf_putc(out, '\n');
	query_line(r, c, out);
	mark_note(r, c, out);
	doubts_lines(r, c, "! ", out);
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
		export_head(r, c, out);
	if (cells_wanted(r))
		cells_grid(r, o == OUTPUT_TABLE, &g);
	else
		result_grid(r, o == OUTPUT_TABLE, &g);
	if (o == OUTPUT_CSV)
		grid_csv(&g, out);
	else
		grid_table(&g, out);
	grid_release(&g);
}
