/* shown_findings.h - pane 0: what is wrong, as it was judged last; which of it is on show; the page of
 * one of them; and the strips above it. */
#ifndef ENITOP_SHOWN_FINDINGS_H
#define ENITOP_SHOWN_FINDINGS_H

#include "state/text_page.h"
#include "triage/strips.h"
#include "triage/watching.h"

#define STRIPS_MINUTES 60u

struct shown_findings {
	struct findings *book; /* of what was judged; NULL: nothing is */
	bool whole;            /* all that was there was judged since it had been read */
	struct finding *const
		*row; /* those on show, worst first; the book's until findings_renew() */
	size_t n;
	struct findings_counts counts;
	bool with_acknowledged; /* by `A` */
	struct buf held;        /* the key of the selected row: its place may change */
	/* Enter: */
	struct text_page page;
	struct buf about;          /* the key of the finding that the page is of */
	struct strip_sum minutes;  /* of its conversations */
	bool sums, summed;         /* that sum is under way; is there */
	struct spike_point *point; /* of its series, if it is a spike */
	size_t points, point_cap;
	/* `u`: whether to mute it is asked, in the line of the filter */
	bool muting;
	/* strips: */
	struct strip_sum hour_sum;
	bool hour_sums;
	struct strips hour;             /* as of the last sum; n 0: none yet */
	uint64_t stamp, at_ns, took_ns; /* of the answers then; when, and how long that took */
};

struct app;
struct pane;

/* The book has changed: takes rows and counts anew. The selection goes with its row. */
void findings_renew(struct app *a);
/* After a frame: the selected row is that one, wherever it goes. */
void findings_note(struct app *a, const struct pane *p);
/* The selected row; NULL: there is none. */
const struct finding *findings_selected(const struct app *a, const struct pane *p);
/* The one that the page is of, as it was judged last; NULL: it is no more. */
const struct finding *findings_on_page(const struct app *a);
/* The one on the page, else the selected one where the pane is focused; NULL. */
const struct finding *findings_meant(const struct app *a);
/* Whether all that was there has been read and judged: what is found is no longer "so far". */
bool findings_are_settled(const struct app *a);
/* Acknowledges the one that is meant, or takes that back; shows acknowledged ones too, or not. */
void findings_acknowledge_it(struct app *a);
void findings_with_all(struct app *a);
/* Opens the page of one. */
void findings_open(struct app *a, const struct finding *f);
/* "client=10.0.0.1 and server=10.0.0.2 and service=443": of one conversation, as far as it is one. */
void finding_clause(const struct finding *f, struct buf *out);

#endif
