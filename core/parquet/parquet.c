/* parquet.c - a file's columns, and its pieces: see parquet.h. */
#include "parquet/parquet.h"

#include <stdlib.h>

#include "schema/columns.h"
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

/* "intermediate_ips (it is a list or a map), x (it is encrypted) and 2 more" */
static char *left_out(const struct parquet_meta *m)
{
	struct buf out = { 0 };
	unsigned n = 0;

	for (unsigned i = 0; i < m->leaves; i++) {
		if (!m->leaf[i].refusal || n++ >= NAMED)
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

/* Takes as many columns as a format may have. */
static unsigned choose(struct parquet *p, struct str *name)
{
	struct parquet_meta *m = &p->meta;
	unsigned n = 0;

	p->leaf = xcalloc(FORMAT_COLUMNS_MAX, sizeof *p->leaf);
	for (unsigned i = 0; i < m->leaves; i++) {
		if (m->leaf[i].refusal)
			continue;
		if (n == FORMAT_COLUMNS_MAX) {
			m->leaf[i].refusal = "it is behind 256 others";
			continue;
		}
		name[n] = str_of(m->leaf[i].name);
		p->leaf[n++] = (uint16_t)i;
	}
	return n;
}

/* The columns as those of named values are: see envelope.h. */
static bool match(struct parquet *p)
{
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	unsigned n = choose(p, name);
	struct buf header = { 0 };
	const struct format *f;

	buf_puts(&header, FORMAT_VALUES);
	columns_match(name, n, field);
	for (unsigned i = 0; i < n; i++) {
		buf_puts(&header, i ? " " : "");
		envelope_add_name(name[i], field[i], &header);
	}
	f = format_of_header(buf_str(&header));
	buf_release(&header);
	if (f->refusal || f->n != n) {
		format_release(f);
		return false;
	}
	p->format = f;
	return true;
}

/* ---- life ---- */

enum parquet_state parquet_open(struct parquet *p, struct buf *fault)
{
	enum parquet_state state = parquet_meta_read(&p->meta, &p->file, fault);

	if (state != PARQUET_WHOLE)
		return state;
	p->left_out = left_out(&p->meta);
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
	free(p->leaf);
	free(p->left_out);
	p->format = NULL;
	p->leaf = NULL;
	p->left_out = NULL;
}

size_t parquet_bytes(const struct parquet *p)
{
	return parquet_meta_bytes(&p->meta) + FORMAT_COLUMNS_MAX * sizeof *p->leaf;
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
	int at = p->format->column[FIELD_END];
	const struct parquet_leaf *l;
	const struct parquet_chunk *c;

	if (at < 0 || p->leaf[at] >= g->chunks)
		return false;
	l = &p->meta.leaf[p->leaf[at]];
	c = &g->chunk[p->leaf[at]];
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
