/* backlog.c - see backlog.h. */
#include "input/backlog.h"

#include <stdlib.h>
#include <string.h>

#include "store/dict.h"
#include "input/folder_hints.h"
#include "input/name_time.h"

#define EVERY_REMOTE 10 /* times as seldom where each look reads every folder, perhaps for money */
#define SHARE 20        /* looking takes at most one part in so many of the time */
#define SOON 5          /* so many times sooner, where a file was moved */

/* What a job found, handed to the loop when it ends. */
struct found {
	struct backlog_file file;
	int error;  /* of a path that can't be looked at; 0: it is a file */
	bool again; /* told before */
};

struct backlog {
	uv_loop_t *loop;
	struct backlog_options options;
	struct backlog_events events;
	struct folder_walk *walk; /* the job's while it runs */
	char **added;             /* folders that it looks at from now on */
	size_t addeds, added_cap;
	uint64_t *forgotten; /* inodes of files that were removed */
	size_t forgottens, forgotten_cap;
	uv_timer_t timer;
	uv_work_t work;
	struct folder_hints hints, job_hints; /* that wait, and those of the job while it runs */
	bool due;     /* all folders are to be looked through when the job of hints has ended */
	bool hurried; /* see backlog_hurry: not looked through yet */
	bool working, first, again, closing, timer_closed;
	struct newest_folders newest; /* the job's while it runs */
	struct found *found;          /* the job's while it runs */
	size_t founds, found_cap, left_out;
	uint64_t took_ns;
	struct dict *inodes; /* device and inode: ids index `source` */
	uint32_t *source;
	size_t source_cap;
	struct backlog_file *file; /* the next one last */
	size_t files;
	struct backlog_counts counts;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

static void clear_added(struct backlog *b)
{
	while (b->addeds)
		free(b->added[--b->addeds]);
}

/* ---- in the job ---- */

static struct found *add_found(struct backlog *b, const char *path)
{
	xgrow((void **)&b->found, &b->found_cap, b->founds + 1, sizeof *b->found);
	b->found[b->founds] = (struct found){ .file.path = xstrndup(path, strlen(path)) };
	return &b->found[b->founds++];
}

static void on_file(void *ctx, const struct folder_file *f)
{
	struct backlog *b = ctx;
	struct name_time t;
	bool named = name_time(f->path, &t);
	struct backlog_file *file;
	struct found *found;

	if (named && !name_time_may_hold(&t, b->options.since_s, b->options.until_s)) {
		b->left_out += !f->again;
		return;
	}
	found = add_found(b, f->path);
	found->again = f->again;
	file = &found->file;
	file->bound = f->bound;
	file->stand = f->stand;
	file->time_s = named ? t.from_s : f->stand.mtime_ns / 1000000000;
}

static void on_failed(void *ctx, const char *path, int error)
{
	add_found(ctx, path)->error = error;
}

static void on_folder(void *ctx, const char *path, int64_t time_s)
{
	newest_folders_add(&((struct backlog *)ctx)->newest, path, time_s);
}

/* The file to be taken next stands last; files of the same time go by name. */
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

typedef int order_fn(const void *a, const void *b);

static order_fn *order_of(const struct backlog *b)
{
	return b->options.newest_first ? newest_last : oldest_last;
}

static void look_through(uv_work_t *w)
{
	struct backlog *b = w->data;
	const struct folder_events e = { b, on_file, on_folder, on_failed };
	uint64_t start = uv_hrtime();

	for (size_t i = 0; i < b->job_hints.n; i++)
		folder_walk_look(b->walk, b->job_hints.hint[i].folder, b->job_hints.hint[i].name,
				 &e);
	if (!b->job_hints.n)
		folder_walk_run(b->walk, &e);
	/* `file` stands first in struct found. */
	if (b->founds)
		qsort(b->found, b->founds, sizeof *b->found, order_of(b));
	if (!b->job_hints.n)
		b->took_ns = uv_hrtime() - start;
}

/* ---- on the loop ---- */

/* The place of an inode in `source`; *added: it was not known. */
static uint32_t know_inode(struct backlog *b, const struct stand *stand, bool *added)
{
	uint64_t key[2] = { stand->device, stand->inode };
	uint32_t id = dict_address_find(b->inodes, (const uint8_t *)key);

	*added = id == DICT_NONE;
	if (*added)
		id = dict_address_ref(b->inodes, (const uint8_t *)key);
	xgrow((void **)&b->source, &b->source_cap, (size_t)id + 1, sizeof *b->source);
	if (*added)
		b->source[id] = BACKLOG_NO_SOURCE;
	return id;
}

static struct backlog_file *find_waiting(struct backlog_file *file, size_t n, uint32_t known)
{
	for (size_t i = 0; i < n; i++)
		if (file[i].known == known)
			return &file[i];
	return NULL;
}

/* A file that waits was renamed, or another one has its inode: `f` takes its place in the
 * backlog. Takes the path of `f`. */
static void replace(struct backlog *b, struct backlog_file *waiting, const struct backlog_file *f)
{
	free(waiting->path);
	waiting->path = f->path;
	waiting->bound = f->bound;
	b->counts.bytes += f->stand.size - waiting->stand.size;
	waiting->stand = f->stand;
}

/* Whether a file that was found is to wait: not when it is known already; its path is taken
 * then. Of the files that wait, `n` are in `all` by now, and those of b->file from `i` on are
 * not. */
static bool is_new(struct backlog *b, struct found *found, struct backlog_file *all, size_t n,
		   size_t i)
{
	struct backlog_file *waiting, *f = &found->file;
	bool added;

	f->known = know_inode(b, &f->stand, &added);
	if (added && !found->again)
		return true;
	if (added) { /* it was left out */
		dict_address_unref(b->inodes, f->known);
		free(f->path);
		return false;
	}
	if (b->source[f->known] == BACKLOG_NO_SOURCE) {
		waiting = find_waiting(all, n, f->known);
		if (!waiting)
			waiting = find_waiting(b->file + i, b->files - i, f->known);
		if (waiting) {
			replace(b, waiting, f);
			return false;
		}
	} else {
		b->events.met_again(b->events.ctx, b->source[f->known], f->path, f->bound);
	}
	free(f->path);
	return false;
}

/* Merges the files that were found, which are in order, into those that wait. */
static void merge_found(struct backlog *b)
{
	size_t i = 0, k = 0, n = 0;
	struct backlog_file *all = xmalloc((b->files + b->founds) * sizeof *all + 1);
	order_fn *order = order_of(b);

	while (i < b->files || k < b->founds) {
		if (k == b->founds || (i < b->files && order(&b->file[i], &b->found[k].file) < 0)) {
			all[n++] = b->file[i++];
			continue;
		}
		struct found *f = &b->found[k++];
		if (f->error) {
			b->events.failed(b->events.ctx, f->file.path, f->error);
			free(f->file.path);
		} else if (is_new(b, f, all, n, i)) {
			b->counts.bytes += f->file.stand.size;
			all[n++] = f->file;
		}
	}
	free(b->file);
	b->file = all;
	b->files = n;
}

static void take_found(struct backlog *b)
{
	size_t n;
	const struct stand *outside = folder_walk_outside(b->walk, &n);

	if (b->founds)
		merge_found(b);
	b->founds = 0;
	for (size_t i = 0; i < n; i++) /* it may be read by its own name */
		b->counts.links_out += !backlog_knows(b, &outside[i]);
	b->counts.left_out += b->left_out;
	b->left_out = 0;
	for (size_t i = 0; b->options.follow && i < b->newest.n; i++)
		b->events.folder(b->events.ctx, b->newest.folder[i].path,
				 b->newest.folder[i].time_s);
	newest_folders_clear(&b->newest);
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
		free(b->found[i].file.path);
	newest_folders_clear(&b->newest);
	folder_hints_release(&b->hints);
	folder_hints_release(&b->job_hints);
	clear_added(b);
	free(b->added);
	free(b->forgotten);
	free(b->file);
	free(b->found);
	free(b->source);
	dict_free(b->inodes);
	folder_walk_free(b->walk);
	free(b);
	closed(ctx);
}

static void look_again(uv_timer_t *t);

static uint64_t pause_ms(const struct backlog *b)
{
	uint64_t least = b->options.look_ms * (folder_walk_is_remote(b->walk) ? EVERY_REMOTE : 1),
		 share = b->took_ns / 1000000 * SHARE;

	return share > least ? share : least;
}

static uint64_t soon_ms(const struct backlog *b)
{
	return b->options.look_ms / SOON;
}

/* After all folders were looked through. */
static void wait_for_next(struct backlog *b)
{
	b->first = false;
	if (b->options.follow) {
		b->counts.every_s = (unsigned)(pause_ms(b) / 1000);
		uv_timer_start(&b->timer, look_again, b->again ? soon_ms(b) : pause_ms(b), 0);
	}
	b->again = false;
}

static void looked_through(uv_work_t *w, int status)
{
	struct backlog *b = w->data;
	bool all = b->job_hints.n == 0;

	(void)status;
	b->working = false;
	if (b->closing) {
		finish_close(b);
		return;
	}
	folder_hints_clear(&b->job_hints);
	take_found(b);
	if (all)
		wait_for_next(b);
	if (b->due || b->addeds) /* which came while the job was at it */
		uv_timer_start(&b->timer, look_again, 0, 0);
	b->events.found(b->events.ctx);
	backlog_look_at_hints(b);
}

/* With the hints that wait when there are some, else through all folders. */
static void begin_job(struct backlog *b)
{
	b->working = true;
	uv_queue_work(b->loop, &b->work, look_through, looked_through);
}

static void look_again(uv_timer_t *t)
{
	struct backlog *b = t->data;

	b->due = b->working;
	if (b->working)
		return;
	for (size_t i = 0; i < b->addeds; i++)
		folder_walk_add(b->walk, b->added[i], b->options.follow_links);
	folder_walk_forget(b->walk, b->forgotten, b->forgottens);
	b->forgottens = 0;
	b->first = b->addeds > 0 || b->hurried;
	b->hurried = false;
	clear_added(b);
	begin_job(b);
}

/* ---- for the monitor ---- */

struct backlog *backlog_new(uv_loop_t *loop, const struct backlog_options *o,
			    const struct backlog_events *e)
{
	struct backlog *b = xcalloc(1, sizeof *b);

	b->loop = loop;
	b->options = *o;
	b->options.look_ms = o->look_ms ? o->look_ms : 1000;
	b->events = *e;
	b->walk = folder_walk_new();
	b->inodes = dict_new();
	b->work.data = b;
	uv_timer_init(loop, &b->timer);
	b->timer.data = b;
	return b;
}

void backlog_add_folder(struct backlog *b, const char *path)
{
	xgrow((void **)&b->added, &b->added_cap, b->addeds + 1, sizeof *b->added);
	b->added[b->addeds++] = xstrndup(path, strlen(path));
	b->counts.folders++;
	if (!b->working)
		uv_timer_start(&b->timer, look_again, 0, 0);
}

bool backlog_knows(struct backlog *b, const struct stand *stand)
{
	bool added;
	uint32_t id = know_inode(b, stand, &added);

	if (added)
		dict_address_unref(b->inodes, id);
	return !added;
}

void backlog_add_source(struct backlog *b, const struct stand *stand, uint32_t id)
{
	bool added;

	b->source[know_inode(b, stand, &added)] = id;
}

void backlog_forget(struct backlog *b, uint64_t inode)
{
	if (!b->counts.folders)
		return;
	xgrow((void **)&b->forgotten, &b->forgotten_cap, b->forgottens + 1, sizeof *b->forgotten);
	b->forgotten[b->forgottens++] = inode;
}

bool backlog_hint(struct backlog *b, const char *folder, const char *name)
{
	if (!b->counts.folders || (name && !folder_reads_name(name)))
		return false;
	if (!folder_hints_add(&b->hints, folder, name))
		backlog_look_soon(b);
	return true;
}

void backlog_look_at_hints(struct backlog *b)
{
	struct folder_hints empty = b->job_hints;

	if (b->working || !b->hints.n || b->addeds)
		return;
	b->job_hints = b->hints;
	b->hints = empty;
	begin_job(b);
}

void backlog_hurry(struct backlog *b)
{
	if (!b->counts.folders)
		return;
	b->hurried = true;
	if (b->working)
		b->due = true;
	else
		uv_timer_start(&b->timer, look_again, 0, 0);
}

void backlog_look_soon(struct backlog *b)
{
	if (b->working && !b->job_hints.n)
		b->again = true;
	else if (b->counts.folders && uv_timer_get_due_in(&b->timer) > soon_ms(b))
		uv_timer_start(&b->timer, look_again, soon_ms(b), 0);
}

bool backlog_take(struct backlog *b, struct backlog_file *out)
{
	if (b->files == 0)
		return false;
	*out = b->file[--b->files];
	b->counts.bytes -= out->stand.size;
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
	return b->addeds || b->first || b->hurried;
}

void backlog_counts(const struct backlog *b, struct backlog_counts *out)
{
	*out = b->counts;
	out->waiting = b->files;
}

size_t backlog_bytes(const struct backlog *b)
{
	return dict_bytes(b->inodes) + b->source_cap * sizeof *b->source +
	       b->files * (sizeof *b->file + 128);
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
