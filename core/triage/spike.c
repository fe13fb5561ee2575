/* spike.c - see spike.h. */
#include "triage/spike.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "triage/small_float.h"

#define WINDOW 4u            /* bins of which */
#define HOT 3u               /* so many are hot */
#define ENDS_S 600           /* without a hot bin, */
#define ENDS_BINS 2          /* or so many of them */
#define BLOCK_S (28 * 86400) /* the largest is of this block and the one before */
#define TIMES 4.0            /* the median */
#define BEYOND 1.5           /* the largest of the baseline */
#define NEAR 130u            /* bins behind a large one for which the baseline is asked for */
#define SIZE_OTHERS 30.0     /* a minute, of metrics that have none of their own */

/* What is worth a word, a minute. */
static const double sizes[METRICS] = {
	[METRIC_BYTES] = 10e6,
	[METRIC_PACKETS] = 1000,
	[METRIC_FLOWS] = 100,
	[METRIC_REJECTS] = 30,
};

/* Bins of one way that were hot, or at which the scorer fired: the newest is bit 0. */
struct heat_run {
	uint8_t hot, fired;
	int current; /* the spike that is going on; -1: none */
};

enum spike_way { WAY_UP, WAY_DOWN, WAYS };

struct spike_series {
	struct spike_rule rule;
	struct heat_run run[WAYS];
	uint32_t points, blocks;
	uint32_t near;        /* so many bins more may be hot: some large one is not long ago */
	int64_t first, block; /* times: of the first point; when this block began */
	double block_largest, before_largest; /* of bins that left the window, none of a spike's */
	struct spike_point window[WINDOW];    /* by number of the point */
	double z[WINDOW];
	struct zscore_baseline base[WINDOW];
	bool seasonal[WINDOW];
	struct spike_point oddest;
	struct rollup *rollup; /* NULL: no hour is over, or bins are no minutes */
	struct spike *spike;
	size_t spikes, cap;
	uint64_t forgotten;
	void *zscore, *scorer; /* states; the same where the rule's scorer is the z-score */
};

/* ---- life ---- */

struct spike_series *spike_series_new(const struct spike_rule *r)
{
	struct spike_series *s = xcalloc(1, sizeof *s);

	s->rule = *r;
	s->run[WAY_UP].current = s->run[WAY_DOWN].current = -1;
	s->zscore = xmalloc(scorer_zscore.bytes);
	scorer_zscore.init(s->zscore, r->seed);
	s->scorer = s->zscore;
	if (r->scorer != SCORER_ZSCORE) {
		s->scorer = xmalloc(scorer_of(r->scorer)->bytes);
		scorer_of(r->scorer)->init(s->scorer, r->seed);
	}
	return s;
}

void spike_series_free(struct spike_series *s)
{
	if (!s)
		return;
	if (s->scorer != s->zscore)
		free(s->scorer);
	free(s->zscore);
	free(s->rollup);
	free(s->spike);
	free(s);
}

static void *copy_of(const void *from, size_t bytes)
{
	return from ? memcpy(xmalloc(bytes), from, bytes) : NULL;
}

struct spike_series *spike_series_copy(const struct spike_series *s)
{
	struct spike_series *c = copy_of(s, sizeof *s);
	bool same = s->scorer == s->zscore;

	c->zscore = copy_of(s->zscore, scorer_zscore.bytes);
	c->scorer = same ? c->zscore : copy_of(s->scorer, scorer_of(s->rule.scorer)->bytes);
	c->rollup = copy_of(s->rollup, sizeof *s->rollup);
	c->spike = s->spikes ? copy_of(s->spike, s->spikes * sizeof *s->spike) : NULL;
	c->cap = s->spikes;
	return c;
}

size_t spike_series_bytes(const struct spike_rule *r)
{
	return sizeof(struct spike_series) + scorer_zscore.bytes + sizeof(struct rollup) +
	       (r->scorer == SCORER_ZSCORE ? 0 : scorer_of(r->scorer)->bytes);
}

/* ---- what it is held against ---- */

static double size_of(const struct spike_rule *r)
{
	double size = sizes[r->metric] > 0 ? sizes[r->metric] : SIZE_OTHERS;

	size = r->size > 0 ? r->size : size;
	return r->metric == METRIC_DISTINCT ? size : size * (double)r->every / 60;
}

/* The baseline of the next bin: of the same hour of the week where three weeks are known. */
static bool baseline(const struct spike_series *s, int64_t time, struct zscore_baseline *out)
{
	double week[ROLLUP_WEEKS];

	zscore_baseline(s->zscore, out);
	if (!s->rollup || rollup_week(s->rollup, time / 3600, week) < ROLLUP_WEEKS)
		return false;
	out->median = fmax(fmin(week[0], week[1]), fmin(fmax(week[0], week[1]), week[2]));
	out->mad = 0;
	for (unsigned i = 0; i < ROLLUP_WEEKS; i++)
		week[i] = fabs(week[i] - out->median);
	out->mad = fmax(fmin(week[0], week[1]), fmin(fmax(week[0], week[1]), week[2]));
	return true;
}

static bool is_hot(const struct spike_series *s, const struct zscore_baseline *b, double x,
		   enum spike_way way)
{
	double size = size_of(&s->rule);

	if (b->bins < ZSCORE_BINS_LEAST)
		return false;
	if (way == WAY_DOWN)
		return b->median >= size && x <= b->median / TIMES;
	return x >= size && x >= TIMES * b->median && x >= BEYOND * b->largest;
}

/* ---- spikes ---- */

static void forget_oldest(struct spike_series *s)
{
	memmove(s->spike, s->spike + 1, --s->spikes * sizeof *s->spike);
	s->forgotten++;
	for (unsigned w = 0; w < WAYS; w++)
		s->run[w].current -= s->run[w].current >= 0;
}

/* Takes the bin at a place of the window for the worst of the spike, if it is. */
static void take_bin(struct spike_series *s, struct spike *k, unsigned place)
{
	const struct spike_point *p = &s->window[place];
	const struct zscore_baseline *b = &s->base[place];

	k->until = p->time + s->rule.every;
	if (k->median >= 0 && (k->fell ? p->value >= k->value : p->value <= k->value))
		return;
	k->value = p->value;
	k->by = p->by;
	k->score = p->said.score;
	k->z = s->z[place];
	k->seasonal = s->seasonal[place];
	k->median = b->median;
	k->mad = b->mad;
	k->mean = b->mean;
	k->deviation = b->deviation;
	k->beyond = k->fell || k->largest <= 0 ? 0 : (k->value - k->largest) / k->largest;
}

static void begin_spike(struct spike_series *s, enum spike_way way)
{
	struct heat_run *run = &s->run[way];
	struct spike *k;
	bool first = true;

	if (s->spikes == SPIKES_MAX)
		forget_oldest(s);
	xgrow((void **)&s->spike, &s->cap, s->spikes + 1, sizeof *s->spike);
	run->current = (int)s->spikes;
	k = &s->spike[s->spikes++];
	*k = (struct spike){ .open = true,
			     .fell = way == WAY_DOWN,
			     .median = -1,
			     .largest = fmax(s->block_largest, s->before_largest) };
	for (unsigned back = WINDOW; back-- > 0;) {
		unsigned place = (s->points - 1 - back) % WINDOW;
		if (!(run->hot >> back & 1))
			continue;
		if (first) {
			k->since = s->window[place].time;
			k->expected = fmax(s->window[place].said.expected, 0);
		}
		first = false;
		take_bin(s, k, place);
	}
	k->over = k->since - (s->blocks ? s->block - BLOCK_S : s->first);
}

static void follow_spike(struct spike_series *s, enum spike_way way)
{
	struct heat_run *run = &s->run[way];
	struct spike *k = &s->spike[run->current];
	unsigned place = (s->points - 1) % WINDOW;
	int64_t end = s->window[place].time + s->rule.every;
	int64_t quiet = ENDS_BINS * s->rule.every;

	if (run->hot & 1) {
		take_bin(s, k, place);
		return;
	}
	quiet = quiet > ENDS_S ? quiet : ENDS_S;
	if (end - k->until < quiet)
		return;
	k->open = false;
	run->current = -1;
	if (!k->fell)
		s->block_largest = fmax(s->block_largest, k->value);
}

static void heat(struct spike_series *s, enum spike_way way, bool hot, bool fired)
{
	struct heat_run *run = &s->run[way];
	uint8_t of_window = (1u << WINDOW) - 1;

	run->hot = (uint8_t)((run->hot << 1 | hot) & of_window);
	run->fired = (uint8_t)((run->fired << 1 | (hot && fired)) & of_window);
	if (run->current >= 0)
		follow_spike(s, way);
	else if (hot && bit_count(run->hot) >= HOT && run->fired)
		begin_spike(s, way);
}

/* ---- points ---- */

/* The bin that leaves the window counts among those that were, unless it is a spike's. */
static void let_leave(struct spike_series *s, int64_t time)
{
	const struct spike_point *old = &s->window[s->points % WINDOW];
	int64_t over;

	if (s->points == 0)
		s->first = s->block = time;
	over = (time - s->block) / BLOCK_S;
	if (over > 0) {
		s->before_largest = s->block_largest;
		s->block_largest = 0;
		s->block += over * BLOCK_S;
		s->blocks++;
	}
	if (s->points >= WINDOW && s->run[WAY_UP].current < 0)
		s->block_largest = fmax(s->block_largest, old->value);
}

/* The hour that ended before this bin, if one did. */
static void roll_up(struct spike_series *s, int64_t time)
{
	const struct spike_point *last = &s->window[(s->points - 1) % WINDOW];
	int64_t minutes;

	if (s->rule.every != 60 || !s->points || time / 3600 == last->time / 3600)
		return;
	minutes = last->time % 3600 / 60 + 1;
	if ((int64_t)s->points < minutes)
		return;
	if (!s->rollup)
		s->rollup = xcalloc(1, sizeof *s->rollup);
	rollup_add(s->rollup, last->time / 3600, zscore_recent(s->zscore, (unsigned)minutes));
}

void spike_series_add(struct spike_series *s, int64_t time, double value, struct spike_point *out)
{
	const struct spike_rule *r = &s->rule;
	unsigned place = s->points % WINDOW;
	bool learning = s->points < SPIKE_LEARNS || r->scorer == SCORER_ZSCORE, fired;
	struct judgement simple = { 0 };

	roll_up(s, time);
	let_leave(s, time);
	s->near = value >= size_of(r) ? NEAR : s->near - (s->near > 0);
	s->base[place] = (struct zscore_baseline){ 0 };
	s->seasonal[place] = (learning || s->near) && baseline(s, time, &s->base[place]);
	zscore_judge(&s->base[place], value, &simple);
	zscore_learn(s->zscore, value);
	s->z[place] = simple.score;
	*out = (struct spike_point){ .time = time,
				     .value = value,
				     .said = simple,
				     .by = learning ? SCORER_ZSCORE : r->scorer,
				     .learnt = s->points };
	if (r->scorer != SCORER_ZSCORE)
		scorer_of(r->scorer)->point(s->scorer, time, value,
					    learning ? &simple : &out->said);
	s->points++;
	s->window[place] = *out;
	fired = out->said.score >= (learning ? r->z : r->threshold);
	/* The z-score says of each bin whether it is odd, the others of the first that is. */
	for (unsigned w = 0; w < WAYS; w++)
		heat(s, w, is_hot(s, &s->base[place], value, w) && (!learning || fired), fired);
	out->fired = (s->run[WAY_UP].current >= 0 && s->run[WAY_UP].hot & 1) ||
		     (s->run[WAY_DOWN].current >= 0 && s->run[WAY_DOWN].hot & 1);
	s->window[place].fired = out->fired;
	if (s->points == 1 || out->said.score > s->oddest.said.score)
		s->oddest = *out;
}

unsigned spike_series_count(const struct spike_series *s)
{
	return (unsigned)s->spikes;
}

const struct spike *spike_series_at(const struct spike_series *s, unsigned i)
{
	return &s->spike[i];
}

uint64_t spike_series_forgotten(const struct spike_series *s)
{
	return s->forgotten;
}

unsigned spike_series_points(const struct spike_series *s)
{
	return s->points;
}

const struct spike_point *spike_series_last(const struct spike_series *s)
{
	return s->points ? &s->window[(s->points - 1) % WINDOW] : NULL;
}

const struct spike_point *spike_series_oddest(const struct spike_series *s)
{
	return s->points ? &s->oddest : NULL;
}

const struct rollup *spike_series_rollup(const struct spike_series *s)
{
	return s->rollup;
}

enum scorer_kind spike_series_forecast(const struct spike_series *s, unsigned ahead,
				       struct judgement *out)
{
	bool learning = s->points < SPIKE_LEARNS;
	enum scorer_kind by = learning ? SCORER_ZSCORE : s->rule.scorer;
	int64_t last = s->points ? spike_series_last(s)->time : 0;

	scorer_of(by)->forecast(learning ? s->zscore : s->scorer,
				last + (int64_t)ahead * s->rule.every, ahead, out);
	/* There are no sums below nothing. */
	out->expected = fmax(out->expected, 0);
	out->low = fmax(out->low, 0);
	out->high = fmax(out->high, 0);
	return by;
}

/* ---- words ---- */

void spike_amount(enum metric m, double v, struct buf *out)
{
	uint64_t n = v >= 1.8e19 ? UINT64_MAX : v > 0 ? (uint64_t)(v + 0.5) : 0;
	char text[16];

	buf_puts(out, m == METRIC_BYTES ? human_bytes(text, sizeof text, n)
					: human_count(text, sizeof text, n));
}

static const struct {
	int64_t seconds;
	const char *name, *per;
} widths[] = {
	{ 60, "1m", "a minute" },
	{ 600, "10m", "in 10 minutes" },
	{ 3600, "1h", "an hour" },
	{ 86400, "1d", "a day" },
};

static size_t width_of(int64_t seconds)
{
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(widths) && widths[i].seconds != seconds)
		i++;
	return i;
}

const char *spike_every(int64_t seconds)
{
	return widths[width_of(seconds)].name;
}

int64_t spike_every_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++)
		if (str_equal(name, str_of(widths[i].name)))
			return widths[i].seconds;
	return 0;
}

const char *spike_every_at(size_t i)
{
	return i < ARRAY_SIZE(widths) ? widths[i].name : NULL;
}

const char *spike_per(int64_t seconds)
{
	return widths[width_of(seconds)].per;
}

void spike_text(const struct spike *k, const struct spike_rule *r, struct str who, struct buf *out)
{
	char text[16];

	buf_printf(out, "%s of ",
		   r->metric == METRIC_DISTINCT ? "different values" : metric_name(r->metric));
	buf_add_str(out, who);
	buf_puts(out, k->fell ? " fell: " : ": ");
	spike_amount(r->metric, k->value, out);
	buf_printf(out, " %s, expected ", spike_per(r->every));
	spike_amount(r->metric, k->expected, out);
	if (k->fell)
		return;
	if (k->over >= BLOCK_S)
		snprintf(text, sizeof text, "%d weeks", (int)(k->over / (7 * 86400)));
	else
		human_duration(text, sizeof text, k->over);
	buf_printf(out, ", largest in %s ", text);
	spike_amount(r->metric, k->largest, out);
	if (k->beyond >= 1)
		buf_printf(out, ", %s %.0f times beyond", k->open ? "now" : "was", k->beyond);
}
