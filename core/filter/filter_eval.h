/* filter_eval.h - what is common to judging a segment as a whole (filter_judge.c) and to
 * running a filter over its rows (filter_eval.c). Private to filter*.c. */
#ifndef ENITOP_FILTER_EVAL_H
#define ENITOP_FILTER_EVAL_H

#include "filter/filter_set.h"

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

/* The verdict of the node and of those under it over the whole segment, told from the
 * segment's own bounds and tables. Tables of more than `codes` values are not gone through.
 * Forgets what was known of another segment. */
enum verdict filter_judge(const struct run *r, struct node *n, uint32_t codes);

/* Whether a value of a coded column matches: its code, not a row's. Of a leaf on a label,
 * whether the label of the value does. */
bool filter_code_matches(const struct run *r, const struct node *leaf, const struct column *c,
			 uint32_t code);
/* Whether a label matches, DICT_NONE: none; the flow's scope has two values to it. */
bool filter_label_matches(const struct run *r, const struct node *leaf, uint32_t label);
bool filter_regex_matches(struct filter *f, struct regex *r, struct str s);

/* The memo of a leaf's field, `codes` entries, cleared if need be. */
uint8_t *filter_memo(struct memo *m, uint32_t codes);
/* Starts fetching what judging the code will read. */
static inline void filter_code_prefetch(const struct run *r, const struct column *c, uint32_t code)
{
	if (c->type == TYPE_ADDRESS)
		__builtin_prefetch(dict_address(r->dict, c->code[code].id));
}

#endif
