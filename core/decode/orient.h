/* orient.h - ORIENT: which side of a row serves, by what the row itself says. Private to decode. */
#ifndef ENITOP_ORIENT_H
#define ENITOP_ORIENT_H

#include "store/segment.h"

/* Which side serves where the flags don't say: the one known service, else the lower port.
 * Without branches, which ports would have guessed wrong half of the time. */
static inline uint8_t orient_by_ports(const uint8_t *service, uint64_t sport, uint64_t dport)
{
	if ((sport | dport) > 65535)
		return MARK_GUESS;
	unsigned src_known = service[sport / 8] >> sport % 8 & 1;
	unsigned dst_known = service[dport / 8] >> dport % 8 & 1;
	unsigned one = src_known ^ dst_known, weak = (one ^ 1) & ((sport | dport) != 0);
	unsigned src = (one & src_known) | (weak & (sport < dport));

	return (uint8_t)(MARK_GUESS | weak * MARK_WEAK | src * MARK_SERVER_SRC);
}

/* A SYN without ACK asks, a SYN-ACK answers. */
static inline uint8_t orient(const uint8_t *service, uint64_t flags, uint64_t sport, uint64_t dport)
{
	enum { SYN = 2, SYN_ACK = 18 };

	if (flags != NUMBER_ABSENT && (flags & SYN))
		return (flags & SYN_ACK) == SYN_ACK ? MARK_SERVER_SRC : 0;
	return orient_by_ports(service, sport, dport);
}

#endif
