/* filter.c - a filter's life, and how it reads: see filter.h. */
#include "filter.h"

#include <stdlib.h>
#include <string.h>

#include "filter_ast.h"
#include "filter_eval.h"

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

/* ---- how it reads ---- */

static void pattern_reads(const char *pattern, struct buf *out)
{
	buf_putc(out, '/');
	for (; *pattern; pattern++) {
		if (*pattern == '\\' && pattern[1])
			buf_putc(out, *pattern++);
		else if (*pattern == '/')
			buf_putc(out, '\\');
		buf_putc(out, *pattern);
	}
	buf_putc(out, '/');
}

static void leaf_reads(const struct node *leaf, const char *equals, struct buf *out)
{
	if (leaf->regex) {
		if (leaf->field[0] != RECORD)
			buf_printf(out, "%s%s", leaf->name, equals[0] == '!' ? "!~" : "~");
		pattern_reads(leaf->regex->pattern, out);
		return;
	}
	const struct match *m = &leaf->match[0];
	enum field_type type = field_type(leaf->field[0]);
	if (leaf->matches == 1 && m->kind == MATCH_NUMBER && m->low != m->high) {
		/* a comparison: one end is open */
		struct match end = *m;
		bool below = m->low == 0, above = m->high == UINT64_MAX - 1;
		if (below != above) {
			end.low = end.high = below ? m->high : m->low;
			buf_printf(out, "%s%s%s", equals[0] == '!' ? "not " : "", leaf->name,
				   below ? "<=" : ">=");
			match_reads(type, &end, out);
			return;
		}
	}
	buf_printf(out, "%s%s", leaf->name, equals);
	for (size_t i = 0; i < leaf->matches; i++) {
		if (i)
			buf_putc(out, ',');
		match_reads(type, &leaf->match[i], out);
	}
}

static void list_reads(const struct node *n, const char *between, struct buf *out)
{
	for (size_t i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];
		bool inner = c->kind == NODE_OR || (c->kind == NODE_AND && n->kind == NODE_AND);
		buf_puts(out, i ? between : "");
		buf_puts(out, inner ? "(" : "");
		node_reads(c, out);
		buf_puts(out, inner ? ")" : "");
	}
}

void node_reads(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_ALL:
		return;
	case NODE_LEAF:
		leaf_reads(n, "=", out);
		return;
	case NODE_AND:
		list_reads(n, " and ", out);
		return;
	case NODE_OR:
		list_reads(n, " or ", out);
		return;
	case NODE_NOT:
		break;
	}
	const struct node *c = n->child[0];
	if (c->kind == NODE_LEAF && c->field[0] != RECORD) {
		leaf_reads(c, "!=", out);
		return;
	}
	buf_puts(out, "not ");
	buf_puts(out, c->kind == NODE_LEAF || c->kind == NODE_NOT ? "" : "(");
	node_reads(c, out);
	buf_puts(out, c->kind == NODE_LEAF || c->kind == NODE_NOT ? "" : ")");
}

/* ---- life ---- */

struct filter *filter_new(struct str text, int64_t now_s, struct filter_error *error)
{
	struct node *root = filter_parse(text, now_s, error);
	struct filter *f;

	if (!root)
		return NULL;
	f = xcalloc(1, sizeof *f);
	f->text = xstrndup(text.s, text.n);
	f->root = root;
	f->names_status = names_status(root);
	buf_puts(&f->reads, "");
	node_reads(root, &f->reads);
	if (root->kind != NODE_LEAF && f->reads.s[0] == '/') {
		/* A text that begins with a slash is one regex to its end. */
		buf_clear(&f->reads);
		buf_putc(&f->reads, '(');
		node_reads(root, &f->reads);
		buf_putc(&f->reads, ')');
	}
	filter_order(root);
	return f;
}

void filter_free(struct filter *f)
{
	if (!f)
		return;
	node_free(f->root);
	buf_release(&f->reads);
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

bool filter_is_all(const struct filter *f)
{
	return f->root->kind == NODE_ALL;
}

uint64_t filter_too_slow(const struct filter *f)
{
	return f->too_slow;
}
