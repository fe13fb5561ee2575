/* bulk.c - see bulk.h. Records are counted by buckets of three days, each with its first and its
 * last time: 256 KiB hold every time of 32 bits. */
#include "query/bulk.h"

#include <stdlib.h>

#include "query/accumulator.h"

#define BUCKET_SHIFT 18
#define BUCKETS (1u << (32 - BUCKET_SHIFT))
#define LONG_S (180 * 86400) /* where some lie apart: bars of all are most of a day */
#define WORTH 16             /* so many times less time have the others */

struct bulk_bucket {
	uint64_t records;
	uint32_t first, last;
	uint32_t ended; /* the first end */
};

struct bulk {
	struct bulk_bucket bucket[BUCKETS];
};

struct bulk *bulk_new(void)
{
	struct bulk *b = xcalloc(1, sizeof *b);

	for (size_t i = 0; i < BUCKETS; i++)
		b->bucket[i].first = b->bucket[i].ended = UINT32_MAX;
	return b;
}

void bulk_free(struct bulk *b)
{
	free(b);
}

static uint32_t clamp(int64_t t)
{
	return t < 0 ? 0 : t > UINT32_MAX ? UINT32_MAX : (uint32_t)t;
}

/* Records that ended in the bucket of `last`, the first of which began, or ended, at `first`; from
 * `ended` on. */
static void add(struct bulk *b, uint32_t first, uint32_t ended, uint32_t last, uint64_t records)
{
	struct bulk_bucket *at = &b->bucket[last >> BUCKET_SHIFT];

	at->records += records;
	if (at->records == 0) {
		*at = (struct bulk_bucket){ .first = UINT32_MAX, .ended = UINT32_MAX };
		return;
	}
	at->first = first < at->first ? first : at->first;
	at->ended = ended < at->ended ? ended : at->ended;
	at->last = last > at->last ? last : at->last;
}

static bool is_counted(const struct segment *s, uint32_t row, const uint64_t *bits, uint32_t bit)
{
	return bits ? bits[bit / 64] >> bit % 64 & 1 : (s->mark[row] & MARK_STATUS) == 0;
}

static int64_t started_at(const struct column *start, uint32_t row, int64_t time)
{
	uint64_t v = start ? column_number(start, row) : NUMBER_ABSENT;
	int64_t t = v == NUMBER_ABSENT ? time : time_in_seconds(v);

	return t < time && time - t <= SPREAD_MAX_S ? t : time;
}

static void add_rows(struct bulk *b, const struct segment *s, uint32_t first, uint32_t n,
		     const uint64_t *bits, struct span span, int sign)
{
	enum { STEP = 512 };
	const struct column *start = segment_column(s, FIELD_START);
	int64_t time[STEP];

	for (uint32_t done = 0; done < n; done += STEP) {
		uint32_t some = n - done < STEP ? n - done : STEP;
		segment_times(s, first + done, some, time);
		for (uint32_t i = 0; i < some; i++) {
			uint32_t row = first + done + i;
			if (time[i] == INT64_MIN || !span_holds(span, time[i]) ||
			    !is_counted(s, row, bits, done + i))
				continue;
			add(b, clamp(started_at(start, row, time[i])), clamp(time[i]),
			    clamp(time[i]), (uint64_t)(int64_t)sign);
		}
	}
}

/* Of rows first..first+n-1, a status row among them or not, how many count. */
static uint64_t count(const struct segment *s, uint32_t first, uint32_t n, const uint64_t *bits)
{
	uint64_t sum = 0;

	if (!bits && n == s->rows)
		return s->flows;
	for (uint32_t i = 0; i < n; i++)
		if (bits && i % 64 == 0 && n - i >= 64) {
			sum += bit_count(bits[i / 64]);
			i += 63;
		} else {
			sum += is_counted(s, first + i, bits, i);
		}
	return sum;
}

void bulk_add(struct bulk *b, const struct segment *s, uint32_t first, uint32_t n,
	      const uint64_t *bits, struct span span, int64_t started, int sign)
{
	uint32_t low = clamp(s->time_min), high = clamp(s->time_max);
	uint64_t records;

	if (!s->dated || s->time_max < span.from || s->time_min >= span.to)
		return;
	if (s->dated < s->rows || s->time_min < span.from || s->time_max >= span.to ||
	    low >> BUCKET_SHIFT != high >> BUCKET_SHIFT) {
		add_rows(b, s, first, n, bits, span, sign);
		return;
	}
	records = count(s, first, n, bits);
	if (records)
		add(b, started < low ? clamp(started) : low, low, high,
		    records * (uint64_t)(int64_t)sign);
}

void bulk_put(struct bulk *b, int64_t started, int64_t first, int64_t last, uint64_t records)
{
	if (records)
		add(b, clamp(started), clamp(first), clamp(last), records);
}

/* The time from the first record of a bucket to the last of another. */
static uint64_t width(const struct bulk *b, size_t left, size_t right)
{
	return b->bucket[right].last - b->bucket[left].first;
}

/* Of the buckets *left..*right, which have records, the fewest that have all but `few`. */
static void narrow(const struct bulk *b, size_t *left, size_t *right, uint64_t few)
{
	uint64_t narrowest = width(b, *left, *right) / WORTH, before = 0, behind = 0;
	size_t high = *right, low = *left, end = *right;

	for (; high > low && behind + b->bucket[high].records <= few; high--)
		behind += b->bucket[high].records;
	for (; low <= end && before <= few; before += b->bucket[low++].records) {
		if (b->bucket[low].records == 0)
			continue;
		while (before + behind > few)
			behind -= b->bucket[++high].records;
		while (high > low && b->bucket[high].records == 0)
			high--;
		if (high >= low && width(b, low, high) <= narrowest) {
			narrowest = width(b, low, high);
			*left = low;
			*right = high;
		}
	}
}

/* Buckets: left..right have all, first..last the bulk. */
struct bulk_bounds {
	size_t left, first, last, right;
};

/* Returns how many records are not behind `latest`. */
static uint64_t find_bulk(const struct bulk *b, int64_t latest, struct bulk_bounds *at)
{
	size_t left = 0, right = BUCKETS - 1, last;
	uint64_t records = 0;

	while (right > 0 && !b->bucket[right].records)
		right--;
	/* Log time may stand within a bucket; what is ahead of it is more than a day ahead. */
	for (last = right;
	     last > 0 && (!b->bucket[last].records || b->bucket[last].first > latest);)
		last--;
	while (left < last && !b->bucket[left].records)
		left++;
	for (size_t i = left; i <= last; i++)
		records += b->bucket[i].records;
	*at = (struct bulk_bounds){ left, left, last, right };
	if (records > 3 && width(b, left, last) >= LONG_S)
		narrow(b, &at->first, &at->last, records / 1000 ? records / 1000 : 1);
	return records;
}

static uint64_t count_astray(const struct bulk *b, const struct bulk_bounds *at, int64_t latest)
{
	uint64_t n = 0;

	for (size_t i = at->left; i <= at->right; i++)
		if ((i < at->first || i > at->last) && b->bucket[i].first <= latest)
			n += b->bucket[i].records;
	return n;
}

struct span bulk_span(const struct bulk *b, int64_t latest, uint64_t *astray)
{
	struct span s = { INT64_MIN, INT64_MAX, true };
	struct bulk_bounds at;

	*astray = 0;
	if (find_bulk(b, latest, &at) == 0)
		return s;
	if (at.first > at.left)
		s.from = b->bucket[at.first].first;
	if (at.last < at.right)
		s.to = (int64_t)b->bucket[at.last].last + 1;
	*astray = count_astray(b, &at, latest);
	return s;
}

uint64_t bulk_data(const struct bulk *b, int64_t latest, struct span window, int64_t *first,
		   int64_t *last)
{
	struct bulk_bounds at;
	bool moved = false;

	if (*first > *last || find_bulk(b, latest, &at) == 0)
		return 0;
	if (at.first > at.left && window.from == INT64_MIN) {
		*first = b->bucket[at.first].ended;
		moved = true;
	}
	if (at.last < at.right && window.to > b->bucket[at.last].last) {
		*last = b->bucket[at.last].last;
		moved = true;
	}
	return moved ? count_astray(b, &at, latest) : 0;
}
