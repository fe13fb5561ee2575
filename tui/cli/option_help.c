/* option_help.c - --help, and the short lists: --views, --rules, --keys, --version. */
#include <string.h>

#include "cli/filter_table.h"
#include "cli/option_row.h"
#include "triage/rules.h"

#define LEFT 32  /* columns of an option before what it does */
#define WORDS 64 /* of a line of names */

/* ---- lists ---- */

void option_print_views(const struct parsing *p)
{
	for (unsigned v = 0; v < p->o.known->n; v++)
		fprintf(p->out, "%s\n", p->o.known->row[v]->name);
	fputs(SPIKE_VIEW "\n", p->out);
}

void option_print_rules(const struct parsing *p)
{
	struct buf text = { 0 };

	rules_help(&text);
	fputs(text.s, p->out);
	buf_release(&text);
}

void option_print_keys(const struct parsing *p)
{
	const struct keys *k = &p->o.keys;

	for (int s = keys_section(-1); s >= 0; s = keys_section(s)) {
		struct buf text = { 0 };
		for (int i = 0; i < keys_commands(k); i++) {
			struct buf keys = { 0 };
			if (!keys_in(k, i, s))
				continue;
			keys_text(k, i, &keys);
			buf_printf(&text, "  %-16s %s\n", keys.n ? keys.s : "-",
				   keys_row(k, i).help);
			buf_release(&keys);
		}
		if (text.n)
			fprintf(p->out, "%s%s\n%s", s == keys_section(-1) ? "" : "\n",
				keys_title(s), text.s);
		buf_release(&text);
	}
}

void option_print_version(const struct parsing *p)
{
	fprintf(p->out, "enitop %s\n", PACKAGE_VERSION);
}

/* ---- the help of one option ---- */

/* "talkers (default), rejects". */
static void add_views(const struct views *known, struct buf *out)
{
	for (unsigned v = 0; v < known->n; v++)
		buf_printf(out, "%s%s%s", v ? ", " : "", known->row[v]->name,
			   known->row[v] == known->usual ? " (default)" : "");
	buf_puts(out, "\n" SPIKE_VIEW ": what is unusual in series, alone");
}

/* "\ndark, light", as many to a line as fit. */
static void add_words(struct str words, struct buf *out)
{
	size_t line = WORDS;

	for (struct str one; (one = str_token(&words)).n; line += one.n + 2) {
		bool more = line + one.n < WORDS;
		buf_printf(out, "%s%.*s", more ? " " : "\n", (int)one.n, one.s);
		if (words.n > 1)
			buf_putc(out, ',');
		line = more ? line : 0;
	}
}

void option_help(const struct parsing *p, const struct option_row *r, struct buf *out)
{
	struct buf words = { 0 };

	if (!r->help) {
		add_views(p->o.known, out);
		return;
	}
	buf_puts(out, r->help);
	if (r->help[strlen(r->help) - 1] == ':') {
		option_row_words(p, r, &words);
		add_words(buf_str(&words), out);
		buf_release(&words);
	}
}

/* "  -v, --view NAME[,NAME]". */
static void print_left(FILE *out, const struct option_row *r)
{
	char left[48];
	int n = r->letter ? snprintf(left, sizeof left, "  -%c, --%s", r->letter, r->name)
			  : snprintf(left, sizeof left, "      --%s", r->name);

	if (r->value)
		snprintf(left + n, sizeof left - (size_t)n, *r->value == '=' ? "[%s]" : " %s",
			 r->value);
	fprintf(out, "%-*s ", LEFT, left);
}

static void print_row(const struct parsing *p, const struct option_row *r)
{
	struct buf help = { 0 };
	const char *line;

	option_help(p, r, &help);
	line = help.s;
	print_left(p->out, r);
	for (bool first = true; *line; first = false) {
		size_t length = strcspn(line, "\n");
		fprintf(p->out, "%*s%.*s\n", first ? 0 : LEFT + 1, "", (int)length, line);
		line += length + (line[length] == '\n');
	}
	buf_release(&help);
}

/* ---- --help ---- */

static void print_brief(const struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);

	fputs("usage: enitop [OPTION]... [PATH]...      top for Amazon VPC Flow Logs\n"
	      "PATH is a file, a folder, or - for standard input, as they were delivered.\n\n"
	      "  enitop /data/flow-logs/                               on screen, live\n"
	      "  aws logs tail GROUP --follow --format short | enitop\n"
	      "  enitop --batch x.log.gz                               a report\n"
	      "  enitop --why '10.0.1.5 10.0.2.9:5432' x.log.gz        why it fails\n\n",
	      p->out);
	for (size_t i = 0; i < n; i++) {
		if (!r[i].brief)
			continue;
		print_left(p->out, &r[i]);
		fprintf(p->out, "%s\n", r[i].brief);
	}
	fputs("\nMore: enitop --help all, --help filter (the language of --where), --keys,\n"
	      "--fields, --rules; man enitop; ? on screen.\n",
	      p->out);
}

static void print_all(const struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);

	fputs("usage: enitop [OPTION]... [PATH]...\n\n"
	      "top for Amazon VPC Flow Logs. PATH is a file, a directory or -; what it holds is told\n"
	      "by its content. Without one, standard input is read if it is a pipe or a file.\n",
	      p->out);
	for (size_t i = 0; i < n; i++) {
		if (r[i].topic)
			fprintf(p->out, "\n%s:\n", r[i].topic);
		print_row(p, &r[i]);
	}
	fputs("\n--view sources has a row an input: source state shape format version formats (met)\n"
	      "size read rate (flows/s) newest lag (seconds) complete_until lines flows nodata\n"
	      "skipdata malformed faults error note; json and ndjson also columns (of each format)\n"
	      "unreadable (values, by field), malformed_lines (the last 20: line, reason, text) and\n"
	      "unreadable_values (the same, and field). complete_until is the newest\n"
	      "end less one aggregation interval (60s, or 600s once a record was longer): a record\n"
	      "is delivered when its interval is over.\n",
	      p->out);
	filter_table_print(p->out);
	fputs("\nExit status: 0 done, 1 some input could not be read, 2 usage or a bad filter;\n"
	      "with --assert 3 one failed, else 4 one is not proven, else as without.\n",
	      p->out);
}

static void print_filter(const struct parsing *p)
{
	filter_table_print(p->out);
	fputs("\nenitop --fields lists the names, man enitop-filter says all of it.\n", p->out);
}

static const struct {
	const char *name;
	option_print *print;
} topics[] = { { "all", print_all }, { "filter", print_filter } };

void words_help(const struct parsing *p, struct buf *out)
{
	(void)p;
	for (size_t i = 0; i < ARRAY_SIZE(topics); i++)
		buf_printf(out, "%s ", topics[i].name);
}

int take_help(struct parsing *p, const struct option_row *r, const char *value)
{
	const char *name = value ? value : p->next;

	for (size_t i = 0; name && i < ARRAY_SIZE(topics); i++)
		if (strcmp(topics[i].name, name) == 0) {
			topics[i].print(p);
			return 0;
		}
	if (!value) {
		print_brief(p);
		return 0;
	}
	buf_printf(&p->error, "--%s: '%s' is no topic (all, filter)", r->name, value);
	return 2;
}
