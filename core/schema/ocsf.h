/* ocsf.h - flow logs as events of OCSF, class Network Activity (4001): where an event has what
 * field, and how it writes it. One table, which Amazon Security Lake's Parquet and JSON of any
 * writer are read by; core/output/export_ocsf.c writes what it reads. */
#ifndef ENITOP_OCSF_H
#define ENITOP_OCSF_H

#include "schema/field.h"

/* How a value is written that AWS writes otherwise. */
enum ocsf_words {
	OCSF_AS_IS,
	OCSF_TIME,      /* milliseconds, where it is a number */
	OCSF_ACTION,    /* Allowed, Denied, Blocked, or their numbers */
	OCSF_DIRECTION, /* Inbound, Outbound, or their numbers */
	OCSF_TYPE,      /* IPv4, or its number */
	OCSF_BOUNDARY,  /* of traffic-path: in words, or 3 more */
	OCSF_PACKET     /* the packet's address, which records of version 2 don't have */
};

/* A name that says a field. */
struct ocsf_place {
	unsigned name;
	int16_t field;
	uint16_t rank; /* of several for a field the lowest counts that has a value */
	enum ocsf_words as;
};

/* A list whose first value alone is read: the record's own address, where the packet's is another. */
#define OCSF_LIST "intermediate_ips"

/* The places of fields in events with leaves of these n names, at most `most`, by field and then
 * by rank. 0: they are no OCSF. A name may have two places; those without any say nothing of a
 * flow. Paths as OCSF has them, with dots; what stands behind OCSF_LIST is not looked at. */
unsigned ocsf_match(const struct str *name, unsigned n, struct ocsf_place *out, unsigned most);
/* A value as AWS writes it, "-" where it says that there is none; `space` is for it. */
struct str ocsf_value(enum ocsf_words as, struct str value, char space[24]);
/* The same of a number in a field of a number type; OCSF_NONE: there is none, which stays. */
uint64_t ocsf_number(enum ocsf_words as, uint64_t v);
/* Whether a list of this path can have values of flows: it is the one above, or what the class has
 * no place for. */
bool ocsf_is_list(struct str path);
bool ocsf_is_unmapped(struct str path);
/* What boundary says of a traffic-path, static; NULL: nothing. */
const char *ocsf_boundary(uint64_t path);
#define OCSF_BOUNDARY_MORE 3 /* boundary_id than traffic-path */
#define OCSF_NONE UINT64_MAX

#endif
