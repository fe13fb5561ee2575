/* option_types.c - the types of options: how a value is read into a member of struct
 * parsing, and what is said of one that is wrong. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter/filter.h"
#include "query/heat.h"
#include "schema/moment.h"
#include "cli/option_row.h"
#include "triage/rules.h"

static void *member(struct parsing *p, const struct option_row *r)
{
	return (char *)p + r->at;
}

static int refuse(struct parsing *p, const char *option, const char *value, const char *noun)
{
	buf_printf(&p->error, "--%s: '%s' is no %s", option, value, noun);
	return 2;
}

/* ---- one member ---- */

int take_flag(struct parsing *p, const struct option_row *r, const char *value)
{
	(void)value;
	*(bool *)member(p, r) = r->on;
	return -1;
}

int take_text(struct parsing *p, const struct option_row *r, const char *value)
{
	*(const char **)member(p, r) = value;
	return -1;
}

int take_count(struct parsing *p, const struct option_row *r, const char *value)
{
	uint64_t n = 0;

	if (value && (!str_to_u64(str_of(value), &n) || n > r->count.most))
		return refuse(p, r->name, value, r->count.noun);
	*(uint32_t *)member(p, r) = (uint32_t)n;
	return -1;
}

int take_size(struct parsing *p, const struct option_row *r, const char *value)
{
	uint64_t bytes;

	if (!parse_bytes(str_of(value), &bytes) || bytes < 1 << 20)
		return refuse(p, r->name, value, "size of at least 1M (512M, 2G)");
	*(uint64_t *)member(p, r) = bytes;
	return -1;
}

static int refuse_choice(struct parsing *p, const struct option_row *r, const char *value)
{
	const struct choice *c = r->choice;

	refuse(p, r->name, value, c->noun);
	for (int i = 0; i < c->n; i++)
		buf_printf(&p->error, "%s%s", i ? ", " : " (", c->name((c->first + i) % c->n));
	buf_putc(&p->error, ')');
	return 2;
}

int take_choice(struct parsing *p, const struct option_row *r, const char *value)
{
	int number = r->choice->find(str_of(value));

	if (number < 0)
		return refuse_choice(p, r, value);
	*(int *)member(p, r) = number;
	return -1;
}

static int bad_group(struct parsing *p, const struct option_row *r, int rc, struct str bad)
{
	buf_printf(&p->error, "--%s: ", r->name);
	group_complain(rc, bad, &p->error);
	buf_puts(&p->error, ": enitop --fields lists what there is");
	return 2;
}

int take_group(struct parsing *p, const struct option_row *r, const char *value)
{
	struct group group;
	struct str bad;
	int rc = group_parse(str_of(value), &group, &bad);

	if (rc < 0)
		return bad_group(p, r, rc, bad);
	*(struct group *)member(p, r) = group;
	return -1;
}

int take_columns(struct parsing *p, const struct option_row *r, const char *value)
{
	struct flow_columns columns;
	struct str bad;

	if (flow_columns_parse(str_of(value), &columns, &bad) == 0) {
		*(struct flow_columns *)member(p, r) = columns;
		return -1;
	}
	if (bad.n == 0 && *value)
		buf_printf(&p->error, "--%s: more than %d fields", r->name, FLOW_COLUMNS_MAX);
	else
		buf_printf(&p->error,
			   "--%s: '%.*s' is twice there, or no field: enitop --fields lists them",
			   r->name, (int)bad.n, bad.s);
	return 2;
}

int take_sort(struct parsing *p, const struct option_row *r, const char *value)
{
	bool descending = *value == '-';
	int field = field_lookup(str_of(value + descending));

	if (field == FIELD_NONE)
		return refuse(p, r->name, value, "field: enitop --fields lists them");
	*(struct flow_order *)member(p, r) = (struct flow_order){ field, !descending };
	return -1;
}

static bool is_inside(char c) /* a character of UTF-8 */
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Two lines: what stands around a column of the text, at most some 60 bytes, and a caret below. */
static void add_place(struct buf *out, const char *text, size_t column)
{
	enum { AROUND = 60 };
	size_t n = strlen(text), from = column > AROUND / 2 ? column - AROUND / 2 : 0, to, pad = 0;

	if (n <= AROUND)
		from = 0;
	to = n - from > AROUND ? from + AROUND : n;
	while (from > 0 && is_inside(text[from]))
		from--;
	while (to < n && is_inside(text[to]))
		to++;
	for (size_t i = from; i < column && i < n; i++)
		pad += !is_inside(text[i]);
	buf_printf(out, "\n  %s%.*s%s\n  %*s^", from ? "..." : "", (int)(to - from), text + from,
		   to < n ? "..." : "", (int)(pad + (from ? 3 : 0)), "");
}

int option_bad_filter(struct parsing *p, const char *text, const struct filter_error *e)
{
	buf_printf(&p->error, "bad filter: %s", e->message);
	add_place(&p->error, text, e->column);
	for (size_t i = 1; i < e->length && i < 30; i++)
		buf_putc(&p->error, '^');
	return 2;
}

int take_filter(struct parsing *p, const struct option_row *r, const char *value)
{
	struct filter_error e;
	struct filter *f = filter_new(str_of(value), 0, &e);

	if (!f)
		return option_bad_filter(p, value, &e);
	filter_free(f);
	return take_text(p, r, value);
}

int take_window(struct parsing *p, const struct option_row *r, const char *value)
{
	int64_t seconds = 0;

	if (strcmp(value, "all") != 0 && (!parse_duration(str_of(value), &seconds) || seconds <= 0))
		return refuse(p, r->name, value, "duration (90s, 15m, 6h, 2d) or all");
	*(int64_t *)member(p, r) = seconds;
	return -1;
}

int take_refresh(struct parsing *p, const struct option_row *r, const char *value)
{
	enum { LEAST = 100, MOST = 10000 };
	size_t digits = strspn(value, "0123456789");
	bool ms = strcmp(value + digits, "ms") == 0;
	uint64_t n;

	if (!str_to_u64((struct str){ value, digits }, &n) || n > MOST ||
	    (!ms && value[digits] && strcmp(value + digits, "s") != 0) ||
	    (n *= ms ? 1 : 1000) < LEAST || n > MOST)
		return refuse(p, r->name, value, "time from 100ms to 10s");
	*(uint32_t *)member(p, r) = (uint32_t)n;
	return -1;
}

int take_format(struct parsing *p, const struct option_row *r, const char *value)
{
	const struct format *format = format_parse(str_of(value), "--format");

	if (!format)
		return refuse(p, r->name, value, "list of flow log fields");
	*(const struct format **)member(p, r) = format;
	return -1;
}

/* ---- several members ---- */

int take_views(struct parsing *p, const struct option_row *r, const char *value)
{
	const struct view *view[OPTION_VIEWS_MAX] = { NULL };
	unsigned n = 0;

	p->o.spike = strcmp(value, SPIKE_VIEW) == 0;
	if (p->o.spike)
		return -1;
	for (const char *rest = value; rest; n++) {
		struct str name = { rest, strcspn(rest, ",") };
		const struct view *v = views_find(p->o.known, name);
		if (n == OPTION_VIEWS_MAX) {
			buf_printf(&p->error, "--%s: more than %d views", r->name,
				   OPTION_VIEWS_MAX);
			return 2;
		}
		if (!v) {
			refuse(p, r->name, value, "view (");
			views_list(p->o.known, &p->error);
			buf_putc(&p->error, ')');
			return 2;
		}
		view[n] = v;
		rest = rest[name.n] ? rest + name.n + 1 : NULL;
	}
	memcpy(p->o.view, view, n * sizeof *view);
	p->o.views = n;
	return -1;
}

int take_metric(struct parsing *p, const struct option_row *r, const char *value)
{
	enum metric metric;
	struct group distinct;
	struct str bad;
	int rc = metric_parse(str_of(value), &metric, &distinct, &bad);

	if (rc == -ENOENT)
		return refuse_choice(p, r, value);
	if (rc < 0)
		return bad_group(p, r, rc, bad);
	if (p->o.watches) {
		p->o.watch[p->o.watches - 1].metric = metric;
		p->o.watch[p->o.watches - 1].distinct = distinct;
		return -1;
	}
	p->o.metric = p->o.watch_next.metric = metric;
	p->o.distinct = p->o.watch_next.distinct = distinct;
	return -1;
}

int take_heat(struct parsing *p, const struct option_row *r, const char *value)
{
	int row, column;

	if (!heat_parse(str_of(value), &row, &column))
		return refuse(p, r->name, value,
			      "pair of axes (port, host or client by those or by time)");
	p->o.heat_row = row;
	p->o.heat_column = column;
	return -1;
}

/* Files of labels are read by labels_open.c. */
int take_label(struct parsing *p, const struct option_row *r, const char *value)
{
	struct options *o = &p->o;

	if (o->label_files == OPTION_LABEL_FILES_MAX) {
		buf_printf(&p->error, "--%s: more than %d files and lists", r->name,
			   OPTION_LABEL_FILES_MAX);
		return 2;
	}
	o->label_file[o->label_files++] = (struct label_file){ r->kind, value };
	return -1;
}

int take_why(struct parsing *p, const struct option_row *r, const char *value)
{
	struct options *o = &p->o;

	if (o->whys == OPTION_WHYS_MAX) {
		buf_printf(&p->error, "--%s: more than %d questions", r->name, OPTION_WHYS_MAX);
		return 2;
	}
	o->why[o->whys++] = value;
	return -1;
}

static int add_rule(struct parsing *p, const struct option_row *r, const char **list, unsigned *n,
		    const char *value)
{
	if (*n == OPTION_RULES_MAX) {
		buf_printf(&p->error, "--%s: more than %d", r->name, OPTION_RULES_MAX);
		return 2;
	}
	list[(*n)++] = value;
	return -1;
}

/* They are taken again by rules_open.c. */
int take_threshold(struct parsing *p, const struct option_row *r, const char *value)
{
	struct rules *rules = rules_new();
	struct buf error = { 0 };
	bool good = rules_set(rules, str_of(value), &error);

	rules_free(rules);
	if (good)
		return add_rule(p, r, p->o.threshold, &p->o.thresholds, value);
	buf_printf(&p->error, "--%s: %s", r->name, error.s);
	buf_release(&error);
	return 2;
}

int take_admin(struct parsing *p, const struct option_row *r, const char *value)
{
	struct rules *rules = rules_new();
	struct str bad;
	bool good = rules_add_admin(rules, str_of(value), &bad);

	rules_free(rules);
	if (good)
		return add_rule(p, r, p->o.admin, &p->o.admins, value);
	buf_printf(&p->error, "--%s: '%.*s' is no network (10.0.0.0/8)", r->name, (int)bad.n,
		   bad.s);
	return 2;
}

int take_mute(struct parsing *p, const struct option_row *r, const char *value)
{
	struct rules *rules = rules_new();
	struct buf error = { 0 };
	bool good = rules_mute(rules, str_of(value), &error);

	rules_free(rules);
	if (good)
		return add_rule(p, r, p->o.mute, &p->o.mutes, value);
	buf_printf(&p->error, "--%s: %s", r->name, error.s);
	buf_release(&error);
	return 2;
}

int take_assert(struct parsing *p, const struct option_row *r, const char *value)
{
	struct options *o = &p->o;

	if (o->asserts == OPTION_ASSERTS_MAX) {
		buf_printf(&p->error, "--%s: more than %d assertions", r->name, OPTION_ASSERTS_MAX);
		return 2;
	}
	o->assertion[o->asserts++] = value;
	return -1;
}

int take_provable(struct parsing *p, const struct option_row *r, const char *value)
{
	char *end;
	double share = strtod(value, &end);

	if (end == value || !(share >= 0 && share <= 100) || (*end && strcmp(end, "%") != 0))
		return refuse(p, r->name, value, "share, 0% to 100%");
	p->o.provable = (uint32_t)(share * 100 + 0.5);
	return -1;
}

int take_mmdb(struct parsing *p, const struct option_row *r, const char *value)
{
	if (labels_can_mmdb())
		return take_label(p, r, value);
	buf_printf(&p->error, "--%s: built without libmaxminddb", r->name);
	return 2;
}

int take_internal(struct parsing *p, const struct option_row *r, const char *value)
{
	struct dict *d = dict_new();
	struct labels *l = labels_new(d);
	struct str bad;
	bool good = labels_add_internal(l, str_of(value), &bad);

	labels_free(l);
	dict_free(d);
	if (good)
		return take_label(p, r, value);
	buf_printf(&p->error, "--%s: '%.*s' is no network (10.0.0.0/8)", r->name, (int)bad.n,
		   bad.s);
	return 2;
}

int take_print(struct parsing *p, const struct option_row *r, const char *value)
{
	(void)value;
	r->print(p);
	return 0;
}

/* ---- times ---- */

/* The beginning of what a text stands for. */
static int take_time(struct parsing *p, const char *option, const char *value, int64_t *out)
{
	struct moment m;

	if (!value)
		return -1;
	if (!moment_parse(str_of(value), options_now(&p->o), &m))
		return refuse(
			p, option, value,
			"time (2026-11-24, 2026-11-24T03:05:00Z, 03:05, -1h, yesterday, epoch)");
	*out = m.from;
	return -1;
}

static int take_mark(struct parsing *p)
{
	const char *equals = p->mark ? strchr(p->mark, '=') : NULL;
	char *time;
	int rc;

	if (!equals)
		return take_time(p, "mark", p->mark, &p->o.mark_s);
	time = xstrndup(p->mark, (size_t)(equals - p->mark));
	rc = take_time(p, "mark", time, &p->o.mark_s);
	free(time);
	p->o.mark_label = equals + 1;
	return rc;
}

int option_times(struct parsing *p)
{
	int rc;

	moment_use_local(p->o.local_time);
	/* --now is taken from the clock: it is not known itself yet. */
	if ((rc = take_time(p, "now", p->now, &p->o.now_s)) >= 0 ||
	    (rc = take_time(p, "since", p->since, &p->o.since_s)) >= 0 || (rc = take_mark(p)) >= 0)
		return rc;
	return take_time(p, "until", p->until, &p->o.until_s);
}
