/* ingest_state.h - what ingest*.c and source.c share. Private to them. */
#ifndef ENITOP_INGEST_STATE_H
#define ENITOP_INGEST_STATE_H

#include "base/text_pool.h"
#include "input/identity.h"
#include "input/ingest.h"
#include "parquet/parquet.h"
#include "unwrap/envelope.h"
#include "unwrap/foreign.h"
#include "unwrap/line_end.h"
#include "unwrap/unwrap.h"

/* What a source needs while it is read: given back when it rests. */
struct stream {
	struct unwrap unwrap;
	struct line_end line_end;
	struct envelope envelope;
	struct buf waiting; /* text out of the one for the other, from `at` on */
	size_t at;
};

struct parquet_source;

/* How a source is read: the ingest's own part of it. */
struct intake {
	/* Whose turn it is. */
	bool queued;              /* in the line of sources that are ready, before this one: */
	struct source *next;      /* NULL: the last */
	bool begun;               /* read from already */
	bool reading;             /* a job has it */
	bool awake;               /* looked at each second */
	bool hinted;              /* looked at as soon as no job has it */
	bool plenty;              /* comes of it: hints are left to the looks of each second */
	uint64_t read_ms;         /* when something came last; */
	uint64_t since_ms, bytes; /* what came since */
	bool open;                /* among the ingest's open files, between these: */
	struct source *open_next, *open_last;
	/* How far it is. */
	bool caught_up;    /* read to its end once */
	bool ended;        /* caught up and followed, done or failed: counted once */
	bool history;      /* what was read last was there before it was caught up */
	bool unrecognised; /* read to its end, and not one line was a record */
	/* Of what in it was no record: what it is, names that it has; NULL: not known. */
	const struct foreign *foreign;
	char *strange;
	bool looked; /* at its first line that was malformed */
	/* Its text, up to whole lines. */
	struct stream *stream; /* of the job that reads; NULL: none begun */
	struct buf rest;       /* the last line, unfinished */
	bool skipping;         /* inside a line that is too long */
	bool continues;        /* a line was taken without its end, which is left out: */
	struct buf torn;       /* that line */
	uint64_t nuls;         /* left out before its text */
	unsigned cuts;         /* times it was truncated or written anew */
	/* Lines that another file had too. */
	struct identity_place place;
	bool read_again;      /* from the beginning, now */
	bool all_known;       /* everything that came last was left out */
	uint64_t known_lines; /* left out: they came from another file */
	bool stood;           /* at its end, so: */
	struct identity_file at_end;
	/* What it holds is Parquet: see source_parquet.c. */
	struct parquet_source *parquet; /* NULL: it is not, or all of it was handed out: */
	bool parquet_over;
	struct identity *parquet_identity; /* whose blocks are on their way; NULL: none are */
	uint64_t stepped_over;             /* row groups that are out of the time asked for */
	/* Its blocks, numbered as they are cut and linked in that order. */
	uint64_t next_block, next_link;
	uint64_t behind_header;     /* blocks from this one on wait until that before is linked */
	struct decode_state decode; /* behind the last linked block */
	struct format_book book;    /* of its headers */
	bool another;               /* stream began since the book was gone through */
	struct format_book shaped;  /* of objects, in jobs that read: see envelope.h */
};

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
	struct format_book book; /* of headers in it */
	struct decode_counts counts;
	struct malformed_list bad;
	struct segment **segment;
	size_t segments;
	struct parquet_source *parquet; /* NULL: it is text; else rows of that: */
	struct parquet_piece piece;
	uint64_t before_rows; /* of the file, that were stepped over */
	char *fault;          /* why rows of it are left out; NULL: they are not */
	bool decoded;
	bool history;       /* as in struct intake, when it was cut */
	struct block *next; /* in `waiting` or `decoded` */
};

#define INGEST_MOUNTS 16 /* file systems that are looked at apart */

struct ingest {
	uv_loop_t *loop;
	struct ingest_events events;
	size_t block_size;
	size_t piped; /* bytes that pipes hold until they are read */
	const struct format *format;
	const struct field_set *wanted;
	uint64_t memory, parquet; /* see struct ingest_options; bytes that Parquet takes, atomic */
	int64_t since_s, until_s;
	struct identities *identities;
	struct decoder *tail; /* NULL: every block goes through the pool */
	struct source **source;
	size_t sources, cap;
	struct ingest_totals totals; /* but for size and read */
	uint64_t size, read;         /* sums too: jobs add to them, atomically */
	/* Reading: a line of the sources that have something to read. */
	struct source *ready, *ready_last;
	size_t unbegun; /* sources in that line that were never read from */
	size_t unended; /* sources that were not read to their end yet */
	unsigned reading;
	/* Following: the sources looked at each second; those that rest have their turns; those
	 * of which there was a hint. */
	uv_timer_t timer;     /* runs from the first one on */
	unsigned look_ms;     /* the second */
	unsigned quiet_looks; /* in a row that found nothing to read */
	struct source **awake;
	size_t awakes, awake_cap, turn;
	struct source **hinted;
	size_t hints, hinted_cap;
	bool hurried;                  /* see ingest_hurry */
	uint64_t mount[INGEST_MOUNTS]; /* 1 + device of each file system; 0: free */
	bool checking[INGEST_MOUNTS];  /* a job looks at files of it */
	/* Files that are open, the one read last first. */
	struct source *open_first, *open_last;
	unsigned opens;
	/* Blocks. */
	struct block *waiting, **waiting_end;
	struct block *decoded;  /* finished, not linked */
	struct text_pool texts; /* of blocks of history */
	uint64_t order;         /* lines that arrived: of blocks as they are linked, of the tail */
	unsigned blocks, decoding;
	unsigned history; /* blocks of what was there before its source was read to its end */
	unsigned jobs;    /* in the pool, of every kind */
	/* The end. */
	unsigned handles;
	bool held, closing;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* source.c: whether the source is looked at for more. */
bool source_is_followed(const struct source *s);
/* When all of it may be read and decoded by now: was any line of it a record? */
void source_check_recognised(struct source *s);
/* After a job: the name that the job found becomes the source's. */
void source_adopt_name(struct source *s);
/* The source is not read to its end after all. */
void source_begins_anew(struct source *s);

/* ingest_ready.c: takes the first source off the line of those that have something to read;
 * NULL: the line is empty. */
struct source *ingest_take_ready(struct ingest *g);

/* ingest_read.c: a read job of a source that is ready; NULL: there is no need of one. */
struct ingest_job *ingest_read(struct source *s);
/* Another stream begins behind this one. */
void ingest_begin_another(struct source *s);
/* What can't be read is tried again, or failed. `error`: a negative errno. */
void ingest_read_failed(struct source *s, int error);

/* ingest_text.c: sends text on its way; takes it. `lines`: the text's whole lines, as far as
 * they were read. `over`: at the end of something, the last line counts whatever it is; `cut`:
 * it will not be finished. */
void ingest_deliver(struct source *s, struct buf *text, const struct identity_lines *lines,
		    bool over, bool cut);
/* Makes the note of a source: what is to be known of it besides its faults. */
void ingest_make_note(struct source *s);

/* ingest_read.c: a source that leaves its file for the next does so when all is handed on. */
void ingest_leave_soon(struct source *s);

/* source.c: the lines of it that are malformed now. */
void source_note_malformed(struct source *s, const struct malformed_list *bad);

/* source.c: a stream is over, and all of it is handed on: gives back formats that were its own. */
void source_give_back_formats(struct source *s);

/* ingest_block.c: cuts a block: decodes it at once when it is small and nothing is before it,
 * else puts it in line. Takes `text`. */
void ingest_block_add(struct source *s, struct buf *text);
/* The same of rows of a Parquet file, behind so many that were stepped over. */
void ingest_block_add_rows(struct source *s, const struct parquet_piece *piece, uint64_t before);
/* With the last block handed on: how the source stands is noted for the next run. */
void ingest_note_stand(struct source *s);
/* The job of the next waiting block; NULL: none waits, or no core is idle. */
struct ingest_job *ingest_block_next(struct ingest *g);
/* Frees a list of blocks. */
void ingest_blocks_free(struct block *b);

/* source_parquet.c: what a stream was refused for is Parquet, which is read otherwise; false: it is
 * something else. */
bool source_parquet_begin(struct source *s);
/* A read job of it, or NULL: the next rows were cut off, or none are left. */
struct ingest_job *source_parquet_read(struct source *s);
/* In a job: decodes a block of rows. */
void source_parquet_decode(struct block *b);
/* A block of it was linked. */
void source_parquet_linked(struct source *s, const struct block *b);
struct parquet_source *source_parquet_hold(struct parquet_source *p);
void source_parquet_release(struct ingest *g, struct parquet_source *p);

/* ingest_rest.c: tells the faults that the source's stream has met so far. */
void ingest_tell_faults(struct source *s);
/* The stream is over: what its end cuts off is told too. */
void ingest_end_stream(struct source *s);
void ingest_stream_free(struct source *s);
/* The source's file is open, and the one that was read last. */
void ingest_opened(struct source *s);
/* After a read, with no job: what is not needed is given back. */
void ingest_rest(struct source *s);

/* ingest_follow.c: the source is looked at from now on, if it is followed. */
void ingest_follow(struct source *s);
/* A look at what is followed, or at what there are hints of alone: a job for each file system that
 * none looks at yet, else NULL. */
void ingest_look(struct ingest *g, bool hinted_only, struct ingest_job *jobs[INGEST_MOUNTS]);
/* So many bytes of the source came with a read. */
void ingest_measure(struct source *s, size_t bytes);
/* No look that was hinted at is left, nor on its way. */
bool ingest_has_looked(const struct ingest *g);
/* Until the next look. */
unsigned ingest_look_ms(const struct ingest *g);

#endif
