/* filter_eval.c - runs a filter over the rows of a segment: a bitmap a node, and, or
 * and not as operations on words. A node only looks at the rows that still matter; a
 * value of a coded column is judged once a segment. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "filter_ast.h"
#include "filter_eval.h"

#define BLOCK 4096u /* rows at a time */
#define WORDS (BLOCK / 64)
#define STEP 512u /* numbers read at once */

struct run {
	struct filter *filter;
	const struct segment *segment;
	const struct dict *dict;
	uint32_t first, n; /* the block's rows */
};

/* ---- values ---- */

static bool number_matches(const struct node *leaf, uint64_t v, enum field_type type)
{
	if (type == TYPE_TIME && v != NUMBER_ABSENT)
		v = (uint64_t)time_in_seconds(v);
	for (size_t i = 0; i < leaf->matches; i++) {
		const struct match *m = &leaf->match[i];
		switch (m->kind) {
		case MATCH_NUMBER:
			if (v != NUMBER_ABSENT && v >= m->low && v <= m->high)
				return true;
			break;
		case MATCH_FLAGS:
			if (v != NUMBER_ABSENT && (v & m->low) == m->low)
				return true;
			break;
		default:
			if (m->kind == MATCH_ABSENT && v == NUMBER_ABSENT)
				return true;
		}
	}
	return false;
}

static bool regex_matches(struct filter *f, const struct regex *r, struct str s)
{
	int rc = pcre2_match(r->code, (PCRE2_SPTR)(s.s ? s.s : ""), s.n, 0, PCRE2_NO_UTF_CHECK,
			     r->data, r->context);

	if (rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT ||
	    rc == PCRE2_ERROR_JIT_STACKLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT)
		f->too_slow++;
	return rc >= 0;
}

static bool text_is(const char *wanted, struct str s)
{
	return strlen(wanted) == s.n && strncasecmp(wanted, s.s, s.n) == 0;
}

static bool code_matches(const struct run *r, const struct node *leaf, const struct column *c,
			 uint32_t code)
{
	uint8_t address[16];
	bool has = c->type == TYPE_ADDRESS && column_address(c, r->dict, code, address);
	struct str text = column_text(c, r->dict, code);

	if (leaf->regex) {
		char canonical[46];
		if (has && text.n == 0)
			text = (struct str){ canonical, address_format(address, canonical) };
		return code != 0 && regex_matches(r->filter, leaf->regex, text);
	}
	for (size_t i = 0; i < leaf->matches; i++) {
		const struct match *m = &leaf->match[i];
		if (m->kind == MATCH_ABSENT    ? code == 0
		    : m->kind == MATCH_TEXT    ? code != 0 && text_is(m->text, text)
		    : m->kind == MATCH_ADDRESS ? has && memcmp(address, m->from, 16) >= 0 &&
							 memcmp(address, m->to, 16) <= 0
					       : false)
			return true;
	}
	return false;
}

/* ---- leaves: set the bits of `in` whose row matches ---- */

static void each_code(const struct run *r, struct node *leaf, const struct column *c,
		      uint8_t **memo, const uint64_t *in, uint64_t *out)
{
	if (!*memo)
		*memo = xcalloc(c->codes, 1);
	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w] & ~out[w]; bits; bits &= bits - 1) {
			uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
			uint32_t code = column_code(c, r->first + i);
			uint8_t *known = &(*memo)[code];
			if (*known == 0)
				*known = code_matches(r, leaf, c, code) ? 2 : 1;
			out[w] |= (uint64_t)(*known == 2) << i % 64;
		}
}

static void each_number(const struct run *r, const struct node *leaf, const struct column *c,
			const uint64_t *in, uint64_t *out)
{
	uint64_t v[STEP];
	struct buf text = { 0 };

	for (uint32_t at = 0; at < r->n; at += STEP) {
		uint32_t n = r->n - at < STEP ? r->n - at : STEP;
		column_numbers(c, r->first + at, n, v);
		for (uint32_t i = 0; i < n; i++) {
			uint64_t bit = UINT64_C(1) << (at + i) % 64;
			if (!(in[(at + i) / 64] & bit))
				continue;
			bool yes;
			if (leaf->regex) {
				buf_clear(&text);
				column_render(c, r->dict, r->first + at + i, &text);
				yes = regex_matches(r->filter, leaf->regex, buf_str(&text));
			} else {
				yes = number_matches(leaf, v[i], c->type);
			}
			if (yes)
				out[(at + i) / 64] |= bit;
		}
	}
	buf_release(&text);
}

static void each_record(const struct run *r, const struct node *leaf, const uint64_t *in,
			uint64_t *out)
{
	struct buf *line = &r->filter->line;

	for (uint32_t w = 0; w < (r->n + 63) / 64; w++)
		for (uint64_t bits = in[w]; bits; bits &= bits - 1) {
			uint32_t i = w * 64 + (uint32_t)__builtin_ctzll(bits);
			buf_clear(line);
			segment_render(r->segment, r->dict, r->first + i, line);
			if (regex_matches(r->filter, leaf->regex, buf_str(line)))
				out[w] |= UINT64_C(1) << i % 64;
		}
}

static bool wants_absent(const struct node *leaf)
{
	for (size_t i = 0; i < leaf->matches; i++)
		if (leaf->match[i].kind == MATCH_ABSENT)
			return true;
	return false;
}

static void one_field(const struct run *r, struct node *leaf, unsigned which, int field,
		      unsigned side, const uint64_t *in, uint64_t *out)
{
	const struct column *c = segment_column(r->segment, field);

	if (!c) {
		for (uint32_t w = 0; wants_absent(leaf) && w < (r->n + 63) / 64; w++)
			out[w] |= in[w];
	} else if (type_is_number(c->type)) {
		each_number(r, leaf, c, in, out);
	} else {
		each_code(r, leaf, c, &leaf->memo[which][side], in, out);
	}
}

/* client, server and service are one field where the source serves, its opposite
 * elsewhere. */
static void oriented(const struct run *r, struct node *leaf, int asked, int serving,
		     const uint64_t *in, uint64_t *out)
{
	uint64_t serves[WORDS] = { 0 }, asks[WORDS];

	for (uint32_t i = 0; i < r->n; i++)
		if (r->segment->mark[r->first + i] & MARK_SERVER_SRC)
			serves[i / 64] |= UINT64_C(1) << i % 64;
	for (uint32_t w = 0; w < WORDS; w++) {
		asks[w] = w < (r->n + 63) / 64 ? in[w] & ~serves[w] : 0;
		serves[w] = w < (r->n + 63) / 64 ? in[w] & serves[w] : 0;
	}
	one_field(r, leaf, 0, asked, 0, asks, out);
	one_field(r, leaf, 0, serving, 1, serves, out);
}

static void run_leaf(const struct run *r, struct node *leaf, const uint64_t *in, uint64_t *out)
{
	memset(out, 0, WORDS * sizeof *out);
	for (unsigned k = 0; k < leaf->fields; k++)
		switch (leaf->field[k]) {
		case RECORD:
			each_record(r, leaf, in, out);
			break;
		case FIELD_CLIENT:
			oriented(r, leaf, FIELD_SRCADDR, FIELD_DSTADDR, in, out);
			break;
		case FIELD_SERVER:
			oriented(r, leaf, FIELD_DSTADDR, FIELD_SRCADDR, in, out);
			break;
		case FIELD_SERVICE:
			oriented(r, leaf, FIELD_DSTPORT, FIELD_SRCPORT, in, out);
			break;
		default:
			one_field(r, leaf, k, leaf->field[k], 0, in, out);
		}
}

/* ---- the tree ---- */

static bool any_bit(const uint64_t *bits)
{
	for (uint32_t w = 0; w < WORDS; w++)
		if (bits[w])
			return true;
	return false;
}

static void run_node(const struct run *r, struct node *n, const uint64_t *in, uint64_t *out)
{
	uint64_t rest[WORDS], part[WORDS];

	switch (n->kind) {
	case NODE_ALL:
		memcpy(out, in, sizeof rest);
		return;
	case NODE_LEAF:
		run_leaf(r, n, in, out);
		return;
	case NODE_NOT:
		run_node(r, n->child[0], in, part);
		for (uint32_t w = 0; w < WORDS; w++)
			out[w] = in[w] & ~part[w];
		return;
	case NODE_AND:
		memcpy(out, in, sizeof rest);
		for (size_t i = 0; i < n->children && any_bit(out); i++) {
			memcpy(rest, out, sizeof rest);
			run_node(r, n->child[i], rest, out);
		}
		return;
	case NODE_OR:
		memcpy(rest, in, sizeof rest);
		memset(out, 0, sizeof rest);
		for (size_t i = 0; i < n->children && any_bit(rest); i++) {
			run_node(r, n->child[i], rest, part);
			for (uint32_t w = 0; w < WORDS; w++) {
				out[w] |= part[w];
				rest[w] &= ~part[w];
			}
		}
		return;
	}
}

static void memo_clear(struct node *n)
{
	for (unsigned k = 0; k < LEAF_FIELDS; k++)
		for (unsigned side = 0; side < 2; side++) {
			free(n->memo[k][side]);
			n->memo[k][side] = NULL;
		}
	for (size_t i = 0; i < n->children; i++)
		memo_clear(n->child[i]);
}

void filter_select(struct filter *f, const struct segment *s, const struct dict *d, uint32_t first,
		   uint32_t n, uint64_t *bits)
{
	for (uint32_t at = 0; at < n; at += BLOCK) {
		struct run r = { f, s, d, first + at, n - at < BLOCK ? n - at : BLOCK };
		uint64_t in[WORDS] = { 0 }, out[WORDS];
		for (uint32_t i = 0; i < r.n; i++)
			if (f->names_status || !(s->mark[r.first + i] & MARK_STATUS))
				in[i / 64] |= UINT64_C(1) << i % 64;
		run_node(&r, f->root, in, out);
		memcpy(bits + at / 64, out, (r.n + 63) / 64 * sizeof *bits);
	}
	memo_clear(f->root);
}

/* ---- which segments need no look ---- */

static bool leaf_excludes(const struct node *leaf, const struct segment *s)
{
	if (wants_absent(leaf))
		return false;
	for (unsigned k = 0; k < leaf->fields; k++) {
		int field = leaf->field[k];
		if (field == FIELD_END && s->dated == s->rows && !leaf->regex) {
			for (size_t i = 0; i < leaf->matches; i++)
				if ((int64_t)leaf->match[i].low <= s->time_max &&
				    (leaf->match[i].high > INT64_MAX ||
				     (int64_t)leaf->match[i].high >= s->time_min))
					return false;
			continue;
		}
		if (field == RECORD || field >= FIELDS_PUBLISHED || segment_column(s, field))
			return false;
	}
	return true;
}

static bool node_excludes(const struct node *n, const struct segment *s)
{
	if (n->kind == NODE_LEAF)
		return leaf_excludes(n, s);
	for (size_t i = 0; n->kind == NODE_AND && i < n->children; i++)
		if (node_excludes(n->child[i], s))
			return true;
	return false;
}

bool filter_excludes(struct filter *f, const struct segment *s, const struct dict *d)
{
	(void)d;
	return node_excludes(f->root, s);
}

/* ---- order: what is cheap goes first ---- */

static unsigned cost(const struct node *n)
{
	unsigned sum = 0;

	if (n->kind == NODE_LEAF)
		return n->fields && n->field[0] == RECORD ? 1000 : n->regex ? 20 : n->fields;
	for (size_t i = 0; i < n->children; i++)
		sum += cost(n->child[i]);
	return sum;
}

static int by_cost(const void *a, const void *b)
{
	unsigned x = cost(*(struct node *const *)a), y = cost(*(struct node *const *)b);

	return x < y ? -1 : x > y;
}

void filter_order(struct node *n)
{
	for (size_t i = 0; i < n->children; i++)
		filter_order(n->child[i]);
	if (n->children > 1)
		qsort(n->child, n->children, sizeof *n->child, by_cost);
}
