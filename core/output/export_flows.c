/* export_flows.c - flows one by one in every format: see export.h. */
#include "output/export_chosen.h"
#include "output/export_grid.h"
#include "output/export_json.h"
#include "output/export_load.h"
#include "output/export_private.h"

void flow_writer_begin(struct flow_writer *w, enum output o, const struct flow_columns *c,
		       uint64_t limit, struct buf *out)
{
	*w = (struct flow_writer){ .output = o, .columns = c && c->n ? c : NULL, .limit = limit };
	if (o == OUTPUT_JSON)
		buf_puts(out, "{\"rows\":[");
	if (o == OUTPUT_CLICKHOUSE)
		load_head(out);
}

/* Chosen columns are the same for every format: their names stand there once. */
static void flow_chosen(struct flow_writer *w, const struct segment *s, const struct dict *d,
			uint32_t row, struct buf *out)
{
	bool csv = w->output == OUTPUT_CSV;

	if (w->rows == 0)
		csv ? chosen_csv(w->columns, NULL, d, 0, out)
		    : chosen_table(w->columns, NULL, d, 0, out);
	csv ? chosen_csv(w->columns, s, d, row, out) : chosen_table(w->columns, s, d, row, out);
}

/* Names of the columns, when they are not those of the row before. */
static void flow_head(struct flow_writer *w, const struct format *format, struct buf *out)
{
	if (w->format == format->serial)
		return;
	w->format = format->serial;
	for (unsigned i = 0; i < format->n; i++) {
		if (i)
			buf_putc(out, w->output == OUTPUT_CSV ? ',' : ' ');
		if (w->output == OUTPUT_CSV)
			export_csv_cell(out, str_of(field_name(format->field[i])));
		else
			export_printable(out, str_of(field_name(format->field[i])));
	}
	if (w->sighting && w->output == OUTPUT_CSV)
		buf_puts(out, ",sighting");
	buf_putc(out, '\n');
}

static void flow_csv(const struct flow_writer *w, const struct segment *s, const struct dict *d,
		     uint32_t row, struct buf *out)
{
	struct buf cell = { 0 };

	for (unsigned i = 0; i < s->format->n; i++) {
		buf_clear(&cell);
		flow_render_column(s, d, row, i, &cell);
		if (i)
			buf_putc(out, ',');
		export_csv_cell(out, buf_str(&cell));
	}
	buf_release(&cell);
	if (w->sighting)
		buf_printf(out, ",%u", w->sighting(w->sighting_ctx, s, row));
	buf_putc(out, '\n');
}

static json_t *flow_json(const struct flow_writer *w, const struct segment *s, const struct dict *d,
			 uint32_t row)
{
	json_t *o = json_flow(w->columns, s, d, row);

	if (w->sighting && !w->columns)
		json_object_set_new(o, "sighting",
				    json_integer(w->sighting(w->sighting_ctx, s, row)));
	return o;
}

static void flow_table(const struct segment *s, const struct dict *d, uint32_t row, struct buf *out)
{
	struct buf line = { 0 };

	for (unsigned i = 0; i < s->format->n; i++) {
		if (i)
			buf_putc(&line, ' ');
		column_render_value(&s->column[i], d, row, &line);
	}
	export_printable(out, buf_str(&line));
	buf_release(&line);
	buf_putc(out, '\n');
}

static bool has_unreadable(const struct segment *s, uint32_t row)
{
	uint32_t i = s->unreadables ? segment_unreadable_from(s, row) : 0;

	return i < s->unreadables && s->unreadable[i].row == row;
}

/* A header wherever the lines behind it would not be known without: AWS's default format
 * needs none until another has been written, or a value is none of its field. */
static void raw_head(struct flow_writer *w, const struct segment *s, uint32_t row, struct buf *out)
{
	const struct format *format = s->format;
	bool needed = w->format || format != format_default() || has_unreadable(s, row);

	if (needed && w->format != format->serial) {
		w->format = format->serial;
		buf_add_str(out, format->text);
		buf_putc(out, '\n');
	}
}

void flow_writer_row(struct flow_writer *w, const struct segment *s, const struct dict *d,
		     uint32_t row, struct buf *out)
{
	if (w->columns && (w->output == OUTPUT_CSV || w->output == OUTPUT_TABLE)) {
		flow_chosen(w, s, d, row, out);
		w->rows++;
		return;
	}
	switch (w->output) {
	case OUTPUT_RAW:
		raw_head(w, s, row, out);
		segment_render(s, d, row, out);
		buf_putc(out, '\n');
		break;
	case OUTPUT_CSV:
		flow_head(w, s->format, out);
		flow_csv(w, s, d, row, out);
		break;
	case OUTPUT_JSON:
		if (w->rows)
			buf_putc(out, ',');
		json_add(out, flow_json(w, s, d, row));
		break;
	case OUTPUT_NDJSON:
		json_add(out, flow_json(w, s, d, row));
		buf_putc(out, '\n');
		break;
	case OUTPUT_OCSF:
		/* A status row tells of no traffic: the class has no event for it. */
		if (s->mark[row] & MARK_STATUS) {
			w->left_out++;
			return;
		}
		json_add(out, json_ocsf(s, d, row));
		buf_putc(out, '\n');
		break;
	case OUTPUT_CLICKHOUSE:
		load_row(s, d, row, out);
		break;
	default:
		flow_head(w, s->format, out);
		flow_table(s, d, row, out);
	}
	w->rows++;
}

static void add_to(struct tally *t, const struct segment *s, uint32_t row)
{
	const struct column *bytes = segment_column(s, FIELD_BYTES);
	const struct column *packets = segment_column(s, FIELD_PACKETS);
	uint64_t v;

	t->flows++;
	t->accepts += (s->mark[row] & MARK_ACCEPT) != 0;
	t->rejects += (s->mark[row] & MARK_REJECT) != 0;
	if (bytes && (v = column_number(bytes, row)) != NUMBER_ABSENT)
		t->bytes = saturating_add(t->bytes, v);
	if (packets && (v = column_number(packets, row)) != NUMBER_ABSENT)
		t->packets = saturating_add(t->packets, v);
	t->lost = saturating_add(t->lost, segment_lost(s, row));
}

void flow_writer_rows(struct flow_writer *w, const struct segment *s, const struct dict *d,
		      uint32_t first, uint32_t n, const uint64_t *bits, struct span span,
		      struct buf *out)
{
	for (uint32_t row = first; row < first + n; row++) {
		if (!(bits[row / 64] >> row % 64 & 1))
			continue;
		if (!span_holds(span, segment_time(s, row)))
			continue;
		if (!w->only_counts && (w->limit == 0 || w->rows < w->limit))
			flow_writer_row(w, s, d, row, out);
		add_to(&w->totals, s, row);
	}
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
		export_head(r, 0, c, out);
	}
}
