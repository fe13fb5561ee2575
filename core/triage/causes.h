/* causes.h - refusals folded to rows that a person can act on: clients that share a server and port
 * are one row, a client that was refused everywhere (a scanner) is one, what the internet tries
 * and never gets is one, and what comes late, when a connection has ended, is one. */
#ifndef ENITOP_CAUSES_H
#define ENITOP_CAUSES_H

#include "triage/why.h"

#define CAUSE_CLIENTS 3u /* of a row, the most refused: those that why is asked of */
/* Conversations of one client, each refused and never accepted, that make it a scanner: Zeek's 15 of
 * an internal one; on the internet sources that walk 30 to 60 ports and go are usual. */
#define SCANNER_TARGETS 15u
#define SCANNER_TARGETS_INTERNET 100u

enum cause_kind {
	CAUSE_SERVER,  /* clients > server:port */
	CAUSE_SCANNER, /* client > hosts, ports */
	CAUSE_LATE,    /* packets behind the end of connections: no fault */
	CAUSE_NOISE,   /* of the internet, refused and never accepted */
	CAUSE_REST,    /* conversations that were too many to be looked at */
	CAUSES
};

struct refused_conversation {
	uint8_t client[16], server[16];
	uint16_t port;
	uint8_t protocol;
	bool no_port;                  /* its protocol has none: that of the server is 0 */
	bool internet;                 /* its client is not internal */
	bool guess;                    /* who serves is one */
	uint64_t refused, accepted;    /* records */
	uint64_t tries, refused_tries; /* each once, whoever recorded it, answers aside */
	enum cause_kind *folded;       /* what it is folded to is said there; NULL: nowhere */
};

/* What why said of a row's clients. */
struct cause_verdict {
	enum why_code code;
	enum confidence confidence;
	bool known;
	bool mixed;    /* not the same of all */
	int64_t since; /* the first of them; INT64_MIN: not known */
};

struct cause {
	enum cause_kind kind;
	uint8_t client[CAUSE_CLIENTS][16]; /* the most refused first; of a scanner itself */
	uint8_t server[16];
	uint16_t port;
	uint8_t protocol;
	bool guess; /* who serves is one, for all of them */
	uint32_t clients, hosts, ports;
	uint64_t refused, accepted, tries, refused_tries;
	struct cause_verdict verdict;
};

/* Folds n conversations, which are put in another order, to rows in *out: the most refused first,
 * the last three kinds behind them. `verdict_of` says what is known of a server's row so far
 * (verdict.known is false unless it says). Returns how many; free(*out). */
size_t causes_fold(struct refused_conversation *list, size_t n,
		   void (*verdict_of)(void *ctx, struct cause *c), void *ctx, struct cause **out);
/* Whether two rows are the same one. */
bool cause_same(const struct cause *a, const struct cause *b);

#endif
