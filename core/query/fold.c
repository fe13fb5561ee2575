/* fold.c - see fold.h. */
#include "query/fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/job.h"

#define ITEMS_AT_ONCE 16 /* segments a job: a few milliseconds each */

struct item {
	struct segment *segment;
	struct span span;
	unsigned left; /* lanes that have not folded it yet */
	size_t bytes;
	struct item *next;
	uint64_t bits[];
};

/* Accumulators that are folded into together, for which the rows are read once. */
struct lane {
	struct folds *folds;
	struct accumulator *a[FOLD_MAX];
	unsigned n;
	bool series;
	struct item *next; /* to be folded */
	struct item *job[ITEMS_AT_ONCE];
	unsigned items; /* of the job; 0: none runs */
	bool on_loop;
	uv_work_t work;
};

struct folds {
	uv_loop_t *loop;
	struct dict *dict;
	struct fold_events events;
	size_t hold, most, bytes; /* that wait */
	struct lane lane[FOLD_MAX];
	unsigned lanes, running;
	struct item *first, *last;
	bool full, over;
};

struct folds *folds_new(uv_loop_t *loop, struct dict *d, size_t hold, size_t most,
			const struct fold_events *events)
{
	struct folds *f = xcalloc(1, sizeof *f);

	f->loop = loop;
	f->dict = d;
	f->hold = hold;
	f->most = most;
	f->events = *events;
	return f;
}

static void item_free(struct folds *f, struct item *i)
{
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
	while (f->first) {
		struct item *next = f->first->next;
		item_free(f, f->first);
		f->first = next;
	}
	free(f);
}

/* Of each kind as many as there are pairs of cores: the one that has least, or a new one. */
static struct lane *lane_for(struct folds *f, bool series, bool on_loop)
{
	unsigned share = (job_cores() + 1) / 2, of_kind = 0;
	struct lane *least = NULL;

	for (struct lane *l = f->lane; l < f->lane + f->lanes; l++) {
		if (l->series != series || l->on_loop != on_loop)
			continue;
		of_kind++;
		if (!least || l->n < least->n)
			least = l;
	}
	if (least && (on_loop || of_kind >= share))
		return least;
	least = &f->lane[f->lanes++];
	*least = (struct lane){ .folds = f, .series = series, .on_loop = on_loop };
	least->work.data = least;
	return least;
}

void folds_add(struct folds *f, struct accumulator *a)
{
	struct lane *l = lane_for(f, accumulator_is_series(a), accumulator_wants_labels(a));

	l->a[l->n++] = a;
}

/* ---- jobs ---- */

static void fold_work(uv_work_t *w)
{
	struct lane *l = w->data;

	for (unsigned i = 0; i < l->items; i++) {
		const struct item *item = l->job[i];
		accumulators_fold(l->a, l->n, item->segment, 0, item->segment->rows, item->bits,
				  item->span, 1);
	}
}

static void free_folded(struct folds *f)
{
	while (f->first && f->first->left == 0) {
		struct item *i = f->first;
		f->first = i->next;
		f->last = i->next ? f->last : NULL;
		f->bytes -= i->bytes;
		item_free(f, i);
	}
	if (f->full && f->bytes <= f->most) {
		f->full = false;
		f->events.full(f->events.ctx, false);
	}
}

static void folded(struct lane *l)
{
	for (unsigned i = 0; i < l->n; i++)
		accumulator_adopt(l->a[i]);
	for (unsigned i = 0; i < l->items; i++)
		l->job[i]->left--;
	l->items = 0;
}

static void pump(struct folds *f);

static void fold_done(uv_work_t *w, int status)
{
	struct lane *l = w->data;

	(void)status;
	l->folds->running--;
	folded(l);
	free_folded(l->folds);
	pump(l->folds);
}

static bool is_to_wait(const struct folds *f, const struct lane *l)
{
	return l->items || !l->next || (l->series && !f->over && f->bytes < f->hold);
}

static void fold_some(struct folds *f, struct lane *l)
{
	for (; l->next && l->items < ITEMS_AT_ONCE; l->next = l->next->next)
		l->job[l->items++] = l->next;
	for (unsigned i = 0; i < l->n && l->series; i++)
		f->events.series(f->events.ctx, l->a[i]);
	if (l->on_loop) {
		fold_work(&l->work);
		folded(l);
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

void folds_put(struct folds *f, struct segment *s, const uint64_t *bits, struct span span)
{
	size_t n = (s->rows + 63) / 64;
	struct item *i = xmalloc(sizeof *i + n * sizeof i->bits[0]);

	*i = (struct item){ s, span, f->lanes, segment_bytes(s), NULL };
	memcpy(i->bits, bits, n * sizeof i->bits[0]);
	*(f->last ? &f->last->next : &f->first) = i;
	f->last = i;
	f->bytes += i->bytes;
	for (unsigned k = 0; k < f->lanes; k++)
		if (!f->lane[k].next)
			f->lane[k].next = i;
	if (!f->full && f->bytes > f->most) {
		f->full = true;
		f->events.full(f->events.ctx, true);
	}
	pump(f);
}

void folds_drain(struct folds *f)
{
	f->over = true;
	pump(f);
	while (f->first) {
		uv_run(f->loop, UV_RUN_ONCE);
		pump(f);
	}
}
