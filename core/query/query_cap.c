/* query_cap.c - see query_cap.h. */
#include "query/query_cap.h"

#include <stdlib.h>

#include "query/accumulator_state.h"

#define SAMPLE_MOST 2048u
#define PROBES 1024u     /* groups that say what the lightest third has */
#define LOOKS_A_GROUP 16 /* of a sweep, for each group that may come */

void cap_clear(struct cap *c)
{
	struct cap empty = {
		.most = c->most, .metric = c->metric, .deferred = c->deferred, .over = c->over
	};

	free(c->missing);
	free(c->bucket);
	free(c->tally);
	key_table_clear(&c->sampled);
	*c = empty;
}

void cap_add(struct cap *c, const struct key_table *t)
{
	if (!c->on)
		return;
	key_table_room(t, (void **)&c->missing, &c->missing_cap, sizeof *c->missing);
	c->missing[t->count - 1] = c->floor < UINT64_MAX ? c->floor + 1 : UINT64_MAX;
}

void cap_move(struct cap *c, uint32_t to, uint32_t from)
{
	if (c->on)
		c->missing[to] = c->missing[from];
}

static uint64_t *bucket_of(const struct cap *c, uint32_t tag)
{
	return &c->bucket[tag & (c->buckets - 1)];
}

void cap_take(struct cap *c, uint32_t tag, uint64_t n)
{
	if (c->buckets)
		*bucket_of(c, tag) -= n;
}

static uint32_t tag_of(const struct accumulator *a, uint32_t g)
{
	return key_hash32(key_at(&a->table, g), a->layout.words);
}

uint64_t cap_missing(const struct accumulator *a, uint32_t g)
{
	const struct cap *c = &a->cap;
	uint64_t missing = c->on && c->missing[g] ? c->missing[g] - 1 : 0;
	uint64_t bucket = missing && c->buckets ? *bucket_of(c, tag_of(a, g)) : missing;

	return bucket < missing ? bucket : missing;
}

/* The most that the group can have. */
static uint64_t weight(const struct accumulator *a, uint32_t g)
{
	uint64_t counted = accumulator_metric(a, g, a->cap.metric);
	uint64_t missing = cap_missing(a, g);

	return counted + missing < counted ? UINT64_MAX : counted + missing;
}

static void drop(struct accumulator *a, uint32_t g)
{
	cap_take(&a->cap, tag_of(a, g), -accumulator_metric(a, g, a->cap.metric));
	if (a->cap.deferred) {
		huge_forget(&a->huge, key_at(&a->table, g));
		huge_forget(&a->huge_before, key_at(&a->table, g));
	}
	group_remove(a, g);
}

void cap_let_go(struct accumulator *a, uint32_t g)
{
	/* What is missing of it may still be there, and is bounded as that of all others. */
	if (tallies_is_gone(&a->tally, g) && (!a->cap.missing[g] || weight(a, g) <= a->cap.floor))
		drop(a, g);
}

/* ---- taking off what may not be there ---- */

static void take(uint64_t *from, uint64_t n)
{
	*from -= n < *from ? n : *from;
}

void cap_tally_add(struct tally *to, const struct tally *more, uint64_t sign)
{
	if (sign == 1) {
		tally_add(to, more, 1);
		return;
	}
	take(&to->bytes, more->bytes);
	take(&to->packets, more->packets);
	take(&to->flows, more->flows);
	take(&to->accepts, more->accepts);
	take(&to->rejects, more->rejects);
	take(&to->sent, more->sent);
	take(&to->lost, more->lost);
	take(&to->seconds, more->seconds);
}

/* ---- the sample ---- */

static void sample_remove(struct cap *c, uint32_t at)
{
	uint32_t last = c->sampled.count - 1;

	key_table_remove(&c->sampled, at);
	c->tally[at] = c->tally[last];
}

static void sample_add(struct cap *c, uint32_t tag, const uint32_t *key, const struct tally *t)
{
	while (c->sampled.count == SAMPLE_MOST) {
		c->bits++;
		for (uint32_t i = c->sampled.count; i-- > 0;)
			if (!cap_samples(c, key_hash32(key_at(&c->sampled, i), c->sampled.words)))
				sample_remove(c, i);
	}
	if (!cap_samples(c, tag))
		return;
	c->sampled.most = SAMPLE_MOST;
	uint32_t at = key_table_add(&c->sampled, tag, key);
	key_table_room(&c->sampled, (void **)&c->tally, &c->tally_cap, sizeof *c->tally);
	c->tally[at] = *t;
}

void cap_sample_change(struct accumulator *a, uint32_t tag, const uint32_t *key,
		       const struct tally *by, uint64_t sign)
{
	struct cap *c = &a->cap;
	uint32_t at = key_table_find(&c->sampled, tag, key);

	if (at == UINT32_MAX) {
		sample_add(c, tag, key, by);
		return;
	}
	tally_add(&c->tally[at], by, sign);
	if ((c->tally[at].flows | c->tally[at].seconds) == 0)
		sample_remove(c, at);
}

/* The first groups are about to be dropped: until now all were held. */
static void begin(struct accumulator *a)
{
	struct cap *c = &a->cap;

	c->on = true;
	a->peaks->on = false;
	c->missing_cap = a->table.count ? a->table.count : 1;
	c->missing = xcalloc(c->missing_cap, sizeof *c->missing);
	c->buckets = c->metric == METRIC_DISTINCT ? 0 : a->table.cap;
	c->bucket = xcalloc(c->buckets ? c->buckets : 1, sizeof *c->bucket);
	c->sampled.words = a->layout.words;
	while (a->table.count >> c->bits > SAMPLE_MOST / 2)
		c->bits++;
	for (uint32_t g = 0; g < a->table.count; g++) {
		uint32_t tag = tag_of(a, g);
		if (cap_samples(c, tag))
			sample_add(c, tag, key_at(&a->table, g),
				   tallies_at(&a->tally, g, a->shown));
	}
}

/* ---- sweeping ---- */

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* What the lightest third has at most, as far as some groups can tell. */
static uint64_t third(const struct accumulator *a)
{
	uint32_t count = a->table.count, n = count < PROBES ? count : PROBES;
	uint64_t value[PROBES] = { 0 };

	for (uint32_t i = 0; i < n; i++)
		value[i] = weight(a, (uint32_t)((uint64_t)i * count / n));
	qsort(value, n, sizeof value[0], by_size);
	return n ? value[n / 3] : 0;
}

static void sweep_begin(struct accumulator *a)
{
	struct cap *c = &a->cap;

	if (!c->on)
		begin(a);
	c->sweeping = true;
	c->at = a->table.count;
	c->under = third(a);
	c->floor = c->under > c->floor ? c->under : c->floor;
}

/* Gives back what was for groups that there is no room for any more. */
static void fit(struct accumulator *a)
{
	struct cap *c = &a->cap;

	groups_fit(a);
	for (; c->buckets > a->table.cap; c->buckets /= 2)
		for (uint32_t i = 0; i < c->buckets / 2; i++)
			c->bucket[i] += c->bucket[i + c->buckets / 2];
	if (c->buckets)
		c->bucket = xrealloc(c->bucket, c->buckets * sizeof *c->bucket);
}

/* From the last group down: the last takes the place of one that is dropped, and it was looked
 * at before, or came since. */
static void sweep(struct accumulator *a, uint32_t looks)
{
	struct cap *c = &a->cap;

	if (!c->sweeping)
		sweep_begin(a);
	c->at = c->at < a->table.count ? c->at : a->table.count;
	for (; looks && c->at > 0; looks--) {
		c->at--;
		if (accumulator_metric(a, c->at, c->metric) <= c->under &&
		    weight(a, c->at) <= c->under)
			drop(a, c->at);
	}
	c->sweeping = c->at > 0;
	if (!c->sweeping)
		fit(a);
}

void cap_make_room(struct accumulator *a, uint32_t more)
{
	struct cap *c = &a->cap;

	if (!c->most)
		return;
	c->folded += more;
	if (c->deferred)
		return;
	if (c->sweeping || a->table.count > c->most - c->most / 8)
		sweep(a, more * LOOKS_A_GROUP);
	while (a->table.count && a->table.count + more > c->most)
		sweep(a, UINT32_MAX);
}

size_t cap_bytes(const struct cap *c)
{
	return c->missing_cap * sizeof *c->missing + c->buckets * sizeof *c->bucket +
	       key_table_bytes(&c->sampled) + c->tally_cap * sizeof *c->tally;
}

/* ---- of accumulator.h ---- */

static unsigned tallies_of(const struct accumulator *a)
{
	return a->marked.on ? 2 : 1;
}

/* Bytes of a group with narrow tallies; without its places in the table, and what is known of its
 * distinct values. */
static size_t group_bytes(const struct accumulator *a)
{
	return a->layout.words * sizeof(uint32_t) + tallies_of(a) * sizeof *a->tally.narrow +
	       sizeof *a->cap.missing + (a->keep_seen ? sizeof *a->seen : 0);
}

size_t accumulator_used(const struct accumulator *a)
{
	size_t bytes = group_bytes(a) + (a->distinct ? DISTINCT_GROUP : 0);
	size_t used = sizeof *a + a->table.count * bytes + wides_used(&a->tally) +
		      wides_used(&a->marked.before) + a->table.cap * sizeof *a->table.slot +
		      huge_bytes(a->huge) + huge_bytes(a->huge_before);

	return used + (a->distinct ? distinct_used(a->distinct) : 0);
}

/* How many keys of so many bytes fit: with their places of `place` bytes, whose number is a power
 * of two, three quarters of them used at most. */
static uint32_t fitting(size_t room, size_t bytes, size_t place)
{
	size_t most = 0;

	for (size_t slots = 64; slots * place < room && slots < 1u << 31; slots *= 2) {
		size_t n = (room - slots * place) / bytes;
		n = n < slots / 4 * 3 ? n : slots / 4 * 3;
		most = n > most ? n : most;
	}
	return (uint32_t)most;
}

/* How many groups of so many bytes fit: with as many wide tallies as there are, and if those are
 * more, so many that all have some. */
static uint32_t tallies_fitting(const struct accumulator *a, size_t room, size_t bytes)
{
	size_t place = sizeof *a->table.slot + sizeof *a->cap.bucket;
	size_t wide = wides_bytes(&a->tally) + wides_bytes(&a->marked.before);
	uint32_t most = fitting(room, bytes + tallies_of(a) * sizeof *a->tally.wide, place);
	uint32_t more = wide < room ? fitting(room - wide, bytes, place) : 0;

	return more > most ? more : most;
}

/* What is known of their distinct values may double, or has been more. */
static uint32_t groups_fitting(const struct accumulator *a, size_t room)
{
	size_t bytes = group_bytes(a), had;
	uint32_t most, left;

	if (!a->distinct)
		return tallies_fitting(a, room, bytes);
	had = distinct_groups_bytes(a->distinct);
	most = tallies_fitting(a, room, bytes + 2 * DISTINCT_GROUP);
	left = tallies_fitting(a, room > had ? room - had : 0, bytes);
	return most < left ? most : left;
}

/* A room that is hardly another stays as it is: arrays need not be moved. */
static uint32_t settle_on(const struct cap *c, uint32_t had, uint32_t most)
{
	/* Two batches of rows, so that there is something to drop. */
	uint32_t least = c->deferred ? 64 : 1024;

	most = most > least ? most : least;
	return most >= had - had / 32 && most <= had + had / 8 ? had : most;
}

void accumulator_limit(struct accumulator *a, size_t bytes, enum metric m)
{
	struct cap *c = &a->cap;
	size_t sample = SAMPLE_MOST * (sizeof *c->tally + 2 * sizeof *c->sampled.slot +
				       a->layout.words * sizeof(uint32_t));
	size_t fixed = sizeof *a + sample + (a->distinct ? distinct_least(a->distinct) : 0);

	bytes -= bytes / 2 > fixed ? fixed : bytes / 2;
	if (a->distinct) {
		uint32_t keys = fitting(bytes / 2, (2 + a->distinct->layout.words) * 4,
					sizeof *a->table.slot);
		a->distinct->most = settle_on(c, a->distinct->most, keys);
		bytes -= bytes / 2;
	}
	c->most = settle_on(c, c->most, groups_fitting(a, bytes));
	c->metric = m;
}

void accumulator_defer(struct accumulator *a, uint32_t rows)
{
	a->cap.deferred = true;
	a->cap.over = rows;
	if (a->distinct) {
		a->distinct->deferred = true;
		a->distinct->over = 2 * rows;
	}
}

bool accumulator_has_room(const struct accumulator *a, uint32_t more)
{
	const struct cap *c = &a->cap;

	if (a->distinct && !a->distinct->bits && a->distinct->most &&
	    a->distinct->table.count + 2 * more > a->distinct->most)
		return false;
	return !c->most || c->on || a->table.count + more <= c->most - c->most / 8;
}

bool accumulator_shrink(struct accumulator *a, uint32_t looks)
{
	struct cap *c = &a->cap;

	if (a->distinct)
		distinct_make_room(a->distinct, a->dict);
	if (c->most && a->table.count > c->most)
		sweep(a, looks);
	if (c->most && a->table.count > c->most)
		return true;
	if (c->most && a->tally.cap > c->most)
		fit(a);
	return false;
}

bool accumulator_is_exact(const struct accumulator *a)
{
	return !a->cap.on && !(a->distinct && a->distinct->bits);
}

uint64_t accumulator_groups(const struct accumulator *a)
{
	uint64_t about = (uint64_t)a->cap.sampled.count << a->cap.bits;

	if (a->part.speaks)
		return a->part.count;
	return !a->cap.on || about < a->table.count ? a->table.count : about;
}

uint64_t accumulator_ranked_about(const struct accumulator *a, enum metric m)
{
	const struct cap *c = &a->cap;
	uint64_t about = 0, held = accumulator_ranked(a, m);

	if (!c->on)
		return held;
	if (!metric_wants_some(m) || m == METRIC_DISTINCT)
		return accumulator_groups(a);
	for (uint32_t i = 0; i < c->sampled.count; i++)
		about += tally_metric(&c->tally[i], m) > 0;
	about <<= c->bits;
	return about < held ? held : about;
}

uint64_t accumulator_floor(const struct accumulator *a)
{
	return a->cap.on ? a->cap.floor : 0;
}

bool accumulator_is_partial(const struct accumulator *a, uint32_t index)
{
	return a->cap.on && a->cap.missing[index];
}

uint64_t accumulator_missing(const struct accumulator *a, uint32_t index)
{
	uint64_t scale = a->distinct ? UINT64_C(1) << a->distinct->bits : 1;
	uint64_t missing = cap_missing(a, index);

	if (a->cap.metric == METRIC_DISTINCT && scale > 1)
		missing += 3 * root_u64(accumulator_distinct(a, index) * (scale - 1));
	return missing;
}

void accumulator_settled(struct accumulator *a)
{
	struct cap *c = &a->cap;

	if (c->settled)
		return;
	c->settled = true;
	c->first_floor = c->floor;
	c->folded = 0;
}

/* Whether all of them would have room, which they had not when it was tried last. */
static bool has_room_for_all(const struct accumulator *a)
{
	const struct cap *c = &a->cap;
	const struct distinct *d = a->distinct;
	uint64_t groups = accumulator_groups(a);

	if (c->tried && groups >= c->tried / 4 * 3)
		return false;
	if (d && d->bits && (uint64_t)d->table.count << d->bits >= d->most / 2)
		return false;
	return groups < c->most / 8 * 5;
}

bool accumulator_wants_recount(const struct accumulator *a)
{
	const struct cap *c = &a->cap;

	if (accumulator_is_exact(a))
		return false;
	return has_room_for_all(a) ||
	       (c->settled && c->folded > a->total.flows && c->floor / 2 > c->first_floor);
}

void accumulator_recount(struct accumulator *a)
{
	uint64_t tried = accumulator_groups(a);

	accumulator_clear(a);
	a->cap.tried = tried;
}
