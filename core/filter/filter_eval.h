/* filter_eval.h - what is common to judging a segment as a whole (filter_judge.c) and to
 * running a filter over its rows (filter_eval.c, filter_leaf.c). Private to filter*.c. */
#ifndef ENITOP_FILTER_EVAL_H
#define ENITOP_FILTER_EVAL_H

#include "filter/filter_set.h"

#include <string.h>

#define BLOCK 4096u /* rows at a time */
#define WORDS (BLOCK / 64)

struct run {
	struct filter *filter;
	const struct segment *segment;
	const struct dict *dict;
	uint32_t first, n;      /* the block's rows */
	uint64_t serves[WORDS]; /* rows whose source is the serving side */
	bool serves_known;
};

/* Those of a block's rows that match, and those of which it can't be told. */
struct answers {
	uint64_t yes[WORDS];
	uint64_t undecided[WORDS]; /* valid where there are some */
	bool some;
};

static inline void answers_clear(struct answers *t)
{
	memset(t->yes, 0, sizeof t->yes);
	t->some = false;
}

static inline void answers_begin_undecided(struct answers *t)
{
	if (!t->some)
		memset(t->undecided, 0, sizeof t->undecided);
	t->some = true;
}

static inline void answers_add(struct answers *t, uint32_t i, enum known is)
{
	t->yes[i / 64] |= (uint64_t)(is == KNOWN_YES) << i % 64;
	if (is == KNOWN_UNDECIDED) {
		answers_begin_undecided(t);
		t->undecided[i / 64] |= UINT64_C(1) << i % 64;
	}
}

static inline bool any_bit(const uint64_t *bits, uint32_t words)
{
	uint64_t any = 0;

	for (uint32_t w = 0; w < words; w++)
		any |= bits[w];
	return any != 0;
}

/* The verdict of the node and of those under it over the whole segment, told from the
 * segment's own bounds and tables. Tables of more than `codes` values are not gone through.
 * Forgets what was known of another segment. */
enum verdict filter_judge(const struct run *r, struct node *n, uint32_t codes);

/* Whether a value of a coded column matches: its code, not a row's. Of a leaf on a label,
 * whether the label of the value does. */
enum known filter_code_matches(const struct run *r, const struct node *leaf, const struct column *c,
			       uint32_t code);
/* Whether a label matches, DICT_NONE: none; the flow's scope has two values to it. */
enum known filter_label_matches(const struct run *r, const struct node *leaf, uint32_t label);

/* filter_leaf.c: which of the rows in `in` the leaf matches. */
void filter_run_leaf(struct run *r, struct node *leaf, const uint64_t *in, struct answers *out);

/* filter_regex.c: whether the text matches, as far as the filter's meter allows to look.
 * Stands between a start and a stop of the meter, as many times as one likes. */
enum known filter_regex_matches(struct filter *f, struct regex *r, struct str s);
void regex_meter_start(struct regex_meter *m);
void regex_meter_stop(struct regex_meter *m);

/* The memo of a leaf's field, `codes` entries, cleared if need be. */
uint8_t *filter_memo(struct memo *m, uint32_t codes);
/* Starts fetching what judging the code will read. */
static inline void filter_code_prefetch(const struct run *r, const struct column *c, uint32_t code)
{
	if (c->type == TYPE_ADDRESS)
		__builtin_prefetch(dict_address(r->dict, c->code[code].id));
}

#endif
