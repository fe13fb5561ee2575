/* watched_rows.c - rows added to the series that they are of: see watched.h. What of a row is looked
 * up is noted by the codes of the segment, for those that come next. */
#include <stdlib.h>

#include "base/hash.h"
#include "decode/place_rows.h"
#include "query/accumulator.h"
#include "triage/watched_state.h"

#define STEP 512u
#define SHARES (SPREAD_MAX_S / 60 + 2) /* bins that a record can meet */
#define WAYS 2u                        /* interfaces that a server is met at in turn */

#define MET 4096u /* codes of a side that are noted at once, a power of two */

/* What a code of an address stands for: whether it is internal, and the series of it and the
 * interfaces that it was met at last. */
struct met_server {
	uint32_t code; /* 1 + code; 0: none */
	struct {
		uint32_t place, target; /* 1 + number; 0: not looked up */
	} at[WAYS];
	uint64_t hash; /* of the address; 0: not asked for */
	enum { SCOPE_UNKNOWN, SCOPE_INTERNAL, SCOPE_OTHER } scope;
};

struct watched_reader {
	struct watched *w;
	const struct segment *s;
	const struct dict *d;
	uint32_t first, end; /* rows */
	struct span span;
	bool again; /* only what is by marks, with: */
	int sign;
	struct place_rows at;
	const struct column *start, *bytes, *packets, *address[2], *port[2];
	struct met_server *met[2]; /* by code, below MET: the last that came */
	/* Of the step: */
	uint32_t step, place[STEP], code[2][STEP];
	uint64_t start_at[STEP], bytes_at[STEP], packets_at[STEP], port_at[2][STEP];
	int64_t end_at[STEP];
};

/* A row's stretch of time; its amounts are of it. */
struct stretch {
	int64_t from, to; /* to > from, seconds; equal: a moment */
};

static struct met_server *met_of(const struct watched_reader *r, unsigned side, uint32_t code)
{
	struct met_server *m = &r->met[side][code % MET];

	if (m->code != code + 1)
		*m = (struct met_server){ .code = code + 1 };
	return m;
}

/* ---- one value over bins ---- */

/* What bins have of a value, the first of them on. */
struct shares {
	int64_t first;
	unsigned n;
	uint64_t amount[SHARES];
};

static uint64_t part_of(uint64_t whole, uint64_t duration, uint64_t elapsed)
{
	if (whole <= UINT32_MAX) /* as do nearly all; elapsed is an hour at most */
		return whole * elapsed / duration;
	return whole / duration * elapsed + whole % duration * elapsed / duration;
}

/* Each has what the record has had by its end, in whole numbers, less what those before have. */
static void share_out(const struct stretch *r, int64_t every, uint64_t value, struct shares *out)
{
	uint64_t duration = (uint64_t)(r->to - r->from), had = 0, now;
	int64_t end;

	out->first = bin_of(r->from, every);
	out->n = 0;
	for (end = (out->first + 1) * every; end < r->to; end += every) {
		now = part_of(value, duration, (uint64_t)(end - r->from));
		out->amount[out->n++] = now - had;
		had = now;
	}
	out->amount[out->n++] = value - had;
}

/* How many of the shares are of bins that were closed. */
static unsigned shares_closed(const struct watched_target *t, const struct shares *s)
{
	uint64_t closed = (uint64_t)t->from - (uint64_t)s->first;

	if (s->first >= t->from)
		return 0;
	return closed < s->n ? (unsigned)closed : s->n;
}

static void take_shares(struct watched_target *t, const struct shares *s, uint64_t value,
			const uint32_t *mix)
{
	t->of.total -= value < t->of.total ? value : t->of.total;
	for (unsigned i = shares_closed(t, s); i < s->n; i++)
		bins_take(&t->open, s->first + i, s->amount[i], mix);
}

static void add_shares(struct watched *w, struct watched_target *t, const struct shares *s,
		       uint64_t value, const uint32_t *mix, int sign)
{
	if (sign < 0) {
		take_shares(t, s, value, mix);
		return;
	}
	t->of.total = saturating_add(t->of.total, value);
	w->doubts.late += s->first < t->from;
	for (unsigned i = shares_closed(t, s); i < s->n; i++) {
		w->open_bytes += bins_add(&t->open, s->first + i, s->amount[i]);
		if (mix)
			bins_mix(&t->open, s->first + i, *mix);
	}
}

static void add_spread(struct watched_reader *r, struct watched_target *t, int64_t every,
		       const struct stretch *v, uint64_t value)
{
	struct shares s;

	share_out(v, every, value, &s);
	add_shares(r->w, t, &s, value, NULL, r->sign);
}

/* At its end, which is inside its last bin. */
static void add_at_end(struct watched_reader *r, struct watched_target *t, int64_t every,
		       const struct stretch *v, uint64_t value)
{
	struct stretch end = { v->to - (v->to > v->from), v->to - (v->to > v->from) };

	add_spread(r, t, every, &end, value);
}

/* ---- copies ---- */

static uint64_t hash_of_code(const struct watched_reader *r, unsigned side, uint32_t i)
{
	const struct column *c = r->address[side];
	uint8_t address[16];
	struct met_server *m;
	uint32_t code;

	if (!c)
		return 0;
	code = r->code[side][i];
	m = met_of(r, side, code);
	if (!m->hash)
		m->hash = column_address(c, r->d, code, address) ? hash_address(address) : 1;
	return m->hash;
}

/* Of a record of an interface: the same for exact copies only. */
static uint32_t mix_of(const struct watched_reader *r, uint32_t i)
{
	uint64_t times = r->start_at[i] << 32 ^ (uint64_t)r->end_at[i];
	uint64_t counts = r->packets_at[i] << 32 ^ r->bytes_at[i];
	uint64_t ports = r->port_at[0][i] << 32 ^ r->port_at[1][i] << 8;

	ports ^= r->s->mark[r->step + i] & (MARK_ACCEPT | MARK_REJECT);
	return (uint32_t)hash_pair(hash_pair(times, counts, ports), hash_of_code(r, 0, i),
				   hash_of_code(r, 1, i));
}

/* ---- rows ---- */

/* False: the row is in no series. */
static bool stretch_of(struct watched_reader *r, uint32_t i, struct stretch *out)
{
	uint64_t start = r->start_at[i];
	int64_t end = r->end_at[i], from;

	if (end == INT64_MIN) {
		r->w->doubts.undated++;
		return false;
	}
	if (end < r->span.from || end >= r->span.to)
		return false;
	if (end > r->w->latest) {
		r->w->doubts.future++;
		return false;
	}
	from = start == NUMBER_ABSENT ? end : time_in_seconds(start);
	if (from > end || end - from > SPREAD_MAX_S)
		from = end;
	*out = (struct stretch){ from, end };
	r->w->first = from < r->w->first ? from : r->w->first;
	r->w->newest = end > r->w->newest ? end : r->w->newest;
	return true;
}

static bool is_internal(struct watched_reader *r, const struct column *c, uint32_t code,
			struct met_server *m)
{
	uint32_t scope;

	if (m->scope == SCOPE_UNKNOWN) {
		scope = labels_of_id(r->w->labels, LABEL_SCOPE, c->code[code].id);
		m->scope = code && c->code[code].id != DICT_NONE &&
					   labels_is_internal(r->w->labels, scope)
				   ? SCOPE_INTERNAL
				   : SCOPE_OTHER;
	}
	return m->scope == SCOPE_INTERNAL;
}

/* The series of the side that serves; UINT32_MAX: it has none. */
static uint32_t server_of(struct watched_reader *r, uint32_t i, uint32_t place)
{
	unsigned side = r->s->mark[r->step + i] & MARK_SERVER_SRC ? 0 : 1;
	const struct column *c = r->address[side];
	struct met_server *m;
	uint32_t code;
	uint8_t address[16];

	if (!c)
		return UINT32_MAX;
	code = r->code[side][i];
	m = met_of(r, side, code);
	if (!is_internal(r, c, code, m))
		return UINT32_MAX;
	for (unsigned k = 0; k < WAYS; k++)
		if (m->at[k].target && m->at[k].place == place)
			return m->at[k].target - 1;
	if (!column_address(c, r->d, code, address))
		return UINT32_MAX;
	m->at[1] = m->at[0];
	m->at[0].place = place;
	m->at[0].target = watched_of_server(r->w, address, place) + 1; /* none: 0, asked again */
	return m->at[0].target - 1;
}

static bool has_room(const struct watched *w)
{
	return w->open_bytes <= 2 * w->bytes;
}

static void add_row(struct watched_reader *r, uint32_t i, const struct stretch *v)
{
	struct watched *w = r->w;
	uint32_t place = r->place[i], of, server;
	uint64_t bytes = r->bytes_at[i];
	struct shares shares;
	uint32_t mix;

	if (bytes == NUMBER_ABSENT || bytes == 0)
		return;
	if (place == PLACE_NONE) {
		w->doubts.nowhere++;
		return;
	}
	of = watched_of_place(w, place);
	server = server_of(r, i, place);
	if (!has_room(w) || of == UINT32_MAX) {
		w->doubts.dropped++;
		return;
	}
	share_out(v, w->rule.every, bytes, &shares);
	mix = mix_of(r, i);
	if (!r->again)
		add_shares(w, &w->target[of], &shares, bytes, &mix, 1);
	if (server != UINT32_MAX)
		add_shares(w, &w->target[server], &shares, bytes, &mix, r->sign);
}

static void read_step(struct watched_reader *r, uint32_t first, uint32_t n)
{
	if (r->start)
		column_numbers(r->start, first, n, r->start_at);
	if (r->bytes)
		column_numbers(r->bytes, first, n, r->bytes_at);
	if (r->packets)
		column_numbers(r->packets, first, n, r->packets_at);
	for (unsigned k = 0; k < 2; k++)
		if (r->port[k])
			column_numbers(r->port[k], first, n, r->port_at[k]);
	segment_times(r->s, first, n, r->end_at);
	for (uint32_t i = 0; !r->start && i < n; i++)
		r->start_at[i] = NUMBER_ABSENT;
}

static void read_ends(struct watched_reader *r, uint32_t first, uint32_t n)
{
	r->step = first;
	place_rows_read(&r->at, first, n, r->place);
	for (unsigned side = 0; side < 2; side++)
		if (r->address[side])
			column_codes(r->address[side], first, n, r->code[side]);
}

static void add_rows(struct watched_reader *r)
{
	const struct segment *s = r->s;
	struct stretch v;

	for (uint32_t first = r->first; first < r->end; first += STEP) {
		uint32_t n = r->end - first < STEP ? r->end - first : STEP;
		read_step(r, first, n);
		read_ends(r, first, n);
		for (uint32_t i = 0; i < n; i++)
			if (!(s->mark[first + i] & MARK_STATUS) && stretch_of(r, i, &v))
				add_row(r, i, &v);
	}
}

/* ---- filters ---- */

/* A hash of the row's value; false: it has none. */
static bool value_hash(const struct watched_reader *r, const struct column *c, uint32_t row,
		       uint64_t *out)
{
	uint32_t code;
	uint64_t v;
	uint8_t address[16];
	struct str text;

	if (c->type == TYPE_ADDRESS &&
	    column_address(c, r->d, code = column_code(c, row), address)) {
		*out = hash_address(address);
		return true;
	}
	if (c->code) {
		text = column_text(c, r->d, column_code(c, row));
		*out = hash_bytes(text.s, text.n);
		return text.n > 0;
	}
	v = column_number(c, row);
	*out = hash_pair(v, 0, 0);
	return v != NUMBER_ABSENT;
}

static void add_of_watch(struct watched_reader *r, unsigned number, uint32_t row, uint32_t i,
			 const struct stretch *v, const struct column *distinct)
{
	struct watched *w = r->w;
	const struct watched_filter *watch = &w->watch[number];
	struct watched_target *t = &w->target[w->watch_target[number]];
	uint64_t amount, hash;
	int64_t bin;

	switch (watch->metric) {
	case METRIC_BYTES:
	case METRIC_PACKETS:
		amount = watch->metric == METRIC_BYTES ? r->bytes_at[i] : r->packets_at[i];
		if (amount != NUMBER_ABSENT)
			add_spread(r, t, watch->every, v, amount);
		return;
	case METRIC_DISTINCT:
		bin = bin_of(v->to - (v->to > v->from), watch->every);
		if (!value_hash(r, distinct, row, &hash))
			return;
		if (r->again) /* what was met once stays so */
			return;
		if (bin < t->from)
			w->doubts.late++;
		else
			w->open_bytes += bins_note(&t->open, bin, hash);
		return;
	default:
		if (watch->metric != METRIC_REJECTS || r->s->mark[row] & MARK_REJECT)
			add_at_end(r, t, watch->every, v, 1);
	}
}

static bool lacks_column(const struct watched_reader *r, const struct watched_filter *w,
			 const struct column *distinct)
{
	return (w->metric == METRIC_BYTES && !r->bytes) ||
	       (w->metric == METRIC_PACKETS && !r->packets) ||
	       (w->metric == METRIC_DISTINCT && !distinct);
}

static void add_watch(struct watched_reader *r, unsigned number)
{
	struct watched_filter *watch = &r->w->watch[number];
	const struct segment *s = r->s;
	const struct column *distinct =
		watch->metric == METRIC_DISTINCT ? segment_column(s, watch->field) : NULL;
	uint64_t bits[(SEGMENT_ROWS + 63) / 64], word;
	struct stretch v;

	r->w->doubts.undecided +=
		filter_select(watch->filter, s, r->d, r->first, r->end - r->first, bits, NULL);
	for (uint32_t first = r->first; first < r->end; first += STEP) {
		uint32_t n = r->end - first < STEP ? r->end - first : STEP;
		read_step(r, first, n);
		for (uint32_t i = 0; i < n; i++) {
			uint32_t bit = first + i - r->first;
			word = bits[bit / 64] >> bit % 64;
			if (!(word & 1) || s->mark[first + i] & MARK_STATUS)
				continue;
			if (lacks_column(r, watch, distinct))
				r->w->doubts.unread++;
			else if (!has_room(r->w))
				r->w->doubts.dropped++;
			else if (stretch_of(r, i, &v))
				add_of_watch(r, number, first + i, i, &v, distinct);
		}
	}
}

void watched_want(struct field_set *out)
{
	static const int fields[] = { FIELD_INTERFACE_ID, FIELD_SRCADDR, FIELD_DSTADDR, FIELD_BYTES,
				      FIELD_PACKETS,      FIELD_START,   FIELD_END };

	places_want(out);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		out->has[fields[i]] = true;
}

static struct watched_reader open_reader(struct watched *w, const struct segment *s,
					 const struct dict *d, uint32_t first, uint32_t n)
{
	struct watched_reader r = {
		.w = w,
		.s = s,
		.d = d,
		.first = first,
		.end = first + n,
		.span = { INT64_MIN, INT64_MAX, false },
		.sign = 1,
		.at = place_rows_begin(w->places, s, d, n),
		.start = segment_column(s, FIELD_START),
		.bytes = segment_column(s, FIELD_BYTES),
		.packets = segment_column(s, FIELD_PACKETS),
		.address = { segment_column(s, FIELD_SRCADDR), segment_column(s, FIELD_DSTADDR) },
		.port = { segment_column(s, FIELD_SRCPORT), segment_column(s, FIELD_DSTPORT) }
	};

	for (unsigned i = 0; i < 2; i++)
		if (r.address[i])
			r.met[i] = xcalloc(r.address[i]->codes < MET ? r.address[i]->codes : MET,
					   sizeof *r.met[i]);
	return r;
}

static void close_reader(struct watched_reader *r)
{
	place_rows_end(&r->at);
	free(r->met[0]);
	free(r->met[1]);
}

static uint64_t flows_of(const struct watched_reader *r)
{
	uint64_t n = 0;

	for (uint32_t row = r->first; row < r->end; row++)
		n += !(r->s->mark[row] & MARK_STATUS);
	return n;
}

void watched_rows(struct watched *w, const struct segment *s, const struct dict *d, uint32_t first,
		  uint32_t n, struct span span)
{
	struct watched_reader r = open_reader(w, s, d, first, n);
	struct watched_doubts before = w->doubts;

	r.span = span;
	for (unsigned i = 0; i < w->watches; i++)
		add_watch(&r, i);
	/* Each row once, in however many series it is. */
	w->doubts.undated = before.undated;
	w->doubts.future = before.future;
	if (w->alone)
		;
	else if (r.bytes)
		add_rows(&r);
	else
		w->doubts.unread += flows_of(&r);
	close_reader(&r);
}

void watched_remark(struct watched *w, const struct segment *s, const struct dict *d, uint32_t n,
		    int sign)
{
	struct watched_reader r = open_reader(w, s, d, 0, n);
	struct watched_doubts before = w->doubts;

	r.again = true;
	r.sign = sign;
	for (unsigned i = 0; i < w->watches; i++)
		add_watch(&r, i);
	if (r.bytes)
		add_rows(&r);
	w->doubts = before;
	close_reader(&r);
}
