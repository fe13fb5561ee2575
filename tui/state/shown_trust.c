/* shown_trust.c - see shown_trust.h. */
#include "state/shown_trust.h"

#include "state/app_state.h"

#define SOURCES 256u        /* whose formats are looked at */
#define QUICK_NS 1000000u   /* what takes no longer is made anew at every frame */
#define REST_NS 1000000000u /* what does, so long after it was */

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

static void take_facts(struct app *a, struct trust_facts *f)
{
	const struct result *r = &a->totals;
	int64_t newest = a->trust.trust.complete_s;

	*f = (struct trust_facts){ .trust = &a->trust.trust,
				   .labels = monitor_labels(a->monitor),
				   .records = r->totals.flows,
				   .delay_median = -1,
				   .seconds_counted = r->judged,
				   .seconds = r->second,
				   .seconds_undecided = r->second_undecided };
	take_formats(a, f);
	if (newest != INT64_MIN && monitor_is_live(a->monitor))
		f->delay_live = true;
}

void trust_take(struct app *a, bool in_full)
{
	struct shown_trust *v = &a->trust;
	uint64_t stamp = live_stamp(a->live), now = monotonic_ns();

	if (!v->valid ||
	    (stamp != v->stamp && (v->took_ns < QUICK_NS || now - v->at_ns >= REST_NS))) {
		trust_release(&v->trust);
		trust_make(live_places(a->live), live_span(a->live), &v->trust);
		v->valid = true;
		v->stamp = stamp;
		v->at_ns = monotonic_ns();
		v->took_ns = v->at_ns - now;
	}
	if (in_full)
		take_facts(a, &v->facts);
}

void shown_trust_release(struct app *a)
{
	trust_release(&a->trust.trust);
}
