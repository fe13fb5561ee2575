/* decode_found.h - a text of records that were found in lines, as a batch takes them: one blank
 * between values. Private to decode*.c. */
#ifndef ENITOP_DECODE_FOUND_H
#define ENITOP_DECODE_FOUND_H

#include "base/util.h"

/* Zero-initialise. */
struct found_text {
	char *text; /* NULL: none was found yet */
	uint32_t
		*delimiter; /* offsets in it, as decode_scan.h lists them; one before each record */
	uint32_t n, delimiters;
	uint64_t line; /* of the last record */
};

void found_text_release(struct found_text *t);
/* Whether there is room for another record, of that line, so that newlines tell how many lines
 * lie between it and the last one. */
bool found_text_has_room(const struct found_text *t, size_t n, uint64_t line);
void found_text_clear(struct found_text *t);
/* Adds it. Returns the index of its first delimiter. */
uint32_t found_text_add(struct found_text *t, struct str record, uint64_t line);

#endif
