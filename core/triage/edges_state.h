/* edges_state.h - what edges*.c share. Private to them. */
#ifndef ENITOP_EDGES_STATE_H
#define ENITOP_EDGES_STATE_H

#include "base/hash.h"
#include "triage/edges.h"

#define EDGE_NONE UINT32_MAX
#define EDGE_CELLS (LEGS * POSTS * TRY_ACTIONS)
#define EDGES_A_PAGE 1024u /* memory is charged by pages */
#define INDEX_BITS 26      /* of a slot; the others tell most keys apart at once */
#define INDEX_MASK ((UINT32_C(1) << INDEX_BITS) - 1)

enum { EDGE_INTERNET = 1, EDGE_ANY_CLIENT = 2 };

/* What an edge had in a minute at one of the posts. */
struct minute_cell {
	uint32_t key; /* minute * 4 + post */
	uint8_t rows; /* none: it goes */
	uint8_t count[EDGE_COUNTS];
	bool wide; /* numbers beyond: `sent` is 1 + that of its wide_cell */
	uint32_t sent, received;
	uint32_t mix; /* hashes of its records, exclusive or: 0 where each is there twice */
};

struct wide_cell {
	uint32_t rows, count[EDGE_COUNTS];
	uint64_t sent, received;
};

/* Ids of addresses are good for as long as it has rows, whose segments refer to them. */
struct edge {
	uint32_t client, server; /* ids; client DICT_NONE: any */
	uint16_t port;
	uint8_t protocol, is; /* EDGE_ bits */
	uint32_t rows;        /* 0: it is free, and `client` the next one that is */
	uint32_t born;        /* rows that came in this epoch or later are in it */
	uint32_t first, last;
	uint32_t minutes, minute_cap; /* cells; cap 0: at most one, which stands in the edge */
	union {
		uint32_t judged; /* the generation of places that EDGE_INTERNET is by */
		uint32_t folded; /* of any client */
	};
	union {
		struct {
			uint64_t sent, received;
			uint64_t at[LEGS * 2];
			uint32_t cell[EDGE_CELLS];
		};
		uint8_t sources[EDGE_SOURCES / 2]; /* registers of four bits */
	};
	union {
		struct minute_cell one;
		struct minute_cell *list; /* by key */
	};
	uint32_t service; /* number in edges.service */
};

_Static_assert(sizeof(struct edge) <= 176, "an edge is not to cost more");

/* How a row was counted, four bits: whose interface saw it, and */
enum {
	HOW_POST = 3,
	HOW_LEFT_OUT = 3, /* not at all */
	HOW_INTERNET = 4, /* its client is of it */
	HOW_APART = 8     /* accepted: a second sighting; refused: folded, not in an edge */
};

/* Rows from `row` on came in this epoch. */
struct epoch_run {
	uint32_t row, epoch;
};

/* What is known of the rows of a segment that are in. */
struct edge_book {
	uint64_t serial;
	uint32_t rows;
	uint8_t *how; /* two rows a byte */
	size_t cap;
	struct epoch_run *run;
	uint32_t runs;
	size_t run_cap;
};

/* Ids of the own addresses of the interface that a code of the segment at hand names. */
struct own_ids {
	uint32_t id[2];
	bool known;
};

struct seen_by {
	uint64_t serial, generation;
	uint32_t rows;
	struct own_ids *of;
	size_t cap;
};

#define SCOPES 16384u

/* Which addresses are of the internet, by id. */
struct scope_cache {
	uint64_t generation;
	uint32_t id[SCOPES];
	bool internet[SCOPES];
};

struct edges {
	struct ring *ring; /* NULL where it is lasting */
	struct dict *dict;
	const struct places *places;
	size_t most;
	struct edge *edge;
	size_t reserved; /* bytes of it, of which */
	uint32_t pages;  /* so many pages are in use */
	uint32_t used;   /* edges that were handed out so far */
	uint32_t free;   /* first of those given back; EDGE_NONE: none */
	uint32_t count;
	uint32_t found; /* the one that was looked for last */
	uint32_t *slot; /* 1 + number of an edge, and bits of its hash above; 0: free */
	uint32_t slots; /* a power of two */
	struct wide_cell *wide;
	uint32_t wides, wide_free; /* handed out; 1 + number of one given back, 0: none */
	size_t wide_cap;
	size_t cell_bytes;   /* of cells outside of edges */
	uint32_t cut_minute; /* no cells are of minutes before */
	uint64_t dropped_minutes;
	struct edge_minute *view; /* of the edge that was shown last */
	size_t view_cap;
	uint32_t *service; /* texts, with a reference each */
	size_t services, service_cap;
	bool lasting;
	struct edge_book *book; /* by serial */
	size_t books, book_cap, book_bytes;
	uint32_t epoch;  /* goes up whenever edges are dropped */
	uint32_t cut[2]; /* those dropped were last heard of then; of clients of the internet */
	uint32_t now, minute; /* log time, in seconds and in minutes */
	uint64_t generation;  /* of what tells which addresses are of the internet */
	struct scope_cache *scopes;
	struct seen_by seen_by;
	uint64_t dropped, dropped_rows, left_out, moves;
};

static inline struct edge *edge_at(const struct edges *e, uint32_t i)
{
	return &e->edge[i];
}

/* Client's id, server's, port and protocol. */
static inline uint32_t edge_hash(const uint32_t key[3])
{
	return hash_words(key, 3);
}

static inline void edge_key_of(const struct edge *x, uint32_t key[3])
{
	key[0] = x->client;
	key[1] = x->server;
	key[2] = (uint32_t)x->port << 16 | x->protocol;
}

static inline uint32_t edge_tag(uint32_t hash)
{
	return hash & ~INDEX_MASK;
}

/* Start fetching what edge_find() will read: the second, when the slot is there, an edge with such
 * a hash; false: there is none. */
static inline void edge_prefetch_slot(const struct edges *e, uint32_t hash)
{
	if (e->slots)
		__builtin_prefetch(&e->slot[hash & (e->slots - 1)]);
}

static inline bool edge_prefetch(const struct edges *e, uint32_t hash)
{
	uint32_t mask = e->slots - 1, v = 0;
	const struct edge *x;

	for (uint32_t at = hash & mask; e->slots && (v = e->slot[at]); at = (at + 1) & mask)
		if (edge_tag(v) == edge_tag(hash))
			break;
	if (!v)
		return false;
	x = edge_at(e, (v & INDEX_MASK) - 1);
	__builtin_prefetch(x, 1);
	__builtin_prefetch(x->cell + EDGE_CELLS / 2, 1);
	__builtin_prefetch(&x->one, 1);
	return true;
}

/* ---- edges_table.c ---- */

void edges_reserve(struct edges *e);
void edges_unreserve(struct edges *e);

/* The number of an edge; EDGE_NONE: there is none. */
uint32_t edge_find(struct edges *e, const uint32_t key[3], uint32_t hash);
/* Adds one that is not there; edges_make_room() has been called. */
uint32_t edge_add(struct edges *e, const uint32_t key[3], uint32_t hash);
/* Removes one that has no rows. */
void edge_remove(struct edges *e, uint32_t i);
/* Frees what stands outside of one. */
void edge_let_go(struct edges *e, struct edge *x);
/* Sees to it that two edges can be added; drops others where there is no more room. */
void edges_make_room(struct edges *e);
/* Drops some until all is within the room: books grow too. */
void edges_fit(struct edges *e);
/* Whether edges_make_room() would drop some. */
bool edges_are_full(const struct edges *e);

/* ---- edges_minutes.c ---- */

/* What a row adds to its minute, at a post. */
struct minute_change {
	uint32_t minute;
	uint8_t post, counts; /* a bit each of enum edge_count */
	uint32_t mix;         /* of all that the record says */
	uint64_t sent, received;
};

/* Adds it (sign 1) or takes it out (-1). */
void edge_minute_change(struct edges *e, struct edge *x, const struct minute_change *c, int sign);
/* Lets go of all of an edge's. */
void edge_minutes_free(struct edges *e, struct edge *x);
/* A quarter of all goes, the oldest; false: there are none outside of edges. */
bool edges_drop_minutes(struct edges *e);
/* Fills e->view; how many there are. */
size_t edge_minutes_view(struct edges *e, const struct edge *x);

/* ---- edges_book.c ---- */

struct edge_book *edges_book(struct edges *e, uint64_t serial, bool add);
void edges_book_remove(struct edges *e, uint64_t serial);
void edge_books_free(struct edges *e);
/* Another row, in the present epoch. */
void edge_book_add(struct edges *e, struct edge_book *b, uint8_t how);
static inline uint8_t edge_book_how(const struct edge_book *b, uint32_t row)
{
	return b->how[row / 2] >> row % 2 * 4 & 15;
}
void edge_book_set(struct edge_book *b, uint32_t row, uint8_t how);
/* The run that a row is in. */
uint32_t edge_book_run(const struct edge_book *b, uint32_t row);

/* ---- edges_rows.c ---- */

/* Log time, which goes on and never back. */
void edges_set_now(struct edges *e, int64_t now);

/* ---- sources ---- */

void edge_sources_add(struct edge *x, const uint8_t address[16]);

/* Whether an address that has an id is of the internet. */
bool edges_is_internet(struct edges *e, uint32_t id);
/* Ids may be other addresses' from now on. */
void edges_forget_scopes(struct edges *e);

#endif
