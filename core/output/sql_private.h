/* sql_private.h - what sql.c and sql_where.c share. */
#ifndef ENITOP_SQL_PRIVATE_H
#define ENITOP_SQL_PRIVATE_H

#include "filter/filter_ast.h"
#include "output/sql.h"

struct sql {
	enum sql_engine engine;
	struct buf *out;
	char *error; /* the first thing that can't be said; empty: none */
	size_t size;
	bool guesses;       /* which side serves is guessed in the query */
	bool packets_apart; /* any side: without the addresses of the packets */
};

/* Notes what can't be said. */
void sql_refuse(struct sql *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Adds a text as a literal of the engine. */
void sql_text(struct sql *s, struct str text);
/* Adds what stands for a field: a column, or an expression for client, server, service. */
void sql_field(struct sql *s, int field);
/* Adds the condition that a filter's tree is; sql_where.c. */
void sql_where(struct sql *s, const struct node *n);

#endif
