/* query_block.c - what series hand on to the groups: blocks that leave the cache, and the shares
 * of records that are too large for one. See query_series.h. */
#include "query/query_huge.h"
#include "query/query_series.h"

void series_flush_block(struct series *s, uint32_t place)
{
	const struct series_block *b = &s->block[place];
	uint32_t key[KEY_WORDS + 1];

	memcpy(key, s->key + (size_t)place * s->words, s->words * sizeof *key);
	for (uint32_t i = 0, first = key[s->bin] << BLOCK_BITS; i < BLOCK_BINS; i++) {
		struct tally t = {
			.bytes = (uint64_t)b->sum[i][0],
			.packets = (uint64_t)b->sum[i][1],
			.sent = (uint64_t)b->sum[i][2],
			.seconds = (uint64_t)b->sum[i][3],
			.flows = b->flows[i],
			.accepts = b->accepts[i],
			.rejects = b->rejects[i],
		};
		key[s->bin] = first + i;
		if (t.flows | t.seconds)
			s->flush(s->ctx, key, &t);
	}
}

/* What a part of `whole` comes to after `elapsed` seconds, rounded down: in an order that
 * can't overflow, whatever the record claims. */
static uint64_t share(const struct spread *r, uint64_t whole, uint32_t elapsed)
{
	return whole / r->duration * elapsed + whole % r->duration * elapsed / r->duration;
}

/* What a row has had before `until`, which is not behind its end. */
static struct tally had_before(const struct spread *r, int64_t until)
{
	uint32_t elapsed = until > r->start ? (uint32_t)(until - r->start) : 0;

	return (struct tally){ .bytes = share(r, r->all->bytes, elapsed),
			       .packets = share(r, r->all->packets, elapsed),
			       .sent = share(r, r->all->sent, elapsed),
			       .lost = share(r, r->all->lost, elapsed),
			       .seconds = elapsed };
}

/* The share of a bin, of which `until` is in or at the end; *had is what was before, and becomes
 * what was until then. */
static void add_share(struct series *s, const struct spread *r, uint32_t *key, int64_t bin,
		      int64_t until, struct tally *had)
{
	struct tally now = had_before(r, until), sum = now;

	tally_add(&sum, had, UINT64_MAX);
	key[s->bin] = (uint32_t)bin;
	s->flush(s->ctx, key, &sum);
	*had = now;
}

/* Straight to the groups, with all that there may be: the shares of `first` on, less *had. */
static void add_rest(struct series *s, const struct spread *r, uint32_t *key, int64_t first,
		     struct tally *had)
{
	struct tally sum = { 0 };

	for (int64_t bin = first; bin < r->last; bin++)
		add_share(s, r, key, bin, (bin + 1) << s->shift, had);
	tally_change(&sum, r->all, 1);
	sum.seconds = r->duration;
	tally_add(&sum, had, UINT64_MAX);
	if (first < r->last)
		key[s->bin] = (uint32_t)r->last;
	s->flush(s->ctx, key, &sum);
}

void series_add_large(struct series *s, const struct spread *r, uint32_t *key)
{
	struct tally had = { 0 };

	s->huge = is_huge(r->all);
	add_rest(s, r, key, r->first, &had);
	s->huge = false;
}

void series_add_clipped(struct series *s, const struct spread *r, uint32_t *key)
{
	struct tally had = had_before(r, s->since);
	int64_t first = s->since >> s->shift;

	s->huge = is_huge(r->all);
	s->flush(s->ctx, NULL, &had);
	add_rest(s, r, key, first > r->first ? first : r->first, &had);
	s->huge = false;
}

void series_add_between(struct series *s, const struct key_batch *b, unsigned row, int64_t from,
			int64_t to)
{
	const struct row_batch *rows = b->rows;
	struct spread r = { .all = &rows->facts[row], .start = rows->start[row] };
	uint32_t key[KEY_WORDS + 1];
	struct tally had;

	from = from > r.start ? from : r.start;
	r.duration = (uint32_t)(rows->time[row] - r.start);
	r.first = from >> s->shift;
	r.last = (to - 1) >> s->shift;
	if (r.last >= KEY_LARGEST) /* where all is in one bin */
		return;
	had = had_before(&r, from);
	memcpy(key, b->key + row * s->words, s->words * sizeof *key);
	s->huge = is_huge(r.all);
	for (int64_t bin = r.first; bin <= r.last; bin++) {
		int64_t end = (bin + 1) << s->shift;
		add_share(s, &r, key, bin, end < to ? end : to, &had);
	}
	s->huge = false;
}
