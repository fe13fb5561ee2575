/* export_mark.c - see export_mark.h. */
#include "output/export_mark.h"

#include "output/export_grid.h"

bool mark_shown(const struct result *r, bool human)
{
	(void)human;
	return r->compare.mark != INT64_MIN && r->query.rows == ROWS_RANKED;
}

static struct result_cell amount(const struct result *r, const struct tally *t)
{
	return cell_amount(r, tally_metric(t, r->query.metric));
}

struct result_cell mark_before(const struct result *r, const struct result_row *row)
{
	return amount(r, &row->before);
}

struct result_cell mark_after(const struct result *r, const struct result_row *row)
{
	struct tally after = tally_after(&row->tally, &row->before);

	return amount(r, &after);
}

static struct result_cell rate(const struct result *r, double value)
{
	if (!compare_is_possible(&r->compare))
		return (struct result_cell){ .kind = CELL_ABSENT };
	if (metric_base(r->query.metric) == METRIC_COST)
		return cell_amount(r, value < 1.8e19 ? (uint64_t)value : UINT64_MAX);
	return (struct result_cell){ .kind = CELL_REAL, .real = value };
}

struct result_cell mark_before_rate(const struct result *r, const struct result_row *row)
{
	return rate(r, compare_rate_before(&r->compare, &row->before, r->query.metric));
}

struct result_cell mark_after_rate(const struct result *r, const struct result_row *row)
{
	return rate(r, compare_rate_after(&r->compare, &row->tally, &row->before, r->query.metric));
}

struct result_cell mark_change(const struct result *r, const struct result_row *row)
{
	if (!compare_is_possible(&r->compare))
		return (struct result_cell){ .kind = CELL_ABSENT };
	return (struct result_cell){ .kind = CELL_WORD, .word = change_name(row->change) };
}

void mark_note(const struct result *r, const struct export_context *c, struct buf *out)
{
	bool possible = compare_is_possible(&r->compare);
	char at[32], x[24], y[24];

	if (r->compare.mark == INT64_MIN)
		return;
	buf_printf(out, "%s %s", possible ? "compared at" : "! no data on both sides of",
		   rfc3339(at, sizeof at, r->compare.mark));
	if (c->mark_label && *c->mark_label) {
		buf_puts(out, " '");
		export_printable(out, str_of(c->mark_label));
		buf_putc(out, '\'');
	}
	if (possible)
		buf_printf(out, ": before %s, after %s",
			   human_duration(x, sizeof x, r->compare.before_s),
			   human_duration(y, sizeof y, r->compare.after_s));
	buf_putc(out, '\n');
}

void mark_json(json_t *report, const struct result *r, const struct export_context *c)
{
	json_t *o;

	if (r->compare.mark == INT64_MIN)
		return;
	o = json_object();
	json_object_set_new(o, "time", json_time(r->compare.mark));
	json_object_set_new(o, "label",
			    c->mark_label && *c->mark_label ? json_text(str_of(c->mark_label))
							    : json_null());
	json_object_set_new(o, "before_seconds", json_integer(r->compare.before_s));
	json_object_set_new(o, "after_seconds", json_integer(r->compare.after_s));
	json_object_set_new(report, "mark", o);
}
