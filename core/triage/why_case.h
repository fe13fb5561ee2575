/* why_case.h - a question on its way to its answer: what why*.c share. Private to them. */
#ifndef ENITOP_WHY_CASE_H
#define ENITOP_WHY_CASE_H

#include "triage/why.h"

struct why_case {
	const struct places *p;
	struct labels *labels;
	const struct sightings *v;
	struct why_pair c;
	struct tries t;
	uint32_t client, server; /* their interfaces; PLACE_NONE: not in the log */
	int64_t interval;        /* the longer one of the two */
	struct place_logs logs;  /* of both */
	bool nested;             /* asked on behalf of another: of a NAT gateway */
	/* The tries that count, in the order of `when`. */
	const struct attempt **fail, **ok;
	size_t fails, oks;
	bool cuts; /* some tries that stood are cut */
	/* Those of `fail` whose outcome prevails. */
	const struct attempt **focus;
	size_t focused;
	enum outcome kind;
	int64_t since;
	size_t survivors; /* tries that stood before and go on */
	struct why *out;
};

/* Begins the answer: true, so that rules can end with it. */
bool why_say(struct why_case *w, enum why_code code, enum confidence confidence, uint32_t at);
void why_because(struct why_case *w, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A rule: whether it fits, and then the answer is there. In the order of the decision table. */
bool why_refused(struct why_case *w);    /* why_refused.c: `focus` is refused or cut */
bool why_unanswered(struct why_case *w); /* why_silent.c: reset, half, or silent */
bool why_path_mtu(struct why_case *w);   /* why_standing.c: of tries that stood */
bool why_idle(struct why_case *w, const struct attempt *const *list, size_t n, uint32_t at);
bool why_ephemeral(struct why_case *w);

/* Asked of any client: where a few fail always and are nearly all that fails, says who they are, and
 * leaves their tries alone. True then. */
bool why_by_client(struct why_case *w);

/* Whether a record of the pair is of a leg, with an action or (TRY_ACTIONS) any. */
bool why_matches(const struct why_case *w, const struct sighting *s, enum leg leg,
		 enum verdict_action action);
/* The interface that saw a leg of the attempts with an action first, by its name; PLACE_NONE. */
uint32_t why_at(const struct why_case *w, enum leg leg, enum verdict_action action);
/* How many interfaces saw it. */
size_t why_count_at(const struct why_case *w, enum leg leg, enum verdict_action action);
/* Adds the interface by which a leg was refused, and how many more did. */
void why_add_refusing(const struct why_case *w, enum leg leg, uint32_t at, struct buf *out);
/* Whether one of `focus` has such a record. */
bool why_any(const struct why_case *w, enum leg leg, enum post post, enum verdict_action action);
/* Whether an interface saw a request of `focus`. */
bool why_was_asked(const struct why_case *w, uint32_t interface);
/* "eni-0ab1 (db-1)" or "an interface that the log does not name". */
void why_add_interface(const struct why_case *w, uint32_t interface, struct buf *out);
bool why_is_internal(const struct why_case *w, const uint8_t address[16]);
/* Whether two interfaces are known to be in one subnet. */
bool why_same_subnet(const struct why_case *w, uint32_t a, uint32_t b);

/* The same question for others, without texts: of a NAT gateway. Release the answer. */
void why_nested(const struct why_case *w, const struct why_pair *c, struct why *out);

/* why_evidence.c: the cells and coverage of an answer that is decided. */
void why_gather(struct why_case *w);
/* why_text.c: what is left, and what to do, of an answer that has all else. */
void why_write_texts(struct why_case *w);
/* A value for a command line: the id where it is plain, else a word that is to be filled in. */
const char *why_id_or(const char *id, const char *word);

#endif
