/* sides.h - SIDES: which column of a record a field of one of its two sides stands for, which
 * depends on which of them serves. */
#ifndef ENITOP_SIDES_H
#define ENITOP_SIDES_H

#include "schema/field.h"

struct sides {
	int field;
	int asking;  /* its column where the source asks, so that the destination serves */
	int serving; /* its column where the source serves */
	bool both;   /* both columns at once, whichever side serves */
};

/* Any field; one that no side has anything to do with is in its own column in either case. */
struct sides sides_of(int field);

/* Whether it matters which side serves, or that there are two. */
static inline bool sides_differ(struct sides s)
{
	return s.asking != s.serving;
}

#endif
