/* parquet_rows.c - a piece of a row group as segments: see parquet.h. Column by column, so that
 * one page at a time is unpacked; then what is asked of every row is noted. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/wide.h"
#include "decode/decode_batch.h"
#include "decode/orient.h"
#include "parquet/parquet.h"
#include "parquet/parquet_fill.h"
#include "store/arrival.h"
#include "store/segment_build.h"

#define LEAST_ROWS 256u /* of a segment, whatever texts they have */

struct rows_job {
	const struct parquet *file;
	const struct parquet_piece *piece;
	const struct parquet_group *group;
	const struct format *part; /* what is wanted of the format */
	struct parquet_fill fill;
	struct parquet_part *list;
	size_t n;
	unsigned leaf; /* whose chunk is at hand */
};

/* ---- segments ---- */

static void begin_parts(struct rows_job *j, uint32_t source, uint32_t most)
{
	uint64_t rows = j->piece->rows;

	j->n = (size_t)((rows + most - 1) / most);
	j->list = xcalloc(j->n, sizeof *j->list);
	for (size_t i = 0; i < j->n; i++) {
		struct parquet_part *p = &j->list[i];
		uint64_t from = i * (uint64_t)most;
		p->rows = (uint32_t)(rows - from < most ? rows - from : most);
		p->suspect = xcalloc(SEGMENT_ROWS / 64 + 3, sizeof *p->suspect);
		p->segment = segment_new(j->part);
		p->segment->source = source;
		p->segment->line = from + 1;
		segment_note_arrival(p->segment, from);
		segment_expect(p->segment, p->rows);
		segment_reserve(p->segment, p->rows);
	}
}

static void drop_parts(struct rows_job *j)
{
	for (size_t i = 0; i < j->n; i++) {
		segment_free(j->list[i].segment, NULL);
		free(j->list[i].suspect);
	}
	free(j->list);
	j->list = NULL;
	j->n = 0;
}

/* ---- what is asked of every row ---- */

/* The numbers of some rows that marks are made of. */
static void take_numbers(const struct segment *s, uint32_t row, unsigned n, struct batch_scratch *x)
{
	const struct column *end = segment_column(s, FIELD_END);
	const bool all_end = end && !end->absent; /* nobody asks for the start then */

	memset(x->has, 0, sizeof x->has);
	for (unsigned i = 0; i < s->format->n; i++) {
		enum column_role role = column_role_of(s->format->field[i]);
		if (role == COLUMN_OTHER || (role == COLUMN_START && all_end))
			continue;
		x->has[role] = true;
		column_numbers(&s->column[i], row, n, x->number[role]);
	}
}

static void note_unreadable(struct parquet_part *p, uint32_t first, unsigned n)
{
	struct segment *s = p->segment;

	for (uint32_t row = first; row < first + n; row++) {
		bool unreadable = false;
		if (!(p->suspect[row / 64] >> row % 64 & 1))
			continue;
		for (unsigned i = 0; !unreadable && i < s->format->n; i++)
			unreadable = segment_is_unreadable(s, row, i);
		if (unreadable)
			segment_note_unreadable(s, row, s->line + row);
	}
}

static void mark_rows(struct lane *lane, struct batch_scratch *x, unsigned n)
{
#if defined WIDE_BEGIN
	if (cpu_is_wide()) {
		batch_mark_wide(lane, x, n);
		return;
	}
#endif
	batch_mark(lane, x, n);
}

static void mark_part(struct parquet_part *p, struct batch_scratch *x)
{
	struct segment *s = p->segment;
	struct lane lane = { .segment = s };

	while (s->rows < p->rows) {
		uint32_t left = p->rows - s->rows;
		unsigned n = left < BATCH_LINES ? left : BATCH_LINES;
		take_numbers(s, s->rows, n, x);
		memset(x->suspect, 0, sizeof x->suspect);
		mark_rows(&lane, x, n);
		for (unsigned i = 0; i < s->format->n; i++)
			if (s->column[i].unreadable)
				odd_codes(&s->column[i],
					  (const uint16_t *)s->column[i].data + s->rows, n, x);
		p->suspect[s->rows / 64] |= x->suspect[0];
		p->suspect[s->rows / 64 + 1] |= x->suspect[1];
		note_unreadable(p, s->rows, n);
		s->rows += n;
	}
	free(lane.action.mark);
	free(lane.status.mark);
}

static void mark_parts(struct rows_job *j)
{
	struct batch_scratch *x = xcalloc(1, sizeof *x);

	x->service = service_bitmap();
	memset(x->none, 0xff, sizeof x->none);
	for (size_t i = 0; i < j->n; i++)
		mark_part(&j->list[i], x);
	free(x);
}

/* ---- a piece ---- */

/* Whether what was filled before for a column is of no use: each row has a value here. Texts may say
 * that there is none. */
static bool is_all(const struct parquet_chunk *c, int field)
{
	return c->nulls == 0 && field_type(field) == TYPE_TIME;
}

/* A column of the parts from each of its leaves. */
static bool fill_one(struct rows_job *j, unsigned at)
{
	const struct parquet *p = j->file;
	const int field = j->part->field[at];
	unsigned column = (unsigned)format_column(p->format, field), from = 0, end, begin;

	while (p->origin[from].column != column)
		from++;
	for (end = from + 1; end < p->origins && p->origin[end].column == column;)
		end++;
	for (unsigned i = begin = from; i < end; i++)
		if (is_all(&j->group->chunk[p->origin[i].leaf], field))
			begin = i;
	for (unsigned i = begin; i < end; i++) {
		const struct parquet_chunk *c = &j->group->chunk[p->origin[i].leaf];
		j->leaf = p->origin[i].leaf;
		j->fill.over = i > begin;
		j->fill.as = (enum ocsf_words)p->origin[i].as;
		if (j->fill.over && c->nulls == c->values)
			continue;
		if (!parquet_fill_column(&j->fill, &p->meta.leaf[j->leaf], c,
					 (uint64_t)j->group->rows, j->piece->first, j->list, j->n,
					 at))
			return false;
	}
	return true;
}

static bool fill_parts(struct rows_job *j)
{
	for (unsigned i = 0; i < j->part->n; i++)
		if (!fill_one(j, i))
			return false;
	return true;
}

/* "row group 3, column srcaddr, byte 81234: a page that is cut short: 2048 rows are left out" */
static char *fault_of(const struct rows_job *j, const char *wrong)
{
	const struct parquet_piece *piece = j->piece;
	struct buf out = { 0 };

	buf_printf(&out, "row group %zu", piece->group + 1);
	if (!j->group->wrong)
		buf_printf(&out, ", column %.40s, byte %" PRIu64, j->file->meta.leaf[j->leaf].name,
			   parquet_column_at(&j->fill.in));
	buf_printf(&out, ": %s: %" PRIu64 " %s left out", wrong, piece->rows,
		   plural(piece->rows, "row is", "rows are"));
	return out.s;
}

/* Segments hold so many texts: where those of the rows are long, each has fewer. */
static bool decode_parts(struct rows_job *j, uint32_t source, const char **wrong)
{
	for (uint32_t most = SEGMENT_ROWS; most >= LEAST_ROWS; most /= 16) {
		j->fill.too_much = false;
		begin_parts(j, source, most);
		if (fill_parts(j))
			return true;
		drop_parts(j);
		*wrong = j->fill.in.wrong;
		if (*wrong)
			return false;
	}
	*wrong = "values that are too long";
	return false;
}

static size_t width_of(const struct format *f)
{
	size_t n = 1;

	for (unsigned i = 0; i < f->n; i++)
		n += type_is_number(field_type(f->field[i])) ? 4 : 2;
	return n;
}

static void give(struct rows_job *j, struct decode_counts *c, struct parquet_rows *out)
{
	out->segment = xcalloc(j->n, sizeof *out->segment);
	for (size_t i = 0; i < j->n; i++) {
		struct segment *s = j->list[i].segment;
		*c = (struct decode_counts){ .lines = c->lines + s->rows,
					     .flows = c->flows + s->flows,
					     .nodata = c->nodata + s->nodata,
					     .skipdata = c->skipdata + s->skipdata,
					     .undated = c->undated + s->undated };
		segment_seal(s);
		out->segment[out->segments++] = s;
		j->list[i].segment = NULL;
	}
	drop_parts(j);
}

void parquet_decode(const struct parquet *p, const struct parquet_piece *piece,
		    const struct field_set *wanted, uint32_t source, uint64_t *held,
		    struct parquet_rows *out)
{
	struct rows_job j = { .file = p,
			      .piece = piece,
			      .group = &p->meta.group[piece->group],
			      .part = wanted ? format_part(p->format, wanted) : p->format,
			      .fill.in.file = &p->file,
			      .fill.in.held = held };
	uint64_t open = piece->rows * width_of(j.part);
	const char *wrong = j.group->wrong;

	*out = (struct parquet_rows){ 0 };
	__atomic_fetch_add(held, open, __ATOMIC_RELAXED);
	if (!wrong && decode_parts(&j, source, &wrong)) {
		mark_parts(&j);
		give(&j, &out->counts, out);
	} else {
		out->fault = fault_of(&j, wrong);
	}
	__atomic_fetch_sub(held, open, __ATOMIC_RELAXED);
	parquet_fill_release(&j.fill);
}
