/* format_table.h - the formats and names of columns that there are: one of each, counted by who has
 * it. Private to core/schema/format*.c. */
#ifndef ENITOP_FORMAT_TABLE_H
#define ENITOP_FORMAT_TABLE_H

#include "schema/format.h"

#define UNKNOWN_MAX 16384

/* Fields that nearly every question asks of a record. */
enum { FORMAT_NEEDED = 4 };
extern const int format_needed[FORMAT_NEEDED];
/* A column that is not understood. "@timestamp" and the like are CloudWatch's, and stand beside
 * the record. */
bool format_is_strange(int field);

void format_table_lock(void);
void format_table_unlock(void);
/* Under the lock: the id of a column that is no known field; FIELD_NONE: there is no place. It is
 * the name's until the lock is let go, and as long as a format has it. */
int format_table_name(struct str name);
/* Under the lock: the format of these columns, with a hold on it; NULL: there is no room.
 * `end_as` is the format's, a literal; `shape`: of format_guess. */
const struct format *format_table_intern(const uint16_t *field, unsigned n, const char *end_as,
					 const char *origin, bool shape);

#endif
