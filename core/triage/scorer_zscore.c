/* scorer_zscore.c - how many deviations a point is from the median of those a while ago, by the
 * median of their own distances from it, which a few wild ones do not move. Made for sums of
 * records: a deviation of less than 1, or of less than a twentieth of the median, is none. The last
 * four points are left out, so that what rises slowly does not teach itself. See scorer.h. */
#include "triage/scorer.h"

#include <math.h>

#include "triage/small_float.h"

#define BINS 130u
#define OLDEST 125u /* points back that are looked at, */
#define NEWEST 5u   /* to so many */
#define WANTED 15u  /* of them, at least */
#define NORMAL 0.6745
#define THRESHOLD 6.0

struct zscore_state {
	uint32_t n;
	uint16_t bin[BINS]; /* the last, by their number */
};

static void zscore_init(void *state, uint64_t seed)
{
	(void)seed;
	*(struct zscore_state *)state = (struct zscore_state){ 0 };
}

/* The value that would be `k`th, counted from 0, were they in order; those before it are no larger
 * then, those behind it no smaller. */
static float select_nth(float *v, int n, int k)
{
	int low = 0, high = n - 1;

	while (low < high) { /* N. Wirth's, of 1976 */
		float pivot = v[k];
		int i = low, j = high;
		while (i <= j) {
			for (; v[i] < pivot; i++)
				;
			for (; v[j] > pivot; j--)
				;
			if (i <= j) {
				float x = v[i];
				v[i++] = v[j];
				v[j--] = x;
			}
		}
		if (j < k)
			low = i;
		if (k < i)
			high = j;
	}
	return v[k];
}

/* Of two in the middle their mean. */
static double median_of(float *v, unsigned n)
{
	double upper = select_nth(v, (int)n, (int)n / 2), lower = upper;

	if (n % 2)
		return upper;
	for (unsigned i = 0; i < n / 2; i++)
		lower = i == 0 || v[i] > lower ? v[i] : lower;
	return (lower + upper) / 2;
}

/* Median and deviation of what the next point is held against; how many points those are. */
static unsigned baseline(const struct zscore_state *s, double *median, double *deviation)
{
	float v[OLDEST - NEWEST + 1];
	unsigned n = 0;

	for (uint32_t back = OLDEST; back >= NEWEST; back--)
		if (s->n >= back)
			v[n++] = small_float_value(s->bin[(s->n - back) % BINS]);
	if (n == 0)
		return 0;
	*median = median_of(v, n);
	for (unsigned i = 0; i < n; i++)
		v[i] = (float)fabs(v[i] - *median);
	*deviation = fmax(fmax(median_of(v, n), 0.05 * fabs(*median)), 1);
	return n;
}

static unsigned band(const struct zscore_state *s, double otherwise, struct judgement *out)
{
	double median = otherwise, deviation = 0;
	unsigned n = baseline(s, &median, &deviation);

	*out = (struct judgement){ .expected = median,
				   .low = median - THRESHOLD / NORMAL * deviation,
				   .high = median + THRESHOLD / NORMAL * deviation };
	if (n >= WANTED)
		out->score = deviation / NORMAL;
	return n;
}

static void zscore_point(void *state, int64_t t, double x, struct judgement *out)
{
	struct zscore_state *s = state;

	(void)t;
	if (band(s, x, out) >= WANTED)
		out->score = fabs(x - out->expected) / out->score;
	s->bin[s->n % BINS] = small_float_of(x);
	s->n++;
}

static void zscore_forecast(const void *state, int64_t t, unsigned ahead, struct judgement *out)
{
	(void)t;
	(void)ahead;
	band(state, 0, out);
	out->score = 0;
}

const struct scorer scorer_zscore = {
	.name = "zscore",
	.help = "deviations from the median of bins i-125 to i-5",
	.bytes = sizeof(struct zscore_state),
	.threshold = THRESHOLD,
	.learns = WANTED + NEWEST - 1,
	.init = zscore_init,
	.point = zscore_point,
	.forecast = zscore_forecast,
};
