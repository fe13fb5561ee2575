/* flows.h - the list of flows behind its view: columns, order, which of the matching
 * flows are at hand, which one is selected. The selected record stays selected while
 * others arrive, but for the first row, which is always the newest (or largest). */
#ifndef ENITOP_FLOWS_H
#define ENITOP_FLOWS_H

#include "live/live.h"

#define FLOWS_STEP 1000      /* at hand at first; twice as many when they are scrolled to */
#define FLOWS_MAX (1u << 18) /* and no more than these */

struct app;
struct options;

struct flow_list {
	struct flow_columns columns;
	bool chosen; /* the columns are the user's; else those that the formats have */
	struct flow_order order;
	uint64_t matching, stamp;
	size_t limit;
	/* the record that the selection stays with; serial 0: none */
	uint64_t at_serial;
	uint32_t at_row;
	/* the chooser of columns */
	bool choosing;
	int choice, choice_top;
};

void flows_init(struct app *a, const struct options *o);
/* Takes the flows that match now, as many as the selection needs, and finds the selected
 * one again. Cheap when nothing changed. */
void flows_take(struct app *a);
/* Their segments are about to change: remembers the selected record, lets go of the rest. */
void flows_forget(struct app *a);
/* Selects the first row, whatever was selected before: of another question. */
void flows_begin(struct app *a);
/* How many can be selected. */
int flows_rows(const struct app *a);

/* Sorts by the next of the columns (step 1), or the other way round (step 0). */
void flows_sort(struct app *a, int step);
void flows_sort_by(struct app *a, int field, bool ascending);
/* Whether a field's values are looked at from the smallest on: text and addresses. */
bool flows_is_ascending(int field);

/* The fields that there is something to show of, chosen columns first; returns how many. */
unsigned flows_choices(const struct app *a, int *field, unsigned max);
/* Chooses the columns that an engineer looks at first, of those that there are. */
void flows_choose_usual(struct app *a);
/* The place of a record among those at hand; -1: it is not there. */
int flows_find(const struct app *a, uint64_t serial, uint32_t row);

#endif
