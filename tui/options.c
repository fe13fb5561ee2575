/* options.c - see options.h. */
#include "options.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "filter.h"
#include "command.h"

#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "0.1.0"
#endif

enum { LONG_ONLY = 256 };

struct option_row {
	const char *name;
	int letter;   /* or LONG_ONLY + something */
	int argument; /* of getopt */
	const char *value, *help;
};

enum {
	NO_FOLLOW = LONG_ONLY,
	SINCE,
	UNTIL,
	NOW,
	FORMAT,
	DEMO,
	MEMORY,
	THEME,
	COLOR,
	ASCII,
	UTC,
	LOCAL,
	FIELD_LIST,
	VIEW_LIST,
	KEY_LIST,
	EXPLAIN,
	HELP
};

/* clang-format off */
static const struct option_row rows[] = {
	{ "batch", 'b', 0, NULL, "read to the end, print one report, exit (the default when\n"
	  "standard output is no terminal)" },
	{ "follow", 'f', 0, NULL, "go on reading what is appended (the default on screen); with\n"
	  "--batch --view flows a stream until SIGINT or SIGTERM,\n"
	  "with other views a report at that signal" },
	{ "no-follow", NO_FOLLOW, 0, NULL, "stop at the end of what is there" },
	{ "view", 'v', 1, "NAME[,NAME]", "talkers (default), rejects, ports, timeline, flows, sources" },
	{ "group", 'g', 1, "FIELD[,FIELD]", "what talkers and rejects rank (client,server,service)" },
	{ "metric", 'm', 1, "NAME", "bytes, packets, flows or rejects" },
	{ "limit", 'n', 1, "N", "rows of a report; 0: all (default 20, flows all)" },
	{ "where", 'w', 1, "FILTER", "only flows that match: 'dport=443 and not src=10.0.0.0/8'" },
	{ "window", 't', 1, "DURATION", "the last 90s, 15m, 6h of log time, or all (default: all in\n"
	  "batch, 15m on screen)" },
	{ "since", SINCE, 1, "TIME", "only flows that end then or later: epoch or RFC 3339" },
	{ "until", UNTIL, 1, "TIME", "only flows that end before" },
	{ "now", NOW, 1, "TIME", "times beyond this are in the future (default: a day from now)" },
	{ "format", FORMAT, 1, "FIELDS", "order of the fields where no header says: as in AWS'\n"
	  "LogFormat ('${version} ${account-id} ...') or plain names" },
	{ "output", 'o', 1, "KIND", "table (default), csv, json, ndjson; raw lines for flows" },
	{ "demo", DEMO, 2, "FLOWS", "synthetic traffic, so many flows a second" },
	{ "memory", MEMORY, 1, "SIZE", "budget for all data (default: a quarter of the machine's,\n"
	  "at most 1G)" },
	{ "theme", THEME, 1, "NAME", "dark, light, mono, contrast, or the path of a theme file" },
	{ "color", COLOR, 1, "WHEN", "auto (default), always, never" },
	{ "ascii", ASCII, 0, NULL, "no glyphs beyond ASCII on screen" },
	{ "utc", UTC, 0, NULL, "times in UTC (default)" },
	{ "local", LOCAL, 0, NULL, "times on screen in the local zone" },
	{ "fields", FIELD_LIST, 0, NULL, "list the fields and their aliases" },
	{ "views", VIEW_LIST, 0, NULL, "list the views" },
	{ "keys", KEY_LIST, 0, NULL, "list the keys of the screen" },
	{ "explain-filter", EXPLAIN, 1, "FILTER", "print how a filter reads" },
	{ "help", 'h', 0, NULL, "this text" },
	{ "version", 'V', 0, NULL, "the version" },
};
/* clang-format on */

/* ---- texts ---- */

static void print_help(FILE *out)
{
	fputs("usage: enitop [OPTION]... [PATH]...\n\n"
	      "top for Amazon VPC Flow Logs. PATH is a file (plain or gzip), a directory or -;\n"
	      "without one, standard input is read if it is a pipe or a file.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct option_row *r = &rows[i];
		char left[40];
		const char *line = r->help;
		int n = r->letter < LONG_ONLY
				? snprintf(left, sizeof left, "  -%c, --%s", r->letter, r->name)
				: snprintf(left, sizeof left, "      --%s", r->name);
		if (r->value)
			snprintf(left + n, sizeof left - (size_t)n,
				 r->argument == 2 ? "[=%s]" : " %s", r->value);
		while (*line) {
			size_t length = strcspn(line, "\n");
			fprintf(out, "%-32s %.*s\n", line == r->help ? left : "", (int)length,
				line);
			line += length + (line[length] == '\n');
		}
	}
	fputs("\nExit status: 0 done, 1 some input could not be read, 2 usage or a bad filter.\n",
	      out);
}

static void print_fields(FILE *out)
{
	for (int id = 0; id < FIELDS_KNOWN; id++) {
		const struct field *f = field_get(id);
		fprintf(out, "%-28s %-8s %-12s %s\n", f->name, f->version ? "" : "derived",
			f->aliases, f->help);
	}
}

static void print_views(FILE *out)
{
	for (int v = 0; v < VIEW_KINDS; v++)
		fprintf(out, "%s\n", view_kind_name((enum view_kind)v));
}

/* The filter with a caret under what is wrong. */
static int bad_filter(FILE *err, const char *text, const struct filter_error *e)
{
	fprintf(err, "enitop: bad filter: %s\n  %s\n  %*s", e->message, text, (int)e->column, "");
	for (size_t i = 0; i < (e->length ? e->length : 1); i++)
		fputc('^', err);
	fputc('\n', err);
	return 2;
}

static int explain(const char *text, FILE *out, FILE *err)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), (int64_t)time(NULL), &e);

	if (!f)
		return bad_filter(err, text, &e);
	fprintf(out, "%s\n", filter_is_all(f) ? "every flow" : filter_reads(f));
	filter_free(f);
	return 0;
}

/* ---- values ---- */

static int refuse(FILE *err, const char *option, const char *value, const char *wanted)
{
	fprintf(err, "enitop: --%s: '%s' is no %s\n", option, value, wanted);
	return 2;
}

static int take_views(struct options *o, const char *text, FILE *err)
{
	struct str rest = str_of(text);

	o->views = 0;
	for (;;) {
		const char *comma = memchr(rest.s, ',', rest.n);
		struct str name = { rest.s, comma ? (size_t)(comma - rest.s) : rest.n };
		int v = view_kind_find(name);
		if (v < 0 || o->views == OPTION_VIEWS_MAX)
			return refuse(err, "view", text,
				      "view (talkers, rejects, ports, timeline, flows, sources)");
		o->view[o->views++] = (enum view_kind)v;
		if (!comma)
			return -1;
		rest.s += name.n + 1;
		rest.n -= name.n + 1;
	}
}

static int take_group(struct options *o, const char *text, FILE *err)
{
	struct str bad;

	if (group_parse(str_of(text), &o->group, &bad) == 0) {
		o->group_given = true;
		return -1;
	}
	if (o->group.n == GROUP_MAX)
		fprintf(err, "enitop: --group: more than %d fields\n", GROUP_MAX);
	else
		fprintf(err, "enitop: --group: unknown field '%.*s': enitop --fields lists them\n",
			(int)bad.n, bad.s);
	return 2;
}

static int take_metric(struct options *o, const char *text, FILE *err)
{
	int m = metric_find(str_of(text));

	if (m < 0)
		return refuse(err, "metric", text, "metric (bytes, packets, flows, rejects)");
	o->metric = (enum metric)m;
	o->metric_given = true;
	return -1;
}

static int take_number(const char *option, const char *text, uint64_t max, uint64_t *out, FILE *err)
{
	if (!str_to_u64(str_of(text), out) || *out > max)
		return refuse(err, option, text, "number");
	return -1;
}

static int take_window(struct options *o, const char *text, FILE *err)
{
	o->window_given = true;
	if (strcmp(text, "all") == 0) {
		o->window_s = 0;
		return -1;
	}
	return parse_duration(str_of(text), &o->window_s) && o->window_s > 0
		       ? -1
		       : refuse(err, "window", text, "duration (90s, 15m, 6h, 2d) or all");
}

static int take_time(const char *option, const char *text, int64_t *out, FILE *err)
{
	return parse_time(str_of(text), out)
		       ? -1
		       : refuse(err, option, text, "time (epoch or 2026-11-24T03:05:00Z)");
}

static int take_color(struct options *o, const char *text, FILE *err)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (int i = 0; i < 3; i++)
		if (strcmp(text, names[i]) == 0) {
			o->color = (enum color)i;
			return -1;
		}
	return refuse(err, "color", text, "choice (auto, always, never)");
}

static int take_filter(struct options *o, const char *text, FILE *err)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(text), 0, &e);

	if (!f)
		return bad_filter(err, text, &e);
	filter_free(f);
	o->where = text;
	return -1;
}

static int take_output(struct options *o, const char *text, FILE *err)
{
	int kind = output_find(str_of(text));

	if (kind < 0)
		return refuse(err, "output", text, "output (table, csv, json, ndjson, raw)");
	o->output = (enum output)kind;
	return -1;
}

static int take_format(struct options *o, const char *text, FILE *err)
{
	o->format = format_parse(str_of(text), "--format");
	return o->format ? -1 : refuse(err, "format", text, "list of flow log fields");
}

/* -1 to go on. */
static int take(struct options *o, int c, const char *value, bool *follow_given, FILE *out,
		FILE *err)
{
	uint64_t n;
	int rc;

	switch (c) {
	case 'b':
		o->batch = true;
		return -1;
	case 'f':
		o->follow = *follow_given = true;
		return -1;
	case NO_FOLLOW:
		o->follow = false;
		*follow_given = true;
		return -1;
	case 'v':
		return take_views(o, value, err);
	case 'g':
		return take_group(o, value, err);
	case 'm':
		return take_metric(o, value, err);
	case 'n':
		rc = take_number("limit", value, UINT32_MAX, &n, err);
		o->limit = (uint32_t)n;
		o->limit_given = true;
		return rc;
	case 'w':
		return take_filter(o, value, err);
	case 't':
		return take_window(o, value, err);
	case SINCE:
		return take_time("since", value, &o->since_s, err);
	case UNTIL:
		return take_time("until", value, &o->until_s, err);
	case NOW:
		return take_time("now", value, &o->now_s, err);
	case FORMAT:
		return take_format(o, value, err);
	case 'o':
		return take_output(o, value, err);
	case DEMO:
		o->demo = true;
		n = 0;
		rc = value ? take_number("demo", value, 1000000, &n, err) : -1;
		o->demo_rate = (unsigned)n;
		return rc;
	case MEMORY:
		return parse_bytes(str_of(value), &o->memory) && o->memory >= 1 << 20
			       ? -1
			       : refuse(err, "memory", value, "size of at least 1M (512M, 2G)");
	case THEME:
		o->theme = value;
		return -1;
	case COLOR:
		return take_color(o, value, err);
	case ASCII:
		o->ascii = true;
		return -1;
	case UTC:
		o->local_time = false;
		return -1;
	case LOCAL:
		o->local_time = true;
		return -1;
	case FIELD_LIST:
		print_fields(out);
		return 0;
	case VIEW_LIST:
		print_views(out);
		return 0;
	case KEY_LIST:
		commands_print(out);
		return 0;
	case EXPLAIN:
		return explain(value, out, err);
	case 'h':
		print_help(out);
		return 0;
	case 'V':
		fprintf(out, "enitop %s\n", PACKAGE_VERSION);
		return 0;
	default:
		fprintf(err, "Try 'enitop --help'.\n");
		return 2;
	}
}

/* ---- the whole ---- */

static uint64_t default_memory(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	uint64_t quarter =
		pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size / 4 : 256u << 20;

	return quarter < (UINT64_C(1) << 30) ? quarter : UINT64_C(1) << 30;
}

static bool stdin_is_data(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && !isatty(STDIN_FILENO);
}

static int check_combination(struct options *o, FILE *err)
{
	static char *dash[] = { (char *)"-" };

	if (o->paths == 0 && !o->demo) {
		if (!stdin_is_data()) {
			fputs("enitop: nothing to read: name a file or directory, pipe logs into it, or try\n"
			      "enitop --demo\n",
			      err);
			return 2;
		}
		o->path = dash;
		o->paths = 1;
	}
	for (int i = 0; i < o->paths; i++)
		if (strcmp(o->path[i], "-") == 0 && isatty(STDIN_FILENO)) {
			fputs("enitop: standard input is a terminal, not a log\n", err);
			return 2;
		}
	for (unsigned i = 0; o->batch && i < o->views; i++)
		if (o->output == OUTPUT_RAW && o->view[i] != VIEW_FLOWS) {
			fputs("enitop: --output raw gives the lines of flows: add --view flows\n",
			      err);
			return 2;
		}
	return -1;
}

int options_parse(struct options *o, int argc, char **argv, FILE *out, FILE *err)
{
	struct option list[ARRAY_SIZE(rows) + 1] = { { 0 } };
	char letters[2 * ARRAY_SIZE(rows) + 1] = "", *letter = letters;
	bool follow_given = false;
	int c, rc = -1;

	*o = (struct options){
		.view = { VIEW_TALKERS },
		.views = 1,
		.where = "",
		.limit = 20,
		.now_s = INT64_MIN,
		.since_s = INT64_MIN,
		.until_s = INT64_MAX,
		.memory = default_memory(),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		list[i] = (struct option){ rows[i].name, rows[i].argument, NULL, rows[i].letter };
		if (rows[i].letter < LONG_ONLY) {
			*letter++ = (char)rows[i].letter;
			if (rows[i].argument)
				*letter++ = ':';
		}
	}
	*letter = '\0';
	optind = 1;
	while (rc < 0 && (c = getopt_long(argc, argv, letters, list, NULL)) != -1)
		rc = take(o, c, optarg, &follow_given, out, err);
	if (rc >= 0)
		return rc;
	o->path = argv + optind;
	o->paths = argc - optind;
	if (!isatty(STDOUT_FILENO))
		o->batch = true;
	if (!follow_given)
		o->follow = !o->batch;
	return check_combination(o, err);
}
