/* option_rows.c - the table of options. To add an option, add a row; its member is one
 * of struct options. */
#include "cli/option_row.h"
#include "output/sql.h"

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
NAMES(layout, layout_name)
NAMES(output, output_name)
NAMES(scorer_kind, scorer_name)
NAMES(sql_engine, sql_engine_name)

static const struct choice
	colors = { "choice", ARRAY_SIZE(color_names), 0, color_find, color_of },
	metrics = { "metric", METRICS, 0, metric_find, metric_of },
	changes = { "change", CHANGES, CHANGE_NEW, change_find, change_of },
	layouts = { "layout", LAYOUTS_N, 0, layout_find, layout_of },
	outputs = { "output", OUTPUTS, 0, output_find, output_of },
	scorers = { "scorer", SCORERS, SCORER_RECORD, scorer_find, scorer_kind_of },
	engines = { "engine", SQL_ENGINES, 0, sql_engine_find, sql_engine_of };

/* ---- options ---- */

#define AT(member) .at = offsetof(struct parsing, member)
#define GIVEN(member) .given = offsetof(struct parsing, member)

static const struct option_row rows[] = {
	{ "batch", 'b', NULL, "read to the end, print one report, exit (the default when\n"
	  "standard output is no terminal)", take_flag, AT(o.batch), .on = true,
	  .brief = "no screen: read all, print one report",
	  .topic = "How it runs" },
	{ "follow", 'f', NULL, "go on reading what is appended (the default on screen); with\n"
	  "--batch --view flows a stream until SIGINT or SIGTERM,\n"
	  "with other views a report at that signal",
	  take_flag, AT(o.follow), GIVEN(follow_given), .on = true },
	{ "no-follow", 0, NULL, "stop at the end of what is there",
	  take_flag, AT(o.follow), GIVEN(follow_given) },
	{ "follow-links", 0, NULL, "in folders also follow links that lead out of them",
	  take_flag, AT(o.follow_links), .on = true },
	{ "view", 'v', "NAME[,NAME]", NULL, /* help: the views */
	  take_views, GIVEN(o.view_given), .words = words_views,
	  .brief = "what is shown, as findings,rejects: --views", .topic = "What is asked" },
	{ "group", 'g', "FIELD[,FIELD]",
	  "what talkers and rejects rank (client,server,service); networks\n"
	  "as srcaddr/24 or client/16/48, both directions as pair",
	  take_group, AT(o.group), GIVEN(o.group_given),
	  .words = words_fields, .brief = "what is ranked, as srcaddr,dstport, client/24" },
	{ "metric", 'm', "NAME", "bytes, packets, flows, rejects, lost (packets that a transit\n"
	  "gateway dropped), cost (dollars, see --prices), bytes/s, bits/s, packets/s, flows/s, rejects/s,\n"
	  "or distinct:FIELD: how many different values, as distinct:dstport",
	  take_metric, GIVEN(o.metric_given), .choice = &metrics, .of_watch = true,
	  .words = words_metrics,
	  .brief = "by bytes, packets, flows, rejects, cost, ..." },
	{ "trend", 0, NULL, "give each row of talkers and rejects its sums over time: bins in\n"
	  "json, a digit a step in table and csv; takes memory for each\n"
	  "group and step", take_flag, AT(o.trend), .on = true },
	{ "limit", 'n', "N", "rows of a report, of a timeline at most so many bars; 0: all\n"
	  "(default 20, flows and bars all)",
	  take_count, AT(o.limit), GIVEN(o.limit_given), .count = { UINT32_MAX, "number" },
	  .brief = "rows of a report (20; 0: all)" },
	{ "columns", 0, "FIELD[,FIELD]",
	  "of flows: what is shown of each; client, server, service and\n"
	  "time are there too", take_columns, AT(o.columns),
	  .words = words_fields },
	{ "sort", 0, "[-]FIELD", "flows from the smallest on, with - from the largest (newest\n"
	  "first on screen, as read in batch)", take_sort, AT(o.sort), GIVEN(o.sort_given),
	  .words = words_fields },
	{ "heat", 0, "ROW,COLUMN",
	  "axes of the heatmap, view ports: port, host or client by one of\n"
	  "those or by time; a report has a line a cell, of the 256 best\n"
	  "columns (key x)", take_heat, GIVEN(o.heat_given),
	  .words = words_axes },
	{ "once", 0, NULL, "packets that several interfaces recorded count once: at the sender,\n"
	  "from outside at the receiver (the default on screen, key C);\n"
	  "a report reads its files twice for it",
	  take_flag, AT(o.once), GIVEN(o.once_given), .on = true },
	{ "no-once", 0, NULL, "all records count (the default in batch)",
	  take_flag, AT(o.once), GIVEN(o.once_given) },
	{ "where", 'w', "FILTER", "only flows that match: 'dport=443 and not src=10.0.0.0/8';\n"
	  "the language: --help filter", take_filter, AT(o.where),
	  .words = words_filter,
	  .brief = "what matches: 'dport=443 and not src=10.0.0.9'" },
	{ "window", 't', "DURATION", "the last 90s, 15m, 6h of log time, or all (default: all in\n"
	  "batch, 15m on screen)", take_window, AT(o.window_s), GIVEN(o.window_given),
	  .brief = "the last 90s, 15m, 6h of the log, or all",
	  .topic = "Of which time" },
	{ "since", 0, "TIME", "only flows that end then or later: 10:00, -1h, yesterday,\n"
	  "2026-11-24, RFC 3339, epoch; from --now or the clock on",
	  take_text, AT(since), .scope = OPTION_OF_A_RUN,
	  .brief = "from then on: 10:00, -1h, yesterday, a date" },
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
	  "may be given more than once", take_why, .scope = OPTION_OF_A_RUN,
	  .brief = "why the one cannot reach the other",
	  .topic = "Other questions" },
	{ "assert", 0, "EXPR",
	  "what must be so: 'logged>=99%', 'logged(eni-*)>=99%', expected=logged,\n"
	  "lost=0, missing=0, 'delay<=10m', type=ALL, 'findings(page)=0',\n"
	  "'none: FILTER', 'some: FILTER', 'only CLIENTS -> SERVER:PORT'; a line\n"
	  "each says ok, FAIL or UNPROVEN, with --follow whenever a minute is\n"
	  "complete; may be given more than once",
	  take_assert, .scope = OPTION_OF_A_RUN },
	{ "provable", 0, "SHARE", "minutes that must be provable to say that there is nothing\n"
	  "(default 99%)", take_provable, AT(o.provable) },
	{ "watch", 0, "FILTER", "on screen, views spike and findings: watch these flows for what is\n"
	  "unusual, besides bytes of each interface and internal server; may be\n"
	  "given more than once, each with the --every, --metric (bytes,\n"
	  "packets, flows, rejects, distinct:FIELD of records) and --z behind it",
	  take_watch, .scope = OPTION_OF_A_RUN,
	  .words = words_filter },
	{ "every", 0, "WIDTH", "bins of the --watch before, or of all: 1m (default), 10m, 1h, 1d",
	  take_every, .scope = OPTION_ANYWHERE, .of_watch = true,
	  .words = words_widths },
	{ "z", 0, "N", "deviations from the median that are unusual (default 6)",
	  take_z, .scope = OPTION_ANYWHERE, .of_watch = true },
	{ "scorer", 0, "NAME", "what says how unusual: record (default), zscore, forest; until a\n"
	  "series has 100 bins zscore does", take_choice, AT(o.scorer), .choice = &scorers },
	{ "forecast", 0, "DURATION", "view spike: what comes in so much time (24h), with its band",
	  take_forecast, .scope = OPTION_OF_A_RUN },
	{ "format", 0, "FIELDS", "order of the fields where no header says: as in AWS'\n"
	  "LogFormat ('${version} ${account-id} ...') or plain names", take_format, AT(o.format),
	  .topic = "Input and output" },
	{ "output", 'o', "KIND", "table (default), csv, json, ndjson; for flows also raw lines,\n"
	  "ocsf (1.5, an event a line), clickhouse (rows to be loaded)", take_choice, AT(o.output), .choice = &outputs,
	  .brief = "table, csv, json, ndjson, raw, ocsf" },
	{ "demo", 0, "=FLOWS", "synthetic traffic, so many flows a second",
	  take_count, AT(o.demo_rate), GIVEN(o.demo),
	  .count = { 1000000, "number of flows a second" },
	  .brief = "made-up traffic, with things to find in it" },
	{ "memory", 0, "SIZE", "budget for all data (default: a quarter of the machine's,\n"
	  "at most 1G); on screen a fifth of it is for what is asked,\n"
	  "a report reads files again for what has no room", take_size, AT(o.memory) },
	{ "state", 0, "FILE", "go on where the run before stopped: what was read is kept\n"
	  "there, and not read again; nothing else is written unasked", take_text, AT(o.state) },
	{ "names", 0, "FILE", "names of addresses, networks, interfaces and accounts: lines\n"
	  "KEY NAME, or the JSON of aws ec2 describe-network-interfaces",
	  take_label, .kind = LABEL_FILE_NAMES, .many = true,
	  .brief = "lines ADDRESS NAME, or what aws ec2 describes",
	  .topic = "What is known of addresses" },
	{ "aws-ranges", 0, "FILE", "AWS service and region of addresses: ip-ranges.json",
	  take_label, .kind = LABEL_FILE_AWS, .many = true },
	{ "ioc", 0, "FILE", "addresses and networks that are said to be bad, a line each with\n"
	  "a text behind it; a line 'allow ADDRESS' takes out",
	  take_label, .kind = LABEL_FILE_IOC, .many = true },
	{ "mmdb", 0, "FILE", "country and AS of addresses: a MaxMind database",
	  take_mmdb, .kind = LABEL_FILE_MMDB, .many = true },
	{ "internal", 0, "NETWORKS", "internal besides the private ones: 198.51.100.0/24,...",
	  take_internal, .kind = LABEL_FILE_INTERNAL, .many = true },
	{ "prices", 0, "FILE", "what -m cost counts with, dollars a GB of 10^9 bytes: an ini file, or\n"
	  "nat=0.045,zone=0.01,internet=0.09 (the default: list prices of\n"
	  "us-east-1, March 2026); source=TEXT says whose they are",
	  take_prices, AT(o.prices) },
	{ "threshold", 0, "RULE.NAME=VALUE", "another limit of a rule of --view findings: see --rules;\n"
	  "may be given more than once", take_threshold, .scope = OPTION_ANYWHERE, .many = true,
	  .words = words_limits,
	  .topic = "Findings" },
	{ "admin", 0, "NETWORKS", "who may administer and look for hosts: no finding of these rules",
	  take_admin, .scope = OPTION_ANYWHERE, .many = true },
	{ "mute", 0, "'RULE PART=VALUE'", "findings that are not shown: 'scan source=10.1.0.1', or all of a\n"
	  "rule; may be given more than once", take_mute, .scope = OPTION_ANYWHERE, .many = true,
	  .words = words_rules },
	{ "events", 0, "FILE", "what people did: the JSON of CloudTrail, or lines TIME TEXT; findings\n"
	  "name what came within ten minutes before them",
	  take_text, AT(o.events) },
	{ "baseline", 0, "FILE", "what was usual before, so that findings say what is new",
	  take_text, AT(o.baseline) },
	{ "save-baseline", 0, "FILE", "with --view findings: writes what this log teaches there,\n"
	  "beside what --baseline knows", take_text, AT(o.save_baseline), .scope = OPTION_OF_A_RUN },
	{ "theme", 0, "NAME|FILE", "the colours: one of your own themes, the path of a file, or:",
	  take_text, AT(o.theme),
	  .words = words_themes,
	  .topic = "The screen" },
	{ "color", 0, "WHEN", "auto (default), always, never",
	  take_choice, AT(o.color), .choice = &colors },
	{ "refresh", 0, "DURATION", "from a frame to the next, 100ms to 10s (default 1s); what a key\n"
	  "causes, and what comes after a quiet time, is drawn at once",
	  take_refresh, AT(o.refresh_ms) },
	{ "ascii", 0, NULL, "no glyphs beyond ASCII on screen",
	  take_flag, AT(o.ascii), .on = true },
	{ "hues", 0, NULL, "on screen each address keeps a colour of its own",
	  take_flag, AT(o.hues), .on = true },
	{ "layout", 0, "NAME", "what a large screen shows (key |): overview (default),\n"
	  "talkers-rejects, single",
	  take_choice, AT(o.layout), .choice = &layouts },
	{ "keep-layout", 0, NULL, "a layout that the key chose is written to the configuration",
	  take_flag, AT(o.keep_layout), .on = true },
	{ "mouse", 0, NULL, "the mouse selects, scrolls, sorts, and takes a range of time\n"
	  "(key i)", take_flag, AT(o.mouse), .on = true },
	{ "utc", 0, NULL, "times in UTC (default)", take_flag, AT(o.local_time) },
	{ "local", 0, NULL, "times on screen in the local zone",
	  take_flag, AT(o.local_time), .on = true },
	{ "config", 0, "FILE", "saved filters and settings (default: enitop/config below\n"
	  "$XDG_CONFIG_HOME or ~/.config): lines 'filter NAME = TEXT',\n"
	  "used as @NAME, and 'OPTION = VALUE' for options like these",
	  take_text, AT(config_path), .scope = OPTION_FIRST,
	  .topic = "The configuration" },
	{ "no-config", 0, NULL, "no such file is read or written",
	  take_flag, AT(no_config), .scope = OPTION_FIRST, .on = true },
	{ "print-config", 0, NULL, "print the configuration in force, of file and command line, as a\n"
	  "file that is read as the same",
	  take_flag, AT(print_config), .scope = OPTION_OF_A_RUN, .on = true },
	{ "fields", 0, NULL, "list the fields and their aliases",
	  take_print, .scope = OPTION_OF_A_RUN, .print = option_print_fields,
	  .topic = "Lists and texts" },
	{ "views", 0, NULL, "list the views",
	  take_print, .scope = OPTION_OF_A_RUN, .print = option_print_views },
	{ "rules", 0, NULL, "list the rules of findings and their limits",
	  take_print, .scope = OPTION_OF_A_RUN, .print = option_print_rules },
	{ "keys", 0, NULL, "list the keys of the screen",
	  take_print, .scope = OPTION_OF_A_RUN, .print = option_print_keys },
	{ "explain-filter", 0, "FILTER", "print how a filter reads, and the plan by which it runs",
	  take_text, AT(explain), .scope = OPTION_OF_A_RUN,
	  .words = words_filter },
	{ "print-sql", 0, "ENGINE", "print the same question for athena, insights or clickhouse",
	  take_choice, AT(o.sql), .scope = OPTION_OF_A_RUN, .choice = &engines },
	{ "generate", 0, "KIND", "print completion for bash, zsh or fish, or a part of the manual",
	  take_generate, .scope = OPTION_OF_A_RUN,
	  .words = words_generate },
	{ "help", 'h', "=TOPIC", "what is asked for most; filter: the language of --where, all: this",
	  take_help, .scope = OPTION_OF_A_RUN,
	  .words = words_help },
	{ "version", 'V', NULL, "the version",
	  take_print, .scope = OPTION_OF_A_RUN, .print = option_print_version },
};
/* clang-format on */

const struct option_row *option_rows(size_t *n)
{
	*n = ARRAY_SIZE(rows);
	return rows;
}
