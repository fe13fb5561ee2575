/* option_show.c - one function an option: what is printed. */
#include "command.h"
#include "filter.h"
#include "option_take.h"

/* The filter with a caret under what is wrong. */
int option_bad_filter(FILE *err, const char *text, const struct filter_error *e)
{
	fprintf(err, "enitop: bad filter: %s\n  %s\n  %*s", e->message, text, (int)e->column, "");
	for (size_t i = 0; i < (e->length ? e->length : 1); i++)
		fputc('^', err);
	fputc('\n', err);
	return 2;
}

int take_explain(struct parsing *p, const char *value)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(value), options_now(p->o), &e);

	if (!f)
		return option_bad_filter(p->err, value, &e);
	fprintf(p->out, "%s\n", filter_is_all(f) ? "every flow" : filter_reads(f));
	filter_free(f);
	return 0;
}

int take_fields(struct parsing *p, const char *value)
{
	(void)value;
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		const struct field *f = field_get(id);
		fprintf(p->out, "%-28s %-8s %-12s %s\n", f->name, f->version ? "" : "derived",
			f->aliases, f->help);
	}
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
