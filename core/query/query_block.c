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

/* The share of a bin, of which `until` is in or at the end; *had is what was before, and becomes
 * what was until then. */
static void add_share(struct series *s, const struct spread *r, uint32_t *key, int64_t bin,
		      int64_t until, struct tally *had)
{
	const struct row_facts *all = r->all;
	uint32_t elapsed = (uint32_t)(until - r->start);
	struct tally now = { .bytes = share(r, all->bytes, elapsed),
			     .packets = share(r, all->packets, elapsed),
			     .sent = share(r, all->sent, elapsed),
			     .lost = share(r, all->lost, elapsed),
			     .seconds = elapsed };
	struct tally sum = now;

	tally_add(&sum, had, UINT64_MAX);
	key[s->bin] = (uint32_t)bin;
	s->flush(s->ctx, key, &sum);
	*had = now;
}

/* Straight to the groups, with all that there may be. */
void series_add_large(struct series *s, const struct spread *r, uint32_t *key)
{
	const struct row_facts *all = r->all;
	struct tally had = { 0 }, sum;

	s->huge = is_huge(all);
	for (int64_t bin = r->first; bin < r->last; bin++)
		add_share(s, r, key, bin, (bin + 1) << s->shift, &had);
	sum = (struct tally){ 0 };
	tally_change(&sum, all, 1);
	sum.seconds = r->duration;
	tally_add(&sum, &had, UINT64_MAX);
	if (r->first < r->last)
		key[s->bin] = (uint32_t)r->last;
	s->flush(s->ctx, key, &sum);
	s->huge = false;
}

void series_add_until(struct series *s, const struct key_batch *b, unsigned row, int64_t to)
{
	const struct row_batch *rows = b->rows;
	struct spread r = { .all = &rows->facts[row], .start = rows->start[row] };
	uint32_t key[KEY_WORDS + 1];
	struct tally had = { 0 };

	r.duration = (uint32_t)(rows->time[row] - r.start);
	r.first = r.start >> s->shift;
	r.last = (to - 1) >> s->shift;
	if (r.last >= KEY_LARGEST) /* where all is in one bin */
		return;
	memcpy(key, b->key + row * s->words, s->words * sizeof *key);
	s->huge = is_huge(r.all);
	for (int64_t bin = r.first; bin <= r.last; bin++) {
		int64_t end = (bin + 1) << s->shift;
		add_share(s, &r, key, bin, end < to ? end : to, &had);
	}
	s->huge = false;
}
