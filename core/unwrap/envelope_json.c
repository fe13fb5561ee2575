/* envelope_json.c - JSON as a stream of bytes: no document is held, only the text or the
 * small object that is being read. Lenient: what is not JSON breaks the document, which is
 * then skipped to the end of its line, or to what begins another. */
#include <string.h>

#include "schema/columns.h"
#include "unwrap/envelope.h"

#define KEY_MAX 64 /* of a path: names are no longer */

static struct envelope_level *top(struct envelope *e)
{
	return &e->level[e->depth - 1];
}

void envelope_json_begin(struct envelope *e)
{
	e->mode = ENVELOPE_JSON;
	e->seen = "json";
	e->state = JSON_VALUE;
	e->depth = e->control_depth = 0;
	e->line_start = false;
	e->before = 0;
	e->given = 0;
	e->raw_failed = false;
	e->lines = 0;
	buf_clear(&e->head);
	e->now.n = 0;
	buf_clear(&e->pairs);
	buf_clear(&e->path);
	buf_reserve(&e->path, 1);
	buf_clear(&e->held);
	e->picked_in = 0;
	envelope_table_clear(&e->table);
}

static void end_document(struct envelope *e)
{
	e->mode = ENVELOPE_PLAIN;
	e->between = true;
}

/* ---- records ---- */

void envelope_json_cut(struct envelope *e, struct buf *out)
{
	if (e->picked_in)
		envelope_give_picked(e, e->picked_in - 1, true, out);
	envelope_give_held(e, 0, out);
	if (e->depth || e->state == JSON_BROKEN)
		envelope_give_head(e, out);
	end_document(e);
}

/* CloudWatch says so in a document of its own; the text in it may be counted already. */
static void note_control(struct envelope *e)
{
	if (e->control == top(e)->control)
		e->control++;
	e->control_depth = e->depth;
	e->given++;
}

/* ---- structure ---- */

static void end_key(struct envelope *e, struct str key)
{
	top(e)->key = envelope_key(key);
	buf_clear(&e->key);
	buf_add_str(&e->key, key);
	e->state = JSON_COLON;
}

/* Base64, whose end is marked: what can't be opened is left to be counted. */
static void give_raw(struct envelope *e, struct str text, struct buf *out)
{
	if (text.s != e->token.s) {
		buf_add_str(&e->token, text);
		text = buf_str(&e->token);
	}
	if (!e->is_inner && !e->token_cut && envelope_open_raw(e, text, out)) {
		e->given++;
	} else if (e->depth == 1) {
		e->raw_failed = true; /* the document is said as a whole */
	} else {
		envelope_give_head(e, out);
		e->given++;
	}
}

/* A text. */
static void end_text(struct envelope *e, struct str text, struct buf *out)
{
	struct envelope_level *l = top(e);

	if (l->array) {
		if (e->depth == 1)
			envelope_give(e, text, out);
		else
			envelope_give_listed(e, l, text, out);
	} else if (l->key == KEY_LINE) {
		envelope_give_line(e, text, out);
	} else if (l->key == KEY_RAW || (l->key == KEY_DATA && envelope_is_packed(text))) {
		give_raw(e, text, out);
	} else {
		if (l->key == KEY_TYPE && str_equal(text, str_of("CONTROL_MESSAGE")))
			note_control(e);
		envelope_pick(e, text);
		envelope_add_pair(e, l, text);
	}
}

/* A text, number or word as a value. */
static void end_value(struct envelope *e, bool text, struct str value, struct buf *out)
{
	struct envelope_level *l = e->depth ? top(e) : NULL;

	e->state = JSON_AFTER;
	if (!l || l->skip || (!l->array && l->key == KEY_SKIPPED))
		;
	else if (l->column && envelope_column_add(e, l->array, value))
		;
	else if (text)
		end_text(e, value, out);
	else if (!l->array)
		envelope_add_pair(e, l, value);
	if (l && l->array && !l->skip)
		envelope_row_add(e, value);
	if (e->token.cap > 2 * ENVELOPE_TEXT_MAX)
		buf_release(&e->token);
}

static void open_level(struct envelope *e, bool array)
{
	struct envelope_level *outer = e->depth ? top(e) : NULL;
	bool nested = outer && !outer->array;
	bool skip = outer && (outer->skip || e->picked_in || (nested && outer->key == KEY_SKIPPED));
	bool column = nested && !skip && envelope_is_column(e);

	if (e->depth == ENVELOPE_DEPTH) {
		e->state = JSON_BROKEN;
		return;
	}
	e->level[e->depth] =
		(struct envelope_level){ .array = array,
					 .skip = skip,
					 .column = column,
					 .list = array && !skip ? envelope_list(e, outer)
								: LIST_NONE,
					 .control = e->control,
					 .pairs = e->pairs.n,
					 .held = e->held.n,
					 .whole = nested ? outer->whole : e->depth,
					 .path = e->path.n,
					 .base = nested ? outer->base : e->path.n };
	if (column)
		envelope_column_begin(e);
	e->depth++;
	if (array && !skip)
		envelope_row_begin(e);
	if (nested && !array) {
		buf_add(&e->path, e->key.s, e->key.n < KEY_MAX ? e->key.n : KEY_MAX);
		buf_putc(&e->path, ENVELOPE_BELOW);
	}
	e->state = array ? JSON_VALUE : JSON_KEY;
}

/* What an object, or an array of fields, gives as a whole. */
static void give_whole(struct envelope *e, struct envelope_level *l, struct buf *out)
{
	bool is_whole = envelope_whole(e) == l, by_itself = is_whole || l->own;
	uint64_t given = e->given;

	if (by_itself && !l->skip && e->pairs.n > l->pairs && !envelope_whole(e)->said)
		envelope_give_object(e, out);
	if (is_whole) {
		bool none = e->given == given && e->held.n == l->held && !l->said;
		envelope_give_picked(e, (unsigned)(l - e->level), none, out);
		envelope_give_held(e, l->held, out);
	}
	if (by_itself)
		e->pairs.n = l->pairs;
}

/* An object in an array that stands for a part of it: a field, a column's name, a value of a row.
 * Its name and value stay, behind the pairs of what it is in. False: it is none. */
static bool take_part(struct envelope *e, struct envelope_level *l, struct buf *out)
{
	struct envelope_level *outer = e->depth > 1 ? &e->level[e->depth - 2] : NULL;
	struct str name, value;
	struct buf copy = { 0 };
	bool row = false;

	if (!outer || !outer->array || l->skip || l->said || l->own || e->pairs.n == l->pairs ||
	    !(envelope_is_pair(e, l, &name, &value) || (row = envelope_row_name(e, l, &name))))
		return false;
	buf_clear(&e->key);
	buf_add_str(&e->key, name);
	if (!row)
		buf_add_str(&copy, value);
	e->pairs.n = l->pairs;
	e->path.n = l->path;
	e->depth--;
	if (row) {
		envelope_row_add(e, buf_str(&e->key));
	} else {
		outer->paired = true;
		if (envelope_key(buf_str(&e->key)) == KEY_LINE) {
			envelope_give_line(e, buf_str(&copy), out);
		} else {
			envelope_pick(e, buf_str(&copy));
			envelope_add_pair(e, outer, buf_str(&copy));
		}
	}
	e->depth++;
	buf_release(&copy);
	return true;
}

static void close_level(struct envelope *e, bool array, struct buf *out)
{
	struct envelope_level *l = top(e);

	if (l->array != array) {
		e->state = JSON_BROKEN;
		return;
	}
	if (array && !l->skip)
		envelope_row_end(e, out);
	if (array && !l->paired)
		e->pairs.n = l->pairs;
	else if (array || !take_part(e, l, out))
		give_whole(e, l, out);
	e->path.n = l->path;
	if (e->control_depth == e->depth)
		e->control_depth = 0;
	e->depth--;
	e->state = JSON_AFTER;
	if (e->depth)
		return;
	envelope_columns_end(e, out);
	if (e->raw_failed && e->given)
		envelope_give_head(e, out);
	e->hanging = e->given == 0;
	end_document(e);
}

/* ---- bytes ---- */

static void token_begin(struct envelope *e)
{
	buf_clear(&e->token);
	buf_reserve(&e->token, 1);
	e->token_cut = false;
}

static void token_add(struct envelope *e, const char *s, size_t n)
{
	bool large = !e->string_is_key && e->depth && !top(e)->array &&
		     (top(e)->key == KEY_LINE || top(e)->key == KEY_RAW || top(e)->key == KEY_DATA);
	size_t most = large ? ENVELOPE_RAW_MAX : ENVELOPE_TEXT_MAX;
	size_t room = most - (e->token.n < most ? e->token.n : most);

	e->token_cut |= n > room;
	buf_add(&e->token, s, n < room ? n : room);
}

/* Up to what ends it or needs a look; a short text that stands there whole is not copied.
 * A newline stands in no text: the document was torn. */
static size_t in_string(struct envelope *e, struct str text, struct buf *out)
{
	enum { STEP = 512 }; /* so that no byte is searched again and again */
	size_t n = text.n < STEP ? text.n : STEP, all = n;
	const char *at;

	if ((at = memchr(text.s, '"', n)))
		n = (size_t)(at - text.s);
	if ((at = memchr(text.s, '\\', n)))
		n = (size_t)(at - text.s);
	if ((at = memchr(text.s, '\n', n)))
		n = (size_t)(at - text.s);
	struct str part = { text.s, n };
	if (n == all || text.s[n] != '"' || e->token.n) {
		token_add(e, part.s, n);
		part = buf_str(&e->token);
	}
	if (n == all)
		return n;
	if (text.s[n] == '\n') {
		e->state = JSON_BROKEN;
		return n;
	}
	if (text.s[n] == '\\')
		e->state = JSON_ESCAPE;
	else if (e->string_is_key)
		end_key(e, part);
	else
		end_value(e, true, part, out);
	return n + 1;
}

static void escape(struct envelope *e, char c)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/  \n\r\t";
	const char *at = c ? strchr(from, c) : NULL;

	if (c == 'u') {
		e->hex = e->hex_digits = 0;
		e->state = JSON_HEX;
		return;
	}
	token_add(e, at ? &to[at - from] : &c, 1);
	e->state = JSON_STRING;
}

/* Flow logs are ASCII: what is beyond stands as '?', and so do signs of control. */
static void hex_digit(struct envelope *e, char c)
{
	int v = hex_value(c);
	char byte;

	if (v < 0) {
		e->state = JSON_BROKEN;
		return;
	}
	e->hex = e->hex << 4 | (unsigned)v;
	if (++e->hex_digits < 4)
		return;
	byte = (e->hex >= ' ' && e->hex < 127) || (e->hex >= '\t' && e->hex <= '\r') ? (char)e->hex
										     : '?';
	token_add(e, &byte, 1);
	e->state = JSON_STRING;
}

static void string_begin(struct envelope *e, bool key)
{
	token_begin(e);
	e->string_is_key = key;
	e->state = JSON_STRING;
}

/* Between values: what may stand there. */
static void structure(struct envelope *e, char c, struct buf *out)
{
	bool object = e->depth && !top(e)->array;

	if ((c == '}' || c == ']') && e->depth && e->state != JSON_COLON)
		close_level(e, c == ']', out);
	else if (e->state == JSON_COLON && c == ':')
		e->state = JSON_VALUE;
	else if (e->state == JSON_AFTER && c == ',' && e->depth)
		e->state = object ? JSON_KEY : JSON_VALUE;
	else if (e->state == JSON_KEY && c == '"')
		string_begin(e, true);
	else if (e->state == JSON_VALUE && c == '"')
		string_begin(e, false);
	else if (e->state == JSON_VALUE && (c == '{' || c == '['))
		open_level(e, c == '[');
	else
		e->state = JSON_BROKEN;
}

/* Up to the end of the line, or to where another document is seen to begin. */
static size_t in_broken(struct envelope *e, char c, struct buf *out)
{
	bool ends = c == '\n' || (c == '{' && (e->before == '}' || e->line_start));

	e->before = c;
	if (ends)
		envelope_json_cut(e, out);
	return !ends;
}

/* A number or word, as far as it is there. */
static size_t in_scalar(struct envelope *e, struct str text, struct buf *out)
{
	size_t n = 0;

	while (n < text.n &&
	       ((text.s[n] >= '0' && text.s[n] <= '9') || (text.s[n] >= 'a' && text.s[n] <= 'z') ||
		(text.s[n] && strchr("-+.ENI", text.s[n]))))
		n++;
	token_add(e, text.s, n);
	if (n < text.n)
		end_value(e, false, buf_str(&e->token), out);
	return n;
}

static bool begins_scalar(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == 'N';
}

static size_t between_values(struct envelope *e, char c, struct buf *out)
{
	if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
		e->line_start |= c == '\n';
		if (c == '\n')
			envelope_newline(e, out);
		return 1;
	}
	if (e->state == JSON_VALUE && begins_scalar(c)) {
		token_begin(e);
		e->string_is_key = false;
		e->state = JSON_SCALAR;
		e->line_start = false;
		return 0;
	}
	structure(e, c, out);
	if (e->state == JSON_BROKEN && e->line_start && e->mode == ENVELOPE_JSON) {
		/* A new line, and nothing that could go on here: it was torn before. */
		envelope_json_cut(e, out);
		return 0;
	}
	e->line_start = false;
	return 1;
}

/* An event as CloudWatch writes it in subscription documents: most of what there is. 0: it
 * is not one, or not all of it is there. */
static size_t cloudwatch_event(struct envelope *e, struct str text, struct buf *out)
{
	static const char id[] = "{\"id\":\"",
			  time[] = "\",\"timestamp\":", message[] = ",\"message\":\"";
	const char *p = text.s, *end = p + text.n, *line, *quote;

	if (text.n < sizeof id || memcmp(p, id, sizeof id - 1) != 0)
		return 0;
	for (p += sizeof id - 1; p < end && *p >= '0' && *p <= '9';)
		p++;
	if ((size_t)(end - p) < sizeof time || memcmp(p, time, sizeof time - 1) != 0)
		return 0;
	for (p += sizeof time - 1; p < end && *p >= '0' && *p <= '9';)
		p++;
	if ((size_t)(end - p) < sizeof message || memcmp(p, message, sizeof message - 1) != 0)
		return 0;
	line = p + sizeof message - 1;
	quote = memchr(line, '"', (size_t)(end - line));
	if (!quote || quote + 1 == end || quote[1] != '}' ||
	    memchr(line, '\\', (size_t)(quote - line)) ||
	    memchr(line, '\n', (size_t)(quote - line)))
		return 0;
	envelope_give(e, (struct str){ line, (size_t)(quote - line) }, out);
	e->state = JSON_AFTER;
	return (size_t)(quote + 2 - text.s);
}

static size_t one_step(struct envelope *e, struct str text, struct buf *out)
{
	size_t n;

	switch (e->state) {
	case JSON_STRING:
		return in_string(e, text, out);
	case JSON_ESCAPE:
		escape(e, *text.s);
		return 1;
	case JSON_HEX:
		hex_digit(e, *text.s);
		return 1;
	case JSON_SCALAR:
		return in_scalar(e, text, out);
	case JSON_BROKEN:
		return in_broken(e, *text.s, out);
	case JSON_VALUE:
		if (*text.s == '{' && e->depth && top(e)->array && !top(e)->skip &&
		    !e->control_depth && (n = cloudwatch_event(e, text, out)))
			return n;
		break;
	default:
		break;
	}
	return between_values(e, *text.s, out);
}

/* What was taken of the text is the document's beginning: its first line, or a little more. */
static void keep_head(struct envelope *e)
{
	bool more = e->head.n < ENVELOPE_HEAD ||
		    (e->head.n <= ENVELOPE_TEXT_MAX && !memchr(e->head.s, '\n', e->head.n));
	size_t room = more ? ENVELOPE_TEXT_MAX + 1 - e->head.n : 0;

	buf_add(&e->head, e->now.s, e->now.n < room ? e->now.n : room);
	e->now = (struct str){ "", 0 };
}

size_t envelope_json(struct envelope *e, struct str text, struct buf *out)
{
	size_t at = 0;

	for (e->now = (struct str){ text.s, 0 }; at < text.n && e->mode == ENVELOPE_JSON;
	     e->now.n = at)
		at += one_step(e, (struct str){ text.s + at, text.n - at }, out);
	if (e->mode == ENVELOPE_JSON || e->hanging)
		keep_head(e);
	e->now = (struct str){ "", 0 };
	return at;
}
