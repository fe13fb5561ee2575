/* option_take.h - what each option does. Private to options.c and option_*.c. */
#ifndef ENITOP_OPTION_TAKE_H
#define ENITOP_OPTION_TAKE_H

#include "cli/options.h"

struct filter_error;

/* What an option changes and where it may write. */
struct parsing {
	struct options *o;
	FILE *out, *err;
	bool follow_given, view_given;
	/* As given: they depend on each other, and on --local. */
	const char *since, *until, *now, *mark, *explain;
};

/* -1 to go on, or the exit status. */
typedef int take_fn(struct parsing *p, const char *value);

/* option_take.c: what is set. */
take_fn take_batch, take_follow, take_no_follow, take_view, take_group, take_metric, take_limit,
	take_trend, take_columns, take_sort, take_where, take_window, take_since, take_until,
	take_now, take_mark, take_changes, take_heat, take_format, take_output, take_demo,
	take_memory, take_state, take_theme, take_color, take_ascii, take_utc, take_local,
	take_explain;
/* option_labels.c: what is known of addresses. */
take_fn take_names, take_aws_ranges, take_mmdb, take_internal;
/* option_show.c, option_fields.c: what is printed. */
take_fn take_fields, take_views, take_keys, take_sql;
/* What --explain-filter asked for; the exit status. */
int option_explain(struct parsing *p);
/* --print-sql, when all options are known. The exit status. */
int option_print_sql(const struct options *o, FILE *out, FILE *err);

/* --now, --since and --until, when all is known that they depend on: -1, or 2. */
int option_times(struct parsing *p);
/* "enitop: --window: 'x' is no duration"; returns 2. */
int option_refuse(struct parsing *p, const char *option, const char *value, const char *wanted);
/* The filter with a caret under what is wrong; returns 2. */
int option_bad_filter(FILE *err, const char *text, const struct filter_error *e);

#endif
