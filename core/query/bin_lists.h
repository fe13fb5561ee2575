/* bin_lists.h - the bins of each of very many rows, listed at once: to look for each bin of each row
 * takes far longer where most rows have few. */
#ifndef ENITOP_BIN_LISTS_H
#define ENITOP_BIN_LISTS_H

#include "query/accumulator.h"

struct bin_lists;

/* Of the groups of `rows` and their bins in `bins` (group of rows + FIELD_BIN), which are borrowed
 * and do not change until bin_lists_free(). */
struct bin_lists *bin_lists_new(const struct accumulator *rows, const struct accumulator *bins);
void bin_lists_free(struct bin_lists *l);
/* Lists some, which takes a few milliseconds; true when all are. */
bool bin_lists_step(struct bin_lists *l);
/* The first bin of group `row`, in no order; UINT32_MAX: it has none. Then the next one: `at` was
 * said before. Sets *number, *tally (valid as long as the accumulator). */
uint32_t bin_lists_first(const struct bin_lists *l, uint32_t row);
uint32_t bin_lists_get(const struct bin_lists *l, uint32_t at, int64_t *number,
		       const struct tally **tally);
size_t bin_lists_bytes(const struct bin_lists *l); /* 0 for NULL */

#endif
