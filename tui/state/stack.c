/* stack.c - see stack.h. */
#include "state/stack.h"

#include <stdlib.h>
#include <string.h>

void stack_release(struct stack *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->clause[i].text);
	s->n = 0;
}

static void insert(struct stack *s, size_t at, const char *text, bool off)
{
	if (s->n == STACK_MAX)
		return;
	at = at < s->n ? at : s->n;
	memmove(&s->clause[at + 1], &s->clause[at], (s->n - at) * sizeof *s->clause);
	s->clause[at].text = xstrndup(text, strlen(text));
	s->clause[at].off = off;
	s->n++;
}

void stack_copy(struct stack *to, const struct stack *from)
{
	stack_release(to);
	for (size_t i = 0; i < from->n; i++)
		insert(to, i, from->clause[i].text, from->clause[i].off);
}

void stack_follow(struct stack *s, const struct filter *f)
{
	size_t n = f ? filter_clauses(f) : 0;
	struct stack had = *s;

	s->n = 0;
	if (n > STACK_MAX) /* too many to be kept apart: one that is all of them */
		insert(s, 0, filter_text(f), false);
	else
		for (size_t i = 0; i < n; i++)
			insert(s, i, filter_clause(f, i), false);
	for (size_t i = 0; i < had.n; i++)
		if (had.clause[i].off && !stack_has(s, had.clause[i].text))
			insert(s, i, had.clause[i].text, true);
	stack_release(&had);
}

void stack_text(const struct stack *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->clause[i].off)
			buf_printf(out, "%s%s", out->n ? " and " : "", s->clause[i].text);
}

void stack_off(const struct stack *s, struct buf *out)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->clause[i].off)
			buf_printf(out, "%s%s", out->n ? ", " : "", s->clause[i].text);
}

bool stack_has(const struct stack *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (!s->clause[i].off && strcmp(s->clause[i].text, text) == 0)
			return true;
	return false;
}

void stack_remove(struct stack *s, size_t i)
{
	free(s->clause[i].text);
	s->n--;
	memmove(&s->clause[i], &s->clause[i + 1], (s->n - i) * sizeof *s->clause);
}
