/* heat.h - HEATS: the axes a heatmap can have; and its scale: which of four steps an amount
 * is. Neither draws. */
#ifndef ENITOP_HEAT_H
#define ENITOP_HEAT_H

#include "schema/field.h"

/* A row: what a field is called on an axis. */
struct heat_axis {
	int field;
	const char *name, *many; /* "port", "ports" */
};

struct heat {
	const struct heat_axis *row, *column;
};

/* In the order of the key; the first is in force at the start. */
const struct heat *heats(size_t *n);
/* "port,host" -> axes; false: there is no such row or column, or they are the same. Any
 * two, not only those of the table; time is no row. */
bool heat_parse(struct str text, int *row, int *column);
/* The axis of a field; NULL: it is none. */
const struct heat_axis *heat_axis_of(int field);

#define HEAT_STEPS 4
#define HEAT_REFUSALS 3

/* The least amount of each step. Logarithmic: equal factors from the smallest amount (0 is
 * none) to the largest, so that a scan of some hundred bytes shows beside gigabytes, and
 * both beside what is between. Linear: equal parts of the largest amount. */
struct heat_scale {
	uint64_t from[HEAT_STEPS];
};

struct heat_scale heat_scale_of(uint64_t smallest, uint64_t largest, bool linear);
/* 0..HEAT_STEPS-1; -1 for nothing at all. */
int heat_step(const struct heat_scale *s, uint64_t amount);

/* How much of a cell was refused, in steps: from a tenth on, from a half on, nearly all, which is nine
 * tenths. 0..HEAT_REFUSALS-1; -1 for less. Of the flows that ended in it or of the bytes that ran in
 * it, whichever is more: refusals are small, and what ends later is not counted yet. A few flows
 * say little: one refusal beside gigabytes is none. */
struct heat_cell {
	uint64_t flows, rejects;       /* that ended in it */
	uint64_t bytes, refused_bytes; /* that ran in it */
};

int heat_refused(const struct heat_cell *c);

#endif
