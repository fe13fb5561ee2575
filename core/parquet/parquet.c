/* parquet.c - a file's columns, and its pieces: see parquet.h. */
#include "parquet/parquet.h"

#include <stdlib.h>

#include "schema/columns.h"
#include "schema/ocsf.h"
#include "unwrap/envelope.h"

#define NAMED 8    /* columns that a message has the names of */
#define LETTERS 40 /* of each */
#define HOUR 3600

/* ---- columns ---- */

/* A name as it may stand in a message. */
static void add_name(const struct parquet_leaf *l, struct buf *out)
{
	size_t n = strlen(l->name);

	for (size_t i = 0; i < n && i < LETTERS; i++)
		buf_putc(out, l->name[i] > ' ' && l->name[i] < 127 ? l->name[i] : '.');
	if (n > LETTERS)
		buf_puts(out, "...");
}

/* "tags (it is a list or a map), x (it is encrypted) and 2 more", of the leaves that are refused and
 * have `is` so; NULL: none. */
static char *refused(const struct parquet_meta *m, const bool *aside, bool is)
{
	struct buf out = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < m->leaves; i++) {
		if (!m->leaf[i].refusal || aside[i] != is || n++ >= NAMED)
			continue;
		buf_puts(&out, out.n ? ", " : "");
		add_name(&m->leaf[i], &out);
		buf_printf(&out, " (%s)", m->leaf[i].refusal);
	}
	if (n > NAMED)
		buf_printf(&out, " and %u more", n - NAMED);
	return out.s;
}

static void names_fault(const struct parquet_meta *m, struct buf *out)
{
	buf_puts(out, "no flow log: its columns are ");
	for (unsigned i = 0; i < m->leaves && i < NAMED; i++) {
		buf_puts(out, i ? ", " : "");
		add_name(&m->leaf[i], out);
	}
	if (m->leaves > NAMED)
		buf_printf(out, " and %u more", m->leaves - NAMED);
	if (m->leaves == 0)
		buf_puts(out, "none");
}

/* Columns on the way to a format: names for its header, and the leaves that say them. */
struct parquet_names {
	struct parquet *parquet;
	struct str name[PARQUET_LEAVES_MAX];
	bool placed[PARQUET_LEAVES_MAX]; /* of OCSF */
	struct ocsf_place place[2 * PARQUET_LEAVES_MAX];
	unsigned places, columns;
	struct buf header;
};

static void begin_column(struct parquet_names *x, struct str name, int field)
{
	buf_puts(&x->header, x->columns++ ? " " : "");
	envelope_add_name(name, field, &x->header);
}

static void add_origin(struct parquet_names *x, unsigned leaf, enum ocsf_words as)
{
	struct parquet *p = x->parquet;

	p->origin[p->origins++] =
		(struct parquet_origin){ (uint16_t)(x->columns - 1), (uint16_t)leaf, (uint8_t)as };
}

/* The fields of OCSF: of each the leaves that it may stand in, the best last. */
static void take_places(struct parquet_names *x)
{
	const struct parquet_leaf *leaf = x->parquet->meta.leaf;
	const struct ocsf_place *place = x->place;

	for (unsigned i = 0, end; i < x->places; i = end) {
		bool begun = false;
		for (end = i + 1; end < x->places && place[end].field == place[i].field;)
			end++;
		for (unsigned k = end; k-- > i;) {
			x->placed[place[k].name] = true;
			if (leaf[place[k].name].refusal)
				continue;
			if (!begun)
				begin_column(x, x->name[place[k].name], place[k].field);
			begun = true;
			add_origin(x, place[k].name, place[k].as);
		}
	}
}

/* The other leaves, as many as a format may have: columns as those of named values are (see
 * envelope.h); in OCSF none of them is a field. */
static void take_rest(struct parquet_names *x)
{
	struct parquet_meta *m = &x->parquet->meta;
	struct str name[FORMAT_COLUMNS_MAX] = { { NULL, 0 } };
	uint16_t leaf[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	unsigned n = 0;

	for (unsigned i = 0; i < m->leaves; i++) {
		if (m->leaf[i].refusal || x->placed[i])
			continue;
		if (n + x->columns == FORMAT_COLUMNS_MAX) {
			m->leaf[i].refusal = "it is behind 256 others";
			continue;
		}
		name[n] = x->name[i];
		leaf[n] = (uint16_t)i;
		field[n++] = FIELD_NONE;
	}
	if (!x->places)
		columns_match(name, n, field);
	for (unsigned i = 0; i < n; i++) {
		begin_column(x, name[i], field[i]);
		add_origin(x, leaf[i], OCSF_AS_IS);
	}
}

/* Lists are read where OCSF says what they are. */
static void refuse_lists(struct parquet_names *x)
{
	struct parquet_meta *m = &x->parquet->meta;

	for (unsigned i = 0; i < m->leaves; i++) {
		struct parquet_leaf *l = &m->leaf[i];
		bool read = x->places && l->lists == 1 && ocsf_is_list(x->name[i]);
		if (l->lists && !read)
			l->refusal = "it is a list or a map";
	}
}

/* Whether no row has a value of a leaf. */
static bool is_empty(const struct parquet_meta *m, unsigned leaf)
{
	for (size_t i = 0; i < m->groups; i++)
		if (leaf < m->group[i].chunks &&
		    m->group[i].chunk[leaf].nulls != m->group[i].chunk[leaf].values)
			return false;
	return true;
}

/* What is not read of events of OCSF is nothing of a flow, unless it is a place of a field, or what
 * the class has no place for. */
static void name_refused(struct parquet_names *x)
{
	struct parquet *p = x->parquet;
	bool aside[PARQUET_LEAVES_MAX] = { false };

	for (unsigned i = 0; x->places && i < p->meta.leaves; i++)
		aside[i] =
			!x->placed[i] && (!ocsf_is_unmapped(x->name[i]) || is_empty(&p->meta, i));
	p->left_out = refused(&p->meta, aside, false);
	p->aside = refused(&p->meta, aside, true);
}

static bool match(struct parquet *p)
{
	struct parquet_names *x = xcalloc(1, sizeof *x);
	const struct format *f;
	unsigned leaves = p->meta.leaves;

	x->parquet = p;
	for (unsigned i = 0; i < leaves; i++)
		x->name[i] = str_of(p->meta.leaf[i].name);
	x->places = ocsf_match(x->name, leaves, x->place, ARRAY_SIZE(x->place));
	refuse_lists(x);
	p->origin = xcalloc(x->places + leaves + 1, sizeof *p->origin);
	buf_puts(&x->header, FORMAT_VALUES);
	take_places(x);
	take_rest(x);
	name_refused(x);
	f = format_of_header(buf_str(&x->header));
	if (!f->refusal && f->n == x->columns)
		p->format = format_hold(f);
	format_release(f);
	buf_release(&x->header);
	free(x);
	return p->format;
}

/* ---- life ---- */

enum parquet_state parquet_open(struct parquet *p, struct buf *fault)
{
	enum parquet_state state = parquet_meta_read(&p->meta, &p->file, fault);

	if (state != PARQUET_WHOLE)
		return state;
	if (match(p))
		return state;
	if (p->left_out)
		buf_printf(fault, "no column of a flow log is read of it: %s", p->left_out);
	else
		names_fault(&p->meta, fault);
	return PARQUET_DAMAGED;
}

void parquet_release(struct parquet *p)
{
	parquet_meta_release(&p->meta);
	format_release(p->format);
	free(p->origin);
	free(p->left_out);
	free(p->aside);
	p->format = NULL;
	p->origin = NULL;
	p->origins = 0;
	p->left_out = p->aside = NULL;
}

size_t parquet_bytes(const struct parquet *p)
{
	return parquet_meta_bytes(&p->meta) + p->origins * sizeof *p->origin;
}

/* ---- pieces ---- */

static int64_t seconds(const struct parquet_leaf *l, int64_t v)
{
	switch (l->unit) {
	case PARQUET_DAYS:
		return v * 86400;
	case PARQUET_MILLISECONDS:
		return v / 1000;
	case PARQUET_MICROSECONDS:
		return v / 1000000;
	case PARQUET_NANOSECONDS:
		return v / 1000000000;
	default:
		return time_in_seconds((uint64_t)v);
	}
}

/* Whether all rows have an end, which is out of the time asked for. What ends up to an hour later
 * ran until then: charts have its share (see name_time.h). */
static bool is_outside(const struct parquet *p, const struct parquet_group *g, int64_t since_s,
		       int64_t until_s)
{
	int at = p->format->column[FIELD_END], leaf = -1;
	const struct parquet_leaf *l;
	const struct parquet_chunk *c;

	for (unsigned i = 0; i < p->origins; i++)
		leaf = p->origin[i].column == at ? p->origin[i].leaf : leaf;
	if (at < 0 || leaf < 0 || (unsigned)leaf >= g->chunks)
		return false;
	l = &p->meta.leaf[leaf];
	c = &g->chunk[leaf];
	if (!c->ranged || c->least < 0 || c->most < c->least)
		return false;
	return (since_s != INT64_MIN && seconds(l, c->most) < since_s) ||
	       (until_s != INT64_MAX && seconds(l, c->least) - HOUR > until_s);
}

bool parquet_next(const struct parquet *p, struct parquet_piece *piece, uint64_t most,
		  int64_t since_s, int64_t until_s, uint64_t *stepped_over)
{
	const struct parquet_meta *m = &p->meta;
	uint64_t left = 0;

	piece->first += piece->rows;
	while (piece->group < m->groups) {
		const struct parquet_group *g = &m->group[piece->group];
		left = (uint64_t)g->rows - piece->first;
		if (left && piece->first == 0 && is_outside(p, g, since_s, until_s)) {
			++*stepped_over;
			left = 0;
		}
		if (left)
			break;
		piece->group++;
		piece->first = 0;
	}
	if (piece->group == m->groups)
		return false;
	piece->rows = left < most ? left : most;
	return true;
}
