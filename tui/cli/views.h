/* views.h - struct view: what a pane is, and the table of those that there are. Each is a file
 * of tui/view that ends in its row; options, help, footer, export and reports go through the
 * table. What is said to be NULL may be; name, key, title, help, draw and rows are there. */
#ifndef ENITOP_VIEWS_H
#define ENITOP_VIEWS_H

#include "output/export.h"
#include "term/keymap.h"
#include "term/screen.h"

#define VIEWS_MAX 9

#define SPIKE_VIEW "spike" /* has no pane: a report of its own (spikes.h), asked for alone */

struct app;
struct pane;

struct view {
	const char *name;  /* "talkers": in --view, in reports, of an exported file */
	int key;           /* '1', unless the configuration has another one: cli/keys.h */
	enum layer layer;  /* of its own commands; LAYER_PANE: it has none */
	const char *title; /* "Talkers" */
	const char *help;  /* what the key shows: "flows, newest first" */
	/* What it asks unless it is told otherwise. Of a ranking, BINS_TREND gives rows on screen
	 * and a comparison their curve; a report has one with --trend, whatever stands here. */
	struct query query;
	/* It asks nothing of flows: a report of at most `limit` rows (0: all) is this. NULL: a
	 * report is the answer to the query. Returns whether it is complete. */
	bool (*report)(enum output o, const struct monitor *m, uint64_t limit,
		       const struct export_context *c, struct buf *out);
	bool judged; /* nor does it: its report are the findings. On screen it is written by: */
	void (*write)(struct app *a, enum output o, struct buf *out);
	bool beside;               /* on a large screen it stands beside others */
	bool own_metric;           /* on screen it ranks by its own, whatever others rank by */
	const char *const *groups; /* what `g` goes through, NULL behind the last; NULL: no group
				    * can be chosen */

	/* Draws inside the pane's frame, pane_scroll() first: it keeps the selection in sight.
	 * Line 0 is the heading. While rows are ranked by change, view_compare_draw() draws
	 * instead. */
	void (*draw)(struct app *a, struct pane *p, struct area area, bool focused);
	/* Adds what the title says behind the view's own; NULL: nothing. */
	void (*add_title)(const struct app *a, const struct pane *p, struct buf *out);
	/* How many rows can be selected. */
	int (*rows)(const struct app *a, const struct pane *p);
	/* Adds what the selected row says as a filter ("client=10.0.0.5 and service=443"); nothing
	 * where there is none. NULL: its rows say nothing. */
	void (*clause)(struct app *a, struct pane *p, struct buf *out);
	/* The cells of the selected row: how many, and what one of them says as a filter. NULL: they
	 * are the clauses of the row. */
	int (*cells)(struct app *a, struct pane *p);
	void (*cell)(struct app *a, struct pane *p, int i, struct buf *out);
	/* NULL: no more than any pane does. Takes what is to be drawn, before a frame; false: as any
	 * pane does it; */
	bool (*take)(struct app *a, struct pane *p);
	/* shows the selected row in full (Enter); NULL: narrows to what the row says, and goes on
	 * to the pane of records; */
	void (*drill)(struct app *a, struct pane *p);
	/* moves its cursor by columns (Left, Right); NULL: moves among cells. */
	void (*move)(struct app *a, struct pane *p, int by);
};

struct views {
	const struct view *row[VIEWS_MAX]; /* in the order of their keys: 0, 1, ... */
	unsigned n;
	const struct view *usual; /* what a report is of where nobody says */
};

/* Whether a view asks something of flows. */
static inline bool view_is_query(const struct view *v)
{
	return !v->report && !v->judged;
}

/* NULL: there is none of this name. */
const struct view *views_find(const struct views *v, struct str name);
/* Adds "talkers, rejects, ports". */
void views_list(const struct views *v, struct buf *out);

#endif
