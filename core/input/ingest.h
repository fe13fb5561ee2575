/* ingest.h - schedules reads and decode jobs over all sources, keeps each source's
 * lines in order, holds reading back when too much is on the way. Loop thread. */
#ifndef ENITOP_INGEST_H
#define ENITOP_INGEST_H

#include "input/source.h"

struct ingest_events {
	void *ctx;
	/* Rows first..first+rows-1 of a segment are of the source: just before `segment` or
	 * `tail` has them. Their marks may still be changed. */
	void (*rows)(void *ctx, struct source *s, struct segment *seg, uint32_t first,
		     uint32_t rows);
	/* A decoded segment of a source, in order, not published: takes it. */
	void (*segment)(void *ctx, struct segment *s);
	/* The open segments of the tail decoder changed. */
	void (*tail)(void *ctx, struct decoder *tail);
	/* `count` lines were malformed; the last of them are in `bad`. */
	void (*malformed)(void *ctx, struct source *s, const struct malformed_list *bad,
			  uint64_t count, uint64_t line_offset);
	/* State, counts or progress of some source changed. */
	void (*changed)(void *ctx);
	/* The name of a followed file leads elsewhere: it was moved or removed. */
	void (*moved)(void *ctx);
	/* A file that the source has left for its next one has got more: see source_late.h. */
	void (*late)(void *ctx, struct source *s);
	/* A file was removed, as far as can be told, and is read to its end. */
	void (*gone)(void *ctx, uint64_t inode);
	void (*fault)(void *ctx, struct source *s, const char *message);
	/* The note or the error of a source changed without a fault. */
	void (*noted)(void *ctx, struct source *s);
};

/* Sums over all sources. */
struct ingest_totals {
	struct decode_counts counts;
	uint64_t control;
	size_t in_state[SOURCE_STATES];
	size_t unrecognised;        /* sources without one record */
	char lacking[LACKING_TEXT]; /* as in struct input_counts, */
	uint64_t lacking_sources;   /* and this */
	uint64_t size, read;        /* bytes of the sources whose size is known */
};

struct ingest;

struct ingest_options {
	size_t block;                   /* bytes */
	unsigned look_ms;               /* between two looks at what is followed; 0: a second */
	bool tail;                      /* small pieces are decoded into long-lived segments */
	const struct format *format;    /* --format, or NULL */
	const struct field_set *wanted; /* the caller's; NULL: every field is decoded */
	uint64_t memory;                /* of which a pipe of Parquet may take a half; 0: any */
	int64_t since_s, until_s;       /* row groups that can't hold records of this time are
					 * left out; as struct backlog_options has them */
	struct identities *identities;  /* of the sources that ask for it; the caller's */
};

struct ingest *ingest_new(uv_loop_t *loop, const struct ingest_events *events,
			  const struct ingest_options *o);
/* Takes the source. */
void ingest_add(struct ingest *g, struct source *s);
/* Takes a source that was read to its end by an earlier run. */
void ingest_add_read(struct ingest *g, struct source *s, bool follow);
/* Begins what can be begun. Call after something changed. */
void ingest_pump(struct ingest *g);
void ingest_hold(struct ingest *g, bool hold);

/* Something may have happened to a source: it is looked at with the next ingest_pump(). False: it
 * is not followed; or so much comes that looks each second cost enough. */
bool ingest_hint(struct source *s);
/* The same of every one that does not rest. */
bool ingest_hint_all(struct ingest *g);

/* Sources that wait to be read for the first time. */
size_t ingest_unbegun(const struct ingest *g);
void ingest_totals(const struct ingest *g, struct ingest_totals *out);
size_t ingest_sources(const struct ingest *g);
struct source *ingest_source(const struct ingest *g, size_t i);
/* No rows of the source can come any more. */
bool ingest_is_read(const struct source *s);
/* Nothing of it is on its way, and there is nothing to read now. */
bool ingest_is_idle(const struct source *s);
/* Everything is read to its end and linked (following ones: once). */
bool ingest_caught_up(const struct ingest *g);
/* Reads what the followed files hold now, and those that took their names, without waiting for
 * writers that may go on in the old ones; ingest_caught_up() says when that is done. */
void ingest_hurry(struct ingest *g);
/* What was there when its source was begun is on its way still. */
bool ingest_has_history(const struct ingest *g);
/* Bytes of memory: blocks on their way, and what sources hold. */
uint64_t ingest_bytes(const struct ingest *g);
struct decoder *ingest_tail(struct ingest *g);

/* Stops; `closed` is called from the loop when no job or handle is left, and the
 * ingest and its sources are freed. */
void ingest_close(struct ingest *g, void (*closed)(void *ctx), void *ctx);

/* For `close` of sources: counts libuv's handles that are still closing. */
void ingest_handle_open(struct ingest *g);
void ingest_handle_closed(struct ingest *g);

#endif
