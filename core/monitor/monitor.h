/* monitor.h - owns the sources, the ingest and the ring; the one writer of the
 * data. The program on top sees sources, counts and segments. Loop thread only. */
#ifndef ENITOP_MONITOR_H
#define ENITOP_MONITOR_H

#include <uv.h>

#include "input/backlog.h"
#include "input/source_info.h"
#include "labels/labels.h"
#include "monitor/doubts.h"
#include "store/ring.h"

struct monitor_options {
	uint64_t memory;                /* budget in bytes */
	const struct format *format;    /* --format, or NULL */
	bool follow;                    /* keep following files after their end */
	unsigned look_ms;               /* then: between two looks at them; 0: a second */
	bool no_watches;                /* then: they are found by looks alone */
	const struct field_set *wanted; /* with keep false: the fields to decode; NULL: all */
	bool keep;         /* hold segments in the ring; false: only hand them to `segment` */
	bool newest_first; /* folders: history from its end, as far as the ring holds */
	bool follow_links; /* folders: also links that lead out of them */
	int64_t since_s, until_s; /* INT64_MIN, INT64_MAX: no file is left out by its name */
	int64_t now_s; /* --now: the ceiling of log time; INT64_MIN: wall clock + 1 day */
	bool prompt; /* rows are handed on when no more come at once, not only when their sides are sure */
	struct monitor *first; /* set by monitor_again(); else NULL */
};

struct monitor_events {
	void *ctx;
	/* Rows or sources changed. Cheap; called at most once a loop turn. */
	void (*changed)(void *ctx);
	/* A segment, in order of its source's lines, once. With keep false it is published, and
	 * whoever is told takes it; else it is the ring's (see ring_publish), and this may be
	 * NULL. */
	void (*segment)(void *ctx, struct segment *s);
	/* Every source is done or failed and all of it is decoded; with follow: every
	 * source was read to its end once. Called once. */
	void (*caught_up)(void *ctx);
	/* With a state: what was handed on is noted as done next, so write it out; false:
	 * it could not be written. May be NULL. */
	bool (*saving)(void *ctx);
	/* Something went wrong with an input: "cannot open 'x.log': permission denied". */
	void (*error)(void *ctx, const char *message);
};

struct monitor *monitor_new(uv_loop_t *loop, const struct monitor_options *options,
			    const struct monitor_events *events);
/* Stops reading and closes every handle; `closed` (may be NULL) is called from the loop
 * when nothing of it is left there, and the monitor is freed then. */
void monitor_close(struct monitor *m, void (*closed)(void *ctx), void *ctx);

/* Another monitor, which reads what `first` has read and only hands it on: its files, each as far as
 * it was read then, with the values in the dictionary of `first`, which is to stay until this one
 * is closed. What came from elsewhere is not read. `wanted` is as of the options. */
struct monitor *monitor_again(struct monitor *first, const struct field_set *wanted,
			      const struct monitor_events *events);
/* Begins with some of the files that wait; true: there were some. It does so itself while the loop
 * has something to do. */
bool monitor_read_on(struct monitor *m);
/* When none wait and the loop has nothing to do: whether all of the files were there as they were. */
bool monitor_has_read_again(const struct monitor *m);

/* --state: what an earlier run read of its files is not read again. Before inputs are added.
 * 0 or a negative errno; -EINVAL for a file that is none of ours. */
int monitor_open_state(struct monitor *m, const char *path);
/* Saves it, at the end, after what was handed on has been written. */
void monitor_save_state(struct monitor *m);

/* Adds an input. Trouble with it is reported through events and its info, never
 * fatal. Follows as the options say. */
void monitor_add_path(struct monitor *m, const char *path);
void monitor_add_stdin(struct monitor *m);
/* Synthetic traffic: an hour up to start_s+3600, then, when following, live. */
void monitor_add_demo(struct monitor *m, uint64_t seed, unsigned flows_per_s, int64_t start_s);

/* Called with every segment that is about to leave the ring. */
void monitor_on_evict(struct monitor *m, void (*evict)(void *ctx, struct segment *s), void *ctx);

/* Called with every segment of the ring whose marks are about to change: what rows that came later
 * tell of its sides. The context is that of monitor_on_evict(). */
void monitor_on_remark(struct monitor *m, void (*remark)(void *ctx, struct segment *s));

/* No more is waited for: hands on what waits to be told which sides serve. */
void monitor_let_go(struct monitor *m);
/* While on, no row that was handed on is marked otherwise. */
void monitor_hold_sides(struct monitor *m, bool on);
/* Which side serves in rows of sources that rest is told by all that is known of them; it is so anyway
 * within a second. */
void monitor_rest(struct monitor *m);
/* Holds back reading (a stream waits for a slow writer) and goes on. */
void monitor_hold(struct monitor *m, bool hold);
/* All was caught up with, and no more is waited for: reads what is there now, also in files that
 * took the names of others, and has the event `caught_up` again. */
void monitor_hurry(struct monitor *m);

struct ring *monitor_ring(struct monitor *m);
struct dict *monitor_dict(struct monitor *m);
/* The labels of the dictionary: files may be added before inputs are. */
struct labels *monitor_labels(struct monitor *m);
/* What consumers (selections, accumulators) may hold: a share of the budget that the ring leaves
 * alone, whatever they do hold, so that no question costs a flow; where there is no ring, what
 * leaves enough for what is on its way. */
uint64_t monitor_share(const struct monitor *m);
/* What they hold. */
void monitor_charge(struct monitor *m, uint64_t bytes);
/* All bytes that count against the budget now. */
uint64_t monitor_bytes(const struct monitor *m);

/* Times behind this are in the future: the clock's and a day, or what the options say. */
int64_t monitor_ceiling(const struct monitor *m);
void monitor_counts(const struct monitor *m, struct input_counts *out);
size_t monitor_sources(const struct monitor *m);
void monitor_source(const struct monitor *m, size_t i, struct source_info *out);
void monitor_source_sums(const struct monitor *m, struct source_sums *out);
/* The order of rows on screen: failed ones first, then those with a warning, then as they
 * were named, then files of folders, newest first. Which source is in a row, and back. */
size_t monitor_source_at(const struct monitor *m, size_t row);
size_t monitor_source_row(const struct monitor *m, size_t i);
/* The last malformed lines of a source, oldest first; NULL: no more were kept. */
const struct malformed *monitor_malformed(const struct monitor *m, size_t i, size_t line);
/* The same of the last values that their field can't have. */
const struct malformed *monitor_unreadable(const struct monitor *m, size_t i, size_t line);
/* Malformed lines, SKIPDATA records and unreadable values of from <= time < to, to the minute; a malformed
 * line counts at the newest time that its source had when it was met. */
struct doubt monitor_doubts(const struct monitor *m, int64_t from, int64_t to);
/* Bytes still to read of what is known, and in all; 0, 0 when nothing is loading. */
void monitor_progress(const struct monitor *m, uint64_t *done, uint64_t *total);
/* Folders: what waits, what was left out. */
void monitor_folders(const struct monitor *m, struct backlog_counts *out);
/* More may come: some source is read or followed. */
bool monitor_is_live(const struct monitor *m);
/* Some input failed so far. */
bool monitor_failed(const struct monitor *m);

#endif
