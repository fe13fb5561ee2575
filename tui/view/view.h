/* view.h - what the panes share. A view is a file view_*.c that ends in its struct view; view.c
 * has the table of them. */
#ifndef ENITOP_VIEW_H
#define ENITOP_VIEW_H

#include "cli/views.h"
#include "state/amount.h"
#include "state/axis.h"
#include "state/clock.h"
#include "state/app_state.h"

/* The views that there are. */
extern const struct views view_table;

/* The title of a pane: its key, its view and what that adds. */
void view_title(const struct app *a, const struct pane *p, struct buf *out);
/* Adds the groups of the query of a pane. */
void view_add_group(const struct app *a, const struct pane *p, struct buf *out);
/* A pane of ranked rows: how many rows there are, and what the selected row says. */
int view_ranked_rows(const struct app *a, const struct pane *p);
void view_ranked_clause(struct app *a, struct pane *p, struct buf *out);
/* One row of such a pane on line y; `layout` is what the caller of view_ranked_draw() gave. */
typedef void view_row_fn(const struct app *a, struct area area, int y, const struct result *r,
			 const struct result_row *row, const void *layout);
/* Its rows from line 1 on, below a heading, from p->top (see pane_scroll()), the selected one
 * marked. */
void view_ranked_draw(const struct app *a, const struct pane *p, struct area area, bool focused,
		      view_row_fn *draw_row, const void *layout);

/* What of a text is no printable ASCII becomes '.', from there on: labels alone are UTF-8. */
void view_printable(struct buf *text, size_t from);
/* A value of a row's group as people read it: a protocol by its name; an address, interface
 * or account by the name of its own that result->names has; a time as in the timeline. For
 * screen_label. */
void view_value(const struct app *a, const struct result *r, int field, const struct value *v,
		struct buf *out);
#define VIEW_TCP "/tcp"

/* Who talks to whom: "10.0.0.5 > 10.0.0.9:443/tcp". */
struct view_ends {
	struct buf text; /* UTF-8 */
	size_t server;   /* where the server begins in it; 0: it is not of two ends */
	size_t tcp;      /* where VIEW_TCP stands, which goes first; 0: nowhere */
	bool port;       /* its port stands behind it */
	/* of the client, or of what stands there alone; of the server: see view_hue() */
	enum role hue[2];
};

/* The role of an address where each has a colour of its own, the same in every run; else ROLE_TEXT. */
enum role view_hue(const struct app *a, const uint8_t address[16]);

/* Draws it in so many columns: without VIEW_TCP, then with the end of the client, then without
 * one, and only then with the end of the server alone. What has no ends is cut in the middle. */
void view_ends_draw(struct area area, int y, int width, const struct view_ends *e);
/* A sentence that may name two ends, "web-1 10.0.0.5 > db 10.0.0.9:5432 refused": what has no room
 * is cut behind the server, then before it. */
void view_sentence_draw(struct area area, int y, int x, int width, enum role role, struct str text);
/* "client > server:service", or the values side by side; '~' before the server where it is
 * a guess who serves. Fills *out, of which the caller releases the text. */
void view_key(const struct app *a, const struct result *r, const struct result_row *row,
	      struct view_ends *out);
/* Draws that at the left edge. */
void view_key_draw(const struct app *a, struct area area, int y, int width, const struct result *r,
		   const struct result_row *row);
/* The filter that a ranked row stands for. */
void view_key_clause(const struct result *r, const struct result_row *row, struct buf *out);
/* Adds FIELD=VALUE, which selects exactly the value. */
void view_clause(int field, struct str value, struct buf *out);
/* The first column of which records are still to come; x->n: none. */
int view_tail(const struct view_axis *x, const struct result *r);
/* Marks those columns of a row that begins at `left`. */
void view_tail_paint(struct area area, int y, int left, const struct view_axis *x,
		     const struct result *r);
/* "03:05Z", "11-24 03:05Z": where the whole stamp has no room. */
char *view_short_stamp(const struct app *a, int64_t s, char *out, size_t size);
/* The times of an axis under (or over) its columns, as far as there is room: they may
 * begin at `left - before`. */
void view_axis_times(const struct app *a, struct area area, int y, int left, int before,
		     const struct view_axis *x, enum role role);
/* How a column of times is written, so that each has zone and date in sight. */
struct view_times {
	bool seconds;
	bool date, zone; /* in each row; else the zone stands in the heading */
	int width;
	char head[16]; /* of the heading: " Z", "" */
};

/* For times from..to; `seconds` or to the minute. */
struct view_times view_times_of(const struct app *a, int64_t from, int64_t to, bool seconds);
char *view_times_text(const struct app *a, const struct view_times *t, int64_t s, char *out,
		      size_t size);
/* Adds how many rows there are, and of how many where not all could be kept: " (812 of ~4.1M)". */
void view_add_count(const struct result *r, struct buf *out);
/* Puts "~" before a figure that may be more, where it is one. */
void view_mark_partial(bool partial, char *text, size_t size);
/* Says why a pane is empty. */
void view_empty(const struct app *a, struct area area, const char *what);
/* view_compare.c: the rows of a ranked pane by what changed, */
void view_compare_draw(struct app *a, struct pane *p, struct area area, bool focused);
/* the rest of its title, */
void view_compare_title(const struct result *r, struct buf *out);
/* and the mark as a column through a chart: rows y..y+rows-1, column 0 of the axis at
 * `left`. */
void view_mark_draw(const struct app *a, struct area area, int y, int rows, int left,
		    const struct view_axis *x);
/* view_marks.c: what happened when, on a row below a chart: where findings began, records were lost,
 * an interface was silent, and the mark. Returns which of them stand there, for: */
unsigned view_marks_draw(const struct app *a, struct area area, int y, int left,
			 const struct view_axis *x);
/* their signs and words, from column `at` on, as far as there is room. */
void view_marks_legend(struct area area, int y, int at, unsigned marks);
/* Lines of text with a label before them, made to fit a width. */
struct view_line {
	const char *label;
	char *text;
	size_t n;
	enum role role;
};

struct view_lines {
	struct view_line *line;
	int n;
	size_t cap;
};

void view_lines_release(struct view_lines *l);
void view_lines_draw(const struct view_lines *l, struct area area, int first);
/* "v5", "v7 +2" with two more formats met, "-". */
char *view_source_version(const struct source_info *s, char *out, size_t size);
/* What is wrong with a source, the malformed lines last; nothing: no lines. */
void view_source_trouble(const struct app *a, size_t i, int cols, struct view_lines *l);

/* view_strips.c: the last hour of log time in a line each: bytes, what was refused, what had no
 * answer. */
void view_strips_draw(const struct app *a, struct area area);
/* The chooser of the columns of flows. */
void view_columns_draw(struct app *a, struct area area);
/* view_detail.c: the cells of the selected record, in the list or in full. */
int view_record_cells(struct app *a, struct pane *p);
void view_record_cell(struct app *a, struct pane *p, int i, struct buf *out);
/* The label that a cell has in a record in full; NULL: there is no such cell. */
const char *view_record_label(struct app *a, int i);
/* One source in full. */
void view_source_draw(struct app *a, struct area area);
/* One record, every field explained, with its frame. */
void view_detail_draw(struct app *a, struct area area);
void view_help_draw(struct app *a, struct area area);

#endif
