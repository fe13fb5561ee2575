/* complete.h - what can stand at the cursor of the filter bar: names of fields, operators
 * after a name, values seen in the data, words, saved filters. The menu's candidates are
 * printable ASCII that parses where it is put. No drawing but its own, no terminal. */
#ifndef ENITOP_COMPLETE_H
#define ENITOP_COMPLETE_H

#include "term/prompt.h"
#include "query/values.h"

#define COMPLETE_MAX 64
#define COMPLETE_TEXT 96

struct complete_item {
	char text[COMPLETE_TEXT];
	char note[24]; /* how often, or what it is; may be empty */
};

struct complete {
	struct complete_item item[COMPLETE_MAX];
	int n;                  /* 0: no menu */
	int at;                 /* the one that stands in the text */
	int from, length;       /* where */
	char typed[PROMPT_MAX]; /* what stood there before */
};

/* Where candidates come from besides the tables of fields and words. */
struct complete_data {
	struct ring *ring; /* NULL: no values */
	struct span span;
	/* Names of saved filters, in order; NULL behind the last. May be NULL. */
	const char *(*saved)(void *ctx, size_t i);
	void *ctx;
};

enum complete_kind { COMPLETE_NOTHING, COMPLETE_WORD, COMPLETE_VALUE, COMPLETE_SAVED };

/* What stands before the cursor: the part that a candidate replaces begins at `from`,
 * `name` is the field whose value it is. */
struct complete_place {
	enum complete_kind kind;
	int from;
	struct str prefix, name;
};

struct complete_place complete_place(struct str text);

/* Tab: opens the menu with its first candidate put in (one alone is put in and leaves no
 * menu), or goes on to the next (step 1) or the one before (-1). False: there is none. */
bool complete_step(struct complete *c, struct prompt *p, const struct complete_data *d, int step);
/* Esc: the text as it was typed. */
void complete_undo(struct complete *c, struct prompt *p);
void complete_close(struct complete *c);
/* The candidates in the area, the chosen one in sight; `area` is as high as may be used. */
void complete_draw(const struct complete *c, struct area area);

#endif
