/* filter_explain.c - a filter for people: how it reads, and the plan by which it runs. */
#include <string.h>

#include "filter/filter_ast.h"

#define SHOWN 72 /* bytes of a part: lists may be long */

static const char *how(const struct node *leaf)
{
	if (leaf->field[0] == RECORD)
		return "each record as a line";
	enum field_type type = field_type(leaf->field[0]);
	if (!type_is_number(type))
		return "each distinct value once";
	if (leaf->regex)
		return type == TYPE_PORT || type == TYPE_PROTOCOL ? "each distinct number once"
								  : "each number as text";
	return "column of numbers";
}

static void explain_leaf(const struct node *n, unsigned depth, struct buf *out)
{
	const struct node *leaf = n->kind == NODE_NOT ? n->child[0] : n;
	struct buf text = { 0 };

	node_reads(n, &text);
	buf_printf(out, "%*s", (int)depth * 2, "");
	if (text.n > SHOWN) {
		size_t cut = SHOWN - 3;
		while (cut && ((unsigned char)text.s[cut] & 0xc0) == 0x80) /* whole characters */
			cut--;
		buf_printf(out, "%.*s...", (int)cut, text.s);
	} else {
		buf_printf(out, "%-*s", 40 - (int)depth * 2, text.s);
	}
	buf_printf(out, "  %s\n", how(leaf));
	buf_release(&text);
}

static void explain(const struct node *n, unsigned depth, struct buf *out)
{
	if (n->kind != NODE_AND && n->kind != NODE_OR) {
		explain_leaf(n, depth, out);
		return;
	}
	buf_printf(out, "%*s%s\n", (int)depth * 2, "",
		   n->kind == NODE_AND ? "all of, each on what is left:" : "any of:");
	for (size_t i = 0; i < n->children; i++)
		explain(n->child[i], depth + 1, out);
}

void filter_explain(const struct filter *f, struct buf *out)
{
	buf_printf(out, "%s\n", f->reads.n ? f->reads.s : "every flow");
	if (f->note.n)
		buf_printf(out, "note: %s\n", f->note.s);
	if (f->said->kind == NODE_ALL)
		return;
	buf_putc(out, '\n');
	if (f->plan->kind == NODE_NONE)
		buf_puts(out, "nothing can match\n");
	else if (f->plan->kind == NODE_ALL)
		buf_printf(out, "every %s matches\n", f->names_status ? "record" : "flow");
	else
		explain(f->plan, 0, out);
	if (f->names_status)
		buf_puts(out, "NODATA and SKIPDATA records take part\n");
}
