/* export_spike_state.h - what export_spike*.c share. */
#ifndef ENITOP_EXPORT_SPIKE_STATE_H
#define ENITOP_EXPORT_SPIKE_STATE_H

#include "output/export_spike.h"

struct odd_target {
	uint32_t target, rank;
	bool asked; /* it was asked for, by a filter */
	bool found; /* it had a spike */
	double score;
};

/* The series that are worth a line, those asked for and the oddest first; how many there are. The
 * array is the caller's. */
size_t spike_in_order(const struct spike_writer *w, struct odd_target **out);
/* Points of the forecast of a series. */
unsigned spike_bins_ahead(const struct spike_writer *w, uint32_t i);
/* Adds what was found, the series, and what is expected of them. */
void spike_table(struct spike_writer *w);

#endif
