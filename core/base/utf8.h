/* utf8.h - text in UTF-8 by the columns that a terminal gives it. What may not reach one, or
 * could not be shown, is '.': what is no UTF-8, signs of control, marks of direction and
 * others that have no shape, and all but ASCII where the locale is not of UTF-8. */
#ifndef ENITOP_UTF8_H
#define ENITOP_UTF8_H

#include "base/util.h"

/* The bytes of the character at the front of a text that is not empty; 0: it is none. */
unsigned utf8_decode(struct str text, uint32_t *code);
/* Signs of control, marks of direction, joiners, and what else has no shape of its own. */
bool utf8_is_hidden(uint32_t code);
/* Cuts a character off the front of *rest, which is not empty. Returns its columns: 1, 2, or
 * 0 for a mark that stands over the character before. */
int utf8_next(struct str *rest, uint32_t *code);
/* The columns of all of it. */
size_t utf8_columns(struct str text);
/* The bytes at its front that fit into so many columns. */
size_t utf8_fitting(struct str text, size_t columns);
/* Adds one character, and a text as it may reach a terminal. */
void utf8_put(struct buf *out, uint32_t code);
void utf8_add(struct buf *out, struct str text);

#endif
