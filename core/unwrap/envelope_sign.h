/* envelope_sign.h - the way of every byte through an envelope: where some of them need a look.
 * Private to envelope*.c. */
#ifndef ENITOP_ENVELOPE_SIGN_H
#define ENITOP_ENVELOPE_SIGN_H

#include "base/util.h"

/* Whether a byte stands there that lines as AWS writes them do not have: one that begins a
 * document or a colour, or holds values apart: { [ ESC , ; | or a tab. */
bool envelope_has_sign(struct str text);
/* How many bytes stand before the first that ends a text of JSON, or that is not written in it as
 * it is: a quote, a backslash, a newline. text.n: there is none. */
size_t envelope_plain_length(struct str text);
#if defined __x86_64__
/* The same for machines with AVX2. */
bool envelope_has_sign_wide(struct str text);
size_t envelope_plain_length_wide(struct str text);
#endif

#endif
