/* spikes.c - see spikes.h. */
#include "cli/spikes.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/terminal.h"
#include "cli/named_logs.h"
#include "output/export_spike.h"

struct spikes {
	const struct options *o;
	struct monitor *monitor;
	struct places *places;
	struct watched *watched;
	struct filter *filter[WATCHED_MAX];
	struct named_logs logs;
	struct spike_writer writer;
};

bool spikes_want(const struct options *o, struct field_set *out)
{
	bool known = true;

	watched_want(out);
	for (unsigned i = 0; i < o->watches; i++) {
		struct filter_error e;
		struct filter *f = filter_new(str_of(o->watch[i].where), options_now(o), &e);
		known &= f && filter_wants(f, out);
		filter_free(f);
		if (o->watch[i].metric == METRIC_DISTINCT)
			out->has[o->watch[i].distinct.field[0]] = true;
	}
	return known;
}

/* What is random in a scorer is the same for all series, so that the order of records is nothing. */
static uint64_t seed(void)
{
	uint64_t word = 1;

	if (getrandom(&word, sizeof word, GRND_NONBLOCK) != (ssize_t)sizeof word)
		return 1;
	return word;
}

static void on_point(void *ctx, uint32_t target, const struct spike_point *p)
{
	struct spikes *v = ctx;

	spike_writer_point(&v->writer, target, p);
}

void spikes_add_watches(const struct options *o, struct watched *to, struct filter **filter)
{
	for (unsigned i = 0; i < o->watches; i++) {
		const struct watch_option *w = &o->watch[i];
		struct filter_error e;
		filter[i] = filter_new(str_of(w->where), options_now(o), &e);
		watched_add(to, &(struct watched_filter){ .text = w->where,
							  .filter = filter[i],
							  .metric = w->metric,
							  .field = w->distinct.field[0],
							  .every = w->every,
							  .z = w->z });
	}
}

struct spike_rule spikes_rule(const struct options *o, double z)
{
	enum scorer_kind kind = (enum scorer_kind)o->scorer;

	return (struct spike_rule){
		.scorer = kind,
		.threshold = kind == SCORER_ZSCORE ? z : scorer_of(kind)->threshold,
		.z = z,
		.metric = METRIC_BYTES,
		.every = o->watch_next.every,
		.seed = kind == SCORER_FOREST ? seed() : 0,
	};
}

struct spikes *spikes_new(const struct options *o, struct monitor *m, struct buf *out)
{
	struct spikes *v = xcalloc(1, sizeof *v);
	const struct spike_rule rule = spikes_rule(o, o->watch_next.z);

	v->o = o;
	v->monitor = m;
	v->logs = (struct named_logs){ .options = o, .monitor = m };
	v->places = places_new();
	places_limit(v->places, o->memory / 16);
	v->watched = watched_new(v->places, monitor_labels(m), &rule, o->memory / 16,
				 monitor_ceiling(m));
	spikes_add_watches(o, v->watched, v->filter);
	v->writer = (struct spike_writer){
		.output = o->output,
		.watched = v->watched,
		.limit = o->output == OUTPUT_TABLE || o->limit_given ? o->limit : 0,
		.forecast_s = o->forecast_s,
		.out = out,
	};
	watched_on_point(v->watched, on_point, v);
	return v;
}

void spikes_free(struct spikes *v)
{
	if (!v)
		return;
	watched_free(v->watched);
	places_free(v->places);
	for (unsigned i = 0; i < v->o->watches; i++)
		filter_free(v->filter[i]);
	named_logs_release(&v->logs);
	free(v);
}

void spikes_add(struct spikes *v, const struct segment *s, struct span span)
{
	const struct dict *d = monitor_dict(v->monitor);

	places_add(v->places, s, d, 0, s->rows, named_logs_of(&v->logs, s->source));
	watched_rows(v->watched, s, d, 0, s->rows, span);
	if (!watched_is_full(v->watched))
		return;
	places_settle(v->places, monitor_labels(v->monitor));
	watched_make_room(v->watched);
}

/* In rows of points there is no place for it. */
static void say_young(const struct spikes *v)
{
	unsigned n = spike_writer_young(&v->writer);
	char text[96];

	if (!v->o->forecast_s || v->o->output == OUTPUT_TABLE || !n)
		return;
	snprintf(text, sizeof text, "no forecast of %u series: learning, under %u bins", n,
		 SPIKE_LEARNS);
	complain("%s", text);
}

bool spikes_answer(struct spikes *v, bool complete)
{
	struct export_context c = { .title = "spike",
				    .where = "",
				    .mark_label = "",
				    .clock_s = options_now(v->o),
				    .complete = complete };
	struct buf doubts = { 0 };
	bool whole;

	watched_want(&c.uses);
	places_settle(v->places, monitor_labels(v->monitor));
	watched_close(v->watched);
	monitor_counts(v->monitor, &c.input);
	whole = spike_writer_end(&v->writer, &c);
	spike_doubts(v->watched, "enitop: ", &doubts);
	write_out(STDERR_FILENO, buf_str(&doubts));
	buf_release(&doubts);
	say_young(v);
	if (places_dropped(v->places))
		complain("some records are of interfaces too many");
	return whole && !places_dropped(v->places);
}
