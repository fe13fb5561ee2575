/* option_row.h - an option as a row: its names, its help, its type and the member that it
 * sets. Private to options.c and option_*.c. */
#ifndef ENITOP_OPTION_ROW_H
#define ENITOP_OPTION_ROW_H

#include "cli/options.h"

struct filter_error;

/* A value of an option that a configuration may have, as it was given: NULL: none. */
struct setting {
	const struct option_row *row;
	const char *value;
};

/* What options set while they are read. */
struct parsing {
	FILE *out, *err;
	const char *next; /* the word behind the option that is taken; NULL: there is none */
	struct buf error; /* why it ends with 2: "--window: 'x' is no duration" */
	struct options o;
	bool follow_given, no_config, print_config;
	struct setting *setting; /* those in force, in the order in which they were given */
	size_t settings, setting_cap;
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

/* Adds what a value, or a part of one, can be: words, a blank behind each. */
typedef void option_words(const struct parsing *p, struct buf *out);

struct option_row {
	const char *name;
	char letter; /* 0: none */
	/* In --help; NULL: none is taken; "=X": it may be left out; "X[,X]": a list; FILE: one. */
	const char *value;
	/* NULL: the views that there are; behind a ':' at its end stand the words. */
	const char *help;
	option_type *take;
	size_t at;    /* of the member, from the beginning of struct parsing */
	size_t given; /* of a bool that says that a good value was given; 0: none */
	enum {
		OPTION_ANYWHERE,
		OPTION_OF_A_RUN, /* not in the configuration file */
		OPTION_FIRST     /* nor there, and taken before that file is read */
	} scope;
	const char *topic;   /* the heading above it; NULL: that of the row before */
	const char *brief;   /* in --help without a topic; NULL: not there */
	option_words *words; /* NULL: the names of its choice, or nothing is known */
	bool many;           /* each that is given counts, not the last alone */
	bool of_watch;       /* behind a --watch it says nothing of others */
	union {              /* what types want to know besides */
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
	take_refresh,  /* uint32_t: milliseconds */
	take_format,   /* const struct format * */
	take_prices;   /* struct prices; in prices.c */
/* of several members, */
option_type take_views, take_metric, take_heat, take_label, take_mmdb, take_internal, take_why,
	take_threshold, take_admin, take_mute, take_assert, take_provable;
/* option_watch.c: of what is watched. */
option_type take_watch, take_every, take_z, take_forecast;
/* and of none: `print`s, and that was the run. */
option_type take_print;
option_type take_help, /* option_help.c: its topic may be the next word */
	take_generate; /* generate.c */

/* --now, --since, --until and --mark, when all is known that they depend on: -1, or 2. */
int option_times(struct parsing *p);
/* The filter with a caret under what is wrong; returns 2. */
int option_bad_filter(struct parsing *p, const char *text, const struct filter_error *e);

/* options.c: whether a value is taken: getopt's no_argument and its like. */
int option_argument(const struct option_row *r);
/* 1 yes, 0 no, -1 neither: what the configuration takes for a flag. */
int option_yes_or_no(const char *value);

/* option_help.c: the help of a row, lines apart by newlines; */
void option_help(const struct parsing *p, const struct option_row *r, struct buf *out);
/* --views, --rules, --keys, --version. */
option_print option_print_views, option_print_rules, option_print_keys, option_print_version;
/* option_fields.c: --fields. */
option_print option_print_fields;

/* option_words.c: what values can be, by the tables; */
option_words words_views, words_fields, words_metrics, words_filter, words_axes, words_widths,
	words_limits, words_rules, words_themes;
/* the topics of --help, and what --generate makes, where those are. */
option_words words_help, words_generate;
/* Those of a row, of whatever kind: nothing where nothing is known. */
void option_row_words(const struct parsing *p, const struct option_row *r, struct buf *out);

/* manual.c: parts of the manual, by their tables, as troff takes them. */
option_print manual_options, manual_keys, manual_key_names, manual_fields, manual_filter,
	manual_rules, manual_views, manual_themes;
/* completion.c: for a shell. */
option_print completion_bash, completion_zsh, completion_fish;

/* setting.c: keeps a value that was good, in place of what it takes the place of. */
void settings_put(struct parsing *p, const struct option_row *r, const char *value);
/* --print-config, when all options are known. The exit status. */
int option_print_config(struct parsing *p);

/* option_show.c: --explain-filter and --print-sql, when all options are known. The exit
 * status. */
int option_explain(struct parsing *p);
int option_print_sql(struct parsing *p);

#endif
