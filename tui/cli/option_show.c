/* option_show.c - one function an option: what is printed. */
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
	for (unsigned v = 0; v < p->o->known->n; v++)
		fprintf(p->out, "%s\n", p->o->known->row[v]->name);
	return 0;
}

int take_keys(struct parsing *p, const char *value)
{
	struct command c[KEYS_MAX];
	unsigned n = views_keys(p->o->known, c);

	(void)value;
	for (unsigned i = 0; i < n; i++) {
		char name[16], other[16] = "";
		key_label(c[i].key, name, sizeof name);
		if (c[i].other && c[i].other != '\n')
			key_label(c[i].other, other, sizeof other);
		fprintf(p->out, "%-10s %-7s %s\n", name, other, c[i].help);
	}
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
		struct query q = options_query(o, o->view[i]);
		q.filter = f;
		if (o->view[i]->report) {
			fprintf(err, "enitop: --print-sql: the %s are enitop's own: no engine knows "
				     "them\n",
				o->view[i]->name);
			status = 2;
			break;
		}
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
