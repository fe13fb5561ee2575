/* rules.h - what people say of how findings are judged: limits, who administers, and what was
 * usual before. */
#ifndef ENITOP_RULES_H
#define ENITOP_RULES_H

#include "triage/baseline.h"
#include "triage/detector.h"
#include "triage/events.h"

struct rules;

struct rules *rules_new(void);
void rules_free(struct rules *r);

/* "exfil.bytes=2G", "lateral.ports=22,3389,5900-5910". False with what is wrong in *error: a name that is none has the next best. */
bool rules_set(struct rules *r, struct str text, struct buf *error);
/* The value in force of a detector's limit. */
double rules_limit(const struct rules *r, const struct detector *d, const char *name);
/* The ports in force of such a limit, for port_is_in(). */
const uint64_t *rules_ports(const struct rules *r, const struct detector *d, const char *name);
/* Networks that administer others, separated by commas; false with what is none in *bad. */
bool rules_add_admin(struct rules *r, struct str networks, struct str *bad);
bool rules_is_admin(const struct rules *r, const uint8_t address[16]);
/* "scan", "scan source=10.1.0.1": of a rule those findings whose subject says all of it are not
 * shown. False with what is wrong in *error. */
bool rules_mute(struct rules *r, struct str text, struct buf *error);
bool rules_is_muted(const struct rules *r, const struct finding *f);
/* Takes it, in place of what was there. */
void rules_take_baseline(struct rules *r, struct baseline *b);
const struct baseline *rules_baseline(const struct rules *r); /* NULL: none */
/* What people did, which stays the rules'. */
struct events *rules_events(const struct rules *r);

/* The value that a limit has where nobody says: "15", "500M", "22,23,3389"; as much as has room. */
#define THRESHOLD_TEXT 96 /* bytes that have room for each */
void threshold_text(const struct threshold *t, char *out, size_t size);
/* Adds the rules, and below each a line a limit: "scan.ports  15   what it is". */
void rules_help(struct buf *out);

#endif
