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
#define POINTS (OLDEST - NEWEST + 1)
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

/* The points that the next one is held against; how many. */
static unsigned points(const struct zscore_state *s, float *v)
{
	unsigned n = 0;

	for (uint32_t back = OLDEST; back >= NEWEST; back--)
		if (s->n >= back)
			v[n++] = small_float_value(s->bin[(s->n - back) % BINS]);
	return n;
}

static double mad_of(float *v, unsigned n, double median)
{
	for (unsigned i = 0; i < n; i++)
		v[i] = (float)fabs(v[i] - median);
	return median_of(v, n);
}

void zscore_baseline(const void *state, struct zscore_baseline *out)
{
	float v[POINTS];
	double sum = 0, squares = 0;
	unsigned n = points(state, v);

	*out = (struct zscore_baseline){ .bins = n };
	if (n == 0)
		return;
	out->smallest = out->largest = v[0];
	for (unsigned i = 0; i < n; i++) {
		sum += v[i];
		out->smallest = fmin(out->smallest, v[i]);
		out->largest = fmax(out->largest, v[i]);
	}
	out->mean = sum / n;
	for (unsigned i = 0; i < n; i++)
		squares += (v[i] - out->mean) * (v[i] - out->mean);
	out->deviation = sqrt(squares / n);
	out->median = median_of(v, n);
	out->mad = mad_of(v, n, out->median);
}

double zscore_recent(const void *state, unsigned n)
{
	const struct zscore_state *s = state;
	float v[60];

	n = n < s->n ? n : s->n;
	for (unsigned i = 0; i < n; i++)
		v[i] = small_float_value(s->bin[(s->n - 1 - i) % BINS]);
	return n ? median_of(v, n) : 0;
}

void zscore_judge(const struct zscore_baseline *b, double x, struct judgement *out)
{
	double least = fmax(fmax(b->mad, 0.05 * fabs(b->median)), 1) / NORMAL;
	double middle = b->bins ? b->median : x;

	*out = (struct judgement){ .expected = middle,
				   .low = middle - THRESHOLD * least,
				   .high = middle + THRESHOLD * least };
	if (b->bins >= ZSCORE_BINS_LEAST)
		out->score = fabs(x - middle) / least;
}

void zscore_learn(void *state, double x)
{
	struct zscore_state *s = state;

	s->bin[s->n++ % BINS] = small_float_of(x);
}

static void zscore_point(void *state, int64_t t, double x, struct judgement *out)
{
	struct zscore_baseline b;

	(void)t;
	zscore_baseline(state, &b);
	zscore_judge(&b, x, out);
	zscore_learn(state, x);
}

static void zscore_forecast(const void *state, int64_t t, unsigned ahead, struct judgement *out)
{
	struct zscore_baseline b;

	(void)t;
	(void)ahead;
	zscore_baseline(state, &b);
	zscore_judge(&b, 0, out);
	out->score = 0;
}

const struct scorer scorer_zscore = {
	.name = "zscore",
	.help = "deviations from the median of bins i-125 to i-5",
	.bytes = sizeof(struct zscore_state),
	.threshold = THRESHOLD,
	.learns = ZSCORE_BINS_LEAST + NEWEST - 1,
	.init = zscore_init,
	.point = zscore_point,
	.forecast = zscore_forecast,
};
