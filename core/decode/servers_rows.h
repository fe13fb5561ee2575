/* servers_rows.h - rows as servers*.c read them. Private to these. */
#ifndef ENITOP_SERVERS_ROWS_H
#define ENITOP_SERVERS_ROWS_H

#include "base/hash.h"
#include "decode/servers_state.h"

#define SERVERS_STEP 512u
#define WAYS_KEPT 16u

enum way { WAY_UNKNOWN, WAY_IN, WAY_OUT };

/* Columns of the rows at hand, and what of them is read already. */
struct server_rows {
	struct servers *v;
	struct served *t;
	const struct segment *s;
	/* [0] source, [1] destination */
	const struct column *address[2], *port[2], *packets, *interface, *direction, *protocol,
		*start, *end;
	bool by_code[2], by_interface; /* hashes and owners are kept by code */
	uint8_t way
		[WAYS_KEPT]; /* 1 + way, of the first codes of flow-direction; 0: not looked at */
	/* Of the rows of a step, which begins at `first`, where it is `loaded`: what is read of nearly
	 * all. */
	uint32_t first;
	bool loaded;
	uint64_t number[2][SERVERS_STEP];
	uint32_t code[2][SERVERS_STEP], on[SERVERS_STEP];
	uint64_t carried[SERVERS_STEP], ended[SERVERS_STEP]; /* protocol, end */
};

/* False: no address is there to tell sides by. `n`: rows that will be read of it. */
bool server_rows_begin(struct server_rows *r, struct servers *v, struct served *t,
		       const struct segment *s, uint32_t n);
/* Reads of up to SERVERS_STEP rows what is read of nearly all. */
void server_rows_step(struct server_rows *r, uint32_t first, uint32_t n);

/* NULL: the row has no address there. Valid until the segment changes. */
const uint8_t *row_address(const struct server_rows *r, int side, uint32_t row);
static inline uint32_t row_code(const struct server_rows *r, int side, uint32_t row)
{
	return r->loaded ? r->code[side][row - r->first] : column_code(r->address[side], row);
}
uint64_t code_hash(const struct server_rows *r, int side, uint32_t code);
/* Its hash | 1; 0: none. */
static inline uint64_t row_hash(const struct server_rows *r, int side, uint32_t row)
{
	uint32_t code = row_code(r, side, row);

	if (!r->by_code[side])
		return code_hash(r, side, code);
	if (!r->v->hash[side][code])
		r->v->hash[side][code] = code_hash(r, side, code);
	return r->v->hash[side][code];
}
/* Hash of the interface; 0: none. */
uint64_t row_interface(const struct server_rows *r, uint32_t row);
struct owner *code_owner(const struct server_rows *r, uint32_t code);
/* NULL: none, or one too many. */
static inline struct owner *row_owner(const struct server_rows *r, uint32_t row)
{
	uint32_t code = !r->interface ? 0
			: r->loaded   ? r->on[row - r->first]
				      : column_code(r->interface, row);

	if (r->by_interface && r->v->owner[code])
		return &r->t->owners.owner[r->v->owner[code] - 1];
	return code ? code_owner(r, code) : NULL;
}
/* As flow-direction has it, where the format has that; else by the interface's own address. */
enum way row_way(struct server_rows *r, uint32_t row);
uint32_t row_time(const struct column *c, uint32_t row);
/* When it ended, or else began. */
uint32_t row_ended(const struct server_rows *r, uint32_t row);

/* An end of a row: address and port; 0: it has no address. */
static inline uint64_t row_end(const struct server_rows *r, int side, uint32_t row, uint64_t port)
{
	uint64_t address = row_hash(r, side, row);

	return address ? hash_pair(address, port, 0) | 1 : 0;
}
/* The key of what came in to an interface from side `from`: of a row that went out, from 1. */
uint64_t row_tuple(const struct server_rows *r, uint32_t row, const uint64_t port[2], int from);
/* The key of the conversation; `*src_lower`: the source is its lower end. 0: an address lacks. */
uint64_t row_conversation(const struct server_rows *r, uint32_t row, const uint64_t port[2],
			  bool *src_lower);

static inline bool port_is_known(const struct servers *v, uint64_t port)
{
	return port <= 65535 && (v->service[port / 8] >> port % 8 & 1);
}
/* What comes from a known service's port to one of 1024 or above may be an answer. */
static inline bool looks_answering(const struct servers *v, uint64_t sport, uint64_t dport)
{
	return port_is_known(v, sport) && dport >= 1024 && dport <= 65535;
}

bool servers_is_internal(const void *servers, const uint8_t address[16]);

#endif
