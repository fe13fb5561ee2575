/* filter.c - a filter's life, and how it reads: see filter.h. */
#include "filter/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter_ast.h"
#include "labels/label_field.h"

static bool names_status(const struct node *n)
{
	for (unsigned k = 0; n->kind == NODE_LEAF && k < n->fields; k++)
		if (n->field[k] == FIELD_LOG_STATUS)
			return true;
	for (size_t i = 0; i < n->children; i++)
		if (names_status(n->child[i]))
			return true;
	return false;
}

/* ---- clauses ---- */

/* As part of a conjunction, wherever in it: a text that begins with a slash would be one
 * regex to its end. */
static char *clause_text(struct str text, bool wrap)
{
	struct buf out = { 0 };

	wrap = wrap || text.s[0] == '/';
	buf_puts(&out, wrap ? "(" : "");
	buf_add_str(&out, text);
	buf_puts(&out, wrap ? ")" : "");
	return out.s;
}

static struct clause clause_of(const struct filter *f, const struct node *n, bool part)
{
	struct str whole = str_of(f->text), typed = whole;
	struct buf reads = { 0 };
	struct clause c;

	node_reads(n, &reads);
	c.reads = clause_text(buf_str(&reads),
			      !n->word && (n->kind == NODE_OR || n->kind == NODE_AND));
	if (part)
		typed = (struct str){ whole.s + n->from, n->to - n->from };
	typed = str_trim(typed);
	if (typed.n == 0 || typed.s[0] == '/')
		c.typed = xstrndup(c.reads, strlen(c.reads));
	else
		c.typed = clause_text(typed, !part && n->kind == NODE_OR && !n->word && !n->named &&
						     !n->grouped);
	buf_release(&reads);
	return c;
}

static void note_clauses(struct filter *f)
{
	const struct node *root = f->said;
	bool parts = root->kind == NODE_AND && !root->named;

	if (root->kind == NODE_ALL)
		return;
	f->clauses = parts ? root->children : 1;
	f->clause = xcalloc(f->clauses, sizeof *f->clause);
	for (size_t i = 0; i < f->clauses; i++)
		f->clause[i] = clause_of(f, parts ? root->child[i] : root, parts);
}

/* ---- words ---- */

static void add_vain_words(const struct node *n, struct buf *out)
{
	if (n->text_word && !n->matched)
		buf_printf(out, "%s'%s'", out->n ? ", " : "", n->regex->pattern);
	for (size_t i = 0; i < n->children; i++)
		add_vain_words(n->child[i], out);
}

size_t filter_clauses(const struct filter *f)
{
	return f->clauses;
}

const char *filter_clause(const struct filter *f, size_t i)
{
	return f->clause[i].typed;
}

const char *filter_clause_reads(const struct filter *f, size_t i)
{
	return f->clause[i].reads;
}

void filter_vain_words(const struct filter *f, struct buf *out)
{
	add_vain_words(f->plan, out);
}

/* ---- life ---- */

static bool has_time(const struct node *n)
{
	bool has = n->kind == NODE_LEAF && n->fields && n->field[0] != RECORD && !n->regex &&
		   field_type(n->field[0]) == TYPE_TIME;

	for (size_t i = 0; i < n->children; i++)
		has = has || has_time(n->child[i]);
	return has;
}

/* Whether the text meant something else a day later. */
static bool is_relative(const struct filter *f)
{
	struct filter_error unused;
	struct buf note = { 0 }, reads = { 0 };
	struct node *later;
	bool is;

	if (!has_time(f->said))
		return false;
	later = filter_parse(str_of(f->text), f->now_s + 86400, &unused, &note, NULL);
	if (later)
		node_reads(later, &reads);
	is = !later || strcmp(reads.n ? reads.s : "", f->reads.s) != 0;
	node_free(later);
	buf_release(&note);
	buf_release(&reads);
	return is;
}

/* What it reads as, and each of its clauses, is a filter too. What was typed may be less deep
 * than that, which needs parentheses where a word needed none. */
static bool can_be_read(const struct filter *f, struct filter_error *error)
{
	struct filter_error why = { .message = "" };
	struct buf note = { 0 };
	bool can = true;

	for (size_t i = 0; can && i <= 2 * f->clauses; i++) {
		struct str text = str_of(i == 2 * f->clauses ? f->reads.s
					 : i % 2             ? f->clause[i / 2].reads
							     : f->clause[i / 2].typed);
		struct node *n = filter_parse(text, f->now_s, &why, &note, NULL);
		can = n != NULL;
		node_free(n);
	}
	buf_release(&note);
	if (!can)
		snprintf(error->message, sizeof error->message, "as it reads, %.140s", why.message);
	return can;
}

struct filter *filter_new(struct str text, int64_t now_s, struct filter_error *error)
{
	struct buf note = { 0 };
	struct node *said;
	struct filter *f;
	bool large;

	if (!text.n)
		text = str_of("");
	said = filter_parse(text, now_s, error, &note, &large);
	if (!said) {
		buf_release(&note);
		return NULL;
	}
	f = xcalloc(1, sizeof *f);
	f->text = xstrndup(text.s, text.n);
	f->now_s = now_s;
	f->said = said;
	f->note = note;
	f->names_status = names_status(said);
	buf_puts(&f->note, "");
	buf_puts(&f->reads, "");
	node_reads(said, &f->reads);
	if (said->kind != NODE_LEAF && f->reads.s[0] == '/') {
		/* A text that begins with a slash is one regex to its end. */
		buf_clear(&f->reads);
		buf_putc(&f->reads, '(');
		node_reads(said, &f->reads);
		buf_putc(&f->reads, ')');
	}
	f->relative = is_relative(f);
	note_clauses(f);
	if (large && !can_be_read(f, error)) {
		filter_free(f);
		return NULL;
	}
	f->plan = filter_fold(node_copy(said));
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	node_free(f->said);
	node_free(f->plan); /* NULL: it was refused */
	for (size_t i = 0; i < f->clauses; i++) {
		free(f->clause[i].typed);
		free(f->clause[i].reads);
	}
	free(f->clause);
	buf_release(&f->reads);
	buf_release(&f->note);
	buf_release(&f->line);
	free(f->text);
	free(f);
}

const char *filter_reads(const struct filter *f)
{
	return f->reads.s;
}

const char *filter_text(const struct filter *f)
{
	return f->text;
}

const char *filter_says(const struct filter *f)
{
	return f->relative ? f->reads.s : f->text;
}

bool filter_is_relative(const struct filter *f)
{
	return f->relative;
}

int64_t filter_now(const struct filter *f)
{
	return f->now_s;
}

bool filter_is_all(const struct filter *f)
{
	return f->plan->kind == NODE_ALL && !f->names_status;
}

const char *filter_note(const struct filter *f)
{
	return f->note.s;
}

struct filter *filter_copy(const struct filter *f)
{
	struct filter_error unused;

	return filter_new(str_of(f->text), f->now_s, &unused);
}

void filter_share_time(struct filter *f, struct filter *copy)
{
	f->meter.over = copy->meter.over = f->meter.over || copy->meter.over;
	f->meter.cut = copy->meter.cut = f->meter.cut || copy->meter.cut;
	f->meter.tight = copy->meter.tight = f->meter.tight || copy->meter.tight;
}

static bool wants_labels(const struct node *n)
{
	struct label_field unused;

	for (unsigned k = 0; n->kind == NODE_LEAF && k < n->fields; k++)
		if (n->field[k] >= 0 && label_field_get(n->field[k], &unused))
			return true;
	for (size_t i = 0; i < n->children; i++)
		if (wants_labels(n->child[i]))
			return true;
	return false;
}

bool filter_wants_labels(const struct filter *f)
{
	return wants_labels(f->plan);
}

bool filter_is_over(const struct filter *f)
{
	return f->meter.over;
}

bool filter_is_cut(const struct filter *f)
{
	return f->meter.cut;
}

static bool node_wants(const struct node *n, struct field_set *out)
{
	bool known = true;

	for (unsigned k = 0; k < n->fields; k++)
		known &= field_wants(n->field[k], out);
	for (size_t i = 0; i < n->children; i++)
		known &= node_wants(n->child[i], out);
	return known;
}

bool filter_wants(const struct filter *f, struct field_set *out)
{
	return node_wants(f->plan, out);
}
