/* option_words.c - what values of options can be, for completion and help: see option_row.h. All of
 * it stands in tables elsewhere. */
#include <string.h>

#include "cli/option_row.h"
#include "query/heat.h"
#include "triage/detector.h"
#include "triage/spike.h"

void words_views(const struct parsing *p, struct buf *out)
{
	for (unsigned v = 0; v < p->o.known->n; v++)
		buf_printf(out, "%s ", p->o.known->row[v]->name);
	buf_puts(out, SPIKE_VIEW " ");
}

void words_fields(const struct parsing *p, struct buf *out)
{
	(void)p;
	for (int id = 0; id < FIELDS_KNOWN; id++)
		buf_printf(out, "%s ", field_get(id)->name);
}

void words_metrics(const struct parsing *p, struct buf *out)
{
	(void)p;
	for (int m = 0; m < METRICS; m++)
		if (m != METRIC_DISTINCT)
			buf_printf(out, "%s ", metric_name((enum metric)m));
	for (int id = 0; id < FIELDS_PUBLISHED; id++)
		buf_printf(out, "distinct:%s ", field_get(id)->name);
}

/* A field with its short names, and words of the language. */
void words_filter(const struct parsing *p, struct buf *out)
{
	(void)p;
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		struct str rest = str_of(field_get(id)->aliases), one;
		buf_printf(out, "%s= ", field_get(id)->name);
		while ((one = str_token(&rest)).n) {
			while (one.n && one.s[one.n - 1] == ',')
				one.n--;
			buf_printf(out, "%.*s= ", (int)one.n, one.s);
		}
	}
	buf_puts(out, "accept reject and or not ");
}

void words_axes(const struct parsing *p, struct buf *out)
{
	size_t n;
	const struct heat *h = heats(&n);

	(void)p;
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s,%s ", h[i].row->name, h[i].column->name);
}

void words_widths(const struct parsing *p, struct buf *out)
{
	const char *name;

	(void)p;
	for (size_t i = 0; (name = spike_every_at(i)); i++)
		buf_printf(out, "%s ", name);
}

void words_limits(const struct parsing *p, struct buf *out)
{
	unsigned n;
	const struct detector *const *d = detectors(&n);

	(void)p;
	for (unsigned i = 0; i < n; i++)
		for (unsigned k = 0; k < THRESHOLDS && d[i]->threshold[k].name; k++)
			buf_printf(out, "%s.%s= ", d[i]->name, d[i]->threshold[k].name);
}

void words_rules(const struct parsing *p, struct buf *out)
{
	unsigned n;
	const struct detector *const *d = detectors(&n);

	(void)p;
	for (unsigned i = 0; i < n; i++)
		buf_printf(out, "%s ", d[i]->name);
}

void words_themes(const struct parsing *p, struct buf *out)
{
	struct buf names = { 0 };
	struct str rest;

	(void)p;
	theme_names(&names);
	rest = buf_str(&names);
	for (struct str one; (one = str_token(&rest)).n;) {
		while (one.n && one.s[one.n - 1] == ',')
			one.n--;
		buf_printf(out, "%.*s ", (int)one.n, one.s);
	}
	buf_release(&names);
}

void option_row_words(const struct parsing *p, const struct option_row *r, struct buf *out)
{
	if (r->words)
		r->words(p, out);
	else if (r->take == take_choice)
		for (int i = 0; i < r->choice->n; i++)
			if (r->choice->find(str_of(r->choice->name(i))) >= 0)
				buf_printf(out, "%s ", r->choice->name(i));
}
