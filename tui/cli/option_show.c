/* option_show.c - --explain-filter and --print-sql: print, and that is the run. */
#include "filter/filter.h"
#include "cli/option_row.h"
#include "output/sql.h"

int option_explain(struct parsing *p)
{
	const char *value = p->explain;
	struct filter_error e;
	struct filter *f = filter_new(str_of(value), options_now(&p->o), &e);
	struct buf text = { 0 };

	if (!f)
		return option_bad_filter(p, value, &e);
	filter_explain(f, &text);
	fwrite(text.s, 1, text.n, p->out);
	buf_release(&text);
	filter_free(f);
	return 0;
}

int option_print_sql(struct parsing *p)
{
	const struct options *o = &p->o;
	struct filter_error error;
	struct filter *f = filter_new(str_of(o->where), options_now(o), &error);
	struct buf text = { 0 };
	char why[160];
	int status = 0;

	if (o->heat_given || o->mark_s != INT64_MIN) {
		buf_puts(&p->error, "--print-sql has no --heat and no --mark");
		filter_free(f);
		return 2;
	}
	for (unsigned i = 0; f && !status && i < o->views; i++) {
		struct query q = options_query(o, o->view[i]);
		q.filter = f;
		if (o->view[i]->report) {
			buf_printf(&p->error,
				   "--print-sql: the %s are enitop's own: no engine knows them",
				   o->view[i]->name);
			status = 2;
			break;
		}
		if (sql_print((enum sql_engine)o->sql, &q, &text, why, sizeof why) < 0) {
			buf_printf(&p->error, "--print-sql: %s", why);
			status = 2;
		}
	}
	if (text.n)
		fwrite(text.s, 1, text.n, p->out);
	buf_release(&text);
	filter_free(f);
	return status;
}
