/* why.h - WHY: why a client can't reach a server's port, or that it can: a code, how sure it is,
 * and what it rests on. Never more is claimed than AWS's rules and the records allow:
 *
 * proven: it follows from them, but for the exceptions that the text names;
 * likely: one rarer explanation is left, and named;
 * open: it cannot be told; the text says what would tell. */
#ifndef ENITOP_WHY_H
#define ENITOP_WHY_H

#include "labels/labels.h"
#include "triage/tries.h"

/* X(id): the codes. Their texts stand in why_text.c. */
#define WHY_CODES(X) \
	X(REACHABLE) \
	X(INTERMITTENT) \
	X(NO_TRAFFIC) \
	X(BPA) \
	X(EC) \
	X(TGW_DROP) \
	X(SG_IN) \
	X(SG_OUT) \
	X(NACL_IN) \
	X(NACL_OUT) \
	X(SG_OR_NACL_IN) \
	X(SG_OR_NACL_OUT) \
	X(NACL_IN_REPLY) \
	X(NACL_OUT_REPLY) \
	X(NACL_EPHEMERAL) \
	X(ASYMMETRIC) X(NO_LISTENER) X(RETURN_LOST) X(HALF_OPEN) X(PATH_MTU) X(IDLE_TIMEOUT) \
		X(NO_ANSWER) X(ONE_WAY) X(NOT_DELIVERED) X(NO_ANSWER_OUTSIDE) \
			X(UNKNOWN_NEAR_UNLOGGED) X(UNKNOWN_FAR_UNLOGGED) X(UNKNOWN_LOST) \
				X(UNKNOWN_PENDING) X(UNKNOWN_LOG_TYPE) X(UNKNOWN)

enum why_code {
#define X(id) WHY_##id,
	WHY_CODES(X) WHY_CODES_N
#undef X
};

enum confidence { CONFIDENCE_PROVEN, CONFIDENCE_LIKELY, CONFIDENCE_OPEN };

/* What was seen of one leg with one action at one interface, of all tries. */
struct why_cell {
	enum leg leg;
	enum post post;
	enum verdict_action action;
	uint32_t interface; /* PLACE_NONE: not said */
	uint64_t records, packets, bytes;
	uint64_t syn, synack, rst, fin; /* records with such packets */
	bool has_flags;                 /* the format has tcp-flags */
	int64_t first, last;
};

struct why_coverage {
	uint32_t interface;
	enum coverage state;
	int64_t from, to;
};

#define WHY_COVERAGES 3

struct why {
	struct why_pair asked;
	enum why_code code;
	enum why_code of; /* INTERMITTENT: what prevails */
	enum confidence confidence;
	uint32_t at, to, via; /* interfaces: where it fails, where it does not come, the NAT gateway
			       * by which; PLACE_NONE: none */
	int64_t since;        /* that it is so; INT64_MIN: not known */
	uint64_t tries, failed;
	uint64_t left_out;  /* older tries that were not kept */
	struct buf because; /* what it rests on, a line each */
	struct buf not_ruled_out,
		next; /* a line each; of `next` those that begin with blanks go on */
	struct why_cell *cell;
	size_t cells, cell_cap;
	struct why_coverage coverage[WHY_COVERAGES];
	unsigned coverages;
};

/* Answers for a conversation; places settled. `l` says what is internal. Release the answer. */
void why_ask(const struct places *p, struct labels *l, const struct sightings *v,
	     const struct why_pair *c, struct why *out);
/* The same in steps, each for about `budget_ns`, true while there is more to do: then *out is the
 * answer. To end it before is to cancel it; *out is to be released in any case. */
struct why_asking;
struct why_asking *why_ask_begin(const struct places *p, struct labels *l,
				 const struct sightings *v, const struct why_pair *c,
				 struct why *out);
bool why_ask_step(struct why_asking *a, uint64_t budget_ns);
void why_ask_end(struct why_asking *a);
size_t why_asking_bytes(const struct why_asking *a); /* NULL: 0 */
void why_release(struct why *w);
/* The pair that a question is of, at a port. */
struct why_pair why_pair_of(const struct why_question *q, uint16_t port);
/* The ports of the pair that have records, up to `max`: for questions without one. Their number. */
size_t why_ports(const struct sightings *v, const struct why_question *q, uint16_t *port,
		 size_t max);

const char *why_code_name(enum why_code c); /* "SG_IN" */
/* "SG in": at most 19 characters, for a column. */
const char *why_code_brief(enum why_code c);
/* "SECURITY GROUP, inbound" */
const char *why_code_title(enum why_code c);
const char *confidence_name(enum confidence c); /* "proven" */
/* Whether it says that something is wrong: neither reachable nor by nature so nor open. */
bool why_is_fault(enum why_code c);

#endif
