/* assertion.h - ASSERTIONS: what is claimed of a log, and what the log says to it: ok, FAIL, or that it
 * can't be proven by it. The grammar:
 *
 *	logged>=99%   logged(eni-*)>=99%   share of minutes with records or NODATA
 *	expected=logged                    no interface of the inventory is in no record
 *	lost=0   missing=0                 minutes of SKIPDATA, of nothing at all
 *	delay<=10m                         the slowest record
 *	type=ALL                           ACCEPT and REJECT both occur
 *	findings(page)=0   findings(scan,lateral)=0
 *	none: FILTER   some: FILTER        no record matches; some does
 *	only CLIENTS -> SERVER:PORT[/PROTO] nobody else is accepted there
 *
 * The sign is one of = >= <= > <. What says that there is nothing is ok only where nearly all minutes of
 * the interfaces that it speaks of are provable, and where all that was given was read. */
#ifndef ENITOP_ASSERTION_H
#define ENITOP_ASSERTION_H

#include "filter/filter.h"
#include "triage/trust_facts.h"

enum assertion_kind {
	ASSERT_LOGGED,
	ASSERT_EXPECTED,
	ASSERT_LOST,
	ASSERT_MISSING,
	ASSERT_DELAY,
	ASSERT_TYPE,
	ASSERT_FINDINGS,
	ASSERT_NONE,
	ASSERT_SOME,
	ASSERT_ONLY
};

enum assertion_sign { SIGN_EQUAL, SIGN_LEAST, SIGN_MOST, SIGN_MORE, SIGN_LESS };

#define ASSERTION_ENDS 4096u /* pairs of an interface and two ends that are told apart */

/* Accepted records of one client and server at one interface, of a leg: to the server, or back. */
struct accepted_ends {
	uint32_t place;
	bool back;
	uint8_t client[16], server[16];
	uint64_t records;
};

struct assertion {
	char *text; /* as given, without blanks around it */
	enum assertion_kind kind;
	enum assertion_sign sign;
	char *of;      /* the glob or the list in parentheses; "": none */
	int64_t limit; /* hundredths of a percent, minutes, seconds, findings, enum trust_type */
	struct filter *filter; /* of the last three; else NULL */
	uint8_t server[16];    /* the network of ASSERT_ONLY */
	unsigned bits;
	/* what was met */
	uint64_t matches, undecided;
	int64_t first_s;  /* of the earliest match, INT64_MIN: undated; */
	struct buf first; /* its line; n 0: none */
	struct accepted_ends *ends;
	uint32_t *slot; /* 1 + number of one, by its hash; 0: free */
	size_t n, cap;
	uint64_t beyond; /* records whose ends were too many */
};

struct assertion_error {
	size_t column; /* 0-based byte offset in the text */
	char message[200];
};

/* How many addresses a name stands for, and one of them. */
typedef size_t assertion_resolve(void *ctx, struct str name, uint8_t out[16]);

/* NULL with *error filled where it does not read. Names stand for addresses by `resolve`. */
struct assertion *assertion_new(struct str text, int64_t now_s, assertion_resolve *resolve,
				void *ctx, struct assertion_error *error);
/* Whether it is one of findings, so that they are to be judged. */
bool assertion_asks_findings(struct str text);
void assertion_free(struct assertion *a);
/* Adds the rows of a published segment, which the places have had; those in the span count. */
void assertion_add(struct assertion *a, const struct places *p, const struct segment *s,
		   const struct dict *d, struct span span);

enum assertion_result { ASSERTION_OK, ASSERTION_FAIL, ASSERTION_UNPROVEN };
const char *assertion_result_name(enum assertion_result r); /* "ok", "FAIL", "UNPROVEN" */

/* What it is judged by. */
struct assertion_world {
	const struct trust_facts *facts;
	const struct field_counts *unreadable; /* values, by field; NULL: none */
	bool whole;                            /* all that was given was read */
	int provable;                          /* the least share, hundredths of a percent */
	/* How many findings there are of a severity or a rule; -1: they are not judged. NULL: nobody
	 * judges any. */
	int64_t (*findings)(void *ctx, struct str name);
	void *ctx;
};

/* Release the texts. They have bytes of the log as they are. */
struct assertion_answer {
	enum assertion_result result;
	struct buf value, evidence;
	int provable; /* of the interfaces it speaks of, hundredths of a percent; -1: of none */
};
void assertion_judge(const struct assertion *a, const struct assertion_world *w,
		     struct assertion_answer *out);
void assertion_answer_release(struct assertion_answer *a);

#endif
