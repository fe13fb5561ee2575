/* arrival.h - in which order rows came, across segments: those of several formats stand in
 * segments of their own. Rows have numbers of arrival, which grow with the row. */
#ifndef ENITOP_ARRIVAL_H
#define ENITOP_ARRIVAL_H

#include "store/segment.h"

/* The next row of an open segment arrives as number `order`, no less than any before it; those
 * behind it one after the other until more is noted. */
void segment_note_arrival(struct segment *s, uint64_t order);
/* Adds to the numbers of all rows: what they were counted from came behind so much else. */
void segment_move_arrivals(struct segment *s, uint64_t by);

/* The number of a row; its own number in the segment where none was noted. */
uint64_t segment_arrival(const struct segment *s, uint32_t row);
/* The first row from `row` on that has not arrived before number `order`; s->rows: none. */
uint32_t segment_arrived_until(const struct segment *s, uint32_t row, uint64_t order);

#endif
