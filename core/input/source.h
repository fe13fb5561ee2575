/* source.h - where lines come from: a table of operations each. A source gives raw
 * bytes to a job and says what to do when they run out; the ingest does the rest. */
#ifndef ENITOP_SOURCE_H
#define ENITOP_SOURCE_H

#include <uv.h>

#include "decode/decode.h"
#include "input/identity.h"
#include "input/source_info.h"
#include "input/source_notes.h"
#include "input/stand.h"

/* What `read` says besides a number of bytes: the stream ends here for good and
 * another begins behind it (rotated, truncated). */
enum {
	SOURCE_BREAK = -11000, /* no errno */
	/* The same, and what was not read of the stream is gone, a line that was begun too. */
	SOURCE_CUT,
};

#define SOURCE_RIPE_S 60 /* an unfinished last line of a file that stands still is a line */

struct ingest;
struct intake;
struct source;
struct source_left;

struct source_ops {
	const char *kind;
	/* On the loop, before each read job. May be NULL. */
	void (*prepare)(struct source *s);
	/* In a job: raw bytes; 0: none now; SOURCE_BREAK; or a negative errno. */
	ssize_t (*read)(struct source *s, char *out, size_t n);
	/* In a job, each second or so (ingest_follow.c) while it is followed: is there anything
	 * to read? May be NULL: never looked at. */
	bool (*check)(struct source *s);
	/* On the loop: the stream that was read is about to be given up for another one's, as read
	 * said. May be NULL. */
	void (*leave)(struct source *s);
	/* On the loop: a read ran dry. The state it is in now (following, waiting, done). */
	enum source_state (*dry)(struct source *s);
	/* On the loop, while no job has it: all is read; gives back what can be had again (the
	 * descriptor of a file that seems finished; when `crowded`, of any). True when it did.
	 * May be NULL. */
	bool (*rest)(struct source *s, bool crowded);
	/* On the loop, while no job has it: the next read is of its beginning. NULL: it can't. */
	void (*rewind)(struct source *s);
	/* On the loop, while no job has it: how the file stands that is read to its end; false
	 * when there is more. With `rewind`; else NULL. */
	bool (*stands)(const struct source *s, struct stand *out);
	/* On the loop, while no job has it: the next read is behind what the file held when it
	 * stood so. False: it is another file. May be NULL. */
	bool (*skip_to)(struct source *s, const struct stand *then);
	/* In a job, behind a read that gave no error: a descriptor of the file that is read, to be
	 * closed by the caller, at which byte it was begun, and how many it has behind that one, all
	 * of which count as read now. Or a negative errno. NULL: it is no file. */
	int (*whole)(struct source *s, uint64_t *from, uint64_t *size);
	/* On the loop: stop, and close what libuv has of it, counted by ingest_handle_open() and
	 * ingest_handle_closed(). May be NULL. */
	void (*close)(struct source *s);
	void (*free)(struct source *s);
};

/* What a source is, and how it stands. How the ingest reads it is in its `intake`. */
struct source {
	const struct source_ops *ops;
	void *impl; /* what its kind holds */
	uint32_t id;
	char *name;
	uint64_t mount;   /* device of its file system; 0: none */
	bool identify;    /* the same lines may come from another file too */
	bool input_ended; /* nothing will come behind what is there */
	/* As others see it: see struct source_info. */
	enum source_state state;
	char *error;         /* last fault, NULL: none */
	bool failed;         /* some of it could not be read */
	unsigned faults;     /* told so far */
	char *note;          /* what is to be known of it, no fault; NULL: nothing */
	bool lacking;        /* flows of it left open who, how much or when */
	const char *shape;   /* "plain", "gzip", ..., as far as known */
	uint64_t size, read; /* raw bytes: see source_progress() */
	struct decode_counts counts;
	struct source_notes notes;
	/* Between its operations and the ingest. */
	bool ready;     /* worth a read job */
	bool resting;   /* see ops->rest: looked at less often */
	bool truncated; /* while it was open: set in jobs, with SOURCE_CUT */
	bool ripe;      /* its unfinished line has stood so for long: set in jobs */
	bool moved;     /* its name leads elsewhere: set in jobs */
	bool hinted;    /* this look is out of turn: no measure of time */
	bool leaves;    /* another file is next, once all of this one is handed on: set in jobs */
	bool has_late;  /* a file that it has left has got more: set in jobs */
	bool hurried;   /* no writer is waited for any more: set once, atomically */
	char *new_name; /* it was found under: set in jobs, adopted on the loop */
	/* From ingest_add() on. */
	struct ingest *ingest;
	struct intake *intake; /* private to the ingest: see ingest_state.h */
};

/* Constructors; the source belongs to the ingest it is added to. `stand`: how the file stood
 * when it was met; zero: it is not there. */
struct source *source_file_new(const char *path, const struct stand *stand, bool follow);
/* A file of a folder: followed as itself, whatever its name becomes. source_file_met says
 * that it was met, perhaps under a new name; to be called on the loop. */
struct source *source_file_found(const char *path, size_t bound, const struct stand *stand,
				 bool follow);
void source_file_met(struct source *s, const char *path, size_t bound);
/* On the loop, while no job has it: a file that it left for the next one has got more. A source of
 * that, which takes up `left` once it is added; NULL: there is none (any more). */
struct source *source_file_late(struct source *s, struct source_left *left);
/* An earlier run read this file to its end as it stands: it is at its end. Before it is
 * added, for files by a path. */
void source_file_was_read(struct source *s, const struct stand *stand);
/* On the loop, while no job has `s`: one that reads the same file, as far as `s` has read it. NULL:
 * it is none, or not one that is read but once. */
struct source *source_again(const struct source *s);
/* Whether what was read of it is there as it was, as far as can be told; true of what is no file. */
bool source_stands(const struct source *s);
/* `fd` is read from where it stands, and closed with the source. */
struct source *source_fd_new(const char *name, int fd, bool follow);
struct source *source_pipe_new(const char *name, int fd, uv_loop_t *loop);
struct source *source_demo_new(uint64_t seed, unsigned flows_per_s, int64_t start_s, bool follow);

/* One that could not be begun; the caller tells why with source_fault. */
struct source *source_none_new(const char *name);

/* Sets `size` and `read`, in the job that reads; shown by the loop meanwhile. */
void source_progress(struct source *s, uint64_t size, uint64_t read);

/* In a job that has it: whether it stops in the middle of a line. */
bool source_is_unfinished(const struct source *s);

/* On the loop, while no job has it: all that was read of it is handed on, and nothing was begun:
 * no line, no document, no member of a compressed file. */
bool source_is_settled(const struct source *s);

/* What goes on where a file was left: which lines those are, and their format. */
struct source_left {
	struct identity_place place; /* owned */
	struct decode_state decode;
	struct format_book book; /* of the formats that `decode` has; owned */
};
/* On the loop, while no job has it: takes from the source where it is; it is nowhere then. */
void source_leave(struct source *s, struct source_left *out);
/* On the loop, before its first read: the source goes on from there; takes `left`. */
void source_take_up(struct source *s, struct source_left *left);

/* On the loop: there is something to read. */
void source_is_ready(struct source *s);
/* On the loop: a new state, counted in the sums. */
void source_set_state(struct source *s, enum source_state state);
/* On the loop: the file behind it was removed, as far as can be told; its inode may be another
 * one's from now on. */
void source_gone(struct source *s, uint64_t inode);

/* Notes a fault: kept as the source's last one and reported as an event. */
void source_fault(struct source *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What a negative errno of an input means. */
const char *source_error_text(int error);
/* On the loop: what is to be known of the source beside its faults, instead of what was
 * said before ("truncated twice: ..."). */
void source_note(struct source *s, const char *text);

/* What is to be seen of it now. Points into the source. */
void source_info_of(const struct source *s, struct source_info *out);

#endif
