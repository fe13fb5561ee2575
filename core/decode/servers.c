/* servers.c - see servers.h. A table is a cache of buckets: when one is full, who has shown
 * least leaves, so that a scan of the internet costs memory once and little knowledge. */
#include "decode/servers.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define BUCKETS 2048u
#define WAYS 8u
#define STEP 512u

enum level { NOTHING, SHARED, ANSWERED };

/* Ends that fall together, by the hash of address and port; key 0: free. */
struct server_bucket {
	uint64_t key[WAYS];
	uint32_t peer[WAYS][SERVERS_PEERS - 1];
	uint8_t peers[WAYS]; /* different ones met, SERVERS_PEERS: or more */
	uint8_t answered;    /* bit: it sent a SYN-ACK */
	uint8_t next;        /* who goes where all have shown as much */
};

struct table {
	uint32_t source;
	uint64_t format;              /* its serial */
	uint64_t used;                /* turn in which rows of it came last */
	uint8_t port[65536 / 8];      /* bit: some end with this port has shown something */
	bool any;                     /* such a bit is set */
	struct server_bucket *bucket; /* NULL: nothing met yet */
};

struct servers {
	struct table *table[SERVERS_TABLES];
	unsigned n;
	uint64_t turn;
};

/* Columns of the rows at hand, and what of them is read already. */
struct rows {
	struct table *t;
	struct segment *s;
	const struct column *address[2], *port[2], *packets; /* [0] source, [1] destination */
	uint64_t number[2][STEP];
};

/* ---- tables ---- */

struct servers *servers_new(void)
{
	return xcalloc(1, sizeof(struct servers));
}

static void table_free(struct table *t)
{
	free(t->bucket);
	free(t);
}

void servers_free(struct servers *v)
{
	if (!v)
		return;
	while (v->n > 0)
		table_free(v->table[--v->n]);
	free(v);
}

bool servers_full(const struct servers *v)
{
	return v->n == SERVERS_TABLES;
}

static void drop_at(struct servers *v, unsigned i)
{
	table_free(v->table[i]);
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
	size_t n = sizeof *v;

	for (unsigned i = 0; i < v->n; i++)
		n += sizeof *v->table[i] +
		     (v->table[i]->bucket ? BUCKETS * sizeof(struct server_bucket) : 0);
	return n;
}

static struct table *table_of(struct servers *v, uint32_t source, const struct format *format)
{
	unsigned oldest = 0;

	v->turn++;
	for (unsigned i = 0; i < v->n; i++) {
		struct table *t = v->table[i];
		if (t->source == source && t->format == format->serial) {
			t->used = v->turn;
			return t;
		}
		if (t->used < v->table[oldest]->used)
			oldest = i;
	}
	if (servers_full(v))
		drop_at(v, oldest);
	v->table[v->n] = xcalloc(1, sizeof **v->table);
	v->table[v->n]->source = source;
	v->table[v->n]->format = format->serial;
	v->table[v->n]->used = v->turn;
	return v->table[v->n++];
}

/* ---- evidence ---- */

static struct server_bucket *bucket_of(const struct table *t, uint64_t key)
{
	return &t->bucket[key >> 53];
}

static int find(const struct server_bucket *b, uint64_t key)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (b->key[i] == key)
			return (int)i;
	return -1;
}

static unsigned worth(const struct server_bucket *b, unsigned i)
{
	return b->key[i] == 0 ? 0 : 1u + b->peers[i] + (b->answered >> i & 1) * 100u;
}

/* The place of an end, which may cost another end its own. */
static unsigned place(struct server_bucket *b, uint64_t key)
{
	int at = find(b, key);
	unsigned least;

	if (at >= 0)
		return (unsigned)at;
	least = b->next++ % WAYS;
	for (unsigned k = 1, from = least; k < WAYS; k++) {
		unsigned i = (from + k) % WAYS;
		if (worth(b, i) < worth(b, least))
			least = i;
	}
	b->key[least] = key;
	b->peers[least] = 0;
	b->answered &= (uint8_t) ~(1u << least);
	return least;
}

static void port_set(struct table *t, uint64_t port)
{
	t->port[port / 8] |= (uint8_t)(1u << port % 8);
	t->any = true;
}

static inline bool port_has(const struct table *t, uint64_t port)
{
	return port <= 65535 && (t->port[port / 8] >> port % 8 & 1);
}

static enum level level_of(const struct table *t, uint64_t key)
{
	const struct server_bucket *b = bucket_of(t, key);
	int at = find(b, key);

	if (at < 0)
		return NOTHING;
	return b->answered >> at & 1 ? ANSWERED : b->peers[at] == SERVERS_PEERS ? SHARED : NOTHING;
}

static void learn_answer(struct table *t, uint64_t key, uint64_t port)
{
	struct server_bucket *b = bucket_of(t, key);

	b->answered |= (uint8_t)(1u << place(b, key));
	port_set(t, port);
}

static void learn_peer(struct table *t, uint64_t key, uint64_t port, uint64_t other)
{
	struct server_bucket *b = bucket_of(t, key);
	unsigned at = place(b, key);
	uint32_t peer = (uint32_t)(other >> 20);

	for (unsigned i = 0; i < b->peers[at] && i < SERVERS_PEERS - 1; i++)
		if (b->peer[at][i] == peer)
			return;
	if (b->peers[at] == SERVERS_PEERS)
		return;
	if (b->peers[at] < SERVERS_PEERS - 1)
		b->peer[at][b->peers[at]] = peer;
	if (++b->peers[at] == SERVERS_PEERS)
		port_set(t, port);
}

/* ---- rows ---- */

/* The key of a row's end; 0: it has no address. */
static uint64_t key_of(const struct rows *r, int side, uint32_t row, uint64_t port)
{
	const uint8_t *address =
		column_key_address(r->address[side], column_code(r->address[side], row));

	return address ? hash_pair(hash_address(address), port, 0) | 1 : 0;
}

static bool is_evidence(const struct rows *r, uint32_t row)
{
	uint64_t packets = r->packets ? column_number(r->packets, row) : SERVERS_PACKETS;

	return packets != NUMBER_ABSENT && packets >= SERVERS_PACKETS &&
	       !(r->s->mark[row] & MARK_REJECT);
}

/* A guess: does one of the ends stand out? What the row says is learned afterwards. */
static void guess(struct rows *r, uint32_t row, const uint64_t port[2])
{
	uint8_t *mark = &r->s->mark[row];
	enum level level[2] = { NOTHING, NOTHING };
	bool weak = *mark & MARK_WEAK,
	     known[2] = { port_has(r->t, port[0]), port_has(r->t, port[1]) };
	uint64_t key[2] = { 0, 0 };

	if (!weak && !known[0] && !known[1])
		return;
	for (int i = 0; i < 2; i++) {
		if (weak || known[i])
			key[i] = key_of(r, i, row, port[i]);
		if (known[i] && key[i])
			level[i] = level_of(r->t, key[i]);
	}
	if (level[0] != level[1]) {
		*mark &= (uint8_t) ~(MARK_SERVER_SRC | MARK_GUESS);
		*mark |= level[0] > level[1] ? MARK_SERVER_SRC : 0;
		if (level[0] != ANSWERED && level[1] != ANSWERED)
			*mark |= MARK_GUESS;
	}
	if (weak && *mark & MARK_GUESS && key[0] && key[1] && is_evidence(r, row)) {
		learn_peer(r->t, key[0], port[0], key[1]);
		learn_peer(r->t, key[1], port[1], key[0]);
	}
}

/* Whether a row can teach or be taught anything. */
static inline bool is_of_interest(const struct table *t, uint8_t mark)
{
	if (mark & MARK_STATUS)
		return false;
	return mark & MARK_GUESS ? t->any || mark & MARK_WEAK : mark & MARK_SERVER_SRC;
}

static void look_at(struct rows *r, uint32_t first, uint32_t n)
{
	const uint8_t *mark = r->s->mark + first;
	uint32_t i = 0;

	while (i < n && !is_of_interest(r->t, mark[i]))
		i++;
	if (i == n)
		return;
	if (!r->t->bucket)
		r->t->bucket = xcalloc(BUCKETS, sizeof *r->t->bucket);
	for (int side = 0; side < 2; side++)
		column_numbers(r->port[side], first, n, r->number[side]);
	for (; i < n; i++) {
		const uint64_t port[2] = { r->number[0][i], r->number[1][i] };
		if (!is_of_interest(r->t, mark[i]))
			continue;
		if (mark[i] & MARK_GUESS) {
			guess(r, first + i, port);
		} else if (port[0] <= 65535) {
			uint64_t key = key_of(r, 0, first + i, port[0]);
			if (key)
				learn_answer(r->t, key, port[0]);
		}
	}
}

void servers_rows(struct servers *v, uint32_t source, struct segment *s, uint32_t first, uint32_t n)
{
	struct rows r = {
		.s = s,
		.address = { segment_column(s, FIELD_SRCADDR), segment_column(s, FIELD_DSTADDR) },
		.port = { segment_column(s, FIELD_SRCPORT), segment_column(s, FIELD_DSTPORT) },
		.packets = segment_column(s, FIELD_PACKETS)
	};

	if (!r.address[0] || !r.address[1] || !r.port[0] || !r.port[1])
		return;
	r.t = table_of(v, source, s->format);
	for (uint32_t done = 0; done < n; done += STEP)
		look_at(&r, first + done, n - done < STEP ? n - done : STEP);
}

/* ---- in words ---- */

static uint64_t number_of(const struct segment *s, uint32_t row, int field)
{
	const struct column *c = segment_column(s, field);

	return c ? column_number(c, row) : NUMBER_ABSENT;
}

const char *describe_side(const struct segment *s, uint32_t row)
{
	uint64_t flags = number_of(s, row, FIELD_TCP_FLAGS);
	uint64_t sport = number_of(s, row, FIELD_SRCPORT), dport = number_of(s, row, FIELD_DSTPORT);
	uint8_t mark = s->mark[row];
	bool src = mark & MARK_SERVER_SRC;

	if (flags != NUMBER_ABSENT && (flags & 18) == 18)
		return "given: it sent a SYN-ACK";
	if (flags != NUMBER_ABSENT && (flags & 2))
		return "given: it was sent a SYN";
	if (!(mark & MARK_GUESS))
		return "learned: it answered others with a SYN-ACK";
	if (sport > 65535 || dport > 65535 || (sport == 0 && dport == 0))
		return "~ guessed: there are no ports, so the destination";
	bool src_known = service_name((unsigned)sport).n,
	     dst_known = service_name((unsigned)dport).n;
	if (src != (src_known != dst_known ? src_known : sport < dport))
		return "~ guessed: many peers share its port";
	if (src_known != dst_known)
		return "~ guessed: its port is that of a known service";
	if (sport == dport)
		return "~ guessed: both ports are the same, so the destination";
	return "~ guessed: it has the lower port";
}
