/* export_page.h - parts of pages of text: sentences in lines of so many columns, commands that stay
 * whole when they are copied. */
#ifndef ENITOP_EXPORT_PAGE_H
#define ENITOP_EXPORT_PAGE_H

#include "base/util.h"

/* Words, as many as fit in a line; those behind the first are indented; `broken`: what stands at the
 * end of one that goes on. */
void page_wrapped(struct str text, size_t indent, size_t width, const char *broken,
		  struct buf *out);
/* A title with lines below it, one a sentence; nothing where there are none. */
void page_lines(const char *title, const struct buf *lines, bool numbered, size_t width,
		struct buf *out);
/* Commands, below "next": the shell goes on behind a backslash. */
void page_commands(const struct buf *lines, size_t width, struct buf *out);

#endif
