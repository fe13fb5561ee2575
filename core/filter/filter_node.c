/* filter_node.c - the life of a tree's nodes. */
#include <stdlib.h>
#include <string.h>

#include "filter/filter_ast.h"

struct node *node_new(enum node_kind kind)
{
	struct node *n = xcalloc(1, sizeof *n);

	n->kind = kind;
	return n;
}

void node_free(struct node *n)
{
	if (!n)
		return;
	for (size_t i = 0; i < n->children; i++)
		node_free(n->child[i]);
	for (size_t i = 0; i < n->matches; i++)
		free(n->match[i].text);
	for (unsigned k = 0; k < LEAF_FIELDS; k++)
		for (unsigned side = 0; side < 2; side++)
			free(n->memo[k][side].known);
	free(n->child);
	free(n->match);
	regex_free(n->regex);
	free(n);
}

void node_add(struct node *n, struct node *child)
{
	xgrow((void **)&n->child, &n->cap, n->children + 1, sizeof *n->child);
	n->child[n->children++] = child;
}

struct node *node_copy(const struct node *n)
{
	struct node *copy = node_new(n->kind);

	memcpy(copy->field, n->field, sizeof copy->field);
	copy->fields = n->fields;
	copy->name = n->name;
	copy->compare = n->compare;
	copy->bound = n->bound;
	copy->text_word = n->text_word;
	copy->regex = n->regex;
	if (copy->regex)
		copy->regex->refs++;
	copy->matches = copy->match_cap = n->matches;
	copy->match = n->matches ? xmemdup(n->match, n->matches * sizeof *n->match) : NULL;
	for (size_t i = 0; i < n->matches; i++)
		if (n->match[i].text)
			copy->match[i].text = xstrndup(n->match[i].text, strlen(n->match[i].text));
	for (size_t i = 0; i < n->children; i++)
		node_add(copy, node_copy(n->child[i]));
	return copy;
}
