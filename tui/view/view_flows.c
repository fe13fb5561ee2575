/* view_flows.c - the records themselves, in columns of one's choice. */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "labels/label_field.h"
#include "state/clock.h"
#include "schema/describe.h"

#define LAST_MIN 12 /* columns that a text at the end keeps where room is short */
#define WIDEST 39   /* columns, an IPv6 address: a longer value is cut */

/* ---- the text of a cell ---- */

/* The action of a transit gateway's record: what was lost, "12 no-route", else the attachment. */
static void gateway_text(const struct segment *s, const struct dict *d, uint32_t row,
			 struct buf *out)
{
	if (segment_lost(s, row) == 0) {
		flow_render(s, d, row, FIELD_TGW_ATTACHMENT_ID, out);
		return;
	}
	for (int field = FIELD_PACKETS_LOST_NO_ROUTE; field <= FIELD_PACKETS_LOST_TTL_EXPIRED;
	     field++) {
		const struct column *c = segment_column(s, field);
		uint64_t n = c ? column_number(c, row) : 0;
		if (n && n != NUMBER_ABSENT)
			buf_printf(out, "%s%" PRIu64 " %s", out->n ? " " : "", n,
				   field_name(field) + strlen("packets-lost-"));
	}
}

/* Records of transit gateways are neither accepted nor refused. */
static enum role action_role(uint8_t mark)
{
	return mark & MARK_REJECT ? ROLE_REJECT : mark & MARK_ACCEPT ? ROLE_ACCEPT : ROLE_DIM;
}

static void time_text(const struct app *a, uint64_t v, const struct view_times *times,
		      struct buf *out)
{
	char text[48];

	buf_puts(out, view_times_text(a, times, time_in_seconds(v), text, sizeof text));
}

/* Numbers that have a name or a form of their own. */
static bool named_number(const struct app *a, int field, uint64_t n, const struct view_times *times,
			 struct buf *out)
{
	size_t had = out->n;

	if (n == NUMBER_ABSENT)
		return false;
	if (field_type(field) == TYPE_PROTOCOL && n < 256)
		buf_add_str(out, protocol_name((unsigned)n));
	else if (field_type(field) == TYPE_FLAGS)
		describe_flags(n, out);
	else if (field_type(field) == TYPE_TIME)
		time_text(a, n, times, out);
	return out->n > had;
}

/* The text of one cell, and how it looks. */
static enum role list_cell(const struct app *a, const struct flow_ref *f, int field,
			   const struct view_times *times, struct buf *out)
{
	const struct segment *s = f->segment;
	const struct dict *d = monitor_dict(a->monitor);
	const struct column *c = flow_column(s, f->row, field);
	bool lost = segment_lost(s, f->row) > 0;

	buf_clear(out);
	if (field == FIELD_BIN) {
		char text[48];
		buf_puts(out, view_times_text(a, times, f->time, text, sizeof text));
		return ROLE_DIM;
	}
	if (lost && (field == FIELD_ACTION || field == FIELD_TGW_ATTACHMENT_ID)) {
		if (field == FIELD_ACTION)
			buf_puts(out, "LOST");
		else
			gateway_text(s, d, f->row, out);
		return ROLE_WARNING;
	}
	if (field == FIELD_INTERFACE_ID && !c) {
		gateway_text(s, d, f->row, out);
		return lost ? ROLE_WARNING : ROLE_TEXT;
	}
	if ((field == FIELD_SERVER || field == FIELD_SERVICE) && s->mark[f->row] & MARK_GUESS)
		buf_putc(out, '~');
	if (!c || !type_is_number(c->type) ||
	    !named_number(a, field, column_number(c, f->row), times, out))
		flow_render(s, d, f->row, field, out);
	if (s->unreadables && flow_is_unreadable(s, f->row, field))
		return ROLE_WARNING;
	return field == FIELD_ACTION ? action_role(s->mark[f->row]) : ROLE_TEXT;
}

/* ---- columns ---- */

/* How the list is laid out, from what its rows on show hold. */
struct flows_layout {
	int first, rows; /* rows on show */
	struct view_times times;
	int field[FLOW_COLUMNS_MAX], width[FLOW_COLUMNS_MAX];
	unsigned n;
	bool cut; /* there are columns to the right of the edge */
};

static bool is_right(int field)
{
	enum field_type t = field_type(field);

	return type_is_number(t) && t != TYPE_PROTOCOL && t != TYPE_FLAGS && t != TYPE_TIME;
}

/* Times have their zone there. */
static const char *title_of(const struct flows_layout *l, int field, char out[64])
{
	const char *title = field < FIELDS_KNOWN ? field_get(field)->title : field_name(field);

	snprintf(out, 64, "%s%s", title, field_type(field) == TYPE_TIME ? l->times.head : "");
	return out;
}

static int least_width(int field)
{
	switch (field_type(field)) {
	case TYPE_ADDRESS:
		return 15;
	case TYPE_BYTES:
		return 8;
	case TYPE_PORT:
		return 5;
	case TYPE_PROTOCOL:
		return 4;
	default:
		return field == FIELD_ACTION ? 6 : field == FIELD_PACKETS ? 7 : 3;
	}
}

static int width_of(const struct app *a, const struct flows_layout *l, int field)
{
	char head[64];
	int w = least_width(field), title = (int)strlen(title_of(l, field, head));
	struct buf text = { 0 };

	for (int i = 0; i < l->rows; i++) {
		list_cell(a, &a->flow[l->first + i], field, &l->times, &text);
		int n = (int)(field_is_label(field) ? utf8_columns(buf_str(&text)) : text.n);
		w = n > w ? n : w;
	}
	buf_release(&text);
	title = title < 14 ? title : 14; /* long names are cut rather than give room to nothing */
	w = w > title ? w : title;
	return w < WIDEST ? w : WIDEST;
}

/* What is left out first where the usual columns do not fit. */
/* clang-format off */
static const int spare[] = {
	FIELD_FLOW_DIRECTION, FIELD_INTERFACE_ID, FIELD_TGW_ATTACHMENT_ID, FIELD_TCP_FLAGS,
	FIELD_PACKETS, FIELD_BYTES, FIELD_PROTOCOL, FIELD_SRCPORT, FIELD_BIN,
};
/* clang-format on */

static int total_width(const struct flows_layout *l)
{
	int w = -1;

	for (unsigned i = 0; i < l->n; i++)
		w += l->width[i] + 1;
	return w;
}

static void leave_out(struct flows_layout *l, int field)
{
	unsigned k = 0;

	for (unsigned i = 0; i < l->n; i++) {
		if (l->field[i] == field)
			continue;
		l->field[k] = l->field[i];
		l->width[k++] = l->width[i];
	}
	l->n = k;
}

/* A text at the end may lose its own. */
static void cut_last(struct flows_layout *l, int cols)
{
	int *last = &l->width[l->n ? l->n - 1 : 0], over = total_width(l) - cols;

	if (l->n && over > 0 && *last - over >= LAST_MIN &&
	    field_type(l->field[l->n - 1]) == TYPE_TEXT)
		*last -= over;
}

static struct view_times times_on_show(const struct app *a, const struct flows_layout *l)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	for (int i = 0; i < l->rows; i++) {
		int64_t t = a->flow[l->first + i].time;
		from = t != INT64_MIN && t < from ? t : from;
		to = t > to ? t : to;
	}
	return view_times_of(a, from == INT64_MAX ? INT64_MIN : from, to, true);
}

static void layout_make(const struct app *a, int first, int lines, int cols, struct flows_layout *l)
{
	const struct flow_list *list = &a->list;

	*l = (struct flows_layout){ .first = first };
	l->rows = (int)a->flows - first < lines ? (int)a->flows - first : lines;
	l->times = times_on_show(a, l);
	for (unsigned i = 0; i < list->columns.n; i++) {
		l->field[l->n] = list->columns.field[i];
		l->width[l->n] = width_of(a, l, l->field[l->n]);
		l->n++;
	}
	cut_last(l, cols);
	for (size_t i = 0; !list->chosen && i < ARRAY_SIZE(spare) && total_width(l) > cols; i++) {
		if (spare[i] != list->order.field || spare[i] == FIELD_BIN)
			leave_out(l, spare[i]);
		cut_last(l, cols);
	}
	l->cut = total_width(l) > cols;
}

static void draw_cell(struct area area, int y, int x, int w, bool right, enum role role,
		      struct str text)
{
	if (right && text.n <= (size_t)w)
		screen_text(area, y, x + w - (int)text.n, w, role, text);
	else
		screen_text(area, y, x, w, role, text);
}

/* Enough of a column to say something. */
static bool has_room(struct area area, int x, int width)
{
	return area.cols - x >= (width < 6 ? width : 6);
}

static void draw_row(struct app *a, struct area area, int y, const struct flows_layout *l, int i)
{
	struct buf text = { 0 };
	int x = 0;

	for (unsigned k = 0; k < l->n && has_room(area, x, l->width[k]); k++) {
		enum role role = list_cell(a, &a->flow[i], l->field[k], &l->times, &text);
		if (field_is_label(l->field[k]))
			screen_label(area, y, x, l->width[k], role, buf_str(&text));
		else
			draw_cell(area, y, x, l->width[k], is_right(l->field[k]), role,
				  buf_str(&text));
		x += l->width[k] + 1;
	}
	buf_release(&text);
}

static void draw_heading(const struct app *a, struct area area, const struct flows_layout *l)
{
	char head[64];
	int x = 0;

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	for (unsigned k = 0; k < l->n && has_room(area, x, l->width[k]); k++) {
		bool sorted = l->field[k] == a->list.order.field;
		draw_cell(area, 0, x, l->width[k], is_right(l->field[k]),
			  sorted ? ROLE_FOCUS : ROLE_HEADING,
			  str_of(title_of(l, l->field[k], head)));
		x += l->width[k] + 1;
		if (sorted)
			screen_glyph(area, 0, x - 1, ROLE_FOCUS,
				     a->list.order.ascending ? GLYPH_UP : GLYPH_DOWN);
	}
	if (l->cut)
		screen_right(area, 0, area.cols, ROLE_KEY, " c:>");
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	int lines = area.rows - 1, top = pane_scroll(p, flows_rows(a), lines);
	struct flows_layout l;

	if (a->list.choosing) {
		view_columns_draw(a, area);
		return;
	}
	if (a->flows == 0) {
		view_empty(a, area, "no flows");
		return;
	}
	layout_make(a, top, lines, area.cols, &l);
	draw_heading(a, area, &l);
	for (int i = 0; i < l.rows; i++) {
		draw_row(a, area, i + 1, &l, top + i);
		if (focused && top + i == p->selected)
			screen_paint(area, i + 1, 0, area.cols, ROLE_SELECTED);
	}
}

/* ---- what the pane says of itself ---- */

static const char *order_word(const struct flow_order *o)
{
	if (field_type(o->field) == TYPE_TIME)
		return o->ascending ? "oldest first" : "newest first";
	if (type_is_number(field_type(o->field)))
		return o->ascending ? "smallest first" : "largest first";
	return o->ascending ? "a to z" : "z to a";
}

/* How it is sorted, and where the selection is. */
static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	const struct flow_list *l = &a->list;
	char n[32], m[32];

	if (l->choosing) {
		buf_puts(out, ": columns");
		return;
	}
	if (l->order.field == FIELD_BIN)
		buf_printf(out, " %s", order_word(&l->order));
	else
		buf_printf(out, " by %s, %s", field_name(l->order.field), order_word(&l->order));
	if (l->matching)
		buf_printf(out, ": %s of %s", view_count(n, sizeof n, (uint64_t)p->selected + 1),
			   view_count(m, sizeof m, l->matching));
	if (l->matching > FLOWS_MAX)
		buf_printf(out, ", the first %s in reach", view_count(n, sizeof n, FLOWS_MAX));
}

static void add_clause(struct app *a, struct pane *p, struct buf *out)
{
	static const int fields[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_DSTPORT };
	int i = p->selected;
	struct buf text = { 0 };

	if (i >= (int)a->flows)
		return;
	for (size_t k = 0; k < ARRAY_SIZE(fields); k++) {
		buf_clear(&text);
		flow_render(a->flow[i].segment, monitor_dict(a->monitor), a->flow[i].row, fields[k],
			    &text);
		if (text.n == 0 || text.s[0] == '-')
			continue;
		buf_printf(out, "%s%s=%s", out->n ? " and " : "", field_name(fields[k]), text.s);
	}
	buf_release(&text);
}

/* ---- what it does ---- */

static int count_rows(const struct app *a, const struct pane *p)
{
	(void)p;
	return flows_rows(a);
}

static bool take(struct app *a, struct pane *p)
{
	(void)p;
	flows_take(a);
	return true;
}

static void drill(struct app *a, struct pane *p)
{
	int i = p->selected;

	flows_take(a);
	if (i < (int)a->flows && !a->detail.segment)
		a->detail = a->flow[i];
	a->scroll = 0;
	a->cell = 0;
}

const struct view view_flows = {
	.name = "flows",
	.key = '5',
	.layer = LAYER_FLOWS,
	.title = "Flows",
	.help = "flows, newest first",
	.query = { QUERY_ALL, .rows = ROWS_RECORDS },
	.draw = draw,
	.add_title = add_title,
	.rows = count_rows,
	.clause = add_clause,
	.cells = view_record_cells,
	.cell = view_record_cell,
	.take = take,
	.drill = drill,
};
