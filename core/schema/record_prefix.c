/* record_prefix.c - what programs write before a line: see record.h. A prefix is read as units,
 * tokens and brackets; it must look like the head of a log line from its first to its last one.
 * What people type has words, and more of them than a head has. */
#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "schema/record.h"

enum { UNITS_MAX = 24, WORDS_MAX = 2 };

enum unit {
	UNIT_NONE, /* nothing that a head has */
	UNIT_TIME, /* or a part of one, or a number */
	UNIT_MARK, /* - | * > */
	UNIT_LEVEL,
	UNIT_STREAM,   /* stdout */
	UNIT_PRIORITY, /* <134>, <134>1 */
	UNIT_BRACKETS,
	UNIT_LABELS,
	UNIT_PAIR, /* key=value */
	UNIT_PATH,
	UNIT_NAME, /* of a host, a file, a stream: it has more than letters */
	UNIT_WORD,
	UNIT_TAG, /* ends in a colon */
};

static bool is_among(struct str s, const char *words)
{
	struct str rest = str_of(words), word;

	while ((word = str_token(&rest)).n)
		if (word.n == s.n && strncasecmp(word.s, s.s, s.n) == 0)
			return true;
	return false;
}

static bool is_all_of(struct str s, const char *bytes)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr(bytes, s.s[i]) || !s.s[i])
			return false;
	return s.n > 0;
}

/* Where brackets end that begin the text; 0: they don't. What is in quotes in them has none. */
static size_t bracket_length(struct str text)
{
	static const char open[] = "[({<", close[] = "])}>";
	const char *at = memchr(open, *text.s, 4);
	bool quoted = false;

	for (size_t i = 1; at && i < text.n; i++) {
		if (text.s[i] == '"')
			quoted = !quoted;
		else if (text.s[i] == '\\' && quoted)
			i++;
		else if (!quoted && text.s[i] == close[at - open])
			return i + 1;
	}
	return 0;
}

static enum unit bracket_kind(struct str s)
{
	struct str within = { s.s + 1, s.n - 2 };

	if (*s.s == '<')
		return within.n <= 3 && is_all_of(within, "0123456789") ? UNIT_PRIORITY : UNIT_NONE;
	return *s.s == '{' ? UNIT_LABELS : UNIT_BRACKETS;
}

static enum unit token_kind(struct str s)
{
	static const char time[] = "0123456789:.,-+/TZ";
	bool more = false; /* than letters */

	if (is_all_of(s, "-|*>#:=~"))
		return UNIT_MARK;
	if (s.n > 1 && s.s[s.n - 1] == ',')
		s.n--;
	if (is_among(s, "stdout stderr"))
		return UNIT_STREAM;
	if ((*s.s >= '0' && *s.s <= '9' && is_all_of(s, time)) || is_all_of(s, "+-0123456789:") ||
	    is_among(s, "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec "
			"Mon Tue Wed Thu Fri Sat Sun AM PM UTC GMT"))
		return UNIT_TIME;
	if (is_among(s, "F P TRACE DEBUG INFO NOTICE WARN WARNING ERROR FATAL CRITICAL"))
		return UNIT_LEVEL;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		if (c <= ' ' || c == '"' || c == '\'' || c == '?' || c == '!' || c == ';' ||
		    c == '`' || c == 127)
			return UNIT_NONE;
		more |= !((c | 32) >= 'a' && (c | 32) <= 'z') && !(c == ':' && i == s.n - 1);
	}
	if (s.s[s.n - 1] == ':' && s.n > 1)
		return UNIT_TAG;
	if (memchr(s.s, '=', s.n) && *s.s != '=')
		return UNIT_PAIR;
	if (*s.s == '/')
		return UNIT_PATH;
	return more ? UNIT_NAME : UNIT_WORD;
}

/* Takes the next unit off the text. */
static enum unit next_unit(struct str *rest, struct str *unit)
{
	size_t n;

	*rest = str_trim(*rest);
	n = bracket_length(*rest);
	if (n) {
		*unit = (struct str){ rest->s, n };
		*rest = (struct str){ rest->s + n, rest->n - n };
		enum unit kind = bracket_kind(*unit);
		if (kind == UNIT_PRIORITY && rest->n && *rest->s == '1')
			*rest = (struct str){ rest->s + 1, rest->n - 1 };
		else if (kind != UNIT_NONE && rest->n && *rest->s == ':')
			*rest = (struct str){ rest->s + 1, rest->n - 1 };
		return kind;
	}
	*unit = str_token(rest);
	return token_kind(*unit);
}

/* What is known of the units so far. */
struct head {
	unsigned of[UNIT_TAG + 1], units;
	bool dated; /* a word may follow, */
	bool pod;   /* a container's name */
	enum unit last, first;
	struct str tag;
};

/* A tag by itself, without a head: only where it can be no word of a sentence. */
static bool is_own_tag(struct str tag)
{
	struct str name = { tag.s, tag.n - 1 };

	if (record_is_key(name))
		return true;
	for (size_t i = 0; i < name.n; i++)
		if (memchr("._-/0123456789[:", name.s[i], 16))
			return true;
	return false;
}

/* As Kubernetes names a pod: words, and five letters behind them that are no word. */
static bool is_pod(struct str name)
{
	static const char letters[] = "bcdfghjklmnpqrstvwxz2456789";
	size_t hyphens = 0, last = 0;

	for (size_t i = 0; i < name.n; i++) {
		bool hyphen = name.s[i] == '-';
		hyphens += hyphen;
		last = hyphen ? i + 1 : last;
	}
	return hyphens >= 2 && name.n - last == 5 &&
	       is_all_of((struct str){ name.s + last, 5 }, letters);
}

static bool may_follow(const struct head *h, enum unit unit, struct str text)
{
	bool tagged = h->of[UNIT_TAG] > 0;

	switch (unit) {
	case UNIT_NONE:
		return false;
	case UNIT_WORD:
		return (h->dated || h->pod) && !tagged && h->of[UNIT_WORD] < WORDS_MAX;
	case UNIT_NAME:
	case UNIT_PATH:
		return !tagged || is_among(text, "F P");
	case UNIT_TAG:
		return h->of[UNIT_TAG] < 2 && (h->dated || h->units || is_own_tag(text));
	default:
		return true;
	}
}

static enum record_frame frame_of(const struct head *h)
{
	if (h->of[UNIT_STREAM])
		return FRAME_CONTAINER;
	if (h->of[UNIT_LABELS])
		return FRAME_LABELS;
	if (h->of[UNIT_PRIORITY] || (h->of[UNIT_TAG] && h->of[UNIT_TIME]))
		return FRAME_SYSLOG;
	if (h->of[UNIT_BRACKETS])
		return FRAME_BRACKETS;
	if (h->of[UNIT_PATH])
		return FRAME_GROUP;
	if (h->of[UNIT_TAG])
		return FRAME_FILE;
	if (h->last == UNIT_MARK && h->units > 1)
		return FRAME_BAR;
	return FRAME_WORDS;
}

enum record_frame record_prefix(struct str prefix)
{
	struct head h = { .units = 0 };
	struct str rest = prefix, text;

	while ((rest = str_trim(rest)).n) {
		enum unit unit = next_unit(&rest, &text);
		if (h.units == UNITS_MAX || !may_follow(&h, unit, text))
			return 0;
		h.of[unit]++;
		h.units++;
		h.last = unit;
		h.pod = h.units == 1 && unit == UNIT_NAME && is_pod(text);
		h.dated |= unit == UNIT_TIME || unit == UNIT_PRIORITY || unit == UNIT_BRACKETS ||
			   unit == UNIT_LABELS;
	}
	/* "bob said" before it: of two words the last is a tag's, or something stands behind. */
	if (!h.units || (h.of[UNIT_WORD] > 1 && h.last == UNIT_WORD))
		return 0;
	return frame_of(&h);
}

bool record_prefix_is_time(struct str prefix)
{
	struct str rest = prefix, text;
	unsigned times = 0;
	uint8_t address[16];

	while ((rest = str_trim(rest)).n) {
		enum unit unit = next_unit(&rest, &text);
		if (unit != UNIT_TIME || ++times > UNITS_MAX || address_parse(text, address))
			return false;
	}
	return times > 0;
}
