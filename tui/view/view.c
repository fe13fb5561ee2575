/* view.c - the table of views, and what they share. */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#include "labels/label_field.h"

#define VIEWS(X) X(findings) X(talkers) X(rejects) X(ports) X(timeline) X(flows) X(sources) X(trust)

#define X(name) extern const struct view view_##name;
VIEWS(X)
#undef X

#define X(name) &view_##name,
#define ONE(name) +1
const struct views view_table = { .row = { VIEWS(X) }, .n = VIEWS(ONE), .usual = &view_talkers };
#undef ONE
#undef X

void view_title(const struct app *a, const struct pane *p, struct buf *out)
{
	char key[16];

	buf_printf(out, "%s %s",
		   keys_label(&a->options->keys, COMMANDS_N + (int)(p - a->pane), key, sizeof key),
		   p->view->title);
	if (p->result.by_change)
		view_compare_title(&p->result, out);
	else if (p->view->add_title)
		p->view->add_title(a, p, out);
}

void view_add_group(const struct app *a, const struct pane *p, struct buf *out)
{
	struct query q = pane_query(a, p);

	buf_putc(out, ' ');
	group_name(&q.group, out);
}

void view_add_count(const struct result *r, struct buf *out)
{
	char about[16];

	if (result_hides(r))
		buf_printf(out, " (%" PRIu32 " of ~%s)", r->ranked,
			   human_count(about, sizeof about, r->about));
	else
		buf_printf(out, " (%" PRIu32 ")", r->ranked);
}

void view_mark_partial(bool partial, char *text, size_t size)
{
	size_t n = strlen(text);

	if (!partial || n == 0 || n + 2 > size)
		return;
	memmove(text + 1, text, n + 1);
	text[0] = '~';
}

int view_ranked_rows(const struct app *a, const struct pane *p)
{
	(void)a;
	return (int)p->result.ranked;
}

void view_ranked_clause(struct app *a, struct pane *p, struct buf *out)
{
	const struct result_row *row = result_at(&p->result, (uint32_t)p->selected);

	(void)a;
	if (row)
		view_key_clause(&p->result, row, out);
}

void view_ranked_draw(const struct app *a, const struct pane *p, struct area area, bool focused,
		      view_row_fn *draw_row, const void *layout)
{
	const struct result *r = &p->result;
	const struct result_row *row;

	for (int y = 1; y < area.rows && (row = result_at(r, (uint32_t)(p->top + y - 1))); y++) {
		draw_row(a, area, y, r, row, layout);
		if (focused && p->top + y - 1 == p->selected)
			screen_paint(area, y, 0, area.cols, ROLE_SELECTED);
	}
}

/* ---- keys of rows ---- */

static struct str name_of(struct labels *names, int field, const struct value *v)
{
	uint32_t name = DICT_NONE;

	/* The name of a network is not one host's, and leaves no room for the address. */
	if (v->type == TYPE_ADDRESS && labels_is_own_name(names, v->address))
		name = labels_of_address(names, LABEL_NAME, v->address);
	else if (field == FIELD_INTERFACE_ID || field == FIELD_ACCOUNT_ID)
		name = labels_of_key(names, (struct str){ v->text, v->length });
	return labels_text(names, name);
}

void view_printable(struct buf *text, size_t from)
{
	for (; from < text->n; from++)
		if (text->s[from] < ' ' || text->s[from] > '~')
			text->s[from] = '.';
}

/* A time as it is drawn elsewhere; what is finer than seconds as a number. */
static bool add_moment(const struct app *a, const struct value *v, struct buf *out)
{
	char text[48];

	if (v->type != TYPE_TIME || v->absent || (v->number > UINT32_MAX && v->number % 1000))
		return false;
	buf_puts(out, app_stamp(a, time_in_seconds(v->number), text, sizeof text));
	return true;
}

void view_value(const struct app *a, const struct result *r, int field, const struct value *v,
		struct buf *out)
{
	struct str name = { "", 0 };
	size_t from = out->n;

	if (add_moment(a, v, out))
		return;
	if (r->names && !v->absent)
		name = name_of(r->names, field, v);
	if (field == FIELD_PROTOCOL && !v->absent)
		name = protocol_name((unsigned)v->number);
	if (name.n)
		buf_add_str(out, name);
	else
		value_render(v, out);
	if (name.n || field_is_label(field))
		return;
	view_printable(out, from);
}

/* Whether the part is the one that has the sign of a guess: the server, else its port, else
 * the client. */
static bool has_sign(const struct group *g, unsigned part)
{
	static const int order[] = { FIELD_SERVER, FIELD_SERVICE, FIELD_CLIENT };

	for (size_t k = 0; k < ARRAY_SIZE(order); k++)
		for (unsigned i = 0; i < g->n; i++)
			if (g->field[i] == order[k])
				return i == part;
	return false;
}

/* Whether the one is what the other turns to. */
static bool are_ends(int from, int to)
{
	return (from == FIELD_CLIENT && to == FIELD_SERVER) ||
	       (from == FIELD_SRCADDR && to == FIELD_DSTADDR);
}

static bool is_tcp(int field, const struct value *v)
{
	return field == FIELD_PROTOCOL && !v->absent && v->number == 6;
}

enum role view_hue(const struct app *a, const uint8_t address[16])
{
	uint32_t h = 2166136261u; /* FNV-1a: nothing is looked up by it */

	if (!a->options->hues)
		return ROLE_TEXT;
	for (int i = 0; i < 16; i++)
		h = (h ^ address[i]) * 16777619u;
	return (enum role)(ROLE_HUE_1 + (h >> 16) % HUES);
}

void view_key(const struct app *a, const struct result *r, const struct result_row *row,
	      struct view_ends *ends)
{
	const struct group *g = &r->query.group;
	bool guess = result_is_guess(r, row);
	struct buf *out = &ends->text;

	*ends = (struct view_ends){ .server = 0 };
	for (unsigned i = 0; i < g->n; i++) {
		int field = g->field[i], last = i ? g->field[i - 1] : FIELD_NONE;
		if (are_ends(last, field))
			buf_puts(out, " > ");
		else if (field == FIELD_SERVICE && last == FIELD_SERVER)
			buf_putc(out, ':');
		else if (field == FIELD_PROTOCOL && last == FIELD_SERVICE)
			buf_putc(out, '/');
		else if (i)
			buf_putc(out, ' ');
		if (i == 1 && are_ends(last, field))
			ends->server = out->n;
		if (row->key[i].type == TYPE_ADDRESS && !row->key[i].absent)
			ends->hue[ends->server > 0] = view_hue(a, row->key[i].address);
		ends->port |= field == FIELD_SERVICE && last == FIELD_SERVER;
		if (last == FIELD_SERVICE && is_tcp(field, &row->key[i]))
			ends->tcp = out->n - 1;
		if (guess && has_sign(g, i))
			buf_putc(out, '~');
		view_value(a, r, field, &row->key[i], out);
	}
	if (!ends->server && g->n > 1) /* it is not the address alone */
		ends->hue[0] = ROLE_TEXT;
	if (g->n == 1 && g->field[0] == FIELD_SERVICE && !row->key[0].absent) {
		struct str name = service_name((unsigned)row->key[0].number);
		if (name.n) {
			buf_putc(out, ' ');
			buf_add_str(out, name);
		}
	}
}

void view_key_draw(const struct app *a, struct area area, int y, int width, const struct result *r,
		   const struct result_row *row)
{
	struct view_ends key;

	view_key(a, r, row, &key);
	view_ends_draw(area, y, width, &key);
	buf_release(&key.text);
}

void view_clause(int field, struct str value, struct buf *out)
{
	buf_printf(out, "%s=", field_name(field));
	filter_quote(field, value, out);
}

/* Either is one of the two; alike, both are. */
static void add_pair(const struct value *v, struct buf *out)
{
	char x[46] = "-", y[46] = "-";
	bool alike = v->absent || (!v->alone && memcmp(v->address, v->other, 16) == 0);

	if (!v->absent && !v->alone)
		x[address_format(v->address, x)] = '\0';
	if (!v->absent)
		y[address_format(v->other, y)] = '\0';
	buf_printf(out, alike ? "srcaddr=%s and dstaddr=%s" : "pair=%s and pair=%s", x, y);
}

/* From the start of a bin to its end. */
static void add_bin(const struct value *v, int64_t width, struct buf *out)
{
	if (v->absent)
		buf_puts(out, "end=-");
	else
		buf_printf(out, "end>=%" PRIu64 " and end<%" PRIu64, v->number,
			   v->number + (uint64_t)(width > 0 ? width : 1));
}

void view_key_clause(const struct result *r, const struct result_row *row, struct buf *out)
{
	for (unsigned i = 0; i < r->query.group.n; i++) {
		const struct value *v = &row->key[i];
		struct buf value = { 0 };
		if (i)
			buf_puts(out, " and ");
		value_render(v, &value);
		if (v->type == TYPE_PAIR)
			add_pair(v, out);
		else if (r->query.group.field[i] == FIELD_BIN)
			add_bin(v, r->bin_width, out);
		else
			view_clause(r->query.group.field[i], buf_str(&value), out);
		buf_release(&value);
	}
}
