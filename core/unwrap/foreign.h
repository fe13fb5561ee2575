/* foreign.h - what people point enitop at that it does not read: how it is known, what it is
 * called, what to do. A row of foreign.c each. */
#ifndef ENITOP_FOREIGN_H
#define ENITOP_FOREIGN_H

#include "base/util.h"

/* Bytes at their place. */
struct foreign_sign {
	size_t at;
	struct str bytes;
};

/* Known by its signs, all of them; or by names among the keys of a document or the columns of a
 * header; or by its first line. */
struct foreign {
	const char *name;            /* in shapes: "parquet" */
	const char *title;           /* "Parquet", "a GuardDuty finding" */
	const char *hint;            /* what to do, or why not */
	struct foreign_sign sign[2]; /* the second one may have no bytes */
	bool word;                   /* text may begin with its sign: it is told by the rest */
	bool entire;                 /* a part of its sign is none */
	bool letters;                /* an `a` in its sign is any byte of text */
	const char *names;           /* one space apart, each as it is or behind dots */
	const char *line; /* patterns of its first values: '*', '9' a digit, in any case */
};

/* What begins with these bytes, NULL: none is known. `more`: set where that can be told when more
 * was seen. `all`: there are no more, the beginning of a sign is then that, unless it may be
 * text. */
const struct foreign *foreign_of_bytes(struct str s, bool all, bool *more);
/* The same of what is no text, by as much of its beginning as is at hand: never NULL. */
const struct foreign *foreign_of_binary(struct str s);

/* What has all of these names, `n` of them; NULL: none is known. */
const struct foreign *foreign_of_names(const struct str *name, size_t n);
/* What has such a line; NULL: none is known. */
const struct foreign *foreign_of_line(struct str line);

#endif
