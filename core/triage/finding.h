/* finding.h - FINDINGS: what is wrong, each with its rule, what it is about, its value and limit, since
 * when, how sure, how it can be wrong and what would refute it. */
#ifndef ENITOP_FINDING_H
#define ENITOP_FINDING_H

#include "triage/why.h"

enum severity { SEVERITY_INFO, SEVERITY_WARN, SEVERITY_PAGE, SEVERITIES };

/* X(id, "name"): what a finding may be about; the order in which they are written. */
#define SUBJECTS(X) \
	X(SOURCE, "source") \
	X(TARGET, "target") \
	X(DESTINATION, "destination") \
	X(CLIENT, "client") \
	X(CLIENTS, "clients") \
	X(SERVER, "server") X(PORT, "port") X(PROTOCOL, "protocol") X(INTERFACE, "interface") \
		X(VIA, "via") X(SERVICE, "service") X(PAIR, "pair") X(SUBNET, "subnet") \
			X(FORM, "form") X(METRIC, "metric") X(FILTER, "filter") \
				X(STATUS, "status") X(CODE, "code") X(LINE, "line")

enum subject {
#define X(id, name) SUBJECT_##id,
	SUBJECTS(X) SUBJECTS_N
#undef X
};

/* A part of the subject: one value or a list (CLIENTS, PAIR). */
struct subject_part {
	enum subject subject;
	struct buf text; /* values, one a line; addresses bare, as JSON writes them */
	bool number;
};

struct detector;

#define FINDING_SUBJECTS 8u /* parts at most */
#define FINDING_MOVERS 16u

struct finding {
	const struct detector *rule;
	enum severity severity;
	enum confidence confidence; /* of a finding "open" is called possible */
	int64_t since, until;       /* seconds */
	bool open;                  /* its condition holds at the last judged minute */
	struct subject_part subject[FINDING_SUBJECTS];
	unsigned subjects;
	uint32_t mover[FINDING_MOVERS]; /* interfaces that move its bytes, besides the subject */
	unsigned movers;
	double measure; /* what ranks findings of a rule, and must double to show up again */
	struct buf value, limit; /* "94 of 131 tries", "29 x 15" */
	struct buf what;         /* the line of the list, behind the rule's name */
	struct buf text;         /* a sentence or two for its page */
	struct buf evidence;     /* a line each; of all of these */
	struct buf wrong, refutes, next;
	struct buf records; /* a filter that its records match */
};

void finding_release(struct finding *f);
/* Adds a part to the subject; a list gets one more value. */
void finding_about(struct finding *f, enum subject s, const char *text);
void finding_about_address(struct finding *f, enum subject s, const uint8_t address[16]);
void finding_about_number(struct finding *f, enum subject s, uint64_t n);

/* Worst first, then what is open, then the newest; equals by their rules and lines. */
int finding_compare(const struct finding *a, const struct finding *b);
/* What it says of a part of the subject; NULL: nothing. */
const struct buf *finding_subject(const struct finding *f, enum subject s);

const char *severity_name(enum severity s); /* "page" */
int severity_find(struct str name);         /* -1: none is called so */
const char *subject_name(enum subject s);   /* "source" */
bool subject_is_list(enum subject s);       /* of several values, however many there are */

#endif
