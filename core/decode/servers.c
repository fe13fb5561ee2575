/* servers.c - see servers.h. The tables, and the runs of rows that they are learned and marked in. */
#include "decode/servers.h"

#include <stdlib.h>
#include <string.h>

#include "decode/servers_state.h"
#include "labels/labels.h"

/* What a table may remember. */
#define OUTS_ROW 4   /* for a row of a run, of which one is */
#define TUPLES_ROW 2 /* slots for a row of a run, which fills one at most */
#define INTERFACES 8192u

/* ---- tables ---- */

static void internal_init(struct prefixes *p)
{
	struct str rest = str_of(LABELS_INTERNAL);
	uint8_t from[16];
	unsigned bits;

	while (rest.n) {
		const char *comma = memchr(rest.s, ',', rest.n);
		size_t n = comma ? (size_t)(comma - rest.s) : rest.n, cut = n + (comma != NULL);
		if (prefix_parse((struct str){ rest.s, n }, from, &bits))
			prefixes_add(p, from, bits, 0, 0, 0);
		rest = (struct str){ rest.s + cut, rest.n - cut };
	}
	prefixes_seal(p);
}

struct servers *servers_new(const struct dict *d, uint32_t run)
{
	struct servers *v = xcalloc(1, sizeof *v);

	v->run = run < SERVERS_RUN ? run : SERVERS_RUN;
	v->dict = d;
	v->service = service_bitmap();
	v->want = xmalloc(v->run);
	internal_init(&v->internal);
	return v;
}

void servers_on_change(struct servers *v, void (*change)(void *ctx, struct segment *s), void *ctx)
{
	v->change = change;
	v->ctx = ctx;
}

static void table_free(struct served *t)
{
	ends_release(&t->ends);
	owners_release(&t->owners);
	outs_release(&t->outs);
	tuples_release(&t->tuples);
	free(t->piece);
	free(t);
}

void servers_free(struct servers *v)
{
	if (!v)
		return;
	while (v->n > 0)
		table_free(v->table[--v->n]);
	servers_drop_held(v, NULL);
	free(v->hold);
	prefixes_release(&v->internal);
	free(v->hash[0]);
	free(v->hash[1]);
	free(v->owner);
	out_asks_release(&v->asks);
	free(v->want);
	free(v);
}

bool servers_full(const struct servers *v)
{
	return v->n == SERVERS_TABLES;
}

/* The run ends here. */
static void drop_at(struct servers *v, unsigned i)
{
	struct served *t = v->table[i];

	served_mark(v, t, 0, t->pieces, true);
	table_free(t);
	v->table[i] = v->table[--v->n];
}

void servers_drop(struct servers *v, bool (*done)(void *ctx, uint32_t source), void *ctx)
{
	for (unsigned i = v->n; i-- > 0;)
		if (done(ctx, v->table[i]->source))
			drop_at(v, i);
}

size_t servers_bytes(const struct servers *v)
{
	size_t n = sizeof *v + v->run + v->hash_cap[0] * 8 + v->hash_cap[1] * 8 +
		   v->owner_cap * sizeof *v->owner + out_asks_bytes(&v->asks);

	for (unsigned i = 0; i < v->n; i++) {
		const struct served *t = v->table[i];
		n += sizeof *t + ends_bytes(&t->ends) + owners_bytes(&t->owners) +
		     outs_bytes(&t->outs) + tuples_bytes(&t->tuples) + t->cap * sizeof *t->piece;
	}
	return n;
}

static uint32_t power_of_two(uint32_t least)
{
	uint32_t n = 4;

	while (n < least)
		n *= 2;
	return n;
}

static struct served *table_of(struct servers *v, uint32_t source, const struct format *format)
{
	unsigned oldest = 0;
	struct served *t;

	v->turn++;
	for (unsigned i = 0; i < v->n; i++) {
		t = v->table[i];
		if (t->source == source && t->format == format->serial) {
			t->used = v->turn;
			return t;
		}
		if (t->used < v->table[oldest]->used)
			oldest = i;
	}
	if (servers_full(v))
		drop_at(v, oldest);
	t = v->table[v->n++] = xcalloc(1, sizeof *t);
	t->source = source;
	t->format = format->serial;
	t->owners.most = INTERFACES;
	t->outs.most = power_of_two(v->run * OUTS_ROW);
	t->tuples.most = power_of_two(v->run * TUPLES_ROW);
	t->used = v->turn;
	return t;
}

/* ---- runs ---- */

static void add_piece(struct served *t, struct segment *s, uint32_t first, uint32_t n)
{
	struct run_piece *last = t->pieces ? &t->piece[t->pieces - 1] : NULL;

	t->rows += n;
	if (last && t->pieces > t->marked && last->segment == s && last->first + last->n == first) {
		last->n += n;
		return;
	}
	xgrow((void **)&t->piece, &t->cap, t->pieces + 1, sizeof *t->piece);
	t->piece[t->pieces++] = (struct run_piece){ s, first, n };
}

/* Pieces that are marked alike and follow each other are one. */
static void join_marked(struct served *t)
{
	size_t n = t->marked;

	for (size_t i = t->marked; i < t->pieces; i++) {
		struct run_piece *last = n ? &t->piece[n - 1] : NULL, p = t->piece[i];
		if (last && last->segment == p.segment && last->first + last->n == p.first)
			last->n += p.n;
		else
			t->piece[n++] = p;
	}
	t->marked = t->pieces = n;
}

static void close_run(struct servers *v, struct served *t)
{
	served_mark(v, t, 0, t->pieces, true);
	owners_settle(&t->owners);
	t->rows = 0;
	t->pieces = t->marked = 0;
	t->refused = false;
	tuples_next(&t->tuples);
	outs_next(&t->outs);
}

void servers_rows(struct servers *v, uint32_t source, struct segment *s, uint32_t first, uint32_t n)
{
	struct served *t;

	if (!segment_column(s, FIELD_SRCADDR) || !segment_column(s, FIELD_DSTADDR) ||
	    !segment_column(s, FIELD_SRCPORT) || !segment_column(s, FIELD_DSTPORT))
		return;
	t = table_of(v, source, s->format);
	while (n) {
		uint32_t some = n < v->run - t->rows ? n : v->run - t->rows;
		served_learn(v, t, s, first, some);
		t->whole = false;
		add_piece(t, s, first, some);
		if (t->rows == v->run)
			close_run(v, t);
		first += some;
		n -= some;
	}
}

void servers_mark_new(struct servers *v, uint32_t source)
{
	for (unsigned i = 0; i < v->n; i++) {
		struct served *t = v->table[i];
		if (t->source != source || t->marked == t->pieces)
			continue;
		served_mark(v, t, t->marked, t->pieces, false);
		join_marked(t);
	}
}

void servers_settle(struct servers *v, uint32_t source)
{
	for (unsigned i = 0; i < v->n; i++) {
		struct served *t = v->table[i];
		if (t->source != source || t->whole)
			continue;
		served_mark(v, t, 0, t->pieces, true);
		join_marked(t);
		t->whole = true;
	}
}

bool servers_unsettled(const struct servers *v, bool (*rests)(void *ctx, uint32_t source),
		       void *ctx, uint32_t *source)
{
	for (unsigned i = 0; i < v->n; i++) {
		const struct served *t = v->table[i];
		*source = t->source;
		if (t->pieces && !t->whole && rests(ctx, t->source))
			return true;
	}
	return false;
}

void servers_end(struct servers *v, uint32_t source)
{
	for (unsigned i = v->n; i-- > 0;)
		if (v->table[i]->source == source)
			drop_at(v, i);
}

bool servers_wait(const struct servers *v, uint32_t source, const struct segment *s)
{
	for (unsigned i = 0; i < v->n; i++) {
		const struct served *t = v->table[i];
		if (t->source != source || t->format != s->format->serial)
			continue;
		for (size_t k = t->marked; k < t->pieces; k++)
			if (t->piece[k].segment == s)
				return true;
	}
	return false;
}

void servers_forget(struct servers *v, const struct segment *s)
{
	servers_drop_held(v, s);
	for (unsigned i = 0; i < v->n; i++) {
		struct served *t = v->table[i];
		size_t n = 0, marked = 0;
		for (size_t k = 0; k < t->pieces; k++) {
			if (t->piece[k].segment == s)
				continue;
			marked += k < t->marked;
			t->piece[n++] = t->piece[k];
		}
		t->pieces = n;
		t->marked = marked;
	}
}
