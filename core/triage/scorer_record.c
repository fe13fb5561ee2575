/* scorer_record.c - a point is unusual where it breaks a record: that of the values, that of what
 * is left of them once the usual of the hour is taken off, or that of the smoothed logarithm of
 * their relation. Records are of 4 to 8 weeks. See scorer.h. */
#include "triage/scorer.h"

#include <math.h>

#define HOURS 24u
#define BLOCK_S (28 * 86400)    /* records are of this block and the one before */
#define LEARNS 100u             /* points that count for nothing */
#define YOUNG 50u               /* so long an edge moves all the way */
#define PART 0.05               /* of its range by which a record must be broken to count */
#define LEVEL 0.3               /* how fast the level follows */
#define MEMORY_S (500.0 * 60)   /* of the profile */
#define FADES 0.980198673306755 /* exp(-1/50), a point: an alarm's hold on the next ones */
#define DEVIATION 1.2533        /* of a normal value, of its mean absolute error */
#define CLIP 4.0                /* errors beyond which an hour that is known learns no more */
#define KNOWN 12u               /* times that an hour was met by then */

enum channel_id { CHANNEL_VALUE, CHANNEL_REST, CHANNEL_RATIO, CHANNELS };

/* Points from which a channel begins. */
static const unsigned begins[CHANNELS] = { 1, 10, 50 };

struct channel {
	double low, high;               /* the records */
	double block_low, block_high;   /* extremes of this block, */
	double before_low, before_high; /* and of the one before */
};

struct record_state {
	double usual[HOURS]; /* by hour of the day */
	double error;        /* mean absolute, of the usual; */
	double level;        /* smoothed, of it; */
	double level_error;  /* mean absolute, of the forecast from both */
	double ratio;        /* smoothed logarithm of value to usual */
	double peak;         /* what alarms are still about */
	struct channel channel[CHANNELS];
	int64_t last, block; /* times: of the last point; when this block began */
	uint32_t met[HOURS];
	uint32_t n;
	uint32_t blocks; /* that are over */
};

static void record_init(void *state, uint64_t seed)
{
	(void)seed;
	*(struct record_state *)state = (struct record_state){ 0 };
}

static unsigned hour_of(int64_t t)
{
	return (unsigned)(((t / 3600) % HOURS + HOURS) % HOURS);
}

/* max(least, 1/n): a mean at first, then one that forgets. */
static double pace(double least, uint32_t n)
{
	return fmax(least, 1.0 / n);
}

static double clip(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

/* ---- records ---- */

static void channel_begin(struct channel *c, double v)
{
	*c = (struct channel){ v, v, v, v, v, v };
}

/* By how much the value broke the record, as a logarithm; 0: it did not. */
static double channel_break(struct channel *c, double v, double x, uint32_t n)
{
	double range = fmax(c->high - c->low, 1e-9 * (fabs(x) + 1e-9));
	double excess = fmax(v - c->high, c->low - v), s = 0;

	if (excess > 0) {
		double step = n < YOUNG ? excess : fmin(excess, range);
		s = log1p(excess / (PART * range));
		if (v > c->high)
			c->high += step;
		else
			c->low -= step;
	}
	v = clip(v, c->low, c->high);
	c->block_low = fmin(c->block_low, v);
	c->block_high = fmax(c->block_high, v);
	return s;
}

/* A block is over: what is older than it is forgotten. */
static void channel_turn(struct channel *c, bool first)
{
	c->low = first ? c->block_low : fmin(c->block_low, c->before_low);
	c->high = first ? c->block_high : fmax(c->block_high, c->before_high);
	c->before_low = c->block_low;
	c->before_high = c->block_high;
	c->block_low = INFINITY;
	c->block_high = -INFINITY;
}

/* A silence of several blocks is one. */
static void turn_blocks(struct record_state *s, int64_t t)
{
	int64_t over = (t - s->block) / BLOCK_S;

	if (over < 1)
		return;
	for (unsigned i = 0; i < CHANNELS; i++)
		if (s->n > begins[i])
			channel_turn(&s->channel[i], s->blocks == 0);
	s->block += over * BLOCK_S;
	s->blocks++;
}

/* The largest break of all channels. */
static double break_records(struct record_state *s, double x, double rest)
{
	const double value[CHANNELS] = { x, rest, s->ratio };
	double most = 0;

	for (unsigned i = 0; i < CHANNELS; i++) {
		if (s->n < begins[i])
			continue;
		if (s->n == begins[i])
			channel_begin(&s->channel[i], value[i]);
		else
			most = fmax(most, channel_break(&s->channel[i], value[i], x, s->n));
	}
	return s->n > LEARNS ? most : 0;
}

/* ---- points ---- */

/* The logarithm of the relation, both counted from the lowest there was. */
static double ratio_of(double x, double usual, double low, double least)
{
	return log((fmax(x - low, 0) + least) / (fmax(usual - low, 0) + least));
}

static void learn(struct record_state *s, unsigned hour, double rest, double dt, double least)
{
	double held = s->met[hour] >= KNOWN ? clip(rest, -CLIP * least, CLIP * least) : rest;

	s->met[hour]++;
	s->usual[hour] += pace(1 - exp(-dt / MEMORY_S), s->met[hour]) * held;
	s->error += pace(0.002, s->n) * (fabs(rest) - s->error);
}

static void record_point(void *state, int64_t t, double x, struct judgement *out)
{
	struct record_state *s = state;
	unsigned hour = hour_of(t);
	const struct channel *c = &s->channel[CHANNEL_VALUE];
	double usual, rest, forecast, most, least;
	double dt = s->n ? clip((double)(t - s->last), 0, 3600) : 0;

	if (s->n++ == 0) {
		for (unsigned i = 0; i < HOURS; i++)
			s->usual[i] = x;
		s->block = t;
	}
	usual = s->usual[hour];
	rest = x - usual;
	least = s->error + 0.001 * (c->high - c->low) + 1e-12;
	s->ratio += pace(0.1, s->n) * (ratio_of(x, usual, c->low, least) - s->ratio);
	forecast = usual + s->level;
	out->expected = forecast;
	out->low = forecast - 2 * DEVIATION * s->level_error;
	out->high = forecast + 2 * DEVIATION * s->level_error;
	s->level_error += pace(0.01, s->n) * (fabs(x - forecast) - s->level_error);
	s->level += LEVEL * (rest - s->level);
	turn_blocks(s, t);
	most = break_records(s, x, rest);
	learn(s, hour, rest, dt, least);
	out->score = most - s->peak;
	s->peak = fmax(s->peak * FADES, most);
	s->last = t;
}

/* The level is lost with distance, and what it explained with it. */
static void record_forecast(const void *state, int64_t t, unsigned ahead, struct judgement *out)
{
	const struct record_state *s = state;
	double left = pow(1 - LEVEL, (double)ahead - 1);
	double error = left * s->level_error + (1 - left) * fmax(s->error, s->level_error);

	out->expected = s->usual[hour_of(t)] + s->level * left;
	out->low = out->expected - 2 * DEVIATION * error;
	out->high = out->expected + 2 * DEVIATION * error;
	out->score = 0;
}

_Static_assert(sizeof(struct record_state) <= 656, "as the table of scorers says");

const struct scorer scorer_record = {
	.name = "record",
	.help = "by how far a value breaks the records of 4 to 8 weeks",
	.bytes = sizeof(struct record_state),
	.threshold = 0.35,
	.learns = LEARNS,
	.init = record_init,
	.point = record_point,
	.forecast = record_forecast,
};
