/* flow_pick.c - see flow_pick.h. Rows are put in a list of twice the limit; when it is
 * full the better half stays, and its worst is what later rows are held against. */
#include "query/flow_pick.h"

#include <stdlib.h>
#include <string.h>

#include "store/arrival.h"

#define STEP 512u

/* A value as it is compared. */
struct sort_key {
	uint64_t a, b; /* a number; an address in two; a text's place and length */
	bool absent;
};

struct picked {
	struct flow_ref ref;
	struct sort_key key;
};

struct flow_pick {
	struct flow_order order;
	enum field_type type;
	bool by_time, full; /* full: `worst` is in force */
	const struct dict *dict;
	size_t limit, n, cap;
	struct picked *picked;
	struct picked worst;
	uint64_t offered;
	/* of the segment on offer: a key a code, and whether it is behind the worst for sure */
	struct sort_key *key[2];
	uint8_t *behind[2];
	size_t key_cap[2], behind_cap[2];
};

/* ---- order ---- */

static int compare_values(enum field_type type, const struct sort_key *x, const struct sort_key *y)
{
	if (type == TYPE_TEXT) {
		size_t n = x->b < y->b ? x->b : y->b;
		int order = memcmp((const char *)(uintptr_t)x->a, (const char *)(uintptr_t)y->a, n);
		return order ? order : x->b < y->b ? -1 : x->b > y->b;
	}
	if (x->a != y->a)
		return x->a < y->a ? -1 : 1;
	return x->b < y->b ? -1 : x->b > y->b;
}

/* Negative: x stands before y; 0 when only time can tell. */
static int compare_keys(const struct flow_pick *p, const struct sort_key *x,
			const struct sort_key *y)
{
	int order;

	if (p->by_time)
		return 0;
	if (x->absent || y->absent)
		return (int)x->absent - (int)y->absent;
	order = compare_values(p->type, x, y);
	return p->order.ascending ? order : -order;
}

static int compare_age(const struct flow_ref *x, const struct flow_ref *y)
{
	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	if (x->segment != y->segment) {
		uint64_t a = segment_arrival(x->segment, x->row);
		uint64_t b = segment_arrival(y->segment, y->row);
		return a != b ? (a > b ? -1 : 1)
			      : (x->segment->serial > y->segment->serial ? -1 : 1);
	}
	return x->row > y->row ? -1 : x->row < y->row;
}

static int compare_picked(const struct flow_pick *p, const struct picked *x, const struct picked *y)
{
	int order = compare_keys(p, &x->key, &y->key);

	if (order == 0)
		order = compare_age(&x->ref, &y->ref);
	return p->by_time && p->order.ascending ? -order : order;
}

static int in_order(const void *a, const void *b, void *pick)
{
	return compare_picked(pick, a, b);
}

static void sort(struct flow_pick *p)
{
	if (p->n > 1)
		qsort_r(p->picked, p->n, sizeof *p->picked, in_order, p);
	if (p->n > p->limit)
		p->n = p->limit;
	p->full = p->n == p->limit;
	if (p->full)
		p->worst = p->picked[p->n - 1];
}

static void offer(struct flow_pick *p, const struct picked *x)
{
	if (p->full && compare_picked(p, x, &p->worst) >= 0)
		return;
	xgrow((void **)&p->picked, &p->cap, p->n + 1, sizeof *p->picked);
	p->picked[p->n++] = *x;
	if (p->n >= 2 * p->limit)
		sort(p);
}

/* ---- values ---- */

static uint64_t big_endian(const uint8_t *p)
{
	uint64_t v = 0;

	for (int i = 0; i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static struct sort_key code_key(const struct flow_pick *p, const struct column *c, uint32_t code)
{
	uint8_t address[16];

	if (code == 0)
		return (struct sort_key){ .absent = true };
	if (p->type == TYPE_ADDRESS) {
		if (!column_address(c, p->dict, code, address))
			return (struct sort_key){ .absent = true };
		return (struct sort_key){ big_endian(address), big_endian(address + 8), false };
	}
	struct str text = column_text(c, p->dict, code);
	return (struct sort_key){ (uintptr_t)text.s, text.n, false };
}

static struct sort_key number_key(enum field_type type, uint64_t v)
{
	if (v == NUMBER_ABSENT)
		return (struct sort_key){ .absent = true };
	/* Seconds and milliseconds are one order. */
	return (struct sort_key){ type == TYPE_TIME && v <= UINT32_MAX ? v * 1000 : v, 0, false };
}

static void read_codes(struct flow_pick *p, const struct column *c, int side)
{
	xgrow((void **)&p->key[side], &p->key_cap[side], c->codes, sizeof *p->key[side]);
	xgrow((void **)&p->behind[side], &p->behind_cap[side], c->codes, 1);
	for (uint32_t i = 0; i < c->codes; i++) {
		p->key[side][i] = code_key(p, c, i);
		p->behind[side][i] =
			p->full && compare_keys(p, &p->key[side][i], &p->worst.key) > 0;
	}
}

/* ---- a segment ---- */

static bool is_in(const struct segment *s, const uint64_t *bits, uint32_t row)
{
	return bits ? bits[row / 64] >> row % 64 & 1 : (s->mark[row] & MARK_STATUS) == 0;
}

/* Rows first..first+n-1 of those on offer; times of all of them in `time`. */
static unsigned choose(const struct segment *s, uint32_t first, uint32_t n, const uint64_t *bits,
		       struct span span, int64_t *time, uint32_t *row)
{
	unsigned k = 0;

	segment_times(s, first, n, time);
	for (uint32_t i = 0; i < n; i++) {
		if (!is_in(s, bits, first + i) || !span_holds(span, time[i]))
			continue;
		time[k] = time[i];
		row[k++] = first + i;
	}
	return k;
}

/* What is known of a segment before its rows are looked at. */
struct on_offer {
	struct segment *segment;
	const struct column *column[2];
	bool coded;
};

static void offer_row(struct flow_pick *p, const struct on_offer *o, uint32_t row, int64_t time)
{
	struct picked x = { .ref = { o->segment, row, time } };
	int side = o->column[0] != o->column[1] && (o->segment->mark[row] & MARK_SERVER_SRC);
	const struct column *c = o->column[side];

	if (p->by_time) {
		/* its time is all there is */
	} else if (!c) {
		x.key.absent = true;
	} else if (o->coded) {
		uint32_t code = column_code(c, row);
		if (p->behind[side][code])
			return;
		x.key = p->key[side][code];
	} else {
		x.key = number_key(p->type, column_number(c, row));
	}
	offer(p, &x);
}

/* Every row of it has its place behind the worst. */
static bool is_behind(const struct flow_pick *p, const struct segment *s)
{
	return p->by_time && p->full && s->dated == s->rows &&
	       (p->order.ascending ? s->time_min > p->worst.ref.time
				   : s->time_max < p->worst.ref.time);
}

static bool is_within(const struct segment *s, struct span span)
{
	return s->dated == s->rows && s->time_min >= span.from && s->time_max < span.to;
}

static uint64_t count(const struct segment *s, uint32_t rows, const uint64_t *bits)
{
	uint64_t n = 0;

	if (!bits && rows == s->rows)
		return s->flows;
	for (uint32_t row = 0; row < rows; row++)
		if (bits && row % 64 == 0 && rows - row >= 64) {
			n += bit_count(bits[row / 64]);
			row += 63;
		} else {
			n += is_in(s, bits, row);
		}
	return n;
}

void flow_pick_add(struct flow_pick *p, struct segment *s, uint32_t rows, const uint64_t *bits,
		   struct span span)
{
	struct on_offer o = { .segment = s };
	int64_t time[STEP];
	uint32_t row[STEP];
	bool behind = is_behind(p, s);

	if (s->dated == s->rows && (s->time_max < span.from || s->time_min >= span.to))
		return;
	if (behind && is_within(s, span)) {
		p->offered += count(s, rows, bits);
		return;
	}
	flow_columns_of(s, p->order.field, o.column);
	o.coded = !type_is_number(p->type);
	for (int i = 0; i < 2 && o.coded && !p->by_time && !behind; i++)
		if (o.column[i] && (i == 0 || o.column[1] != o.column[0]))
			read_codes(p, o.column[i], i);
	/* The newest are at the end, as a rule: they set the mark for the rest. */
	for (uint32_t end = rows; end > 0;) {
		uint32_t n = end % STEP ? end % STEP : STEP;
		unsigned k = choose(s, end - n, n, bits, span, time, row);
		p->offered += k;
		while (k-- > 0 && !behind)
			offer_row(p, &o, row[k], time[k]);
		end -= n;
	}
}

/* ---- life ---- */

struct flow_pick *flow_pick_new(const struct flow_order *o, const struct dict *d, size_t limit)
{
	struct flow_pick *p = xcalloc(1, sizeof *p);

	p->order = *o;
	p->by_time = o->field == FIELD_BIN;
	p->type = field_type(o->field);
	p->dict = d;
	p->limit = limit == 0 ? 1 : limit < (size_t)1 << 31 ? limit : (size_t)1 << 31;
	return p;
}

void flow_pick_free(struct flow_pick *p)
{
	if (!p)
		return;
	for (int i = 0; i < 2; i++) {
		free(p->key[i]);
		free(p->behind[i]);
	}
	free(p->picked);
	free(p);
}

uint64_t flow_pick_offered(const struct flow_pick *p)
{
	return p->offered;
}

size_t flow_pick_drop(struct flow_pick *p, const struct segment *s)
{
	size_t n = 0, had = p->n;

	for (size_t i = 0; i < p->n; i++)
		if (p->picked[i].ref.segment != s)
			p->picked[n++] = p->picked[i];
	p->n = n;
	return had - n;
}

size_t flow_pick_bytes(const struct flow_pick *p)
{
	return p ? sizeof *p + p->cap * sizeof *p->picked : 0;
}

size_t flow_pick_end(struct flow_pick *p, struct flow_ref **out, uint64_t *offered)
{
	size_t n;

	sort(p);
	n = p->n;
	*out = xmalloc((n ? n : 1) * sizeof **out);
	for (size_t i = 0; i < n; i++)
		(*out)[i] = p->picked[i].ref;
	if (offered)
		*offered = p->offered;
	flow_pick_free(p);
	return n;
}
