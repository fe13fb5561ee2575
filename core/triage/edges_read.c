/* edges_read.c - see edges_read.h. */
#include "triage/edges_read.h"

#include <stdlib.h>

#include "triage/outcome.h"

#define FLAG_SYN 2u
#define FLAG_RST 4u
#define FLAGS_SYN_ACK 18u
#define TCP 6u

enum { SPORT, DPORT, PROTOCOL, PACKETS, BYTES, START, END, FLAGS };

/* What was looked up of the segment's interfaces stays so while nothing new is known. Segments that
 * are read and let go have no serial of their own. */
static void remember_places(struct edges *e, const struct segment *s, const struct column *name)
{
	struct seen_by *b = &e->seen_by;

	if (!name || (!e->lasting && b->serial == s->serial && b->rows == s->rows &&
		      b->generation == e->generation))
		return;
	xgrow((void **)&b->of, &b->cap, name->codes, sizeof *b->of);
	memset(b->of, 0, name->codes * sizeof *b->of);
	b->serial = s->serial;
	b->rows = s->rows;
	b->generation = e->generation;
}

bool edges_read_open(struct edges_reader *r, struct edges *e, const struct segment *s)
{
	static const int addresses[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_PKT_SRCADDR,
					 FIELD_PKT_DSTADDR };

	r->e = e;
	r->s = s;
	r->d = e->dict;
	r->name = segment_column(s, FIELD_INTERFACE_ID);
	remember_places(e, s, r->name);
	for (unsigned i = 0; i < ARRAY_SIZE(addresses); i++)
		r->address[i] = segment_column(s, addresses[i]);
	r->port[0] = segment_column(s, FIELD_SRCPORT);
	r->port[1] = segment_column(s, FIELD_DSTPORT);
	r->protocol = segment_column(s, FIELD_PROTOCOL);
	r->packets = segment_column(s, FIELD_PACKETS);
	r->bytes = segment_column(s, FIELD_BYTES);
	r->start = segment_column(s, FIELD_START);
	r->end = segment_column(s, FIELD_END);
	r->flags = segment_column(s, FIELD_TCP_FLAGS);
	r->gateway = segment_column(s, FIELD_TGW_ATTACHMENT_ID);
	r->service[0] = segment_column(s, FIELD_PKT_SRC_AWS_SERVICE);
	r->service[1] = segment_column(s, FIELD_PKT_DST_AWS_SERVICE);
	return r->address[0] && r->address[1] && r->port[0] && r->port[1] && r->protocol;
}

static void read_ids(struct edges_reader *r, unsigned i, uint32_t first, uint32_t n)
{
	const struct column *c = r->address[i];
	uint32_t *id = r->id[i];

	if (!c) {
		memset(id, 0, n * sizeof *id);
		return;
	}
	column_codes(c, first, n, id);
	for (uint32_t k = 0; k < n; k++)
		id[k] = c->code[id[k]].id;
}

static void read_numbers(struct edges_reader *r, unsigned i, const struct column *c, uint32_t first,
			 uint32_t n)
{
	if (c)
		column_numbers(c, first, n, r->number[i]);
	else
		memset(r->number[i], 0xff, n * sizeof *r->number[i]);
}

static uint64_t known(uint64_t number)
{
	return number == NUMBER_ABSENT ? 0 : number;
}

/* A request that begins: SYN alone. Without flags each may be one. */
static bool begins(const struct edges_reader *r, uint32_t k, uint64_t protocol)
{
	uint64_t flags = r->number[FLAGS][k];

	return protocol != TCP || flags == NUMBER_ABSENT || (flags & FLAGS_SYN_ACK) == FLAG_SYN;
}

/* An answer that is RST, or has the size of one. */
static bool resets(const struct edges_reader *r, uint32_t k, uint64_t protocol, uint32_t server)
{
	uint64_t flags = r->number[FLAGS][k], packets = known(r->number[PACKETS][k]),
		 bytes = known(r->number[BYTES][k]);

	if (protocol != TCP)
		return false;
	if (flags != NUMBER_ABSENT)
		return flags & FLAG_RST && (flags & FLAGS_SYN_ACK) != FLAGS_SYN_ACK;
	if (!packets || packets > SYNS_MAX || (bytes != packets * 40 && bytes != packets * 60))
		return false;
	return bytes == packets * (address_is_v4(dict_address(r->d, server)) ? 40 : 60);
}

/* SYNs and no more. In IPv6 they are twenty bytes longer. */
static bool is_alone(const struct edges_reader *r, uint32_t k, uint64_t protocol, uint32_t server)
{
	uint64_t flags = r->number[FLAGS][k], packets = known(r->number[PACKETS][k]),
		 bytes = known(r->number[BYTES][k]);

	if (protocol != TCP)
		return true;
	if ((flags != NUMBER_ABSENT && flags != FLAG_SYN) || packets > SYNS_MAX ||
	    bytes > packets * 84)
		return false;
	return bytes <= packets * 64 || !address_is_v4(dict_address(r->d, server));
}

/* SYN-ACKs alone, or what by its size may be no more. */
static bool is_half(const struct edges_reader *r, uint32_t k, uint64_t protocol)
{
	uint64_t flags = r->number[FLAGS][k], packets = known(r->number[PACKETS][k]),
		 bytes = known(r->number[BYTES][k]);

	return protocol == TCP && packets && packets <= SYNS_MAX &&
	       (flags == NUMBER_ABSENT || flags == FLAGS_SYN_ACK) && bytes >= packets * 44 &&
	       bytes <= packets * 80;
}

static uint32_t answer_of(const struct edges_reader *r, uint32_t k, uint64_t protocol,
			  uint32_t server)
{
	return resets(r, k, protocol, server) ? EDGE_RESET
	       : is_half(r, k, protocol)      ? EDGE_HALF
					      : EDGE_ANSWERED;
}

/* Its times; false: it has none, or they are beyond log time. */
static bool times_of(const struct edges_reader *r, uint32_t k, struct edge_row *x)
{
	uint64_t start = r->number[START][k], end = r->number[END][k];

	start = start == NUMBER_ABSENT ? end : start;
	end = end == NUMBER_ABSENT ? start : end;
	if (start == NUMBER_ABSENT)
		return false;
	start = (uint64_t)time_in_seconds(start);
	end = (uint64_t)time_in_seconds(end);
	if (start > r->e->now)
		return false;
	x->start = (uint32_t)start;
	x->end = end < start ? x->start : end > r->e->now ? r->e->now : (uint32_t)end;
	return true;
}

/* The same for exact copies only. The server is the edge's. The client's id is good for as long as
 * an edge refers to it, as none does to one that was but refused. */
static uint32_t mix_of(const struct edges_reader *r, uint32_t k, const struct edge_row *x)
{
	uint64_t client =
		x->action == TRY_REJECT ? hash_address(dict_address(r->d, x->key[0])) : x->key[0];
	uint64_t ports = known(r->number[SPORT][k]) << 16 | known(r->number[DPORT][k]);
	uint64_t times = r->number[START][k] << 32 ^ r->number[END][k];
	uint64_t counts = r->number[PACKETS][k] << 32 ^ r->number[BYTES][k];

	return (uint32_t)hash_pair(times ^ client, counts, ports << 8 | x->counts);
}

static void read_row(struct edges_reader *r, uint32_t first, uint32_t k, struct edge_row *x)
{
	uint8_t mark = r->s->mark[first + k];
	unsigned from = mark & MARK_SERVER_SRC ? 1 : 0; /* the client's side */
	uint32_t client = r->id[2 + from][k], server = r->id[3 - from][k];
	uint64_t protocol = r->number[PROTOCOL][k];

	*x = (struct edge_row){ .leg = from ? LEG_ANSWER : LEG_REQUEST,
				.action = mark & MARK_REJECT ? TRY_REJECT : TRY_ACCEPT,
				.bytes = known(r->number[BYTES][k]) };
	client = client != DICT_NONE ? client : r->id[from][k];
	server = server != DICT_NONE ? server : r->id[1 - from][k];
	x->held = !(mark & MARK_STATUS) && client != DICT_NONE && server != DICT_NONE &&
		  protocol != NUMBER_ABSENT && times_of(r, k, x);
	/* A transit gateway has no action to say: what it passed on it saw. */
	if (x->held && !(mark & (MARK_ACCEPT | MARK_REJECT)))
		x->held = r->gateway &&
			  r->gateway->code[column_code(r->gateway, first + k)].id != DICT_NONE;
	if (!x->held)
		return;
	x->key[0] = client;
	x->any[1] = x->key[1] = server;
	x->any[2] = x->key[2] = (uint32_t)(uint16_t)known(r->number[from ? SPORT : DPORT][k])
					<< 16 |
				(uint8_t)protocol;
	x->hash = edge_hash(x->key);
	if (x->action == TRY_REJECT)
		x->counts |= 1u << EDGE_REFUSED;
	else if (x->leg == LEG_ANSWER)
		x->counts |= 1u << answer_of(r, k, protocol, server);
	if (x->leg == LEG_REQUEST && begins(r, k, protocol))
		x->counts |= 1u << EDGE_TRIES;
	if (x->leg == LEG_REQUEST && is_alone(r, k, protocol, server))
		x->counts |= 1u << EDGE_ALONE;
	x->mix = mix_of(r, k, x);
	if (r->service[1 - from])
		x->service =
			r->service[1 - from]->code[column_code(r->service[1 - from], first + k)].id;
}

/* Columns of rows first..first+n-1, and what they make of each. */
void edges_read(struct edges_reader *r, uint32_t first, uint32_t n)
{
	const struct column *const number[] = {
		[SPORT] = r->port[0],   [DPORT] = r->port[1], [PROTOCOL] = r->protocol,
		[PACKETS] = r->packets, [BYTES] = r->bytes,   [START] = r->start,
		[END] = r->end,         [FLAGS] = r->flags
	};

	for (unsigned i = 0; i < ARRAY_SIZE(r->id); i++)
		read_ids(r, i, first, n);
	for (unsigned i = 0; i < ARRAY_SIZE(number); i++)
		read_numbers(r, i, number[i], first, n);
	for (uint32_t k = 0; k < n; k++) {
		read_row(r, first, k, &r->row[k]);
		if (r->row[k].held)
			edge_prefetch_slot(r->e, r->row[k].hash);
	}
	for (uint32_t k = 0; k < n; k++)
		if (r->row[k].held && !edge_prefetch(r->e, r->row[k].hash))
			__builtin_prefetch(dict_address(r->d, r->row[k].key[0]));
}

/* ---- where a row was seen ---- */

/* Addresses of others have other ids. */
static struct own_ids look_up(const struct edges_reader *r, uint32_t row)
{
	uint32_t place = places_of_row(r->e->places, r->s, r->d, row);
	struct own_ids own = { .known = true };
	const struct interface *i;

	if (place == PLACE_NONE)
		return own;
	i = places_at(r->e->places, place);
	for (int family = 0; family < 2; family++)
		if (i->has[family])
			own.id[family] = dict_address_find(r->d, i->address[family]);
	return own;
}

uint8_t edges_read_post(const struct edges_reader *r, uint32_t row, const struct edge_row *x)
{
	uint32_t code = r->name ? column_code(r->name, row) : 0;
	struct own_ids own;

	if (!code) { /* others may name it */
		own = look_up(r, row);
	} else {
		struct own_ids *of = &r->e->seen_by.of[code];
		if (!of->known)
			*of = look_up(r, row);
		own = *of;
	}
	return own.id[0] == x->key[0] || own.id[1] == x->key[0]   ? POST_CLIENT
	       : own.id[0] == x->key[1] || own.id[1] == x->key[1] ? POST_SERVER
								  : POST_MIDDLE;
}
