/* rollup.c - see rollup.h. */
#include "triage/rollup.h"

#include "triage/small_float.h"

#define DAY 24
#define WEEK 168
#define DAYS (ROLLUP_HOURS / DAY)

static unsigned place_of(int64_t hour)
{
	return (unsigned)((hour % ROLLUP_HOURS + ROLLUP_HOURS) % ROLLUP_HOURS);
}

static bool knows(const struct rollup *r, int64_t hour)
{
	unsigned at = place_of(hour);

	return hour < r->next && hour >= r->next - ROLLUP_HOURS && r->known[at / 64] >> at % 64 & 1;
}

static void forget(struct rollup *r, int64_t hour)
{
	unsigned at = place_of(hour);

	r->known[at / 64] &= ~(UINT64_C(1) << at % 64);
}

void rollup_add(struct rollup *r, int64_t hour, double median)
{
	unsigned at = place_of(hour);

	if (r->next && hour < r->next)
		return;
	if (r->next && hour - r->next >= ROLLUP_HOURS)
		memset(r->known, 0, sizeof r->known);
	else
		for (int64_t h = r->next; r->next && h < hour; h++)
			forget(r, h);
	r->median[at] = small_float_of(median);
	r->known[at / 64] |= UINT64_C(1) << at % 64;
	r->next = hour + 1;
}

/* Those every `step` hours before; how many. */
static unsigned gather(const struct rollup *r, int64_t hour, int step, double *out)
{
	unsigned n = 0;

	for (int64_t h = hour - step; h >= hour - (int64_t)ROLLUP_HOURS; h -= step)
		if (knows(r, h))
			out[n++] = small_float_value(r->median[place_of(h)]);
	return n;
}

unsigned rollup_week(const struct rollup *r, int64_t hour, double out[ROLLUP_WEEKS])
{
	return gather(r, hour, WEEK, out);
}

unsigned rollup_day(const struct rollup *r, int64_t hour, double *out)
{
	double v[DAYS];
	unsigned n = gather(r, hour, DAY, v);

	for (unsigned i = 1; i < n; i++) {
		double x = v[i];
		unsigned k = i;
		for (; k && v[k - 1] > x; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
	if (n)
		*out = n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
	return n;
}

unsigned rollup_hours(const struct rollup *r)
{
	unsigned n = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(r->known); i++)
		n += bit_count(r->known[i]);
	return n;
}
