/* option_rows.c - the table of options, and what is printed from it. To add an option, add a
 * row; its member is one of struct options. */
#include <stdlib.h>
#include <string.h>

#include "cli/filter_table.h"
#include "cli/option_row.h"
#include "output/sql.h"
#include "triage/rules.h"

/* ---- choices ---- */

static const char *const color_names[] = { "auto", "always", "never" };

static const char *color_of(int number)
{
	return color_names[number];
}

static int color_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(color_names); i++)
		if (str_equal(name, str_of(color_names[i])))
			return (int)i;
	return -1;
}

static const char *metric_of(int number)
{
	return number == METRIC_DISTINCT ? "distinct:FIELD" : metric_name((enum metric)number);
}

/* clang-format off */
/* Names of enums, by their numbers. */
#define NAMES(type, name) \
	static const char *type##_of(int number) { return name((enum type)number); }
NAMES(change, change_name)
NAMES(output, output_name)
NAMES(scorer_kind, scorer_name)
NAMES(sql_engine, sql_engine_name)

static const struct choice
	colors = { "choice", ARRAY_SIZE(color_names), 0, color_find, color_of },
	metrics = { "metric", METRICS, 0, metric_find, metric_of },
	changes = { "change", CHANGES, CHANGE_NEW, change_find, change_of },
	outputs = { "output", OUTPUTS, 0, output_find, output_of },
	scorers = { "scorer", SCORERS, SCORER_RECORD, scorer_find, scorer_kind_of },
	engines = { "engine", SQL_ENGINES, 0, sql_engine_find, sql_engine_of };

/* ---- options ---- */

static option_print print_views, print_rules, print_keys, print_help, print_version;

#define AT(member) .at = offsetof(struct parsing, member)
#define GIVEN(member) .given = offsetof(struct parsing, member)

static const struct option_row rows[] = {
	{ "batch", 'b', NULL, "read to the end, print one report, exit (the default when\n"
	  "standard output is no terminal)", take_flag, AT(o.batch), .on = true },
	{ "follow", 'f', NULL, "go on reading what is appended (the default on screen); with\n"
	  "--batch --view flows a stream until SIGINT or SIGTERM,\n"
	  "with other views a report at that signal",
	  take_flag, AT(o.follow), GIVEN(follow_given), .on = true },
	{ "no-follow", 0, NULL, "stop at the end of what is there",
	  take_flag, AT(o.follow), GIVEN(follow_given) },
	{ "follow-links", 0, NULL, "in folders also follow links that lead out of them",
	  take_flag, AT(o.follow_links), .on = true },
	{ "view", 'v', "NAME[,NAME]", NULL, take_views, GIVEN(o.view_given) }, /* help: the views */
	{ "group", 'g', "FIELD[,FIELD]",
	  "what talkers and rejects rank (client,server,service); networks\n"
	  "as srcaddr/24 or client/16/48, both directions as pair",
	  take_group, AT(o.group), GIVEN(o.group_given) },
	{ "metric", 'm', "NAME", "bytes, packets, flows, rejects, lost (packets that a transit\n"
	  "gateway dropped), cost (dollars, see --prices), bytes/s, bits/s, packets/s, flows/s, rejects/s,\n"
	  "or distinct:FIELD: how many different values, as distinct:dstport",
	  take_metric, GIVEN(o.metric_given), .choice = &metrics },
	{ "trend", 0, NULL, "give each row of talkers and rejects its sums over time: bins in\n"
	  "json, a digit a step in table and csv; takes memory for each\n"
	  "group and step", take_flag, AT(o.trend), .on = true },
	{ "limit", 'n', "N", "rows of a report, of a timeline at most so many bars; 0: all\n"
	  "(default 20, flows and bars all)",
	  take_count, AT(o.limit), GIVEN(o.limit_given), .count = { UINT32_MAX, "number" } },
	{ "columns", 0, "FIELD[,FIELD]",
	  "of flows: what is shown of each; client, server, service and\n"
	  "time are there too", take_columns, AT(o.columns) },
	{ "sort", 0, "[-]FIELD", "flows from the smallest on, with - from the largest (newest\n"
	  "first on screen, as read in batch)", take_sort, AT(o.sort), GIVEN(o.sort_given) },
	{ "once", 0, NULL, "packets that several interfaces recorded count once: at the sender,\n"
	  "from outside at the receiver (the default on screen, key C);\n"
	  "a report reads its files twice for it",
	  take_flag, AT(o.once), GIVEN(o.once_given), .on = true },
	{ "no-once", 0, NULL, "all records count (the default in batch)",
	  take_flag, AT(o.once), GIVEN(o.once_given) },
	{ "where", 'w', "FILTER", "only flows that match: 'dport=443 and not src=10.0.0.0/8';\n"
	  "the language is below", take_filter, AT(o.where) },
	{ "window", 't', "DURATION", "the last 90s, 15m, 6h of log time, or all (default: all in\n"
	  "batch, 15m on screen)", take_window, AT(o.window_s), GIVEN(o.window_given) },
	{ "since", 0, "TIME", "only flows that end then or later: 10:00, -1h, yesterday,\n"
	  "2026-11-24, RFC 3339, epoch; from --now or the clock on",
	  take_text, AT(since), .scope = OPTION_OF_A_RUN },
	{ "until", 0, "TIME", "only flows that end before; the same times",
	  take_text, AT(until), .scope = OPTION_OF_A_RUN },
	{ "now", 0, "TIME", "what relative times mean, and beyond what a time is in the\n"
	  "future (default: the clock; a day from it)",
	  take_text, AT(now), .scope = OPTION_OF_A_RUN },
	{ "mark", 0, "TIME[=LABEL]",
	  "compare before and after: rows say new, gone, grown, shrunk or\n"
	  "same and are ranked by the change of their rate (key b)", take_text, AT(mark) },
	{ "changes", 0, "WORD",
	  "with --mark: only the rows that are new, gone, grown, shrunk, same",
	  take_choice, AT(o.changes), .choice = &changes },
	{ "by-size", 0, NULL, "with --mark: rank by size all the same (key d)",
	  take_flag, AT(o.by_size), .on = true },
	{ "why", 0, "'CLIENT SERVER:PORT'",
	  "why the one can't reach the other, or that it can: text, json or\n"
	  "ndjson; PORT/udp, [ADDRESS]:PORT, 'any SERVER:PORT', names of\n"
	  "--names; without PORT every port of the two, the worst first;\n"
	  "may be given more than once", take_why, .scope = OPTION_OF_A_RUN },
	{ "assert", 0, "EXPR",
	  "what must be so: 'logged>=99%', 'logged(eni-*)>=99%', expected=logged,\n"
	  "lost=0, missing=0, 'delay<=10m', type=ALL, 'findings(page)=0',\n"
	  "'none: FILTER', 'some: FILTER', 'only CLIENTS -> SERVER:PORT'; a line\n"
	  "each says ok, FAIL or UNPROVEN, with --follow whenever a minute is\n"
	  "complete; may be given more than once",
	  take_assert, .scope = OPTION_OF_A_RUN },
	{ "provable", 0, "SHARE", "minutes that must be provable to say that there is nothing\n"
	  "(default 99%)", take_provable, AT(o.provable) },
	{ "watch", 0, "FILTER", "view spike: watch these flows for what is unusual, besides bytes of\n"
	  "each interface and internal server; may be given more than once,\n"
	  "each with the --every, --metric (bytes, packets, flows, rejects,\n"
	  "distinct:FIELD of records) and --z behind it",
	  take_watch, .scope = OPTION_OF_A_RUN },
	{ "every", 0, "WIDTH", "bins of the --watch before, or of all: 1m (default), 10m, 1h, 1d",
	  take_every, .scope = OPTION_ANYWHERE },
	{ "z", 0, "N", "deviations from the median that are unusual (default 6)",
	  take_z, .scope = OPTION_ANYWHERE },
	{ "scorer", 0, "NAME", "what says how unusual: record (default), zscore, forest; until a\n"
	  "series has 100 bins zscore does", take_choice, AT(o.scorer), .choice = &scorers },
	{ "forecast", 0, "DURATION", "view spike: what comes in so much time (24h), with its band",
	  take_forecast, .scope = OPTION_OF_A_RUN },
	{ "heat", 0, "ROW,COLUMN",
	  "axes of the heatmap, view ports: port, host or client by one of\n"
	  "those or by time; a report has a line a cell, of the 256 best\n"
	  "columns (key x)", take_heat, GIVEN(o.heat_given) },
	{ "format", 0, "FIELDS", "order of the fields where no header says: as in AWS'\n"
	  "LogFormat ('${version} ${account-id} ...') or plain names", take_format, AT(o.format) },
	{ "output", 'o', "KIND", "table (default), csv, json, ndjson; for flows also raw lines\n"
	  "and ocsf (1.5, an event a line)", take_choice, AT(o.output), .choice = &outputs },
	{ "demo", 0, "=FLOWS", "synthetic traffic, so many flows a second",
	  take_count, AT(o.demo_rate), GIVEN(o.demo),
	  .count = { 1000000, "number of flows a second" } },
	{ "memory", 0, "SIZE", "budget for all data (default: a quarter of the machine's,\n"
	  "at most 1G); on screen a fifth of it is for what is asked,\n"
	  "a report reads files again for what has no room", take_size, AT(o.memory) },
	{ "state", 0, "FILE", "go on where the run before stopped: what was read is kept\n"
	  "there, and not read again; nothing else is written unasked", take_text, AT(o.state) },
	{ "names", 0, "FILE", "names of addresses, networks, interfaces and accounts: lines\n"
	  "KEY NAME, or the JSON of aws ec2 describe-network-interfaces",
	  take_label, .kind = LABEL_FILE_NAMES },
	{ "aws-ranges", 0, "FILE", "AWS service and region of addresses: ip-ranges.json",
	  take_label, .kind = LABEL_FILE_AWS },
	{ "ioc", 0, "FILE", "addresses and networks that are said to be bad, a line each with\n"
	  "a text behind it; a line 'allow ADDRESS' takes out",
	  take_label, .kind = LABEL_FILE_IOC },
	{ "mmdb", 0, "FILE", "country and AS of addresses: a MaxMind database",
	  take_mmdb, .kind = LABEL_FILE_MMDB },
	{ "internal", 0, "NETWORKS", "internal besides the private ones: 198.51.100.0/24,...",
	  take_internal, .kind = LABEL_FILE_INTERNAL },
	{ "prices", 0, "FILE", "what -m cost counts with, dollars a GB of 10^9 bytes: an ini file, or\n"
	  "nat=0.045,zone=0.01,internet=0.09 (the default: list prices of\n"
	  "us-east-1, March 2026); source=TEXT says whose they are",
	  take_prices, AT(o.prices) },
	{ "threshold", 0, "RULE.NAME=VALUE", "another limit of a rule of --view findings: see --rules;\n"
	  "may be given more than once", take_threshold, .scope = OPTION_ANYWHERE },
	{ "admin", 0, "NETWORKS", "who may administer and look for hosts: no finding of these rules",
	  take_admin, .scope = OPTION_ANYWHERE },
	{ "mute", 0, "'RULE PART=VALUE'", "findings that are not shown: 'scan source=10.1.0.1', or all of a\n"
	  "rule; may be given more than once", take_mute, .scope = OPTION_ANYWHERE },
	{ "events", 0, "FILE", "what people did: the JSON of CloudTrail, or lines TIME TEXT; findings\n"
	  "name what came within ten minutes before them",
	  take_text, AT(o.events) },
	{ "baseline", 0, "FILE", "what was usual before, so that findings say what is new",
	  take_text, AT(o.baseline) },
	{ "save-baseline", 0, "FILE", "with --view findings: writes what this log teaches there,\n"
	  "beside what --baseline knows", take_text, AT(o.save_baseline), .scope = OPTION_OF_A_RUN },
	{ "theme", 0, "NAME", "dark, light, contrast, colorblind, gruvbox, nord,\n"
	  "solarized-dark, solarized-light, mono, or the path of a file",
	  take_text, AT(o.theme) },
	{ "color", 0, "WHEN", "auto (default), always, never",
	  take_choice, AT(o.color), .choice = &colors },
	{ "ascii", 0, NULL, "no glyphs beyond ASCII on screen",
	  take_flag, AT(o.ascii), .on = true },
	{ "utc", 0, NULL, "times in UTC (default)", take_flag, AT(o.local_time) },
	{ "local", 0, NULL, "times on screen in the local zone",
	  take_flag, AT(o.local_time), .on = true },
	{ "config", 0, "FILE", "saved filters and settings (default: enitop/config below\n"
	  "$XDG_CONFIG_HOME or ~/.config): lines 'filter NAME = TEXT',\n"
	  "used as @NAME, and 'OPTION = VALUE' for options like these",
	  take_text, AT(config_path), .scope = OPTION_FIRST },
	{ "no-config", 0, NULL, "no such file is read or written",
	  take_flag, AT(no_config), .scope = OPTION_FIRST, .on = true },
	{ "fields", 0, NULL, "list the fields and their aliases",
	  take_print, .scope = OPTION_OF_A_RUN, .print = option_print_fields },
	{ "views", 0, NULL, "list the views",
	  take_print, .scope = OPTION_OF_A_RUN, .print = print_views },
	{ "rules", 0, NULL, "list the rules of findings and their limits",
	  take_print, .scope = OPTION_OF_A_RUN, .print = print_rules },
	{ "keys", 0, NULL, "list the keys of the screen",
	  take_print, .scope = OPTION_OF_A_RUN, .print = print_keys },
	{ "explain-filter", 0, "FILTER", "print how a filter reads, and the plan by which it runs",
	  take_text, AT(explain), .scope = OPTION_OF_A_RUN },
	{ "print-sql", 0, "ENGINE", "print the same question for athena, insights or clickhouse",
	  take_choice, AT(o.sql), .choice = &engines },
	{ "help", 'h', NULL, "this text",
	  take_print, .scope = OPTION_OF_A_RUN, .print = print_help },
	{ "version", 'V', NULL, "the version",
	  take_print, .scope = OPTION_OF_A_RUN, .print = print_version },
};
/* clang-format on */

const struct option_row *option_rows(size_t *n)
{
	*n = ARRAY_SIZE(rows);
	return rows;
}

/* ---- texts ---- */

static void print_views(const struct parsing *p)
{
	for (unsigned v = 0; v < p->o.known->n; v++)
		fprintf(p->out, "%s\n", p->o.known->row[v]->name);
	fputs(SPIKE_VIEW "\n", p->out);
}

static void print_rules(const struct parsing *p)
{
	struct buf text = { 0 };

	rules_help(&text);
	fputs(text.s, p->out);
	buf_release(&text);
}

static void print_keys(const struct parsing *p)
{
	struct command c[KEYS_MAX];
	unsigned n = views_keys(p->o.known, c);

	for (unsigned i = 0; i < n; i++) {
		char name[16], other[16] = "";
		key_label(c[i].key, name, sizeof name);
		if (c[i].other && c[i].other != '\n')
			key_label(c[i].other, other, sizeof other);
		fprintf(p->out, "%-10s %-7s %s\n", name, other, c[i].help);
	}
}

static void print_version(const struct parsing *p)
{
	fprintf(p->out, "enitop %s\n", PACKAGE_VERSION);
}

/* "talkers (default), rejects". */
static char *views_help(const struct views *known)
{
	struct buf names = { 0 };

	for (unsigned v = 0; v < known->n; v++)
		buf_printf(&names, "%s%s%s", v ? ", " : "", known->row[v]->name,
			   known->row[v] == known->usual ? " (default)" : "");
	buf_puts(&names, "\n" SPIKE_VIEW ": what is unusual in series, alone");
	return names.s;
}

static void print_help(const struct parsing *p)
{
	FILE *out = p->out;
	char *views = views_help(p->o.known);

	fputs("usage: enitop [OPTION]... [PATH]...\n\n"
	      "top for Amazon VPC Flow Logs. PATH is a file (plain or gzip), a directory or -;\n"
	      "without one, standard input is read if it is a pipe or a file.\n\n",
	      out);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct option_row *r = &rows[i];
		char left[40];
		const char *help = r->help ? r->help : views, *line = help;
		int n = r->letter ? snprintf(left, sizeof left, "  -%c, --%s", r->letter, r->name)
				  : snprintf(left, sizeof left, "      --%s", r->name);
		if (r->value)
			snprintf(left + n, sizeof left - (size_t)n,
				 *r->value == '=' ? "[%s]" : " %s", r->value);
		while (*line) {
			size_t length = strcspn(line, "\n");
			fprintf(out, "%-32s %.*s\n", line == help ? left : "", (int)length, line);
			line += length + (line[length] == '\n');
		}
	}
	fputs("\n--view sources has a row an input: source state shape format version formats (met)\n"
	      "size read rate (flows/s) newest lag (seconds) complete_until lines flows nodata\n"
	      "skipdata malformed faults error note; json and ndjson also columns (of each format)\n"
	      "unreadable (values, by field), malformed_lines (the last 20: line, reason, text) and\n"
	      "unreadable_values (the same, and field). complete_until is the newest\n"
	      "end less one aggregation interval (60s, or 600s once a record was longer): a record\n"
	      "is delivered when its interval is over.\n",
	      out);
	filter_table_print(out);
	free(views);
	fputs("\nExit status: 0 done, 1 some input could not be read, 2 usage or a bad filter;\n"
	      "with --assert 3 one failed, else 4 one is not proven, else as without.\n",
	      out);
}
