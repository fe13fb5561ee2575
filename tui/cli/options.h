/* options.h - the command line: one table of options (option_rows.c) gives getopt its list,
 * --help its text and the configuration file its keys. */
#ifndef ENITOP_OPTIONS_H
#define ENITOP_OPTIONS_H

#include <stdio.h>

#include "cli/config.h"
#include "cli/keys.h"
#include "cli/layout.h"
#include "cli/views.h"
#include "output/export.h"
#include "query/flow_pick.h"
#include "store/charges.h"
#include "triage/watched.h"

#define OPTION_VIEWS_MAX VIEWS_MAX

#define OPTION_LABEL_FILES_MAX 32
#define OPTION_WHYS_MAX 32
#define OPTION_RULES_MAX 64 /* limits that are set, and networks that administer */
#define OPTION_ASSERTS_MAX 64

/* A file of labels, or networks that are internal, as given. */
struct label_file {
	enum label_file_kind {
		LABEL_FILE_NAMES,
		LABEL_FILE_AWS,
		LABEL_FILE_IOC,
		LABEL_FILE_MMDB,
		LABEL_FILE_INTERNAL
	} kind;
	const char *value;
};

/* A filter that is watched, as given. */
struct watch_option {
	const char *where;
	int64_t every; /* seconds */
	enum metric metric;
	struct group distinct;
	double z;
};

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct options {
	bool batch;
	bool follow;
	bool once, once_given;     /* on screen it is on unless it is given */
	const struct views *known; /* those that there are */
	const struct view *view[OPTION_VIEWS_MAX];
	unsigned views;
	bool view_given;
	bool group_given, metric_given, limit_given, window_given, heat_given;
	int heat_row, heat_column; /* fields of the heatmap's axes */
	struct group group;
	enum metric metric;
	struct group distinct;       /* of METRIC_DISTINCT: the part whose values are counted */
	bool trend;                  /* of a report's rows */
	uint32_t limit;              /* 0: all */
	struct flow_columns columns; /* of flows; none: as the view has them */
	struct flow_order sort;
	bool sort_given;
	const char *where;        /* "": everything */
	int64_t window_s;         /* 0: all */
	int64_t since_s, until_s; /* INT64_MIN, INT64_MAX: not given */
	int64_t now_s;            /* INT64_MIN: not given */
	int64_t mark_s;           /* compare before and after; INT64_MIN: not given */
	const char *mark_label;   /* "": none */
	enum change changes;      /* only rows with this change; CHANGES: all */
	bool by_size;             /* with a mark rows are ranked by their size all the same */
	const struct format *format;
	enum output output;
	const char *why[OPTION_WHYS_MAX]; /* questions; then no views */
	unsigned whys;
	const char *threshold[OPTION_RULES_MAX]; /* "scan.ports=20" */
	unsigned thresholds;
	const char *admin[OPTION_RULES_MAX]; /* networks, separated by commas */
	unsigned admins;
	const char *mute[OPTION_RULES_MAX]; /* "scan source=10.1.0.1" */
	unsigned mutes;
	const char *events;                        /* a file; NULL: none */
	const char *baseline, *save_baseline;      /* files; NULL: none */
	const char *assertion[OPTION_ASSERTS_MAX]; /* then views only if they are named */
	unsigned asserts;
	uint32_t
		provable; /* hundredths of a percent that must be so, to say that there is nothing */
	bool spike;       /* series that are watched; then no views: */
	int scorer;       /* enum scorer_kind */
	int64_t forecast_s;
	struct watch_option watch[WATCHED_MAX], watch_next; /* the one behind: of all others too */
	unsigned watches;
	int sql; /* enum sql_engine whose query is printed; -1: none */
	bool demo;
	uint32_t demo_rate;
	uint64_t memory;
	const char *state; /* file of what was read; NULL: none */
	struct label_file label_file[OPTION_LABEL_FILES_MAX];
	unsigned label_files;
	struct prices prices;
	const char *theme;
	const char *theme_setting; /* the one that the configuration names; NULL: none */
	enum color color;
	enum layout layout;
	bool keep_layout; /* one that a key chose is written to the configuration */
	uint32_t refresh_ms; /* from a frame to the next, unless a key was pressed */
	bool follow_links;
	bool ascii, local_time, mouse;
	bool hues; /* an address has a colour of its own */
	char **path; /* borrowed from argv */
	int paths;
	struct keys keys;      /* of the screen, as they are in force */
	struct config *config; /* the file's saved filters, and the values that options point to */
};

/* Reads the command line; `known` are the views that there are. Returns -1 to go on, or the exit status when all is done
 * (--help: 0) or wrong (2, with a message on `err`). The configuration file comes first:
 * what is wrong in it is said on `err`, and the rest goes on. */
int options_parse(struct options *o, const struct views *known, int argc, char **argv, FILE *out,
		  FILE *err);
/* Frees the configuration, whatever options_parse returned. */
void options_release(struct options *o);

/* The times that a report is of: from --since to --until; with --until also --window, which then
 * ends there. */
struct span options_span(const struct options *o);
/* Of those only the last seconds before log time; 0: all. */
int64_t options_last_s(const struct options *o);
/* Whether a report needs all of its input at the end, so that the ring is to hold it. */
bool options_holds(const struct options *o);
/* What a report of a view asks: its query with what the options say of it. The filter is left
 * to the caller. */
struct query options_query(const struct options *o, const struct view *v);
/* Whether some report says what bytes cost. */
bool options_price(const struct options *o);
/* --now, or the wall clock: what relative times mean before log time is known. */
int64_t options_now(const struct options *o);
/* Whether standard input is one of the inputs: it can't be read again. */
bool options_read_stdin(const struct options *o);

#endif
