/* option_take.c - one function an option: what is set. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "query/heat.h"
#include "schema/moment.h"
#include "cli/option_take.h"

int option_refuse(struct parsing *p, const char *option, const char *value, const char *wanted)
{
	fprintf(p->err, "enitop: --%s: '%s' is no %s\n", option, value, wanted);
	return 2;
}

int take_batch(struct parsing *p, const char *value)
{
	(void)value;
	p->o->batch = true;
	return -1;
}

int take_follow(struct parsing *p, const char *value)
{
	(void)value;
	p->o->follow = p->follow_given = true;
	return -1;
}

int take_no_follow(struct parsing *p, const char *value)
{
	(void)value;
	p->o->follow = false;
	p->follow_given = true;
	return -1;
}

static int no_view(struct parsing *p, const char *value)
{
	struct buf wanted = { 0 };

	buf_puts(&wanted, "view (");
	views_list(p->o->known, &wanted);
	buf_putc(&wanted, ')');
	option_refuse(p, "view", value, wanted.s);
	buf_release(&wanted);
	return 2;
}

int take_view(struct parsing *p, const char *value)
{
	struct options *o = p->o;
	struct str rest = str_of(value);

	o->views = 0;
	p->view_given = true;
	for (;;) {
		const char *comma = memchr(rest.s, ',', rest.n);
		struct str name = { rest.s, comma ? (size_t)(comma - rest.s) : rest.n };
		const struct view *v = views_find(o->known, name);
		if (!v || o->views == OPTION_VIEWS_MAX)
			return no_view(p, value);
		o->view[o->views++] = v;
		if (!comma)
			return -1;
		rest.s += name.n + 1;
		rest.n -= name.n + 1;
	}
}

static int bad_group(struct parsing *p, const char *option, int rc, struct str bad)
{
	struct buf why = { 0 };

	group_complain(rc, bad, &why);
	fprintf(p->err, "enitop: --%s: %s: enitop --fields lists what there is\n", option, why.s);
	buf_release(&why);
	return 2;
}

int take_group(struct parsing *p, const char *value)
{
	struct str bad;
	int rc = group_parse(str_of(value), &p->o->group, &bad);

	p->o->group_given = true;
	return rc == 0 ? -1 : bad_group(p, "group", rc, bad);
}

int take_metric(struct parsing *p, const char *value)
{
	struct options *o = p->o;
	struct str bad;
	int rc = metric_parse(str_of(value), &o->metric, &o->distinct, &bad);

	o->metric_given = true;
	if (rc == -ENOENT)
		return option_refuse(p, "metric", value,
				     "metric (bytes, packets, flows, rejects, lost, bytes/s, "
				     "packets/s, flows/s, rejects/s, distinct:FIELD)");
	return rc == 0 ? -1 : bad_group(p, "metric", rc, bad);
}

int take_trend(struct parsing *p, const char *value)
{
	(void)value;
	p->o->trend = true;
	return -1;
}

int take_limit(struct parsing *p, const char *value)
{
	uint64_t n;

	if (!str_to_u64(str_of(value), &n) || n > UINT32_MAX)
		return option_refuse(p, "limit", value, "number");
	p->o->limit = (uint32_t)n;
	p->o->limit_given = true;
	return -1;
}

int take_columns(struct parsing *p, const char *value)
{
	struct str bad;

	if (flow_columns_parse(str_of(value), &p->o->columns, &bad) == 0)
		return -1;
	if (bad.n == 0 && *value)
		fprintf(p->err, "enitop: --columns: more than %d fields\n", FLOW_COLUMNS_MAX);
	else
		fprintf(p->err,
			"enitop: --columns: '%.*s' is twice there, or no field: enitop --fields "
			"lists them\n",
			(int)bad.n, bad.s);
	return 2;
}

int take_sort(struct parsing *p, const char *value)
{
	bool descending = *value == '-';
	int field = field_lookup(str_of(value + descending));

	if (field == FIELD_NONE)
		return option_refuse(p, "sort", value, "field: enitop --fields lists them");
	p->o->sort = (struct flow_order){ field, !descending };
	p->o->sort_given = true;
	return -1;
}

int take_where(struct parsing *p, const char *value)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(value), 0, &e);

	if (!f)
		return option_bad_filter(p->err, value, &e);
	filter_free(f);
	p->o->where = value;
	return -1;
}

int take_explain(struct parsing *p, const char *value)
{
	p->explain = value;
	return -1;
}

int take_window(struct parsing *p, const char *value)
{
	struct options *o = p->o;

	o->window_given = true;
	o->window_s = 0;
	if (strcmp(value, "all") == 0 ||
	    (parse_duration(str_of(value), &o->window_s) && o->window_s > 0))
		return -1;
	return option_refuse(p, "window", value, "duration (90s, 15m, 6h, 2d) or all");
}

int take_since(struct parsing *p, const char *value)
{
	p->since = value;
	return -1;
}

int take_until(struct parsing *p, const char *value)
{
	p->until = value;
	return -1;
}

int take_now(struct parsing *p, const char *value)
{
	p->now = value;
	return -1;
}

/* The beginning of what a text stands for. */
static int take_time(struct parsing *p, const char *option, const char *value, int64_t *out)
{
	struct moment m;

	if (!value)
		return -1;
	if (!moment_parse(str_of(value), options_now(p->o), &m))
		return option_refuse(
			p, option, value,
			"time (2026-11-24, 2026-11-24T03:05:00Z, 03:05, -1h, yesterday, epoch)");
	*out = m.from;
	return -1;
}

static int take_marked(struct parsing *p)
{
	const char *equals = p->mark ? strchr(p->mark, '=') : NULL;
	char *time;
	int rc;

	if (!p->mark)
		return -1;
	time = xstrndup(p->mark, equals ? (size_t)(equals - p->mark) : strlen(p->mark));
	rc = take_time(p, "mark", time, &p->o->mark_s);
	free(time);
	p->o->mark_label = equals ? equals + 1 : "";
	return rc;
}

int option_times(struct parsing *p)
{
	int rc;

	moment_use_local(p->o->local_time);
	/* --now is taken from the clock: it is not known itself yet. */
	if ((rc = take_time(p, "now", p->now, &p->o->now_s)) >= 0 ||
	    (rc = take_time(p, "since", p->since, &p->o->since_s)) >= 0 ||
	    (rc = take_marked(p)) >= 0)
		return rc;
	return take_time(p, "until", p->until, &p->o->until_s);
}

int take_mark(struct parsing *p, const char *value)
{
	p->mark = value;
	return -1;
}

int take_changes(struct parsing *p, const char *value)
{
	int c = change_find(str_of(value));

	if (c < 0)
		return option_refuse(p, "changes", value,
				     "change (new, gone, grown, shrunk, same)");
	p->o->changes = (enum change)c;
	return -1;
}

int take_heat(struct parsing *p, const char *value)
{
	if (!heat_parse(str_of(value), &p->o->heat_row, &p->o->heat_column))
		return option_refuse(p, "heat", value,
				     "pair of axes (port, host or client by those or by time)");
	p->o->heat_given = true;
	return -1;
}

int take_format(struct parsing *p, const char *value)
{
	p->o->format = format_parse(str_of(value), "--format");
	return p->o->format ? -1 : option_refuse(p, "format", value, "list of flow log fields");
}

int take_output(struct parsing *p, const char *value)
{
	int kind = output_find(str_of(value));

	if (kind < 0)
		return option_refuse(p, "output", value,
				     "output (table, csv, json, ndjson, raw, ocsf)");
	p->o->output = (enum output)kind;
	return -1;
}

int take_demo(struct parsing *p, const char *value)
{
	uint64_t n = 0;

	if (value && (!str_to_u64(str_of(value), &n) || n > 1000000))
		return option_refuse(p, "demo", value, "number of flows a second");
	p->o->demo = true;
	p->o->demo_rate = (unsigned)n;
	return -1;
}

int take_memory(struct parsing *p, const char *value)
{
	if (parse_bytes(str_of(value), &p->o->memory) && p->o->memory >= 1 << 20)
		return -1;
	return option_refuse(p, "memory", value, "size of at least 1M (512M, 2G)");
}

int take_state(struct parsing *p, const char *value)
{
	p->o->state = value;
	return -1;
}

int take_theme(struct parsing *p, const char *value)
{
	p->o->theme = value;
	return -1;
}

int take_color(struct parsing *p, const char *value)
{
	static const char *const names[] = { "auto", "always", "never" };

	for (int i = 0; i < 3; i++)
		if (strcmp(value, names[i]) == 0) {
			p->o->color = (enum color)i;
			return -1;
		}
	return option_refuse(p, "color", value, "choice (auto, always, never)");
}

int take_ascii(struct parsing *p, const char *value)
{
	(void)value;
	p->o->ascii = true;
	return -1;
}

int take_utc(struct parsing *p, const char *value)
{
	(void)value;
	p->o->local_time = false;
	return -1;
}

int take_local(struct parsing *p, const char *value)
{
	(void)value;
	p->o->local_time = true;
	return -1;
}
