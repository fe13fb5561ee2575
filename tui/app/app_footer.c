/* app_footer.c - the last line: of what lies on top the keys that do something now, in the order of
 * the table of commands, as many as have room. */
#include <string.h>

#include "app/app_copy.h"
#include "app/app_filter.h"
#include "app/command.h"
#include "state/layer.h"

struct footer_line {
	struct area area;
	int y, x;
};

/* Whether there was room for it. */
static bool add(struct footer_line *f, const char *key, const char *word)
{
	if (f->x + (int)(strlen(key) + strlen(word)) + 1 > f->area.cols)
		return false;
	f->x += screen_puts(f->area, f->y, f->x, ROLE_KEY, key) + 1;
	f->x += screen_puts(f->area, f->y, f->x, ROLE_DIM, word) + 2;
	return true;
}

/* "0-7 pane", where the panes have such keys. */
static void add_panes(struct footer_line *f, const struct app *a)
{
	const struct keys *k = &a->options->keys;
	int first = keys_key(k, COMMANDS_N, 0);
	char range[16];

	for (unsigned i = 0; i < a->panes; i++)
		if (keys_key(k, COMMANDS_N + (int)i, 0) != first + (int)i)
			return;
	if (first < '0' || first + (int)a->panes > '9' + 1)
		return;
	snprintf(range, sizeof range, "%c-%c", first, first + (int)a->panes - 1);
	add(f, range, "pane");
}

/* What the chosen cell says. */
static void add_cell(struct footer_line *f, struct app *a)
{
	struct buf clause = { 0 };

	app_selected_clause(a, &clause);
	if (clause.n)
		f->x += screen_text(f->area, f->y, f->x, f->area.cols / 2, ROLE_FOCUS,
				    buf_str(&clause)) +
			2;
	buf_release(&clause);
}

/* The command of this row, where it has a word and a key and would do something. */
static void add_command(struct footer_line *f, struct app *a, int i)
{
	const struct keys *k = &a->options->keys;
	enum layer on = layer_on_top(a);
	struct command c = keys_row(k, i);
	char key[16];

	if (!*c.footer || !(c.layers & (1 << on)))
		return;
	keys_label(k, i, key, sizeof key);
	if (!*key || (!c.fixed && keys_command(k, keys_key(k, i, 0), on) != i))
		return;
	if (command_works(a, i))
		add(f, key, c.footer);
}

void app_footer_draw(struct app *a, struct area area, int y)
{
	enum layer on = layer_on_top(a);
	struct footer_line f = { area, y, 1 };
	bool cell = a->cell && (IN_ROWS & (1 << on));

	if (app_copy_footer(a, area, y))
		return;
	if (cell) { /* what it is chosen for stands first */
		add_cell(&f, a);
		add_command(&f, a, COMMAND_only);
		add_command(&f, a, COMMAND_hide);
	}
	for (int i = 0; i < COMMANDS_N; i++) {
		if (!cell || (i != COMMAND_only && i != COMMAND_hide))
			add_command(&f, a, i);
		if (i == COMMAND_filter && (IN_PANES & (1 << on)))
			add_panes(&f, a);
	}
}
