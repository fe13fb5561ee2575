/* parquet_write.c - see parquet_write.h. */
#include "parquet_write.h"

#define BYTES(s) ((struct str){ (s), sizeof(s) - 1 })

void write_varint(struct buf *out, uint64_t v)
{
	for (; v > 127; v >>= 7)
		buf_putc(out, (char)(v | 128));
	buf_putc(out, (char)v);
}

void write_i32(struct buf *out, int32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		buf_putc(out, (char)((uint32_t)v >> 8 * i));
}

void write_i64(struct buf *out, int64_t v)
{
	for (unsigned i = 0; i < 8; i++)
		buf_putc(out, (char)((uint64_t)v >> 8 * i));
}

void write_text(struct buf *out, const char *text)
{
	write_i32(out, (int32_t)strlen(text));
	buf_puts(out, text);
}

void write_run(struct buf *out, uint64_t n, unsigned bytes, uint32_t v)
{
	write_varint(out, n << 1);
	for (unsigned i = 0; i < bytes; i++)
		buf_putc(out, (char)(v >> 8 * i));
}

/* ---- Thrift: a field behind the one before, by how much its number is more ---- */

enum { TRUE = 1, FALSE = 2, I32 = 5, I64 = 6, TEXT = 8, LIST = 9, STRUCT = 12 };

static void field(struct buf *out, unsigned more, unsigned type)
{
	buf_putc(out, (char)(more << 4 | type));
}

static void number(struct buf *out, unsigned more, unsigned type, int64_t v)
{
	field(out, more, type);
	write_varint(out, (uint64_t)v << 1 ^ (v < 0 ? UINT64_MAX : 0));
}

static void text(struct buf *out, unsigned more, struct str s)
{
	field(out, more, TEXT);
	write_varint(out, s.n);
	buf_add_str(out, s);
}

static void list(struct buf *out, unsigned more, unsigned type, uint64_t n)
{
	field(out, more, LIST);
	buf_putc(out, (char)(15 << 4 | type));
	write_varint(out, n);
}

static void stop(struct buf *out)
{
	buf_putc(out, 0);
}

/* ---- pages ---- */

static void header(struct buf *out, int kind, size_t bytes)
{
	number(out, 1, I32, kind);
	number(out, 1, I32, (int64_t)bytes);
	number(out, 1, I32, (int64_t)bytes);
}

void write_dictionary(struct written *w, unsigned n, struct str body)
{
	header(&w->pages, 2, body.n);
	field(&w->pages, 4, STRUCT);
	number(&w->pages, 1, I32, n);
	number(&w->pages, 1, I32, 0);
	stop(&w->pages);
	stop(&w->pages);
	buf_add_str(&w->pages, body);
}

void write_page(struct written *w, int encoding, unsigned n, struct str levels, struct str body)
{
	header(&w->pages, 0, body.n + levels.n + (levels.s ? 4 : 0));
	field(&w->pages, 2, STRUCT);
	number(&w->pages, 1, I32, n);
	number(&w->pages, 1, I32, encoding);
	number(&w->pages, 1, I32, 3);
	number(&w->pages, 1, I32, 3);
	stop(&w->pages);
	stop(&w->pages);
	if (levels.s)
		write_i32(&w->pages, (int32_t)levels.n);
	buf_add_str(&w->pages, levels);
	buf_add_str(&w->pages, body);
}

void write_page_v2(struct written *w, int encoding, unsigned n, struct str levels, struct str body)
{
	header(&w->pages, 3, body.n + levels.n);
	field(&w->pages, 5, STRUCT);
	number(&w->pages, 1, I32, n);
	number(&w->pages, 1, I32, 0);
	number(&w->pages, 1, I32, n);
	number(&w->pages, 1, I32, encoding);
	number(&w->pages, 1, I32, (int64_t)levels.n);
	number(&w->pages, 1, I32, 0);
	field(&w->pages, 1, FALSE);
	stop(&w->pages);
	stop(&w->pages);
	buf_add_str(&w->pages, levels);
	buf_add_str(&w->pages, body);
}

/* ---- chunks, groups, the file ---- */

static void statistics(struct buf *out, const char *least, const char *most)
{
	field(out, 3, STRUCT);
	number(out, 3, I64, 0);
	text(out, 2, (struct str){ most, 8 });
	text(out, 1, (struct str){ least, 8 });
	stop(out);
}

void write_chunk(struct written *w, int64_t values)
{
	struct buf *out = &w->chunks;
	int64_t at;

	if (w->file.n == 0)
		buf_puts(&w->file, "PAR1");
	at = (int64_t)w->file.n;
	while (w->column[w->at].children)
		w->at++;
	w->n_chunks++;
	number(out, 2, I64, at);
	field(out, 1, STRUCT);
	number(out, 1, I32, w->column[w->at].type);
	list(out, 1, I32, 1);
	write_varint(out, 0);
	list(out, 1, TEXT, 1);
	write_varint(out, 1);
	buf_putc(out, 'x');
	number(out, 1, I32, w->codec);
	number(out, 1, I64, values);
	number(out, 1, I64, (int64_t)w->pages.n);
	number(out, 1, I64, (int64_t)w->pages.n);
	number(out, 2, I64, at);
	if (w->least)
		statistics(out, w->least, w->most);
	stop(out);
	stop(out);
	buf_add_str(&w->file, buf_str(&w->pages));
	buf_clear(&w->pages);
	w->least = w->most = NULL;
	w->at++;
}

void write_group(struct written *w, int64_t rows)
{
	struct buf *out = &w->groups;

	list(out, 1, STRUCT, w->n_chunks);
	buf_add_str(out, buf_str(&w->chunks));
	number(out, 1, I64, (int64_t)w->file.n);
	number(out, 1, I64, rows);
	stop(out);
	buf_clear(&w->chunks);
	w->at = w->n_chunks = 0;
	w->n++;
	w->rows += rows;
}

static void element(struct buf *out, const struct written_column *c)
{
	if (!c->children)
		number(out, 1, I32, c->type);
	number(out, c->children ? 3 : 2, I32, c->repetition);
	text(out, 1, str_of(c->name));
	if (c->children)
		number(out, 1, I32, c->children);
	else if (c->converted >= 0)
		number(out, 2, I32, c->converted);
	stop(out);
}

/* How many stand in nothing but the schema. */
static unsigned outermost(const struct written *w)
{
	unsigned n = 0, inner = 0; /* inner: still to come of what began further out */

	for (unsigned i = 0; i < w->columns; i++) {
		n += inner == 0;
		inner += w->column[i].children - (inner > 0);
	}
	return n;
}

struct str write_end(struct written *w)
{
	struct buf out = { 0 };

	if (w->file.n == 0)
		buf_puts(&w->file, "PAR1");
	number(&out, 1, I32, 1);
	list(&out, 1, STRUCT, w->columns + 1);
	text(&out, 4, BYTES("schema"));
	number(&out, 1, I32, outermost(w));
	stop(&out);
	for (unsigned i = 0; i < w->columns; i++)
		element(&out, &w->column[i]);
	number(&out, 1, I64, w->rows);
	list(&out, 1, STRUCT, w->n);
	buf_add_str(&out, buf_str(&w->groups));
	stop(&out);
	buf_add_str(&w->file, buf_str(&out));
	write_i32(&w->file, (int32_t)out.n);
	buf_puts(&w->file, "PAR1");
	buf_release(&out);
	return buf_str(&w->file);
}

void written_release(struct written *w)
{
	buf_release(&w->file);
	buf_release(&w->chunks);
	buf_release(&w->pages);
	buf_release(&w->groups);
}
