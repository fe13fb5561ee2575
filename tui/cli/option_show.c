/* option_show.c - --explain-filter and --print-sql: print, and that is the run. */
#include "filter/filter.h"
#include "cli/option_row.h"
#include "output/export_load.h"
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

/* What a report has and no statement has; NULL: nothing of it was asked for. */
static const char *beyond_sql(const struct options *o)
{
	return o->heat_given           ? "--heat is no row of SQL: --group has the cells, as in "
					 "--group service,time"
	       : o->changes != CHANGES ? "--changes are enitop's words for what before and after "
					 "say: leave it away"
	       : o->once ? "--once rests on what records teach of interfaces: SQL has every record"
	       : options_price(o) ? "--metric cost rests on what records teach of interfaces"
	       : o->trend ? "--trend is no column of SQL: --group srcaddr,time has it as rows"
			  : NULL;
}

/* What is asked for of records where a view shows none; NULL: nothing. */
static const char *beyond_view(const struct options *o, const struct view *v)
{
	return v->query.rows == ROWS_RECORDS ? NULL
	       : o->sort_given               ? "--sort is of flows: --metric ranks these"
	       : o->columns.n                ? "--columns is of flows: --group has those of these"
					     : NULL;
}

static struct sql_question question_of(const struct options *o, const struct view *v,
				       const struct query *q)
{
	struct sql_question ask = {
		.query = q, .columns = &o->columns, .now_s = o->now_s, .note = beyond_view(o, v)
	};

	for (unsigned i = 0; i < o->label_files; i++)
		if (o->label_file[i].kind == LABEL_FILE_INTERNAL)
			ask.internal[ask.internals++] = o->label_file[i].value;
	return ask;
}

static bool print_view(struct parsing *p, const struct view *v, struct filter *f, struct buf *out)
{
	struct query q = options_query(&p->o, v);
	struct sql_question ask = question_of(&p->o, v, &q);
	char why[200];

	q.filter = f;
	if (v->report == export_sources && p->o.sql == SQL_CLICKHOUSE) {
		load_table(out);
		return true;
	}
	if (!view_is_query(v)) {
		buf_printf(&p->error, "--print-sql: the %s are enitop's own: no engine knows them",
			   v->name);
		return false;
	}
	if (sql_print((enum sql_engine)p->o.sql, &ask, out, why, sizeof why) < 0) {
		buf_printf(&p->error, "--print-sql: %s", why);
		return false;
	}
	return true;
}

int option_print_sql(struct parsing *p)
{
	const struct options *o = &p->o;
	struct filter_error error;
	struct filter *f = filter_new(str_of(o->where), options_now(o), &error);
	const char *beyond = beyond_sql(o);
	struct buf text = { 0 };
	bool said = !beyond;

	if (beyond)
		buf_printf(&p->error, "--print-sql: %s", beyond);
	for (unsigned i = 0; said && i < o->views; i++)
		said = print_view(p, o->view[i], f, &text);
	if (said && text.n)
		fwrite(text.s, 1, text.n, p->out);
	buf_release(&text);
	filter_free(f);
	return said ? 0 : 2;
}
