/* events.h - what people did, and when: changes that findings are held beside. */
#ifndef ENITOP_EVENTS_H
#define ENITOP_EVENTS_H

#include "labels/labels.h"

#define EVENTS_MAX 100000u  /* of a file; the rest is said to be left out */
#define EVENT_TEXT_MAX 120u /* bytes of a text */
#define EVENT_BEFORE_S 600  /* so long before a finding began an event may be why */

struct timed_event {
	int64_t time; /* seconds */
	char *text;   /* printable, as far as it is ASCII */
};

struct events;

struct events *events_new(void);
void events_free(struct events *e);
/* Adds those of a file: the JSON of CloudTrail (a log file's "Records", or what `aws cloudtrail
 * lookup-events` prints), or lines "TIME TEXT", '#' for comments. Times are RFC 3339, dates or epoch
 * seconds. 0, or a negative errno when it can't be read at all; `faults` gains what was wrong. */
int events_read(struct events *e, const char *path, struct label_faults *faults);
/* Those with from <= time < to, in order; *n of them. */
const struct timed_event *events_within(const struct events *e, int64_t from, int64_t to,
					size_t *n);

#endif
