/* asked_ends.h - which records questions can rest on, by the ids of addresses, ports and protocols that
 * they ask for: found by a table, so that hundreds of questions cost a record no more than one. */
#ifndef ENITOP_ASKED_ENDS_H
#define ENITOP_ASKED_ENDS_H

#include "store/dict.h"
#include "triage/why_question.h"

/* What an end is to some question. */
enum {
	ASKED_CLIENT = 1,     /* that of its client */
	ASKED_SERVER = 2,     /* of its server, whose other clients are seen aside; */
	ASKED_SERVER_ANY = 4, /* all are asked for */
	ASKED_SOMEHOW = 8     /* at some port */
};

struct asked_ends;

/* Of questions whose addresses a dictionary has met. */
struct asked_ends *asked_ends_new(const struct dict *d, const struct why_question *q,
				  size_t questions);
void asked_ends_free(struct asked_ends *a);
/* Whether there is any. */
bool asked_ends_any(const struct asked_ends *a);
/* Whether an address is an end of some question. */
bool asked_ends_has(const struct asked_ends *a, uint32_t id);
/* Whether some question is of a port: most records are at none, which is seen before addresses are. */
bool asked_ends_have_port(const struct asked_ends *a, uint64_t port);
/* What an address is to questions at one of the two ports. */
unsigned asked_ends_find(const struct asked_ends *a, uint32_t id, uint64_t sport, uint64_t dport,
			 uint64_t protocol);

#endif
