/* option_show.c - one function an option: what is printed. */
#include "app/command.h"
#include "filter/filter.h"
#include "cli/option_take.h"
#include "output/sql.h"

/* The filter with a caret under what is wrong. */
int option_bad_filter(FILE *err, const char *text, const struct filter_error *e)
{
	fprintf(err, "enitop: bad filter: %s\n  %s\n  %*s", e->message, text, (int)e->column, "");
	for (size_t i = 0; i < (e->length ? e->length : 1); i++)
		fputc('^', err);
	fputc('\n', err);
	return 2;
}

int option_explain(struct parsing *p)
{
	const char *value = p->explain;
	struct filter_error e;
	struct filter *f = filter_new(str_of(value), options_now(p->o), &e);
	struct buf text = { 0 };

	if (!f)
		return option_bad_filter(p->err, value, &e);
	filter_explain(f, &text);
	fwrite(text.s, 1, text.n, p->out);
	buf_release(&text);
	filter_free(f);
	return 0;
}

int take_views(struct parsing *p, const char *value)
{
	(void)value;
	for (int v = 0; v < VIEW_KINDS; v++)
		fprintf(p->out, "%s\n", view_kind_name((enum view_kind)v));
	return 0;
}

int take_keys(struct parsing *p, const char *value)
{
	(void)value;
	commands_print(p->out);
	return 0;
}

int take_sql(struct parsing *p, const char *value)
{
	p->o->sql = sql_engine_find(str_of(value));
	return p->o->sql >= 0 ? -1
			      : option_refuse(p, "print-sql", value,
					      "engine (athena, insights, clickhouse)");
}

int option_print_sql(const struct options *o, FILE *out, FILE *err)
{
	struct filter_error error;
	struct filter *f = filter_new(str_of(o->where), options_now(o), &error);
	struct buf text = { 0 };
	char why[160];
	int status = 0;

	if (o->heat_given || o->mark_s != INT64_MIN) {
		fputs("enitop: --print-sql has no --heat and no --mark\n", err);
		filter_free(f);
		return 2;
	}
	for (unsigned i = 0; f && !status && i < o->views; i++) {
		bool rejects = o->view[i] == VIEW_REJECTS;
		struct sql_query q = { .view = o->view[i],
				       .group = o->group,
				       .metric = o->metric_given ? o->metric
						 : rejects       ? METRIC_REJECTS
								 : METRIC_BYTES,
				       .distinct = o->distinct,
				       .limit = o->view[i] == VIEW_FLOWS && !o->limit_given
							? 0
							: o->limit,
				       .filter = f,
				       .since_s = o->since_s,
				       .until_s = o->until_s,
				       .window_s = o->window_s };
		if (!o->group_given)
			q.group = *view_default_group(o->view[i]);
		if (sql_print((enum sql_engine)o->sql, &q, &text, why, sizeof why) < 0) {
			fprintf(err, "enitop: --print-sql: %s\n", why);
			status = 2;
		}
	}
	fwrite(text.s, 1, text.n, out);
	buf_release(&text);
	filter_free(f);
	return status;
}
