/* envelope_pick.c - records in documents whose keys say nothing of flow logs: a text that is one
 * under a key of lines, texts in lists, fields as pairs of a name and a value, and values in
 * their order. Only what is a record beyond doubt is taken (record.h). */
#include <string.h>

#include "schema/ocsf.h"
#include "schema/record.h"
#include "unwrap/envelope.h"

static bool is_record(struct str text)
{
	text = str_trim(text);
	return record_begins(text) && record_format(text);
}

/* The last newline of the line that was logged is no part of it. */
static struct str without_end(struct str text)
{
	while (text.n && (text.s[text.n - 1] == '\n' || text.s[text.n - 1] == '\r'))
		text.n--;
	return text;
}

/* ---- a text under a key ---- */

void envelope_pick(struct envelope *e, struct str text)
{
	enum { SHORT = 40 }; /* no record is */
	struct envelope_level *w;

	if (text.n < SHORT || e->picked_in || !record_begins(text))
		return;
	w = envelope_whole(e);
	text = without_end(text);
	if (w->said || e->control_depth || !record_is_key(buf_str(&e->key)) || !is_record(text))
		return;
	e->picked_in = 1 + (unsigned)(w - e->level);
	buf_clear(&e->picked);
	buf_add_str(&e->picked, text);
}

void envelope_give_picked(struct envelope *e, unsigned level, bool wanted, struct buf *out)
{
	if (!e->picked_in || e->picked_in != level + 1)
		return;
	e->picked_in = 0;
	if (wanted)
		envelope_give(e, buf_str(&e->picked), out);
}

/* ---- texts in lists ---- */

/* Loki's pairs of a time and a line, lists of lines, and that of OCSF. */
enum envelope_list envelope_list(const struct envelope *e, const struct envelope_level *outer)
{
	struct str key = buf_str(&e->key);

	if (!outer)
		return LIST_NONE;
	if (outer->array)
		return outer->list == LIST_OF_PAIRS ? LIST_PAIR : LIST_NONE;
	if (str_equal(key, str_of("values")))
		return LIST_OF_PAIRS;
	if (str_equal(key, str_of(OCSF_LIST)))
		return LIST_FIRST;
	if (record_is_key(key) || (key.n > 1 && key.s[key.n - 1] == 's' &&
				   record_is_key((struct str){ key.s, key.n - 1 })))
		return LIST_OF_LINES;
	return LIST_NONE;
}

void envelope_give_listed(struct envelope *e, struct envelope_level *l, struct str text,
			  struct buf *out)
{
	if (l->list == LIST_FIRST) {
		envelope_add_pair(e, l - 1, text);
		l->list = LIST_NONE;
		l->paired = true;
		return;
	}
	if ((l->list != LIST_PAIR && l->list != LIST_OF_LINES) || e->control_depth ||
	    !is_record(without_end(text)))
		return;
	envelope_give(e, without_end(text), out);
	l->list = l->list == LIST_PAIR ? LIST_NONE : l->list; /* one of each */
}

/* ---- pairs ---- */

static bool is_among(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(s, str_of(words[i])))
			return true;
	return false;
}

/* "value", or "stringValue" and the like below it. */
static bool is_value_key(struct str key)
{
	static const char *const below[] = { "stringValue", "intValue", "doubleValue",
					     "boolValue" };
	const char *at = memchr(key.s, ENVELOPE_BELOW, key.n);
	struct str name = { key.s, at ? (size_t)(at - key.s) : key.n };

	if (!str_equal(name, str_of("value")))
		return false;
	return !at ||
	       is_among((struct str){ at + 1, key.n - name.n - 1 }, below, ARRAY_SIZE(below));
}

bool envelope_is_pair(const struct envelope *e, const struct envelope_level *l, struct str *name,
		      struct str *value)
{
	static const char *const names[] = { "field", "key", "name", "Field", "Key", "Name" };
	const char *p = e->pairs.s + l->pairs, *end = e->pairs.s + e->pairs.n;
	struct str part[4];
	unsigned n = 0;

	for (; p < end && n < 4; p += part[n++].n + 1)
		part[n] = str_of(p);
	if (n != 4 || p != end || !is_among(part[0], names, ARRAY_SIZE(names)) ||
	    !is_value_key(part[2]))
		return false;
	*name = part[1];
	*value = part[3];
	return true;
}

/* ---- values in their order ---- */

/* The number that the key ends in, and what stands before it; false: none. */
static bool cut_number(struct str key, struct str *before, uint64_t *n)
{
	size_t at = key.n;

	while (at && key.s[at - 1] >= '0' && key.s[at - 1] <= '9')
		at--;
	*before = (struct str){ key.s, at };
	return str_to_u64((struct str){ key.s + at, key.n - at }, n);
}

bool envelope_in_order(const struct envelope *e, const struct envelope_level *l, struct buf *line)
{
	const char *p = e->pairs.s + l->pairs, *end = e->pairs.s + e->pairs.n;
	struct str before = { "", 0 };
	uint64_t last = 0;

	for (bool first = true; p < end; first = false) {
		struct str key = str_of(p), value = str_of(p + key.n + 1), name;
		uint64_t n;
		if (!cut_number(key, &name, &n) || memchr(value.s, ' ', value.n))
			return false;
		if (first ? n > 1 : n != last + 1 || !str_equal(name, before))
			return false;
		before = name;
		last = n;
		buf_puts(line, first ? "" : " ");
		buf_add_str(line, value.n ? value : str_of("-"));
		p = value.s + value.n + 1;
	}
	return line->n && is_record(buf_str(line));
}
