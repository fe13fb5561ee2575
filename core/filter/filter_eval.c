/* filter_eval.c - runs a filter over the rows of a segment: a bitmap a node, and, or
 * and not as operations on words, in Kleene's logic where a regex gave up. A node only looks
 * at the rows that still matter. */
#include "filter/filter_eval.h"

#include <string.h>

/* A table this small, or small against the rows, is gone through before the rows: it may
 * save them all. */
#define SMALL_TABLE 256u
#define TABLE_SHARE 16u

/* ---- the tree ---- */

static void run_node(struct run *r, struct node *n, const uint64_t *in, struct answers *out);

static void run_not(struct run *r, struct node *n, const uint64_t *in, struct answers *out)
{
	run_node(r, n->child[0], in, out);
	for (uint32_t w = 0; w < WORDS; w++)
		out->yes[w] = in[w] & ~out->yes[w];
	for (uint32_t w = 0; out->some && w < WORDS; w++)
		out->yes[w] &= ~out->undecided[w];
}

/* What one part says no to, the others are not asked about; the rest is yes, but for what
 * some part can't tell. */
static void run_and(struct run *r, struct node *n, const uint64_t *in, struct answers *out)
{
	uint64_t left[WORDS];
	struct answers part;

	memcpy(left, in, sizeof left);
	out->some = false;
	for (size_t i = 0; i < n->children && any_bit(left, WORDS); i++) {
		run_node(r, n->child[i], left, &part);
		memcpy(left, part.yes, sizeof left);
		if (part.some)
			answers_begin_undecided(out);
		for (uint32_t w = 0; part.some && w < WORDS; w++) {
			left[w] |= part.undecided[w];
			out->undecided[w] |= part.undecided[w];
		}
	}
	memcpy(out->yes, left, sizeof left);
	for (uint32_t w = 0; out->some && w < WORDS; w++) {
		out->undecided[w] &= left[w];
		out->yes[w] &= ~out->undecided[w];
	}
}

static void run_or(struct run *r, struct node *n, const uint64_t *in, struct answers *out)
{
	uint64_t left[WORDS];
	struct answers part;

	memcpy(left, in, sizeof left);
	answers_clear(out);
	for (size_t i = 0; i < n->children && any_bit(left, WORDS); i++) {
		run_node(r, n->child[i], left, &part);
		if (part.some)
			answers_begin_undecided(out);
		for (uint32_t w = 0; w < WORDS; w++) {
			out->yes[w] |= part.yes[w];
			left[w] &= ~part.yes[w];
		}
		for (uint32_t w = 0; part.some && w < WORDS; w++)
			out->undecided[w] |= part.undecided[w];
	}
	for (uint32_t w = 0; out->some && w < WORDS; w++)
		out->undecided[w] &= ~out->yes[w];
}

static void run_node(struct run *r, struct node *n, const uint64_t *in, struct answers *out)
{
	if (n->verdict != MAYBE) {
		answers_clear(out);
		if (n->verdict == ALWAYS)
			memcpy(out->yes, in, sizeof out->yes);
		return;
	}
	switch (n->kind) {
	case NODE_ALL:
	case NODE_NONE:
		break; /* judged */
	case NODE_LEAF:
		filter_run_leaf(r, n, in, out);
		break;
	case NODE_NOT:
		run_not(r, n, in, out);
		break;
	case NODE_AND:
		run_and(r, n, in, out);
		break;
	case NODE_OR:
		run_or(r, n, in, out);
		break;
	}
}

/* The rows that take part: flows, and the others where the filter names log-status. */
static void part_taking(const struct run *r, uint64_t *in)
{
	const struct segment *s = r->segment;
	bool all = r->filter->names_status || !(s->nodata + s->skipdata);
	uint8_t is[BLOCK];

	memset(in, 0, WORDS * sizeof *in);
	if (all) {
		memset(in, 0xff, r->n / 64 * sizeof *in);
		if (r->n % 64)
			in[r->n / 64] = (UINT64_C(1) << r->n % 64) - 1;
		return;
	}
	for (uint32_t i = 0; i < r->n; i++)
		is[i] = (s->mark[r->first + i] & MARK_STATUS) == 0;
	memset(is + r->n, 0, (BLOCK - r->n) % 64);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		in[w] = pack_bits(is + w * 64);
}

/* The undecided rows of a block, put where those of the segment go; how many they are. */
static uint32_t put_undecided(const struct answers *t, uint32_t words, uint64_t *to)
{
	uint32_t n = 0;

	for (uint32_t w = 0; t->some && w < words; w++)
		n += bit_count(t->undecided[w]);
	if (to && t->some)
		memcpy(to, t->undecided, words * sizeof *to);
	else if (to)
		memset(to, 0, words * sizeof *to);
	return n;
}

uint32_t filter_select(struct filter *f, const struct segment *s, const struct dict *d,
		       uint32_t first, uint32_t n, uint64_t *bits, uint64_t *undecided)
{
	struct run r = { .filter = f, .segment = s, .dict = d };
	uint32_t codes = n / TABLE_SHARE > SMALL_TABLE ? n / TABLE_SHARE : SMALL_TABLE, count = 0;

	segment_check_published(s);
	if (filter_judge(&r, f->plan, codes) == NEVER) {
		memset(bits, 0, (n + 63) / 64 * sizeof *bits);
		if (undecided)
			memset(undecided, 0, (n + 63) / 64 * sizeof *bits);
		return 0;
	}
	for (uint32_t at = 0; at < n; at += BLOCK) {
		uint64_t in[WORDS];
		struct answers out;
		uint32_t words;
		r.first = first + at;
		r.n = n - at < BLOCK ? n - at : BLOCK;
		words = (r.n + 63) / 64;
		memset(r.serves, 0, sizeof r.serves);
		r.serves_known = false;
		part_taking(&r, in);
		run_node(&r, f->plan, in, &out);
		memcpy(bits + at / 64, out.yes, words * sizeof *bits);
		count += put_undecided(&out, words, undecided ? undecided + at / 64 : NULL);
	}
	return count;
}

bool filter_excludes(struct filter *f, const struct segment *s, const struct dict *d)
{
	struct run r = { .filter = f, .segment = s, .dict = d };

	return filter_judge(&r, f->plan, SEGMENT_ROWS + 1) == NEVER;
}
