/* edges_minutes.c - what edges did by the minute: cells in the order of time, the only one of most
 * edges in the edge itself. A cell is of one post, so that what both ends record is told apart, and
 * 24 bytes; where those are too little for its numbers it has wider ones elsewhere. Where every
 * record of a cell is there twice, as two flow logs of one interface deliver it, it counts once. */
#include <stdlib.h>

#include "triage/edges_state.h"

#define POST_BITS 2u
#define ALLOCATED 16u /* bytes that an allocation takes besides its own */
#define SHARE 4u      /* one in so many minutes goes at once */

/* ---- their memory ---- */

static struct minute_cell *cells(struct edge *x)
{
	return x->minute_cap ? x->list : &x->one;
}

static size_t bytes_of(uint32_t cap)
{
	return cap ? cap * sizeof(struct minute_cell) + ALLOCATED : 0;
}

static void set_cap(struct edges *e, struct edge *x, uint32_t cap)
{
	struct minute_cell one = x->minutes && !x->minute_cap ? x->one : (struct minute_cell){ 0 };

	e->cell_bytes += bytes_of(cap) - bytes_of(x->minute_cap);
	if (cap == 0) {
		struct minute_cell *list = x->list;
		if (x->minutes)
			one = list[0];
		free(list);
		x->one = one;
	} else if (x->minute_cap == 0) {
		x->list = xcalloc(cap, sizeof *x->list);
		x->list[0] = one;
	} else {
		x->list = xrealloc(x->list, cap * sizeof *x->list);
	}
	x->minute_cap = cap;
}

static void give_wide_back(struct edges *e, const struct minute_cell *c)
{
	if (!c->wide)
		return;
	e->wide[c->sent - 1].rows = e->wide_free;
	e->wide_free = c->sent;
}

void edge_minutes_free(struct edges *e, struct edge *x)
{
	for (uint32_t i = 0; i < x->minutes; i++)
		give_wide_back(e, &cells(x)[i]);
	x->minutes = 0;
	if (x->minute_cap)
		set_cap(e, x, 0);
}

/* ---- cells ---- */

/* The place of the first cell with this key or a later one: near the end, mostly. */
static uint32_t place_of(struct edge *x, uint32_t key)
{
	const struct minute_cell *c = cells(x);
	uint32_t low = 0, high = x->minutes;

	for (uint32_t step = 1; step <= high; step *= 2) {
		if (c[high - step].key < key) {
			low = high - step + 1;
			high -= step / 2;
			break;
		}
	}
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (c[middle].key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct minute_cell *insert(struct edges *e, struct edge *x, uint32_t at, uint32_t key)
{
	struct minute_cell *c;

	if (x->minutes && x->minutes >= x->minute_cap)
		set_cap(e, x, x->minute_cap < 2 ? 2 : x->minute_cap + x->minute_cap / 2);
	c = cells(x) + at;
	memmove(c + 1, c, (x->minutes - at) * sizeof *c);
	*c = (struct minute_cell){ .key = key };
	x->minutes++;
	return c;
}

static void take_out(struct edges *e, struct edge *x, uint32_t at)
{
	struct minute_cell *c = cells(x) + at;

	give_wide_back(e, c);
	memmove(c, c + 1, (x->minutes - at - 1) * sizeof *c);
	x->minutes--;
	if (x->minute_cap && x->minutes <= 1)
		set_cap(e, x, 0);
	else if (x->minute_cap > 8 && x->minutes < x->minute_cap / 3)
		set_cap(e, x, x->minute_cap / 2);
}

static void widen(struct edges *e, struct minute_cell *c)
{
	struct wide_cell w = { .rows = c->rows, .sent = c->sent, .received = c->received };
	uint32_t i = e->wide_free;

	if (i) {
		e->wide_free = e->wide[i - 1].rows;
	} else {
		xgrow((void **)&e->wide, &e->wide_cap, e->wides + 1, sizeof *e->wide);
		i = ++e->wides;
	}
	for (unsigned k = 0; k < EDGE_COUNTS; k++)
		w.count[k] = c->count[k];
	e->wide[i - 1] = w;
	c->wide = true;
	c->sent = i;
}

static bool fits(const struct minute_cell *c, const struct minute_change *by)
{
	bool good = c->rows < UINT8_MAX && by->sent <= UINT32_MAX - c->sent &&
		    by->received <= UINT32_MAX - c->received;

	for (unsigned k = 0; k < EDGE_COUNTS; k++)
		good &= c->count[k] < UINT8_MAX;
	return good;
}

/* Returns whether rows are left. Numbers that are counted down wrap as unsigned ones do. */
static bool change(struct edges *e, struct minute_cell *c, const struct minute_change *by, int sign)
{
	uint32_t one = (uint32_t)sign;
	struct wide_cell *w;

	c->mix ^= by->mix;
	if (!c->wide && sign > 0 && !fits(c, by))
		widen(e, c);
	if (!c->wide) {
		c->rows = (uint8_t)(c->rows + one);
		for (unsigned k = 0; k < EDGE_COUNTS; k++)
			c->count[k] = (uint8_t)(c->count[k] + one * (by->counts >> k & 1));
		c->sent += one * (uint32_t)by->sent;
		c->received += one * (uint32_t)by->received;
		return c->rows > 0;
	}
	w = &e->wide[c->sent - 1];
	w->rows += one;
	for (unsigned k = 0; k < EDGE_COUNTS; k++)
		w->count[k] += one * (by->counts >> k & 1);
	w->sent += sign > 0 ? by->sent : -by->sent;
	w->received += sign > 0 ? by->received : -by->received;
	return w->rows > 0;
}

void edge_minute_change(struct edges *e, struct edge *x, const struct minute_change *by, int sign)
{
	uint32_t key = by->minute << POST_BITS | by->post, at;
	struct minute_cell *c;

	if (by->minute < e->cut_minute)
		return;
	at = place_of(x, key);
	c = cells(x) + at;
	if (at == x->minutes || c->key != key) {
		if (sign < 0)
			return;
		c = insert(e, x, at, key);
	}
	if (!change(e, c, by, sign))
		take_out(e, x, at);
}

/* ---- where there are too many ---- */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* The minute before which a share of all cells is: of a sample of them. */
static uint32_t minute_to_cut(struct edges *e)
{
	enum { SAMPLE = 4096 };
	uint32_t *of = xcalloc(SAMPLE, sizeof *of), n = 0, step = 1, at = 0, minute;

	for (uint32_t i = 0; i < e->used; i++) {
		struct edge *x = edge_at(e, i);
		for (uint32_t k = 0; x->rows && x->minute_cap && k < x->minutes; k++) {
			if (at++ % step)
				continue;
			if (n == SAMPLE) { /* every other one of these is enough */
				for (n = 0; n < SAMPLE / 2; n++)
					of[n] = of[2 * n];
				step *= 2;
			}
			of[n++] = x->list[k].key >> POST_BITS;
		}
	}
	qsort(of, n, sizeof *of, by_number);
	minute = n ? of[n / SHARE] + 1 : 0;
	free(of);
	return minute;
}

bool edges_drop_minutes(struct edges *e)
{
	uint32_t minute = minute_to_cut(e);

	if (minute <= e->cut_minute)
		return false;
	e->cut_minute = minute;
	for (uint32_t i = 0; i < e->used; i++) {
		struct edge *x = edge_at(e, i);
		struct minute_cell *c = cells(x);
		uint32_t gone = 0;
		if (!x->rows)
			continue;
		while (gone < x->minutes && c[gone].key >> POST_BITS < minute)
			give_wide_back(e, &c[gone++]);
		e->dropped_minutes += gone;
		x->minutes -= gone;
		memmove(c, c + gone, x->minutes * sizeof *c);
		if (gone && x->minute_cap)
			set_cap(e, x, x->minutes <= 1 ? 0 : x->minutes);
	}
	return true;
}

/* ---- views ---- */

static struct wide_cell read_cell(const struct edges *e, const struct minute_cell *c)
{
	struct wide_cell w = { .rows = c->rows, .sent = c->sent, .received = c->received };

	if (c->wide)
		w = e->wide[c->sent - 1];
	for (unsigned k = 0; k < EDGE_COUNTS && !c->wide; k++)
		w.count[k] = c->count[k];
	if (c->mix || w.rows % 2)
		return w;
	w.rows /= 2; /* each is there twice */
	w.sent /= 2;
	w.received /= 2;
	for (unsigned k = 0; k < EDGE_COUNTS; k++)
		w.count[k] /= 2;
	return w;
}

/* Which post tells most of each count, in all minutes together. */
static void tellers(const struct edges *e, const struct minute_cell *c, uint32_t n,
		    uint8_t post[EDGE_COUNTS])
{
	uint64_t sum[POSTS][EDGE_COUNTS] = { 0 };

	for (uint32_t i = 0; i < n; i++) {
		struct wide_cell w = read_cell(e, &c[i]);
		for (unsigned k = 0; k < EDGE_COUNTS; k++)
			sum[c[i].key & 3][k] += w.count[k];
	}
	for (unsigned k = 0; k < EDGE_COUNTS; k++) {
		post[k] = 0;
		for (uint8_t p = 1; p < POSTS; p++)
			if (sum[p][k] > sum[post[k]][k])
				post[k] = p;
	}
}

size_t edge_minutes_view(struct edges *e, const struct edge *x)
{
	const struct minute_cell *c = x->minute_cap ? x->list : &x->one;
	uint8_t post[EDGE_COUNTS];
	struct edge_minute *m = NULL;
	size_t n = 0;

	xgrow((void **)&e->view, &e->view_cap, x->minutes + 1, sizeof *e->view);
	tellers(e, c, x->minutes, post);
	for (uint32_t i = 0; i < x->minutes; i++) {
		struct wide_cell w = read_cell(e, &c[i]);
		int64_t minute = c[i].key >> POST_BITS;
		if (!m || m->minute != minute) {
			m = &e->view[n++];
			*m = (struct edge_minute){ .minute = minute };
		}
		uint32_t *const count[] = { &m->tries, &m->alone, &m->answered,
					    &m->half,  &m->reset, &m->refused };
		for (unsigned k = 0; k < EDGE_COUNTS; k++)
			*count[k] += post[k] == (c[i].key & 3) ? w.count[k] : 0;
		m->sent += w.sent;
		m->received += w.received;
	}
	return n;
}
