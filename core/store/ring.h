/* ring.h - the segments that can be looked at, under one budget of bytes.
 * Over budget, the segment with the oldest time goes as a whole. Loop thread. */
#ifndef ENITOP_RING_H
#define ENITOP_RING_H

#include "store/segment.h"

struct ring;

struct ring *ring_new(struct dict *d, uint64_t budget);
void ring_free(struct ring *r);

/* Called with every segment that is about to leave, while it is still whole. */
void ring_on_evict(struct ring *r, void (*evict)(void *ctx, struct segment *s), void *ctx);

/* Adds a segment (takes it), counts its future rows. An open one is published and may
 * go on growing: after rows were added, ring_grown() publishes them. A sealed one is when it
 * is looked at: of history that overruns the ring most is evicted before, which spares the
 * dictionary. */
void ring_add(struct ring *r, struct segment *s);
void ring_grown(struct ring *r, struct segment *s);

/* Publishes a segment of the ring that was not yet. */
void ring_publish(struct ring *r, struct segment *s);

/* Evicts until segments, dictionary and `others` (bytes held elsewhere) fit the
 * budget. The newest segment always stays. */
void ring_trim(struct ring *r, uint64_t others);

/* Segments in order of arrival. */
size_t ring_count(const struct ring *r);
struct segment *ring_at(struct ring *r, size_t i); /* published */
/* As it is, for who needs no more than its serial, its format, its rows or their times. */
struct segment *ring_peek(const struct ring *r, size_t i);
/* The place of the first segment with this serial or a later one; ring_count(): there is
 * none. Serials grow with the place. */
size_t ring_find(const struct ring *r, uint64_t serial);
struct dict *ring_dict(const struct ring *r);

/* Log time: the newest `end` not beyond the ceiling; INT64_MIN while none is known.
 * The caller sets the ceiling (wall clock + 1 day, or --now). */
void ring_set_ceiling(struct ring *r, int64_t ceiling_s);
int64_t ring_ceiling(const struct ring *r); /* INT64_MAX at first */
int64_t ring_now(const struct ring *r);

uint64_t ring_flows(const struct ring *r);   /* flows held */
uint64_t ring_evicted(const struct ring *r); /* flows evicted so far */
uint64_t ring_future(const struct ring *r);  /* rows beyond the ceiling when they came */
int64_t ring_oldest(const struct ring *r);   /* oldest time held; INT64_MAX: none */
uint64_t ring_bytes(const struct ring *r);   /* segments and dictionary */
uint64_t ring_budget(const struct ring *r);

#endif
