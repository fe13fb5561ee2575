/* taught.h - rows of a text that servers learn from and mark. */
#ifndef ENITOP_TESTS_TAUGHT_H
#define ENITOP_TESTS_TAUGHT_H

#include "decode/servers.h"
#include "support.h"

#define TAUGHT_SOURCE 7

/* Rows that were learned from, and are marked once all are. */
struct taught {
	struct servers *v;
	struct segment **segment;
	size_t n, cap;
};

/* The next rows, under a header, decoded in pieces of `piece` lines. */
void teach(struct taught *t, const char *header_line, const char *text, size_t piece);
/* No more come: adds the marks of all of them, in order, and frees them. */
void take_marks(struct taught *t, struct buf *out);
/* The marks of all rows of `text`. */
void marks_under(struct servers *v, const char *header_line, const char *text, size_t piece,
		 struct buf *out);

#endif
