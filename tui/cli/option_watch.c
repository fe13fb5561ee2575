/* option_watch.c - types of the options that say what is watched, and how: see option_row.h. What
 * stands behind a --watch is of it, what stands before the first one of all. */
#include <stdlib.h>

#include "cli/option_row.h"

static int refuse(struct parsing *p, const struct option_row *r, const char *value,
		  const char *noun)
{
	buf_printf(&p->error, "--%s: '%s' is no %s", r->name, value, noun);
	return 2;
}

static struct watch_option *current(struct options *o)
{
	return o->watches ? &o->watch[o->watches - 1] : &o->watch_next;
}

int take_watch(struct parsing *p, const struct option_row *r, const char *value)
{
	struct options *o = &p->o;
	struct filter_error e;
	struct filter *f;

	if (o->watches == WATCHED_MAX) {
		buf_printf(&p->error, "--%s: more than %u", r->name, WATCHED_MAX);
		return 2;
	}
	f = filter_new(str_of(value), 0, &e);
	if (!f)
		return option_bad_filter(p, value, &e);
	filter_free(f);
	o->watch[o->watches] = o->watch_next;
	o->watch[o->watches++].where = value;
	return -1;
}

int take_every(struct parsing *p, const struct option_row *r, const char *value)
{
	int64_t seconds = spike_every_find(str_of(value));

	if (!seconds)
		return refuse(p, r, value, "width of bins (1m, 10m, 1h, 1d)");
	current(&p->o)->every = seconds;
	return -1;
}

int take_z(struct parsing *p, const struct option_row *r, const char *value)
{
	char *end;
	double z = strtod(value, &end);

	if (end == value || *end || !(z > 0 && z < 1e6))
		return refuse(p, r, value, "number of deviations (6)");
	current(&p->o)->z = z;
	return -1;
}

int take_forecast(struct parsing *p, const struct option_row *r, const char *value)
{
	int64_t seconds;

	if (!parse_duration(str_of(value), &seconds) || seconds <= 0 || seconds > 28 * 86400)
		return refuse(p, r, value, "duration (24h, 2d) of at most 28d");
	p->o.forecast_s = seconds;
	p->o.spike = true;
	return -1;
}
