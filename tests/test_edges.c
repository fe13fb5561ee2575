/* Edges: while records come in any order, late, are evicted, and what is known of interfaces
 * changes, the sums of each conversation are what a plain recomputation over the ring has, until
 * some are dropped; and they agree with the tries of the scenarios. */
#include <inttypes.h>

#include "live/live.h"
#include "support.h"
#include "triage/edges.h"

#define HOSTS 8u
#define START 1700000040
#define WIDE_FORMAT \
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets " \
	"bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr"

/* Second sightings of a segment as the consumer was told last; what they are is test_once's. */
struct told {
	uint64_t serial, second[SEGMENT_ROWS / 64 + 1];
	uint32_t rows;
};

struct edges_world {
	uint64_t seed;
	struct ring *ring;
	struct labels *labels;
	struct live *live;
	struct edges *edges;
	struct told *told;
	size_t tolds, told_cap;
	struct decoder *tail;
	struct decode_state state;
	int64_t time, minute; /* the second: of log time, which edges let go on only */
	unsigned moved;       /* an interface whose address has changed; 0: none */
	uint64_t compared, internet, seconds, folded, middle;
};

static void on_evict(void *ctx, struct segment *s)
{
	live_evict(ctx, s);
}

static struct told *told_of(struct edges_world *w, uint64_t serial)
{
	for (size_t i = 0; i < w->tolds; i++)
		if (w->told[i].serial == serial)
			return &w->told[i];
	xgrow((void **)&w->told, &w->told_cap, w->tolds + 1, sizeof *w->told);
	w->told[w->tolds] = (struct told){ .serial = serial };
	return &w->told[w->tolds++];
}

static void on_rows(void *ctx, const struct segment *s, uint32_t first, uint32_t n, int sign,
		    const uint64_t *second)
{
	struct edges_world *w = ctx;
	struct told *t = told_of(w, s->serial);

	for (uint32_t row = first; sign >= 0 && row < first + n; row++) {
		uint64_t bit = UINT64_C(1) << row % 64;
		t->second[row / 64] = (t->second[row / 64] & ~bit) | (second[row / 64] & bit);
	}
	if (sign > 0) { /* one after the other */
		assert_int_equal(first, t->rows);
		t->rows += n;
	}
	assert_true(first + n <= t->rows);
	edges_rows(w->edges, s, first, n, sign, second);
	if (sign < 0) {
		assert_int_equal(n, t->rows);
		*t = w->told[--w->tolds];
	}
}

static void open_world(struct edges_world *w, uint64_t seed, uint64_t budget, size_t most)
{
	static const struct query asked = { QUERY_ALL,
					    .group = { .field = { FIELD_SRCADDR }, .n = 1 } };
	struct dict *d = dict_new();

	*w = (struct edges_world){ .seed = seed, .time = START };
	w->labels = labels_new(d);
	w->ring = ring_new(d, budget);
	ring_set_ceiling(w->ring, INT64_MAX);
	w->live = live_new(w->ring);
	live_add(w->live, &asked);
	w->edges = edges_new(w->ring, live_places(w->live), most);
	live_set_consumer(w->live, (struct live_consumer){ on_rows, w });
	ring_on_evict(w->ring, on_evict, w->live);
	w->tail = decoder_new();
	w->state = (struct decode_state){ .format = format_default() };
}

/* The segment that grows does so no more. */
static void close_tail(struct edges_world *w)
{
	struct segment *const *open;
	struct segment **list;

	while (decoder_segments(w->tail, &open) > 0) {
		decoder_close(w->tail, open[0]);
		decoder_take_sealed(w->tail, &list);
		free(list);
	}
}

static void close_world(struct edges_world *w)
{
	close_tail(w);
	live_free(w->live);
	edges_free(w->edges);
	free(w->told);
	decoder_free(w->tail);
	labels_free(w->labels);
	ring_free_all(w->ring);
}

/* While rows come, what is known better of older ones waits for a second: until a step has none.
 * With no time at all each step does as little as there is. */
static void settle(struct edges_world *w)
{
	uint64_t budget = random_below(&w->seed, 2) * 1000000;

	while (live_step(w->live, budget) || live_step(w->live, budget))
		;
}

/* ---- records ---- */

struct packet {
	unsigned from, to; /* 0: the internet, one of a few */
	unsigned sport, dport, protocol;
	bool reject, wide;
	int64_t time;
};

static void put_address(struct edges_world *w, unsigned host, struct buf *out)
{
	if (host)
		buf_printf(out, "10.0.0.%u ", host);
	else
		buf_printf(out, "198.51.100.%u ", 1 + (unsigned)random_below(&w->seed, 3));
}

/* What the interface of one of the two records, or one between them. */
static void put_record(struct edges_world *w, struct packet p, struct buf *out)
{
	static const char *const flags[] = { "2", "3", "18", "19", "4", "-" };
	unsigned at = random_below(&w->seed, 2) ? p.from : p.to,
		 packets = 1 + (unsigned)random_below(&w->seed, 9);

	if (!at || random_below(&w->seed, 8) == 0)
		at = HOSTS + 1;
	at = w->moved && at == w->moved ? w->moved + 1 : at;
	buf_printf(out, "2 1 eni-%u ", at);
	put_address(w, p.from, out);
	put_address(w, p.to, out);
	buf_printf(out, "%u %u %u %u %u %" PRId64 " %" PRId64 " %s OK", p.sport, p.dport,
		   p.protocol, packets,
		   packets * (random_below(&w->seed, 2) ? 40 : 52 + p.sport % 700), p.time,
		   p.time + (int64_t)random_below(&w->seed, 59), p.reject ? "REJECT" : "ACCEPT");
	if (p.wide) {
		buf_printf(out, " %s ", flags[random_below(&w->seed, ARRAY_SIZE(flags))]);
		if (random_below(&w->seed, 4)) {
			buf_puts(out, "- -");
		} else {
			put_address(w, p.from ? p.from : 2, out);
			put_address(w, p.to, out);
			out->n--;
		}
	}
	buf_putc(out, '\n');
}

static void add_records(struct edges_world *w, unsigned n, bool wide, struct buf *out)
{
	for (unsigned i = 0; i < n; i++) {
		struct packet p = { .from = (unsigned)random_below(&w->seed, HOSTS),
				    .to = (unsigned)random_below(&w->seed, HOSTS),
				    .sport = 32768 + (unsigned)random_below(&w->seed, 1000),
				    .dport = random_below(&w->seed, 2) ? 443 : 22,
				    .protocol = random_below(&w->seed, 5) ? 6 : 17,
				    .reject = random_below(&w->seed, 3) == 0,
				    .wide = wide,
				    .time = w->time - (int64_t)random_below(&w->seed, 200) };
		if (random_below(&w->seed, 3) == 0) { /* an answer */
			unsigned port = p.sport;
			p.sport = p.dport;
			p.dport = port;
		}
		if (p.from != p.to)
			put_record(w, p, out);
	}
	if (random_below(&w->seed, 4) == 0)
		buf_printf(out, "2 1 eni-1 - - - - - - - %" PRId64 " %" PRId64 " - NODATA%s\n",
			   w->time, w->time + 30, wide ? " - - -" : "");
}

/* As the monitor does it: the open segment stands in the ring and grows. */
static void grow(struct edges_world *w, struct str text)
{
	struct decode_counts counts = { 0 };
	struct malformed_list bad = { 0 };
	struct segment *const *list;
	size_t had = decoder_segments(w->tail, &list), n;

	decoder_feed(w->tail, &w->state, text, &counts, &bad);
	n = decoder_segments(w->tail, &list);
	for (size_t i = 0; i < n; i++)
		if (i >= had)
			ring_add(w->ring, list[i]);
		else
			ring_grown(w->ring, list[i]);
	malformed_list_release(&bad);
}

static void add_some(struct edges_world *w)
{
	static const struct format *wide;
	struct buf text = { 0 };
	unsigned how = (unsigned)random_below(&w->seed, 3);

	if (!wide)
		wide = format_parse(str_of(WIDE_FORMAT), "test");
	add_records(w, 1 + (unsigned)random_below(&w->seed, 120), how == 1, &text);
	if (how == 2)
		grow(w, buf_str(&text));
	else
		ring_add_text(w->ring, how == 1 ? wide : format_default(), buf_str(&text), NULL,
			      NULL);
	buf_release(&text);
	w->time += (int64_t)random_below(&w->seed, 120);
}

/* ---- a plain recomputation ---- */

struct plain_edges {
	struct edge_sums *list; /* those of any client too */
	uint32_t n, *refused;   /* of those, refused records */
	size_t cap, refused_cap;
};

static bool keys_equal(const struct edge_key *a, const struct edge_key *b)
{
	return a->any_client == b->any_client && a->port == b->port && a->protocol == b->protocol &&
	       memcmp(a->server, b->server, 16) == 0 &&
	       (a->any_client || memcmp(a->client, b->client, 16) == 0);
}

static uint32_t plain_of(struct plain_edges *p, const struct edge_key *key)
{
	for (uint32_t i = 0; i < p->n; i++)
		if (keys_equal(&p->list[i].key, key))
			return i;
	xgrow((void **)&p->list, &p->cap, p->n + 1, sizeof *p->list);
	xgrow((void **)&p->refused, &p->refused_cap, p->n + 1, sizeof *p->refused);
	p->list[p->n] = (struct edge_sums){ .key = *key };
	p->refused[p->n] = 0;
	return p->n++;
}

static uint64_t number_at(const struct segment *s, int field, uint32_t row)
{
	const struct column *c = segment_column(s, field);
	uint64_t v = c ? column_number(c, row) : NUMBER_ABSENT;

	return v == NUMBER_ABSENT ? 0 : v;
}

static bool address_at(struct edges_world *w, const struct segment *s, int field, uint32_t row,
		       uint8_t out[16])
{
	const struct column *c = segment_column(s, field);

	return c && column_address(c, ring_dict(w->ring), column_code(c, row), out);
}

/* The bits of enum edge_count, as TRIAGE.md has it. */
static unsigned counts_of(const struct segment *s, uint32_t row, bool answer)
{
	uint64_t packets = number_at(s, FIELD_PACKETS, row), bytes = number_at(s, FIELD_BYTES, row);
	const struct column *c = segment_column(s, FIELD_TCP_FLAGS);
	bool has = c && column_number(c, row) != NUMBER_ABSENT,
	     tcp = number_at(s, FIELD_PROTOCOL, row) == 6;
	unsigned flags = (unsigned)number_at(s, FIELD_TCP_FLAGS, row), bits = 0;
	bool syn = has ? (flags & 2) && !(flags & 16) : packets <= 7 && bytes <= 64 * packets;
	bool rst = has ? (flags & 4) && (flags & 18) != 18 : packets <= 7 && bytes == 40 * packets;

	if (s->mark[row] & MARK_REJECT)
		bits = 1u << EDGE_REFUSED;
	else if (answer)
		bits = 1u << (tcp && rst ? EDGE_RESET : EDGE_ANSWERED);
	return bits | (unsigned)(!answer && (!tcp || syn)) << EDGE_TRIES;
}

static void plain_add(struct edge_sums *to, int64_t minute, int64_t now, unsigned bits)
{
	to->rows++;
	for (unsigned c = 0; c < EDGE_COUNTS; c++)
		if (minute > now - EDGE_MINUTES)
			to->count[EDGE_MINUTES - 1 - (now - minute)][c] += bits >> c & 1;
}

static void plain_row(struct edges_world *w, struct plain_edges *p, const struct segment *s,
		      uint32_t row, bool second)
{
	bool answer = s->mark[row] & MARK_SERVER_SRC, reject = s->mark[row] & MARK_REJECT, internet;
	const struct places *places = live_places(w->live);
	struct sighting at = { .interface = places_of_row(places, s, ring_dict(w->ring), row) };
	struct edge_key key = { .protocol = (uint8_t)number_at(s, FIELD_PROTOCOL, row) };
	int64_t minute = (int64_t)number_at(s, FIELD_START, row) / 60;
	uint64_t bytes = number_at(s, FIELD_BYTES, row);
	unsigned bits = counts_of(s, row, answer);
	uint32_t i;

	address_at(w, s, answer ? FIELD_DSTADDR : FIELD_SRCADDR, row, key.client);
	address_at(w, s, answer ? FIELD_SRCADDR : FIELD_DSTADDR, row, key.server);
	address_at(w, s, answer ? FIELD_PKT_DSTADDR : FIELD_PKT_SRCADDR, row, key.client);
	address_at(w, s, answer ? FIELD_PKT_SRCADDR : FIELD_PKT_DSTADDR, row, key.server);
	key.port = (uint16_t)number_at(s, answer ? FIELD_SRCPORT : FIELD_DSTPORT, row);
	internet = !place_is_internal(places, key.client) &&
		   places_of_address(places, key.client) == PLACE_NONE;
	enum post post = tries_post(places, &at, key.client, key.server);
	i = plain_of(p, &key);
	plain_add(&p->list[i], minute, w->minute, bits);
	p->list[i].internet = internet;
	p->list[i].cell[answer][post][reject]++;
	p->refused[i] += reject;
	if (!second && !(internet && reject))
		*(answer ? &p->list[i].received : &p->list[i].sent) += bytes;
	w->seconds += second;
	w->middle += post == POST_MIDDLE;
	if (!internet)
		return;
	key.any_client = true;
	i = plain_of(p, &key);
	plain_add(&p->list[i], minute, w->minute, bits);
	p->refused[i] += reject;
}

static void recompute(struct edges_world *w, struct plain_edges *p)
{
	struct edge_sums any;
	uint32_t at = 0;

	*p = (struct plain_edges){ 0 };
	assert_true(edges_next(w->edges, &at, &any));
	assert_true(any.minute >= w->minute && any.minute >= ring_now(w->ring) / 60);
	assert_true(any.minute <= w->time / 60 + 1);
	w->minute = any.minute;
	for (size_t i = 0; i < ring_count(w->ring); i++) {
		struct segment *s = ring_at(w->ring, i);
		const struct told *t = told_of(w, s->serial);
		assert_int_equal(t->rows, s->rows);
		for (uint32_t row = 0; row < s->rows; row++)
			if (!(s->mark[row] & MARK_STATUS))
				plain_row(w, p, s, row, t->second[row / 64] >> row % 64 & 1);
	}
}

static void plain_release(struct plain_edges *p)
{
	free(p->list);
	free(p->refused);
}

/* ---- held against each other ---- */

/* Of an internet client what was refused may be folded, whose sum is told by all clients'. */
static void compare_internet(const struct edge_sums *is, const struct edge_sums *want,
			     uint64_t *refused)
{
	for (unsigned leg = 0; leg < LEGS; leg++)
		for (unsigned post = 0; post < POSTS; post++) {
			assert_int_equal(is->cell[leg][post][TRY_ACCEPT],
					 want->cell[leg][post][TRY_ACCEPT]);
			assert_true(is->cell[leg][post][TRY_REJECT] <=
				    want->cell[leg][post][TRY_REJECT]);
			*refused += is->cell[leg][post][TRY_REJECT];
		}
	assert_true(is->sent >= want->sent && is->received >= want->received);
}

static void compare_one(struct edges_world *w, const struct plain_edges *p, uint32_t i)
{
	const struct edge_sums *want = &p->list[i];
	struct edge_key any = want->key;
	struct edge_sums is, other;
	uint64_t refused = 0;
	uint32_t at = 0;

	if (want->internet) {
		bool has = edges_find(w->edges, &want->key, &is);
		assert_true(has || want->rows == p->refused[i]);
		if (has)
			compare_internet(&is, want, &refused);
		any.any_client = true;
		assert_true(edges_find(w->edges, &any, &is));
		w->internet += has;
		return;
	}
	assert_true(edges_find(w->edges, &want->key, &is));
	assert_int_equal(is.rows, want->rows);
	assert_memory_equal(is.count, want->count, sizeof is.count);
	if (!want->key.any_client) {
		assert_memory_equal(is.cell, want->cell, sizeof is.cell);
		assert_int_equal(is.sent, want->sent);
		assert_int_equal(is.received, want->received);
		return;
	}
	refused = is.folded;
	while (edges_next(w->edges, &at, &other)) {
		any = other.key;
		any.any_client = true;
		if (other.key.any_client || !keys_equal(&any, &want->key))
			continue;
		for (uint32_t k = 0; k < p->n; k++)
			if (keys_equal(&p->list[k].key, &other.key) && p->list[k].internet)
				compare_internet(&other, &p->list[k], &refused);
	}
	assert_int_equal(refused, p->refused[i]);
	w->folded += is.folded;
}

static void compare(struct edges_world *w)
{
	struct plain_edges p;
	struct edge_sums is;
	struct result r;
	uint32_t at = 0, held = 0;
	uint64_t seconds = w->seconds;

	settle(w);
	recompute(w, &p);
	live_answer(w->live, 0, (struct result_window){ 0, 0, 0, 0 }, &r);
	assert_int_equal(w->seconds - seconds, r.second);
	result_release(&r);
	for (uint32_t i = 0; i < p.n; i++)
		compare_one(w, &p, i);
	while (edges_next(w->edges, &at, &is)) { /* nothing that there is no record of */
		uint32_t n = p.n;
		plain_of(&p, &is.key);
		assert_int_equal(p.n, n);
		held++;
	}
	assert_int_equal(edges_counts(w->edges).edges, held);
	assert_int_equal(edges_counts(w->edges).dropped, 0);
	assert_int_equal(edges_counts(w->edges).left_out, 0);
	w->compared += p.n;
	plain_release(&p);
}

static void recompute_often(uint64_t seed)
{
	struct edges_world w;
	uint64_t generation;

	open_world(&w, seed, 300 << 10, 64 << 20);
	generation = places_generation(live_places(w.live));
	for (int i = 0; i < 300; i++) {
		if (i % 60 == 30)
			w.moved = 1 + (unsigned)i / 60;
		add_some(&w);
		if (random_below(&w.seed, 2))
			live_step(w.live, 20000);
		if (random_below(&w.seed, 3) == 0) {
			close_tail(&w);
			ring_trim(w.ring, 0);
		}
		if (random_below(&w.seed, 3) == 0)
			compare(&w);
	}
	assert_true(ring_evicted(w.ring) > 0);
	assert_true(places_generation(live_places(w.live)) > generation + 2);
	assert_true(w.seconds > 1000 && w.middle > 1000);
	assert_true(w.internet > 100 && w.folded > 100);
	close_tail(&w); /* and nearly all of it goes */
	ring_trim(w.ring, UINT64_MAX / 2);
	assert_int_equal(ring_count(w.ring), 1);
	compare(&w);
	close_world(&w);
}

static void sums_are_recomputed(void **state)
{
	(void)state;
	recompute_often(77);
	recompute_often(25); /* steps that put off what they have no time for */
}

/* Records of two hosts at one interface, the first of which is in `most` of ten. */
static void put_two(struct edges_world *w, unsigned n, unsigned most)
{
	struct buf text = { 0 };

	for (unsigned i = 0; i < n; i++)
		buf_printf(&text,
			   "2 1 eni-2 10.0.0.%u 10.0.1.%u 40000 443 6 1 60 %" PRId64 " %" PRId64
			   " ACCEPT OK\n",
			   i % 10 < most ? 2 : 3, i % 50, w->time, w->time + 30);
	ring_add_text(w->ring, format_default(), buf_str(&text), NULL, NULL);
	buf_release(&text);
}

/* An address is found to be the interface's by records of a moment ago: those of several segments,
 * for each of which a step has time, are looked at again all the same. */
static void what_is_put_off_is_done(void **state)
{
	struct edges_world w;
	uint64_t middle;

	(void)state;
	open_world(&w, 3, 64 << 20, 64 << 20);
	for (unsigned i = 0; i < 60; i++)
		put_two(&w, 20, 5);
	compare(&w);
	assert_int_equal(w.middle, 1200);
	put_two(&w, 7000, 10);
	live_step(w.live, 1000000000); /* all but what waits for rows to come no more */
	while (live_step(w.live, 0) || live_step(w.live, 0))
		;
	middle = w.middle;
	compare(&w);
	assert_int_equal(w.middle - middle, 600);
	close_world(&w);
}

/* ---- where there is no room for all ---- */

/* A record of a conversation of its own: of 2^22 clients, to a few servers. */
static void put_one(struct buf *out, unsigned net, uint64_t i, bool reject, int64_t time)
{
	buf_printf(out,
		   "2 1 eni-1 %u.%u.%u.%u 10.0.0.9 40000 443 6 1 60 %" PRId64 " %" PRId64
		   " %s OK\n",
		   net, (unsigned)(i >> 16 & 63), (unsigned)(i >> 8 & 255), (unsigned)(i & 255),
		   time, time + 1, reject ? "REJECT" : "ACCEPT");
}

static void put_text(struct edges_world *w, struct buf *text)
{
	ring_add_text(w->ring, format_default(), buf_str(text), NULL, NULL);
	buf_release(text);
	settle(w);
}

/* Many thousand a segment, as `net`.x.y.z from `first` on. */
static void put_many(struct edges_world *w, unsigned net, uint64_t first, uint64_t n, bool reject)
{
	struct buf text = { 0 };

	for (uint64_t i = 0; i < n; i++)
		put_one(&text, net, first + i, reject, w->time);
	put_text(w, &text);
}

static bool find(struct edges_world *w, unsigned net, uint64_t i, struct edge_sums *out)
{
	struct edge_key key = { .port = 443, .protocol = 6 };
	char text[32];

	snprintf(text, sizeof text, "%u.%u.%u.%u", net, (unsigned)(i >> 16 & 63),
		 (unsigned)(i >> 8 & 255), (unsigned)(i & 255));
	assert_true(address_parse(str_of(text), key.client));
	assert_true(address_parse(str_of("10.0.0.9"), key.server));
	return edges_find(w->edges, &key, out);
}

/* Of a million, those of the internet that tried least recently go; the others stay right. */
static void there_is_a_bound(void **state)
{
	enum { SOME = 50000, STAY = 1000 };
	static uint64_t none[SEGMENT_ROWS / 64 + 1], all[SEGMENT_ROWS / 64 + 1];
	size_t most = 24 << 20;
	struct edges_world w;
	struct edge_sums is;
	unsigned stay = 0;
	uint64_t dropped;

	(void)state;
	memset(all, 0xff, sizeof all);
	open_world(&w, 1, UINT64_C(4) << 30, most);
	put_many(&w, 10, 0, STAY, false); /* ours, and oldest of all */
	for (unsigned i = 0; i < 20; i++) {
		w.time += 60;
		put_many(&w, 99, i * SOME, SOME, false);
		assert_true(edges_bytes(w.edges) <= most);
	}
	assert_true(edges_counts(w.edges).dropped > 900000 - 24 * 6000);
	for (uint64_t i = 0; i < STAY; i++) {
		assert_true(find(&w, 10, i, &is));
		assert_int_equal(is.rows, 1);
		assert_int_equal(is.sent, 60);
	}
	for (uint64_t i = 0; i < SOME; i++) /* the newest stay, */
		stay += find(&w, 99, 19 * SOME + i, &is);
	assert_int_equal(stay, SOME);
	for (uint64_t i = 0; i < SOME; i++) /* the oldest don't */
		assert_false(find(&w, 99, i, &is));
	w.time -= 7200; /* nor are they, or older ones, worth others that would go */
	dropped = edges_counts(w.edges).dropped;
	for (unsigned i = 0; i < 4; i++)
		put_many(&w, 98, i * SOME, SOME, false);
	assert_true(edges_counts(w.edges).dropped_rows > 3 * SOME);
	assert_true(edges_counts(w.edges).dropped - dropped < SOME);
	assert_true(find(&w, 99, 19 * SOME, &is));
	w.time += 7200;
	/* The oldest come again, as another edge: what it never had is not taken out of it. */
	put_many(&w, 99, 0, 10, false);
	for (size_t i = 0; i < ring_count(w.ring);
	     i++) { /* nor put into it, when it is looked at */
		const struct segment *s = ring_at(w.ring, i);
		edges_rows(w.edges, s, 0, s->rows - 1, 0, all);
	}
	assert_true(find(&w, 99, 0, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(is.sent, 0);
	assert_true(find(&w, 99, 19 * SOME, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(is.sent, 0);
	for (size_t i = 0; i < ring_count(w.ring); i++) {
		const struct segment *s = ring_at(w.ring, i);
		edges_rows(w.edges, s, 0, s->rows - 1, 0, none);
	}
	ring_trim(w.ring, UINT64_MAX / 2);
	settle(&w);
	assert_true(find(&w, 99, 0, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(is.sent, 60);
	assert_false(find(&w, 10, 0, &is));
	assert_int_equal(edges_counts(w.edges).edges, 11); /* and that of any client */
	close_world(&w);
}

/* Refused ones of the internet are one edge, whose sources are told within three errors. */
static void refused_ones_are_folded(void **state)
{
	static const uint64_t numbers[] = { 10, 100, 300, 1000, 10000, 200000 };

	(void)state;
	for (size_t k = 0; k < ARRAY_SIZE(numbers); k++) {
		struct edge_key any = { .any_client = true, .port = 443, .protocol = 6 };
		struct edges_world w;
		struct edge_sums is;
		double n = (double)numbers[k], error;
		open_world(&w, 1, 1 << 30, 24 << 20);
		put_many(&w, 99, 0, numbers[k], true);
		put_many(&w, 99, 0, numbers[k], true);
		assert_true(address_parse(str_of("10.0.0.9"), any.server));
		assert_true(edges_find(w.edges, &any, &is));
		assert_int_equal(edges_counts(w.edges).edges, 1);
		assert_int_equal(is.folded, 2 * numbers[k]);
		assert_int_equal(is.first, w.time);
		assert_int_equal(is.last, w.time + 1);
		assert_int_equal(is.count[EDGE_MINUTES - 1][EDGE_TRIES], 2 * numbers[k]);
		assert_int_equal(is.count[EDGE_MINUTES - 1][EDGE_REFUSED], 2 * numbers[k]);
		assert_int_equal(is.count[EDGE_MINUTES - 1][EDGE_ANSWERED], 0);
		error = (is.sources - n) / n;
		assert_true(error * error <= 9 * 1.04 * 1.04 / EDGE_SOURCES);
		close_world(&w);
	}
}

/* What is beyond log time, or has no time, is in none, and counted; so when it leaves. */
static void what_is_left_out_is_counted(void **state)
{
	struct edges_world w;
	struct buf text = { 0 };
	struct edge_sums is;

	(void)state;
	open_world(&w, 1, 1 << 30, 24 << 20);
	ring_set_ceiling(w.ring, w.time + 100);
	put_one(&text, 10, 1, false, w.time);
	put_one(&text, 10, 1, false, w.time + 1000);
	buf_puts(&text, "2 1 eni-1 10.0.0.1 10.0.0.9 40000 443 6 1 60 - - ACCEPT OK\n"
			"2 1 eni-1 10.0.0.1 10.0.0.9 40000 443 - 1 60 1700000040 1700000041 ACCEPT "
			"OK\n"
			"2 1 eni-1 - 10.0.0.9 40000 443 6 1 60 1700000040 1700000041 ACCEPT OK\n"
			"2 1 eni-1 - - - - - - - 1700000040 1700000041 - NODATA\n");
	put_text(&w, &text);
	assert_true(find(&w, 10, 1, &is));
	assert_int_equal(is.rows, 1);
	assert_int_equal(edges_counts(w.edges).left_out, 4);
	ring_set_ceiling(w.ring, INT64_MAX);
	w.time += 2000;
	put_one(&text, 10, 2, false, w.time);
	put_text(&w, &text);
	ring_trim(w.ring, UINT64_MAX / 2);
	assert_false(find(&w, 10, 1, &is));
	assert_int_equal(edges_counts(w.edges).edges, 1);
	close_world(&w);
}

/* ---- against tries ---- */

struct scenario {
	struct why_question q;
	struct sightings v;
	struct tries t;
	uint64_t refused, answered;
};

static bool read_ask(const char *dir, struct why_question *q)
{
	char path[512], text[4096], client[64], server[64];
	unsigned port, protocol;
	const char *ask;
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "%s/truth.json", dir);
	f = fopen(path, "r");
	if (!f)
		return false;
	n = fread(text, 1, sizeof text - 1, f);
	fclose(f);
	text[n] = '\0';
	ask = strstr(text, "\"ask\"");
	if (!ask || sscanf(ask,
			   "\"ask\": { \"client\": \"%63[^\"]\", \"server\": \"%63[^\"]\", "
			   "\"port\": %u, \"protocol\": %u",
			   client, server, &port, &protocol) != 4)
		return false;
	*q = (struct why_question){ .port = port, .protocol = (uint8_t)protocol };
	return address_parse(str_of(client), q->client) && address_parse(str_of(server), q->server);
}

/* The tries of the records that the ring has: by the minute, as the edge has it, what was refused
 * and what answered, of which tries that are ok have some; nothing that is only silent has. */
static void compare_tries(struct edges_world *w, struct scenario *s, const struct edge_sums *is)
{
	uint64_t refused[EDGE_MINUTES] = { 0 }, back[EDGE_MINUTES] = { 0 };

	for (size_t i = 0; i < s->t.n; i++) {
		const struct attempt *a = &s->t.list[i];
		for (size_t k = 0; k < a->sightings; k++) {
			const struct sighting *x = s->t.sighting[a->sighting + k];
			int64_t ago = is->minute - x->start / 60;
			bool answer =
				memcmp(x->pkt_src, s->q.server, 16) == 0 && x->sport == s->q.port;
			if (ago >= EDGE_MINUTES)
				continue;
			refused[EDGE_MINUTES - 1 - ago] += x->reject;
			back[EDGE_MINUTES - 1 - ago] += answer && !x->reject;
			assert_true(a->outcome != OUTCOME_SILENT || (!answer && !x->reject));
			s->answered += a->outcome == OUTCOME_OK && answer;
		}
	}
	for (unsigned m = 0; m < EDGE_MINUTES; m++) {
		assert_int_equal(is->count[m][EDGE_REFUSED], refused[m]);
		assert_int_equal(is->count[m][EDGE_ANSWERED] + is->count[m][EDGE_RESET], back[m]);
		s->refused += refused[m];
	}
	(void)w;
}

static void look_at_scenario(struct edges_world *w, struct scenario *s)
{
	struct edge_key key = { .port = (uint16_t)s->q.port, .protocol = s->q.protocol };
	struct edge_sums is;
	struct why_pair pair = { .port = (uint16_t)s->q.port,
				 .protocol = s->q.protocol,
				 .since = INT64_MIN };

	memcpy(key.client, s->q.client, 16);
	memcpy(key.server, s->q.server, 16);
	memcpy(pair.client, s->q.client, 16);
	memcpy(pair.server, s->q.server, 16);
	for (size_t i = 0; i < ring_count(w->ring); i++)
		sightings_add(&s->v, live_places(w->live), ring_at(w->ring, i), ring_dict(w->ring),
			      &s->q, 1);
	tries_build(&s->t, live_places(w->live), &s->v, &pair);
	if (edges_find(w->edges, &key, &is))
		compare_tries(w, s, &is);
	else
		assert_int_equal(s->t.n, 0);
	tries_release(&s->t);
	sightings_release(&s->v);
	s->v = (struct sightings){ 0 };
}

/* Its records as they come, and every few hundred of them the same question. */
static void read_scenario(const char *dir, const char *log, struct scenario *s)
{
	const struct format *format = format_default();
	struct edges_world w;
	struct buf text = { 0 };
	char command[600], line[2048];
	unsigned lines = 0;
	FILE *f;

	snprintf(command, sizeof command, "gzip -dc '%s/%s'", dir, log);
	f = popen(command, "r");
	assert_non_null(f);
	open_world(&w, 1, 1 << 30, 24 << 20);
	while (fgets(line, sizeof line, f)) {
		if (strncmp(line, "version", 7) == 0) {
			format = format_parse(str_trim(str_of(line)), "test");
			continue;
		}
		buf_puts(&text, line);
		if (++lines % 500 == 0) {
			ring_add_text(w.ring, format, buf_str(&text), NULL, NULL);
			buf_clear(&text);
			settle(&w);
			look_at_scenario(&w, s);
		}
	}
	ring_add_text(w.ring, format, buf_str(&text), NULL, NULL);
	settle(&w);
	look_at_scenario(&w, s);
	assert_true(lines > 1000);
	pclose(f);
	buf_release(&text);
	close_world(&w);
}

static void minutes_are_those_of_tries(void **state)
{
	static const char *const logs[] = { "flow.v2.log.gz", "flow.v5.log.gz" };
	const char *srcdir = getenv("srcdir");
	struct scenario s = { 0 };
	unsigned read = 0;
	char dir[400];

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		snprintf(dir, sizeof dir, "%s/../shared/scenarios/%c%02u", srcdir ? srcdir : ".",
			 "csf"[i % 3], i / 3);
		if (!read_ask(dir, &s.q))
			continue;
		for (size_t k = 0; k < ARRAY_SIZE(logs); k++, read++)
			read_scenario(dir, logs[k], &s);
	}
	if (!read)
		skip();
	print_message("# %u logs: %" PRIu64 " refused, %" PRIu64 " answers\n", read, s.refused,
		      s.answered);
	assert_true(s.refused > 100 && s.answered > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_recomputed),
		cmocka_unit_test(what_is_put_off_is_done),
		cmocka_unit_test(there_is_a_bound),
		cmocka_unit_test(refused_ones_are_folded),
		cmocka_unit_test(what_is_left_out_is_counted),
		cmocka_unit_test(minutes_are_those_of_tries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
