/* config_file.h - what config.c and config_file.c share. */
#ifndef ENITOP_CONFIG_FILE_H
#define ENITOP_CONFIG_FILE_H

#include "cli/config.h"

/* A regular file of a bounded size: 0, or a negative errno: -EFBIG, -EINVAL (no regular
 * file) among them. */
int config_file_read(const char *path, struct buf *out);
/* Whether a line is "filter NAME = TEXT"; the slices are of the line. */
bool config_line_filter(struct str line, struct str *name, struct str *text);
/* Why a filter can't be saved, or NULL. */
const char *config_filter_fault(struct str name, struct str text);
/* Keeps a filter: in place of the one of that name, or behind all others. */
void config_put(struct config *c, struct str name, struct str text, unsigned line);

#endif
