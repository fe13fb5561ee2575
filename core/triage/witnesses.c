/* witnesses.c - see witnesses.h. */
#include "triage/witnesses.h"

#include <inttypes.h>
#include <stdlib.h>

#include "decode/place_rows.h"

#define NOT_LOOKED_UP (PLACE_NONE - 1)

/* Of a place that misses minutes. */
struct missed {
	uint32_t place;
	struct trust_minutes *run; /* in order */
	size_t runs, cap;
	struct witness witness;
};

struct witnesses {
	const struct places *p;
	struct missed *row;
	size_t rows, cap;
	uint32_t *of_place; /* its row, PLACE_NONE: none; */
	uint32_t places;    /* of so many, as many as there were */
};

static bool is_known(const struct interface *e)
{
	return (e->has[0] && !e->shared[0]) || (e->has[1] && !e->shared[1]);
}

static void note_missing(struct witnesses *w, const struct trust *t, const struct trust_row *r)
{
	struct missed m = { .place = r->place };
	struct trust_walk walk;
	struct trust_run run;

	trust_walk_begin(&walk, t, r);
	while (trust_walk_next(&walk, &run)) {
		if (run.mark != TRUST_MISSING)
			continue;
		xgrow((void **)&m.run, &m.cap, m.runs + 1, sizeof *m.run);
		m.run[m.runs++] = (struct trust_minutes){ run.from, run.to };
	}
	if (!m.runs)
		return;
	w->of_place[r->place] = (uint32_t)w->rows;
	xgrow((void **)&w->row, &w->cap, w->rows + 1, sizeof *w->row);
	w->row[w->rows++] = m;
}

struct witnesses *witnesses_new(const struct places *p)
{
	static const struct span always = { INT64_MIN, INT64_MAX, false };
	struct witnesses *w = xcalloc(1, sizeof *w);
	uint32_t n = places_count(p);
	struct trust t;

	w->p = p;
	w->places = n;
	w->of_place = xcalloc(n + 1, sizeof *w->of_place);
	for (uint32_t i = 0; i < n; i++)
		w->of_place[i] = PLACE_NONE;
	trust_make(p, always, &t);
	for (size_t i = 0; i < t.n; i++)
		if (t.row[i].minutes[TRUST_MISSING] && is_known(trust_place(&t, &t.row[i])))
			note_missing(w, &t, &t.row[i]);
	trust_release(&t);
	return w;
}

void witnesses_free(struct witnesses *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->rows; i++)
		free(w->row[i].run);
	free(w->row);
	free(w->of_place);
	free(w);
}

size_t witnesses_bytes(const struct witnesses *w)
{
	size_t n = w ? sizeof *w + w->cap * sizeof *w->row : 0;

	for (size_t i = 0; w && i < w->rows; i++)
		n += w->row[i].cap * sizeof *w->row[i].run;
	return n;
}

/* ---- records ---- */

static int64_t minute_of(uint64_t time)
{
	return time_in_seconds(time) / 60;
}

/* Whether a record is whole in a stretch that is missing. */
static bool is_within(const struct missed *m, int64_t from, int64_t to)
{
	size_t low = 0, high = m->runs;

	while (low < high) { /* the first that does not end before it */
		size_t middle = low + (high - low) / 2;
		if (m->run[middle].to < from)
			low = middle + 1;
		else
			high = middle;
	}
	return low < m->runs && m->run[low].from <= from && to <= m->run[low].to;
}

/* The first by name are kept, whatever comes first. */
static void add_by(const struct places *p, struct witness *x, uint32_t place)
{
	const char *name = places_at(p, place)->interface;
	unsigned at = 0;
	int order = 1;

	while (at < x->n && (order = strcmp(places_at(p, x->by[at])->interface, name)) < 0)
		at++;
	if (at < x->n && order == 0)
		return;
	x->more |= x->n == WITNESSES_MOST;
	if (at == WITNESSES_MOST)
		return;
	x->n += x->n < WITNESSES_MOST;
	memmove(x->by + at + 1, x->by + at, (x->n - 1 - at) * sizeof *x->by);
	x->by[at] = place;
}

struct witness_reader {
	struct witnesses *w;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[2], *start, *end;
	uint32_t *of_code[2]; /* by code of an address: the row of whose it is */
	struct place_rows at;
};

static uint32_t row_of(struct witness_reader *r, int side, uint32_t row)
{
	uint32_t code = column_code(r->address[side], row), no_table = NOT_LOOKED_UP;
	uint32_t *of = r->of_code[side] ? &r->of_code[side][code] : &no_table, place;
	uint8_t address[16];

	if (*of != NOT_LOOKED_UP)
		return *of;
	place = column_address(r->address[side], r->d, code, address)
			? places_sole_owner(r->w->p, address)
			: PLACE_NONE;
	return *of = place < r->w->places ? r->w->of_place[place] : PLACE_NONE;
}

static void look_at(struct witness_reader *r, int side, uint32_t row)
{
	uint32_t i = row_of(r, side, row), at;
	uint64_t started, ended;
	struct missed *m;

	if (i == PLACE_NONE)
		return;
	m = &r->w->row[i];
	ended = r->end ? column_number(r->end, row) : NUMBER_ABSENT;
	started = r->start ? column_number(r->start, row) : ended;
	started = started == NUMBER_ABSENT ? ended : started;
	ended = ended == NUMBER_ABSENT ? started : ended;
	at = place_rows_at(&r->at, row);
	if (started == NUMBER_ABSENT || at == PLACE_NONE || at == m->place ||
	    !is_within(m, minute_of(started), minute_of(ended)))
		return;
	m->witness.records++;
	add_by(r->w->p, &m->witness, at);
}

void witnesses_add(struct witnesses *w, const struct segment *s, const struct dict *d,
		   uint32_t first, uint32_t n)
{
	struct witness_reader r = { .w = w,
				    .s = s,
				    .d = d,
				    .address = { segment_column(s, FIELD_SRCADDR),
						 segment_column(s, FIELD_DSTADDR) },
				    .start = segment_column(s, FIELD_START),
				    .end = segment_column(s, FIELD_END) };

	if (!w->rows || !r.address[0] || !r.address[1])
		return;
	for (int side = 0; side < 2; side++)
		r.of_code[side] = code_table(r.address[side], n, NOT_LOOKED_UP);
	r.at = place_rows_begin(w->p, s, d, n);
	for (uint32_t i = 0; i < n; i++)
		for (int side = 0; side < 2; side++)
			if (!(s->mark[first + i] & MARK_STATUS))
				look_at(&r, side, first + i);
	place_rows_end(&r.at);
	free(r.of_code[0]);
	free(r.of_code[1]);
}

/* ---- what is told ---- */

const struct witness *witnesses_of(const struct witnesses *w, uint32_t place)
{
	uint32_t i = w && place < w->places ? w->of_place[place] : PLACE_NONE;

	return i == PLACE_NONE ? NULL : &w->row[i].witness;
}

void witnesses_say(const struct witnesses *w, uint32_t place, struct buf *out)
{
	const struct witness *x = witnesses_of(w, place);

	if (!x || !x->n) {
		buf_puts(out, x ? "nobody else names its address then"
				: "its own address is not known, or not its alone");
		return;
	}
	buf_printf(out, "%s%u %s its address then: ", x->more ? "more than " : "", x->n,
		   plural(x->n, "other names", "others name"));
	for (unsigned i = 0; i < x->n; i++)
		buf_printf(out, "%s%s", i ? ", " : "", places_at(w->p, x->by[i])->interface);
}
