/* parquet_column.c - see parquet_column.h. */
#include "parquet/parquet_column.h"

#include <stdlib.h>

#define WINDOW ((size_t)64 << 10) /* read at a time, where a page has no more */
#define HEADER 512u               /* bytes of most headers, at most */
#define HEADER_MAX ((size_t)1 << 20)
#define LIST_VALUES 1024u /* of a list, on average */

static bool fail(struct parquet_column *c, const char *what)
{
	c->wrong = c->wrong ? c->wrong : what;
	return false;
}

/* ---- bytes ---- */

static void bytes_reserve(struct parquet_column *c, struct parquet_bytes *b, size_t n)
{
	if (n + PARQUET_PAD <= b->cap)
		return;
	free(b->s);
	__atomic_fetch_add(c->held, n + PARQUET_PAD - b->cap, __ATOMIC_RELAXED);
	b->cap = n + PARQUET_PAD;
	b->s = xcalloc(1, b->cap);
}

/* n bytes of the chunk from c->at on; NULL: they are not there. */
static const char *bytes_here(struct parquet_column *c, size_t n)
{
	size_t want = n > WINDOW ? n : WINDOW;

	if (n > c->end - c->at) {
		fail(c, "a page that goes beyond its chunk");
		return NULL;
	}
	if (c->at < c->window_at || c->at - c->window_at > c->window_n ||
	    n > c->window_n - (c->at - c->window_at)) {
		want = want < c->end - c->at ? want : (size_t)(c->end - c->at);
		bytes_reserve(c, &c->window, want);
		c->window_at = c->at;
		c->window_n = 0;
		if (!parquet_read(c->file, c->at, c->window.s, want)) {
			fail(c, "bytes that can't be read");
			return NULL;
		}
		c->window_n = want;
	}
	return (const char *)c->window.s + (c->at - c->window_at);
}

/* ---- pages ---- */

static bool read_header(struct parquet_column *c, struct parquet_page *p)
{
	const char *wrong = NULL;
	size_t most = c->end - c->at < HEADER_MAX ? (size_t)(c->end - c->at) : HEADER_MAX;

	if (most == 0)
		return fail(c, "fewer values than rows");
	for (size_t n = HEADER;; n *= 8) {
		n = n < most ? n : most;
		const char *s = bytes_here(c, n);
		size_t length = s ? parquet_page_read(p, (struct str){ s, n }, &wrong) : 0;
		c->at += length;
		if (length || n == most || !s)
			return length || fail(c, wrong);
	}
}

/* What a page holds, unpacked: in `out`, p->raw bytes. */
static bool read_page(struct parquet_column *c, const struct parquet_page *p,
		      struct parquet_bytes *out)
{
	size_t head = (size_t)(p->level_bytes + p->repeat_bytes), raw = (size_t)p->raw - head;
	const char *s = bytes_here(c, (size_t)p->packed);
	struct str in;

	if (!s)
		return false;
	in = (struct str){ s + head, (size_t)p->packed - head };
	bytes_reserve(c, out, (size_t)p->raw);
	memcpy(out->s, s, head);
	c->at += (uint64_t)p->packed;
	if (raw == 0)
		return true;
	if (!parquet_unpack(&c->unpacker, p->is_packed ? c->codec : 0, in, out->s + head, raw))
		return fail(c, "a page that does not unpack to what its header says");
	return true;
}

static bool read_dictionary(struct parquet_column *c, const struct parquet_page *p)
{
	if (c->entries)
		return fail(c, "a second dictionary");
	if (p->encoding != PARQUET_PLAIN && p->encoding != PARQUET_PLAIN_DICTIONARY)
		return fail(c, "a dictionary of an encoding that is not read");
	return read_page(c, p, &c->dictionary) &&
	       parquet_values_dictionary(
		       c, (struct str){ (const char *)c->dictionary.s, (size_t)p->raw }, p->values);
}

static unsigned bits_of(unsigned v)
{
	unsigned bits = 0;

	for (; v; v >>= 1)
		bits++;
	return bits;
}

/* Cuts levels of `width` bits off the front of a page: so many bytes, or, of version 1, as many as
 * stand before them. False: they are not there. */
static bool cut_levels(struct parquet_runs *r, bool counted, uint64_t n, unsigned width,
		       struct str *rest)
{
	if (!counted) {
		const uint8_t *b = (const uint8_t *)rest->s;
		if (rest->n < 4)
			return false;
		n = (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 |
		    (uint64_t)b[3] << 24;
		rest->s += 4;
		rest->n -= 4;
	}
	if (n > rest->n)
		return false;
	parquet_runs_begin(r, (struct str){ rest->s, n }, width);
	rest->s += n;
	rest->n -= n;
	return true;
}

static bool take_levels(struct parquet_column *c, const struct parquet_page *p, struct str *rest)
{
	bool counted = p->kind == PARQUET_DATA_V2;

	c->has_levels = c->leaf->levels > 0;
	if ((counted || c->leaf->lists) &&
	    !cut_levels(&c->repeats, counted, (uint64_t)p->repeat_bytes, bits_of(c->leaf->lists),
			rest))
		return false;
	return (!counted && !c->has_levels) ||
	       cut_levels(&c->levels, counted, (uint64_t)p->level_bytes, bits_of(c->leaf->levels),
			  rest);
}

static bool open_page(struct parquet_column *c, const struct parquet_page *p)
{
	struct str rest;

	if (!read_page(c, p, &c->page))
		return false;
	rest = (struct str){ (const char *)c->page.s, (size_t)p->raw };
	if (!take_levels(c, p, &rest))
		return fail(c, "levels that go beyond their page");
	c->left = (uint64_t)p->values;
	return parquet_values_begin(c, (enum parquet_encoding)p->encoding, rest);
}

/* Up to a page with rows, stepping over *skip rows: what is left of them is in it. */
static bool next_page(struct parquet_column *c, uint64_t *skip)
{
	struct parquet_page p;

	while (c->left == 0) {
		if (!read_header(c, &p))
			return false;
		if (p.kind == PARQUET_DICTIONARY) {
			if (!read_dictionary(c, &p))
				return false;
			continue;
		}
		bool data = p.kind == PARQUET_DATA || p.kind == PARQUET_DATA_V2;
		bool counts = c->leaf->lists == 0; /* values are rows */
		if (data && (uint64_t)p.values > c->rows_left)
			return fail(c, "more values than rows");
		if (!data || (counts && (uint64_t)p.values <= *skip)) {
			if ((uint64_t)p.packed > c->end - c->at)
				return fail(c, "a page that goes beyond its chunk");
			c->at += (uint64_t)p.packed;
			*skip -= data ? (uint64_t)p.values : 0;
			c->rows_left -= data ? (uint64_t)p.values : 0;
			if (*skip == 0 && data)
				return true;
			continue;
		}
		c->rows_left -= (uint64_t)p.values;
		if (!open_page(c, &p))
			return false;
	}
	return true;
}

/* ---- rows ---- */

bool parquet_column_begin(struct parquet_column *c, const struct parquet_leaf *leaf,
			  const struct parquet_chunk *chunk, uint64_t rows)
{
	c->leaf = leaf;
	c->wrong = NULL;
	c->codec = chunk->codec;
	c->entries = 0;
	c->left = 0;
	c->rows_left = leaf->lists && chunk->values > 0 ? (uint64_t)chunk->values : rows;
	c->window_n = 0;
	c->at = c->window_at = (uint64_t)chunk->at;
	c->end = c->at;
	if (chunk->type != leaf->type)
		return fail(c, "a chunk of another type than its column");
	if (chunk->at < 4 || chunk->size < 0 || (uint64_t)chunk->at > c->file->size ||
	    (uint64_t)chunk->size > c->file->size - (uint64_t)chunk->at)
		return fail(c, "a chunk that goes beyond the file");
	c->end = c->at + (uint64_t)chunk->size;
	if (leaf->lists && c->rows_left / LIST_VALUES > rows)
		return fail(c, "lists with more values than are read");
	return true;
}

/* Which of the next rows have a value. */
static bool read_levels(struct parquet_column *c, size_t n)
{
	struct parquet_batch *b = &c->batch;
	uint32_t level = 0;

	b->rows = b->present = n;
	b->whole = true;
	if (!c->has_levels)
		return true;
	if (parquet_runs_length(&c->levels, &level, n) == n && level == c->leaf->levels) {
		parquet_runs_skip(&c->levels, n);
		return true;
	}
	if (!parquet_runs_next(&c->levels, b->there, n))
		return fail(c, "fewer levels than values");
	b->present = 0;
	for (size_t i = 0; i < n; i++) {
		b->there[i] = b->there[i] == c->leaf->levels;
		b->present += b->there[i];
	}
	b->whole = b->present == n;
	return true;
}

/* Of the n values at hand, null ones too, those that begin a row. */
static bool take_first(struct parquet_column *c, size_t n)
{
	struct parquet_batch *b = &c->batch;
	uint32_t repeat[PARQUET_BATCH];
	size_t rows = 0, present = 0;

	if (!parquet_runs_next(&c->repeats, repeat, n))
		return fail(c, "fewer levels than values");
	for (size_t i = 0, k = 0; i < n; i++) {
		bool there = b->whole || b->there[i];
		if (repeat[i] == 0) {
			b->there[rows++] = there;
			b->code[present] = b->code[k];
			b->number[present] = b->number[k];
			b->text[present] = b->text[k];
			present += there;
		}
		k += there;
	}
	b->whole = present == rows;
	b->rows = rows;
	b->present = present;
	return true;
}

static bool take_rows(struct parquet_column *c, size_t n)
{
	n = n < PARQUET_BATCH ? n : PARQUET_BATCH;
	n = n < c->left ? n : (size_t)c->left;
	if (!read_levels(c, n) || !parquet_values_next(c, c->batch.present))
		return false;
	c->left -= n;
	return c->leaf->lists == 0 || take_first(c, n);
}

/* Steps over rows that are runs: of no value, or of one code. Returns how many. */
static size_t skip_runs(struct parquet_column *c, uint64_t rows)
{
	size_t n = c->leaf->lists ? 0 : (size_t)(rows < c->left ? rows : c->left);
	uint32_t level = c->leaf->levels, code;

	if (n && c->has_levels)
		n = parquet_runs_length(&c->levels, &level, n);
	if (n && level == c->leaf->levels)
		n = c->batch.given == PARQUET_CODES ? parquet_runs_length(&c->codes, &code, n) : 0;
	if (n && level == c->leaf->levels)
		parquet_runs_skip(&c->codes, n);
	if (n && c->has_levels)
		parquet_runs_skip(&c->levels, n);
	c->left -= n;
	return n;
}

bool parquet_column_skip(struct parquet_column *c, uint64_t rows)
{
	while (rows) {
		if (c->left == 0 && !next_page(c, &rows))
			return false;
		if (rows == 0 || c->left == 0)
			continue;
		size_t stepped = skip_runs(c, rows);
		rows -= stepped;
		if (stepped)
			continue;
		if (!take_rows(c, rows < PARQUET_BATCH ? (size_t)rows : PARQUET_BATCH))
			return false;
		rows -= c->batch.rows;
	}
	return true;
}

bool parquet_column_next(struct parquet_column *c, size_t n)
{
	uint64_t none = 0;

	do {
		while (c->left == 0)
			if (!next_page(c, &none))
				return false;
		if (!take_rows(c, n))
			return false;
	} while (c->batch.rows == 0);
	return true;
}

uint64_t parquet_column_at(const struct parquet_column *c)
{
	return c->at;
}

void parquet_column_release(struct parquet_column *c)
{
	__atomic_fetch_sub(c->held,
			   c->window.cap + c->page.cap + c->dictionary.cap + c->texts.cap +
				   c->number_cap * sizeof *c->number +
				   c->text_cap * sizeof *c->text,
			   __ATOMIC_RELAXED);
	parquet_unpacker_release(&c->unpacker);
	free(c->window.s);
	free(c->page.s);
	free(c->dictionary.s);
	free(c->number);
	free(c->text);
	buf_release(&c->last);
	buf_release(&c->texts);
}
