/* pane_rows.h - all rows of a pane as text, in slices, for an export: those of the moment when it
 * began, whatever comes and goes meanwhile. Rankings and charts are counted anew from the records,
 * by the tables of reports, so that the file says what a report of the same question says. */
#ifndef ENITOP_PANE_ROWS_H
#define ENITOP_PANE_ROWS_H

#include "app/app.h"

struct pane_rows;

/* Of records as many are in the order of the screen as the screen itself has in order; of more all
 * are as they were read. */
struct pane_rows *pane_rows_new(struct app *a, const struct pane *p, enum output o);
void pane_rows_free(struct pane_rows *x);
/* Adds a piece, some milliseconds of work; true while there is more. */
bool pane_rows_step(struct pane_rows *x, struct buf *out);
/* A segment is about to leave the ring. */
void pane_rows_evict(struct pane_rows *x, struct segment *s);
/* Rows written so far; how much of the work before the first one is done, in percent. */
uint64_t pane_rows_written(const struct pane_rows *x);
unsigned pane_rows_percent(const struct pane_rows *x);
/* What there is to say when it is done, as it stands behind "9 rows
 * written": that they are as read, for there are too many to sort; that some were evicted. */
const char *pane_rows_note(const struct pane_rows *x, char *out, size_t size);
/* At the end: adds what stands around the rows, which formats of a row a line have no place for. */
void pane_rows_around(const struct pane_rows *x, struct buf *out);
size_t pane_rows_bytes(const struct pane_rows *x);

#endif
