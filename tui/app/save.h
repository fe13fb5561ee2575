/* save.h - one export of what a pane shows, to a file, in slices: the screen goes on.
 *
 * The text goes to a new file beside the one that was named, which takes its name when it
 * is whole. A file that is there is replaced only when the user says so. Formats that are a row a
 * line have a second file beside theirs, FILE.query.json: the question, and what else a report has
 * around its rows. */
#ifndef ENITOP_SAVE_H
#define ENITOP_SAVE_H

#include "app/app.h"

struct save;

/* The output that a file name's suffix stands for (".csv"), or -1; and the suffixes. */
int save_output(const char *path);
extern const char save_suffixes[];

/* Begins to write the focused pane, or the page that lies over it. NULL with `why` filled: no suffix,
 * not possible for this pane, cannot open; with *exists when the file is there and `replace` is
 * false. */
struct save *save_open(struct app *a, const char *path, bool replace, bool *exists, char *why,
		       size_t size);
/* Whether it is of a page, not of a pane. */
bool save_is_page(const struct save *s);
/* Writes for about `budget_ns`; true while there is more to do. */
bool save_step(struct save *s, uint64_t budget_ns);
/* Ends it: 0 with the rows written and what is to be said of them, or negative errno and nothing is
 * left behind. What was not finished is removed. */
int save_close(struct save *s, uint64_t *rows, char *note, size_t size);
/* Rows written so far; how much of the work before the first one is done, in percent. */
uint64_t save_rows(const struct save *s);
unsigned save_percent(const struct save *s);
/* A segment is about to leave the ring. */
void save_evict(struct save *s, struct segment *g);
size_t save_bytes(const struct save *s);

#endif
