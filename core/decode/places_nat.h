/* places_nat.h - which interfaces are of a NAT gateway, learned from tuples: what comes in to such
 * an interface is, at the interface of the client that sent it, addressed to somebody else.
 * Private to places*.c.
 *
 * A sample is kept, drawn by client port, server port and protocol, so that all that is seen of a
 * tuple is in it or not, whichever interface saw it and when. */
#ifndef ENITOP_PLACES_NAT_H
#define ENITOP_PLACES_NAT_H

#include "decode/places.h"

/* A client's tuple and who it was seen with. */
struct nat_tuple {
	uint64_t key; /* 0: free */
	uint8_t client[16];
	struct {
		uint8_t peer[16];
		uint32_t at; /* interface that saw it */
	} seen[3];
	uint8_t n; /* of those; NAT_MANY: more, so that it tells nothing */
};

#define NAT_MANY 255u

struct nat_sample {
	struct nat_tuple *tuple; /* NAT_TUPLES of them; NULL: none so far */
	uint32_t n;
	uint64_t limit; /* greatest hash of ports that is drawn; 0: every one so far */
};

#define NAT_TUPLES 16384u

void nat_sample_release(struct nat_sample *v);
/* Whether tuples with such ports are kept: cheap, to be asked first. */
bool nat_sample_draws(const struct nat_sample *v, uint64_t client_port, uint64_t server_port,
		      uint64_t protocol);
void nat_sample_add(struct nat_sample *v, uint64_t client_port, uint64_t server_port,
		    uint64_t protocol, const uint8_t client[16], const uint8_t peer[16],
		    uint32_t at);
/* Own addresses are settled: sets which interfaces are learned to be of NAT gateways. */
void nat_sample_judge(const struct nat_sample *v, struct places *p);
/* Those are set: tells of clients how most of their tuples that went to the internet got there. */
void nat_sample_ways(const struct nat_sample *v, struct places *p);

#endif
