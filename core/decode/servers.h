/* servers.h - which ends of conversations have shown to be servers: where a row alone lets
 * only guess which side serves, others may know.
 *
 * Evidence, best first: a SYN or SYN-ACK of the row; a refused packet that came in to an interface
 * which had let nothing out in the same tuple, so that it asked; an end that answered somebody with
 * a SYN-ACK; what another row of the conversation says. That is known. Guessed is by a port that is
 * shared by many peers, while the other end's is not; by who was met first, where there are no
 * ports or both are the same; by one port that is that of a known service; by the lower port. The
 * last two are the row's own, and were applied when it was decoded.
 *
 * What is learned is of one source and format. Its rows are looked at twice, in runs of so many
 * counted from its first row on: all of a run are learned from before any is marked. So what
 * stands in the same run or before it is known, and the same lines give the same answer, however
 * they were cut into blocks and whatever was read beside them. Of tuples ten minutes before the run
 * are known (tuples.h). Rows of an open run may be marked provisionally, as they come
 * or as if the run ended there; when it closes they are marked again. Loop thread. */
#ifndef ENITOP_SERVERS_H
#define ENITOP_SERVERS_H

#include "store/segment.h"

#define SERVERS_PEERS 5    /* different peers that make a port shared */
#define SERVERS_PACKETS 3  /* what a flow must have to count: fewer may be a probe */
#define SERVERS_TABLES 32  /* sources (and formats of them) that are remembered */
#define SERVERS_RUN 65535u /* rows */

struct servers;

/* `d` (may be NULL) is the dictionary of segments that are published. A run has `run` rows, SERVERS_RUN
 * at most: what is remembered of a source goes with it. */
struct servers *servers_new(const struct dict *d, uint32_t run);
void servers_free(struct servers *v);

/* Rows first..first+n-1 are the next of a source, and as they were decoded. Those that complete a run
 * are marked, with all of it. */
void servers_rows(struct servers *v, uint32_t source, struct segment *s, uint32_t first,
		  uint32_t n);
/* Marks the rows of a source that are not marked yet, provisionally: as far as is known. */
void servers_mark_new(struct servers *v, uint32_t source);
/* Where rows came since, marks all rows of its open runs as if these ended here. */
void servers_settle(struct servers *v, uint32_t source);
/* A source whose rows are not marked so, of those of which `rests` says that none come now; false:
 * there is none. */
bool servers_unsettled(const struct servers *v, bool (*rests)(void *ctx, uint32_t source),
		       void *ctx, uint32_t *source);
/* No more rows of a source come: marks all rows of its open runs, which end here, and forgets it. */
void servers_end(struct servers *v, uint32_t source);
/* Whether some of a segment's rows are not marked yet. */
bool servers_wait(const struct servers *v, uint32_t source, const struct segment *s);
/* The segment goes: the marks of its rows stay as they are. */
void servers_forget(struct servers *v, const struct segment *s);
/* While on, rows that were marked stay as they are; what they would be marked with is kept until then. */
void servers_hold(struct servers *v, bool on);
/* `change` is called before rows of a segment that were marked are marked otherwise. */
void servers_on_change(struct servers *v, void (*change)(void *ctx, struct segment *s), void *ctx);

/* The next new source makes the one longest not heard of forgotten, unless one is let go. */
bool servers_full(const struct servers *v);
/* Forgets the sources for which `done` says so. */
void servers_drop(struct servers *v, bool (*done)(void *ctx, uint32_t source), void *ctx);
size_t servers_bytes(const struct servers *v);

/* Why the serving side of a row is taken for it, in words. Any thread. */
const char *describe_side(const struct segment *s, uint32_t row);

#endif
