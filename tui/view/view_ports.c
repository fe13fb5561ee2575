/* view_ports.c - the heatmap: ports, hosts or clients by time, hosts or ports; '!' where
 * half of it or more was refused, ':' from a tenth on. */
#include <inttypes.h>
#include <string.h>

#include "query/heat.h"
#include "state/cursor.h"
#include "view/view.h"

#define COLUMNS_MAX AXIS_MOST

/* How a frame of the heatmap is laid out. */
struct heat_chart {
	const struct result *r;
	enum metric metric;
	const struct heat_axis *row, *column;
	int left, lines, top; /* width of the labels, rows on show, the first of them */
	struct view_axis x;   /* n columns; times only where r->column is NULL */
	struct heat_scale scale;
};

/* Adds up what the cells of a row hold. */
static void gather(const struct heat_chart *c, const struct result_row *row, struct tally *out)
{
	memset(out, 0, (size_t)c->x.n * sizeof *out);
	for (unsigned i = 0; row->bin && i < c->r->bins; i++) {
		const struct tally *t = &row->bin[i];
		int at = c->r->column ? (int)i
				      : view_axis_at(&c->x, c->r->bin_start +
								    (int64_t)i * c->r->bin_width);
		if (at < 0 || at >= c->x.n)
			continue;
		out[at].flows += t->flows;
		out[at].bytes = saturating_add(out[at].bytes, t->bytes);
		out[at].packets = saturating_add(out[at].packets, t->packets);
		out[at].rejects += t->rejects;
		out[at].sent = saturating_add(out[at].sent, t->sent); /* what was refused of it */
		out[at].lost = saturating_add(out[at].lost, t->lost);
	}
}

/* The scale of the cells that are on show. */
static struct heat_scale scale(const struct heat_chart *c, bool linear)
{
	struct tally cell[COLUMNS_MAX];
	uint64_t min = UINT64_MAX, max = 0;

	const struct result_row *row;

	for (int i = c->top; i < c->top + c->lines && (row = result_at(c->r, (uint32_t)i)); i++) {
		gather(c, row, cell);
		for (int k = 0; k < c->x.n; k++) {
			uint64_t v = tally_metric(&cell[k], c->metric);
			max = v > max ? v : max;
			min = v && v < min ? v : min;
		}
	}
	return heat_scale_of(max ? min : 0, max, linear);
}

static struct heat_chart lay_out(struct app *a, struct pane *p, struct area area)
{
	const struct query *q = &p->result.query;
	struct heat_chart c = { .r = &p->result,
				.metric = q->metric,
				.row = heat_axis_of(q->group.field[0]),
				.column = heat_axis_of(q->bins.field) };
	int row = c.row->field, cols;

	c.lines = area.rows - 2 > 0 ? area.rows - 2 : area.rows - 1;
	c.top = pane_scroll(p, (int)c.r->ranked, c.lines);
	c.left = row == FIELD_SERVICE ? (area.cols >= 30 ? 15 : 6) : area.cols >= 30 ? 16 : 10;
	if (a->across)
		c.left = AXIS_LEFT_ACROSS;
	cols = area.cols - c.left < COLUMNS_MAX ? area.cols - c.left : COLUMNS_MAX;
	if (!c.r->column)
		c.x = view_axis_filling(a, c.r, area.cols - c.left);
	else
		c.x.n = (int)c.r->bins < cols ? (int)c.r->bins : cols > 0 ? cols : 0;
	c.scale = scale(&c, a->heat.linear);
	a->heat.columns = c.x.n;
	a->heat.from = c.r->column ? 0 : c.x.from;
	a->heat.width = c.r->column ? 0 : c.x.width;
	return c;
}

/* ---- words ---- */

static char *amount(enum metric m, uint64_t v, char *out, size_t size)
{
	return m == METRIC_COST                 ? view_cost(out, size, v)
	       : metric_base(m) == METRIC_BYTES ? human_bytes(out, size, v)
						: human_count(out, size, v);
}

static void label(const struct app *a, struct area area, int y, const struct heat_chart *c,
		  const struct result_row *row)
{
	struct buf text = { 0 };

	view_value(a, c->r, c->row->field, &row->key[0], &text);
	if (c->row->field != FIELD_SERVICE) {
		screen_text_middle(area, y, 0, c->left - 1, ROLE_TEXT, buf_str(&text));
	} else {
		screen_right(area, y, 5, ROLE_TEXT, text.s);
		if (!row->key[0].absent)
			screen_text(area, y, 6, c->left - 7, ROLE_DIM,
				    service_name((unsigned)row->key[0].number));
	}
	buf_release(&text);
}

/* "14:30:00-14:30:16Z", or the value of the column. */
static void cell_column(const struct app *a, const struct heat_chart *c, int at, struct buf *out)
{
	char range[80];

	if (c->r->column) {
		value_render(&c->r->column[at], out);
		return;
	}
	int64_t start = c->x.from + at * c->x.width;
	buf_puts(out, app_range(a, start, start + c->x.width, range, sizeof range));
}

static void heading(struct app *a, struct area area, const struct heat_chart *c)
{
	int name = (int)strlen(c->row->name) + 2;

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_printf(area, 0, 0, ROLE_HEADING, "%s%s", c->left >= 10 ? " " : "", c->row->name);
	if (c->r->column) {
		int x = c->left;
		x += screen_printf(area, 0, x, ROLE_HEADING, "%d of %s%" PRIu64 " %s", c->x.n,
				   c->r->capped ? "~" : "", c->r->columns,
				   c->r->columns == 1 ? c->column->name : c->column->many);
		if (x + 12 <= area.cols)
			screen_puts(area, 0, x, ROLE_HEADING, ", most first");
		return;
	}
	if (c->x.n < 1) /* nothing has a time */
		return;
	view_axis_times(a, area, 0, c->left, c->left > name ? c->left - name : 0, &c->x,
			ROLE_HEADING);
	view_mark_draw(a, area, 0, 1, c->left, &c->x);
}

/* The steps with the least amount of each, and the glyph of what was refused. */
static void legend(struct app *a, struct area area, int y, const struct heat_chart *c)
{
	char text[24];
	int x = 0;

	for (int i = 0; i < HEAT_STEPS; i++) {
		if (i + 1 < HEAT_STEPS && c->scale.from[i] == c->scale.from[i + 1])
			continue; /* no amount is only that much */
		amount(c->metric, c->scale.from[i], text, sizeof text);
		screen_heat(area, y, x, i);
		x += 1 + screen_puts(area, y, x + 1, ROLE_DIM, text) + 1;
	}
	screen_refused(area, y, x, 0);
	x += 1 + screen_puts(area, y, x + 1, ROLE_DIM, "10%") + 1;
	screen_refused(area, y, x, 1);
	x += 1 + screen_puts(area, y, x + 1, ROLE_DIM, "50% refused") + 2;
	snprintf(text, sizeof text, "%s, %s", metric_name(metric_base(c->metric)),
		 a->heat.linear ? "linear" : "log");
	if (x + 10 + (int)strlen(text) <= area.cols)
		x += screen_printf(area, y, x, ROLE_DIM, "%s scale (Y)", text) + 2;
	else if (x + 4 + (int)strlen(text) <= area.cols)
		x += screen_printf(area, y, x, ROLE_DIM, "%s (Y)", text) + 2;
	if (!c->r->column && c->r->incomplete_s != INT64_MAX && x + 12 <= area.cols)
		x += screen_puts(area, y, x, ROLE_TAIL, "not complete") + 2;
	if (x + 16 <= area.cols)
		screen_puts(area, y, x, ROLE_DIM, "arrows: a cell");
}

/* The cell under the cursor, exactly. Where it does not fit the row, which is marked, is not
 * named; where that is too much the amounts go first. */
static void exact(struct app *a, struct pane *p, struct area area, int y,
		  const struct heat_chart *c, int at)
{
	const struct result_row *row = result_at(c->r, (uint32_t)p->selected);
	struct tally cell[COLUMNS_MAX];
	struct buf name = { 0 }, column = { 0 }, value = { 0 };
	char n[32], refused[32], bytes[24];

	if (!row)
		return;
	gather(c, row, cell);
	value_render(&row->key[0], &name);
	buf_puts(&name, " x ");
	cell_column(a, c, at, &column);
	buf_add_str(&name, buf_str(&column));
	buf_printf(&value, "%s %s, %s", view_count(n, sizeof n, cell[at].flows),
		   plural(cell[at].flows, "flow", "flows"),
		   human_bytes(bytes, sizeof bytes, cell[at].bytes));
	if (cell[at].rejects || (int)(name.n + value.n) + 13 <= area.cols)
		buf_printf(&value, ", %s refused",
			   view_count(refused, sizeof refused, cell[at].rejects));
	if (metric_base(c->metric) == METRIC_PACKETS || c->metric == METRIC_LOST)
		buf_printf(&value, ", %s %s",
			   view_count(n, sizeof n, tally_metric(&cell[at], c->metric)),
			   metric_name(metric_base(c->metric)));
	if (c->metric == METRIC_COST)
		buf_printf(&value, ", %s", view_cost(n, sizeof n, cell[at].cost));
	if ((int)(name.n + value.n) + 2 <= area.cols)
		screen_printf(area, y, 0, ROLE_FOCUS, "%s: %s", name.s, value.s);
	else if ((int)(column.n + value.n) + 2 <= area.cols)
		screen_printf(area, y, 0, ROLE_FOCUS, "%s: %s", column.s, value.s);
	else
		screen_printf(area, y, 0, ROLE_FOCUS, "%s: %s", value.s, column.s);
	buf_release(&name);
	buf_release(&column);
	buf_release(&value);
}

/* ---- the whole ---- */

static void draw_row(const struct app *a, struct area area, int y, const struct heat_chart *c,
		     const struct result_row *row)
{
	struct tally cell[COLUMNS_MAX];

	gather(c, row, cell);
	label(a, area, y, c, row);
	for (int i = 0; i < c->x.n; i++) {
		int left = c->left + view_axis_left(&c->x, i);
		int end = c->left + view_axis_left(&c->x, i + 1);
		int step = heat_step(&c->scale, tally_metric(&cell[i], c->metric));
		int refused = heat_refused(&(struct heat_cell){
			.flows = cell[i].flows,
			.rejects = cell[i].rejects,
			.bytes = cell[i].bytes,
			.refused_bytes = cell[i].sent,
		});
		for (int x = left; x < end; x++)
			if (refused >= 0)
				screen_refused(area, y, x, refused);
			else if (step >= 0)
				screen_heat(area, y, x, step);
	}
	if (!c->r->column)
		view_tail_paint(area, y, c->left, &c->x, c->r);
}

static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	const struct result *r = &p->result;
	struct query q = pane_query(a, p);

	if (r->ranked)
		view_add_count(r, out);
	buf_printf(out, " %s x %s, %s", heat_axis_of(q.group.field[0])->name,
		   heat_axis_of(q.bins.field)->name, metric_name(metric_base(q.metric)));
}

/* Whether every record held can say when it began. */
static bool all_have_start(const struct ring *ring)
{
	for (size_t i = 0; i < ring_count(ring); i++)
		if (!segment_column(ring_peek(ring, i), FIELD_START))
			return false;
	return true;
}

/* Records of which something is in a cell: bytes are spread over their interval, so they
 * may end behind it; without a start they are where they end. */
static void add_span(const struct app *a, int64_t from, int64_t to, struct buf *out)
{
	bool start = all_have_start(monitor_ring(a->monitor));
	char first[32], last[32];

	rfc3339(first, sizeof first, from);
	rfc3339(last, sizeof last, to);
	buf_printf(out, " and end>=%s", first);
	if (start)
		buf_printf(out, " and start<%s", last);
	else
		buf_printf(out, " and (start<%s or end<%s)", last, last);
}

static void add_clause(struct app *a, struct pane *p, struct buf *out)
{
	const struct result *r = &p->result;
	const struct result_row *row = result_at(r, (uint32_t)p->selected);
	int at = heat_cursor_column(a);
	struct buf value = { 0 };
	int64_t from, to;

	if (!row)
		return;
	view_key_clause(r, row, out);
	if (at < 0 || r->by_change)
		return;
	if (heat_cursor_span(a, &from, &to)) {
		add_span(a, from, to, out);
	} else if (r->column && at < (int)r->bins) {
		value_render(&r->column[at], &value);
		buf_puts(out, " and ");
		view_clause(r->query.bins.field, buf_str(&value), out);
	}
	buf_release(&value);
}

static void paint_cell(struct area area, int y, const struct heat_chart *c, int at)
{
	int left = view_axis_left(&c->x, at);

	screen_paint(area, y, c->left + left, view_axis_left(&c->x, at + 1) - left, ROLE_SELECTED);
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	struct heat_chart c = lay_out(a, p, area);
	int at;

	if (c.r->ranked == 0) {
		char what[32];
		snprintf(what, sizeof what, "no %s", c.row->many);
		view_empty(a, area, what);
		return;
	}
	at = focused ? heat_cursor_column(a) : -1;
	heading(a, area, &c);
	for (int i = 0; i < c.lines; i++) {
		const struct result_row *row = result_at(c.r, (uint32_t)(c.top + i));
		if (!row)
			break;
		draw_row(a, area, i + 1, &c, row);
		if (focused && c.top + i == p->selected) {
			screen_paint(area, i + 1, 0, c.left - 1, ROLE_SELECTED);
			if (at >= 0)
				paint_cell(area, i + 1, &c, at);
		}
	}
	if (area.rows - 2 > 0 && at >= 0)
		exact(a, p, area, area.rows - 1, &c, at);
	else if (area.rows - 2 > 0)
		legend(a, area, area.rows - 1, &c);
}

static void move(struct app *a, struct pane *p, int by)
{
	(void)p;
	heat_cursor_move(a, by);
}

const struct view view_ports = {
	.name = "ports",
	.key = '3',
	.layer = LAYER_PORTS,
	.title = "Ports",
	.help = "ports",
	.query = { QUERY_ALL, .group = { .field = { FIELD_SERVICE }, .n = 1 },
		   .bins = { BINS_HEAT, FIELD_BIN, HEAT_BINS, false } },
	.beside = true,
	.draw = draw,
	.add_title = add_title,
	.rows = view_ranked_rows,
	.clause = add_clause,
	.move = move,
};
