/* line_end.h - lines that end in a carriage return alone, as old programs write them. */
#ifndef ENITOP_LINE_END_H
#define ENITOP_LINE_END_H

#include "base/util.h"

/* How the lines of a text end; zero-initialise. */
struct line_end {
	enum { LINE_END_UNKNOWN, LINE_END_NEWLINE, LINE_END_RETURN } is;
};

/* The next bytes of the text: their returns become newlines where lines end so. Its first line
 * decides. */
void line_end_mend(struct line_end *l, char *s, size_t n);

#endif
