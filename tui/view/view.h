/* view.h - struct view: what a pane is. One row a view; a view is a file view_*.c. */
#ifndef ENITOP_VIEW_H
#define ENITOP_VIEW_H

#include "app/app.h"

struct view {
	const char *title;
	/* Draws inside the pane's frame. */
	void (*draw)(struct app *a, struct area area, bool focused);
	/* Adds what the selected row says as a filter ("client=10.0.0.5 and service=443");
	 * nothing when there is none. May be NULL. */
	void (*clause)(struct app *a, struct buf *out);
	/* How many rows can be selected. */
	int (*rows)(const struct app *a);
};

const struct view *view_get(enum view_kind v);
/* The title of its pane: what it ranks and by what. */
void view_title(const struct app *a, enum view_kind v, struct buf *out);

/* Keeps the selection inside `rows` rows and in sight of `lines` lines; returns the
 * first row on show. */
int view_scroll(struct app *a, enum view_kind v, int rows, int lines);
/* A value of a row's group as people read it: a protocol by its name; an address, interface
 * or account by the name of its own that result->names has. */
void view_value(const struct result *r, int field, const struct value *v, struct buf *out);
/* "client > server:service", or the values side by side; '~' before the server where it is
 * a guess who serves. */
void view_key(const struct result *r, const struct result_row *row, struct buf *out);
/* The filter that a ranked row stands for. */
void view_key_clause(const struct result *r, const struct result_row *row, struct buf *out);
/* How a window is laid over columns of a chart: every column is the same whole number of
 * bins, or equal traffic would look uneven. */
struct view_axis {
	int64_t from, width; /* start of column 0, seconds a column */
	int n;               /* columns in use, at most what there are */
};

struct view_axis view_axis_of(const struct result *r, int cols);
/* The column of the bin that starts at `start`; -1: outside. */
int view_axis_at(const struct view_axis *x, int64_t start);
/* The row's metric in each column of the axis; x->n values. */
void view_series(const struct view_axis *x, const struct result *r, const struct result_row *row,
		 enum metric m, uint64_t *out);
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
/* What is marked of the timeline's bars; false: it has none. */
bool view_timeline_marked(const struct app *a, struct span *out);
/* Says why a pane is empty. */
void view_empty(const struct app *a, struct area area, const char *what);
/* view_compare.c: a ranked pane by what changed. Whether it is shown so, */
bool view_compare_shown(const struct app *a, enum view_kind v);
/* its rows, */
void view_compare_draw(struct app *a, enum view_kind v, struct area area, bool focused);
/* the rest of its title, */
void view_compare_title(const struct result *r, struct buf *out);
/* and the mark as a column through a chart: rows y..y+rows-1, column 0 of the axis at
 * `left`. */
void view_mark_draw(const struct app *a, struct area area, int y, int rows, int left,
		    const struct view_axis *x);
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
/* 0 <= value <= max, or 0. */
int view_clamp(int value, int max);
/* "v5", "v7 +2" with two more formats met, "-". */
char *view_source_version(const struct source_info *s, char *out, size_t size);
/* What is wrong with a source, the malformed lines last; nothing: no lines. */
void view_source_trouble(const struct app *a, size_t i, int cols, struct view_lines *l);
/* 1204 -> "1,204". */
char *view_count(char *out, size_t size, uint64_t n);

void view_talkers_draw(struct app *a, struct area area, bool focused);
void view_rejects_draw(struct app *a, struct area area, bool focused);
void view_ports_draw(struct app *a, struct area area, bool focused);
void view_timeline_draw(struct app *a, struct area area, bool focused);
void view_flows_draw(struct app *a, struct area area, bool focused);
void view_sources_draw(struct app *a, struct area area, bool focused);
void view_ports_clause(struct app *a, struct buf *out);
/* " (100 of 1935) port x time, bytes" */
void view_ports_title(const struct app *a, struct buf *out);
/* How it is sorted, and where the selection is. */
void view_flows_title(const struct app *a, struct buf *out);
/* The chooser of its columns. */
void view_columns_draw(struct app *a, struct area area);
void view_flows_clause(struct app *a, struct buf *out);
/* One source in full. */
void view_source_draw(struct app *a, struct area area);
/* One record, every field explained, with its frame. */
void view_detail_draw(struct app *a, struct area area);
void view_help_draw(struct app *a, struct area area);

#endif
