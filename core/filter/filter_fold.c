/* filter_fold.c - a filter in fewer and cheaper parts. `not` goes down to the leaves, so
 * that and and or flatten; constants, duplicates and contradictions fall away; equalities
 * on one field become one list; what is cheap goes first. */
#include <stdlib.h>
#include <string.h>

#include "filter/filter_ast.h"
#include "filter/filter_set.h"
#include "labels/label_field.h"

/* ---- comparing ---- */

static bool same_match(const struct match *a, const struct match *b)
{
	return a->kind == b->kind && a->low == b->low && a->high == b->high &&
	       memcmp(a->from, b->from, 16) == 0 && memcmp(a->to, b->to, 16) == 0 &&
	       (!a->text || strcmp(a->text, b->text) == 0);
}

static bool same(const struct node *a, const struct node *b)
{
	if (a->kind != b->kind || a->children != b->children || a->fields != b->fields ||
	    a->matches != b->matches || !a->regex != !b->regex ||
	    memcmp(a->field, b->field, a->fields * sizeof *a->field) != 0)
		return false;
	if (a->regex && strcmp(a->regex->pattern, b->regex->pattern) != 0)
		return false;
	for (size_t i = 0; i < a->matches; i++)
		if (!same_match(&a->match[i], &b->match[i]))
			return false;
	for (size_t i = 0; i < a->children; i++)
		if (!same(a->child[i], b->child[i]))
			return false;
	return true;
}

static bool opposite(const struct node *a, const struct node *b)
{
	return (a->kind == NODE_NOT && same(a->child[0], b)) ||
	       (b->kind == NODE_NOT && same(b->child[0], a));
}

/* ---- merging two parts of a list into one ---- */

static struct node *leaf_under(struct node *n)
{
	struct node *leaf = n->kind == NODE_NOT ? n->child[0] : n;

	return leaf->kind == NODE_LEAF && !leaf->regex ? leaf : NULL;
}

/* Merges b into a and returns true, or leaves both alone. Sets become a union where any
 * of them will do: in an or, and by De Morgan behind the nots of an and. Else they are
 * intersected, which only holds for what has one value in a record. */
static bool merge(enum node_kind list, struct node *a, struct node *b)
{
	struct node *x = leaf_under(a), *y = leaf_under(b);

	if (!x || !y || a->kind != b->kind || x->fields != y->fields ||
	    memcmp(x->field, y->field, x->fields * sizeof *x->field) != 0)
		return false;
	if ((list == NODE_OR) == (a->kind == NODE_LEAF)) {
		match_set_union(x, y);
		return true;
	}
	/* Nor what answers to several texts. */
	return x->fields == 1 && !label_field_is_as(x->field[0]) && match_set_intersect(x, y);
}

/* ---- the tree ---- */

static struct node *fold(struct node *n, bool negate);

static struct node *constant(struct node *n, bool all)
{
	node_free(n);
	return node_new(all ? NODE_ALL : NODE_NONE);
}

/* A leaf, or a `not` over one, whose set may have become everything or nothing. */
static struct node *settle(struct node *n)
{
	struct node *leaf = leaf_under(n);

	if (!leaf)
		return n;
	if (match_set_is_empty(leaf))
		return constant(n, n->kind == NODE_NOT);
	if (match_set_is_all(leaf))
		return constant(n, n->kind == NODE_LEAF);
	return n;
}

static struct node *fold_leaf(struct node *n, bool negate)
{
	struct node * not ;

	if (!n->regex)
		match_set_normalise(n);
	if (!negate)
		return settle(n);
	not = node_new(NODE_NOT);
	node_add(not, n);
	return settle(not );
}

/* Adds a folded part; false when the list is decided by it (a NONE in an and). */
static bool add_part(struct node *list, struct node *part)
{
	enum node_kind neutral = list->kind == NODE_AND ? NODE_ALL : NODE_NONE;

	if (part->kind == list->kind) {
		for (size_t i = 0; i < part->children; i++) {
			struct node *c = part->child[i];
			part->child[i] = NULL;
			if (!add_part(list, c))
				return node_free(part), false;
		}
		node_free(part);
		return true;
	}
	if (part->kind == neutral) {
		node_free(part);
		return true;
	}
	for (size_t i = 0; i < list->children; i++) {
		struct node *had = list->child[i];
		bool known = same(had, part), merged;
		if (opposite(had, part))
			return node_free(part), false;
		merged = !known && merge(list->kind, had, part);
		if (!known && !merged)
			continue;
		node_free(part);
		if (known)
			return true;
		/* What the node has become may fold with others again. */
		list->child[i] = list->child[--list->children];
		return add_part(list, settle(had));
	}
	if (part->kind == NODE_ALL || part->kind == NODE_NONE) /* it decides */
		return node_free(part), false;
	node_add(list, part);
	return true;
}

static struct node *fold_list(struct node *n, bool negate)
{
	enum node_kind kind = (n->kind == NODE_AND) != negate ? NODE_AND : NODE_OR;
	struct node *list = node_new(kind);
	bool open = true;

	for (size_t i = 0; i < n->children; i++) {
		struct node *part = open ? fold(n->child[i], negate) : NULL;
		if (part)
			n->child[i] = NULL;
		open = open && add_part(list, part);
	}
	node_free(n);
	if (!open || !list->children)
		return constant(list, open == (kind == NODE_AND));
	if (list->children > 1)
		return list;
	n = list->child[0];
	list->children = 0;
	node_free(list);
	return n;
}

static struct node *fold(struct node *n, bool negate)
{
	struct node *c;

	switch (n->kind) {
	case NODE_ALL:
	case NODE_NONE:
		return constant(n, (n->kind == NODE_ALL) != negate);
	case NODE_LEAF:
		return fold_leaf(n, negate);
	case NODE_NOT:
		c = n->child[0];
		n->children = 0;
		node_free(n);
		return fold(c, !negate);
	default:
		return fold_list(n, negate);
	}
}

/* ---- order: what is cheap goes first, else as typed ---- */

/* About nanoseconds a row. */
static unsigned cost(const struct node *n)
{
	unsigned sum = 0;

	if (n->kind == NODE_LEAF) {
		enum field_type type = field_type(n->field[0] == RECORD ? 0 : n->field[0]);
		bool number = type_is_number(type),
		     small = type == TYPE_PORT || type == TYPE_PROTOCOL;
		if (n->field[0] == RECORD)
			return 500;
		if (n->regex)
			return n->fields * (!number ? 20 : small ? 10 : 100);
		return n->fields * (number ? 1 : type == TYPE_TEXT ? 2 : 4);
	}
	for (size_t i = 0; i < n->children; i++)
		sum += cost(n->child[i]);
	return sum;
}

static void order(struct node *n)
{
	for (size_t i = 0; i < n->children; i++)
		order(n->child[i]);
	for (size_t i = 1; i < n->children; i++) {
		struct node *c = n->child[i];
		unsigned price = cost(c);
		size_t at = i;
		for (; at && cost(n->child[at - 1]) > price; at--)
			n->child[at] = n->child[at - 1];
		n->child[at] = c;
	}
}

struct node *filter_fold(struct node *n)
{
	n = fold(n, false);
	order(n);
	return n;
}
