/* ring.c - see ring.h. */
#include "store/ring.h"

#include <stdlib.h>
#include <string.h>

struct ring_entry {
	struct segment *segment;
	int64_t age;    /* its newest time; undated, future: log time when it came */
	size_t bytes;   /* as last counted */
	uint32_t rows;  /* whose times were looked at */
	uint32_t flows; /* as last counted */
};

struct ring {
	struct dict *dict;
	uint64_t budget, bytes;
	struct ring_entry *entry; /* in order of arrival */
	size_t n, cap;
	uint64_t serial;
	int64_t ceiling, now;
	uint64_t flows, evicted, future;
	void (*evict)(void *ctx, struct segment *s);
	void *ctx;
};

struct ring *ring_new(struct dict *d, uint64_t budget)
{
	struct ring *r = xcalloc(1, sizeof *r);

	r->dict = d;
	r->budget = budget;
	r->ceiling = INT64_MAX;
	r->now = INT64_MIN;
	return r;
}

void ring_free(struct ring *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n; i++)
		segment_free(r->entry[i].segment, r->dict);
	free(r->entry);
	free(r);
}

void ring_on_evict(struct ring *r, void (*evict)(void *ctx, struct segment *s), void *ctx)
{
	r->evict = evict;
	r->ctx = ctx;
}

/* Log time moves on with the times of the rows that are new; those beyond the
 * ceiling are only counted. */
static void look_at_times(struct ring *r, struct ring_entry *e)
{
	enum { STEP = 512 };
	const struct segment *s = e->segment;
	int64_t time[STEP];

	if (s->time_max <= r->ceiling) {
		r->now = s->time_max > r->now ? s->time_max : r->now;
		e->rows = s->rows;
		return;
	}
	while (e->rows < s->rows) {
		uint32_t n = s->rows - e->rows < STEP ? s->rows - e->rows : STEP;
		segment_times(s, e->rows, n, time);
		for (uint32_t i = 0; i < n; i++)
			if (time[i] > r->ceiling)
				r->future++;
			else if (time[i] > r->now)
				r->now = time[i];
		e->rows += n;
	}
}

static void look_at(struct ring *r, struct ring_entry *e)
{
	struct segment *s = e->segment;
	size_t bytes = segment_bytes(s);

	look_at_times(r, e);
	e->age = s->dated && s->time_max <= r->ceiling ? s->time_max : r->now;
	r->bytes += bytes - e->bytes;
	e->bytes = bytes;
	r->flows += s->flows - e->flows;
	e->flows = s->flows;
}

void ring_add(struct ring *r, struct segment *s)
{
	if (s->cap)
		segment_publish(s, r->dict);
	s->serial = ++r->serial;
	xgrow((void **)&r->entry, &r->cap, r->n + 1, sizeof *r->entry);
	r->entry[r->n] = (struct ring_entry){ .segment = s };
	look_at(r, &r->entry[r->n++]);
}

size_t ring_find(const struct ring *r, uint64_t serial)
{
	size_t low = 0, high = r->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (r->entry[middle].segment->serial < serial)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* NULL: it is not there. */
static struct ring_entry *entry_of(struct ring *r, const struct segment *s)
{
	size_t at = ring_find(r, s->serial);

	return at < r->n && r->entry[at].segment == s ? &r->entry[at] : NULL;
}

void ring_publish(struct ring *r, struct segment *s)
{
	struct ring_entry *e = entry_of(r, s);

	if (!e || segment_is_published(s))
		return;
	segment_publish(s, r->dict);
	r->bytes -= e->bytes;
	e->bytes = segment_bytes(s);
	r->bytes += e->bytes;
}

void ring_grown(struct ring *r, struct segment *s)
{
	struct ring_entry *e = entry_of(r, s);

	segment_publish(s, r->dict);
	if (e)
		look_at(r, e);
}

static void evict_at(struct ring *r, size_t i)
{
	struct ring_entry e = r->entry[i];

	if (r->evict)
		r->evict(r->ctx, e.segment);
	r->flows -= e.flows;
	r->evicted += e.flows;
	r->bytes -= e.bytes;
	r->n--;
	memmove(&r->entry[i], &r->entry[i + 1], (r->n - i) * sizeof *r->entry);
	segment_free(e.segment, r->dict);
}

void ring_trim(struct ring *r, uint64_t others)
{
	while (r->n > 1 && ring_bytes(r) + others > r->budget) {
		size_t oldest = 0;
		for (size_t i = 1; i < r->n; i++)
			if (r->entry[i].age < r->entry[oldest].age)
				oldest = i;
		evict_at(r, oldest);
	}
}

size_t ring_count(const struct ring *r)
{
	return r->n;
}

struct segment *ring_peek(const struct ring *r, size_t i)
{
	return r->entry[i].segment;
}

struct segment *ring_at(struct ring *r, size_t i)
{
	ring_publish(r, r->entry[i].segment);
	return r->entry[i].segment;
}

struct dict *ring_dict(const struct ring *r)
{
	return r->dict;
}

void ring_set_ceiling(struct ring *r, int64_t ceiling_s)
{
	r->ceiling = ceiling_s;
}

int64_t ring_ceiling(const struct ring *r)
{
	return r->ceiling;
}

int64_t ring_now(const struct ring *r)
{
	return r->now;
}

uint64_t ring_flows(const struct ring *r)
{
	return r->flows;
}

uint64_t ring_evicted(const struct ring *r)
{
	return r->evicted;
}

uint64_t ring_future(const struct ring *r)
{
	return r->future;
}

int64_t ring_oldest(const struct ring *r)
{
	int64_t oldest = INT64_MAX;

	for (size_t i = 0; i < r->n; i++)
		if (r->entry[i].segment->time_min < oldest)
			oldest = r->entry[i].segment->time_min;
	return oldest;
}

uint64_t ring_bytes(const struct ring *r)
{
	return r->bytes + r->cap * sizeof *r->entry + dict_bytes(r->dict);
}

uint64_t ring_budget(const struct ring *r)
{
	return r->budget;
}
