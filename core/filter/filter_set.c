/* filter_set.c - see filter_set.h. */
#include "filter/filter_set.h"

#include <ctype.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define NUMBER_MAX (NUMBER_ABSENT - 1)

/* The block of IPv4 in the space of addresses, and its neighbours. */
static const uint8_t v4_first[16] = { [10] = 0xff, [11] = 0xff };
static const uint8_t v4_last[16] = {
	[10] = 0xff, [11] = 0xff, [12] = 0xff, [13] = 0xff, [14] = 0xff, [15] = 0xff
};
static const uint8_t before_v4[16] = {
	[10] = 0xff, [11] = 0xfe, [12] = 0xff, [13] = 0xff, [14] = 0xff, [15] = 0xff
};
static const uint8_t behind_v4[16] = { [9] = 1 };

/* ---- order ---- */

static int rank(const struct match *m)
{
	switch (m->kind) {
	case MATCH_ABSENT:
		return 0;
	case MATCH_GLOB:
		return 2;
	case MATCH_FLAGS:
		return 3;
	default:
		return 1;
	}
}

static int by_value(const void *a, const void *b)
{
	const struct match *x = a, *y = b;

	if (rank(x) != rank(y))
		return rank(x) - rank(y);
	if (x->kind == MATCH_ADDRESS)
		return memcmp(x->from, y->from, 16);
	if (x->text)
		return strcasecmp(x->text, y->text);
	return x->low < y->low ? -1 : x->low > y->low;
}

/* Whether the address b is a or the one after it. */
static bool reaches(const uint8_t a[16], const uint8_t b[16])
{
	uint8_t next[16];
	int i = 15;

	memcpy(next, a, 16);
	while (i >= 0 && ++next[i] == 0)
		i--;
	return i < 0 || memcmp(b, next, 16) <= 0;
}

/* Takes b, which does not begin before a, into a, when they touch. */
static bool join(struct match *a, const struct match *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MATCH_NUMBER:
		if (b->low > a->high && b->low - a->high > 1)
			return false;
		a->high = b->high > a->high ? b->high : a->high;
		return true;
	case MATCH_ADDRESS:
		if (!reaches(a->to, b->from))
			return false;
		if (memcmp(b->to, a->to, 16) > 0)
			memcpy(a->to, b->to, 16);
		return true;
	case MATCH_FLAGS:
		return a->low == b->low;
	case MATCH_TEXT:
	case MATCH_GLOB:
		return strcasecmp(a->text, b->text) == 0;
	default:
		return true;
	}
}

static void sort_and_join(struct node *leaf)
{
	size_t n = 0;

	qsort(leaf->match, leaf->matches, sizeof *leaf->match, by_value);
	for (size_t i = 0; i < leaf->matches; i++) {
		struct match *m = &leaf->match[i];
		if (m->kind == MATCH_NUMBER && m->low > m->high)
			continue;
		if (n && join(&leaf->match[n - 1], m))
			free(m->text);
		else
			leaf->match[n++] = *m;
	}
	leaf->matches = n;
}

static struct match *add(struct node *leaf, const struct match *m)
{
	xgrow((void **)&leaf->match, &leaf->match_cap, leaf->matches + 1, sizeof *leaf->match);
	leaf->match[leaf->matches] = *m;
	return &leaf->match[leaf->matches++];
}

/* An IPv6 range around the block of IPv4 becomes two. */
static void leave_v4_out(struct node *leaf)
{
	size_t n = leaf->matches;

	for (size_t i = 0; i < n; i++) {
		struct match *m = &leaf->match[i], rest = *m;
		if (m->kind != MATCH_ADDRESS || m->any || memcmp(m->from, v4_first, 16) >= 0 ||
		    memcmp(m->to, v4_last, 16) <= 0)
			continue;
		memcpy(m->to, before_v4, 16);
		memcpy(rest.from, behind_v4, 16);
		add(leaf, &rest);
	}
}

void match_set_normalise(struct node *leaf)
{
	leave_v4_out(leaf);
	for (size_t i = 0; i < leaf->matches; i++)
		leaf->match[i].any = leaf->match[i].cut = false;
	sort_and_join(leaf);
}

/* ---- two sets ---- */

void match_set_union(struct node *x, const struct node *y)
{
	for (size_t i = 0; i < y->matches; i++) {
		struct match *m = add(x, &y->match[i]);
		if (m->text)
			m->text = xstrndup(m->text, strlen(m->text));
	}
	x->compare = NULL;
	sort_and_join(x);
}

static bool only_ranges_or_texts(const struct node *leaf)
{
	for (size_t i = 0; i < leaf->matches; i++)
		if (rank(&leaf->match[i]) > 1)
			return false;
	return true;
}

/* What two matches have in common; false: nothing. */
static bool overlap(const struct match *a, const struct match *b, struct match *out)
{
	*out = *a;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MATCH_NUMBER:
		out->low = a->low > b->low ? a->low : b->low;
		out->high = a->high < b->high ? a->high : b->high;
		return out->low <= out->high;
	case MATCH_ADDRESS:
		memcpy(out->from, memcmp(a->from, b->from, 16) > 0 ? a->from : b->from, 16);
		memcpy(out->to, memcmp(a->to, b->to, 16) < 0 ? a->to : b->to, 16);
		return memcmp(out->from, out->to, 16) <= 0;
	case MATCH_TEXT:
		return strcasecmp(a->text, b->text) == 0;
	default:
		return true;
	}
}

bool match_set_intersect(struct node *x, const struct node *y)
{
	struct node both = { 0 };
	struct match m;

	/* Pairs are tried one by one: long lists stay two parts. */
	if (!only_ranges_or_texts(x) || !only_ranges_or_texts(y) || x->matches * y->matches > 4096)
		return false;
	for (size_t i = 0; i < x->matches; i++)
		for (size_t k = 0; k < y->matches; k++)
			if (overlap(&x->match[i], &y->match[k], &m)) {
				if (m.text)
					m.text = xstrndup(m.text, strlen(m.text));
				add(&both, &m);
			}
	for (size_t i = 0; i < x->matches; i++)
		free(x->match[i].text);
	free(x->match);
	x->match = both.match;
	x->matches = both.matches;
	x->match_cap = both.match_cap;
	x->compare = NULL;
	if (x->matches)
		sort_and_join(x);
	return true;
}

/* ---- what is in a set ---- */

bool match_set_has_absent(const struct node *leaf)
{
	return leaf->matches && leaf->match[0].kind == MATCH_ABSENT;
}

bool match_set_is_empty(const struct node *leaf)
{
	return leaf->matches == 0;
}

static bool is_any_value(const struct match *m)
{
	static const uint8_t zeros[16];
	uint8_t ones[16];

	memset(ones, 0xff, sizeof ones);
	switch (m->kind) {
	case MATCH_NUMBER:
		return m->low == 0 && m->high == NUMBER_MAX;
	case MATCH_ADDRESS:
		return memcmp(m->from, zeros, 16) == 0 && memcmp(m->to, ones, 16) == 0;
	case MATCH_GLOB:
		return strcmp(m->text, "*") == 0;
	default:
		return false;
	}
}

bool match_set_is_all(const struct node *leaf)
{
	for (size_t i = 1; match_set_has_absent(leaf) && i < leaf->matches; i++)
		if (is_any_value(&leaf->match[i]))
			return true;
	return false;
}

/* The first of the ranges or texts that the set begins with (behind absent), and the end
 * of them. */
static void plain_part(const struct node *leaf, size_t *from, size_t *to)
{
	*from = match_set_has_absent(leaf);
	*to = leaf->matches;
	while (*to > *from && rank(&leaf->match[*to - 1]) > 1)
		--*to;
}

bool match_set_has_number(const struct node *leaf, uint64_t v)
{
	size_t from, to, end;

	if (v == NUMBER_ABSENT)
		return match_set_has_absent(leaf);
	plain_part(leaf, &from, &to);
	end = to;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		const struct match *m = &leaf->match[mid];
		if (v >= m->low && v <= m->high)
			return true;
		if (v < m->low)
			to = mid;
		else
			from = mid + 1;
	}
	for (size_t i = end; i < leaf->matches; i++)
		if (leaf->match[i].kind == MATCH_FLAGS &&
		    (v & leaf->match[i].low) == leaf->match[i].low)
			return true;
	return false;
}

/* As memcmp of sixteen bytes, without a call. */
static bool is_below(const uint8_t a[16], const uint8_t b[16])
{
	uint64_t x[2], y[2];

	memcpy(x, a, 16);
	memcpy(y, b, 16);
	return x[0] != y[0] ? be64toh(x[0]) < be64toh(y[0]) : be64toh(x[1]) < be64toh(y[1]);
}

bool match_set_has_address(const struct node *leaf, const uint8_t *address)
{
	size_t from, to;

	if (!address)
		return match_set_has_absent(leaf);
	from = match_set_has_absent(leaf);
	to = leaf->matches; /* addresses are all that may follow */
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		if (is_below(address, leaf->match[mid].from))
			to = mid;
		else if (is_below(leaf->match[mid].to, address))
			from = mid + 1;
		else
			return true;
	}
	return false;
}

bool glob_matches(const char *glob, struct str s)
{
	const char *star = NULL;
	size_t i = 0, again = 0;

	while (i < s.n) {
		if (*glob == '*') {
			star = glob++;
			again = i;
		} else if (*glob &&
			   tolower((unsigned char)*glob) == tolower((unsigned char)s.s[i])) {
			glob++;
			i++;
		} else if (star) {
			glob = star + 1;
			i = ++again;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

static int compare_text(struct str a, const char *b)
{
	size_t n = strlen(b);
	int d = strncasecmp(a.s, b, a.n < n ? a.n : n);

	return d ? d : a.n < n ? -1 : a.n > n;
}

bool match_set_has_text(const struct node *leaf, const struct str *text)
{
	size_t from, to, end;

	if (!text)
		return match_set_has_absent(leaf);
	plain_part(leaf, &from, &to);
	end = to;
	while (from < to) {
		size_t mid = from + (to - from) / 2;
		int d = compare_text(*text, leaf->match[mid].text);
		if (d == 0)
			return true;
		if (d < 0)
			to = mid;
		else
			from = mid + 1;
	}
	for (size_t i = end; i < leaf->matches; i++)
		if (leaf->match[i].kind == MATCH_GLOB && glob_matches(leaf->match[i].text, *text))
			return true;
	return false;
}
