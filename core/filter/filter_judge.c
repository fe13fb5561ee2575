/* filter_judge.c - whether a segment has any, or only, rows that match, told without
 * looking at rows: from the bounds of number columns and the tables of coded ones. */
#include <stdlib.h>
#include <string.h>

#include "filter/filter_eval.h"
#include "labels/label_field.h"
#include "schema/describe.h"
#include "schema/reading.h"

/* ---- one value ---- */

static enum known known(bool matches)
{
	return matches ? KNOWN_YES : KNOWN_NO;
}

/* "AS64500 Example Ltd" is also AS64500, and 64500. */
static bool is_number_of_as(const struct node *leaf, struct str text)
{
	struct str rest = text, first = str_token(&rest);
	struct str number = { first.s + 2, first.n > 2 ? first.n - 2 : 0 };

	return number.n && (match_set_has_text(leaf, &first) || match_set_has_text(leaf, &number));
}

enum known filter_label_matches(const struct run *r, const struct node *leaf, uint32_t label)
{
	struct str text = dict_text(r->dict, label);

	if (label == DICT_NONE)
		return known(!leaf->regex && match_set_has_absent(leaf));
	if (leaf->regex)
		return filter_regex_matches(r->filter, leaf->regex, text);
	return known(match_set_has_text(leaf, &text) ||
		     (label_field_is_as(leaf->field[0]) && is_number_of_as(leaf, text)));
}

/* A text as it stands, or as it was before it was percent-encoded: people type what they called it.
 * NULL: the row has none. */
static bool has_text(const struct node *leaf, const struct str *text)
{
	bool has = match_set_has_text(leaf, text);
	struct buf plain = { 0 };
	struct str meant;

	if (has || !text || !memchr(text->s, '%', text->n))
		return has;
	if (field_is_tag(leaf->field[0]))
		describe_tag(*text, &plain);
	else
		reading_delivered(*text, &plain);
	meant = buf_str(&plain);
	has = match_set_has_text(leaf, &meant);
	buf_release(&plain);
	return has;
}

enum known filter_code_matches(const struct run *r, const struct node *leaf, const struct column *c,
			       uint32_t code)
{
	uint8_t address[16];
	char canonical[46];
	bool has = code != 0;
	struct label_field label; /* the fields of a leaf are all labels of a kind, or none is */
	struct str text;

	if (label_field_get(leaf->field[0], &label))
		return filter_label_matches(
			r, leaf, label_field_id(r->dict, &label, c->code[code].id, DICT_NONE));
	if (c->type == TYPE_ADDRESS && !leaf->regex)
		return known(match_set_has_address(leaf, dict_address(r->dict, c->code[code].id)));
	if (c->type == TYPE_ADDRESS)
		has = column_address(c, r->dict, code, address);
	text = leaf->regex ? column_exact(c, r->dict, code) : column_text(c, r->dict, code);
	if (!leaf->regex)
		return known(has_text(leaf, has ? &text : NULL));
	/* As delivered, be it an address or not. */
	if (has && text.n == 0 && c->type == TYPE_ADDRESS)
		text = (struct str){ canonical, address_format(address, canonical) };
	return code ? filter_regex_matches(r->filter, leaf->regex, text) : KNOWN_NO;
}

uint8_t *filter_memo(struct memo *m, uint32_t codes)
{
	if (m->cap < codes) {
		free(m->known);
		m->known = xmalloc(codes);
		m->cap = codes;
		m->begun = false;
	}
	if (!m->begun)
		memset(m->known, KNOWN_NOT_YET, codes);
	m->undecided &= m->begun;
	m->begun = true;
	return m->known;
}

/* ---- columns ---- */

/* Codes of a sealed segment begin at the base: code 0, that of '-', is always in the
 * table, and in rows only when the base is 0. */
static enum verdict judge_table(const struct run *r, const struct node *leaf,
				const struct column *c, struct memo *memo, uint32_t codes)
{
	enum { AHEAD = 16 };
	uint32_t from = (uint32_t)c->base, to = c->published, yes = 0;
	uint8_t *is;

	if (to > codes || from >= to)
		return MAYBE;
	is = filter_memo(memo, c->codes);
	memo->low = to;
	if (leaf->regex)
		regex_meter_start(&r->filter->meter);
	for (uint32_t code = from; code < to; code++) {
		if (code + AHEAD < to)
			filter_code_prefetch(r, c, code + AHEAD);
		is[code] = (uint8_t)filter_code_matches(r, leaf, c, code);
		yes += is[code] == KNOWN_YES;
		memo->undecided |= is[code] == KNOWN_UNDECIDED;
		if (is[code] == KNOWN_YES) {
			memo->low = code < memo->low ? code : memo->low;
			memo->high = code;
		}
	}
	if (leaf->regex)
		regex_meter_stop(&r->filter->meter);
	memo->complete = true;
	memo->run = yes && !memo->undecided && memo->high - memo->low + 1 == yes;
	if (memo->undecided)
		return MAYBE;
	return yes == 0 ? NEVER : yes == to - from ? ALWAYS : MAYBE;
}

/* The least and the greatest number that a column can hold, of a sealed segment. */
static bool bounds(const struct column *c, uint64_t *min, uint64_t *max)
{
	*min = c->base;
	*max = c->base + c->range;
	if (c->type != TYPE_TIME)
		return true;
	/* Milliseconds may stand beside seconds: then there is no order. */
	if (*min <= UINT32_MAX && *max > UINT32_MAX)
		return false;
	*min = time_in_milliseconds(*min);
	*max = time_in_milliseconds(*max);
	return true;
}

static enum verdict judge_bounds(const struct segment *s, const struct node *leaf,
				 const struct column *c)
{
	uint64_t min, max;
	bool some = match_set_has_absent(leaf) && c->absent, all = false;

	if (s->cap || !bounds(c, &min, &max))
		return MAYBE;
	for (size_t i = 0; i < leaf->matches; i++) {
		const struct match *m = &leaf->match[i];
		if (m->kind == MATCH_NUMBER) {
			some = some || (m->low <= max && m->high >= min);
			all = all || (m->low <= min && m->high >= max);
		} else if (m->kind == MATCH_FLAGS) {
			some = some || m->low <= max;
		}
	}
	all = all && (!c->absent || match_set_has_absent(leaf));
	return !some ? NEVER : all ? ALWAYS : MAYBE;
}

/* An open segment knows the span of its rows' times. */
static bool ends_elsewhere(const struct segment *s, const struct node *leaf)
{
	if (!s->cap || s->dated != s->rows || match_set_has_absent(leaf))
		return false;
	for (size_t i = 0; i < leaf->matches; i++)
		if ((int64_t)(leaf->match[i].low / 1000) <= s->time_max &&
		    (int64_t)(leaf->match[i].high / 1000) >= s->time_min)
			return false;
	return true;
}

static enum verdict judge_column(const struct run *r, const struct node *leaf, int field,
				 struct memo *memo, uint32_t codes)
{
	const struct column *c = segment_column(r->segment, field);

	if (!c)
		return match_set_has_absent(leaf) ? ALWAYS : NEVER;
	if (type_is_number(c->type)) {
		if (leaf->regex)
			return MAYBE;
		return field == FIELD_END && ends_elsewhere(r->segment, leaf)
			       ? NEVER
			       : judge_bounds(r->segment, leaf, c);
	}
	return judge_table(r, leaf, c, memo, leaf->regex ? codes / 8 : codes);
}

/* ---- the tree ---- */

static enum verdict judge_leaf(const struct run *r, struct node *leaf, uint32_t codes)
{
	unsigned never = 0;

	for (unsigned k = 0; k < leaf->fields; k++) {
		enum verdict v;
		if (leaf->field[k] == RECORD || leaf->field[k] == FIELD_SCOPE)
			return MAYBE;
		struct sides sides = label_field_sides(leaf->field[k]);
		v = judge_column(r, leaf, sides.asking, &leaf->memo[k][0], codes);
		if (sides_differ(sides) &&
		    v != judge_column(r, leaf, sides.serving, &leaf->memo[k][1], codes))
			v = MAYBE;
		if (v == ALWAYS)
			return ALWAYS;
		never += v == NEVER;
	}
	return never == leaf->fields ? NEVER : MAYBE;
}

static void forget(struct node *n)
{
	n->verdict = MAYBE;
	for (unsigned k = 0; k < n->fields; k++)
		for (unsigned side = 0; side < 2; side++)
			n->memo[k][side].begun = n->memo[k][side].complete = false;
	for (size_t i = 0; i < n->children; i++)
		forget(n->child[i]);
}

static enum verdict judge(const struct run *r, struct node *n, uint32_t codes)
{
	enum verdict decides = n->kind == NODE_AND ? NEVER : ALWAYS, v;
	size_t same = 0;

	switch (n->kind) {
	case NODE_ALL:
		return n->verdict = ALWAYS;
	case NODE_NONE:
		return n->verdict = NEVER;
	case NODE_LEAF:
		return n->verdict = judge_leaf(r, n, codes);
	case NODE_NOT:
		v = judge(r, n->child[0], codes);
		return n->verdict = v == NEVER ? ALWAYS : v == ALWAYS ? NEVER : MAYBE;
	default:
		break;
	}
	for (size_t i = 0; i < n->children; i++) {
		v = judge(r, n->child[i], codes);
		if (v == decides)
			return n->verdict = v;
		same += v != MAYBE;
	}
	if (same == n->children)
		return n->verdict = decides == NEVER ? ALWAYS : NEVER;
	return MAYBE;
}

enum verdict filter_judge(const struct run *r, struct node *n, uint32_t codes)
{
	forget(n);
	return judge(r, n, codes);
}
