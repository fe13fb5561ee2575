/* completion.c - what shells complete: a script for each, with the names of options, and what a
 * value can be, from the tables. */
#include <string.h>

#include "cli/option_row.h"

#define GIST_LEAST 12 /* bytes of what an option does; */
#define GIST 70       /* at most */

/* ---- rows ---- */

static bool is_list(const struct option_row *r)
{
	return r->value && strstr(r->value, "[,");
}

static bool is_file(const struct option_row *r)
{
	return r->value && strstr(r->value, "FILE");
}

/* Whether the next word is its value, for certain or where it fits. */
static bool takes_next(const struct option_row *r)
{
	return r->value && (*r->value != '=' || r->words);
}

/* A word that something has to follow, as "dport=". */
static bool is_open(struct str words)
{
	return memmem(words.s, words.n, "= ", 2) != NULL;
}

/* What it does, short: the brief text, or the help up to what explains it; without what shells
 * would take for theirs. */
static void add_gist(const struct parsing *p, const struct option_row *r, struct buf *out)
{
	struct buf help = { 0 };
	size_t n = 0;

	if (r->brief)
		buf_puts(&help, r->brief);
	else
		option_help(p, r, &help);
	for (char *c = help.s; *c; c++)
		if (*c == '\n')
			*c = ' ';
	while (n < help.n && (n < GIST_LEAST || !strchr(";:(", help.s[n])))
		n++;
	if (n > GIST)
		for (n = GIST; n > GIST / 2 && help.s[n] != ' ';)
			n--;
	while (n && strchr(" ,", help.s[n - 1]))
		n--;
	for (size_t i = 0; i < n; i++)
		if (!strchr("'\"`$\\[]", help.s[i]))
			buf_putc(out, help.s[i]);
	buf_release(&help);
}

/* The words behind each other, each with `before` in front of its colons. */
static void print_words(FILE *out, struct str words, const char *before)
{
	for (struct str one; (one = str_token(&words)).n;) {
		for (size_t i = 0; i < one.n; i++)
			fprintf(out, "%s%c", one.s[i] == ':' ? before : "", one.s[i]);
		fputs(words.n > 1 ? " " : "", out);
	}
}

/* ---- bash ---- */

static void bash_row(const struct parsing *p, const struct option_row *r)
{
	struct buf words = { 0 };

	option_row_words(p, r, &words);
	fprintf(p->out, "\t--%s", r->name);
	if (r->letter)
		fprintf(p->out, "|-%c", r->letter);
	fprintf(p->out, ") kind=%s%s words='", is_list(r) ? "list" : "word",
		is_file(r) ? " files=yes" : "");
	if (words.n)
		print_words(p->out, buf_str(&words), "");
	fputs("' ;;\n", p->out);
	buf_release(&words);
}

void completion_bash(const struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);

	fputs("# Completion of enitop for bash, as enitop --generate bash has it.\n"
	      "_enitop()\n"
	      "{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]}\n"
	      "\tlocal kind= words= files= before=\n"
	      "\tCOMPREPLY=()\n"
	      "\t# '=' is a word of its own.\n"
	      "\tif [[ $cur == = ]]; then\n"
	      "\t\tcur=\n"
	      "\telif [[ $option == = ]]; then\n"
	      "\t\toption=${COMP_WORDS[COMP_CWORD-2]}\n"
	      "\t\t[[ $option == --* ]] || return 0\n"
	      "\tfi\n"
	      "\tcase $option in\n",
	      p->out);
	for (size_t i = 0; i < n; i++)
		if (takes_next(&r[i]))
			bash_row(p, &r[i]);
	fputs("\tesac\n"
	      "\tif [[ -z $kind && $cur == -* ]]; then\n"
	      "\t\tkind=word words='",
	      p->out);
	for (size_t i = 0; i < n; i++)
		fprintf(p->out, "%s--%s", i ? " " : "", r[i].name);
	fputs("'\n"
	      "\telif [[ -z $kind ]]; then\n"
	      "\t\tfiles=yes\n"
	      "\tfi\n"
	      "\t[[ $kind == list && $cur == *,* ]] && before=${cur%,*},\n"
	      "\tmapfile -t COMPREPLY < <(compgen -P \"$before\" -W \"$words\" -- \"${cur##*,}\"\n"
	      "\t\t[[ -z $files ]] || compgen -f -- \"$cur\")\n"
	      "\t[[ -z $files ]] || compopt -o filenames 2>/dev/null\n"
	      "\t[[ $kind != list && ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null\n"
	      "\treturn 0\n"
	      "}\n"
	      "complete -F _enitop enitop\n",
	      p->out);
}

/* ---- zsh ---- */

/* ":NAME:(dark light)": what a value is, and who completes it. */
static void zsh_value(const struct parsing *p, const struct option_row *r)
{
	struct buf words = { 0 };

	if (!r->value)
		return;
	option_row_words(p, r, &words);
	fputs(*r->value == '=' ? "::" : ":", p->out);
	for (const char *c = r->value; *c; c++)
		if (*c != '\'' && (*c != '=' || c > r->value))
			fprintf(p->out, "%s%c", *c == ':' ? "\\" : "", *c);
	fputc(':', p->out);
	if (is_file(r) && words.n)
		fputs("_enitop_or_file ", p->out);
	else if (is_file(r))
		fputs("_files", p->out);
	else if (words.n && is_list(r))
		fputs("_values -s , word ", p->out);
	else if (words.n && is_open(buf_str(&words)))
		fputs("_enitop_open ", p->out);
	else
		fputs(words.n ? "(" : " ", p->out);
	if (words.n)
		print_words(p->out, buf_str(&words), "\\");
	if (words.n && !is_file(r) && !is_list(r) && !is_open(buf_str(&words)))
		fputc(')', p->out);
	buf_release(&words);
}

static void zsh_row(const struct parsing *p, const struct option_row *r)
{
	bool needs = r->value && *r->value != '=';
	const char *behind = needs ? "=" : r->value && !r->words ? "=-" : "";
	struct buf gist = { 0 };

	add_gist(p, r, &gist);
	fputs("  ", p->out);
	if (r->many || strstr(r->help ? r->help : "", "more than once"))
		fputs("'*'", p->out);
	else if (r->letter)
		fprintf(p->out, "'(-%c --%s)'", r->letter, r->name);
	if (r->letter)
		fprintf(p->out, "{-%c%s,--%s%s}", r->letter, needs ? "+" : "", r->name, behind);
	else
		fprintf(p->out, "--%s%s", r->name, behind);
	fprintf(p->out, "'[%s]", gist.s);
	zsh_value(p, r);
	fputs("' \\\n", p->out);
	buf_release(&gist);
}

void completion_zsh(const struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);

	fputs("#compdef enitop\n"
	      "# Completion of enitop for zsh, as enitop --generate zsh has it.\n"
	      "_enitop_open() { compadd -S '' \"$@\" }\n"
	      "_enitop_or_file() { compadd \"$@\"; _files }\n"
	      "_arguments -s -S \\\n",
	      p->out);
	for (size_t i = 0; i < n; i++)
		zsh_row(p, &r[i]);
	fputs("  '*:path:_files'\n", p->out);
}

/* ---- fish ---- */

static void fish_row(const struct parsing *p, const struct option_row *r)
{
	struct buf words = { 0 }, gist = { 0 };

	option_row_words(p, r, &words);
	add_gist(p, r, &gist);
	fputs("complete -c enitop", p->out);
	if (r->letter)
		fprintf(p->out, " -s %c", r->letter);
	fprintf(p->out, " -l %s -d '%s'", r->name, gist.s);
	if (r->value && *r->value != '=')
		fputs(is_file(r) ? " -r -F" : " -x", p->out);
	if (words.n && r->value && *r->value == '=')
		fprintf(p->out, "\ncomplete -c enitop -n '__enitop_behind --%s' -f", r->name);
	if (words.n) {
		fprintf(p->out, " -a '%s", is_list(r) ? "(__enitop_list " : "");
		print_words(p->out, buf_str(&words), "");
		fprintf(p->out, "%s'", is_list(r) ? ")" : "");
	}
	fputc('\n', p->out);
	buf_release(&words);
	buf_release(&gist);
}

void completion_fish(const struct parsing *p)
{
	size_t n;
	const struct option_row *r = option_rows(&n);

	fputs("# Completion of enitop for fish, as enitop --generate fish has it.\n"
	      "function __enitop_list\n"
	      "    set -l had (commandline -ct | string replace -r -- '^--[a-z-]*=' '' |\n"
	      "        string replace -r '[^,]*$' '')\n"
	      "    printf '%s\\n' $had$argv\n"
	      "end\n"
	      "function __enitop_behind\n"
	      "    set -l words (commandline -opc)\n"
	      "    test \"$words[-1]\" = $argv[1]\n"
	      "end\n",
	      p->out);
	for (size_t i = 0; i < n; i++)
		fish_row(p, &r[i]);
}
