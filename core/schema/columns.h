/* columns.h - logs with named fields (JSON objects, CSV, header lines): which field each name
 * is, and whether they are flow logs at all. */
#ifndef ENITOP_COLUMNS_H
#define ENITOP_COLUMNS_H

#include "schema/format.h"

/* The field that a name may be, by itself or below an object ("data.aws.srcaddr"), whatever
 * stands beside it; FIELD_NONE: none. */
int column_field(struct str name);

#define COLUMN_AGAIN (-2) /* another name for a field that has its column */

/* The fields of the `n` names of one log, at most FORMAT_COLUMNS_MAX; FIELD_NONE where one is not understood. Each field is
 * there once, for the name that says it best (see synonym.h), of equal names the first. Below
 * an object a name counts where the object is AWS's by its name, or has an address, an interface
 * or a log-status among its fields. */
void columns_match(const struct str *name, unsigned n, int16_t *field);

/* Where no name is end's, and both addresses are there: the column of what a log store calls the
 * time of a record ("_time" of Splunk, "@timestamp" of ECS), which then serves as end, as these
 * call it in *name; -1: there is none. */
int columns_time(const struct str *name, const int16_t *field, unsigned n, const char **as);

/* Whether they are those of statistics instead of records: "sum(bytes)", Athena's "_col0". In
 * envelopes of values also addresses with something that is not understood, without bytes and
 * without any time; a line of names may be a format that somebody chose. */
bool columns_are_statistics(const struct str *name, const int16_t *field, unsigned n, bool line);

#endif
