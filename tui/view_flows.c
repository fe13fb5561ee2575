/* view_flows.c - the records themselves, newest first, and one record in full. */
#include "app_names.h"
#include "view.h"

#include <inttypes.h>
#include <string.h>

#include "app_time.h"

/* A column of the list: a field, its width, the least screen width that shows it. */
struct list_column {
	int field, width, from;
	bool right;
};

/* clang-format off */
static const struct list_column columns[] = {
	{ FIELD_ACTION, 6, 0, false },
	{ FIELD_SRCADDR, 15, 0, false }, { FIELD_SRCPORT, 5, 60, true },
	{ FIELD_DSTADDR, 15, 0, false }, { FIELD_DSTPORT, 5, 0, true },
	{ FIELD_PROTOCOL, 5, 70, false }, { FIELD_PACKETS, 7, 90, true },
	{ FIELD_BYTES, 8, 78, true }, { FIELD_TCP_FLAGS, 5, 100, true },
	{ FIELD_INTERFACE_ID, 21, 100, false },
};
/* clang-format on */

static void cell_text(const struct segment *s, const struct dict *d, uint32_t row, int field,
		      struct buf *out)
{
	const struct column *c = segment_column(s, field);

	buf_clear(out);
	if (!c) {
		buf_putc(out, '-');
		return;
	}
	column_render(c, d, row, out);
	if (field == FIELD_PROTOCOL) {
		uint64_t n = column_number(c, row);
		struct str name = n < 256 ? protocol_name((unsigned)n) : (struct str){ "", 0 };
		if (name.n) {
			buf_clear(out);
			buf_add_str(out, name);
		}
	}
}

/* Of a transit gateway's record: what was lost, "12 no-route", else the attachment. */
static void gateway_text(const struct segment *s, const struct dict *d, uint32_t row,
			 struct buf *out)
{
	cell_text(s, d, row, FIELD_TGW_ATTACHMENT_ID, out);
	if (segment_lost(s, row) == 0)
		return;
	buf_clear(out);
	for (int field = FIELD_PACKETS_LOST_NO_ROUTE; field <= FIELD_PACKETS_LOST_TTL_EXPIRED;
	     field++) {
		const struct column *c = segment_column(s, field);
		uint64_t n = c ? column_number(c, row) : 0;
		if (n && n != NUMBER_ABSENT)
			buf_printf(out, "%s%" PRIu64 " %s", out->n ? " " : "", n,
				   field_name(field) + strlen("packets-lost-"));
	}
}

static int address_width(const struct app *a, int width)
{
	/* Room for IPv6 where there is some. */
	(void)a;
	return width >= 150 ? 39 : width >= 110 ? 23 : 15;
}

/* Records of transit gateways are neither accepted nor refused. */
static enum role action_role(uint8_t mark)
{
	return mark & MARK_REJECT ? ROLE_REJECT : mark & MARK_ACCEPT ? ROLE_ACCEPT : ROLE_DIM;
}

/* The text of one cell, and how it looks. */
static enum role list_cell(const struct app *a, const struct flow_ref *f, int field,
			   struct buf *out)
{
	const struct segment *s = f->segment;
	const struct dict *d = monitor_dict(a->monitor);
	bool lost = segment_lost(s, f->row) > 0;

	if (field == FIELD_INTERFACE_ID && !segment_column(s, field)) {
		gateway_text(s, d, f->row, out);
		return lost ? ROLE_WARNING : ROLE_TEXT;
	}
	cell_text(s, d, f->row, field, out);
	if (field != FIELD_ACTION)
		return ROLE_TEXT;
	if (!lost)
		return action_role(s->mark[f->row]);
	buf_clear(out);
	buf_puts(out, "LOST");
	return ROLE_WARNING;
}

static void draw_row(struct app *a, struct area area, int y, const struct flow_ref *f,
		     const struct view_times *times)
{
	struct buf text = { 0 };
	char time[48];
	int x = times->width + 1;

	screen_puts(area, y, 0, ROLE_DIM, view_times_text(a, times, f->time, time, sizeof time));

	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct list_column *c = &columns[i];
		int w = c->width == 15 ? address_width(a, area.cols) : c->width;
		if (area.cols < c->from)
			continue;
		enum role role = list_cell(a, f, c->field, &text);
		if (c->right && text.n <= (size_t)w)
			screen_text(area, y, x + w - (int)text.n, w, role, buf_str(&text));
		else
			screen_text(area, y, x, w, role, buf_str(&text));
		x += w + 1;
	}
	buf_release(&text);
}

static void draw_heading(struct app *a, struct area area, const struct view_times *times)
{
	int x = times->width + 1;

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_printf(area, 0, 0, ROLE_HEADING, "end%s", times->head);
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct list_column *c = &columns[i];
		int w = c->width == 15 ? address_width(a, area.cols) : c->width;
		const char *title = field_get(c->field)->title;
		if (area.cols < c->from)
			continue;
		if (c->right)
			screen_right(area, 0, x + w, ROLE_HEADING, title);
		else
			screen_text(area, 0, x, w, ROLE_HEADING, str_of(title));
		x += w + 1;
	}
}

static struct view_times times_on_show(const struct app *a)
{
	int64_t from = INT64_MAX, to = INT64_MIN;

	for (size_t i = 0; i < a->flows; i++) {
		int64_t t = a->flow[i].time;
		from = t != INT64_MIN && t < from ? t : from;
		to = t > to ? t : to;
	}
	return view_times_of(a, from == INT64_MAX ? INT64_MIN : from, to, true);
}

void view_flows_draw(struct app *a, struct area area, bool focused)
{
	int lines = area.rows - 1, top = view_scroll(a, VIEW_FLOWS, (int)a->flows, lines);
	struct view_times times;

	if (a->flows == 0) {
		view_empty(a, area, "no flows");
		return;
	}
	times = times_on_show(a);
	draw_heading(a, area, &times);
	for (int i = 0; i < lines && top + i < (int)a->flows; i++) {
		draw_row(a, area, i + 1, &a->flow[top + i], &times);
		if (focused && top + i == a->selected[VIEW_FLOWS])
			screen_paint(area, i + 1, 0, area.cols, ROLE_SELECTED);
	}
}

void view_flows_clause(struct app *a, struct buf *out)
{
	static const int fields[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_DSTPORT };
	int i = a->selected[VIEW_FLOWS];
	struct buf text = { 0 };

	if (i >= (int)a->flows)
		return;
	for (size_t k = 0; k < ARRAY_SIZE(fields); k++) {
		cell_text(a->flow[i].segment, monitor_dict(a->monitor), a->flow[i].row, fields[k],
			  &text);
		if (text.n == 0 || text.s[0] == '-')
			continue;
		buf_printf(out, "%s%s=%s", out->n ? " and " : "", field_name(fields[k]), text.s);
	}
	buf_release(&text);
}

/* ---- one record ---- */

/* What a raw value means, where that is not plain. */
static void explain(const struct app *a, int field, uint64_t n, struct buf *out)
{
	char text[48];

	if (n == NUMBER_ABSENT)
		return;
	switch (field_type(field)) {
	case TYPE_PROTOCOL:
		buf_add_str(out, n < 256 ? protocol_name((unsigned)n) : (struct str){ "", 0 });
		break;
	case TYPE_PORT:
		buf_add_str(out, n < 65536 ? service_name((unsigned)n) : (struct str){ "", 0 });
		break;
	case TYPE_TIME:
		buf_puts(out, app_stamp(a, time_in_seconds(n), text, sizeof text));
		break;
	case TYPE_BYTES:
		if (n >= 1024)
			buf_puts(out, human_bytes(text, sizeof text, n));
		break;
	case TYPE_FLAGS: {
		static const char *const names[] = { "fin", "syn", "rst", "psh",
						     "ack", "urg", "ece", "cwr" };
		for (unsigned i = 0; i < 8; i++)
			if (n >> i & 1)
				buf_printf(out, "%s%s", out->n ? "," : "", names[i]);
		break;
	}
	default:
		break;
	}
}

void view_detail_draw(struct app *a, struct area area)
{
	const struct segment *s = a->detail.segment;
	const struct dict *d = monitor_dict(a->monitor);
	struct buf text = { 0 }, note = { 0 };
	int per = area.rows > 1 ? area.rows - 1 : 1, wide = area.cols >= 100 ? 2 : 1;
	int w = area.cols / wide, n = (int)s->format->n, label = w >= 60 ? 27 : 22;

	a->scroll = view_clamp(a->scroll, n - per * wide);
	for (int i = 0; i < per * wide && a->scroll + i < n; i++) {
		int y = i % per, x = i / per * w, field = s->format->field[a->scroll + i];
		const struct column *c = &s->column[a->scroll + i];
		buf_clear(&text);
		buf_clear(&note);
		column_render(c, d, a->detail.row, &text);
		if (type_is_number(field_type(field)))
			explain(a, field, column_number(c, a->detail.row), &note);
		else
			app_labels_text(a, field, c, a->detail.row, &note);
		bool lost = field >= FIELD_PACKETS_LOST_NO_ROUTE &&
			    field <= FIELD_PACKETS_LOST_TTL_EXPIRED && text.s[0] > '0';
		screen_text(area, y, x, label, ROLE_DIM, str_of(field_name(field)));
		x += label + 1;
		x += screen_text(area, y, x, w - label - 2, lost ? ROLE_WARNING : ROLE_TEXT,
				 buf_str(&text)) +
		     2;
		if (note.n)
			screen_text(area, y, x, (i / per + 1) * w - 1 - x, ROLE_READS,
				    buf_str(&note));
	}
	if (a->scroll + per * wide < n)
		screen_right(area, per - 1, area.cols, ROLE_KEY, " more: Down");
	buf_clear(&text);
	segment_render(s, d, a->detail.row, &text);
	screen_text(area, area.rows - 1, 0, area.cols, ROLE_FILTER, buf_str(&text));
	buf_release(&text);
	buf_release(&note);
}
