/* option_row.h - an option as a row: its names, its help, its type and the member that it
 * sets. Private to options.c and option_*.c. */
#ifndef ENITOP_OPTION_ROW_H
#define ENITOP_OPTION_ROW_H

#include "cli/options.h"

struct filter_error;

/* What options set while they are read. */
struct parsing {
	FILE *out, *err;
	struct buf error; /* why it ends with 2: "--window: 'x' is no duration" */
	struct options o;
	bool follow_given, no_config;
	const char *config_path, *explain;
	/* As given: times depend on each other, and on --local. */
	const char *since, *until, *now, *mark;
};

/* Values that are names, and the number of each. */
struct choice {
	const char *noun; /* "'x' is no NOUN (its names)" */
	int n;
	int first;                    /* the number whose name comes first in messages */
	int (*find)(struct str name); /* -1: none */
	const char *(*name)(int number);
};

struct option_row;
/* A type: reads `value` (NULL: none was given) into the row's member, which stays as it is when
 * the value is wrong. -1 to go on, or the exit status: 2 with the reason in p->error. */
typedef int option_type(struct parsing *p, const struct option_row *r, const char *value);

/* What is printed, to p->out; the options may not be known yet. */
typedef void option_print(const struct parsing *p);

struct option_row {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* in --help; NULL: none is taken; "=X": it may be left out */
	const char *help;  /* NULL: the views that there are */
	option_type *take;
	size_t at;    /* of the member, from the beginning of struct parsing */
	size_t given; /* of a bool that says that a good value was given; 0: none */
	enum {
		OPTION_ANYWHERE,
		OPTION_OF_A_RUN, /* not in the configuration file */
		OPTION_FIRST     /* nor there, and taken before that file is read */
	} scope;
	union { /* what types want to know besides */
		bool on;
		struct {
			uint32_t most;
			const char *noun;
		} count;
		const struct choice *choice;
		enum label_file_kind kind;
		option_print *print;
	};
};

/* option_rows.c: all of them, as --help has them. */
const struct option_row *option_rows(size_t *n);

/* option_types.c: types of one member each, */
option_type take_flag, /* bool: `on` */
	take_text,     /* const char * */
	take_count,    /* uint32_t: `count`; 0 without a value */
	take_size,     /* uint64_t: bytes */
	take_choice,   /* an enum, or int: `choice` */
	take_group,    /* struct group */
	take_columns,  /* struct flow_columns */
	take_sort,     /* struct flow_order */
	take_filter,   /* const char *: its text */
	take_window,   /* int64_t: seconds; 0: all */
	take_format,   /* const struct format * */
	take_prices;   /* struct prices; in prices.c */
/* of several members, */
option_type take_views, take_metric, take_heat, take_label, take_mmdb, take_internal, take_why,
	take_threshold, take_admin, take_mute, take_assert, take_provable;
/* option_watch.c: of what is watched. */
option_type take_watch, take_every, take_z, take_forecast;
/* and of none: `print`s, and that was the run. */
option_type take_print;

/* --now, --since, --until and --mark, when all is known that they depend on: -1, or 2. */
int option_times(struct parsing *p);
/* The filter with a caret under what is wrong; returns 2. */
int option_bad_filter(struct parsing *p, const char *text, const struct filter_error *e);

/* option_fields.c: --fields. */
option_print option_print_fields;
/* option_show.c: --explain-filter and --print-sql, when all options are known. The exit
 * status. */
int option_explain(struct parsing *p);
int option_print_sql(struct parsing *p);

#endif
