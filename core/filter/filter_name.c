/* filter_name.c - the names that a filter knows, and the nearest to one that it does
 * not. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "filter/filter_ast.h"

static const struct name any_side[] = {
	{ "addr", { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_PKT_SRCADDR, FIELD_PKT_DSTADDR }, 4 },
	{ "port", { FIELD_SRCPORT, FIELD_DSTPORT }, 2 },
	{ "name", { FIELD_SRC_NAME, FIELD_DST_NAME }, 2 },
	{ "aws-service", { FIELD_SRC_AWS_SERVICE, FIELD_DST_AWS_SERVICE }, 2 },
	{ "aws-region", { FIELD_SRC_AWS_REGION, FIELD_DST_AWS_REGION }, 2 },
	{ "country", { FIELD_SRC_COUNTRY, FIELD_DST_COUNTRY }, 2 },
	{ "as", { FIELD_SRC_AS, FIELD_DST_AS }, 2 },
};

static const struct {
	const char *word;
	unsigned side;
} any_side_alias[] = {
	{ "addr", 0 }, { "ip", 0 },          { "host", 0 },       { "net", 0 },     { "port", 1 },
	{ "name", 2 }, { "aws-service", 3 }, { "aws-region", 4 }, { "country", 5 }, { "as", 6 },
};

bool filter_name(struct str text, struct name *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(any_side_alias); i++)
		if (str_equal_loose(text, str_of(any_side_alias[i].word))) {
			*out = any_side[any_side_alias[i].side];
			return true;
		}
	int field = field_lookup(text);
	if (field == FIELD_NONE)
		return false;
	if (field == FIELD_PAIR) { /* one of the two is */
		*out = (struct name){ field_name(field), { FIELD_SRCADDR, FIELD_DSTADDR }, 2 };
		return true;
	}
	if (field == FIELD_BIN) /* "time": that of the record's end */
		field = FIELD_END;
	*out = (struct name){ field_name(field), { field }, 1 };
	return true;
}

/* Insertions, deletions, changes and swaps of neighbours from a to b; at most 3. */
static unsigned distance(struct str a, struct str b)
{
	unsigned row[3][40] = { { 0 } };

	if (a.n >= 40 || b.n >= 40 || a.n > b.n + 2 || b.n > a.n + 2)
		return 3;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned same = tolower((unsigned char)a.s[i - 1]) ==
					tolower((unsigned char)b.s[j - 1]);
			unsigned best = last[j - 1] + !same;
			best = last[j] + 1 < best ? last[j] + 1 : best;
			best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] &&
			    a.s[i - 2] == b.s[j - 1] && before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			now[j] = best;
		}
	}
	return row[a.n % 3][b.n];
}

void filter_suggest(struct str name, struct filter_error *error)
{
	const char *nearest = NULL;
	unsigned best = 3;

	for (int id = 0; id < FIELDS_KNOWN; id++) {
		struct str rest = str_of(field_get(id)->aliases),
			   alias = str_of(field_get(id)->name);
		for (; alias.n; alias = str_token(&rest)) {
			unsigned d = distance(name, alias);
			/* Something of it must be right. */
			if (d < best && d < name.n && d < alias.n) {
				best = d;
				nearest = field_name(id);
				if (alias.s != nearest) /* an alias: offer the word itself */
					nearest = alias.s;
			}
		}
	}
	if (nearest)
		snprintf(error->message, sizeof error->message,
			 "unknown field '%.*s': did you mean %.*s?",
			 (int)(name.n < 40 ? name.n : 40), name.s, (int)strcspn(nearest, " "),
			 nearest);
	else
		snprintf(error->message, sizeof error->message, "unknown field '%.*s'",
			 (int)(name.n < 60 ? name.n : 60), name.s);
}
