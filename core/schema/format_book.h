/* format_book.h - the formats that a source's headers made: it holds them while it is read, and
 * has only so many, so that none takes the room of the others'. Shapes and the default format are
 * not counted. Zero-initialise. */
#ifndef ENITOP_FORMAT_BOOK_H
#define ENITOP_FORMAT_BOOK_H

#include "schema/format.h"

#define FORMATS_OF_SOURCE 1024
#define NAMES_OF_SOURCE 1024 /* of columns that are not known */
#define BYTES_OF_SOURCE ((size_t)1 << 20)

struct format_book {
	const struct format **format;
	size_t n, cap, bytes;
	unsigned names;
	uint64_t *name;                   /* a bit for each unknown name; NULL: none yet */
	const struct format_book *before; /* whose formats count as well; NULL: none */
	unsigned share;                   /* it has one part in so many of the room; 0: all */
	bool refused;                     /* some format: there was no room */
};

/* Takes the caller's hold on `f`. Returns it, or what refuses it; either is there as long as the
 * book is. */
const struct format *format_book_keep(struct format_book *b, const struct format *f);
/* Takes all that is in `from`, which is empty then, as if its formats had come behind those of `b`.
 * False: they would not all have been kept, and nothing has changed. */
bool format_book_take(struct format_book *b, struct format_book *from);
/* Lets go of all formats but those; NULL among them is none. */
void format_book_cut(struct format_book *b, const struct format *const *keep, size_t n);
void format_book_release(struct format_book *b);
size_t format_book_bytes(const struct format_book *b);

#endif
