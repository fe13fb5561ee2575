/* spelling.c - see spelling.h. */
#include "schema/spelling.h"

#include <strings.h>

/* A field's rows stand together. */
static const struct {
	int field;
	const char *others, *word; /* others: besides the word in any case */
} spellings[] = {
	{ FIELD_ACTION, "accepted allow allowed permit permitted success", "ACCEPT" },
	{ FIELD_ACTION, "rejected deny denied block blocked drop dropped refuse refused failure",
	  "REJECT" },
	{ FIELD_LOG_STATUS, "", "OK" },
	{ FIELD_LOG_STATUS, "", "NODATA" },
	{ FIELD_LOG_STATUS, "", "SKIPDATA" },
	{ FIELD_TYPE, "", "IPv4" },
	{ FIELD_TYPE, "", "IPv6" },
	{ FIELD_TYPE, "", "EFA" },
	{ FIELD_FLOW_DIRECTION, "inbound in receive", "ingress" },
	{ FIELD_FLOW_DIRECTION, "outbound out transmit", "egress" },
};

static bool same(struct str a, struct str b)
{
	return a.n == b.n && strncasecmp(a.s, b.s, a.n) == 0;
}

static bool is_among(const char *words, struct str value)
{
	struct str rest = str_of(words), word;

	while ((word = str_token(&rest)).n)
		if (same(word, value))
			return true;
	return false;
}

struct str spelling_of(int field, struct str value)
{
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++)
		if (spellings[i].field == field && (same(str_of(spellings[i].word), value) ||
						    is_among(spellings[i].others, value)))
			return str_of(spellings[i].word);
	return value;
}

bool spelling_matters(int field)
{
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++)
		if (spellings[i].field == field)
			return true;
	return false;
}

bool spelling_is_closed(int field)
{
	return field == FIELD_ACTION || field == FIELD_LOG_STATUS;
}

const char *spelling_word(int field, size_t i)
{
	for (size_t k = 0; k < ARRAY_SIZE(spellings); k++)
		if (spellings[k].field == field && i-- == 0)
			return spellings[k].word;
	return NULL;
}
