/* options.c - see options.h. */
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/filter_table.h"
#include "cli/option_take.h"

static take_fn take_help, take_version, take_config, take_no_config;

struct option_row {
	const char *name;
	char letter; /* 0: none */
	take_fn *take;
	int argument; /* of getopt */
	const char *value, *help;
};

/* clang-format off */
static const struct option_row rows[] = {
	{ "batch", 'b', take_batch, 0, NULL, "read to the end, print one report, exit (the default when\n"
	  "standard output is no terminal)" },
	{ "follow", 'f', take_follow, 0, NULL, "go on reading what is appended (the default on screen); with\n"
	  "--batch --view flows a stream until SIGINT or SIGTERM,\n"
	  "with other views a report at that signal" },
	{ "no-follow", 0, take_no_follow, 0, NULL, "stop at the end of what is there" },
	{ "view", 'v', take_view, 1, "NAME[,NAME]", "talkers (default), rejects, ports, timeline, flows, sources" },
	{ "group", 'g', take_group, 1, "FIELD[,FIELD]", "what talkers and rejects rank (client,server,service); networks\n"
	  "as srcaddr/24 or client/16/48, both directions as pair" },
	{ "metric", 'm', take_metric, 1, "NAME", "bytes, packets, flows, rejects, lost (packets that a transit\n"
	  "gateway dropped), bytes/s, packets/s, flows/s, rejects/s, or\n"
	  "distinct:FIELD: how many different values, as distinct:dstport" },
	{ "trend", 0, take_trend, 0, NULL, "give each row of talkers and rejects its sums over time: bins in\n"
	  "json, a digit a step in table and csv; takes memory for each\n"
	  "group and step" },
	{ "limit", 'n', take_limit, 1, "N", "rows of a report; 0: all (default 20, flows all)" },
	{ "columns", 0, take_columns, 1, "FIELD[,FIELD]", "of flows: what is shown of each; client, server, service and\n"
	  "time are there too" },
	{ "sort", 0, take_sort, 1, "[-]FIELD", "flows from the smallest on, with - from the largest (newest\n"
	  "first on screen, as read in batch)" },
	{ "where", 'w', take_where, 1, "FILTER", "only flows that match: 'dport=443 and not src=10.0.0.0/8';\n"
	  "the language is below" },
	{ "window", 't', take_window, 1, "DURATION", "the last 90s, 15m, 6h of log time, or all (default: all in\n"
	  "batch, 15m on screen)" },
	{ "since", 0, take_since, 1, "TIME", "only flows that end then or later: 10:00, -1h, yesterday,\n"
	  "2026-11-24, RFC 3339, epoch; from --now or the clock on" },
	{ "until", 0, take_until, 1, "TIME", "only flows that end before; the same times" },
	{ "now", 0, take_now, 1, "TIME", "what relative times mean, and beyond what a time is in the\n"
	  "future (default: the clock; a day from it)" },
	{ "mark", 0, take_mark, 1, "TIME[=LABEL]", "compare before and after: rows say new, gone, grown, shrunk or\n"
	  "same and are ranked by the change of their rate (key b)" },
	{ "changes", 0, take_changes, 1, "WORD", "with --mark: only the rows that are new, gone, grown, shrunk, same" },
	{ "heat", 0, take_heat, 1, "ROW,COLUMN", "axes of the heatmap, view ports: port, host or client by one of\n"
	  "those or by time; a report has a line a cell, of the 256 best\n"
	  "columns (key x)" },
	{ "format", 0, take_format, 1, "FIELDS", "order of the fields where no header says: as in AWS'\n"
	  "LogFormat ('${version} ${account-id} ...') or plain names" },
	{ "output", 'o', take_output, 1, "KIND", "table (default), csv, json, ndjson; for flows also raw lines\n"
	  "and ocsf (1.5, an event a line)" },
	{ "demo", 0, take_demo, 2, "FLOWS", "synthetic traffic, so many flows a second" },
	{ "memory", 0, take_memory, 1, "SIZE", "budget for all data (default: a quarter of the machine's,\n"
	  "at most 1G)" },
	{ "state", 0, take_state, 1, "FILE", "go on where the run before stopped: what was read is kept\n"
	  "there, and not read again; nothing else is written unasked" },
	{ "names", 0, take_names, 1, "FILE", "names of addresses, networks, interfaces and accounts: lines\n"
	  "KEY NAME, or the JSON of aws ec2 describe-network-interfaces" },
	{ "aws-ranges", 0, take_aws_ranges, 1, "FILE", "AWS service and region of addresses: ip-ranges.json" },
	{ "mmdb", 0, take_mmdb, 1, "FILE", "country and AS of addresses: a MaxMind database" },
	{ "internal", 0, take_internal, 1, "NETWORKS", "internal besides the private ones: 198.51.100.0/24,..." },
	{ "theme", 0, take_theme, 1, "NAME", "dark, light, mono, contrast, or the path of a theme file" },
	{ "color", 0, take_color, 1, "WHEN", "auto (default), always, never" },
	{ "ascii", 0, take_ascii, 0, NULL, "no glyphs beyond ASCII on screen" },
	{ "utc", 0, take_utc, 0, NULL, "times in UTC (default)" },
	{ "local", 0, take_local, 0, NULL, "times on screen in the local zone" },
	{ "config", 0, take_config, 1, "FILE", "saved filters and settings (default: enitop/config below\n"
	  "$XDG_CONFIG_HOME or ~/.config): lines 'filter NAME = TEXT',\n"
	  "used as @NAME, and 'OPTION = VALUE' for options like these" },
	{ "no-config", 0, take_no_config, 0, NULL, "no such file is read or written" },
	{ "fields", 0, take_fields, 0, NULL, "list the fields and their aliases" },
	{ "views", 0, take_views, 0, NULL, "list the views" },
	{ "keys", 0, take_keys, 0, NULL, "list the keys of the screen" },
	{ "explain-filter", 0, take_explain, 1, "FILTER", "print how a filter reads, and the plan by which it runs" },
	{ "print-sql", 0, take_sql, 1, "ENGINE", "print the same question for athena, insights or clickhouse" },
	{ "help", 'h', take_help, 0, NULL, "this text" },
	{ "version", 'V', take_version, 0, NULL, "the version" },
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
		int n = r->letter ? snprintf(left, sizeof left, "  -%c, --%s", r->letter, r->name)
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
	fputs("\n--view sources has a row an input: source state shape format version formats (met)\n"
	      "size read rate (flows/s) newest lag (seconds) complete_until lines flows nodata\n"
	      "skipdata malformed faults error note; json and ndjson also columns (of each format)\n"
	      "and malformed_lines (the last 20: line, reason, text). complete_until is the newest\n"
	      "end less one aggregation interval (60s, or 600s once a record was longer): a record\n"
	      "is delivered when its interval is over.\n",
	      out);
	filter_table_print(out);
	fputs("\nExit status: 0 done, 1 some input could not be read, 2 usage or a bad filter.\n",
	      out);
}

int64_t options_now(const struct options *o)
{
	return o->now_s != INT64_MIN ? o->now_s : (int64_t)time(NULL);
}

static int take_help(struct parsing *p, const char *value)
{
	(void)value;
	print_help(p->out);
	return 0;
}

static int take_version(struct parsing *p, const char *value)
{
	(void)value;
	fprintf(p->out, "enitop %s\n", PACKAGE_VERSION);
	return 0;
}

/* ---- the whole ---- */

#define FIRST_ROW 256 /* beyond every letter */

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
	if (o->heat_given && o->mark_s != INT64_MIN && o->batch) {
		fputs("enitop: --heat and --mark are two reports: give one of them\n", err);
		return 2;
	}
	if (o->changes != CHANGES && o->mark_s == INT64_MIN) {
		fputs("enitop: --changes needs a --mark to compare around\n", err);
		return 2;
	}
	if (o->batch && o->follow && o->sort_given) {
		fputs("enitop: --sort: what goes on for ever has no order: leave --follow out\n",
		      err);
		return 2;
	}
	for (unsigned i = 0; o->batch && i < o->views; i++)
		if (output_is_flows_only(o->output) && o->view[i]->query.rows != ROWS_RECORDS) {
			fprintf(err, "enitop: --output %s gives records: add --view flows\n",
				output_name(o->output));
			return 2;
		}
	return -1;
}

/* What getopt calls a row: its letter, or FIRST_ROW + its index. */
static int take(struct parsing *p, int c, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (c == FIRST_ROW + (int)i || (rows[i].letter && c == rows[i].letter))
			return rows[i].take(p, value);
	fprintf(p->err, "Try 'enitop --help'.\n");
	return 2;
}

/* ---- the configuration file ---- */

/* They were looked for before all others. */
static int take_config(struct parsing *p, const char *value)
{
	(void)p;
	(void)value;
	return -1;
}

static int take_no_config(struct parsing *p, const char *value)
{
	return take_config(p, value);
}

/* What is for one run alone. */
static bool is_for_a_run(const char *option)
{
	static const char *const names[] = { "config", "no-config",      "since",  "until",
					     "now",    "explain-filter", "fields", "views",
					     "keys",   "help",           "version" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], option) == 0)
			return true;
	return false;
}

/* 1 yes, 0 no, -1 neither. */
static int yes_or_no(const char *value)
{
	static const char *const words[] = { "no", "yes", "off", "on", "false", "true", "0", "1" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i], value) == 0)
			return (int)(i % 2);
	return -1;
}

/* Runs an option and keeps the first line of what it complains of. */
static bool set_row(struct parsing *p, const struct option_row *r, const char *value,
		    struct buf *error)
{
	FILE *had = p->err;
	char *text = NULL, *from;
	size_t n = 0;
	int rc;

	p->err = open_memstream(&text, &n);
	if (!p->err)
		die("out of memory");
	rc = r->take(p, value);
	fclose(p->err);
	p->err = had;
	from = strncmp(text, "enitop: ", 8) == 0 ? text + 8 : text;
	from += strncmp(from, "--", 2) == 0 ? 2 : 0;
	buf_add(error, from, strcspn(from, "\n"));
	free(text);
	return rc < 0;
}

static bool set_option(void *ctx, const char *option, const char *value, struct buf *error)
{
	const struct option_row *r = NULL;
	int yes = yes_or_no(value);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].name, option) == 0)
			r = &rows[i];
	if (!r) {
		buf_printf(error, "unknown option '%.60s'", option);
	} else if (is_for_a_run(option)) {
		buf_printf(error, "'%s' belongs on the command line", option);
	} else if (r->argument == 0 && yes < 0) {
		buf_printf(error, "'%s' is yes or no, not '%.60s'", option, value);
	} else if (r->argument != 0 && *value == '\0') {
		buf_printf(error, "'%s' wants a value", option);
	} else {
		bool flag = r->argument == 0 || (r->argument == 2 && yes >= 0);
		return (flag && !yes) || set_row(ctx, r, flag ? NULL : value, error);
	}
	return false;
}

/* Looks for --config and --no-config alone, and reads the file. */
static void read_config(struct parsing *p, int argc, char **argv, const char *letters,
			const struct option *list)
{
	struct config *config = config_new();
	const char *file = NULL;
	bool none = false;
	int c;

	p->o->config = config;
	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, letters, list, NULL)) != -1) {
		if (c < FIRST_ROW)
			continue;
		if (rows[c - FIRST_ROW].take == take_config)
			file = optarg;
		none = none || rows[c - FIRST_ROW].take == take_no_config;
	}
	opterr = 1;
	config_read(config,
		    none   ? NULL
		    : file ? xstrndup(file, strlen(file))
			   : config_default_path(),
		    file, set_option, p, p->err);
	p->o->theme_setting = p->o->theme;
}

void options_release(struct options *o)
{
	config_free(o->config);
	o->config = NULL;
}

int options_parse(struct options *o, const struct views *known, int argc, char **argv, FILE *out,
		  FILE *err)
{
	struct option list[ARRAY_SIZE(rows) + 1] = { { 0 } };
	char letters[2 * ARRAY_SIZE(rows) + 1] = "", *letter = letters;
	struct parsing p = { .o = o, .out = out, .err = err };
	int c, rc = -1;

	*o = (struct options){
		.known = known,
		.view = { known->row[0] },
		.views = 1,
		.sort = { FIELD_BIN, false },
		.where = "",
		.limit = 20,
		.sql = -1,
		.now_s = INT64_MIN,
		.since_s = INT64_MIN,
		.mark_s = INT64_MIN,
		.mark_label = "",
		.heat_row = FIELD_SERVICE,
		.heat_column = FIELD_BIN,
		.changes = CHANGES,
		.until_s = INT64_MAX,
		.memory = default_memory(),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		list[i] =
			(struct option){ rows[i].name, rows[i].argument, NULL, FIRST_ROW + (int)i };
		if (!rows[i].letter)
			continue;
		*letter++ = rows[i].letter;
		if (rows[i].argument)
			*letter++ = ':';
	}
	*letter = '\0';
	read_config(&p, argc, argv, letters, list);
	optind = 1;
	while (rc < 0 && (c = getopt_long(argc, argv, letters, list, NULL)) != -1)
		rc = take(&p, c, optarg);
	if (rc >= 0)
		return rc;
	if ((rc = option_times(&p)) >= 0)
		return rc;
	if (p.explain)
		return option_explain(&p);
	for (unsigned i = 0; o->heat_given && !p.view_given && i < known->n; i++)
		if (known->row[i]->query.bins.kind == BINS_HEAT)
			o->view[0] = known->row[i];
	if (o->sql >= 0)
		return option_print_sql(o, out, err);
	o->path = argv + optind;
	o->paths = argc - optind;
	if (!isatty(STDOUT_FILENO))
		o->batch = true;
	if (!p.follow_given)
		o->follow = !o->batch;
	return check_combination(o, err);
}

struct query options_query(const struct options *o, const struct view *v)
{
	struct query q = v->query;
	bool ranked = q.rows == ROWS_RANKED && !v->report;

	q.span = (struct span){ o->since_s, o->until_s, false };
	q.window_s = o->window_s;
	q.limit = ranked || o->limit_given ? o->limit : 0;
	if (o->group_given && v->groups)
		q.group = o->group;
	if (o->metric_given)
		q.metric = o->metric;
	q.distinct = o->distinct;
	q.mark = (struct mark){ o->mark_s, o->mark_s != INT64_MIN, o->changes };
	if (o->sort_given && q.rows == ROWS_RECORDS)
		q.sort = o->sort;
	if (q.bins.kind == BINS_HEAT) {
		q.group.field[0] = o->heat_row;
		q.bins.field = o->heat_column;
		q.bins.listed = o->heat_given;
	} else if (ranked) {
		q.bins.kind = o->trend ? BINS_TREND : BINS_NONE;
		q.bins.field = FIELD_BIN;
		q.bins.most = query_is_by_time(&q) && q.group.n == 1 ? TIMELINE_BINS : HEAT_BINS;
	}
	return q;
}
