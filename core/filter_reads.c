/* filter_reads.c - a tree as the text that it reads as, and that parses as it. */
#include "filter_ast.h"

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
