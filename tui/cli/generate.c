/* generate.c - --generate: what is made of the tables for shells and for the manual. To add a kind,
 * add a row. */
#include <string.h>

#include "cli/option_row.h"

static const struct {
	const char *name;
	option_print *print;
} kinds[] = {
	{ "bash", completion_bash },     { "zsh", completion_zsh },
	{ "fish", completion_fish },     { "man-options", manual_options },
	{ "man-keys", manual_keys },     { "man-keynames", manual_key_names },
	{ "man-fields", manual_fields }, { "man-filter", manual_filter },
	{ "man-rules", manual_rules },   { "man-views", manual_views },
	{ "man-themes", manual_themes },
};

void words_generate(const struct parsing *p, struct buf *out)
{
	(void)p;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		buf_printf(out, "%s ", kinds[i].name);
}

int take_generate(struct parsing *p, const struct option_row *r, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].name, value) == 0) {
			kinds[i].print(p);
			return 0;
		}
	buf_printf(&p->error, "--%s: '%s' is no kind (", r->name, value);
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		buf_printf(&p->error, "%s%s", i ? ", " : "", kinds[i].name);
	buf_putc(&p->error, ')');
	return 2;
}
