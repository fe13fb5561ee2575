/* decode_find.h - the records in a line that is none itself: a tail of it, or parts in quotes,
 * in cells of a table or in brackets, or several run together. Private to decode*.c. */
#ifndef ENITOP_DECODE_FIND_H
#define ENITOP_DECODE_FIND_H

#include "schema/record.h"

struct found_record {
	struct str text; /* of the record, in the line */
	const struct format *format;
	enum record_frame frame;
};

/* Goes through the records of a line, in their order. */
struct finder {
	struct str line, rest;
	bool merged; /* some stands before `rest` */
	bool left;   /* something was left that is no record */
	bool parts;  /* `rest` is looked through for quotes, cells and brackets */
	bool any;    /* a part was found, of this sort: */
	unsigned sort;
	unsigned left_starts; /* that may still be tried in vain */
};

void finder_begin(struct finder *f, struct str line);
/* The next one; false: there is no more. */
bool finder_next(struct finder *f, struct found_record *out);

/* The text with blanks for no-break ones, one between values, in `out`, which has room for it.
 * 0: it has none of those. */
size_t without_no_break_spaces(struct str text, char *out);

#endif
