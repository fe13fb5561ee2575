/* export_json.h - the JSON of export.c. Private to export*.c. */
#ifndef ENITOP_EXPORT_JSON_H
#define ENITOP_EXPORT_JSON_H

#include <jansson.h>

#include "output/export.h"

/* New references. Text that is not UTF-8 has its stray bytes as U+00XX. */
json_t *json_text(struct str s);
json_t *json_number(uint64_t v);
/* In dollars; so much of the metric that rows are ranked by. */
json_t *json_cost(uint64_t cost);
json_t *json_amount(const struct result *r, uint64_t amount);
json_t *json_value(const struct value *v);
/* A time of a record: seconds, and milliseconds behind the point where it has some. */
json_t *json_moment(uint64_t v);
json_t *json_counts(const struct field_counts *c); /* an object, by field */
json_t *json_time(int64_t t);                      /* null where there is none */
/* An array of the lines of a text; those that begin with a blank belong to the one before. */
json_t *json_lines(const struct buf *lines);
json_t *json_result_row(const struct result *r, const struct result_row *row);
json_t *json_source(const struct monitor *m, size_t i, const struct export_context *c);
/* A row with the fields of its format, or with those chosen: then also "guess", whether
 * it is one which side serves, where that matters. What is unreadable is null, and stands as
 * delivered in an object "unreadable" by field. */
json_t *json_flow(const struct flow_columns *c, const struct segment *s, const struct dict *d,
		  uint32_t row);
/* An event of OCSF 1.5, class Network Activity; export_ocsf.c. */
json_t *json_ocsf(const struct segment *s, const struct dict *d, uint32_t row);
/* A whole report; takes `rows`, NULL leaves the key out. */
json_t *json_report(const struct result *r, json_t *rows, const struct export_context *c);
/* The same in two parts, around rows that the caller adds with commas between: the first, and the
 * rest for the second, which takes it. Whether the answer is complete stands behind the rows: it
 * is not where they were `cut`. */
json_t *json_report_begin(const struct result *r, const struct export_context *c, struct buf *out);
void json_report_end(json_t *rest, bool cut, struct buf *out);
/* Adds it on one line without a newline and drops the reference. */
void json_add(struct buf *out, json_t *value);

#endif
