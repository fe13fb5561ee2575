/* fold.c - see fold.h. */
#include "query/fold_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"

struct folds *folds_new(uv_loop_t *loop, struct dict *d, size_t hold, size_t most,
			folds_full_fn *full, void *ctx)
{
	struct folds *f = xcalloc(1, sizeof *f);

	f->loop = loop;
	f->dict = d;
	f->hold = hold;
	f->most = most;
	f->on_full = full;
	f->ctx = ctx;
	f->extent = (struct extent)EXTENT_NONE;
	return f;
}

void folds_set_latest(struct folds *f, int64_t latest)
{
	f->extent.latest = latest;
}

static void item_free(struct folds *f, struct item *i)
{
	if (!i->kept)
		segment_free(i->segment, f->dict);
	free(i);
}

void folds_free(struct folds *f)
{
	if (!f)
		return;
	for (unsigned i = 0; i < f->lanes; i++)
		f->lane[i].next = NULL;
	while (f->running)
		uv_run(f->loop, UV_RUN_ONCE);
	while (f->first_item) {
		struct item *next = f->first_item->next;
		item_free(f, f->first_item);
		f->first_item = next;
	}
	for (unsigned i = 0; i < f->n; i++) {
		fold_forget_best(&f->asked[i]);
		if (f->asked[i].shared)
			f->asked[i].tables.rows = NULL;
		tables_release(&f->asked[i].tables);
	}
	extent_release(&f->extent);
	free(f);
}

/* The lane for an accumulator: of each kind of lanes there are as many as pairs of cores; the
 * lane with the fewest accumulators, or a new one. */
static struct fold_lane *lane_for(struct folds *f, bool series, bool on_loop)
{
	unsigned share = (job_cores() + 1) / 2, of_kind = 0;
	struct fold_lane *least = NULL;

	for (struct fold_lane *l = f->lane; l < f->lane + f->lanes; l++) {
		if (l->series != series || l->on_loop != on_loop)
			continue;
		of_kind++;
		if (!least || l->n < least->n)
			least = l;
	}
	if (least && (on_loop || of_kind >= share))
		return least;
	least = &f->lane[f->lanes++];
	*least = (struct fold_lane){ .folds = f, .series = series, .on_loop = on_loop };
	least->work.data = least;
	return least;
}

struct fold_table *fold_add(struct folds *f, const struct query *q, struct accumulator *a)
{
	struct fold_lane *l = lane_for(f, accumulator_is_series(a), accumulator_wants_labels(a));

	l->table[l->n] = (struct fold_table){
		.a = a, .most = q->bins.most, .metric = metric_base(q->metric), .small = true
	};
	return &l->table[l->n++];
}

static void add(struct folds *f, const struct tables *t, const struct query *q,
		struct accumulator *a)
{
	struct fold_table *to = fold_add(f, q, a);

	to->small = q->rows == ROWS_TIMELINE && !q->distinct.n;
	to->bins = a == t->bins;
	if (a == t->rows) {
		to->metric = q->metric == METRIC_DISTINCT ? q->metric : to->metric;
		to->orders = q->limit == 0 || q->limit > ORDER_FEW;
	}
}

/* Rows of a query before that are the same; NULL: none. */
static struct accumulator *find_rows(const struct folds *f, const struct query *q)
{
	for (const struct asked *k = f->asked; k < f->asked + f->n; k++)
		if (q->rows == ROWS_RANKED && k->query.rows == ROWS_RANKED &&
		    q->bins.kind != BINS_HEAT && k->query.bins.kind != BINS_HEAT &&
		    q->mark.time == k->query.mark.time && group_equal(&q->group, &k->query.group) &&
		    group_equal(&q->distinct, &k->query.distinct))
			return k->tables.rows;
	return NULL;
}

unsigned folds_ask(struct folds *f, const struct query *q)
{
	struct accumulator *rows = find_rows(f, q), *all[TABLES_MAX];
	struct asked *k = &f->asked[f->n];

	*k = (struct asked){ .query = *q, .shared = rows != NULL };
	tables_init(&k->tables, q, f->dict);
	if (rows) {
		accumulator_free(k->tables.rows);
		k->tables.rows = rows;
	}
	for (unsigned i = 0, n = tables_list(&k->tables, all); i < n; i++) {
		if (all[i] != rows)
			add(f, &k->tables, q, all[i]);
		f->series |= accumulator_is_series(all[i]);
	}
	if (f->series)
		extent_want_bins(&f->extent);
	return f->n++;
}

/* ---- jobs ---- */

static void fold_work(uv_work_t *w)
{
	struct fold_lane *l = w->data;

	struct accumulator *a[FOLD_MAX];

	for (unsigned i = 0; i < l->n; i++)
		a[i] = l->table[i].a;
	for (unsigned i = 0; i < l->items; i++) {
		const struct item *item = l->job[i];
		accumulators_fold(a, l->n, item->segment, 0, item->segment->rows, item->bits,
				  item->span, 1);
		accumulators_fold_overlaps(a, l->n, item->segment, 0, item->segment->rows,
					   item->bits, item->span, 1);
	}
}

static void free_folded(struct folds *f)
{
	while (f->first_item && f->first_item->left == 0) {
		struct item *i = f->first_item;
		f->first_item = i->next;
		f->last_item = i->next ? f->last_item : NULL;
		f->bytes -= i->bytes;
		item_free(f, i);
	}
	if (f->full && f->bytes <= f->most) {
		f->full = false;
		f->on_full(f->ctx, false);
	}
}

static void folded(struct fold_lane *l)
{
	for (unsigned i = 0; i < l->n; i++)
		accumulator_adopt(l->table[i].a);
	for (unsigned i = 0; i < l->items; i++)
		l->job[i]->left--;
	l->items = 0;
}

static void pump(struct folds *f);

static void fold_done(uv_work_t *w, int status)
{
	struct fold_lane *l = w->data;

	(void)status;
	l->folds->running--;
	folded(l);
	free_folded(l->folds);
	fold_make_room(l);
	pump(l->folds);
}

static bool is_to_wait(const struct folds *f, const struct fold_lane *l)
{
	return l->items || !l->next || (l->series && !f->over && f->bytes < f->hold);
}

static void fold_some(struct folds *f, struct fold_lane *l)
{
	size_t rows = 0, most = fold_rows_at_once(l);

	for (; l->next && l->items < ITEMS_AT_ONCE &&
	       (!l->items || rows + l->next->segment->rows <= most);
	     l->next = l->next->next) {
		l->job[l->items++] = l->next;
		rows += l->next->segment->rows;
	}
	for (unsigned i = 0; i < l->n && l->series; i++)
		extent_widen(&f->extent, l->table[i].a, l->table[i].most);
	fold_share_room(l, rows);
	if (l->on_loop) {
		fold_work(&l->work);
		folded(l);
		fold_make_room(l);
		return;
	}
	f->running++;
	uv_queue_work(f->loop, &l->work, fold_work, fold_done);
}

static void pump(struct folds *f)
{
	for (unsigned i = 0; i < f->lanes; i++)
		while (!is_to_wait(f, &f->lane[i]))
			fold_some(f, &f->lane[i]);
	free_folded(f);
}

void folds_put(struct folds *f, struct segment *s, const uint64_t *bits, struct span span,
	       bool kept)
{
	size_t n = (s->rows + 63) / 64;
	struct item *i = xmalloc(sizeof *i + n * sizeof i->bits[0]);

	if (f->passes == 0)
		extent_see(&f->extent, s, bits, span);
	*i = (struct item){ s, span, kept, f->lanes, segment_bytes(s), NULL };
	memcpy(i->bits, bits, n * sizeof i->bits[0]);
	*(f->last_item ? &f->last_item->next : &f->first_item) = i;
	f->last_item = i;
	f->bytes += i->bytes;
	for (unsigned k = 0; k < f->lanes; k++)
		if (!f->lane[k].next)
			f->lane[k].next = i;
	if (!f->full && f->bytes > f->most) {
		f->full = true;
		f->on_full(f->ctx, true);
	}
	pump(f);
}

void folds_drain(struct folds *f)
{
	f->over = true;
	pump(f);
	while (f->first_item) {
		uv_run(f->loop, UV_RUN_ONCE);
		pump(f);
	}
}
