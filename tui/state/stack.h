/* stack.h - the clauses of the filter, those that are switched off included. Pure. */
#ifndef ENITOP_STACK_H
#define ENITOP_STACK_H

#include "filter/filter.h"

#define STACK_MAX 32

struct stack {
	struct {
		char *text; /* parses alone, and joined by " and " */
		bool off;
	} clause[STACK_MAX];
	size_t n;
};

void stack_release(struct stack *s);
/* `to` is released first. */
void stack_copy(struct stack *to, const struct stack *from);
/* The filter in force has changed: its clauses are those that are on; those that are off
 * keep their places, unless they have become part of it. NULL: no filter. */
void stack_follow(struct stack *s, const struct filter *f);
/* Adds those that are on, joined: the filter they make. */
void stack_text(const struct stack *s, struct buf *out);
/* Adds those that are off, "a, b". */
void stack_off(const struct stack *s, struct buf *out);
/* Whether the clause is there, on. */
bool stack_has(const struct stack *s, const char *text);
void stack_remove(struct stack *s, size_t i);

#endif
