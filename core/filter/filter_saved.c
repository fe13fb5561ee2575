/* filter_saved.c - @NAME: a filter that has a name. It is parsed where it stands, by the
 * same parser, so that a mistake in it has a place in the text that uses it; how long and
 * deep the whole may be bounds what names within names come to. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter/filter_parser.h"

static filter_saved_fn *look_up;
static void *look_up_ctx;

void filter_set_saved(filter_saved_fn *fn, void *ctx)
{
	look_up = fn;
	look_up_ctx = ctx;
}

bool filter_saved_name(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (!isalnum((unsigned char)name.s[i]) && name.s[i] != '_' &&
		    (i == 0 || (name.s[i] != '-' && name.s[i] != '.')))
			return false;
	return name.n > 0 && name.n <= FILTER_SAVED_NAME;
}

static struct str name_at(const struct parser *p, size_t at)
{
	struct str name = { p->text.s + at, 0 };

	while (at + name.n < p->text.n && (isalnum((unsigned char)name.s[name.n]) ||
					   (name.s[name.n] && strchr("_-.", name.s[name.n]))))
		name.n++;
	return name;
}

static struct node *fail(struct parser *p, size_t at, struct str name, const char *what)
{
	char message[300];

	snprintf(message, sizeof message, "%s@%.*s%s%s", what[0] == ':' ? "in " : "",
		 (int)(name.n < FILTER_SAVED_NAME ? name.n : FILTER_SAVED_NAME), name.s,
		 what[0] == ':' ? "" : " ", what);
	return parser_fail(p, at, name.n + 1, message);
}

struct node *filter_saved(struct parser *p)
{
	size_t at = p->at;
	struct str name = name_at(p, at + 1);
	const char *text = name.n && look_up ? look_up(look_up_ctx, name) : NULL;
	struct filter_error e = { 0 };
	struct parser inner = { .text = str_of(text ? text : ""),
				.now_s = p->now_s,
				.depth = p->depth,
				.deepest = p->deepest,
				.nodes = p->nodes,
				.error = &e,
				.note = p->note,
				.outer = p,
				.saved = name };
	struct node *n;
	char what[sizeof e.message + 4];

	for (const struct parser *o = p; o; o = o->outer)
		if (o->saved.n && str_equal_loose(o->saved, name))
			return fail(p, at, name, "is made of itself");
	if (!text)
		return fail(p, at, name, name.n ? "is no saved filter" : "wants the name of one");
	n = filter_parse_whole(&inner);
	buf_release(&inner.unescaped);
	p->at = at + 1 + name.n;
	p->nodes = inner.nodes;
	p->deepest = inner.deepest;
	if (n && n->kind == NODE_ALL) {
		node_free(n);
		return fail(p, at, name, "is empty");
	}
	if (!n) {
		snprintf(what, sizeof what, ": %s", e.message);
		return fail(p, at, name, what);
	}
	n->named = true;
	return n;
}
