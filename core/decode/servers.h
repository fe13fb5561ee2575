/* servers.h - which ends of conversations have shown to be servers: where a row alone lets
 * only guess which side serves, rows before it may know.
 *
 * Evidence, best first: the end answered somebody with a SYN-ACK (then it is no guess any
 * more); its port is shared by many peers, while the other end's is not; one of the ports
 * is that of a known service; the lower port. The latter two are the row's own, and were
 * applied when it was decoded. What is learned is of one source and format, row after row:
 * the same lines give the same answer, however they were cut into blocks and whatever was
 * read beside them. Rows are marked before anything looks at them, and once. Loop thread. */
#ifndef ENITOP_SERVERS_H
#define ENITOP_SERVERS_H

#include "store/segment.h"

#define SERVERS_PEERS 5   /* different peers that make a port shared */
#define SERVERS_PACKETS 3 /* what a flow must have to count: fewer may be a probe */
#define SERVERS_TABLES 32 /* sources (and formats of them) that are remembered */

struct servers;

struct servers *servers_new(void);
void servers_free(struct servers *v);

/* Rows first..first+n-1 are the next of a source; the segment has not been published yet,
 * or is open. */
void servers_rows(struct servers *v, uint32_t source, struct segment *s, uint32_t first,
		  uint32_t n);
/* The next new source makes the one longest not heard of forgotten, unless one is let go. */
bool servers_full(const struct servers *v);
/* Forgets the sources for which `done` says so. */
void servers_drop(struct servers *v, bool (*done)(void *ctx, uint32_t source), void *ctx);
size_t servers_bytes(const struct servers *v);

/* Why the serving side of a row is taken for it, in words. Any thread. */
const char *describe_side(const struct segment *s, uint32_t row);

#endif
