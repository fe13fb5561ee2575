/* export_query.h - the question of a report, said so that it can be asked again: a row a part of
 * it, which is named as the option of the command line and has the value that the option takes. In
 * JSON the parts are one object; people have them as options. Private to export*.c. */
#ifndef ENITOP_EXPORT_QUERY_H
#define ENITOP_EXPORT_QUERY_H

#include "output/export.h"
#include "output/export_json.h"

/* {"view":"talkers","group":"client,server","metric":"bytes/s",...}: null is what was not asked. */
json_t *query_json(const struct result *r, const struct export_context *c);
/* Adds "asked with --view talkers --group client,server ..." and a newline, quoted for a shell,
 * nothing in it that could move a terminal. */
void query_line(const struct result *r, const struct export_context *c, struct buf *out);

#endif
