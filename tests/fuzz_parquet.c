/* Any bytes as Parquet: as a footer, as the pages of a column, as a file. What is read holds
 * together; how it is cut into pieces changes nothing; memory that was counted is given back. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "parquet/parquet.h"
#include "parquet/parquet_column.h"

#define ROWS_MOST 20000u /* that are looked at: a run of a few bytes makes millions */

void fuzz_parquet_footer(struct str in)
{
	struct parquet_meta m = { 0 };
	struct buf fault = { 0 };
	uint64_t rows = 0;
	bool good = parquet_footer(&m, in, &fault);

	FUZZ_CHECK(good == (fault.n == 0));
	FUZZ_CHECK(m.leaves <= PARQUET_LEAVES_MAX);
	for (size_t i = 0; i < m.groups; i++) {
		const struct parquet_group *g = &m.group[i];
		FUZZ_CHECK(!good || g->before == rows);
		FUZZ_CHECK(g->chunks <= m.leaves);
		FUZZ_CHECK(!good || g->wrong || !g->rows || g->chunks == m.leaves);
		rows += (uint64_t)g->rows;
	}
	FUZZ_CHECK(!good || rows == m.rows);
	/* Few bytes make no more than so many. */
	FUZZ_CHECK(parquet_meta_bytes(&m) <= 64 * in.n + 4096);
	parquet_meta_release(&m);
	buf_release(&fault);
}

/* ---- the pages of a column ---- */

static void check_batch(const struct parquet_column *c, size_t asked)
{
	const struct parquet_batch *b = &c->batch;
	size_t there = 0, bytes = 0;

	FUZZ_CHECK(b->rows <= asked && b->rows <= PARQUET_BATCH && b->present <= b->rows);
	FUZZ_CHECK(!b->whole || b->present == b->rows);
	for (size_t i = 0; i < b->rows; i++)
		there += b->whole || b->there[i] == 1;
	FUZZ_CHECK(there == b->present);
	for (size_t i = 0; i < b->present; i++) {
		if (b->given == PARQUET_CODES)
			FUZZ_CHECK(b->code[i] < c->entries);
		else if (b->given == PARQUET_TEXTS) /* each byte is there */
			for (size_t k = 0; k < b->text[i].n && bytes < 100000; k++)
				bytes += 1 + (b->text[i].s[k] == 'x');
	}
}

void fuzz_parquet_page(struct str in)
{
	static const int codecs[] = { 0, 1, 2, 6, 7 };
	uint64_t held = 0, codec = fuzz_number(&in, 1), rows = fuzz_number(&in, 2), seen = 0;
	struct parquet_leaf leaf = { .type = (int64_t)(fuzz_number(&in, 1) % PARQUET_TYPES),
				     .length = 5,
				     .levels = (unsigned)fuzz_number(&in, 1) % 8 };
	struct buf bytes = { 0 };
	struct parquet_file file = { .fd = -1 };
	struct parquet_column *c = xcalloc(1, sizeof *c);
	struct parquet_chunk chunk = { .at = 4,
				       .size = (int64_t)in.n,
				       .type = (int8_t)leaf.type,
				       .codec = (int8_t)codecs[codec % ARRAY_SIZE(codecs)] };

	/* In a list a value is one level deeper. */
	leaf.lists = leaf.levels / 4;
	leaf.levels = leaf.levels % 4 + leaf.lists;
	chunk.values = (int64_t)in.n;
	if (parquet_codec_refusal(chunk.codec) || leaf.type == PARQUET_BOOLEAN)
		chunk.codec = 0;
	buf_puts(&bytes, "PAR1");
	buf_add_str(&bytes, in);
	file.bytes = bytes.s;
	file.size = bytes.n;
	c->file = &file;
	c->held = &held;
	if (leaf.type != PARQUET_BOOLEAN && parquet_column_begin(c, &leaf, &chunk, rows) &&
	    parquet_column_skip(c, rows / 8)) {
		seen = rows / 8;
		while (seen < rows && parquet_column_next(c, (size_t)(rows - seen))) {
			check_batch(c, (size_t)(rows - seen));
			seen += c->batch.rows;
		}
	}
	FUZZ_CHECK(seen <= rows && (seen == rows || c->wrong || leaf.type == PARQUET_BOOLEAN));
	parquet_column_release(c);
	FUZZ_CHECK(held == 0);
	free(c);
	buf_release(&bytes);
}

/* ---- files ---- */

/* Rows as lines, `most` at a time. False: some are left out. */
static bool read_rows(const struct parquet *p, uint64_t most, struct dict *d, struct buf *out)
{
	struct parquet_piece piece = { 0 };
	uint64_t held = 0, over = 0, rows = 0;
	bool whole = true;

	buf_puts(out, "");
	while (rows < ROWS_MOST && parquet_next(p, &piece, most, INT64_MIN, INT64_MAX, &over)) {
		struct parquet_rows r;
		uint64_t got = 0;
		parquet_decode(p, &piece, NULL, 7, &held, &r);
		for (size_t i = 0; i < r.segments; i++) {
			struct segment *s = r.segment[i];
			got += s->rows;
			FUZZ_CHECK(s->flows + s->nodata + s->skipdata == s->rows && s->source == 7);
			segment_publish(s, d);
			for (uint32_t row = 0; row < s->rows; row++) {
				segment_render(s, d, row, out);
				buf_putc(out, '\n');
			}
			segment_free(s, d);
		}
		FUZZ_CHECK(got == (r.fault ? 0 : piece.rows) && r.counts.lines == got);
		FUZZ_CHECK(held == 0);
		whole &= !r.fault;
		free(r.fault);
		free(r.segment);
		rows += piece.rows;
	}
	return whole;
}

void fuzz_parquet_file(struct str in)
{
	struct parquet p = { .file = { .bytes = in.s, .fd = -1, .size = in.n } };
	struct buf fault = { 0 }, one = { 0 }, other = { 0 };
	struct dict *d = dict_new();
	enum parquet_state state;

	fuzz_forget_formats();
	state = parquet_open(&p, &fault);
	FUZZ_CHECK((state == PARQUET_WHOLE) == (p.format != NULL));
	FUZZ_CHECK((state == PARQUET_DAMAGED) == (fault.n > 0));
	if (p.format && p.meta.rows <= ROWS_MOST && read_rows(&p, SEGMENT_ROWS, d, &one)) {
		/* Pieces that begin within pages: as the whole. */
		FUZZ_CHECK(read_rows(&p, 1 + p.meta.rows / 3, d, &other));
		FUZZ_CHECK(str_equal(buf_str(&one), buf_str(&other)));
	} else if (p.format) {
		buf_clear(&one);
		read_rows(&p, 5000, d, &one);
	}
	parquet_release(&p);
	dict_free(d);
	buf_release(&fault);
	buf_release(&one);
	buf_release(&other);
}
