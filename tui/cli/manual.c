/* manual.c - parts of the manual pages that stand in tables, as troff's macros "man" have them: the
 * pages themselves are tui/man/ *.in, where a line @options@ stands for the part of that name. */

#include "cli/filter_table.h"
#include "cli/option_row.h"
#include "schema/describe.h"
#include "triage/rules.h"

/* Text that troff takes as it is, lines as blanks. */
static void print_text(FILE *out, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];
		if (c == '\\')
			fputs("\\e", out);
		else if (c == '-')
			fputs("\\-", out);
		else if (c == '\'')
			fputs("\\(aq", out);
		else if (c == '~')
			fputs("\\(ti", out);
		else if (c == '^')
			fputs("\\(ha", out);
		else if (c == '`')
			fputs("\\(ga", out);
		else if (i == 0 && c == '.')
			fputs("\\&.", out);
		else
			fputc(c == '\n' ? ' ' : c, out);
	}
}

static void print_bold(FILE *out, struct str text)
{
	fputs("\\fB", out);
	print_text(out, text);
	fputs("\\fR", out);
}

/* A line of its own. */
static void print_line(FILE *out, const char *text)
{
	print_text(out, str_of(text));
	fputc('\n', out);
}

/* ---- options, keys ---- */

static void print_option(const struct parsing *p, const struct option_row *r)
{
	struct buf help = { 0 };

	fputs(".TP\n", p->out);
	if (r->letter)
		fprintf(p->out, "\\fB\\-%c\\fR, ", r->letter);
	fputs("\\fB\\-\\-", p->out);
	print_text(p->out, str_of(r->name));
	fputs("\\fR", p->out);
	if (r->value) {
		bool optional = *r->value == '=';
		fputs(optional ? "[=\\fI" : " \\fI", p->out);
		print_text(p->out, str_of(r->value + optional));
		fputs(optional ? "\\fR]" : "\\fR", p->out);
	}
	fputc('\n', p->out);
	option_help(p, r, &help);
	print_line(p->out, help.s);
	buf_release(&help);
}

void manual_options(const struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (r[i].topic)
			fprintf(p->out, ".SS %s\n", r[i].topic);
		print_option(p, &r[i]);
	}
}

static void print_key(const struct parsing *p, int command)
{
	const struct keys *k = &p->o.keys;
	char label[16];
	int key;

	fputs(".TP 16\n", p->out);
	for (unsigned i = 0; (key = keys_key(k, command, i)); i++) {
		fputs(i ? ", " : "", p->out);
		print_bold(p->out, str_of(key_label(key, label, sizeof label)));
	}
	fputc('\n', p->out);
	print_line(p->out, keys_row(k, command).help);
	if (!keys_row(k, command).fixed) {
		struct buf name = { 0 };
		keys_name(k, command, &name);
		fputs("(\\fI", p->out);
		print_text(p->out, buf_str(&name));
		fputs("\\fR)\n", p->out);
		buf_release(&name);
	}
}

void manual_key_names(const struct parsing *p)
{
	const char *word;

	for (size_t i = 0; (word = key_word(i)); i++) {
		print_bold(p->out, str_of(word));
		fputs(",\n", p->out);
	}
}

void manual_keys(const struct parsing *p)
{
	const struct keys *k = &p->o.keys;

	for (int s = keys_section(-1); s >= 0; s = keys_section(s)) {
		bool any = false;
		for (int i = 0; i < keys_commands(k); i++) {
			if (!keys_in(k, i, s))
				continue;
			if (!any)
				fprintf(p->out, ".PP\n%s:\n.PD 0\n", keys_title(s));
			any = true;
			print_key(p, i);
		}
		if (any)
			fputs(".PD\n", p->out);
	}
}

void manual_views(const struct parsing *p)
{
	fputs(".PD 0\n", p->out);
	for (unsigned v = 0; v < p->o.known->n; v++) {
		const struct view *view = p->o.known->row[v];
		fprintf(p->out, ".TP 20\n\\fB%s\\fR (key \\fB%c\\fR)\n", view->name, view->key);
		print_line(p->out, view->help);
	}
	fputs(".TP 20\n\\fB" SPIKE_VIEW "\\fR\nwhat is unusual in series; asked alone\n.PD\n",
	      p->out);
}

void manual_themes(const struct parsing *p)
{
	struct buf names = { 0 };
	struct str rest;

	words_themes(p, &names);
	rest = buf_str(&names);
	for (struct str one; (one = str_token(&rest)).n;) {
		print_bold(p->out, one);
		fputs(rest.n > 1 ? ",\n" : ".\n", p->out);
	}
	buf_release(&names);
}

/* ---- fields, the filter, rules ---- */

static void print_field(FILE *out, int id)
{
	const struct field *f = field_get(id);
	const struct meaning *m;
	bool some = false;

	fputs(".TP\n", out);
	print_bold(out, str_of(f->name));
	fprintf(out, " (%s)", describe_type(f->type));
	if (*f->aliases) {
		fputs("; also ", out);
		print_bold(out, str_of(f->aliases));
	}
	fputc('\n', out);
	print_line(out, f->help);
	for (size_t at = 0; (m = describe_next(id, &at)); some = true) {
		fputs(some ? ".TP 12\n" : ".RS\n.TP 12\n", out);
		print_bold(out, str_of(m->value));
		fputc('\n', out);
		print_line(out, m->text);
	}
	if (some)
		fputs(".RE\n", out);
}

void manual_fields(const struct parsing *p)
{
	int version = -1;

	for (int id = 0; id < FIELDS_KNOWN; id++) {
		const struct field *f = field_get(id);
		if (f->version != version && f->version)
			fprintf(p->out, ".SS Version %d\n", f->version);
		else if (f->version != version)
			fputs(".SS Derived\nIn no record, but to be asked for like any other.\n",
			      p->out);
		version = f->version;
		print_field(p->out, id);
	}
}

void manual_filter(const struct parsing *p)
{
	size_t n;
	const struct filter_row *row = filter_rows(&n);

	for (size_t i = 0; i < n; i++) {
		struct str rest = str_of(row[i].examples), one;
		fputs(".TP\n", p->out);
		for (bool first = true; (one = filter_example(&rest)).n; first = false) {
			fputs(first ? "" : "\\ \\ ", p->out);
			print_bold(p->out, one);
		}
		fputc('\n', p->out);
		print_line(p->out, row[i].means);
	}
}

void manual_rules(const struct parsing *p)
{
	unsigned n;
	const struct detector *const *d = detectors(&n);
	char value[THRESHOLD_TEXT];

	for (unsigned i = 0; i < n; i++) {
		fprintf(p->out, ".TP\n\\fB%s\\fR\n", d[i]->name);
		print_line(p->out, d[i]->title);
		if (!d[i]->threshold[0].name)
			continue;
		fputs(".RS\n", p->out);
		for (unsigned k = 0; k < THRESHOLDS && d[i]->threshold[k].name; k++) {
			const struct threshold *t = &d[i]->threshold[k];
			threshold_text(t, value, sizeof value);
			fprintf(p->out, ".TP\n\\fB%s.%s\\fR (%s)\n", d[i]->name, t->name, value);
			print_line(p->out, t->help);
		}
		fputs(".RE\n", p->out);
	}
}
