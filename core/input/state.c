/* state.c - see state.h. */
#include "input/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "input/source_file.h"

#define EVERY_MS 10000
#define PART ".part"
#define LAST_PART ".last.part"

struct state {
	uv_loop_t *loop;
	struct identities *identities;
	struct state_events events;
	char *path;
	uv_timer_t timer;
	uv_work_t work;
	struct buf text; /* the job's while it runs */
	int error;       /* of the job */
	uv_mutex_t lock; /* of the next */
	bool last_saved; /* nothing may take its place any more */
	bool writing, timer_closed;
	void (*closed)(void *ctx);
	void *closed_ctx;
};

static int create(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd < 0 ? -errno : fd;
}

/* A file that is ours alone: none that others put there is written to, nor what a link of theirs
 * leads to. One of ours, which a run that was killed left, makes way. */
static int open_part(const char *path)
{
	struct stat st;
	int fd = create(path);

	if (fd == -EEXIST && lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && unlink(path) == 0)
		fd = create(path);
	return fd;
}

/* Beside the file. */
static int write_part(const char *path, struct str text)
{
	int fd = open_part(path), rc = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");

	if (fd < 0)
		return fd;
	if (!f) {
		rc = -errno;
		close(fd);
		return rc;
	}
	if (fwrite(text.s, 1, text.n, f) != text.n || fflush(f) != 0 || fsync(fileno(f)) != 0)
		rc = -errno;
	if (fclose(f) != 0 && !rc)
		rc = -errno;
	return rc;
}

/* Writes the state beside its file, then moves it into its place at once: a crash leaves the old
 * state or the new one. A state that a job began before the last one does not come behind it. */
static int write_state(struct state *s, struct str text, const char *suffix, bool last)
{
	struct buf part = { 0 };
	bool ours;
	int rc;

	if (text.n > STATE_FILE_MAX)
		return -EFBIG; /* the next run would not read it */
	buf_printf(&part, "%s%s", s->path, suffix);
	rc = write_part(part.s, text);
	ours = rc != -EEXIST;
	uv_mutex_lock(&s->lock);
	s->last_saved |= last;
	if (!rc && s->last_saved == last && rename(part.s, s->path) != 0)
		rc = -errno;
	uv_mutex_unlock(&s->lock);
	if (ours)
		unlink(part.s); /* what was not put in its place */
	buf_release(&part);
	return rc;
}

static void save_work(uv_work_t *w)
{
	struct state *s = w->data;

	s->error = write_state(s, buf_str(&s->text), PART, false);
}

/* The file in the way is the one beside it. */
static void tell_failed(struct state *s, const char *suffix, int error)
{
	struct buf path = { 0 };

	buf_printf(&path, "%s%s", s->path, error == -EEXIST ? suffix : "");
	s->events.failed(s->events.ctx, path.s, error);
	buf_release(&path);
}

static void finish_close(struct state *s)
{
	void (*closed)(void *) = s->closed;
	void *ctx = s->closed_ctx;

	if (s->writing || !s->timer_closed)
		return;
	uv_mutex_destroy(&s->lock);
	buf_release(&s->text);
	free(s->path);
	free(s);
	closed(ctx);
}

static void save_done(uv_work_t *w, int status)
{
	struct state *s = w->data;

	(void)status;
	s->writing = false;
	if (s->closed)
		finish_close(s);
	else if (s->error)
		tell_failed(s, PART, s->error);
}

static void on_timer(uv_timer_t *t)
{
	struct state *s = t->data;

	if (s->writing || !s->events.saving(s->events.ctx))
		return;
	buf_clear(&s->text);
	identities_print(s->identities, &s->text);
	s->writing = true;
	uv_queue_work(s->loop, &s->work, save_work, save_done);
}

static int load(struct identities *identities, const char *path)
{
	int fd, rc = -file_open_regular(path, &fd);
	struct stat st;
	FILE *f;

	if (rc)
		return rc == -ENOENT ? 0 : rc;
	if (fstat(fd, &st) != 0)
		rc = -errno;
	else if (st.st_size > (off_t)STATE_FILE_MAX)
		rc = -EFBIG;
	f = rc ? NULL : fdopen(fd, "r");
	if (!f) {
		rc = rc ? rc : -errno;
		close(fd);
		return rc;
	}
	rc = identities_read(identities, f);
	fclose(f);
	return rc;
}

/* Where the named file is: it may be a link, which stays, also to what is not there yet. */
static char *followed(const char *path)
{
	char *real = realpath(path, NULL), *folder = NULL, target[4096];
	struct buf joined = { 0 };
	ssize_t n;

	if (real)
		return real;
	n = readlink(path, target, sizeof target - 1);
	if (n <= 0)
		return xstrndup(path, strlen(path));
	target[n] = '\0';
	folder = xstrndup(path, strlen(path));
	if (*target != '/' && strrchr(folder, '/'))
		buf_add(&joined, folder, (size_t)(strrchr(folder, '/') - folder) + 1);
	buf_puts(&joined, target);
	free(folder);
	return joined.s;
}

struct state *state_open(uv_loop_t *loop, struct identities *identities, const char *path,
			 bool follow, const struct state_events *events, int *error)
{
	struct state *s;

	*error = load(identities, path);
	if (*error)
		return NULL;
	s = xcalloc(1, sizeof *s);
	s->loop = loop;
	s->identities = identities;
	s->events = *events;
	s->path = followed(path);
	s->work.data = s;
	if (uv_mutex_init(&s->lock) < 0)
		die("no memory for a lock");
	uv_timer_init(loop, &s->timer);
	s->timer.data = s;
	if (follow)
		uv_timer_start(&s->timer, on_timer, EVERY_MS, EVERY_MS);
	uv_unref((uv_handle_t *)&s->timer);
	return s;
}

void state_save(struct state *s)
{
	struct buf text = { 0 };
	int rc;

	identities_print(s->identities, &text);
	rc = write_state(s, buf_str(&text), LAST_PART, true);
	buf_release(&text);
	if (rc)
		tell_failed(s, LAST_PART, rc);
}

static void timer_closed(uv_handle_t *h)
{
	struct state *s = h->data;

	s->timer_closed = true;
	finish_close(s);
}

void state_close(struct state *s, void (*closed)(void *ctx), void *ctx)
{
	s->closed = closed;
	s->closed_ctx = ctx;
	uv_close((uv_handle_t *)&s->timer, timer_closed);
}
