/* unwrap_utf16.h - text in UTF-16 -> UTF-8, as it comes: with or without a byte order mark, also
 * where it begins behind other text (PowerShell appends so), and where other text begins behind
 * it. Private to unwrap*.c. */
#ifndef ENITOP_UNWRAP_UTF16_H
#define ENITOP_UNWRAP_UTF16_H

#include "base/util.h"

struct utf16 {
	enum { UTF16_NONE, UTF16_LITTLE, UTF16_BIG } order; /* NONE: text of bytes */
	bool begun;                                         /* some of the text has come */
	bool line_start; /* in UTF-16: what this line is in is not known yet */
	bool seen;       /* some was UTF-16 */
	char before;     /* the last byte that was given as it is */
	struct buf raw;  /* taken from the reader, from `at` on not looked at */
	size_t at;
	char spill[4]; /* a character for which there was no room */
	unsigned spilled;
};

/* How many of these bytes of text go on as they are; what stands behind them is kept in `raw`,
 * to be given by utf16_take. For text of bytes, with nothing in `raw`: on the way of every byte. */
size_t utf16_pass(struct utf16 *w, struct str s);
/* Gives what it holds, at most n bytes. 0: there is nothing, or more must be seen. `all`: no more
 * will come. */
size_t utf16_take(struct utf16 *w, char *out, size_t n, bool all);
/* Room for n bytes more of what utf16_take works on: add to raw.n how many came. */
char *utf16_room(struct utf16 *w, size_t n);
/* What comes is no continuation: it is looked at anew, as at a line's start. */
void utf16_torn(struct utf16 *w);
/* Whether it holds bytes. */
bool utf16_holds(const struct utf16 *w);
void utf16_release(struct utf16 *w);

#endif
