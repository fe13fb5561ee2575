/* shown_trust.c - see shown_trust.h. */
#include "state/shown_trust.h"

#include <stdlib.h>

#include "state/app_state.h"

#define SOURCES 256u        /* whose formats are looked at */
#define QUICK_NS 1000000u   /* what takes no longer is made anew at every frame */
#define REST_NS 1000000000u /* what does, so long after it was */
#define REST_COST 20        /* and a scan after so many times what it took */

static void take_formats(struct app *a, struct trust_facts *f)
{
	size_t n = monitor_sources(a->monitor);

	for (size_t i = 0; i < n && i < SOURCES; i++) {
		struct source_info s;
		monitor_source(a->monitor, i, &s);
		for (unsigned k = 0; k < s.formats; k++)
			trust_facts_format(f, s.met[k]);
	}
}

/* What was counted stays. */
static void take_facts(struct app *a)
{
	struct shown_trust *v = &a->trust;
	struct trust_facts *f = &v->facts;

	f->trust = &v->made.trust;
	f->labels = monitor_labels(a->monitor);
	f->has_format = f->many_formats = false;
	f->has = (struct field_set){ 0 };
	f->format = NULL;
	take_formats(a, f);
	if (!v->counted)
		f->delay_median = -1;
	if (v->arrived.records) {
		f->delay_live = true;
		f->delay_median = delays_median(&v->arrived);
		f->delay_slowest = v->arrived.slowest;
	}
}

/* `asked`: another where another time is asked for, the same while a window moves with the log.
 * Whether it was made anew. */
static bool make(struct app *a, struct trust_made *m, struct span span, struct span asked)
{
	uint64_t stamp = live_stamp(a->live), now = monotonic_ns();

	if (m->valid && span_equal(m->asked, asked) &&
	    (stamp == m->stamp || (m->took_ns >= QUICK_NS && now - m->at_ns < REST_NS)))
		return false;
	m->asked = asked;
	trust_release(&m->trust);
	trust_make(live_places(a->live), span, &m->trust);
	m->valid = true;
	m->stamp = stamp;
	m->at_ns = monotonic_ns();
	m->took_ns = m->at_ns - now;
	return true;
}

static void take_lacks(const struct trust *t, enum trust_mark m, struct trust_lacks *out)
{
	free(out->run);
	out->run = trust_anywhere(t, m, &out->n);
}

void trust_take(struct app *a, bool in_full)
{
	struct span asked;

	if (!live_looks_at(a->live, &asked))
		asked = (struct span){ -live_window(a->live), 0, false };
	if (make(a, &a->trust.made, live_span(a->live), asked)) {
		take_lacks(&a->trust.made.trust, TRUST_LOST, &a->trust.lost);
		take_lacks(&a->trust.made.trust, TRUST_MISSING, &a->trust.missing);
	}
	if (in_full)
		take_facts(a);
}

const struct trust *trust_take_whole(struct app *a)
{
	struct span all = { INT64_MIN, INT64_MAX, false };

	make(a, &a->trust.whole, all, all);
	return &a->trust.whole.trust;
}

/* ---- what needs every record ---- */

/* Another number whenever the ring holds something else, or it is known better whose it is. */
static uint64_t ring_stamp(const struct app *a)
{
	const struct ring *r = monitor_ring(a->monitor);
	size_t n = ring_count(r);
	const struct segment *last = n ? ring_peek(r, n - 1) : NULL;

	return (places_generation(live_places(a->live)) << 48) ^ (ring_evicted(r) << 24) ^
	       (ring_flows(r) << 4) ^ (last ? last->serial << 17 ^ last->rows : 0);
}

bool trust_is_stale(const struct app *a)
{
	return !a->trust.counted || a->trust.scan_stamp != ring_stamp(a);
}

static bool is_due(const struct app *a)
{
	const struct shown_trust *v = &a->trust;
	uint64_t done, total, rest = v->scan_took_ns * REST_COST;

	monitor_progress(a->monitor, &done, &total);
	if (total > done || !live_has_places(a->live) || !trust_is_stale(a))
		return false;
	return !v->counted ||
	       monotonic_ns() - v->scan_ended_ns >= (rest > REST_NS ? rest : REST_NS);
}

bool trust_step(struct app *a, uint64_t budget_ns)
{
	struct shown_trust *v = &a->trust;

	if (a->focus->view->report != export_trust)
		return false;
	if (!v->scan.running) {
		if (!is_due(a))
			return false;
		v->scan_stamp = ring_stamp(a);
		v->scan_begun = monotonic_ns();
		trust_scan_begin(&v->scan, monitor_ring(a->monitor), live_places(a->live),
				 a->options->memory / 16);
	}
	if (trust_scan_step(&v->scan, budget_ns))
		return true;
	trust_scan_end(&v->scan, &v->facts);
	v->counted = true;
	v->scan_ended_ns = monotonic_ns();
	v->scan_took_ns = v->scan_ended_ns - v->scan_begun;
	return true;
}

size_t trust_bytes(const struct app *a)
{
	return trust_scan_bytes(&a->trust.scan) + witnesses_bytes(a->trust.facts.witnesses);
}

void trust_rows(struct app *a, const struct segment *s, uint32_t first, uint32_t n, int sign)
{
	if (sign == 1 && a->trust.arrives)
		delays_add(&a->trust.arrived, s, first, n, options_now(a->options));
}

/* ---- keys ---- */

void trust_next_grain(struct app *a)
{
	static const char *const says[] = { [TRUST_FITS] = "all of it, in as many marks as fit",
					    [TRUST_MINUTE] = "a mark a minute, up to the newest",
					    [TRUST_HOUR] = "a mark an hour, the worst of it" };

	a->trust.grain = (a->trust.grain + 1) % TRUST_GRAINS;
	snprintf(a->message, sizeof a->message, "%s", says[a->trust.grain]);
}

void shown_trust_release(struct app *a)
{
	struct shown_trust *v = &a->trust;

	trust_release(&v->made.trust);
	trust_release(&v->whole.trust);
	free(v->lost.run);
	free(v->missing.run);
	trust_scan_release(&v->scan);
	witnesses_free(v->facts.witnesses);
	delays_release(&v->arrived);
}
