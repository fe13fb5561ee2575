/* setting.c - the configuration in force: which values were given last, and --print-config, which
 * writes them as a file that is read back as the same. */
#include <getopt.h>
#include <string.h>

#include "cli/option_row.h"

/* ---- what was given ---- */

/* Whether a value of `r` takes the place of one of `had`: "--once" that of "--no-once". */
static bool replaces(const struct option_row *r, const struct option_row *had)
{
	return had == r ? !r->many
			: r->take == take_flag && had->take == take_flag && had->at == r->at;
}

void settings_put(struct parsing *p, const struct option_row *r, const char *value)
{
	size_t n = 0;

	if (r->scope != OPTION_ANYWHERE || (r->of_watch && p->o.watches))
		return;
	for (size_t i = 0; i < p->settings; i++)
		if (!replaces(r, p->setting[i].row))
			p->setting[n++] = p->setting[i];
	p->settings = n;
	if (value && *value == '\0') /* --where '' is the same as none */
		return;
	xgrow((void **)&p->setting, &p->setting_cap, n + 1, sizeof *p->setting);
	p->setting[p->settings++] = (struct setting){ r, value };
}

/* ---- --print-config ---- */

/* A line of a configuration ends where a newline stands, loses blanks at its ends, and has a folder
 * in place of a "~". */
static bool has_room(const char *value)
{
	size_t n = strlen(value);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)value[i] < ' ' || value[i] == 127)
			return false;
	return n == 0 || (value[0] != ' ' && value[n - 1] != ' ' && strncmp(value, "~/", 2) != 0);
}

/* "once = yes", "limit = 5". A number that would read as yes or no has a 0 before it. */
static bool add_setting(struct parsing *p, const struct setting *s, struct buf *out)
{
	const struct option_row *r = s->row;
	bool word = s->value && option_argument(r) == optional_argument &&
		    option_yes_or_no(s->value) >= 0;

	if (s->value && !has_room(s->value)) {
		buf_printf(&p->error,
			   "--print-config: no line has room for --%s: it holds a control "
			   "character,\nbegins or ends with a blank, or begins with ~/",
			   r->name);
		return false;
	}
	buf_printf(out, "%s = %s%s\n", r->name, word ? "0" : "", s->value ? s->value : "yes");
	return true;
}

static void add_comment(const char *text, struct buf *out)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		buf_printf(out, "# %.*s\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

/* The row's help, and its values; where there are none a line that only shows how it is written. */
static bool add_row(struct parsing *p, const struct option_row *r, struct buf *out)
{
	struct buf help = { 0 };
	bool some = false;

	option_help(p, r, &help);
	buf_putc(out, '\n');
	add_comment(help.s, out);
	buf_release(&help);
	for (size_t i = 0; i < p->settings; i++) {
		if (p->setting[i].row != r)
			continue;
		some = true;
		if (!add_setting(p, &p->setting[i], out))
			return false;
	}
	if (!some)
		buf_printf(out, "#%s = %s\n", r->name,
			   !r->value ? "yes" : r->value + (*r->value == '='));
	return true;
}

static void add_filters(const struct config *c, struct buf *out)
{
	buf_puts(out, "\n# ---- Saved filters ----\n# Each stands for its text wherever a filter "
		      "does: @NAME.\n");
	for (size_t i = 0; i < c->n; i++)
		buf_printf(out, "filter %s = %s\n", c->filter[i].name, c->filter[i].text);
	if (c->n == 0)
		buf_puts(out, "#filter ssh = dport=22\n");
}

static void add_keys(const struct keys *k, struct buf *out)
{
	buf_puts(out, "\n# ---- Keys ----\n# What is pressed, and the command that it runs, or "
		      "none: enitop(1) has their names.\n");
	keys_print(k, out);
}

int option_print_config(struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);
	const char *path = p->o.config ? p->o.config->path : NULL, *topic = NULL;
	struct buf out = { 0 };
	bool good = true;

	buf_printf(
		&out,
		"# The configuration of enitop %s in force: that of the file and of the command "
		"line.\n# It belongs in %s\n"
		"# Lines 'OPTION = VALUE', 'filter NAME = TEXT', 'key NAME = COMMAND'; those with # say "
		"nothing.\n",
		PACKAGE_VERSION,
		path && has_room(path) ? path
				       : "enitop/config below $XDG_CONFIG_HOME or ~/.config");
	for (size_t i = 0; i < n && good; i++) {
		topic = r[i].topic ? r[i].topic : topic;
		if (r[i].scope != OPTION_ANYWHERE)
			continue;
		if (topic)
			buf_printf(&out, "\n# ---- %s ----\n", topic);
		topic = NULL;
		good = add_row(p, &r[i], &out);
	}
	if (p->o.config)
		add_filters(p->o.config, &out);
	add_keys(&p->o.keys, &out);
	if (good)
		fwrite(out.s, 1, out.n, p->out);
	buf_release(&out);
	return good ? 0 : 2;
}
