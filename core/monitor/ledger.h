/* ledger.h - the book kept of all sources for those who look at them: which have trouble,
 * their malformed lines, when data was lost. Loop thread. */
#ifndef ENITOP_LEDGER_H
#define ENITOP_LEDGER_H

#include "monitor/doubts.h"
#include "monitor/malformed_book.h"
#include "input/source.h"
#include "monitor/source_order.h"

struct ledger;

struct ledger *ledger_new(void);
void ledger_free(struct ledger *l);

/* The next source; `time_s`: of its file in a folder, ORDER_NAMED: asked for by name. */
void ledger_add(struct ledger *l, int64_t time_s);
/* Rows of a source came. Times beyond `ceiling_s` are in the future. */
void ledger_rows(struct ledger *l, struct source *s, const struct segment *seg, uint32_t first,
		 uint32_t rows, int64_t ceiling_s);
/* Malformed lines of a source came; `now_s` is log time where the source has none yet. */
void ledger_malformed(struct ledger *l, const struct source *s, const struct malformed_list *bad,
		      uint64_t count, uint64_t line_offset, int64_t now_s);
/* The error, the note or the state of a source may have changed. */
void ledger_touch(struct ledger *l, const struct source *s);

/* Values that their field can't have, of all sources, by field; the last ones of each source. */
const struct field_counts *ledger_unreadable(const struct ledger *l);
const struct malformed_book *ledger_unreadable_book(const struct ledger *l);
struct source_order *ledger_order(struct ledger *l);
const struct malformed_book *ledger_book(const struct ledger *l);
const struct doubts *ledger_doubts(const struct ledger *l);
size_t ledger_bytes(const struct ledger *l);

#endif
