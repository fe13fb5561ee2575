/* malformed_book.h - the last malformed lines of each source, so that a noisy one does not
 * push out another's. Bounded: some lines a source, and so many sources; beyond that the
 * source whose last one is longest ago gives its lines up. Loop thread. */
#ifndef ENITOP_MALFORMED_BOOK_H
#define ENITOP_MALFORMED_BOOK_H

#include "decode/decode.h"

#define MALFORMED_EACH 20
#define MALFORMED_SOURCES 1000

struct malformed_book;

struct malformed_book *malformed_book_new(void);
void malformed_book_free(struct malformed_book *b);

/* Copies the last of `bad`; `line_offset` is added to each line number. */
void malformed_book_add(struct malformed_book *b, uint32_t source, const struct malformed_list *bad,
			uint64_t line_offset);
/* The lines kept of a source, oldest first; NULL from the first that is not there on. */
const struct malformed *malformed_book_get(const struct malformed_book *b, uint32_t source,
					   size_t i);
size_t malformed_book_bytes(const struct malformed_book *b);

#endif
