/* servers_state.h - what servers*.c share. Private to them. */
#ifndef ENITOP_SERVERS_STATE_H
#define ENITOP_SERVERS_STATE_H

#include "decode/outs.h"
#include "decode/owners.h"
#include "decode/servers.h"
#include "decode/tuples.h"
#include "labels/prefixes.h"

/* ---- servers_ends.c: what single ends have shown ---- */

enum end_level { END_NOTHING, END_SHARED, END_ANSWERED };

struct server_bucket;
struct ends {
	uint8_t port[65536 / 8];      /* bit: some end with this port has shown something */
	bool any;                     /* such a bit is set */
	struct server_bucket *bucket; /* NULL: nothing met yet */
};

void ends_release(struct ends *e);
size_t ends_bytes(const struct ends *e);
/* An end is the hash of an address and a port, never 0. It sent a SYN-ACK. */
void ends_answered(struct ends *e, uint64_t end, uint64_t port);
/* It talked to another. */
void ends_met(struct ends *e, uint64_t end, uint64_t port, uint64_t other);
enum end_level ends_level(const struct ends *e, uint64_t end);
static inline bool ends_have_port(const struct ends *e, uint64_t port)
{
	return port <= 65535 && (e->port[port / 8] >> port % 8 & 1);
}

/* ---- the table of a source and format ---- */

/* Rows of the open run. */
struct run_piece {
	struct segment *segment;
	uint32_t first, n;
};

/* What a tuple of a conversation says: who asked, and how that is known, the better the higher. */
enum {
	ASKED_NOT,
	ASKED_FIRST,   /* it was met first */
	ASKED_REFUSED, /* by a packet that was refused on its way in */
	ASKED_SYN,
	ASKED_HOW = 3,
	ASKED_LOWER = 4, /* the end whose address and port come first, by their hash */
	ASKED_FIXED = 8  /* known before the run at hand */
};

struct served {
	uint32_t source;
	uint64_t format; /* its serial */
	uint64_t used;   /* turn in which rows of it came last */
	struct ends ends;
	struct owners owners;
	struct outs outs;
	struct tuples tuples;     /* conversations */
	uint8_t asked[65536 / 8]; /* bit: a port of those in which it is known who asked */
	bool refused;             /* of which some are by refused packets of the run at hand */
	struct run_piece *piece;
	size_t pieces, cap, marked; /* the first `marked` of them are */
	bool whole;                 /* they are marked as if the run ended behind them */
	uint32_t rows;              /* of the run, those of pieces that were forgotten too */
};

/* Who asked in a conversation between these ports is known. */
static inline void served_asked(struct served *t, const uint64_t port[2])
{
	for (int i = 0; i < 2; i++)
		t->asked[(port[i] & 65535) / 8] |= (uint8_t)(1u << port[i] % 8);
}
static inline bool served_has_asked(const struct served *t, const uint64_t port[2])
{
	return t->asked[(port[0] & 65535) / 8] >> port[0] % 8 &
	       t->asked[(port[1] & 65535) / 8] >> port[1] % 8 & 1;
}

/* What the first rows of a segment are to be marked with. */
struct held_marks {
	struct segment *segment;
	uint8_t *mark;
	uint32_t rows;
};

struct servers {
	struct served *table[SERVERS_TABLES];
	unsigned n;
	uint32_t run; /* rows */
	uint64_t turn;
	const struct dict *dict;
	struct prefixes internal;
	const uint8_t *service; /* service_bitmap() */
	void (*change)(void *ctx, struct segment *s);
	void *ctx;
	bool held; /* rows that were marked are not marked otherwise for now */
	struct held_marks *hold;
	size_t holds, hold_cap;
	uint8_t *want;     /* marks of the rows at hand */
	uint64_t *hash[2]; /* see servers_rows.h */
	size_t hash_cap[2];
	uint32_t *owner;
	size_t owner_cap;
	struct out_asks asks; /* of the rows at hand */
};

/* servers_hold.c: marks rows of a segment; `marked`: they were, and may be on show. */
void servers_put(struct servers *v, struct segment *s, uint32_t first, uint32_t n,
		 const uint8_t *want, bool marked);
/* Forgets what is held of a segment; NULL: of all. */
void servers_drop_held(struct servers *v, const struct segment *s);
/* servers_learn.c: learns from rows of the table's run. */
void served_learn(struct servers *v, struct served *t, struct segment *s, uint32_t first,
		  uint32_t n);
/* servers_mark.c: marks rows of pieces from..to-1, from all that is known. `whole`: they are the run,
 * which tells of conversations as well. */
void served_mark(struct servers *v, struct served *t, size_t from, size_t to, bool whole);

#endif
