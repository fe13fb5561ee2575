/* envelope_whole.c - what a whole gives: a document of JSON, or an object in an array, with all
 * that is nested in it. Its line, or the records that its keys make. */
#include <string.h>

#include "base/hash.h"
#include "schema/columns.h"
#include "unwrap/envelope.h"

static struct envelope_level *top(struct envelope *e)
{
	return &e->level[e->depth - 1];
}

void envelope_give_head(struct envelope *e, struct buf *out)
{
	struct buf text = { 0 };
	bool line;

	buf_add_str(&text, buf_str(&e->head));
	buf_add_str(&text, e->now);
	line = !e->given && text.n < ENVELOPE_TEXT_MAX && text.n && !memchr(text.s, '\n', text.n);
	if (!line && text.n > ENVELOPE_HEAD)
		text.n = ENVELOPE_HEAD;
	for (size_t i = 0; i < text.n; i++)
		text.s[i] =
			text.s[i] >= ' ' || text.s[i] < 0 || text.s[i] == '\t' ? text.s[i] : ' ';
	envelope_add_line_before(e, buf_str(&text), out);
	buf_release(&text);
}

struct envelope_level *envelope_whole(struct envelope *e)
{
	return &e->level[top(e)->whole];
}

void envelope_give_held(struct envelope *e, size_t from, struct buf *out)
{
	if (from >= e->held.n)
		return;
	const char *p = e->held.s + from, *end = e->held.s + e->held.n;
	while (p < end) {
		const char *values = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
		const char *next = (const char *)memchr(values, '\n', (size_t)(end - values)) + 1;
		envelope_begin_values(e, (struct str){ p, (size_t)(values - p) - 1 }, out);
		buf_add(out, values, (size_t)(next - values) - 1);
		envelope_end_row(e, out);
		e->given++;
		p = next;
	}
	e->held.n = from;
}

void envelope_give_line(struct envelope *e, struct str text, struct buf *out)
{
	struct envelope_level *w = envelope_whole(e);
	uint64_t hash;

	text = str_trim(text);
	hash = hash_bytes(text.s, text.n) | 1;
	if (text.n == 0 || e->control_depth || w->said == hash)
		return;
	w->said = hash;
	e->held.n = w->held;
	envelope_give(e, text, out);
}

void envelope_give_object(struct envelope *e, struct buf *out)
{
	struct envelope_level *l = top(e), *w = envelope_whole(e);
	bool nested = w != l;
	struct buf names = { 0 }, values = { 0 };

	if (w->cut) {
		e->held.n = w->held;
		if (nested)
			return;
		envelope_give_head(e, out);
		e->given++;
	} else if ((nested || l->own || e->held.n == l->held) &&
		   envelope_object(e, l, e->path.n - l->base, &names, &values)) {
		buf_putc(&names, '\n');
		buf_putc(&values, '\n');
		e->held.n = nested ? e->held.n : l->held;
		buf_add_str(&e->held, buf_str(&names));
		buf_add_str(&e->held, buf_str(&values));
		if (e->held.n - w->held > ENVELOPE_TEXT_MAX)
			envelope_give_held(e, w->held, out);
	} else if (!nested && e->held.n == l->held) {
		buf_clear(&values);
		if (envelope_in_order(e, l, &values))
			envelope_give(e, buf_str(&values), out);
	}
	buf_release(&names);
	buf_release(&values);
}

/* Of nested objects what nobody knows is kept while there is much room. */
static bool has_room(const struct envelope *e, const struct envelope_level *w, size_t more,
		     bool nested)
{
	size_t all = e->pairs.n - w->pairs + more;

	return all <= (nested ? ENVELOPE_TEXT_MAX / 4 : ENVELOPE_TEXT_MAX);
}

void envelope_add_pair(struct envelope *e, struct envelope_level *l, struct str value)
{
	struct envelope_level *w = envelope_whole(e);
	struct str path = { e->path.s + l->base, e->path.n - l->base }, key = buf_str(&e->key);
	size_t more = path.n + key.n + value.n;
	int field;

	if (!key.n || w->cut || memchr(value.s, '\0', value.n) || memchr(key.s, '\0', key.n) ||
	    memchr(key.s, ENVELOPE_BELOW, key.n))
		return;
	if (!has_room(e, w, more, path.n > 0)) {
		field = column_field(key);
		w->cut |= field != FIELD_NONE && !has_room(e, w, more, false);
		if (field == FIELD_NONE || w->cut)
			return;
	}
	if ((*key.s | 32) == 's' || (*key.s | 32) == 'd') {
		field = field_find_published(key);
		l->own |= field == FIELD_SRCADDR || field == FIELD_DSTADDR;
	}
	buf_add_str(&e->pairs, path);
	buf_add_str(&e->pairs, key);
	buf_putc(&e->pairs, '\0');
	buf_add_str(&e->pairs, value);
	buf_putc(&e->pairs, '\0');
}
