/* filter_eval.c - runs a filter over the rows of a segment: a bitmap a node, and, or
 * and not as operations on words. A node only looks at the rows that still matter; a
 * value of a coded column is judged once a segment. */
#include "filter/filter_literal.h"
#include "labels/label_field.h"

#include <stdlib.h>
#include <string.h>

#define STEP 512u /* values read at once */
#define STEP_WORDS (STEP / 64)

/* A table this small, or small against the rows, is gone through before the rows: it may
 * save them all. */
#define SMALL_TABLE 256u
#define TABLE_SHARE 16u

static bool any_bit(const uint64_t *bits, uint32_t words)
{
	uint64_t any = 0;

	for (uint32_t w = 0; w < words; w++)
		any |= bits[w];
	return any != 0;
}

/* ---- values between two: compared as the column has them, codes or numbers ---- */

static void each_between(const struct run *r, const struct column *c, uint64_t low, uint64_t high,
			 const uint64_t *in, uint64_t *out)
{
	uint8_t is[STEP] = { 0 };

	for (uint32_t at = 0; at < r->n; at += STEP) {
		uint32_t n = r->n - at < STEP ? r->n - at : STEP, words = (n + 63) / 64;
		const uint64_t *from = in + at / 64;
		if (!any_bit(from, words))
			continue;
		column_within(c, r->first + at, n, low, high, is);
		for (uint32_t w = 0; w < words; w++)
			out[at / 64 + w] |= pack_bits(is + w * 64) & from[w];
	}
}

/* ---- coded columns: the bits of `in` whose row's value matches are set in `out` ---- */

/* The rows of a step that still matter, and their codes. */
struct coded {
	uint32_t n, row[STEP], code[STEP];
};

static void coded_rows(struct coded *k, const struct run *r, const struct column *c, uint32_t at,
		       const uint64_t *in, uint32_t words)
{
	uint32_t first = r->first + at;

	k->n = 0;
	for (uint32_t w = 0; w < words; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1)
			k->row[k->n++] = first + w * 64 + (uint32_t)__builtin_ctzll(bits);
	if (k->n && k->row[k->n - 1] - k->row[0] + 1 == k->n)
		column_codes(c, k->row[0], k->n, k->code);
	else
		column_codes_at(c, k->row, k->n, k->code);
}

/* Judges those of the values that nobody knows: fetched first, so that their addresses come
 * while others are looked at. */
static void judge_codes(const struct run *r, const struct node *leaf, const struct column *c,
			uint8_t *known, const struct coded *k)
{
	uint32_t wanted[STEP], n = 0;

	for (uint32_t i = 0; i < k->n; i++) {
		if (known[k->code[i]] != KNOWN_NOT_YET)
			continue;
		known[k->code[i]] = KNOWN_SOON;
		filter_code_prefetch(r, c, k->code[i]);
		wanted[n++] = k->code[i];
	}
	for (uint32_t i = 0; i < n; i++)
		known[wanted[i]] =
			filter_code_matches(r, leaf, c, wanted[i]) ? KNOWN_YES : KNOWN_NO;
}

static void each_code(const struct run *r, const struct node *leaf, const struct column *c,
		      struct memo *memo, const uint64_t *in, uint64_t *out)
{
	uint8_t *known = filter_memo(memo, c->codes);
	struct coded k;

	if (memo->complete && memo->run) {
		each_between(r, c, memo->low, memo->high, in, out);
		return;
	}
	for (uint32_t at = 0; at < r->n; at += STEP) {
		uint32_t n = r->n - at < STEP ? r->n - at : STEP;
		coded_rows(&k, r, c, at, in + at / 64, (n + 63) / 64);
		if (!memo->complete)
			judge_codes(r, leaf, c, known, &k);
		for (uint32_t i = 0; i < k.n; i++) {
			uint32_t bit = k.row[i] - r->first;
			out[bit / 64] |= (uint64_t)(known[k.code[i]] == KNOWN_YES) << bit % 64;
		}
	}
}

/* ---- number columns ---- */

static void in_seconds(uint64_t *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		v[i] = v[i] > UINT32_MAX && v[i] != NUMBER_ABSENT ? v[i] / 1000 : v[i];
}

static void each_number(const struct run *r, const struct node *leaf, const struct column *c,
			const uint64_t *in, uint64_t *out)
{
	uint64_t v[STEP] = { 0 };

	/* Times may be in milliseconds too. */
	if (leaf->matches == 1 && leaf->match->kind == MATCH_NUMBER && c->type != TYPE_TIME) {
		each_between(r, c, leaf->match->low, leaf->match->high, in, out);
		return;
	}
	for (uint32_t at = 0; at < r->n; at += STEP) {
		uint32_t n = r->n - at < STEP ? r->n - at : STEP, words = (n + 63) / 64;
		const uint64_t *from = in + at / 64;
		if (!any_bit(from, words))
			continue;
		column_numbers(c, r->first + at, n, v);
		if (c->type == TYPE_TIME)
			in_seconds(v, n);
		for (uint32_t w = 0; w < words; w++) {
			uint64_t bits = 0;
			for (uint64_t left = from[w]; left; left &= left - 1) {
				uint32_t i = (uint32_t)__builtin_ctzll(left);
				bits |= (uint64_t)match_set_has_number(leaf, v[w * 64 + i]) << i;
			}
			out[at / 64 + w] |= bits;
		}
	}
}

/* A regex on a number, as delivered; what a row without one has does not match. */
static bool number_text_matches(const struct run *r, const struct node *leaf,
				const struct column *c, uint32_t row, struct buf *text)
{
	buf_clear(text);
	column_render(c, r->dict, row, text);
	return !(text->n == 1 && text->s[0] == '-') &&
	       filter_regex_matches(r->filter, leaf->regex, buf_str(text));
}

/* In a narrow column every offset is judged once. */
static void each_number_text(const struct run *r, const struct node *leaf, const struct column *c,
			     struct memo *memo, const uint64_t *in, uint64_t *out)
{
	bool narrow = c->width <= 2 && !c->exceptions;
	uint8_t *known = narrow ? filter_memo(memo, UINT16_MAX + 1) : NULL;
	struct buf text = { 0 };

	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = (uint32_t)__builtin_ctzll(bits), row = r->first + w * 64 + i;
			uint64_t v = narrow ? column_number(c, row) : NUMBER_ABSENT;
			uint8_t *memory = v == NUMBER_ABSENT ? NULL : &known[v - c->base];
			bool is;
			if (memory && *memory != KNOWN_NOT_YET) {
				is = *memory == KNOWN_YES;
			} else {
				is = number_text_matches(r, leaf, c, row, &text);
				if (memory)
					*memory = is ? KNOWN_YES : KNOWN_NO;
			}
			out[w] |= (uint64_t)is << i;
		}
	buf_release(&text);
}

/* ---- the rest ---- */

static void each_record(const struct run *r, struct node *leaf, uint64_t *in, uint64_t *out)
{
	struct buf *line = &r->filter->line;

	literal_narrow(r, leaf, in);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = (uint32_t)__builtin_ctzll(bits);
			buf_clear(line);
			segment_render(r->segment, r->dict, r->first + w * 64 + i, line);
			if (filter_regex_matches(r->filter, leaf->regex, buf_str(line)))
				out[w] |= UINT64_C(1) << i;
		}
}

static void one_field(const struct run *r, struct node *leaf, struct memo *memo, int field,
		      const uint64_t *in, uint64_t *out)
{
	const struct column *c = segment_column(r->segment, field);

	if (!c) {
		for (uint32_t w = 0; match_set_has_absent(leaf) && w < WORDS; w++)
			out[w] |= in[w];
	} else if (!type_is_number(c->type)) {
		each_code(r, leaf, c, memo, in, out);
	} else if (leaf->regex) {
		each_number_text(r, leaf, c, memo, in, out);
	} else {
		each_number(r, leaf, c, in, out);
	}
}

/* client, server and service are one field where the source serves, its opposite
 * elsewhere. */
static void oriented(struct run *r, struct node *leaf, unsigned k, struct sides sides,
		     const uint64_t *in, uint64_t *out)
{
	uint64_t part[WORDS];

	for (uint32_t i = 0; !r->serves_known && i < r->n; i++)
		r->serves[i / 64] |=
			(uint64_t)((r->segment->mark[r->first + i] & MARK_SERVER_SRC) != 0)
			<< i % 64;
	r->serves_known = true;
	for (uint32_t w = 0; w < WORDS; w++)
		part[w] = in[w] & ~r->serves[w];
	one_field(r, leaf, &leaf->memo[k][0], sides.asking, part, out);
	for (uint32_t w = 0; w < WORDS; w++)
		part[w] = in[w] & r->serves[w];
	one_field(r, leaf, &leaf->memo[k][1], sides.serving, part, out);
}

/* The two sides' scopes give one of three values, which is judged when it changes. */
static void flow_scope(const struct run *r, const struct node *leaf, const uint64_t *in,
		       uint64_t *out)
{
	const struct column *src = segment_column(r->segment, FIELD_SRCADDR);
	const struct column *dst = segment_column(r->segment, FIELD_DSTADDR);
	uint32_t id = DICT_NONE, last = DICT_NONE;
	bool matches = filter_label_matches(r, leaf, DICT_NONE);
	struct label_field label;

	label_field_get(FIELD_SCOPE, &label);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = (uint32_t)__builtin_ctzll(bits), row = r->first + w * 64 + i;
			if (src && dst)
				id = label_field_id(r->dict, &label,
						    src->code[column_code(src, row)].id,
						    dst->code[column_code(dst, row)].id);
			if (id != last)
				matches = filter_label_matches(r, leaf, id);
			last = id;
			out[w] |= (uint64_t)matches << i;
		}
}

static void run_leaf(struct run *r, struct node *leaf, const uint64_t *in, uint64_t *out)
{
	uint64_t rest[WORDS];

	memset(out, 0, WORDS * sizeof *out);
	for (unsigned k = 0; k < leaf->fields; k++) {
		/* Rows that one side has settled are not looked at for the next. */
		for (uint32_t w = 0; w < WORDS; w++)
			rest[w] = in[w] & ~out[w];
		struct sides sides = label_field_sides(leaf->field[k]);
		if (leaf->field[k] == RECORD)
			each_record(r, leaf, rest, out);
		else if (leaf->field[k] == FIELD_SCOPE)
			flow_scope(r, leaf, rest, out);
		else if (sides_differ(sides))
			oriented(r, leaf, k, sides, rest, out);
		else
			one_field(r, leaf, &leaf->memo[k][0], sides.asking, rest, out);
	}
}

/* ---- the tree ---- */

static void run_node(struct run *r, struct node *n, const uint64_t *in, uint64_t *out)
{
	uint64_t rest[WORDS], part[WORDS];

	if (n->verdict != MAYBE) {
		for (uint32_t w = 0; w < WORDS; w++)
			out[w] = n->verdict == ALWAYS ? in[w] : 0;
		return;
	}
	switch (n->kind) {
	case NODE_ALL:
	case NODE_NONE:
		break; /* judged */
	case NODE_LEAF:
		run_leaf(r, n, in, out);
		break;
	case NODE_NOT:
		run_node(r, n->child[0], in, part);
		for (uint32_t w = 0; w < WORDS; w++)
			out[w] = in[w] & ~part[w];
		break;
	case NODE_AND:
		memcpy(out, in, sizeof rest);
		for (size_t i = 0; i < n->children && any_bit(out, WORDS); i++) {
			memcpy(rest, out, sizeof rest);
			run_node(r, n->child[i], rest, out);
		}
		break;
	case NODE_OR:
		memcpy(rest, in, sizeof rest);
		memset(out, 0, sizeof rest);
		for (size_t i = 0; i < n->children && any_bit(rest, WORDS); i++) {
			run_node(r, n->child[i], rest, part);
			for (uint32_t w = 0; w < WORDS; w++) {
				out[w] |= part[w];
				rest[w] &= ~part[w];
			}
		}
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

void filter_select(struct filter *f, const struct segment *s, const struct dict *d, uint32_t first,
		   uint32_t n, uint64_t *bits)
{
	struct run r = { .filter = f, .segment = s, .dict = d };
	uint32_t codes = n / TABLE_SHARE > SMALL_TABLE ? n / TABLE_SHARE : SMALL_TABLE;

	segment_check_published(s);
	if (filter_judge(&r, f->plan, codes) == NEVER) {
		memset(bits, 0, (n + 63) / 64 * sizeof *bits);
		return;
	}
	for (uint32_t at = 0; at < n; at += BLOCK) {
		uint64_t in[WORDS], out[WORDS];
		r.first = first + at;
		r.n = n - at < BLOCK ? n - at : BLOCK;
		memset(r.serves, 0, sizeof r.serves);
		r.serves_known = false;
		part_taking(&r, in);
		run_node(&r, f->plan, in, out);
		memcpy(bits + at / 64, out, (r.n + 63) / 64 * sizeof *bits);
	}
}

bool filter_excludes(struct filter *f, const struct segment *s, const struct dict *d)
{
	struct run r = { .filter = f, .segment = s, .dict = d };

	return filter_judge(&r, f->plan, SEGMENT_ROWS + 1) == NEVER;
}
