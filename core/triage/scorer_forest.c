/* scorer_forest.c - a random cut forest: trees of the last values, four side by side a point, each
 * cut at a random place of a random side of the box that its points fill until every point is
 * alone. What lies far from the others is cut off early. Trees hold a sample of the past, into
 * which a new point comes with a chance of 1 in 8 in the place of any other, so that the past fades.
 * After S. Guha, N. Mishra, G. Roy, O. Schrijvers, "Robust Random Cut Forest Based Anomaly Detection
 * On Streams", 2016. See scorer.h. */
#include "triage/scorer.h"

#include <math.h>

#include "base/hash.h"

#define TREES 24u
#define SAMPLES 64u
#define NODES (2 * SAMPLES - 1)
#define SIDES 4u
#define CHANCE 8u /* 1 in so many points comes into a tree that is full */
#define NONE UINT8_MAX

/* A box that holds all points below it; a leaf's is a point, which so many samples are. */
struct cut_node {
	float low[SIDES], high[SIDES];
	float cut; /* on side `side`: what is at most so large is left */
	uint8_t side, left, right, parent, mass;
};

struct cut_tree {
	struct cut_node node[NODES];
	uint8_t sample[SAMPLES]; /* their leaves */
	uint8_t free[NODES], frees;
	uint8_t root, samples;
};

struct forest_state {
	uint64_t random;
	uint32_t n;
	float last[SIDES]; /* the newest at the end */
	struct cut_tree tree[TREES];
};

static void forest_init(void *state, uint64_t seed)
{
	struct forest_state *f = state;

	memset(f, 0, sizeof *f);
	f->random = seed;
	for (unsigned i = 0; i < TREES; i++) {
		f->tree[i].root = NONE;
		for (unsigned k = 0; k < NODES; k++)
			f->tree[i].free[f->tree[i].frees++] = (uint8_t)(NODES - 1 - k);
	}
}

static uint64_t draw(struct forest_state *f)
{
	return hash_u64(f->random += 0x9e3779b97f4a7c15u);
}

/* From 0 to below 1. */
static double draw_part(struct forest_state *f)
{
	return (double)(draw(f) >> 11) * 0x1p-53;
}

/* ---- boxes ---- */

static bool is_leaf(const struct cut_node *n)
{
	return n->left == NONE;
}

/* How far all sides of the box reach, grown to hold the point; *beyond: how much of that is new. */
static double reach(const struct cut_node *n, const float *p, double *beyond)
{
	double sum = 0;

	*beyond = 0;
	for (unsigned i = 0; i < SIDES; i++) {
		double below = fmax((double)n->low[i] - p[i], 0);
		double above = fmax((double)p[i] - n->high[i], 0);
		*beyond += below + above;
		sum += (double)n->high[i] - n->low[i] + below + above;
	}
	return sum;
}

static void box_of_children(struct cut_tree *t, uint8_t at)
{
	struct cut_node *n = &t->node[at];
	const struct cut_node *l = &t->node[n->left], *r = &t->node[n->right];

	for (unsigned i = 0; i < SIDES; i++) {
		n->low[i] = fminf(l->low[i], r->low[i]);
		n->high[i] = fmaxf(l->high[i], r->high[i]);
	}
	n->mass = (uint8_t)(l->mass + r->mass);
}

static void renew_above(struct cut_tree *t, uint8_t at)
{
	for (at = t->node[at].parent; at != NONE; at = t->node[at].parent)
		box_of_children(t, at);
}

/* ---- growing and cutting ---- */

static uint8_t new_leaf(struct cut_tree *t, const float *p)
{
	uint8_t at = t->free[--t->frees];
	struct cut_node *n = &t->node[at];

	*n = (struct cut_node){ .left = NONE, .right = NONE, .parent = NONE, .mass = 1 };
	memcpy(n->low, p, sizeof n->low);
	memcpy(n->high, p, sizeof n->high);
	return at;
}

static void hang(struct cut_tree *t, uint8_t parent, uint8_t from, uint8_t to)
{
	t->node[to].parent = parent;
	if (parent == NONE)
		t->root = to;
	else if (t->node[parent].left == from)
		t->node[parent].left = to;
	else
		t->node[parent].right = to;
}

/* Where on its sides, put one behind the other, a box is cut that was grown to hold the point.
 * Returns whether the cut parts the point from all that was there. */
static bool choose_cut(const struct cut_node *n, const float *p, double at, struct cut_node *out)
{
	for (unsigned i = 0; i < SIDES; i++) {
		double low = fmin(n->low[i], p[i]), high = fmax(n->high[i], p[i]);
		if (at >= high - low && i < SIDES - 1) {
			at -= high - low;
			continue;
		}
		out->side = (uint8_t)i;
		out->cut = (float)(low + at);
		/* Rounded up to the upper end nothing would be right of it. */
		if (out->cut >= (float)high)
			out->cut = nextafterf((float)high, (float)low);
		return (p[i] <= out->cut && n->low[i] > out->cut) ||
		       (p[i] > out->cut && n->high[i] <= out->cut);
	}
	return false;
}

/* Returns the leaf of the point, which is new unless it was there already. */
static uint8_t grow(struct forest_state *f, struct cut_tree *t, const float *p)
{
	uint8_t at = t->root, leaf, inner;
	struct cut_node cut = { 0 };
	double beyond, sum;

	if (at == NONE)
		return t->root = new_leaf(t, p);
	for (;;) {
		struct cut_node *n = &t->node[at];
		sum = reach(n, p, &beyond);
		if (is_leaf(n) && beyond <= 0) {
			n->mass++;
			renew_above(t, at);
			return at;
		}
		if (beyond > 0 && choose_cut(n, p, draw_part(f) * sum, &cut))
			break;
		if (!is_leaf(n))
			at = p[n->side] <= n->cut ? n->left : n->right;
	}
	leaf = new_leaf(t, p);
	inner = t->free[--t->frees];
	t->node[inner] = cut;
	hang(t, t->node[at].parent, at, inner);
	t->node[inner].left = p[cut.side] <= cut.cut ? leaf : at;
	t->node[inner].right = p[cut.side] <= cut.cut ? at : leaf;
	t->node[leaf].parent = t->node[at].parent = inner;
	box_of_children(t, inner);
	renew_above(t, inner);
	return leaf;
}

/* One sample less of a leaf; when it was the last, what is beside it takes its parent's place. */
static void cut_off(struct cut_tree *t, uint8_t leaf)
{
	uint8_t parent = t->node[leaf].parent, beside;

	if (--t->node[leaf].mass > 0) {
		renew_above(t, leaf);
		return;
	}
	t->free[t->frees++] = leaf;
	if (parent == NONE) {
		t->root = NONE;
		return;
	}
	beside = t->node[parent].left == leaf ? t->node[parent].right : t->node[parent].left;
	hang(t, t->node[parent].parent, parent, beside);
	t->free[t->frees++] = parent;
	renew_above(t, beside);
}

static void learn(struct forest_state *f, struct cut_tree *t, const float *p)
{
	uint64_t r;
	unsigned place;

	if (t->samples < SAMPLES) {
		t->sample[t->samples++] = grow(f, t, p);
		return;
	}
	r = draw(f);
	if ((r >> 32) % CHANCE)
		return;
	place = (unsigned)((uint32_t)r % SAMPLES);
	cut_off(t, t->sample[place]);
	t->sample[place] = grow(f, t, p);
}

/* ---- asking ---- */

/* How early the point would be cut off, of all cuts there may be; about 1 for one of many. */
static double early(const struct cut_tree *t, const float *p)
{
	double left = 1, score = 0, whole = t->node[t->root].mass;
	uint8_t at = t->root;

	for (double depth = 0;; depth++) {
		const struct cut_node *n = &t->node[at];
		double beyond, sum = reach(n, p, &beyond), apart = sum > 0 ? beyond / sum : 0;
		score += left * apart * (1 - n->mass / (2 * whole)) / (depth + 1);
		left *= 1 - apart;
		if (left <= 0)
			break;
		if (is_leaf(n)) {
			score += left * (1 - n->mass / (2 * whole)) / (depth + log2(1.0 + n->mass));
			break;
		}
		at = p[n->side] <= n->cut ? n->left : n->right;
	}
	return score * log2(1 + whole);
}

/* What stood behind values like the last ones; where a cut asks for what is to come, the way goes
 * to where more points are. */
static float behind(const struct cut_tree *t, const float *p)
{
	uint8_t at = t->root;

	while (!is_leaf(&t->node[at])) {
		const struct cut_node *n = &t->node[at];
		bool left = n->side < SIDES - 1 ? p[n->side] <= n->cut
						: t->node[n->left].mass >= t->node[n->right].mass;
		at = left ? n->left : n->right;
	}
	return t->node[at].low[SIDES - 1];
}

/* Middle, and the band without the lowest and highest two trees, of what they hold. */
static void expect(const struct forest_state *f, const float *p, struct judgement *out)
{
	float v[TREES] = { 0 };

	for (unsigned i = 0; i < TREES; i++) {
		float x = behind(&f->tree[i], p);
		unsigned k = i;
		for (; k && v[k - 1] > x; k--)
			v[k] = v[k - 1];
		v[k] = x;
	}
	out->expected = ((double)v[TREES / 2 - 1] + v[TREES / 2]) / 2;
	out->low = v[2];
	out->high = v[TREES - 3];
}

static void shift(float *p, float x)
{
	memmove(p, p + 1, (SIDES - 1) * sizeof *p);
	p[SIDES - 1] = x;
}

static float as_float(double x)
{
	return x > 1e37 ? 1e37F : x < -1e37 ? -1e37F : (float)x;
}

static void forest_point(void *state, int64_t t, double x, struct judgement *out)
{
	struct forest_state *f = state;

	(void)t;
	*out = (struct judgement){ x, x, x, 0 };
	shift(f->last, as_float(x));
	if (++f->n < SIDES)
		return;
	if (f->n > SIDES) {
		for (unsigned i = 0; i < TREES && f->n > SAMPLES; i++)
			out->score += early(&f->tree[i], f->last) / TREES;
		expect(f, f->last, out);
	}
	for (unsigned i = 0; i < TREES; i++)
		learn(f, &f->tree[i], f->last);
}

/* Each expected point stands for the one that comes. */
static void forest_forecast(const void *state, int64_t t, unsigned ahead, struct judgement *out)
{
	const struct forest_state *f = state;
	float p[SIDES];

	(void)t;
	memcpy(p, f->last, sizeof p);
	*out = (struct judgement){ p[SIDES - 1], p[SIDES - 1], p[SIDES - 1], 0 };
	for (; f->n >= SIDES && ahead; ahead--) {
		shift(p, 0);
		expect(f, p, out);
		p[SIDES - 1] = as_float(out->expected);
	}
	out->score = 0;
}

const struct scorer scorer_forest = {
	.name = "forest",
	.help = "how early trees of random cuts part a value from those before",
	.bytes = sizeof(struct forest_state),
	.threshold = 2.5,
	.learns = SAMPLES,
	.init = forest_init,
	.point = forest_point,
	.forecast = forest_forecast,
};
