/* community_id.h - Community ID v1: one name for a conversation, the same in both of its
 * directions, as Zeek, Suricata and others give it.
 * Source: https://github.com/corelight/community-id-spec */
#ifndef ENITOP_COMMUNITY_ID_H
#define ENITOP_COMMUNITY_ID_H

#include "store/segment.h"

#define COMMUNITY_ID_SIZE 31 /* "1:" + 28 letters + NUL */

/* The id, with the seed 0 that everyone has. Ports count for TCP, UDP and SCTP. NULL, or
 * why there is none: two kinds of address; ICMP, whose types are in no flow log; a build
 * without SHA-1. */
const char *community_id(const uint8_t src[16], const uint8_t dst[16], unsigned protocol,
			 uint16_t sport, uint16_t dport, char out[COMMUNITY_ID_SIZE]);
/* The Community ID of a row, of the packet's own addresses where they were logged: those are what
 * others saw on the wire. */
const char *community_id_of(const struct segment *s, const struct dict *d, uint32_t row,
			    char out[COMMUNITY_ID_SIZE]);

#endif
