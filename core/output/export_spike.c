/* export_spike.c - see export_spike.h. */
#include "output/export_spike.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output/export_doubts.h"
#include "output/export_grid.h"
#include "output/export_json.h"
#include "output/export_spike_state.h"

#define FORECASTS_MAX 100000u /* points ahead of a series */

/* ---- values ---- */

/* Three places at most, none where it is whole. */
static void number_text(double v, char out[32])
{
	size_t n = (size_t)snprintf(out, 32, "%.3f", v);

	while (n > 1 && out[n - 1] == '0')
		n--;
	out[n - (out[n - 1] == '.')] = '\0';
}

static json_t *json_estimate(double v)
{
	double whole = floor(v + 0.5);

	if (fabs(v - whole) < 0.0005 && fabs(whole) < 9e15)
		return json_integer((json_int_t)whole);
	return json_real(v);
}

/* The interface of a target; "": it is of all. */
static struct str interface_of(const struct spike_writer *w, uint32_t i)
{
	return watched_interface(w->watched, i);
}

static const char *metric_of(const struct spike_writer *w, uint32_t i)
{
	return metric_name(watched_rule(w->watched, i)->metric);
}

static const char *kind_of(const struct spike_writer *w, uint32_t i)
{
	static const char *const names[] = { [TARGET_INTERFACE] = "interface",
					     [TARGET_SERVER] = "server",
					     [TARGET_FILTER] = "filter" };

	return names[watched_target(w->watched, i)->kind];
}

/* Adds what a series is of: the address of a server, the own one of an interface, else its id or
 * the filter. */
static void add_target(const struct spike_writer *w, uint32_t i, struct buf *out)
{
	size_t before = out->n;

	watched_address(w->watched, i, out);
	if (out->n == before)
		watched_name(w->watched, i, out);
}

/* ---- csv ---- */

static void csv_number(struct buf *out, double v, bool is)
{
	char text[32] = "-";

	if (is)
		number_text(v, text);
	buf_printf(out, ",%s", text);
}

static void csv_row(struct spike_writer *w, uint32_t i, const struct spike_point *p, bool ahead)
{
	struct buf *out = w->out, who = { 0 };
	const char *fired = ahead ? "-" : p->fired ? "true" : "false";
	char time[21];

	add_target(w, i, &who);
	buf_printf(out, "%s,", rfc3339(time, sizeof time, p->time));
	export_csv_cell(out, buf_str(&who));
	csv_number(out, p->value, !ahead);
	csv_number(out, p->said.expected, true);
	csv_number(out, p->said.low, true);
	csv_number(out, p->said.high, true);
	csv_number(out, p->said.score, !ahead);
	buf_printf(out, ",%s,%s,%u,%s,%s,%s,", fired, scorer_name(p->by), p->learnt, kind_of(w, i),
		   metric_of(w, i), spike_every(watched_rule(w->watched, i)->every));
	export_csv_cell(out, interface_of(w, i).n ? interface_of(w, i) : str_of("-"));
	buf_puts(out, "\n");
	buf_release(&who);
}

/* ---- json ---- */

static void set_text(json_t *o, const char *key, struct str s)
{
	json_object_set_new(o, key, s.n ? json_text(s) : json_null());
}

static void set_target(const struct spike_writer *w, uint32_t i, json_t *o)
{
	struct buf text = { 0 };

	add_target(w, i, &text);
	set_text(o, "target", buf_str(&text));
	set_text(o, "interface", interface_of(w, i));
	json_object_set_new(o, "kind", json_string(kind_of(w, i)));
	json_object_set_new(o, "metric", json_string(metric_of(w, i)));
	json_object_set_new(o, "every", json_integer(watched_rule(w->watched, i)->every));
	buf_release(&text);
}

static void json_row(struct spike_writer *w, uint32_t i, const struct spike_point *p, bool ahead)
{
	json_t *o = json_object();

	json_object_set_new(o, "time", json_time(p->time));
	set_target(w, i, o);
	json_object_set_new(o, "value", ahead ? json_null() : json_estimate(p->value));
	json_object_set_new(o, "expected", json_estimate(p->said.expected));
	json_object_set_new(o, "low", json_estimate(p->said.low));
	json_object_set_new(o, "high", json_estimate(p->said.high));
	json_object_set_new(o, "score", ahead ? json_null() : json_real(p->said.score));
	json_object_set_new(o, "fired", ahead ? json_null() : json_boolean(p->fired));
	json_object_set_new(o, "scorer", json_string(scorer_name(p->by)));
	json_object_set_new(o, "learnt", json_integer(p->learnt));
	json_add(w->out, o);
}

static json_t *json_series(const struct spike_writer *w, uint32_t i)
{
	const struct spike_series *s = watched_series(w->watched, i);
	const struct spike_rule *r = watched_rule(w->watched, i);
	unsigned points = spike_series_points(s);
	json_t *o = json_object();

	set_target(w, i, o);
	json_object_set_new(o, "scorer", json_string(scorer_name(r->scorer)));
	json_object_set_new(o, "points", json_integer(points));
	json_object_set_new(o, "learning", json_boolean(points < SPIKE_LEARNS));
	json_object_set_new(o, "history", json_number((uint64_t)points * (uint64_t)r->every));
	json_object_set_new(o, "largest_score", json_real(spike_series_oddest(s)->said.score));
	json_object_set_new(o, "at", json_time(spike_series_oddest(s)->time));
	json_object_set_new(o, "spikes_forgotten", json_number(spike_series_forgotten(s)));
	return o;
}

static json_t *json_finding(const struct spike_writer *w, const struct spike_finding *f)
{
	const struct spike *k = f->spike;
	json_t *o = json_object(), *subject = json_object();
	struct buf text = { 0 };

	set_target(w, f->target, subject);
	json_object_set_new(o, "rule", json_string("spike"));
	json_object_set_new(o, "severity", json_string("warn"));
	json_object_set_new(o, "since", json_time(k->since));
	json_object_set_new(o, "until", json_time(k->until));
	json_object_set_new(o, "open", json_boolean(k->open));
	json_object_set_new(o, "subject", subject);
	json_object_set_new(o, "fell", json_boolean(k->fell));
	json_object_set_new(o, "seasonal", json_boolean(k->seasonal));
	json_object_set_new(o, "value", json_estimate(k->value));
	json_object_set_new(o, "expected", json_estimate(k->expected));
	json_object_set_new(o, "largest", json_estimate(k->largest));
	json_object_set_new(o, "scorer", json_string(scorer_name(k->by)));
	json_object_set_new(o, "score", json_real(k->score));
	json_object_set_new(o, "z", json_real(k->z));
	json_object_set_new(o, "median", json_estimate(k->median));
	json_object_set_new(o, "mad", json_estimate(k->mad));
	json_object_set_new(o, "mean", json_estimate(k->mean));
	json_object_set_new(o, "deviation", json_estimate(k->deviation));
	watched_finding_text(w->watched, f, &text);
	json_object_set_new(o, "text", json_text(buf_str(&text)));
	buf_release(&text);
	return o;
}

/* ---- points ---- */

static void begin(struct spike_writer *w)
{
	if (w->begun)
		return;
	w->begun = true;
	if (w->output == OUTPUT_CSV)
		buf_puts(w->out, "time,target,value,expected,low,high,score,fired,scorer,learnt,"
				 "kind,metric,every,interface\n");
	else if (w->output == OUTPUT_JSON)
		buf_puts(w->out, "{\"schema\":1,\"view\":\"spike\",\"rows\":[");
}

static void write_point(struct spike_writer *w, uint32_t target, const struct spike_point *p,
			bool ahead)
{
	if (w->output == OUTPUT_TABLE || (w->limit && w->rows >= w->limit))
		return;
	begin(w);
	if (w->output == OUTPUT_CSV) {
		csv_row(w, target, p, ahead);
	} else {
		buf_puts(w->out, w->output == OUTPUT_JSON && w->rows ? "," : "");
		json_row(w, target, p, ahead);
		buf_puts(w->out, w->output == OUTPUT_NDJSON ? "\n" : "");
	}
	w->rows++;
}

void spike_writer_point(struct spike_writer *w, uint32_t target, const struct spike_point *p)
{
	write_point(w, target, p, false);
}

unsigned spike_bins_ahead(const struct spike_writer *w, uint32_t i)
{
	int64_t every = watched_rule(w->watched, i)->every;
	int64_t n = (w->forecast_s + every - 1) / every;

	return (unsigned)(n > FORECASTS_MAX ? FORECASTS_MAX : n);
}

static void write_forecasts(struct spike_writer *w)
{
	for (uint32_t i = 0; w->forecast_s && i < watched_count(w->watched); i++) {
		const struct spike_series *s = watched_series(w->watched, i);
		struct spike_point p = { 0 };
		if (!s || !watched_counts(w->watched, i) || spike_series_points(s) < SPIKE_LEARNS)
			continue;
		p.learnt = spike_series_points(s);
		for (unsigned ahead = 1; ahead <= spike_bins_ahead(w, i); ahead++) {
			p.time = spike_series_last(s)->time +
				 (int64_t)ahead * watched_rule(w->watched, i)->every;
			p.by = spike_series_forecast(s, ahead, &p.said);
			write_point(w, i, &p, true);
		}
	}
}

unsigned spike_writer_young(const struct spike_writer *w)
{
	unsigned young = 0;

	for (uint32_t i = 0; i < watched_count(w->watched); i++) {
		const struct spike_series *s = watched_series(w->watched, i);
		young +=
			s && watched_counts(w->watched, i) && spike_series_points(s) < SPIKE_LEARNS;
	}
	return young;
}

/* ---- the end ---- */

#define DOUBTS(X) \
	X(late, "value came after its bin was judged, for want of --memory", \
	  "values came after their bins were judged, for want of --memory") \
	X(dropped, "record is in no series, for want of --memory", \
	  "records are in no series, for want of --memory") \
	X(unread, "record has no column of what is watched", \
	  "records have no column of what is watched") \
	X(undecided, "record of which a --watch can't be told", \
	  "records of which a --watch can't be told") \
	X(nowhere, "record has no interface: it is in no series of one", \
	  "records have no interface: they are in no series of one") \
	X(undated, "record has no time: it is in no series", \
	  "records have no time: they are in no series") \
	X(future, "record is of the future: it is in no series", \
	  "records are of the future: they are in no series")

void spike_doubts(const struct watched *watched, const char *before, struct buf *out)
{
	const struct watched_doubts *d = watched_doubts(watched);

#define X(name, one, many) \
	if (d->name) \
		buf_printf(out, "%s%" PRIu64 " %s\n", before, d->name, plural(d->name, one, many));
	DOUBTS(X)
#undef X
}

static json_t *json_doubts(const struct watched_doubts *d)
{
	json_t *o = json_object();

#define X(name, one, many) json_object_set_new(o, #name, json_number(d->name));
	DOUBTS(X)
#undef X
	return o;
}

/* What stands around the points. */
static json_t *json_around(const struct spike_writer *w, const struct result *none, bool complete,
			   const struct export_context *c)
{
	static const char *const kept[] = { "where", "input" };
	json_t *report = json_report(none, NULL, c), *rest = json_object();
	json_t *series = json_array(), *findings = json_array();
	struct spike_finding *f;
	struct odd_target *o;
	size_t n = watched_findings(w->watched, &f), all = spike_in_order(w, &o);

	for (size_t i = 0; i < all; i++)
		json_array_append_new(series, json_series(w, o[i].target));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(findings, json_finding(w, &f[i]));
	json_object_set_new(rest, "series", series);
	json_object_set_new(rest, "findings", findings);
	json_object_set_new(rest, "complete", json_boolean(complete));
	json_object_set_new(rest, "watched", json_doubts(watched_doubts(w->watched)));
	for (size_t i = 0; i < ARRAY_SIZE(kept); i++)
		json_object_set(rest, kept[i], json_object_get(report, kept[i]));
	json_decref(report);
	free(f);
	free(o);
	return rest;
}

/* Lines have no place for what is around them: where there is none, it says why. */
static void end_json(struct spike_writer *w, json_t *around)
{
	size_t at;

	if (w->output == OUTPUT_NDJSON && w->rows) {
		json_decref(around);
		return;
	}
	buf_puts(w->out, w->output == OUTPUT_JSON ? "]" : "");
	at = w->out->n;
	json_add(w->out, around);
	if (w->output == OUTPUT_JSON)
		w->out->s[at] = ','; /* in place of its brace */
	buf_putc(w->out, '\n');
}

bool spike_writer_end(struct spike_writer *w, const struct export_context *c)
{
	const struct watched_doubts *d = watched_doubts(w->watched);
	struct result none = { .query = query_all(),
			       .compare = { .mark = INT64_MIN },
			       .window = { INT64_MIN, INT64_MAX, false },
			       .time_min = INT64_MAX,
			       .time_max = INT64_MIN };
	bool complete = doubts_complete(&none, c) && !(d->late | d->dropped | d->undecided);

	write_forecasts(w);
	begin(w);
	if (w->output == OUTPUT_TABLE)
		spike_table(w);
	else if (w->output != OUTPUT_CSV)
		end_json(w, json_around(w, &none, complete, c));
	return complete;
}
