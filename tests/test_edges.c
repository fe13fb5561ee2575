/* Edges: while records come in any order, late, are evicted, and what is known of interfaces
 * changes, the sums of each conversation are what a plain recomputation over the ring has, until
 * some are dropped. */
#include "edges_world.h"

#define HOSTS 8u
#define WIDE_FORMAT \
	"version account-id interface-id srcaddr dstaddr srcport dstport protocol packets " \
	"bytes start end action log-status tcp-flags pkt-srcaddr pkt-dstaddr"

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

/* What is of one minute at one post. */
struct plain_minute {
	int64_t minute;
	unsigned post;
	uint32_t rows, count[EDGE_COUNTS];
	uint64_t sent, received;
};

struct plain_edge {
	struct edge_sums sums;
	uint32_t refused;
	struct plain_minute *minute; /* in no order */
	size_t minutes, cap;
};

struct plain_edges {
	struct plain_edge *list; /* those of any client too */
	uint32_t n;
	size_t cap;
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
		if (keys_equal(&p->list[i].sums.key, key))
			return i;
	xgrow((void **)&p->list, &p->cap, p->n + 1, sizeof *p->list);
	p->list[p->n] = (struct plain_edge){ .sums = { .key = *key } };
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
	bool small = packets <= 7 && bytes <= 64 * packets;
	bool syn = !has || ((flags & 2) && !(flags & 16)), alone = small && (!has || flags == 2);
	bool half = packets && packets <= 7 && bytes >= 44 * packets && bytes <= 80 * packets &&
		    (!has || flags == 18);
	bool rst = has ? (flags & 4) && (flags & 18) != 18 : packets <= 7 && bytes == 40 * packets;

	if (s->mark[row] & MARK_REJECT)
		bits = 1u << EDGE_REFUSED;
	else if (answer)
		bits = 1u << (tcp && rst ? EDGE_RESET : tcp && half ? EDGE_HALF : EDGE_ANSWERED);
	bits |= (unsigned)(!answer && (!tcp || syn)) << EDGE_TRIES;
	return bits | (unsigned)(!answer && (!tcp || alone)) << EDGE_ALONE;
}

static void plain_add(struct plain_edge *to, int64_t minute, unsigned post, unsigned bits,
		      bool answer, uint64_t bytes)
{
	struct plain_minute *m = to->minute;

	while (to->minutes && m < to->minute + to->minutes &&
	       (m->minute != minute || m->post != post))
		m++;
	if (!to->minutes || m == to->minute + to->minutes) {
		xgrow((void **)&to->minute, &to->cap, to->minutes + 1, sizeof *to->minute);
		m = &to->minute[to->minutes++];
		*m = (struct plain_minute){ .minute = minute, .post = post };
	}
	to->sums.rows++;
	m->rows++;
	for (unsigned c = 0; c < EDGE_COUNTS; c++)
		m->count[c] += bits >> c & 1;
	*(answer ? &m->received : &m->sent) += bytes;
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
	plain_add(&p->list[i], minute, post, bits, answer, second ? 0 : bytes);
	p->list[i].sums.internet = internet;
	p->list[i].sums.cell[answer][post][reject]++;
	p->list[i].refused += reject;
	if (!reject && post != POST_MIDDLE)
		p->list[i].sums.at[answer][post] += bytes;
	if (!second && !(internet && reject))
		*(answer ? &p->list[i].sums.received : &p->list[i].sums.sent) += bytes;
	w->seconds += second;
	w->middle += post == POST_MIDDLE;
	if (!internet)
		return;
	key.any_client = true;
	i = plain_of(p, &key);
	plain_add(&p->list[i], minute, post, bits, answer, 0);
	p->list[i].refused += reject;
}

static void recompute(struct edges_world *w, struct plain_edges *p)
{
	*p = (struct plain_edges){ 0 };
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
	for (uint32_t i = 0; i < p->n; i++)
		free(p->list[i].minute);
	free(p->list);
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

/* Of each count those of the post that has most of it, in all minutes. */
static void compare_minutes(const struct edge_sums *is, const struct plain_edge *want)
{
	uint64_t sum[EDGE_COUNTS][POSTS] = { 0 };
	unsigned post[EDGE_COUNTS] = { 0 };
	size_t k = 0;

	for (size_t i = 0; i < want->minutes; i++)
		for (unsigned c = 0; c < EDGE_COUNTS; c++)
			sum[c][want->minute[i].post] += want->minute[i].count[c];
	for (unsigned c = 0; c < EDGE_COUNTS; c++)
		for (unsigned p = 1; p < POSTS; p++)
			post[c] = sum[c][p] > sum[c][post[c]] ? p : post[c];
	for (int64_t minute = START / 60 - 10; k < is->minutes; minute++) {
		struct plain_minute all = { 0 };
		for (size_t i = 0; i < want->minutes; i++) {
			const struct plain_minute *m = &want->minute[i];
			if (m->minute != minute)
				continue;
			all.rows += m->rows;
			all.sent += m->sent;
			all.received += m->received;
			for (unsigned c = 0; c < EDGE_COUNTS; c++)
				all.count[c] += m->post == post[c] ? m->count[c] : 0;
		}
		if (!all.rows)
			continue;
		assert_int_equal(is->minute[k].minute, minute);
		assert_int_equal(is->minute[k].tries, all.count[EDGE_TRIES]);
		assert_int_equal(is->minute[k].alone, all.count[EDGE_ALONE]);
		assert_int_equal(is->minute[k].answered, all.count[EDGE_ANSWERED]);
		assert_int_equal(is->minute[k].half, all.count[EDGE_HALF]);
		assert_int_equal(is->minute[k].reset, all.count[EDGE_RESET]);
		assert_int_equal(is->minute[k].refused, all.count[EDGE_REFUSED]);
		assert_int_equal(is->minute[k].sent, all.sent);
		assert_int_equal(is->minute[k].received, all.received);
		k++;
	}
	for (size_t i = 0; i < want->minutes; i++) /* and no others */
		assert_true(is->minutes && want->minute[i].minute <= is->minute[k - 1].minute);
}

static void compare_one(struct edges_world *w, const struct plain_edges *p, uint32_t i)
{
	const struct edge_sums *want = &p->list[i].sums;
	struct edge_key any = want->key;
	struct edge_sums is, other;
	uint64_t refused = 0;
	uint32_t at = 0;

	if (want->internet) {
		bool has = edges_find(w->edges, &want->key, &is);
		assert_true(has || want->rows == p->list[i].refused);
		if (has)
			compare_internet(&is, want, &refused);
		any.any_client = true;
		assert_true(edges_find(w->edges, &any, &is));
		w->internet += has;
		return;
	}
	assert_true(edges_find(w->edges, &want->key, &is));
	assert_int_equal(is.rows, want->rows);
	compare_minutes(&is, &p->list[i]);
	if (!want->key.any_client) {
		assert_memory_equal(is.cell, want->cell, sizeof is.cell);
		assert_int_equal(is.sent, want->sent);
		assert_int_equal(is.received, want->received);
		assert_memory_equal(is.at, want->at, sizeof is.at);
		return;
	}
	refused = is.folded;
	while (edges_next(w->edges, &at, &other)) {
		any = other.key;
		any.any_client = true;
		if (other.key.any_client || !keys_equal(&any, &want->key))
			continue;
		for (uint32_t k = 0; k < p->n; k++)
			if (keys_equal(&p->list[k].sums.key, &other.key) &&
			    p->list[k].sums.internet)
				compare_internet(&other, &p->list[k].sums, &refused);
	}
	assert_int_equal(refused, p->list[i].refused);
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
	static unsigned port; /* or they were copies of each other */
	struct buf text = { 0 };

	for (unsigned i = 0; i < n; i++)
		buf_printf(&text,
			   "2 1 eni-2 10.0.0.%u 10.0.1.%u %u 443 6 1 60 %" PRId64 " %" PRId64
			   " ACCEPT OK\n",
			   i % 10 < most ? 2 : 3, i % 50, 40000 + port++ % 20000, w->time,
			   w->time + 30);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sums_are_recomputed),
		cmocka_unit_test(what_is_put_off_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
