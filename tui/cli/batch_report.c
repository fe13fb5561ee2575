/* batch_report.c - see batch_report.h. */
#include "cli/batch_report.h"

/* The rows of the heatmap, its columns, its cells. */
static void heat_init(struct report *r, const struct options *o, struct dict *d)
{
	struct group row = { .field = { o->heat_row }, .n = 1 };
	struct group column = { .field = { o->heat_column }, .n = 1 };
	struct group cell = { .field = { o->heat_row, o->heat_column }, .n = 2 };

	r->ranked = accumulator_new(&row, d);
	r->bins = accumulator_new(&cell, d);
	if (o->heat_column != FIELD_BIN)
		r->columns = accumulator_new(&column, d);
}

/* By group and time; NULL: there is no room for time, or it is in the group. */
static struct accumulator *trend_of(const struct accumulator *ranked, struct dict *d)
{
	struct group g = *accumulator_group(ranked);

	if (g.n == GROUP_MAX || group_has(&g, view_default_group(VIEW_TIMELINE), 0))
		return NULL;
	g.field[g.n++] = FIELD_BIN;
	return accumulator_new(&g, d);
}

/* The same groups with the same beside them are added up once. */
static struct accumulator *find_ranked(const struct report *all, unsigned n, const struct group *g)
{
	for (unsigned i = 0; i < n; i++) {
		struct accumulator *a = all[i].ranked;
		if (a && !all[i].columns && all[i].view != VIEW_TIMELINE &&
		    all[i].view != VIEW_PORTS && group_equal(accumulator_group(a), g))
			return a;
	}
	return NULL;
}

static void rank_init(struct report *all, unsigned n, const struct options *o, struct dict *d)
{
	struct report *r = &all[n];
	const struct group *g = o->group_given ? &o->group : view_default_group(r->view);

	r->ranked = find_ranked(all, n, g);
	r->shared = r->ranked != NULL;
	if (!r->shared)
		r->ranked = accumulator_new(g, d);
}

void report_init(struct report *all, unsigned n, const struct options *o, struct dict *d,
		 struct buf *out)
{
	enum view_kind view = o->view[n];
	struct report *r = &all[n];

	r->view = view;
	r->metric = o->metric_given        ? o->metric
		    : view == VIEW_REJECTS ? METRIC_REJECTS
					   : METRIC_BYTES;
	r->limit = o->limit;
	switch (view) {
	case VIEW_TALKERS:
	case VIEW_REJECTS:
		rank_init(all, n, o, d);
		break;
	case VIEW_PORTS:
		heat_init(r, o, d);
		break;
	case VIEW_TIMELINE:
		r->ranked = accumulator_new(view_default_group(view), d);
		break;
	case VIEW_SOURCES:
		r->limit = o->limit_given ? o->limit : 0;
		break;
	default:
		r->limit = o->limit_given ? o->limit : 0;
		flow_writer_begin(&r->writer, o->output, &o->columns, r->limit, out);
		if (o->sort_given)
			r->pick = flow_pick_new(&o->sort, d, r->limit ? r->limit : SIZE_MAX);
		r->writer.only_counts = r->pick != NULL;
	}
	if (!r->ranked)
		return;
	if (!r->shared) {
		accumulator_set_mark(r->ranked, o->mark_s);
		accumulator_set_distinct(r->ranked, &o->distinct);
		if (view != VIEW_TIMELINE)
			accumulator_keep_seen(r->ranked);
	}
	if (o->trend && !r->bins && view != VIEW_TIMELINE)
		r->bins = trend_of(r->ranked, d);
}

static bool wants(const struct options *o, unsigned n, struct field_set *out)
{
	struct group g = { .n = 0 };

	switch (o->view[n]) {
	case VIEW_TALKERS:
	case VIEW_REJECTS:
		g = o->group_given ? o->group : *view_default_group(o->view[n]);
		break;
	case VIEW_PORTS:
		g = (struct group){ .field = { o->heat_row, o->heat_column }, .n = 2 };
		break;
	case VIEW_TIMELINE:
		g = *view_default_group(o->view[n]);
		break;
	default: /* whole records; of sources, what they have */
		return false;
	}
	return group_wants(&g, out);
}

bool reports_want(const struct options *o, const struct filter *f, struct field_set *out)
{
	bool known = filter_wants(f, out) && (o->distinct.n == 0 || group_wants(&o->distinct, out));

	for (unsigned i = 0; i < o->views; i++)
		known &= wants(o, i, out);
	return known;
}

bool report_is_series(const struct report *r)
{
	return r->bins || (r->ranked && accumulator_is_series(r->ranked));
}

unsigned report_accumulators(const struct report *r, struct accumulator **out)
{
	struct accumulator *all[REPORT_RANKED] = { r->shared ? NULL : r->ranked, r->bins,
						   r->columns };
	unsigned n = 0;

	for (unsigned i = 0; i < REPORT_RANKED; i++)
		if (all[i])
			out[n++] = all[i];
	return n;
}
