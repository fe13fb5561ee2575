/* view.c - the table of views, and what they share. */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#include "app/app_time.h"

static int result_rows(const struct app *a)
{
	return (int)a->result[a->focus].ranked;
}

static int flow_rows(const struct app *a)
{
	return flows_rows(a);
}

static int source_rows(const struct app *a)
{
	return (int)monitor_sources(a->monitor);
}

static void ranked_clause(struct app *a, struct buf *out)
{
	const struct result *r = &a->result[a->focus];
	const struct result_row *row = result_at(r, (uint32_t)a->selected[a->focus]);

	if (row)
		view_key_clause(r, row, out);
}

static const struct view views[VIEW_KINDS] = {
	[VIEW_TALKERS] = { "Talkers", view_talkers_draw, ranked_clause, result_rows },
	[VIEW_REJECTS] = { "Rejects", view_rejects_draw, ranked_clause, result_rows },
	[VIEW_PORTS] = { "Ports", view_ports_draw, view_ports_clause, result_rows },
	[VIEW_TIMELINE] = { "Timeline", view_timeline_draw, NULL, result_rows },
	[VIEW_FLOWS] = { "Flows", view_flows_draw, view_flows_clause, flow_rows },
	[VIEW_SOURCES] = { "Sources", view_sources_draw, NULL, source_rows },
};

const struct view *view_get(enum view_kind v)
{
	return &views[v];
}

void view_title(const struct app *a, enum view_kind v, struct buf *out)
{
	const struct result *r = &a->result[v];

	buf_printf(out, "%d %s", (int)v + 1, views[v].title);
	if (view_compare_shown(a, v)) {
		view_compare_title(r, out);
		return;
	}
	if (v == VIEW_TALKERS && r->ranked)
		buf_printf(out, " (%" PRIu32 ")", r->ranked);
	switch (v) {
	case VIEW_TALKERS:
	case VIEW_REJECTS:
		buf_putc(out, ' ');
		group_name(live_group(a->live, v), out);
		break;
	case VIEW_PORTS:
		view_ports_title(a, out);
		break;
	case VIEW_TIMELINE:
		buf_puts(out, " accepted, rejected, ");
		metric_title(a->metric, &a->distinct, out);
		break;
	case VIEW_FLOWS:
		view_flows_title(a, out);
		break;
	default:
		break;
	}
}

int view_scroll(struct app *a, enum view_kind v, int rows, int lines)
{
	int *top = &a->top[v], *at = &a->selected[v];

	a->shown[v] = lines;
	if (*at >= rows)
		*at = rows > 0 ? rows - 1 : 0;
	if (*top > *at)
		*top = *at;
	if (lines > 0 && *at >= *top + lines)
		*top = *at - lines + 1;
	if (*top > rows - lines)
		*top = rows > lines ? rows - lines : 0;
	return *top;
}

int view_clamp(int value, int max)
{
	return value > max ? (max > 0 ? max : 0) : value < 0 ? 0 : value;
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

void view_value(const struct result *r, int field, const struct value *v, struct buf *out)
{
	struct str name = { "", 0 };

	if (r->names && !v->absent)
		name = name_of(r->names, field, v);
	if (field == FIELD_PROTOCOL && !v->absent)
		name = protocol_name((unsigned)v->number);
	if (name.n)
		buf_add_str(out, name);
	else
		value_render(v, out);
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

void view_key(const struct result *r, const struct result_row *row, struct buf *out)
{
	const struct group *g = &r->group;
	bool guess = result_is_guess(r, row);

	for (unsigned i = 0; i < g->n; i++) {
		int field = g->field[i], last = i ? g->field[i - 1] : FIELD_NONE;
		if (field == FIELD_SERVER && last == FIELD_CLIENT)
			buf_puts(out, " > ");
		else if (field == FIELD_DSTADDR && last == FIELD_SRCADDR)
			buf_puts(out, " > ");
		else if (field == FIELD_SERVICE && last == FIELD_SERVER)
			buf_putc(out, ':');
		else if (field == FIELD_PROTOCOL && last == FIELD_SERVICE)
			buf_putc(out, '/');
		else if (i)
			buf_putc(out, ' ');
		if (guess && has_sign(g, i))
			buf_putc(out, '~');
		view_value(r, field, &row->key[i], out);
	}
	if (g->n == 1 && g->field[0] == FIELD_SERVICE && !row->key[0].absent) {
		struct str name = service_name((unsigned)row->key[0].number);
		if (name.n) {
			buf_putc(out, ' ');
			buf_add_str(out, name);
		}
	}
}

/* Whether the filter language takes it for one bare value. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      c == '.' || c == ':' || c == '_' || c == '-'))
			return false;
	}
	return s.n > 0;
}

static void add_clause(const char *name, struct str value, struct buf *out)
{
	char quote = memchr(value.s, '"', value.n) ? '\'' : '"';

	buf_printf(out, "%s=", name);
	if (is_plain(value)) {
		buf_add_str(out, value);
		return;
	}
	buf_putc(out, quote);
	buf_add_str(out, value);
	buf_putc(out, quote);
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
	for (unsigned i = 0; i < r->group.n; i++) {
		const struct value *v = &row->key[i];
		struct buf value = { 0 };
		if (i)
			buf_puts(out, " and ");
		value_render(v, &value);
		if (v->type == TYPE_PAIR)
			add_pair(v, out);
		else if (r->group.field[i] == FIELD_BIN)
			add_bin(v, r->bin_width, out);
		else if (v->type == TYPE_NETWORK)
			buf_printf(out, "%s=%s", field_name(r->group.field[i]), value.s);
		else
			add_clause(field_name(r->group.field[i]), buf_str(&value), out);
		buf_release(&value);
	}
}

/* ---- series ---- */

struct view_axis view_axis_of(const struct result *r, int cols)
{
	struct view_axis x = { .width = r->bin_width > 0 ? r->bin_width : 1 };
	int64_t end = r->bin_start + (int64_t)r->bins * x.width, start = r->bin_start, bins;

	if (r->window.to != INT64_MAX && r->window.to > end)
		end = (r->window.to - 1) / x.width * x.width + x.width;
	if (r->window.from != INT64_MIN)
		start = r->window.from / x.width * x.width;
	if (cols < 1 || end <= start || (r->bins == 0 && r->window.from == INT64_MIN))
		return x; /* no time has a bin yet, so none begins it */
	bins = (end - start) / x.width;
	x.width *= (bins + cols - 1) / cols;
	x.n = (int)((end - start + x.width - 1) / x.width);
	x.from = end - x.n * x.width;
	return x;
}

int view_axis_at(const struct view_axis *x, int64_t start)
{
	int64_t at = start < x->from ? -1 : (start - x->from) / x->width;

	return at < x->n ? (int)at : -1;
}

void view_series(const struct view_axis *x, const struct result *r, const struct result_row *row,
		 enum metric m, uint64_t *out)
{
	memset(out, 0, (size_t)x->n * sizeof *out);
	for (unsigned i = 0; row->bin && i < r->bins; i++) {
		int at = view_axis_at(x, r->bin_start + (int64_t)i * r->bin_width);
		if (at >= 0)
			out[at] += tally_metric(&row->bin[i], m);
	}
}

/* ---- words ---- */

char *view_count(char *out, size_t size, uint64_t n)
{
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof digits, "%" PRIu64, n), at = 0;

	for (size_t i = 0; i < len && at + 2 < size; i++) {
		if (i && (len - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	out[at] = '\0';
	return out;
}
