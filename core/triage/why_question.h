/* why_question.h - what why is asked: two ends, and a port of the second. */
#ifndef ENITOP_WHY_QUESTION_H
#define ENITOP_WHY_QUESTION_H

#include "base/address.h"

#define WHY_ANY_PORT UINT32_MAX

/* "Why can't CLIENT reach SERVER:PORT?" */
struct why_question {
	uint8_t client[16], server[16];
	bool any_client;
	uint32_t port; /* WHY_ANY_PORT: every port of the pair */
	uint8_t protocol;
};

/* "10.0.1.5 10.0.2.9:5432/tcp", "any 10.0.2.9:53/udp", "2001:db8::1 [2001:db8::2]:443": PROTO is a
 * name or a number, tcp if left out; ICMP has no port. A name of --names stands for its address
 * where `resolve`
 * (NULL: none) knows one: it returns how many there are. What a pane draws,
 * "10.0.1.5 > ~10.0.2.9:5432/tcp", is a question too. False with what is wrong in *error. */
bool why_question_parse(struct str text,
			size_t (*resolve)(void *ctx, struct str name, uint8_t out[16]), void *ctx,
			struct why_question *out, struct buf *error);

#endif
