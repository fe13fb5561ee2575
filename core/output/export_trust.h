/* export_trust.h - what export_trust*.c share. Private to them. */
#ifndef ENITOP_EXPORT_TRUST_H
#define ENITOP_EXPORT_TRUST_H

#include "output/export_json.h"

#define TRUST_STRIP 64 /* letters of a report's strip: an hour and both of its ends */

/* A row as JSON: what the csv has, and `doubts`, the times that are lost or missing. */
json_t *json_trust_row(const struct trust_facts *f, const struct trust_row *r);
/* All but the rows. */
json_t *json_trust(const struct trust_facts *f);
/* The own address of a row's interface, the first of its families; "": none is known. */
void trust_own(const struct trust_facts *f, const struct trust_row *r, char out[46]);
/* "63.3%", in as much room as it takes; "-": of no minute. */
char *trust_percent(char *out, size_t size, int hundredths);

#endif
