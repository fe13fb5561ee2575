/* edges.h - EDGES: who talks to whom, and what became of it, kept as rows come and leave: sums for
 * each conversation (client, server, server's port, protocol; of the packets, where pkt- fields say
 * other addresses than the record), by the mark of its rows which side is which.
 *
 * Every sum is linear: it is what a recomputation over the rows held has, until an edge is dropped
 * for want of room; those are counted, and one that comes again afterwards has what came since.
 * What became of a try is no sum (outcome.h): that is judged from records. Nor can what is first or
 * last be taken back with a record that leaves: `first` and `last` only widen while the edge
 * stands, and when something worked or failed is told by the minutes, which are counters. They are
 * kept as long as their rows; where there is no room the oldest minutes of all edges go at once.
 *
 * Refused packets of clients of the internet are in no edge of their own, whatever else there is of
 * them (no order of rows is to matter): they are folded into that of (any client, server, port, protocol), where
 * the tries and answers of all clients of the internet are counted by the minute.
 *
 * A row whose start is beyond log time, without a time, without an action or of a format without
 * these columns is in no edge; it is counted. Loop thread. */
#ifndef ENITOP_EDGES_H
#define ENITOP_EDGES_H

#include "decode/places.h"
#include "store/ring.h"
#include "triage/tries.h"

#define EDGE_SOURCES 128u /* registers of the estimate: its standard error is 1.04/sqrt of them */

/* What is counted by the minute that a record starts in. */
enum edge_count {
	EDGE_TRIES,    /* requests that begin: SYN without ACK; without flags, or not TCP: any */
	EDGE_ALONE,    /* requests that are SYNs and no more, by flags and sizes; not TCP: any */
	EDGE_ANSWERED, /* answers let pass, but for */
	EDGE_HALF,     /* SYN-ACKs alone, or what by its size may be no more, and */
	EDGE_RESET,    /* those with RST, or that look like it: outcome.h */
	EDGE_REFUSED,  /* of either leg */
	EDGE_COUNTS
};

/* What a conversation did in a minute of log time (the one that its records start in). Each count
 * is that of the interface that tells most of it, of all minutes together: both ends record the
 * same. */
struct edge_minute {
	int64_t minute;    /* seconds / 60 */
	uint32_t tries;    /* requests that begin */
	uint32_t answered; /* let pass, neither reset nor half open */
	uint32_t half;     /* answers of SYN-ACK alone */
	uint32_t reset;
	uint32_t refused;        /* of either leg */
	uint64_t sent, received; /* bytes by the client and to it, second sightings aside */
	uint32_t alone;          /* requests that are SYNs and no more; not TCP: any */
};

struct edge_key {
	uint8_t client[16], server[16];
	bool any_client; /* clients of the internet together */
	uint16_t port;   /* the server's; 0: its protocol has none */
	uint8_t protocol;
};

struct edge_sums {
	struct edge_key key;
	uint32_t rows;           /* records; of any client those in other edges too */
	bool internet;           /* so is its client, as of its newest record */
	int64_t first;           /* start of the first record since it stands, seconds */
	int64_t last;            /* newest end of a record since then */
	uint64_t sent, received; /* bytes by the client and to it; second sightings aside */
	uint32_t cell[LEGS][POSTS][TRY_ACTIONS]; /* records */
	uint64_t at[LEGS][2]; /* bytes let pass at POST_CLIENT, POST_SERVER: second sightings too */
	/* A text of the dictionary: what the newest record with one calls the other side's AWS service;
	 * DICT_NONE: none does. */
	uint32_t service;
	/* of any client: */
	uint32_t folded;          /* refused records */
	uint32_t sources;         /* how many clients they are of since it stands, estimated */
	const uint8_t *registers; /* of that estimate: EDGE_SOURCES / 2 bytes, as long as minutes */
	/* Ascending, those with records; until the next of edges_find() and edges_next(). */
	const struct edge_minute *minute;
	size_t minutes;
};

struct edges;

/* Of rows of the ring, by what the places have decided, in about `most` bytes. Both stay the
 * caller's. */
struct edges *edges_new(struct ring *r, const struct places *p, size_t most);
/* The same where no row ever leaves: edges hold their addresses themselves, no book is kept of what
 * was counted, and rows come with sign 1 only. `now`: log time, once and for all. */
struct edges *edges_new_lasting(struct dict *d, const struct places *p, size_t most, int64_t now);
/* Gives the texts of the dictionary back, which may go before edges_free(); no rows come any more. */
void edges_leave(struct edges *e);
void edges_free(struct edges *e);
/* Every byte it holds. */
size_t edges_bytes(const struct edges *e);

/* Rows first..first+n-1 of a published segment: new ones (sign 1), or to be looked at again (0);
 * or all that it has of the segment, which leaves (-1). See struct live_consumer. */
void edges_rows(void *edges, const struct segment *s, uint32_t first, uint32_t n, int sign,
		const uint64_t *second);

/* One that is asked for by all of `key`; false: there is none. Fills *out. */
bool edges_find(struct edges *e, const struct edge_key *key, struct edge_sums *out);
/* All, in no order: *at is 0 first, and goes on; false: there is no more. */
bool edges_next(struct edges *e, uint32_t *at, struct edge_sums *out);

/* Clients of several edges of any client: makes `to`, of zeroes at first, those of both; and how many
 * they are, estimated. */
void edge_sources_join(uint8_t *to, const uint8_t *of);
uint32_t edge_sources_of(const uint8_t *registers);

/* Another number whenever edges_next() may show one again, or pass one over, that stood all the time:
 * who goes through them in slices begins again. */
uint64_t edges_moves(const struct edges *e);

struct edges_counts {
	uint32_t edges;   /* held, those of any client included */
	uint64_t dropped; /* for want of room: sums of their conversations are not all */
	uint64_t
		dropped_rows; /* in no edge: too old for one where there is no room, or of a dropped one */
	uint64_t left_out;        /* rows in no edge: see above */
	uint64_t dropped_minutes; /* for want of room: what there was in minutes before */
	int64_t since;            /* this one, in edges that stand; INT64_MIN: none went */
};
struct edges_counts edges_counts(const struct edges *e);

#endif
