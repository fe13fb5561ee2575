/* engine_rows.c - see engine_rows.h. */
#include "engine/engine_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_MAX 200 /* bytes of what a server says */

/* ---- the server's words ---- */

/* Where they begin: behind what came before it failed. */
static struct str words_of(struct str body)
{
	static const char mark[] = "Code: ";
	const char *at = body.n ? memmem(body.s, body.n, mark, sizeof mark - 1) : NULL;

	return at ? (struct str){ at, body.n - (size_t)(at - body.s) } : body;
}

/* Adds them, one line of ASCII, and never the secret, whatever sends it back. */
static void add_words(struct str words, const char *secret, char *out, size_t size)
{
	size_t n = strlen(out), most = n + WORDS_MAX < size - 1 ? n + WORDS_MAX : size - 1;
	size_t long_ = secret ? strlen(secret) : 0;

	for (size_t i = 0; i < words.n && n < most; i++) {
		if (long_ && words.n - i >= long_ && memcmp(words.s + i, secret, long_) == 0) {
			out[n++] = '*';
			i += long_ - 1;
		} else if (words.s[i] == '\n') {
			break;
		} else {
			bool plain = words.s[i] >= ' ' && words.s[i] < 0x7f;
			out[n++] = plain ? words.s[i] : ' ';
		}
	}
	out[n] = '\0';
}

static bool say(char *error, size_t size, const char *what, struct str words, const char *secret)
{
	snprintf(error, size, "%s", what);
	if (words.n)
		add_words(words, secret, error, size);
	return false;
}

/* ---- the answer ---- */

static bool is_whole(struct engine_rows *r, size_t columns, bool totals, uint64_t limit)
{
	json_t *rows = json_object_get(r->root, "rows"),
	       *ranked = json_object_get(r->root, "rows_before_limit_at_least");

	r->data = json_object_get(r->root, "data");
	r->totals = json_object_get(r->root, "totals");
	r->rows = json_array_size(r->data);
	if (!json_is_array(r->data) ||
	    json_array_size(json_object_get(r->root, "meta")) != columns ||
	    !json_is_integer(rows) || (uint64_t)json_integer_value(rows) != r->rows ||
	    (limit && r->rows > limit) || (totals && json_array_size(r->totals) != columns))
		return false;
	for (size_t i = 0; i < r->rows; i++)
		if (json_array_size(json_array_get(r->data, i)) != columns)
			return false;
	r->ranked =
		limit && json_is_integer(ranked) ? (uint64_t)json_integer_value(ranked) : r->rows;
	return r->ranked >= r->rows;
}

/* Of no rows but totals ClickHouse (seen in 26.7) writes those, and the end of the list that they stand
 * behind, before all the rest. Parts that stand so are put in their order; whether it is whole, the
 * parser finds out. */
static json_t *parse(struct str body)
{
	static const char first[] = "\n\t],", begin[] = "{\n\t\"meta\"",
			  list[] = "\"data\":\n\t[\n";
	const char *meta = NULL, *data = NULL, *end = body.s + body.n;
	struct buf sorted = { 0 };
	json_error_t where;
	json_t *root;

	if (body.n > sizeof first && memcmp(body.s, first, sizeof first - 1) == 0)
		meta = memmem(body.s, body.n, begin, sizeof begin - 1);
	if (meta)
		data = memmem(meta, (size_t)(end - meta), list, sizeof list - 1);
	if (!data)
		return json_loadb(body.s ? body.s : "", body.n, JSON_ALLOW_NUL, &where);
	data += sizeof list - 1;
	buf_add(&sorted, meta, (size_t)(data - meta));
	buf_add(&sorted, body.s, (size_t)(meta - body.s));
	buf_add(&sorted, data, (size_t)(end - data));
	root = json_loadb(sorted.s, sorted.n, JSON_ALLOW_NUL, &where);
	buf_release(&sorted);
	return root;
}

bool engine_rows_read(struct engine_rows *r, const struct http_answer *a, size_t columns,
		      bool totals, uint64_t limit, const char *secret, char *error, size_t size)
{
	char what[64];
	struct str words = words_of(a->body);

	*r = (struct engine_rows){ 0 };
	if (a->error && a->status == 0)
		return say(error, size, "no answer of the server: ", str_of(a->error), secret);
	if (a->error)
		return say(error, size, "the answer was cut: ", str_of(a->error), secret);
	if (a->status != 200) {
		snprintf(what, sizeof what, "the server says (HTTP %d): ", a->status);
		return say(error, size, what, words, secret);
	}
	r->root = parse(a->body);
	if (!r->root && words.s != a->body.s)
		return say(error, size, "the server failed amid its answer: ", words, secret);
	if (!r->root || !is_whole(r, columns, totals, limit))
		return say(error, size, "the answer is not whole, or none of ClickHouse's",
			   (struct str){ 0 }, secret);
	return true;
}

void engine_rows_release(struct engine_rows *r)
{
	json_decref(r->root);
	*r = (struct engine_rows){ 0 };
}

/* ---- cells: numbers of 64 bits are texts ---- */

const char *engine_text(const json_t *row, size_t column)
{
	return json_string_value(json_array_get(row, column));
}

bool engine_u64(const json_t *row, size_t column, uint64_t *out)
{
	const json_t *cell = json_array_get(row, column);

	*out = 0;
	if (json_is_integer(cell)) {
		*out = (uint64_t)json_integer_value(cell);
		return json_integer_value(cell) >= 0;
	}
	return json_is_string(cell) && str_to_u64(str_of(json_string_value(cell)), out);
}

bool engine_i64(const json_t *row, size_t column, int64_t *out)
{
	const json_t *cell = json_array_get(row, column);
	const char *text = json_string_value(cell);
	char *end = NULL;

	*out = json_is_integer(cell) ? json_integer_value(cell) : 0;
	if (!text)
		return json_is_integer(cell);
	errno = 0;
	*out = strtoll(text, &end, 10);
	return *text && !*end && !errno;
}

bool engine_real(const json_t *row, size_t column, double *out)
{
	const json_t *cell = json_array_get(row, column);

	*out = json_number_value(cell);
	return json_is_number(cell);
}
