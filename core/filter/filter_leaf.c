/* filter_leaf.c - which rows of a block one comparison or regex matches. A value of a coded
 * column, and of a narrow one, is judged once a segment. */
#include "filter/filter_literal.h"
#include "labels/label_field.h"

#include <string.h>

#define STEP 512u /* values read at once */
#define STEP_WORDS (STEP / 64)

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
			struct memo *memo, const struct coded *k)
{
	uint32_t wanted[STEP], n = 0;
	uint8_t *known = memo->known;

	for (uint32_t i = 0; i < k->n; i++) {
		if (known[k->code[i]] != KNOWN_NOT_YET)
			continue;
		known[k->code[i]] = KNOWN_SOON;
		filter_code_prefetch(r, c, k->code[i]);
		wanted[n++] = k->code[i];
	}
	if (leaf->regex)
		regex_meter_start(&r->filter->meter);
	for (uint32_t i = 0; i < n; i++) {
		known[wanted[i]] = (uint8_t)filter_code_matches(r, leaf, c, wanted[i]);
		memo->undecided |= known[wanted[i]] == KNOWN_UNDECIDED;
	}
	if (leaf->regex)
		regex_meter_stop(&r->filter->meter);
}

static void each_code(const struct run *r, const struct node *leaf, const struct column *c,
		      struct memo *memo, const uint64_t *in, struct answers *out)
{
	uint8_t *known = filter_memo(memo, c->codes);
	struct coded k;

	if (memo->complete && memo->run) {
		each_between(r, c, memo->low, memo->high, in, out->yes);
		return;
	}
	for (uint32_t at = 0; at < r->n; at += STEP) {
		uint32_t n = r->n - at < STEP ? r->n - at : STEP;
		coded_rows(&k, r, c, at, in + at / 64, (n + 63) / 64);
		if (!memo->complete)
			judge_codes(r, leaf, c, memo, &k);
		for (uint32_t i = 0; i < k.n; i++) {
			uint32_t bit = k.row[i] - r->first;
			out->yes[bit / 64] |= (uint64_t)(known[k.code[i]] == KNOWN_YES) << bit % 64;
		}
		for (uint32_t i = 0; memo->undecided && i < k.n; i++)
			answers_add(out, k.row[i] - r->first, known[k.code[i]]);
	}
}

/* ---- number columns ---- */

static void in_milliseconds(uint64_t *v, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		v[i] = time_in_milliseconds(v[i]);
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
			in_milliseconds(v, n);
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
static enum known number_text_matches(const struct run *r, const struct node *leaf,
				      const struct column *c, uint32_t row, struct buf *text)
{
	buf_clear(text);
	column_render(c, r->dict, row, text);
	if (text->n == 1 && text->s[0] == '-')
		return KNOWN_NO;
	return filter_regex_matches(r->filter, leaf->regex, buf_str(text));
}

/* The rows of a step whose offsets in a narrow column nobody knows are judged, one of each. */
static void judge_offsets(const struct run *r, const struct node *leaf, const struct column *c,
			  uint8_t *known, const uint64_t *v, const uint64_t *in, uint32_t at)
{
	uint32_t wanted[STEP], n = 0;
	struct buf text = { 0 };

	for (uint32_t w = 0; w < STEP_WORDS; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
			if (v[i] == NUMBER_ABSENT || known[v[i] - c->base] != KNOWN_NOT_YET)
				continue;
			known[v[i] - c->base] = KNOWN_SOON;
			wanted[n++] = i;
		}
	if (!n)
		return;
	regex_meter_start(&r->filter->meter);
	for (uint32_t k = 0; k < n; k++)
		known[v[wanted[k]] - c->base] =
			(uint8_t)number_text_matches(r, leaf, c, r->first + at + wanted[k], &text);
	regex_meter_stop(&r->filter->meter);
	buf_release(&text);
}

/* In a narrow column every offset is judged once. */
static void each_narrow_text(const struct run *r, const struct node *leaf, const struct column *c,
			     struct memo *memo, const uint64_t *in, struct answers *out)
{
	uint8_t *known = filter_memo(memo, UINT16_MAX + 1);
	uint64_t v[STEP];

	for (uint32_t at = 0; at < r->n; at += STEP) {
		uint32_t n = r->n - at < STEP ? r->n - at : STEP;
		const uint64_t *from = in + at / 64;
		if (!any_bit(from, (n + 63) / 64))
			continue;
		column_numbers(c, r->first + at, n, v);
		judge_offsets(r, leaf, c, known, v, from, at);
		for (uint32_t w = 0; w < (n + 63) / 64; w++)
			for (uint64_t bits = from[w]; bits; bits &= bits - 1) {
				uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
				if (v[i] != NUMBER_ABSENT)
					answers_add(out, at + i, known[v[i] - c->base]);
			}
	}
}

static void each_number_text(const struct run *r, const struct node *leaf, const struct column *c,
			     struct memo *memo, const uint64_t *in, struct answers *out)
{
	struct buf text = { 0 };

	if (c->width <= 2 && !c->exceptions) {
		each_narrow_text(r, leaf, c, memo, in, out);
		return;
	}
	regex_meter_start(&r->filter->meter);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
			answers_add(out, i, number_text_matches(r, leaf, c, r->first + i, &text));
		}
	regex_meter_stop(&r->filter->meter);
	buf_release(&text);
}

/* ---- the rest ---- */

static void each_record(const struct run *r, struct node *leaf, uint64_t *in, struct answers *out)
{
	struct buf *line = &r->filter->line;

	literal_narrow(r, leaf, in);
	regex_meter_start(&r->filter->meter);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = (uint32_t)__builtin_ctzll(bits);
			buf_clear(line);
			segment_render(r->segment, r->dict, r->first + w * 64 + i, line);
			answers_add(out, w * 64 + i,
				    filter_regex_matches(r->filter, leaf->regex, buf_str(line)));
		}
	regex_meter_stop(&r->filter->meter);
	leaf->matched = leaf->matched || out->some || any_bit(out->yes, WORDS);
}

static void one_field(const struct run *r, struct node *leaf, struct memo *memo, int field,
		      const uint64_t *in, struct answers *out)
{
	const struct column *c = segment_column(r->segment, field);

	if (!c) {
		for (uint32_t w = 0; match_set_has_absent(leaf) && w < WORDS; w++)
			out->yes[w] |= in[w];
	} else if (!type_is_number(c->type)) {
		each_code(r, leaf, c, memo, in, out);
	} else if (leaf->regex) {
		each_number_text(r, leaf, c, memo, in, out);
	} else {
		each_number(r, leaf, c, in, out->yes);
	}
}

/* client, server and service are one field where the source serves, its opposite
 * elsewhere. */
static void oriented(struct run *r, struct node *leaf, unsigned k, struct sides sides,
		     const uint64_t *in, struct answers *out)
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
		       struct answers *out)
{
	const struct column *src = segment_column(r->segment, FIELD_SRCADDR);
	const struct column *dst = segment_column(r->segment, FIELD_DSTADDR);
	uint32_t id = DICT_NONE, last = DICT_NONE;
	enum known matches = filter_label_matches(r, leaf, DICT_NONE);
	struct label_field label;

	label_field_get(FIELD_SCOPE, &label);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = (uint32_t)__builtin_ctzll(bits), row = r->first + w * 64 + i;
			if (src && dst)
				id = label_field_id(r->dict, &label,
						    src->code[column_code(src, row)].id,
						    dst->code[column_code(dst, row)].id);
			if (id != last) {
				regex_meter_start(&r->filter->meter);
				matches = filter_label_matches(r, leaf, id);
				regex_meter_stop(&r->filter->meter);
			}
			last = id;
			answers_add(out, w * 64 + i, matches);
		}
}

void filter_run_leaf(struct run *r, struct node *leaf, const uint64_t *in, struct answers *out)
{
	uint64_t rest[WORDS];

	answers_clear(out);
	for (unsigned k = 0; k < leaf->fields; k++) {
		/* Rows that one side has settled are not looked at for the next. */
		for (uint32_t w = 0; w < WORDS; w++)
			rest[w] = in[w] & ~out->yes[w];
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
	/* One side did not tell, the other matches. */
	for (uint32_t w = 0; out->some && w < WORDS; w++)
		out->undecided[w] &= ~out->yes[w];
}
