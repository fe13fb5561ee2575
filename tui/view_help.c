/* view_help.c - help made of the command table, and the filter in a few lines. */
#include <string.h>

#include "command.h"
#include "view.h"

static const char *const filter_help[] = {
	"443  10.0.0.0/8  reject  ssh  eni-...    what fingers type",
	"dport=443,8443   bytes>1M   src!=10.0.0.5   flags=syn",
	"a and b, a or b, not a, ( )   /regex/ on the whole record",
	"client= server= service=   addr= port= net= : any side",
	"complete (6): newest end less one interval, 60s or 600s",
};

void view_help_draw(struct app *a, struct area area)
{
	size_t n;
	const struct command *c = commands(&n);
	int columns = area.cols >= 100 ? 2 : 1, extra = (int)ARRAY_SIZE(filter_help) + 1;
	int per = ((int)n + columns - 1) / columns, w = area.cols / columns;
	bool room = area.rows >= per + extra;
	int lines = room ? area.rows - extra : area.rows;

	(void)a;
	if (per > lines) {
		columns = area.cols >= 60 ? 2 : 1;
		per = ((int)n + columns - 1) / columns;
		w = area.cols / columns;
	}
	for (size_t i = 0; i < n; i++) {
		int y = (int)i % per, x = (int)i / per * w;
		char name[16], other[16];
		key_label(c[i].key, name, sizeof name);
		if (c[i].other && c[i].other != '\n') {
			key_label(c[i].other, other, sizeof other);
			screen_printf(area, y, x + 1, ROLE_KEY, "%s %s", name, other);
		} else {
			screen_puts(area, y, x + 1, ROLE_KEY, name);
		}
		screen_text(area, y, x + 15, w - 16, ROLE_TEXT, str_of(c[i].help));
	}
	for (int i = 0; area.rows >= per + extra && i < (int)ARRAY_SIZE(filter_help); i++) {
		screen_puts(area, per + 1 + i, 1, ROLE_DIM,
			    i == 0                                  ? "filter"
			    : i + 1 == (int)ARRAY_SIZE(filter_help) ? "sources"
								    : "");
		screen_puts(area, per + 1 + i, 15, ROLE_READS, filter_help[i]);
	}
}
