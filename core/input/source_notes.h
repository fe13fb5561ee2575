/* source_notes.h - what a source's records say of the source: the formats met, how long
 * its intervals are, how fast it comes. Loop thread. */
#ifndef ENITOP_SOURCE_NOTES_H
#define ENITOP_SOURCE_NOTES_H

#include "store/field_counts.h"
#include "store/segment.h"

#define NOTES_FORMATS 8

struct source_notes {
	const struct format *format[NOTES_FORMATS]; /* the ones met first */
	unsigned formats;                           /* met, at most NOTES_FORMATS; it holds them */
	int version;                                /* the highest of their columns */
	bool long_intervals;                        /* some record spans more than a minute */
	int64_t newest_s; /* newest time that is not in the future; INT64_MIN: none */
	double weight;    /* flows lately, the older the less; as of `weighed_ms` */
	uint64_t weighed_ms;
	struct field_counts unreadable; /* values, by field */
};

void source_notes_init(struct source_notes *n);
void source_notes_release(struct source_notes *n);
/* Takes note of rows first..first+rows-1; `ceiling_s`: times beyond are in the future.
 * Returns how many of them are flows. */
uint32_t source_notes_rows(struct source_notes *n, const struct segment *s, uint32_t first,
			   uint32_t rows, int64_t ceiling_s);
void source_notes_flows(struct source_notes *n, uint64_t flows, uint64_t now_ms);

/* The source is read to its end, and others want the room: of its formats only their number and
 * their version stay. */
void source_notes_give_back(struct source_notes *n);
/* Flows a second: an average over seconds; 0 soon after nothing comes any more. */
double source_notes_rate(const struct source_notes *n, uint64_t now_ms);
/* The time up to which the records can be taken as complete: the newest `end` less one
 * aggregation interval (a minute, or ten once a record was longer), for a record is
 * delivered when its interval is over. INT64_MIN: not known. */
int64_t source_notes_complete(const struct source_notes *n);

#endif
