/* second.h - SECOND SIGHTINGS: records of packets that another interface's record has too, so that
 * they would be counted twice. What an interface sends counts at the sender, what comes from
 * outside at the receiver; a NAT gateway's packets count at their client, or, where that has no
 * log, as they come in to the gateway. Refused packets were refused at one place, and count. */
#ifndef ENITOP_SECOND_H
#define ENITOP_SECOND_H

#include "decode/places.h"

struct second_counts {
	uint32_t second;
	uint32_t undecided; /* not told so far, by records that may still come: they count */
	int64_t until; /* an undecided one may be told when log time is there; INT64_MAX: none */
};

/* Sets bit (row - first) of `bits` (cleared by the callee, (n + 63) / 64 words) for those of rows
 * first..first+n-1 of a published segment that are second sightings, by what the places know:
 * settled, and of these rows added. The bits of undecided ones are set in `undecided`, as many
 * words; NULL: they are only counted. */
void second_sightings(const struct places *p, const struct segment *s, const struct dict *d,
		      uint32_t first, uint32_t n, uint64_t *bits, uint64_t *undecided,
		      struct second_counts *out);
/* Judges those of the first n rows again that have their bit in `undecided`: sets it in `bits`, or
 * takes it out of `undecided`, or both. Counts those alone. */
void second_sightings_again(const struct places *p, const struct segment *s, const struct dict *d,
			    uint32_t n, uint64_t *bits, uint64_t *undecided,
			    struct second_counts *out);

#endif
