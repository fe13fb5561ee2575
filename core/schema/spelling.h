/* spelling.h - SPELLINGS: how else the words of flow logs are written, by people and by other
 * tools. A row a word. */
#ifndef ENITOP_SPELLING_H
#define ENITOP_SPELLING_H

#include "schema/field.h"

/* The word that AWS writes for a field's value ("REJECT" for reject, Denied, blocked), in any
 * case; the value itself where it is spelled so, and where no word is known for it. */
struct str spelling_of(int field, struct str value);

/* Whether a field has words that may be spelled otherwise. */
bool spelling_matters(int field);

/* Whether a field has no other values than its words: what else stands there is unreadable. */
bool spelling_is_closed(int field);

/* The i-th word of a field, NULL behind the last. */
const char *spelling_word(int field, size_t i);

#endif
