/* bulk.h - where in time records lie: from the first to the last, or, where a few lie so far from
 * the others that bins for all would tell nothing, from the first to the last of the others. */
#ifndef ENITOP_BULK_H
#define ENITOP_BULK_H

#include "query/query.h"

struct bulk;

struct bulk *bulk_new(void);
void bulk_free(struct bulk *b);
/* `started`: when the first record of the segment began, where the caller knows (INT64_MAX).
 * Adds (sign 1) or takes away (-1) the dated ones of rows first..first+n-1 that have their bit in
 * `bits` (bit 0: row `first`; NULL: every flow) and are in the span. What was taken away may leave
 * the borders up to three days too wide. */
void bulk_add(struct bulk *b, const struct segment *s, uint32_t first, uint32_t n,
	      const uint64_t *bits, struct span span, int64_t started, int sign);
/* Adds records that were counted elsewhere: they ended from `first` to `last`, which are in one bucket
 * (time / BULK_BUCKET_S), and the first of them began, or ended, at `started`. */
#define BULK_BUCKET_S (INT64_C(1) << 18)
void bulk_put(struct bulk *b, int64_t started, int64_t first, int64_t last, uint64_t records);
/* The time of the bulk: from its first record where some lie before it (else INT64_MIN) to behind
 * its last where some lie behind it (else INT64_MAX). Where all is half a year or more, it is of
 * all but one record in a thousand (but one of more than three) where those have a sixteenth of
 * that time at most. Those behind `latest` (log time, or its ceiling) are left out first. *astray:
 * how many lie outside, those behind `latest` aside. */
struct span bulk_span(const struct bulk *b, int64_t latest, uint64_t *astray);
/* The same of the ends of records, for rates and the sides of a mark: from *first to *last, the
 * first and the last of all, to those of the bulk, as far as no limit of the window says when it
 * begins. Returns how many lie outside, where that moves one of the two. */
uint64_t bulk_data(const struct bulk *b, int64_t latest, struct span window, int64_t *first,
		   int64_t *last);

#endif
