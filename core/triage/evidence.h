/* evidence.h - what findings are judged by: each conversation (client, server, server's port,
 * protocol) with what became of it minute by minute, and what is known of the log around it. A view of
 * edges.h, the same on screen and in batch: what is judged is a function of it alone, so that no
 * order of lines, no cut of a file and no eviction of what is not looked at changes a finding. */
#ifndef ENITOP_EVIDENCE_H
#define ENITOP_EVIDENCE_H

#include "labels/labels.h"
#include "triage/edges.h"

struct evidence_edge {
	struct edge_key key;
	bool client_internal, server_internal; /* any_client: false, of the internet */
	uint32_t client_at, server_at; /* interfaces whose own address that is; PLACE_NONE: none */
	int64_t first, last;           /* start of its first record, newest end, seconds */
	uint64_t sent, received;
	uint32_t
		service; /* label: AWS service of the internet's side, by pkt- fields or --aws-ranges;
			      DICT_NONE: none */
	uint32_t sources; /* any_client: how many clients were folded into it, estimated */
	const struct edge_minute *minute; /* ascending; minutes without records are left out */
	size_t minutes;
	uint32_t cell[LEGS][POSTS][TRY_ACTIONS]; /* records, by leg, interface and action */
	uint64_t at[LEGS][2]; /* bytes let pass at the client's interface and at the server's */
};

struct tolls;
struct watched;
struct trust_facts;
struct prices;

/* What is summed beside conversations, over the same records; NULL: nobody does, and rules that rest
 * on it do not judge (of `facts`: say less). */
struct evidence_sums {
	const struct tolls *tolls;
	const struct watched *series; /* closed; of interfaces and servers */
	const struct prices *prices;  /* never NULL where there are tolls */
	const struct trust_facts *facts;
};

struct evidence {
	const struct places *places;
	struct labels *labels;
	int64_t begin, now; /* start of the first record of all, newest end, seconds */
	int64_t until;      /* what ends later is not judged yet: some interface's may still come */
	int64_t interval;   /* of aggregation, seconds */
	struct evidence_sums sums;
};

#endif
