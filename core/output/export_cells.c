/* export_cells.c - see export_cells.h. */
#include "output/export_cells.h"

const char *cells_title(int field)
{
	return field == FIELD_SERVICE ? "port" : field_name(field);
}

bool cells_wanted(const struct result *r)
{
	return !r->by_change && (r->query.bins.listed || r->column);
}

static void add_value(struct grid *g, const struct value *v)
{
	struct buf text = { 0 };

	value_render(v, &text);
	grid_add(g, buf_str(&text));
	buf_release(&text);
}

static void add_column(struct grid *g, const struct result *r, unsigned i)
{
	char stamp[32];

	if (r->column)
		add_value(g, &r->column[i]);
	else
		grid_add(g, str_of(rfc3339(stamp, sizeof stamp,
					   r->bin_start + (int64_t)i * r->bin_width)));
}

static void add_amounts(struct grid *g, const struct tally *t, bool human, bool priced)
{
	char text[32];

	if (human)
		grid_add(g, str_of(human_bytes(text, sizeof text, t->bytes)));
	else
		grid_number(g, t->bytes);
	grid_number(g, t->packets);
	grid_number(g, t->flows);
	grid_number(g, t->rejects);
	if (!priced)
		return;
	grid_add(g, str_of((human ? human_cost : cost_plain)(text, sizeof text, t->cost)));
}

void cells_heads(const struct result *r, struct grid *g)
{
	static const char *const amounts[] = { "bytes", "packets", "flows", "rejects" };
	int row_field = r->query.group.field[0];

	grid_field(g, row_field);
	grid_head(g, cells_title(row_field), !type_is_number(field_type(row_field)));
	grid_field(g, r->query.bins.field);
	grid_head(g, cells_title(r->query.bins.field),
		  r->query.bins.field == FIELD_BIN ||
			  !type_is_number(field_type(r->query.bins.field)));
	for (size_t i = 0; i < ARRAY_SIZE(amounts); i++)
		grid_head(g, amounts[i], false);
	if (r->query.priced)
		grid_head(g, "cost", false);
}

void cells_row(const struct result *r, const struct result_row *row, bool human, struct grid *g)
{
	for (unsigned c = 0; row->bin && c < r->bins; c++) {
		if ((row->bin[c].flows | row->bin[c].seconds) == 0)
			continue;
		add_value(g, &row->key[0]);
		add_column(g, r, c);
		add_amounts(g, &row->bin[c], human, r->query.priced);
	}
}

void cells_json(json_t *report, const struct result *r)
{
	json_t *list, *o;

	if (!r->column)
		return;
	list = json_array();
	for (unsigned i = 0; i < r->bins; i++)
		json_array_append_new(list, json_value(&r->column[i]));
	o = json_object();
	json_object_set_new(o, "field", json_string(cells_title(r->query.bins.field)));
	json_object_set_new(o, "of", json_number(r->columns));
	json_object_set_new(o, "values", list);
	json_object_set_new(report, "columns", o);
}

void cells_json_row(json_t *o, const struct result *r, const struct result_row *row)
{
	json_t *bins = json_array(), *rejects = json_array();

	for (unsigned i = 0; i < r->bins; i++) {
		json_array_append_new(bins,
				      json_amount(r, tally_metric(&row->bin[i], r->query.metric)));
		json_array_append_new(rejects, json_number(row->bin[i].rejects));
	}
	json_object_set_new(o, "bins", bins);
	if (cells_wanted(r))
		json_object_set_new(o, "bin_rejects", rejects);
	else
		json_decref(rejects);
}
