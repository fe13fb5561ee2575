/* ingest_state.h - what ingest*.c share. Private to them. */
#ifndef ENITOP_INGEST_STATE_H
#define ENITOP_INGEST_STATE_H

#include "input/ingest.h"
#include "base/text_pool.h"

/* A job of the worker pool: the first member of what it works on. ingest.c queues it, and goes
 * on with what can be begun when it has ended. */
struct ingest_job {
	uv_work_t work;
	struct ingest *ingest;
	void (*run)(struct ingest_job *j);   /* in the pool */
	void (*ended)(struct ingest_job *j); /* on the loop */
};

struct block {
	struct ingest_job job;
	struct source *source;
	uint64_t number;
	struct buf text;
	struct identity *identity; /* of its lines, which end at `end`; NULL: not known */
	uint64_t end;
	struct decode_state before, after;
	struct decode_counts counts;
	struct malformed_list bad;
	struct segment **segment;
	size_t segments;
	bool decoded, history; /* see struct source */
	struct block *next;    /* in `waiting` or `decoded` */
};

#define INGEST_MOUNTS 16 /* file systems that are looked at apart */

struct ingest {
	uv_loop_t *loop;
	struct ingest_events events;
	size_t block_size;
	const struct format *format;
	const struct field_set *wanted;
	struct identities *identities;
	struct decoder *tail; /* NULL: every block goes through the pool */
	struct source **source;
	size_t sources, cap;
	struct ingest_totals totals; /* but for size and read */
	uint64_t size, read;         /* of those sums: jobs add to them, atomically */
	/* Reading: a line of the sources that have something to read. */
	struct source *ready, *ready_last;
	size_t unbegun; /* sources in that line that were never read from */
	size_t unended; /* sources that were not read to their end yet */
	unsigned reading;
	/* Following: the sources looked at each second; those that rest have their turns. */
	uv_timer_t timer;     /* runs from the first one on */
	unsigned quiet_looks; /* in a row that found nothing to read */
	struct source **awake;
	size_t awakes, awake_cap, turn;
	uint64_t mount[INGEST_MOUNTS]; /* 1 + device of each file system; 0: free */
	bool checking[INGEST_MOUNTS];  /* a job looks at files of it */
	/* Files that are open, the one read last first. */
	struct source *open_first, *open_last;
	unsigned opens;
	/* Blocks. */
	struct block *waiting, **waiting_end;
	struct block *decoded;  /* finished, not linked */
	struct text_pool texts; /* of blocks of history */
	unsigned blocks, decoding;
	unsigned history; /* blocks of what was there before its source was read to its end */
	unsigned jobs; /* in the pool, of every kind */
	/* The end. */
	unsigned handles;
	bool held, closing;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* ingest_read.c: a read job of a source that is ready. */
struct ingest_job *ingest_read(struct source *s);
/* ingest_text.c: the text on its way; takes it. `lines`: its whole lines, as far as they were
 * read. `over`: at the end of something, the last line counts whatever it is; `cut`: it will
 * not be finished. */
void ingest_deliver(struct source *s, struct buf *text, const struct identity_lines *lines,
		    bool over, bool cut);
/* What is to be known of a source besides its faults. */
void ingest_make_note(struct source *s);
/* Tells the stream's faults, at its end. */
void ingest_end_stream(struct source *s);
/* ingest_rest.c: a file is open, and the one that was read last. */
void ingest_opened(struct source *s);
/* After a read, with no job: what is not needed is given back. */
void ingest_rest(struct source *s);
void ingest_stream_free(struct source *s);
/* ingest_follow.c: the source is followed from now on, if it is of that kind. */
void ingest_follow(struct source *s);
/* Whether it is looked at for more. */
bool ingest_is_followed(const struct source *s);
/* A look at what is followed: a job for each file system that none looks at yet, else NULL. */
void ingest_look(struct ingest *g, struct ingest_job *jobs[INGEST_MOUNTS]);
/* Until the next look. */
unsigned ingest_look_ms(const struct ingest *g);
/* A new state: counted. */
void ingest_set_state(struct source *s, enum source_state state);
/* All of it is read and decoded by now, or not: was any line of it a record? */
void ingest_check_recognised(struct source *s);
/* After a job: the name that it found is the source's. */
void ingest_adopt_name(struct source *s);
/* Not read to its end after all. */
void ingest_begins_anew(struct source *s);

/* Cuts a block: decodes it at once when it is small and nothing is before it, else puts it
 * in line. Takes `text`. */
void ingest_block_add(struct source *s, struct buf *text);
/* With the last block handed on: how the source stands is noted for the next run. */
void ingest_note_stand(struct source *s);
/* The job of the next waiting block; NULL: none waits, or no core is idle. */
struct ingest_job *ingest_block_next(struct ingest *g);
void ingest_blocks_free(struct block *b);

#endif
