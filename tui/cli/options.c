/* options.c - see options.h. */
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/finds.h"
#include "cli/option_row.h"
#include "cli/remote.h"

int64_t options_now(const struct options *o)
{
	return o->now_s != INT64_MIN ? o->now_s : (int64_t)time(NULL);
}

/* ---- the machine, and what goes together ---- */

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

/* Says why the options do not go together. */
static int refuse(struct parsing *p, const char *why)
{
	buf_puts(&p->error, why);
	return 2;
}

static bool some_view_groups(const struct options *o)
{
	bool some = false;

	for (unsigned i = 0; i < o->views; i++)
		some |= o->view[i]->groups != NULL;
	return some;
}

/* A question takes every record that it can rest on. */
static int check_whys(struct parsing *p)
{
	const struct options *o = &p->o;

	if (*o->where || o->follow)
		return refuse(p, "--why rests on all records: leave --where and --follow out");
	if (o->output != OUTPUT_TABLE && o->output != OUTPUT_JSON && o->output != OUTPUT_NDJSON)
		return refuse(p, "--why: the output is table, json or ndjson");
	p->o.views = 0;
	return -1;
}

/* So do findings. */
static int check_findings(struct parsing *p)
{
	const struct options *o = &p->o;

	if (!o->batch)
		return -1;
	if (*o->where || o->follow || o->window_s || o->since_s != INT64_MIN ||
	    o->until_s != INT64_MAX)
		return refuse(p, "--view findings rests on all records: leave --where, --window, "
				 "--since,\n--until and --follow out");
	return -1;
}

/* What is claimed is claimed of every record. */
static int check_asserts(struct parsing *p)
{
	struct options *o = &p->o;

	if (o->whys)
		return refuse(p, "--assert and --why are two runs");
	if (*o->where)
		return refuse(p,
			      "--assert speaks of all records: put the filter of --where into it, "
			      "as in --assert 'none: FILTER'");
	if (output_is_flows_only(o->output) && !o->view_given) {
		buf_printf(&p->error, "--assert: the output is table, csv, json or ndjson");
		return 2;
	}
	if (o->state)
		return refuse(p, "--assert speaks of all records: leave --state out");
	if (!o->view_given)
		o->views = 0;
	return -1;
}

/* What is watched sees every record, whatever else is asked. */
static int check_spike(struct parsing *p)
{
	struct options *o = &p->o;

	if (o->whys)
		return refuse(p, "--view spike: leave --why out");
	if (*o->where || o->follow)
		return refuse(p, "--view spike watches all records: leave --where and --follow out "
				 "(--watch FILTER)");
	if (output_is_flows_only(o->output))
		return refuse(p, "--view spike: the output is table, csv, json or ndjson");
	o->views = 0;
	return -1;
}

static int check_watches(struct parsing *p)
{
	const struct options *o = &p->o;

	for (unsigned i = 0; i < o->watches; i++) {
		const struct watch_option *w = &o->watch[i];
		const struct group *g = &w->distinct;
		bool sums = w->metric <= METRIC_REJECTS;
		bool values = w->metric == METRIC_DISTINCT && g->field[0] < FIELDS_PUBLISHED &&
			      !(g->bits[0][0] | g->bits[0][1]);
		if (!sums && !values)
			return refuse(p, "--watch: the metric is bytes, packets, flows, rejects "
					 "or distinct:FIELD of records");
	}
	/* On screen, and beside the view findings, they are of what is judged. */
	if (!o->spike && (o->forecast_s || (o->watches && o->batch && !finds_asked(o))))
		return refuse(
			p, "--watch, --forecast: they are of --view spike, which is asked alone");
	return -1;
}

static int check_combination(struct parsing *p)
{
	static char *dash[] = { (char *)"-" };
	struct options *o = &p->o;
	int rc;

	if (o->paths == 0 && !o->demo) {
		if (!stdin_is_data())
			return refuse(p, "nothing to read: name a file or directory, "
					 "pipe logs into it, or try\nenitop --demo");
		o->path = dash;
		o->paths = 1;
	}
	for (int i = 0; i < o->paths; i++)
		if (strcmp(o->path[i], "-") == 0 && isatty(STDIN_FILENO))
			return refuse(p, "standard input is a terminal, not a log");
	if (o->since_s >= o->until_s)
		return refuse(p, "--since, --until: the window ends before it begins");
	if (o->whys && !o->spike && (rc = check_whys(p)) >= 0)
		return rc;
	if (o->save_baseline && !finds_asked(o))
		return refuse(p, "--save-baseline needs --view findings, which learns it");
	if (finds_asked(o) && (rc = check_findings(p)) >= 0)
		return rc;
	if (o->asserts && (rc = check_asserts(p)) >= 0)
		return rc;
	if (o->spike && (rc = check_spike(p)) >= 0)
		return rc;
	if ((rc = check_watches(p)) >= 0)
		return rc;
	if (remote_is_asked(o) && !remote_can(o, &p->error))
		return 2;
	if (o->changes != CHANGES && o->mark_s == INT64_MIN)
		return refuse(p, "--changes needs a --mark to compare around");
	if (o->batch && o->follow && o->sort_given)
		return refuse(p, "--sort: what goes on for ever has no order: leave --follow out");
	if (o->batch && o->group_given && !some_view_groups(o))
		return refuse(p, "--group: what is shown has no groups of its own: it is for "
				 "--view talkers and rejects");
	for (unsigned i = 0; o->batch && i < o->views; i++)
		if (output_is_flows_only(o->output) && o->view[i]->query.rows != ROWS_RECORDS) {
			buf_printf(&p->error, "--output %s gives records: add --view flows",
				   output_name(o->output));
			return 2;
		}
	return -1;
}

/* ---- getopt ---- */

#define FIRST_ROW 256 /* beyond every letter */

/* What getopt calls a row: its letter, or FIRST_ROW + its index. */
static int code_of(const struct option_row *rows, size_t i)
{
	return rows[i].letter ? rows[i].letter : FIRST_ROW + (int)i;
}

int option_argument(const struct option_row *r)
{
	return !r->value ? no_argument : *r->value == '=' ? optional_argument : required_argument;
}

static int take(struct parsing *p, const struct option_row *r, const char *value)
{
	int rc = r->take(p, r, value);

	if (rc < 0 && r->given)
		*(bool *)((char *)p + r->given) = true;
	if (rc < 0)
		settings_put(p, r, value);
	return rc;
}

/* What getopt would say, which writes to standard error by itself. */
static int misused(struct parsing *p, char **argv, int c, const struct option_row *rows, size_t n)
{
	const char *word = argv[optind - 1];
	const struct option_row *r = NULL;

	for (size_t i = 0; i < n && optopt; i++)
		if (code_of(rows, i) == optopt)
			r = &rows[i];
	if (c == ':' && r)
		fprintf(p->err, "enitop: option '--%s' requires an argument\n", r->name);
	else if (r)
		fprintf(p->err, "enitop: option '--%s' doesn't allow an argument\n", r->name);
	else if (optopt && optopt < FIRST_ROW)
		fprintf(p->err, "enitop: invalid option -- '%c'\n", optopt);
	else
		fprintf(p->err, "enitop: unrecognized or ambiguous option '%s'\n", word);
	fputs("Try 'enitop --help'.\n", p->err);
	return 2;
}

/* Takes the options of the command line; `first`: those of OPTION_FIRST alone, whatever is wrong
 * with the others. -1 to go on, or the exit status. */
static int take_all(struct parsing *p, int argc, char **argv, bool first)
{
	size_t n;
	const struct option_row *rows = option_rows(&n);
	struct option *list = xcalloc(n + 1, sizeof *list);
	struct buf letters = { 0 };
	int c, rc = -1;

	buf_putc(&letters, ':'); /* a value that is missing is told from an unknown option */

	for (size_t i = 0; i < n; i++) {
		list[i] = (struct option){ rows[i].name, option_argument(&rows[i]), NULL,
					   code_of(rows, i) };
		if (rows[i].letter)
			buf_printf(&letters, "%c%s", rows[i].letter,
				   (const char *const[]){ "", ":", "::" }[list[i].has_arg]);
	}
	opterr = 0;
	optind = 1;
	while (rc < 0 && (c = getopt_long(argc, argv, letters.s, list, NULL)) != -1) {
		size_t i = 0;
		while (i < n && code_of(rows, i) != c)
			i++;
		p->next = optind < argc ? argv[optind] : NULL;
		if (i < n && (!first || rows[i].scope == OPTION_FIRST)) {
			rc = take(p, &rows[i], optarg);
		} else if (!first) {
			rc = misused(p, argv, c, rows, n);
		}
	}
	buf_release(&letters);
	free(list);
	return rc;
}

/* ---- the configuration file ---- */

int option_yes_or_no(const char *value)
{
	static const char *const words[] = { "no", "yes", "off", "on", "false", "true", "0", "1" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strcmp(words[i], value) == 0)
			return (int)(i % 2);
	return -1;
}

/* Takes an option; the first line of what is wrong with its value goes to `error`. */
static bool set_row(struct parsing *p, const struct option_row *r, const char *value,
		    struct buf *error)
{
	const char *why;

	if (take(p, r, value) < 0)
		return true;
	why = p->error.s + (strncmp(p->error.s, "--", 2) == 0 ? 2 : 0);
	buf_add(error, why, strcspn(why, "\n"));
	buf_clear(&p->error);
	return false;
}

/* "key NAME": the name is taken off the option; false: it is another one. */
static bool is_key(const char *option, struct str *name)
{
	*name = str_of(option);
	return str_equal(str_token(name), str_of("key")) && (*name = str_trim(*name)).n;
}

static bool set_option(void *ctx, const char *option, const char *value, struct buf *error)
{
	struct parsing *p = ctx;
	struct str key;
	size_t n;
	const struct option_row *r = option_rows(&n), *end = r + n;
	int yes = option_yes_or_no(value);

	if (is_key(option, &key))
		return keys_bind(&p->o.keys, key, str_of(value), p->o.config->line, error);
	while (r < end && strcmp(r->name, option) != 0)
		r++;
	if (r == end) {
		buf_printf(error, "unknown option '%.60s'", option);
	} else if (r->scope != OPTION_ANYWHERE) {
		buf_printf(error, "'%s' belongs on the command line", option);
	} else if (!r->value && yes < 0) {
		buf_printf(error, "'%s' is yes or no, not '%.60s'", option, value);
	} else if (r->value && *value == '\0') {
		buf_printf(error, "'%s' wants a value", option);
	} else {
		bool flag = option_argument(r) != required_argument && yes >= 0;
		return (flag && !yes) || set_row(ctx, r, flag ? NULL : value, error);
	}
	return false;
}

static void check_keys(struct parsing *p)
{
	struct buf error = { 0 };
	unsigned line;

	while ((line = keys_undo_loss(&p->o.keys, &error))) {
		config_complain(p->o.config, p->err, line, error.s);
		buf_clear(&error);
	}
	buf_release(&error);
}

static void read_config(struct parsing *p)
{
	const char *file = p->config_path;

	p->o.config = config_new();
	config_read(p->o.config,
		    p->no_config ? NULL
		    : file       ? xstrndup(file, strlen(file))
				 : config_default_path(),
		    file, set_option, p, p->err);
	p->o.theme_setting = p->o.theme;
	check_keys(p);
}

/* ---- the whole ---- */

static const struct options defaults = {
	.views = 1,
	.sort = { FIELD_BIN, false },
	.where = "",
	.limit = 20,
	.refresh_ms = 1000,
	.provable = 9900,
	.sql = -1,
	.watch_next = { .where = "", .every = 60, .metric = METRIC_BYTES, .z = SPIKE_Z },
	.now_s = INT64_MIN,
	.since_s = INT64_MIN,
	.until_s = INT64_MAX,
	.mark_s = INT64_MIN,
	.mark_label = "",
	.heat_row = FIELD_SERVICE,
	.heat_column = FIELD_BIN,
	.changes = CHANGES,
};

static int parse(struct parsing *p, int argc, char **argv)
{
	struct options *o = &p->o;
	int rc;

	take_all(p, argc, argv, true);
	read_config(p);
	if ((rc = take_all(p, argc, argv, false)) >= 0 || (rc = option_times(p)) >= 0)
		return rc;
	if (p->print_config)
		return option_print_config(p);
	if (p->explain)
		return option_explain(p);
	for (unsigned i = 0; o->heat_given && !o->view_given && i < o->known->n; i++)
		if (o->known->row[i]->query.bins.kind == BINS_HEAT)
			o->view[0] = o->known->row[i];
	if (o->sql >= 0 && o->whys)
		return refuse(p, "--print-sql: --why is no question that SQL can say");
	if (o->sql >= 0 && o->asserts)
		return refuse(p, "--print-sql: --assert is no question that SQL can say");
	if (o->sql >= 0)
		return option_print_sql(p);
	o->path = argv + optind;
	o->paths = argc - optind;
	if (!isatty(STDOUT_FILENO) || o->whys || o->asserts || o->spike)
		o->batch = true;
	o->spike |= o->batch && o->watches && !o->view_given;
	if (!p->follow_given)
		o->follow = !o->batch;
	return check_combination(p);
}

int options_parse(struct options *o, const struct views *known, int argc, char **argv, FILE *out,
		  FILE *err)
{
	struct parsing p = { .out = out, .err = err, .o = defaults };
	int rc;

	p.o.memory = default_memory();
	p.o.prices = prices_listed;
	p.o.known = known;
	p.o.view[0] = known->usual;
	keys_init(&p.o.keys, known);
	rc = parse(&p, argc, argv);
	if (p.error.n)
		fprintf(err, "enitop: %s\n", p.error.s);
	buf_release(&p.error);
	free(p.setting);
	*o = p.o;
	return rc;
}

void options_release(struct options *o)
{
	config_free(o->config);
	o->config = NULL;
}

struct span options_span(const struct options *o)
{
	struct span s = span_between(o->since_s, o->until_s);

	if (o->window_s && o->until_s != INT64_MAX)
		s = span_window(s, o->window_s, INT64_MIN);
	/* What has no time is on neither side of a mark. */
	s.dated_only |= o->window_s > 0 || o->mark_s != INT64_MIN;
	return s;
}

bool options_holds(const struct options *o)
{
	return options_last_s(o) > 0 || o->sort_given;
}

bool options_price(const struct options *o)
{
	return o->metric_given && o->metric == METRIC_COST;
}

int64_t options_last_s(const struct options *o)
{
	return o->until_s == INT64_MAX ? o->window_s : 0;
}

struct query options_query(const struct options *o, const struct view *v)
{
	struct query q = v->query;
	bool ranked = q.rows == ROWS_RANKED && view_is_query(v);

	q.span = options_span(o);
	q.window_s = options_last_s(o);
	q.limit = ranked || o->limit_given ? o->limit : 0;
	if (o->group_given && v->groups)
		q.group = o->group;
	if (o->metric_given)
		q.metric = o->metric;
	q.distinct = o->distinct;
	q.once = o->once;
	q.priced = options_price(o) && q.rows != ROWS_RECORDS;
	q.mark = (struct mark){ o->mark_s, o->mark_s != INT64_MIN && !o->by_size, o->changes };
	if (o->sort_given && q.rows == ROWS_RECORDS)
		q.sort = o->sort;
	if (q.rows == ROWS_TIMELINE && q.limit && q.limit < q.bins.most)
		q.bins.most = q.limit;
	if (q.bins.kind == BINS_HEAT) {
		q.group.field[0] = o->heat_row;
		q.bins.field = o->heat_column;
		q.bins.listed = o->heat_given;
	} else if (ranked) {
		q.bins = query_report_bins(&q, o->trend);
	}
	return q;
}

bool options_read_stdin(const struct options *o)
{
	for (int i = 0; i < o->paths; i++)
		if (strcmp(o->path[i], "-") == 0)
			return true;
	return false;
}
