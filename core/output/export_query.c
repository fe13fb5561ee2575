/* export_query.c - see export_query.h. */
#include "output/export_query.h"

#include <inttypes.h>
#include <string.h>

#include "output/export_grid.h"
#include "query/heat.h"

/* Adds the value of a part; nothing where it was not asked. */
typedef void part_fn(const struct result *r, const struct export_context *c, struct buf *out);

static bool asks(const struct result *r)
{
	return r->query.rows == ROWS_RECORDS || r->query.group.n > 0;
}

static bool is_heat(const struct result *r)
{
	return r->query.bins.kind == BINS_HEAT;
}

static void add_time(int64_t t, struct buf *out)
{
	char text[32];

	if (t != INT64_MIN && t != INT64_MAX)
		buf_puts(out, rfc3339(text, sizeof text, t));
}

static void view(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)r;
	buf_puts(out, c->title);
}

/* As it was typed, if that means the same whenever and wherever it is asked again: times that go by
 * now and saved filters are written out. */
static void where(const struct result *r, const struct export_context *c, struct buf *out)
{
	const struct filter *f = r->query.filter;

	(void)c;
	if (f)
		buf_puts(out, strchr(filter_text(f), '@') ? filter_reads(f) : filter_says(f));
}

static void since(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	add_time(r->window.from, out);
}

static void until(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	add_time(r->window.to, out);
}

static void group(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	if (r->query.rows == ROWS_RANKED && !is_heat(r))
		group_name(&r->query.group, out);
}

static void metric(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	if (asks(r))
		metric_title(r->query.metric, &r->query.distinct, out);
}

static bool is_marked(const struct result *r)
{
	return r->compare.mark != INT64_MIN;
}

static void mark(const struct result *r, const struct export_context *c, struct buf *out)
{
	if (!is_marked(r))
		return;
	add_time(r->compare.mark, out);
	if (c->mark_label && *c->mark_label)
		buf_printf(out, "=%s", c->mark_label);
}

static void changes(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	if (is_marked(r) && r->query.mark.only != CHANGES)
		buf_puts(out, change_name(r->query.mark.only));
}

static void by_size(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	if (is_marked(r) && !r->query.mark.ranks)
		buf_puts(out, "true");
}

static void heat(const struct result *r, const struct export_context *c, struct buf *out)
{
	const struct heat_axis *row = heat_axis_of(r->query.group.field[0]),
			       *column = heat_axis_of(r->query.bins.field);

	(void)c;
	if (is_heat(r) && r->query.bins.listed && row && column)
		buf_printf(out, "%s,%s", row->name, column->name);
}

static void trend(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	if (r->query.rows == ROWS_RANKED && r->query.bins.kind == BINS_TREND)
		buf_puts(out, "true");
}

static void sort(const struct result *r, const struct export_context *c, struct buf *out)
{
	const struct flow_order *o = &r->query.sort;

	(void)c;
	if (r->query.rows == ROWS_RECORDS && o->field != FIELD_NONE)
		buf_printf(out, "%s%s", o->ascending ? "" : "-", field_name(o->field));
}

static void columns(const struct result *r, const struct export_context *c, struct buf *out)
{
	bool chosen = c->columns && r->query.rows == ROWS_RECORDS;

	for (unsigned i = 0; chosen && i < c->columns->n; i++)
		buf_printf(out, "%s%s", i ? "," : "", field_name(c->columns->field[i]));
}

static void once(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	if (r->query.once)
		buf_puts(out, "true");
}

static void limit(const struct result *r, const struct export_context *c, struct buf *out)
{
	(void)c;
	buf_printf(out, "%" PRIu32, r->query.limit);
}

static const struct part {
	const char *option;
	part_fn *add;
	enum { PART_TEXT, PART_NUMBER, PART_FLAG } kind;
} parts[] = {
	{ "view", view, PART_TEXT },       { "where", where, PART_TEXT },
	{ "since", since, PART_TEXT },     { "until", until, PART_TEXT },
	{ "group", group, PART_TEXT },     { "metric", metric, PART_TEXT },
	{ "mark", mark, PART_TEXT },       { "changes", changes, PART_TEXT },
	{ "by-size", by_size, PART_FLAG }, { "heat", heat, PART_TEXT },
	{ "trend", trend, PART_FLAG },     { "sort", sort, PART_TEXT },
	{ "columns", columns, PART_TEXT }, { "once", once, PART_FLAG },
	{ "limit", limit, PART_NUMBER },
};

json_t *query_json(const struct result *r, const struct export_context *c)
{
	json_t *o = json_object();
	struct buf value = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		const struct part *p = &parts[i];
		buf_clear(&value);
		p->add(r, c, &value);
		json_object_set_new(o, p->option,
				    value.n == 0             ? json_null()
				    : p->kind == PART_NUMBER ? json_integer(r->query.limit)
				    : p->kind == PART_FLAG   ? json_true()
							     : json_text(buf_str(&value)));
	}
	buf_release(&value);
	return o;
}

/* As one word of a shell. */
static void add_word(struct str s, struct buf *out)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-_.,:/=+@";
	bool quote = false;

	for (size_t i = 0; i < s.n; i++)
		quote |= !strchr(plain, s.s[i]);
	buf_puts(out, quote ? "'" : "");
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] == '\'')
			buf_puts(out, "'\\''");
		else
			export_printable(out, (struct str){ s.s + i, 1 });
	buf_puts(out, quote ? "'" : "");
}

void query_line(const struct result *r, const struct export_context *c, struct buf *out)
{
	struct buf value = { 0 };

	buf_puts(out, "asked with");
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		buf_clear(&value);
		parts[i].add(r, c, &value);
		if (value.n == 0)
			continue;
		buf_printf(out, " --%s", parts[i].option);
		if (parts[i].kind == PART_FLAG)
			continue;
		buf_putc(out, ' ');
		add_word(buf_str(&value), out);
	}
	buf_putc(out, '\n');
	buf_release(&value);
}
