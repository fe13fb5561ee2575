/* labels_file.h - files that people write for enitop: read whole, within a bound, and what was wrong in
 * them. */
#ifndef ENITOP_LABELS_FILE_H
#define ENITOP_LABELS_FILE_H

#include "labels/labels.h"

/* A whole file: 0, or a negative errno; -EFBIG beyond LABELS_FILE_MAX. */
int label_read(const char *path, struct buf *out);
/* Notes a fault of a line (0: of the whole file). */
void label_fault(struct label_faults *f, const char *path, size_t line, const char *what, ...)
	__attribute__((format(printf, 4, 5)));

#endif
