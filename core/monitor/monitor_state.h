/* monitor_state.h - what monitor*.c share. Private to them. */
#ifndef ENITOP_MONITOR_STATE_H
#define ENITOP_MONITOR_STATE_H

#include "decode/servers.h"
#include "input/ingest.h"
#include "input/state.h"
#include "input/watches.h"
#include "monitor/ledger.h"
#include "monitor/monitor.h"

struct monitor {
	uv_loop_t *loop;
	struct monitor_options options;
	struct monitor_events events;
	struct monitor *first; /* whose files are read again, and whose dictionary it is; NULL */
	size_t again;          /* of its sources */
	struct dict *dict;
	struct ring *ring;
	struct ingest *ingest;
	struct identities *identities; /* of what was read from files */
	struct state *state;           /* keeps them from run to run; NULL: none */
	const char *state_path;
	struct ledger *ledger;
	struct servers *servers; /* what was learned of which side serves; NULL: nobody asks */
	struct field_set wanted; /* what is decoded where not all is: what the options want, and */
	struct field_set more;   /* of it what sides are told by, which nobody else asks for */
	/* Segments that have rows whose sides wait for others, in order. */
	struct segment **waiting;
	size_t waits, waiting_cap;
	uint32_t told;      /* source of the rows that came last, */
	bool is_told;       /* if there is one */
	uint64_t rested_ms; /* when what rests was marked last */
	struct malformed_list malformed;
	uv_prepare_t prepare; /* after each turn: tell of what changed */
	bool changed, caught_up, failed, closing;
	uint64_t charged, future;
	uint64_t evicted, charged_then; /* when memory was last given back */
	struct backlog *backlog;        /* files of folders that wait to be read */
	struct watches *watches;        /* folders that tell of changes; NULL: none */
	struct dict *named;             /* paths that were asked for */
	struct dict *stirring; /* paths of watched folders and of named files in them: ids index */
	uint32_t *stirred;     /* what they are watched for, and their sources */
	size_t stirred_cap;
	unsigned open_parts; /* while closing */
	void (*evict)(void *ctx, struct segment *s);
	void (*remark)(void *ctx, struct segment *s);
	void *evict_ctx;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

#define UNBEGUN_MAX 16 /* sources made of waiting files ahead of their reading */

/* monitor_input.c: makes sources of the files that wait, not all at once. */
void monitor_take_files(struct monitor *m);
/* Events of the ingest and of the backlog that concern inputs. */
void monitor_on_found(void *ctx);
void monitor_on_met_again(void *ctx, uint32_t id, const char *path, size_t bound);
void monitor_on_moved(void *ctx);
void monitor_on_gone(void *ctx, uint64_t inode);
void monitor_on_late(void *ctx, struct source *s);
void monitor_report_path(void *ctx, const char *path, int error);

/* monitor_sides.c: which fields are to be decoded so that sides can be told, if they are among what is
 * wanted (NULL: all). */
const struct field_set *monitor_sides_init(struct monitor *m, const struct field_set *wanted);
/* The sides of a segment's rows are known: clears what was decoded for them alone. */
void monitor_sides_clear(const struct monitor *m, struct segment *s);
/* Rows of a source came, which stand in a segment that nobody has seen. */
void monitor_sides_rows(struct monitor *m, struct source *s, struct segment *seg, uint32_t first,
			uint32_t rows);
/* A decoded segment goes to monitor_take(), once the sides of its rows are known. */
void monitor_sides_segment(struct monitor *m, struct segment *s);
/* Open segments are about to be seen; they have been. */
void monitor_sides_tail(struct monitor *m);
void monitor_sides_told(struct monitor *m);
/* Of sources that have nothing more to tell now, what waits is handed on. */
void monitor_sides_look(struct monitor *m);
/* Marks what rests as if its runs ended, now and then. */
void monitor_sides_rest(struct monitor *m);
void monitor_sides_free(struct monitor *m);
size_t monitor_sides_bytes(const struct monitor *m);
/* monitor.c: the segment is the ring's or the program's from now on. */
void monitor_take(struct monitor *m, struct segment *s);

/* monitor_watch.c: begins to watch, when what is read is followed. */
void monitor_watch(struct monitor *m);
/* What happens to a file that was asked for by name is noticed at once, where that can be. */
void monitor_watch_named(struct monitor *m, const char *path, const struct source *s);
/* Event of the backlog. */
void monitor_on_folder(void *ctx, const char *path, int64_t time_s);

#endif
