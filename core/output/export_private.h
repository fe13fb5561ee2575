/* export_private.h - what the export_*.c share. */
#ifndef ENITOP_EXPORT_PRIVATE_H
#define ENITOP_EXPORT_PRIVATE_H

#include "output/export.h"

/* Adds what stands above a table of so many rows: the question, and what can make the answer
 * wrong. */
void export_head(const struct result *r, uint32_t rows, const struct export_context *c,
		 struct buf *out);

/* Adds the title of a part of the key: "port", "srcaddr/24"; "key-bytes" where a figure is called so. */
void export_key_name(const struct result *r, unsigned part, struct buf *out);

#endif
