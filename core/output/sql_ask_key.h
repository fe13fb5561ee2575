/* sql_ask_key.h - the parts of keys that a server is asked for. Private to sql_ask.c. */
#ifndef ENITOP_SQL_ASK_KEY_H
#define ENITOP_SQL_ASK_KEY_H

#include "output/sql_private.h"

/* A part's value as sql_ask.h has it, in the order of keys; NULL where there is none. */
const char *sql_ask_key(struct sql *s, const struct group *g, unsigned part);

#endif
