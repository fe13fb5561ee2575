/* parquet_footer.c - see parquet_meta.h: the footer's structures, a table each. */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "parquet/parquet_meta.h"
#include "parquet/parquet_page.h"
#include "parquet/parquet_thrift.h"

#define MAGIC "PAR1"
#define TAIL 8 /* the footer's length, and the magic once more */
#define NESTING 32
#define NAME_MAX_HERE 1024
#define ROWS_FREE (INT64_C(1) << 20) /* of a row group, however few bytes it has; */
#define ROWS_OF_BYTE 1100            /* a byte of more: no two flows are alike */

enum { REQUIRED, OPTIONAL, REPEATED };

/* One element of the schema, where each stands behind what it is in. */
struct element {
	int64_t type, length, repetition, children, converted, scale;
	struct str name;
	enum parquet_unit unit;
	bool decimal, has_sign;
};

/* What the leaves that come stand in. */
struct nest {
	int64_t children; /* that are still to come */
	size_t path;      /* bytes of their names before their own */
	unsigned levels, lists;
};

struct footer {
	struct parquet_meta *meta;
	struct nest nest[NESTING];
	unsigned depth;
	bool begun;
	struct buf path;
};

/* ---- what a number means ---- */

static void read_nothing(struct thrift *t)
{
	thrift_struct(t, NULL, 0, NULL);
}

#define UNIT(name, value) \
	static void name(struct thrift *t, void *out) \
	{ \
		*(enum parquet_unit *)out = value; \
		read_nothing(t); \
	}
UNIT(read_days, PARQUET_DAYS)
UNIT(read_milliseconds, PARQUET_MILLISECONDS)
UNIT(read_microseconds, PARQUET_MICROSECONDS)
UNIT(read_nanoseconds, PARQUET_NANOSECONDS)

static void read_unit(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_STRUCT, .read = read_milliseconds },
		{ .id = 2, .kind = THRIFT_STRUCT, .read = read_microseconds },
		{ .id = 3, .kind = THRIFT_STRUCT, .read = read_nanoseconds },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_timestamp(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 2, .kind = THRIFT_STRUCT, .read = read_unit },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_decimal(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct element, scale) },
	};

	((struct element *)out)->decimal = true;
	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_integer(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 2, .kind = THRIFT_FLAG, .at = offsetof(struct element, has_sign) },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_logical(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 5, .kind = THRIFT_STRUCT, .read = read_decimal },
		{ .id = 6,
		  .kind = THRIFT_STRUCT,
		  .at = offsetof(struct element, unit),
		  .read = read_days },
		{ .id = 8,
		  .kind = THRIFT_STRUCT,
		  .at = offsetof(struct element, unit),
		  .read = read_timestamp },
		{ .id = 10, .kind = THRIFT_STRUCT, .read = read_integer },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

/* The older way to say it, which newer writers use too. */
static void note_converted(struct element *e)
{
	enum {
		DECIMAL = 5,
		DATE = 6,
		MILLISECONDS = 9,
		MICROSECONDS = 10,
		UINT_8 = 11,
		UINT_64 = 14
	};

	if (e->converted == DECIMAL)
		e->decimal = true;
	else if (e->converted == DATE)
		e->unit = PARQUET_DAYS;
	else if (e->converted == MILLISECONDS)
		e->unit = PARQUET_MILLISECONDS;
	else if (e->converted == MICROSECONDS)
		e->unit = PARQUET_MICROSECONDS;
	else if (e->converted >= UINT_8 && e->converted <= UINT_64)
		e->has_sign = false;
}

/* ---- schema ---- */

static const char *leaf_refusal(const struct element *e)
{
	if (e->type == PARQUET_BOOLEAN)
		return "it is of booleans";
	if (e->type < 0 || e->type >= PARQUET_TYPES)
		return "its type is not known";
	if (e->decimal && (e->scale || e->type > PARQUET_INT64))
		return "it is of decimal fractions";
	if (e->type == PARQUET_FIXED && (e->length <= 0 || e->length > NAME_MAX_HERE))
		return "its values have no length";
	return NULL;
}

static void add_leaf(struct thrift *t, struct footer *f, const struct element *e, unsigned lists,
		     unsigned levels)
{
	struct parquet_meta *m = f->meta;

	if (m->leaves == PARQUET_LEAVES_MAX) {
		thrift_fail(t, "more than 1024 columns");
		return;
	}
	xgrow((void **)&m->leaf, &m->leaf_cap, m->leaves + 1, sizeof *m->leaf);
	m->leaf[m->leaves++] = (struct parquet_leaf){
		.name = xstrndup(f->path.s, f->path.n),
		.type = e->type,
		.length = e->length,
		.levels = levels,
		.lists = lists,
		.unit = e->type == PARQUET_INT96 ? PARQUET_NANOSECONDS : e->unit,
		.without_sign = !e->has_sign,
		.refusal = leaf_refusal(e),
	};
}

/* Behind an element: what it was the last child of is over. */
static void close_nests(struct footer *f)
{
	while (f->depth && f->nest[f->depth - 1].children <= 0)
		f->depth--;
}

static void add_element(struct thrift *t, struct footer *f, const struct element *e)
{
	struct nest *in = f->depth ? &f->nest[f->depth - 1] : NULL;
	unsigned levels = (in ? in->levels : 0) + (e->repetition != REQUIRED);
	unsigned lists = (in ? in->lists : 0) + (e->repetition == REPEATED);

	if (!f->begun) { /* what all stand in */
		f->begun = true;
		f->nest[f->depth++] = (struct nest){ .children = e->children };
		return;
	}
	if (!in || e->name.n > NAME_MAX_HERE || (e->children > 0 && f->depth == NESTING)) {
		thrift_fail(t, "a schema that does not add up");
		return;
	}
	in->children--;
	f->path.n = in->path;
	if (f->path.n)
		buf_putc(&f->path, '.');
	buf_add_str(&f->path, e->name);
	if (e->children > 0)
		f->nest[f->depth++] = (struct nest){ e->children, f->path.n, levels, lists };
	else if (e->type >= 0)
		add_leaf(t, f, e, lists, levels);
	close_nests(f);
}

static void read_element(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct element, type) },
		{ .id = 2, .kind = THRIFT_INT, .at = offsetof(struct element, length) },
		{ .id = 3, .kind = THRIFT_INT, .at = offsetof(struct element, repetition) },
		{ .id = 4, .kind = THRIFT_TEXT, .at = offsetof(struct element, name) },
		{ .id = 5, .kind = THRIFT_INT, .at = offsetof(struct element, children) },
		{ .id = 6, .kind = THRIFT_INT, .at = offsetof(struct element, converted) },
		{ .id = 7, .kind = THRIFT_INT, .at = offsetof(struct element, scale) },
		{ .id = 10, .kind = THRIFT_STRUCT, .read = read_logical },
	};
	struct element e = { .type = -1, .converted = -1, .name = { "", 0 }, .has_sign = true };

	thrift_struct(t, rows, ARRAY_SIZE(rows), &e);
	note_converted(&e);
	if (!t->wrong)
		add_element(t, out, &e);
}

/* ---- row groups ---- */

struct statistics {
	struct str most, least, old_most, old_least;
	int64_t nulls;
};

struct chunk {
	int64_t type, codec, values, size, data, dictionary;
	uint64_t encodings; /* a bit each */
	struct str path;    /* of another file */
	struct statistics statistics;
	bool encrypted;
};

static void read_statistics(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_TEXT, .at = offsetof(struct statistics, old_most) },
		{ .id = 2, .kind = THRIFT_TEXT, .at = offsetof(struct statistics, old_least) },
		{ .id = 3, .kind = THRIFT_INT, .at = offsetof(struct statistics, nulls) },
		{ .id = 5, .kind = THRIFT_TEXT, .at = offsetof(struct statistics, most) },
		{ .id = 6, .kind = THRIFT_TEXT, .at = offsetof(struct statistics, least) },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_encoding(struct thrift *t, void *out)
{
	int64_t v = thrift_int(t);

	((struct chunk *)out)->encodings |= UINT64_C(1) << (v >= 0 && v < 63 ? v : 63);
}

static void read_chunk_meta(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_INT, .at = offsetof(struct chunk, type) },
		{ .id = 2, .kind = THRIFT_EACH, .read = read_encoding },
		{ .id = 4, .kind = THRIFT_INT, .at = offsetof(struct chunk, codec) },
		{ .id = 5, .kind = THRIFT_INT, .at = offsetof(struct chunk, values) },
		{ .id = 7, .kind = THRIFT_INT, .at = offsetof(struct chunk, size) },
		{ .id = 9, .kind = THRIFT_INT, .at = offsetof(struct chunk, data) },
		{ .id = 11, .kind = THRIFT_INT, .at = offsetof(struct chunk, dictionary) },
		{ .id = 12,
		  .kind = THRIFT_STRUCT,
		  .at = offsetof(struct chunk, statistics),
		  .read = read_statistics },
	};

	thrift_struct(t, rows, ARRAY_SIZE(rows), out);
}

static void read_crypto(struct thrift *t, void *out)
{
	((struct chunk *)out)->encrypted = true;
	read_nothing(t);
}

/* A number as statistics have it; false: it is none. */
static bool bound_of(const struct parquet_leaf *l, struct str s, struct str old, int64_t *out)
{
	int32_t narrow;

	s = s.s && s.n ? s : old;
	if (l->type == PARQUET_INT64 && s.n == 8) {
		memcpy(out, s.s, 8);
		return !l->without_sign || *out >= 0;
	}
	if (l->type != PARQUET_INT32 || s.n != 4)
		return false;
	memcpy(&narrow, s.s, 4);
	*out = narrow;
	return !l->without_sign || narrow >= 0;
}

/* Why the column of a chunk is not read. */
static const char *chunk_refusal(const struct chunk *c)
{
	const uint64_t read = 1u << PARQUET_PLAIN | 1u << PARQUET_PLAIN_DICTIONARY |
			      1u << PARQUET_RLE | 1u << PARQUET_BIT_PACKED | 1u << PARQUET_DELTA |
			      1u << PARQUET_DELTA_LENGTH | 1u << PARQUET_DELTA_BYTES |
			      1u << PARQUET_RLE_DICTIONARY;

	if (c->encrypted)
		return "it is encrypted";
	if (c->path.n)
		return "it is in another file";
	if (c->encodings & ~read)
		return "its encoding is not read";
	return parquet_codec_refusal(c->codec);
}

static void add_chunk(struct footer *f, struct parquet_group *g, const struct chunk *c)
{
	struct parquet_leaf *l = g->chunks < f->meta->leaves ? &f->meta->leaf[g->chunks] : NULL;
	struct parquet_chunk k = { .values = c->values,
				   .size = c->size,
				   .nulls = c->statistics.nulls };

	if (!l) {
		g->wrong = "it has more chunks than there are columns";
		return;
	}
	l->refusal = l->refusal ? l->refusal : chunk_refusal(c);
	k.at = c->dictionary > 0 && c->dictionary < c->data ? c->dictionary : c->data;
	k.type = (int8_t)(c->type >= 0 && c->type < PARQUET_TYPES ? c->type : -1);
	k.codec = (int8_t)(c->codec & 127);
	k.ranged = c->statistics.nulls == 0 &&
		   bound_of(l, c->statistics.least, c->statistics.old_least, &k.least) &&
		   bound_of(l, c->statistics.most, c->statistics.old_most, &k.most);
	xgrow((void **)&g->chunk, &g->cap, g->chunks + 1, sizeof *g->chunk);
	g->chunk[g->chunks++] = k;
}

struct group_reader {
	struct footer *footer;
	struct parquet_group *group;
	int64_t rows;
};

static void read_chunk(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_TEXT, .at = offsetof(struct chunk, path) },
		{ .id = 3, .kind = THRIFT_STRUCT, .read = read_chunk_meta },
		{ .id = 8, .kind = THRIFT_STRUCT, .read = read_crypto },
	};
	struct chunk c = { .type = -1, .codec = -1, .statistics.nulls = -1 };
	struct group_reader *g = out;

	thrift_struct(t, rows, ARRAY_SIZE(rows), &c);
	if (!t->wrong)
		add_chunk(g->footer, g->group, &c);
}

static int64_t bytes_of(const struct parquet_group *g)
{
	int64_t bytes = 0;

	for (unsigned i = 0; i < g->chunks; i++)
		bytes += g->chunk[i].size > 0 ? g->chunk[i].size & UINT32_MAX : 0;
	return bytes;
}

static void read_group(struct thrift *t, void *out)
{
	static const struct thrift_row rows[] = {
		{ .id = 1, .kind = THRIFT_EACH, .least = 16, .read = read_chunk },
		{ .id = 3, .kind = THRIFT_INT, .at = offsetof(struct group_reader, rows) },
	};
	struct footer *f = out;
	struct parquet_meta *m = f->meta;
	struct parquet_group group = { 0 };
	struct group_reader g = { .footer = f, .group = &group };

	thrift_struct(t, rows, ARRAY_SIZE(rows), &g);
	if (!t->wrong && (g.rows < 0 || g.rows > PARQUET_ROWS_MAX))
		thrift_fail(t, "a row group with an impossible number of rows");
	if (!group.wrong && g.rows > ROWS_FREE && g.rows / ROWS_OF_BYTE > bytes_of(&group))
		group.wrong = "it has more rows than its bytes can have";
	if (!group.wrong && group.chunks < m->leaves && g.rows)
		group.wrong = "it has fewer chunks than there are columns";
	group.rows = g.rows;
	group.before = m->rows;
	m->rows += t->wrong ? 0 : (uint64_t)g.rows;
	xgrow((void **)&m->group, &m->group_cap, m->groups + 1, sizeof *m->group);
	m->group[m->groups++] = group;
}

/* ---- the footer ---- */

bool parquet_footer(struct parquet_meta *m, struct str footer, struct buf *fault)
{
	static const struct thrift_row rows[] = {
		{ .id = 2, .kind = THRIFT_EACH, .least = 2, .read = read_element },
		{ .id = 4, .kind = THRIFT_EACH, .least = 8, .read = read_group },
	};
	const uint8_t *begin = (const uint8_t *)footer.s;
	struct thrift t = { .at = begin, .end = begin + footer.n };
	struct footer f = { .meta = m };

	thrift_struct(&t, rows, ARRAY_SIZE(rows), &f);
	buf_release(&f.path);
	if (!t.wrong && f.depth)
		thrift_fail(&t, "a schema that does not add up");
	if (t.wrong)
		buf_printf(fault, "damaged footer: %s at its byte %zu", t.wrong,
			   (size_t)(t.at - begin));
	return !t.wrong;
}

bool parquet_read(const struct parquet_file *f, uint64_t at, void *out, size_t n)
{
	char *to = out;

	if (at > f->size || n > f->size - at)
		return false;
	if (f->bytes) {
		memcpy(to, f->bytes + at, n);
		return true;
	}
	while (n) {
		ssize_t got = pread(f->fd, to, n, (off_t)(f->base + at));
		if (got <= 0)
			return false;
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}

enum parquet_state parquet_meta_read(struct parquet_meta *m, const struct parquet_file *f,
				     struct buf *fault)
{
	const size_t magic = sizeof MAGIC - 1;
	unsigned char tail[TAIL];
	struct buf footer = { 0 };
	uint32_t n;
	bool good;

	if (f->size < magic + TAIL || !parquet_read(f, f->size - TAIL, tail, TAIL) ||
	    memcmp(tail + TAIL - magic, MAGIC, magic) != 0)
		return PARQUET_UNFINISHED;
	n = (uint32_t)tail[0] | (uint32_t)tail[1] << 8 | (uint32_t)tail[2] << 16 |
	    (uint32_t)tail[3] << 24;
	if (n > f->size - magic - TAIL || n > PARQUET_FOOTER_MAX) {
		buf_printf(fault, "damaged footer: it should have %" PRIu32 " bytes", n);
		return PARQUET_DAMAGED;
	}
	buf_reserve(&footer, n + 1u);
	good = parquet_read(f, f->size - TAIL - n, footer.s, n);
	footer.n = n;
	if (!good)
		buf_puts(fault, "its footer can't be read");
	m->hash = hash_stable(footer.s, n) ^ hash_u64(f->size);
	good = good && parquet_footer(m, buf_str(&footer), fault);
	buf_release(&footer);
	return good ? PARQUET_WHOLE : PARQUET_DAMAGED;
}

void parquet_meta_release(struct parquet_meta *m)
{
	for (unsigned i = 0; i < m->leaves; i++)
		free(m->leaf[i].name);
	for (size_t i = 0; i < m->groups; i++)
		free(m->group[i].chunk);
	free(m->leaf);
	free(m->group);
	*m = (struct parquet_meta){ 0 };
}

size_t parquet_meta_bytes(const struct parquet_meta *m)
{
	size_t n = m->leaf_cap * sizeof *m->leaf + m->group_cap * sizeof *m->group;

	for (size_t i = 0; i < m->groups; i++)
		n += m->group[i].cap * sizeof *m->group[i].chunk;
	return n;
}
