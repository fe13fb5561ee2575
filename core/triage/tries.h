/* tries.h - TRIES: what a client tried at a server's port, one client port after the other, and
 * what became of each try. A client port that is used again, once the try before has ended or was
 * silent for long, is another try.
 *
 * Outcomes are judged by all records of a try, never by one: flags are those of an interval, and a
 * conversation goes over several. */
#ifndef ENITOP_TRIES_H
#define ENITOP_TRIES_H

#include "triage/sightings.h"

#define TRIES_MAX 65536u /* the newest are kept */

enum leg { LEG_REQUEST, LEG_ANSWER, LEGS };                 /* client to server; server to client */
enum post { POST_CLIENT, POST_SERVER, POST_MIDDLE, POSTS }; /* whose interface saw it */
enum verdict_action { TRY_ACCEPT, TRY_REJECT, TRY_ACTIONS };

/* What was seen of one leg at one post with one action. */
struct try_cell {
	uint32_t records, interface; /* of the first record */
	uint64_t packets, bytes;     /* as captured; they never wrap */
	int64_t first, last;
	uint8_t flags, refusal;
	bool has_flags; /* of all records */
	bool mixed;     /* by several interfaces */
};

enum outcome {
	OUTCOME_OK,
	OUTCOME_REFUSED_IN,        /* the request, at the server's interface */
	OUTCOME_REFUSED_OUT,       /* at the client's */
	OUTCOME_REPLY_REFUSED_OUT, /* the answer, at the server's */
	OUTCOME_REPLY_REFUSED_IN,  /* at the client's */
	OUTCOME_CUT_REQUEST,       /* it stood, then a leg was refused */
	OUTCOME_CUT_REPLY,
	OUTCOME_REFUSED_MIDDLE,
	OUTCOME_REPLY_REFUSED_MIDDLE,
	OUTCOME_RESET,
	OUTCOME_HALF,   /* answered by a SYN-ACK alone, and never confirmed */
	OUTCOME_SILENT, /* nothing came back */
	OUTCOMES
};

struct attempt {
	uint8_t client[16];
	uint16_t port;    /* of the client */
	bool fresh;       /* begins with a SYN, or the format has no flags */
	bool unconfirmed; /* answered, but by sizes alone it may be half open as well */
	bool half;        /* answered by SYN-ACKs alone, where nothing but SYNs asked */
	enum outcome outcome;
	int64_t when; /* of the outcome: first packet, or first refusal */
	int64_t first, last;
	struct try_cell cell[LEGS][POSTS][TRY_ACTIONS];
	size_t sighting, sightings; /* first and number of its records in tries.sighting */
};

struct tries {
	struct attempt *list; /* by `when`, then by first packet */
	size_t n, cap;
	const struct sighting **sighting; /* of one try one after the other */
	size_t sightings;
	uint64_t left_out; /* older ones, beyond TRIES_MAX */
	uint64_t unasked;  /* what came from the server's port though nothing had asked: no tries */
	bool v6, tcp;
};

/* A pair of ends whose tries are asked for. */
struct why_pair {
	uint8_t client[16], server[16];
	bool any_client;
	uint16_t port;
	uint8_t protocol;
	int64_t since; /* only records that end then or later */
};

/* All tries of a conversation among the sightings (of copies of a record one counts), which stay the caller's and must outlive them;
 * places settled. */
void tries_build(struct tries *t, const struct places *p, const struct sightings *v,
		 const struct why_pair *c);
/* The same in steps: each works for about `budget_ns`, true while there is more to do. To end it
 * before is to cancel it; what was built so far is to be released in any case. */
struct tries_maker;
struct tries_maker *tries_begin(struct tries *t, const struct places *p, const struct sightings *v,
				const struct why_pair *c);
bool tries_step(struct tries_maker *m, uint64_t budget_ns);
void tries_end(struct tries_maker *m);
/* Every byte on the way, and of the tries that were built so far. */
size_t tries_maker_bytes(const struct tries_maker *m);
void tries_release(struct tries *t);

/* Whose interface saw a record of the two. */
enum post tries_post(const struct places *p, const struct sighting *s, const uint8_t *client,
		     const uint8_t *server);
/* Whether there is a record of a leg: by action, or by any (TRY_ACTIONS); at a post, or at any
 * (POSTS). */
bool attempt_has(const struct attempt *a, enum leg leg, enum post post, enum verdict_action action);
bool outcome_is_refused(enum outcome o);

#endif
