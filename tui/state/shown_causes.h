/* shown_causes.h - the rows of pane 2 while it is folded by cause: what refusals were folded to, and
 * what why has said of the rows in sight. */
#ifndef ENITOP_SHOWN_CAUSES_H
#define ENITOP_SHOWN_CAUSES_H

#include "triage/causes.h"
#include "triage/why_scan.h"

#define CAUSES_MAX 8192u /* conversations that are folded, the most refused; the rest is counted */
#define VERDICTS_MAX 128u

/* What is known of the refusals of a server's port. */
struct known_verdict {
	struct cause of;
	uint64_t stamp; /* of the answers then, see live_stamp() */
	int64_t window; /* how long the span was */
	uint64_t at_ns;
};

/* Zero: nothing was folded yet. */
struct shown_causes {
	bool off; /* by `o`: a row a conversation */
	struct cause *row;
	size_t n;
	uint64_t stamp, verdicts;    /* of what they were made */
	bool whole;                  /* all had been counted */
	uint64_t folded_ns, cost_ns; /* when, and how long it took */
	uint64_t partial_ns;         /* since when not all is counted; 0: all is */
	uint64_t left_out;           /* conversations */
	struct cause held;           /* the selected row; of which the place may change */
	bool holds;
	struct known_verdict known[VERDICTS_MAX];
	size_t knows;
	uint64_t changed;      /* how often those have */
	struct why_scan *scan; /* for the verdict on `asked`; NULL: none is under way */
	struct cause asked;
	uint64_t asked_stamp;
};

struct app;
struct pane;

/* How long the span is that is looked at. */
int64_t causes_window(const struct app *a);
/* Whether a pane's rows are folded now. */
bool causes_are_shown(const struct app *a, const struct pane *p);
/* Folds what the pane ranks, where that has changed. */
void causes_take(struct app *a, struct pane *p);
/* Adds the filter that the refused records of a row match and no others of what is folded now;
 * nothing: none does that is no longer than the bar has room for. */
void causes_clause(struct app *a, const struct pane *p, const struct cause *c, struct buf *out);
/* A row of those in sight of which there is no verdict, or an old one; NULL: none. */
const struct cause *causes_to_judge(struct app *a);
/* What is known of a row; NULL: nothing. */
struct known_verdict *causes_known(struct shown_causes *v, const struct cause *c);

#endif
