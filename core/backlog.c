/* backlog.c - see backlog.h. */
#include "backlog.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "dict.h"
#include "name_time.h"

#define EVERY_S 5
#define SHARE 20 /* looking takes at most one part in so many of the time */
#define SOON_MS 200

/* What a job found, handed to the loop when it ends. */
struct found {
	char *path;
	int error; /* of a path that can't be looked at; 0: it is a file */
	dev_t device;
	ino_t inode;
	int64_t mtime_s;
	uint64_t size;
};

struct backlog {
	uv_loop_t *loop;
	struct backlog_options options;
	struct backlog_events events;
	struct folder_walk *walk; /* the job's while it runs */
	char **added;             /* folders that the next job looks at as well */
	size_t adding, added_cap;
	uv_timer_t timer;
	uv_work_t work;
	bool working, first, again, put_off, closing, timer_closed;
	struct found *found; /* the job's while it runs */
	size_t founds, found_cap;
	uint64_t took_ns;
	struct dict *inodes; /* device and inode: ids index `source` */
	uint32_t *source;
	size_t source_cap;
	struct backlog_file *file; /* the next one last */
	size_t files, file_cap;
	struct backlog_counts counts;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

/* ---- in the job ---- */

static struct found *add_found(struct backlog *b, const char *path)
{
	xgrow((void **)&b->found, &b->found_cap, b->founds + 1, sizeof *b->found);
	b->found[b->founds] = (struct found){ .path = xstrndup(path, strlen(path)) };
	return &b->found[b->founds++];
}

static void on_file(void *ctx, const struct folder_file *f)
{
	struct found *found = add_found(ctx, f->path);

	found->device = f->device;
	found->inode = f->inode;
	found->mtime_s = f->mtime_s;
	found->size = f->size;
}

static void on_failed(void *ctx, const char *path, int error)
{
	add_found(ctx, path)->error = error;
}

static void look(uv_work_t *w)
{
	struct backlog *b = w->data;
	const struct folder_events e = { b, on_file, on_failed };
	uint64_t start = uv_hrtime();

	b->put_off = folder_walk_run(b->walk, &e);
	b->took_ns = uv_hrtime() - start;
}

/* ---- on the loop ---- */

/* The place of an inode in `source`; *added: it was not known. */
static uint32_t know(struct backlog *b, dev_t device, ino_t inode, bool *added)
{
	uint64_t key[2] = { device, inode };
	size_t had = dict_count(b->inodes);
	uint32_t id = dict_address_ref(b->inodes, (const uint8_t *)key);

	*added = dict_count(b->inodes) > had;
	if (!*added)
		dict_address_unref(b->inodes, id);
	xgrow((void **)&b->source, &b->source_cap, (size_t)id + 1, sizeof *b->source);
	if (*added)
		b->source[id] = BACKLOG_NO_SOURCE;
	return id;
}

/* The next one to be taken last; of the same time by name. */
static int oldest_last(const void *a, const void *b)
{
	const struct backlog_file *x = a, *y = b;

	return x->time_s != y->time_s ? (x->time_s < y->time_s ? 1 : -1)
				      : -strcmp(x->path, y->path);
}

static int newest_last(const void *a, const void *b)
{
	return -oldest_last(a, b);
}

static void take_found(struct backlog *b, struct found *f)
{
	struct name_time t;
	bool added, named = name_time(f->path, &t);
	uint32_t known = know(b, f->device, f->inode, &added);

	if (!added) {
		if (b->source[known] != BACKLOG_NO_SOURCE)
			b->events.met_again(b->events.ctx, b->source[known], f->path);
		return;
	}
	if (named && !name_time_may_hold(&t, b->options.since_s, b->options.until_s)) {
		b->counts.left_out++;
		/* The inode may be another file's one day. */
		dict_address_unref(b->inodes, known);
		return;
	}
	xgrow((void **)&b->file, &b->file_cap, b->files + 1, sizeof *b->file);
	b->file[b->files++] = (struct backlog_file){ .path = f->path,
						     .time_s = named ? t.from_s : f->mtime_s,
						     .size = f->size,
						     .known = known };
	b->counts.bytes += f->size;
	f->path = NULL;
}

static void take_all_found(struct backlog *b)
{
	size_t had = b->files;

	for (size_t i = 0; i < b->founds; i++) {
		if (b->found[i].error)
			b->events.failed(b->events.ctx, b->found[i].path, b->found[i].error);
		else
			take_found(b, &b->found[i]);
		free(b->found[i].path);
	}
	b->founds = 0;
	if (b->files > had)
		qsort(b->file, b->files, sizeof *b->file,
		      b->options.newest_first ? newest_last : oldest_last);
}

static void finish_close(struct backlog *b)
{
	void (*closed)(void *) = b->closed;
	void *ctx = b->closed_ctx;

	if (b->working || !b->timer_closed)
		return;
	for (size_t i = 0; i < b->files; i++)
		free(b->file[i].path);
	for (size_t i = 0; i < b->founds; i++)
		free(b->found[i].path);
	for (size_t i = 0; i < b->adding; i++)
		free(b->added[i]);
	free(b->file);
	free(b->found);
	free(b->added);
	free(b->source);
	dict_free(b->inodes);
	folder_walk_free(b->walk);
	free(b);
	closed(ctx);
}

static void look_again(uv_timer_t *t);

static void looked(uv_work_t *w, int status)
{
	struct backlog *b = w->data;
	uint64_t every_ms = b->took_ns / 1000000 * SHARE;

	(void)status;
	b->working = b->first = false;
	if (b->closing) {
		finish_close(b);
		return;
	}
	take_all_found(b);
	if (every_ms < EVERY_S * 1000)
		every_ms = EVERY_S * 1000;
	if (b->options.follow) {
		b->counts.every_s = (unsigned)(every_ms / 1000);
		if (b->put_off && every_ms == EVERY_S * 1000)
			every_ms = 1000;
		uv_timer_start(&b->timer, look_again, b->again ? SOON_MS : every_ms, 0);
	} else if (b->adding) {
		uv_timer_start(&b->timer, look_again, 0, 0);
	}
	b->again = false;
	b->events.found(b->events.ctx);
}

static void look_again(uv_timer_t *t)
{
	struct backlog *b = t->data;

	if (b->working)
		return;
	for (size_t i = 0; i < b->adding; i++) {
		folder_walk_add(b->walk, b->added[i]);
		free(b->added[i]);
	}
	b->first = b->adding > 0;
	b->adding = 0;
	b->working = true;
	uv_queue_work(b->loop, &b->work, look, looked);
}

/* ---- for the monitor ---- */

struct backlog *backlog_new(uv_loop_t *loop, const struct backlog_options *o,
			    const struct backlog_events *e)
{
	struct backlog *b = xcalloc(1, sizeof *b);

	b->loop = loop;
	b->options = *o;
	b->events = *e;
	b->walk = folder_walk_new(o->follow);
	b->inodes = dict_new();
	b->work.data = b;
	uv_timer_init(loop, &b->timer);
	b->timer.data = b;
	return b;
}

void backlog_add_folder(struct backlog *b, const char *path)
{
	xgrow((void **)&b->added, &b->added_cap, b->adding + 1, sizeof *b->added);
	b->added[b->adding++] = xstrndup(path, strlen(path));
	b->counts.folders++;
	if (!b->working)
		uv_timer_start(&b->timer, look_again, 0, 0);
}

void backlog_add_source(struct backlog *b, const char *path, uint32_t id)
{
	struct stat st;
	bool added;

	if (stat(path, &st) != 0)
		return;
	uint32_t known = know(b, st.st_dev, st.st_ino, &added);
	b->source[known] = id;
}

void backlog_look_soon(struct backlog *b)
{
	if (b->working)
		b->again = true;
	else if (b->counts.folders && uv_timer_get_due_in(&b->timer) > SOON_MS)
		uv_timer_start(&b->timer, look_again, SOON_MS, 0);
}

bool backlog_take(struct backlog *b, struct backlog_file *out)
{
	if (b->files == 0)
		return false;
	*out = b->file[--b->files];
	b->counts.bytes -= out->size;
	return true;
}

void backlog_is_source(struct backlog *b, uint32_t known, uint32_t id)
{
	b->source[known] = id;
}

bool backlog_next_time(const struct backlog *b, int64_t *time_s)
{
	if (b->files)
		*time_s = b->file[b->files - 1].time_s;
	return b->files > 0;
}

void backlog_leave_older(struct backlog *b)
{
	b->counts.older += b->files;
	b->counts.bytes = 0;
	while (b->files) {
		struct backlog_file *f = &b->file[--b->files];
		dict_address_unref(b->inodes, f->known);
		free(f->path);
	}
}

bool backlog_is_looking(const struct backlog *b)
{
	return b->adding || b->first;
}

void backlog_counts(const struct backlog *b, struct backlog_counts *out)
{
	*out = b->counts;
	out->waiting = b->files;
}

size_t backlog_bytes(const struct backlog *b)
{
	return dict_bytes(b->inodes) + b->source_cap * sizeof *b->source +
	       b->file_cap * sizeof *b->file + b->files * 128;
}

static void timer_closed(uv_handle_t *h)
{
	struct backlog *b = h->data;

	b->timer_closed = true;
	finish_close(b);
}

void backlog_close(struct backlog *b, void (*closed)(void *ctx), void *ctx)
{
	b->closing = true;
	b->closed = closed;
	b->closed_ctx = ctx;
	uv_close((uv_handle_t *)&b->timer, timer_closed);
}
