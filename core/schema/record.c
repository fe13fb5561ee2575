/* record.c - see record.h. */
#include "schema/record.h"

#include <strings.h>

#include "base/address.h"
#include "schema/spelling.h"

/* ---- is it one? ---- */

static bool is_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] < '0' || s.s[i] > '9')
			return false;
	return s.n > 0;
}

static bool is_dash(struct str s)
{
	return s.n == 1 && *s.s == '-';
}

static bool is_account(struct str s)
{
	return (s.n == 12 && is_digits(s)) || str_equal(s, str_of("unknown"));
}

static bool starts(struct str s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && memcmp(s.s, with, n) == 0;
}

static bool is_at_most(struct str s, uint64_t most)
{
	uint64_t v;

	return str_to_u64(s, &v) && v <= most;
}

/* More than the shape asks: these can't be mistaken for words of another log. */
static bool is_sure(int field, struct str s)
{
	uint8_t address[16];

	switch (field) {
	case FIELD_VERSION:
		return is_at_most(s, 20);
	case FIELD_END:
		return is_digits(s) && s.n >= 9 && s.n <= 13;
	case FIELD_ACCOUNT_ID:
		return is_account(s) || is_dash(s);
	default:
		break;
	}
	if (is_dash(s))
		return true;
	switch (field) {
	case FIELD_SRCADDR:
	case FIELD_DSTADDR:
	case FIELD_PKT_SRCADDR:
	case FIELD_PKT_DSTADDR:
		return address_parse(s, address);
	case FIELD_SRCPORT:
	case FIELD_DSTPORT:
		return is_at_most(s, 65535);
	case FIELD_PROTOCOL:
		return is_at_most(s, 255);
	case FIELD_PACKETS:
	case FIELD_BYTES:
	case FIELD_START:
		return is_digits(s);
	default:
		return true; /* the shape has looked at it */
	}
}

static bool has_all(const struct format *f)
{
	static const int needed[] = { FIELD_VERSION, FIELD_SRCADDR, FIELD_DSTADDR, FIELD_BYTES,
				      FIELD_END };

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (f->column[needed[i]] < 0)
			return false;
	return true;
}

const struct format *record_format(struct str text)
{
	const struct format *f;
	struct str token, status = { "", 0 };
	bool addresses = true;
	unsigned doubt;

	if (!record_begins(text) || !(f = format_guess(text, &doubt)) || !has_all(f))
		return NULL;
	for (unsigned i = 0; i < f->n; i++) {
		int field = f->field[i];
		token = str_token(&text);
		if (!is_sure(field, token))
			return NULL;
		if (field == FIELD_LOG_STATUS)
			status = spelling_of(field, token);
		addresses &=
			!((field == FIELD_SRCADDR || field == FIELD_DSTADDR) && is_dash(token));
	}
	return addresses || (status.n && !str_equal(status, str_of("OK"))) ? f : NULL;
}

bool record_begins(struct str text)
{
	struct str first = str_token(&text), second = str_token(&text);

	if (first.n <= 2 && is_digits(first))
		return is_account(second) || starts(second, "TransitGateway") ||
		       starts(second, "eni-") || starts(second, "vpc-") || is_dash(second);
	return first.n == 12 && is_digits(first) &&
	       (str_equal(second, str_of("ACCEPT")) || str_equal(second, str_of("REJECT")) ||
		is_dash(second));
}

/* ---- run together ---- */

/* The log-status that the text begins with; 0: none. */
static size_t status_length(struct str text)
{
	static const char *const words[] = { "OK", "NODATA", "SKIPDATA" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (starts(text, words[i]))
			return strlen(words[i]);
	return 0;
}

size_t record_merged(struct str text)
{
	const char *p = text.s, *end = text.s + text.n;

	while (p < end && (p = memchr(p, ' ', (size_t)(end - p)))) {
		size_t n = status_length((struct str){ p + 1, (size_t)(end - p) - 1 });
		const char *next = ++p + n;
		while (n && next < end && (*next == ' ' || *next == '\t'))
			next++;
		if (n && next < end && *next >= '0' && *next <= '9' &&
		    record_begins((struct str){ next, (size_t)(end - next) }))
			return (size_t)(next - text.s);
	}
	return 0;
}

/* ---- keys ---- */

bool record_is_key(struct str key)
{
	static const char *const keys[] = {
		"log",          "line",          "event",         "message",        "msg",
		"stringvalue",  "raw",           "_raw",          "@rawstring",     "rawmessage",
		"rawlog",       "text",          "textpayload",   "content",        "body",
		"record",       "entry",         "original",      "event.original", "payload",
		"logmessage",   "log_message",   "logline",       "log_line",       "logevent",
		"eventmessage", "@message",      "short_message", "full_message",   "raw_message",
		"raw_log",      "event_message", "messagetext",   "data",
	};

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (key.n == strlen(keys[i]) && strncasecmp(key.s, keys[i], key.n) == 0)
			return true;
	return false;
}

void record_frames_text(unsigned frames, struct buf *out)
{
	static const struct {
		enum record_frame frame;
		const char *text;
	} names[] = {
		{ FRAME_CONTAINER, "behind a container's time and stream" },
		{ FRAME_SYSLOG, "behind a syslog header" },
		{ FRAME_LABELS, "behind labels" },
		{ FRAME_BRACKETS, "behind brackets" },
		{ FRAME_GROUP, "behind log group and stream" },
		{ FRAME_FILE, "behind a file name" },
		{ FRAME_BAR, "behind a name and a bar" },
		{ FRAME_WORDS, "behind times or names" },
		{ FRAME_QUOTES, "in quotes" },
		{ FRAME_KEY, "in quotes behind a key" },
		{ FRAME_ENCLOSED, "in brackets" },
		{ FRAME_CELL, "in cells of a table" },
		{ FRAME_MERGED, "run together" },
		{ FRAME_BLANKS, "between no-break spaces" },
		{ FRAME_PACKED, "in base64" },
	};
	bool any = false;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (frames & names[i].frame) {
			buf_puts(out, any ? ", " : "");
			buf_puts(out, names[i].text);
			any = true;
		}
}
