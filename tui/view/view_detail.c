/* view_detail.c - one record in full: who talked to whom, then every field with what its
 * value means, then the line as it was delivered. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "decode/servers.h"
#include "schema/describe.h"
#include "schema/reading.h"
#include "state/app_labels.h"
#include "store/community_id.h"
#include "view/view.h"

#define TWO_COLUMNS 118 /* the width from which on there are two where one is too long */
#define BESIDE_MIN 20   /* columns behind a value that a longer note begins in */

/* A line: a name, a value and what it means; further lines of one have no name. */
struct line {
	const char *label;
	char *value, *note;
	enum role role;
};

struct record_page {
	struct app *app;
	const struct segment *s;
	const struct dict *d;
	uint32_t row;
	struct line *line;
	int n, room; /* columns for value and note */
	size_t cap;
};

/* ---- lines ---- */

static void push(struct record_page *p, const char *label, enum role role, struct str value,
		 struct str note)
{
	xgrow((void **)&p->line, &p->cap, (size_t)p->n + 1, sizeof *p->line);
	p->line[p->n++] =
		(struct line){ label, xstrndup(value.s, value.n), xstrndup(note.s, note.n), role };
}

static size_t at_least(int room)
{
	return room > 8 ? (size_t)room : 8;
}

/* How much of `text`, of which n bytes have room, goes on a line: cut at a blank where there
 * is one. */
static size_t fitting(struct str text, size_t n)
{
	const char *blank;

	if (text.n <= n)
		return text.n;
	blank = memrchr(text.s, ' ', n + 1);
	return blank && blank > text.s ? (size_t)(blank - text.s) : n;
}

/* The same of a note, which may hold labels, and a line of `room`. */
static size_t note_fitting(struct str note, int room)
{
	return fitting(note, utf8_fitting(note, at_least(room)));
}

static struct str after(struct str text, size_t n)
{
	while (n < text.n && text.s[n] == ' ')
		n++;
	return (struct str){ text.s + n, text.n - n };
}

/* The note begins behind the value where there is room for some words, and goes on below. */
static void add(struct record_page *p, const char *label, enum role role, struct str value,
		struct str note)
{
	const struct str none = { "", 0 };
	size_t n;
	int beside;

	while (value.n > (size_t)p->room && p->room > 8) {
		n = fitting(value, at_least(p->room));
		push(p, label, role, (struct str){ value.s, n }, none);
		value = after(value, n);
		label = "";
	}
	beside = p->room - (int)value.n - 2;
	n = (int)utf8_columns(note) <= beside || beside >= BESIDE_MIN ? note_fitting(note, beside)
								      : 0;
	push(p, label, role, value, (struct str){ note.s, n });
	for (note = after(note, n); note.n; note = after(note, n)) {
		n = note_fitting(note, p->room);
		push(p, "", role, none, (struct str){ note.s, n });
	}
}

/* ---- who talked to whom ---- */

/* "10.0.0.1 port 443"; nothing when there is no such address. */
static void end_text(const struct record_page *p, bool source, struct buf *out)
{
	const struct column *c = segment_column(p->s, source ? FIELD_SRCPORT : FIELD_DSTPORT);
	uint64_t port = c ? column_number(c, p->row) : NUMBER_ABSENT;
	struct str name = port < 65536 ? service_name((unsigned)port) : (struct str){ "", 0 };

	flow_render(p->s, p->d, p->row, source ? FIELD_SRCADDR : FIELD_DSTADDR, out);
	if (port != NUMBER_ABSENT && port != 0)
		buf_printf(out, " port %" PRIu64, port);
	if (port != NUMBER_ABSENT && port != 0 && name.n)
		buf_printf(out, " %.*s", (int)name.n, name.s);
}

static uint64_t number(const struct record_page *p, int field)
{
	const struct column *c = segment_column(p->s, field);

	return c ? column_number(c, p->row) : NUMBER_ABSENT;
}

static void add_time(struct record_page *p)
{
	uint64_t start = number(p, FIELD_START), end = number(p, FIELD_END);
	char range[96], took[32];
	int64_t from, to;

	if (start == NUMBER_ABSENT || end == NUMBER_ABSENT)
		return; /* the fields below say what there is */
	from = time_in_seconds(start);
	to = time_in_seconds(end);
	add(p, "time", ROLE_TEXT, str_of(app_range(p->app, from, to, range, sizeof range)),
	    str_of(to < from ? "it ends before it starts"
			     : human_duration(took, sizeof took, to - from)));
}

static void add_summary(struct record_page *p)
{
	bool src = p->s->mark[p->row] & MARK_SERVER_SRC;
	char id[COMMUNITY_ID_SIZE];
	struct buf text = { 0 };
	const char *why;

	if (p->s->mark[p->row] & MARK_STATUS) {
		add(p, "record", ROLE_WARNING, str_of("no flow"),
		    str_of("it tells of the log, not of traffic"));
		return;
	}
	end_text(p, !src, &text);
	add(p, "client", ROLE_FILTER, buf_str(&text), str_of("the side that asked"));
	buf_clear(&text);
	end_text(p, src, &text);
	add(p, "server", ROLE_FILTER, buf_str(&text), str_of(describe_side(p->s, p->row)));
	add_time(p);
	why = community_id_of(p->s, p->d, p->row, id);
	add(p, "community-id", ROLE_TEXT, str_of(why ? "-" : id), str_of(why ? why : ""));
	buf_release(&text);
}

/* ---- fields ---- */

static void note_bytes(const struct record_page *p, uint64_t n, struct buf *out)
{
	uint64_t packets = number(p, FIELD_PACKETS);
	char text[32];

	if (n >= 1024)
		buf_puts(out, human_bytes(text, sizeof text, n));
	if (packets && packets != NUMBER_ABSENT)
		buf_printf(out, "%s%" PRIu64 " a packet", out->n ? ", " : "", n / packets);
}

/* The packet's own address beside that of the record. */
static void note_packet(const struct record_page *p, int field, struct buf *out)
{
	int other = field == FIELD_PKT_SRCADDR ? FIELD_SRCADDR : FIELD_DSTADDR;
	const struct column *c = segment_column(p->s, field), *o = segment_column(p->s, other);
	uint8_t x[16], y[16];

	if (!o || !column_address(c, p->d, column_code(c, p->row), x) ||
	    !column_address(o, p->d, column_code(o, p->row), y))
		return;
	if (memcmp(x, y, 16) == 0)
		buf_printf(out, "as %s: nothing in between", field_name(other));
	else
		buf_printf(out,
			   "the packet's own; %s is that of the interface in between (NAT or "
			   "transit gateway, load balancer, pod)",
			   field_name(other));
}

static void note_number(const struct record_page *p, int field, uint64_t n, struct buf *out)
{
	char text[48];

	switch (field_type(field)) {
	case TYPE_PROTOCOL:
		buf_add_str(out, n < 256 ? protocol_name((unsigned)n) : (struct str){ "", 0 });
		break;
	case TYPE_PORT:
		if (n && n < 65536)
			buf_add_str(out, service_name((unsigned)n));
		break;
	case TYPE_TIME:
		buf_puts(out, app_dated(p->app, time_in_seconds(n), text, sizeof text));
		break;
	case TYPE_BYTES:
		note_bytes(p, n, out);
		break;
	case TYPE_FLAGS:
		describe_flags(n, out);
		break;
	default:
		break;
	}
}

/* What is known of an address, interface or account by file. */
static void add_labels(const struct record_page *p, int field, const struct column *c,
		       struct buf *note)
{
	struct buf labels = { 0 };

	app_labels_text(p->app, field, c, p->row, &labels);
	if (labels.n)
		buf_printf(note, "%s%s", note->n ? "; " : "", labels.s);
	buf_release(&labels);
}

/* A number that is written otherwise comes before what there is to say of it. */
static void note_read(const struct record_page *p, int field, const struct column *c,
		      struct str text, struct buf *note)
{
	struct buf plain = { 0 }, said = { 0 };

	column_render_value(c, p->d, p->row, &plain);
	if (!str_equal(buf_str(&plain), text) && field_type(field) != TYPE_TIME)
		buf_printf(note, "read as %s", plain.s);
	note_number(p, field, column_number(c, p->row), &said);
	if (said.n)
		buf_printf(note, "%s%s", note->n ? "; " : "", said.s);
	buf_release(&plain);
	buf_release(&said);
}

static void add_field(struct record_page *p, unsigned i)
{
	int field = p->s->format->field[i];
	const struct column *c = &p->s->column[i];
	enum role role = ROLE_TEXT;
	struct buf text = { 0 }, note = { 0 };
	const char *meaning;

	column_render(c, p->d, p->row, &text);
	meaning = describe_value(field, buf_str(&text));
	if (segment_is_unreadable(p->s, p->row, i)) {
		role = ROLE_WARNING;
		buf_printf(&note, "unreadable: %s", reading_fault(field, buf_str(&text)));
		buf_clear(&text);
		flow_render_column(p->s, p->d, p->row, i, &text);
	} else if (meaning)
		buf_puts(&note, meaning);
	else if (field == FIELD_PKT_SRCADDR || field == FIELD_PKT_DSTADDR)
		note_packet(p, field, &note);
	else if (field_is_tag(field) && memchr(text.s, '%', text.n))
		describe_tag(buf_str(&text), &note), view_printable(&note, 0);
	else if (type_is_number(c->type) && column_number(c, p->row) != NUMBER_ABSENT)
		note_read(p, field, c, buf_str(&text), &note);
	if (!type_is_number(c->type))
		add_labels(p, field, c, &note);
	if (field >= FIELD_PACKETS_LOST_NO_ROUTE && field <= FIELD_PACKETS_LOST_TTL_EXPIRED &&
	    !meaning && text.s[0] != '-') {
		role = ROLE_WARNING;
		buf_puts(&note, field_get(field)->help);
	}
	if (field == FIELD_ACTION && p->s->mark[p->row] & (MARK_ACCEPT | MARK_REJECT))
		role = p->s->mark[p->row] & MARK_REJECT ? ROLE_REJECT : ROLE_ACCEPT;
	add(p, field_name(field), role, buf_str(&text), note.n ? buf_str(&note) : str_of(""));
	buf_release(&text);
	buf_release(&note);
}

static void page_fill(struct record_page *p)
{
	struct buf text = { 0 };

	add_summary(p);
	for (unsigned i = 0; i < p->s->format->n; i++)
		add_field(p, i);
	segment_render(p->s, p->d, p->row, &text);
	add(p, "as delivered", ROLE_DIM, buf_str(&text), str_of(""));
	buf_release(&text);
}

/* ---- on screen ---- */

static void draw_line(const struct line *l, struct area area, int y, int x, int label, int w)
{
	int at = x + label + 1;

	screen_text(area, y, x, label, ROLE_DIM, str_of(l->label));
	at += screen_text(area, y, at, x + w - at, l->role, str_of(l->value));
	if (*l->value)
		at += 2;
	if (*l->note && at < x + w)
		screen_label(area, y, at, x + w - at, ROLE_READS, str_of(l->note));
}

/* The field that is chosen is in sight. */
static void show_cell(struct record_page *p, int lines)
{
	const char *cell = view_record_label(p->app, p->app->cell - 1);
	int at = p->n;

	while (cell && at-- > 0 && strcmp(p->line[at].label, cell) != 0)
		;
	if (!cell || at < 0)
		return;
	if (at < p->app->scroll)
		p->app->scroll = at;
	if (at >= p->app->scroll + lines)
		p->app->scroll = at - lines + 1;
}

static void page_draw(struct record_page *p, struct area area, int label, int wide)
{
	int w = area.cols / wide, per = area.rows, rest;

	rest = p->n - per * wide;
	show_cell(p, per * wide);
	p->app->scroll = view_clamp(p->app->scroll, rest);
	for (int i = 0; i < per * wide && p->app->scroll + i < p->n; i++)
		draw_line(&p->line[p->app->scroll + i], area, i % per, i / per * w, label,
			  i / per + 1 == wide ? area.cols - i / per * w : w - 2);
	/* In the frame, where it hides nothing. */
	if (p->app->scroll < rest)
		screen_right((struct area){ area.screen, area.y + per, area.x, 1, area.cols }, 0,
			     area.cols - 1, ROLE_KEY, " more: Down ");
}

static void page_release(struct record_page *p)
{
	for (int i = 0; i < p->n; i++) {
		free(p->line[i].value);
		free(p->line[i].note);
	}
	free(p->line);
	p->line = NULL;
	p->n = 0;
	p->cap = 0;
}

static int label_width(const struct format *f, int cols)
{
	int w = (int)strlen("community-id");

	for (unsigned i = 0; i < f->n; i++) {
		int n = (int)strlen(field_name(f->field[i]));
		w = n > w ? n : w;
	}
	return w < cols * 2 / 5 ? w : cols * 2 / 5;
}

void view_detail_draw(struct app *a, struct area area)
{
	struct record_page p = { .app = a,
				 .s = a->detail.segment,
				 .d = monitor_dict(a->monitor),
				 .row = a->detail.row };
	int label, wide;
	char title[96], n[32], m[32];

	snprintf(title, sizeof title, "Record %s of %s",
		 view_count(n, sizeof n, (uint64_t)a->focus->selected + 1),
		 view_count(m, sizeof m, a->list.matching));
	area = screen_box(area, true, title);
	if (area.rows < 1 || area.cols < 1)
		return;
	/* In one column where all fits: what belongs together stays together. */
	for (wide = 1;; wide++) {
		label = label_width(p.s->format, area.cols / wide);
		p.room = area.cols / wide - label - 1 - (wide > 1 ? 2 : 0);
		page_fill(&p);
		if (wide == 2 || p.n <= area.rows || area.cols < TWO_COLUMNS)
			break;
		page_release(&p);
	}
	page_draw(&p, area, label, wide);
	page_release(&p);
}

/* ---- cells ---- */

/* Which record, and which of its columns are cells; false: none. */
struct record_cells {
	const struct segment *segment;
	uint32_t row;
	int column[256];
	int n;
};

static bool find_record(const struct app *a, struct record_cells *r)
{
	int at = a->focus->selected;
	const struct flow_ref *f = a->detail.segment    ? &a->detail
				   : at < (int)a->flows ? &a->flow[at]
							: NULL;

	if (!f)
		return false;
	*r = (struct record_cells){ .segment = f->segment, .row = f->row };
	const struct format *format = f->segment->format;
	for (size_t i = 0; a->detail.segment && i < format->n && i < ARRAY_SIZE(r->column); i++)
		r->column[r->n++] = (int)i;
	/* Of the list: those of its columns that the record has. */
	for (unsigned k = 0; !a->detail.segment && k < a->list.columns.n; k++) {
		int column = format_column(format, a->list.columns.field[k]);
		if (column >= 0 && r->n < (int)ARRAY_SIZE(r->column))
			r->column[r->n++] = column;
	}
	return r->n > 0;
}

int view_record_cells(struct app *a, struct pane *p)
{
	struct record_cells r;

	(void)p;
	return find_record(a, &r) ? r.n : 0;
}

void view_record_cell(struct app *a, struct pane *p, int i, struct buf *out)
{
	struct buf value = { 0 };
	struct record_cells r;

	(void)p;
	if (!find_record(a, &r) || i >= r.n)
		return;
	column_render(&r.segment->column[r.column[i]], monitor_dict(a->monitor), r.row, &value);
	view_clause(r.segment->format->field[r.column[i]], buf_str(&value), out);
	buf_release(&value);
}

const char *view_record_label(struct app *a, int i)
{
	struct record_cells r;

	return a->detail.segment && i >= 0 && find_record(a, &r) && i < r.n
		       ? field_name(r.segment->format->field[r.column[i]])
		       : NULL;
}
