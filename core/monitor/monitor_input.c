/* monitor_input.c - where the data comes from: paths, files of folders, standard input, the
 * demo; and what an earlier run read of them. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "input/demo.h"
#include "monitor/monitor_state.h"

static struct source *add_source(struct monitor *m, struct source *s, int64_t time_s)
{
	ingest_add(m->ingest, s);
	ledger_add(m->ledger, time_s);
	m->changed = true;
	ingest_pump(m->ingest);
	return s;
}

/* An input that can't be opened stands among the sources too. */
void monitor_report_path(void *ctx, const char *path, int error)
{
	struct monitor *m = ctx;
	struct source *s = add_source(m, source_none_new(path), ORDER_NAMED);

	s->failed = true;
	source_set_state(s, SOURCE_FAILED);
	source_fault(s, "cannot open '%s': %s", path, source_error_text(error));
}

/* Exact without: nothing is moved or copied while a folder is read once. */
static bool knows_streams(const struct monitor *m)
{
	return m->options.follow || m->state;
}

static struct source *add_file(struct monitor *m, struct source *s, const struct stand *stand,
			       int64_t time_s)
{
	struct identity *i =
		m->state && stand->inode ? identity_of_file(m->identities, stand) : NULL;

	s->identify = knows_streams(m);
	if (!i)
		return add_source(m, s, time_s);
	i->seen_s = (int64_t)time(NULL);
	source_file_was_read(s, stand);
	ledger_add(m->ledger, time_s);
	ingest_add_read(m->ingest, s, m->options.follow);
	m->changed = true;
	return s;
}

/* ---- files of folders ---- */

/* Whether what waits is older than all that there is room for. */
static bool is_too_old(struct monitor *m)
{
	int64_t next_s;

	return m->options.newest_first && ring_evicted(m->ring) &&
	       backlog_next_time(m->backlog, &next_s) && next_s < ring_oldest(m->ring);
}

/* The state is no log, though it stands among them. */
static bool is_state(const struct monitor *m, const struct backlog_file *f)
{
	struct stat st;

	return m->state && stat(m->state_path, &st) == 0 && st.st_dev == f->stand.device &&
	       st.st_ino == f->stand.inode;
}

/* Asked for by this name: followed as that. */
static bool is_named(const struct monitor *m, const char *path)
{
	return dict_text_find(m->named, str_of(path)) != DICT_NONE;
}

void monitor_take_files(struct monitor *m)
{
	struct backlog_file f;

	if (m->first)
		monitor_read_on(m);
	if (is_too_old(m))
		backlog_leave_older(m->backlog);
	while (ingest_unbegun(m->ingest) < UNBEGUN_MAX && backlog_take(m->backlog, &f)) {
		if (!is_named(m, f.path) && !is_state(m, &f)) {
			struct source *s =
				source_file_found(f.path, f.bound, &f.stand, m->options.follow);
			add_file(m, s, &f.stand, f.time_s);
			backlog_is_source(m->backlog, f.known, s->id);
		}
		free(f.path);
	}
}

void monitor_on_found(void *ctx)
{
	struct monitor *m = ctx;

	m->changed = true;
	monitor_take_files(m);
}

void monitor_on_met_again(void *ctx, uint32_t id, const char *path, size_t bound)
{
	struct monitor *m = ctx;

	source_file_met(ingest_source(m->ingest, id), path, bound);
	ingest_hint(ingest_source(m->ingest, id));
	ingest_pump(m->ingest);
}

void monitor_on_moved(void *ctx)
{
	struct monitor *m = ctx;

	backlog_look_soon(m->backlog);
}

/* What its writer still writes there is of the same log. */
void monitor_on_late(void *ctx, struct source *s)
{
	struct monitor *m = ctx;
	struct source_left left;
	struct source *late;

	while ((late = source_file_late(s, &left))) {
		ingest_add(m->ingest, late);
		source_take_up(late, &left);
		ledger_add(m->ledger, ORDER_NAMED);
	}
	m->changed = true;
}

void monitor_on_gone(void *ctx, uint64_t inode)
{
	struct monitor *m = ctx;

	backlog_forget(m->backlog, inode);
}

/* ---- inputs ---- */

static void add_named(struct monitor *m, const char *path, const struct stand *stand)
{
	struct source *s;

	if (is_named(m, path))
		return;
	dict_text_ref(m->named, str_of(path));
	if (stand->inode && backlog_knows(m->backlog, stand))
		return;
	s = add_file(m, source_file_new(path, stand, m->options.follow), stand, ORDER_NAMED);
	if (stand->inode)
		backlog_add_source(m->backlog, stand, s->id);
	monitor_watch_named(m, path, s);
}

static void add_fifo(struct monitor *m, const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		monitor_report_path(m, path, -errno);
	else
		add_source(m, source_pipe_new(path, fd, m->loop), ORDER_NAMED);
}

void monitor_add_path(struct monitor *m, const char *path)
{
	struct stand stand = { 0 };
	struct stat st = { 0 };

	if (stat(path, &st) == 0)
		stand = stand_of(&st);
	if (S_ISDIR(st.st_mode)) {
		backlog_add_folder(m->backlog, path);
		m->changed = true;
	} else if (S_ISFIFO(st.st_mode)) {
		add_fifo(m, path);
	} else {
		add_named(m, path, &stand);
	}
}

static bool on_saving(void *ctx)
{
	struct monitor *m = ctx;

	return !m->events.saving || m->events.saving(m->events.ctx);
}

static void on_save_failed(void *ctx, const char *path, int error)
{
	struct monitor *m = ctx;
	char text[512];

	m->failed = true;
	snprintf(text, sizeof text, "cannot write '%s': %s", path, uv_strerror(error));
	if (m->events.error)
		m->events.error(m->events.ctx, text);
}

int monitor_open_state(struct monitor *m, const char *path)
{
	const struct state_events e = { m, on_saving, on_save_failed };
	int error;

	m->state_path = path;
	m->state = state_open(m->loop, m->identities, path, m->options.follow, &e, &error);
	return error;
}

void monitor_save_state(struct monitor *m)
{
	if (m->state)
		state_save(m->state);
}

/* Neither a folder nor a device that never ends; an empty one (/dev/null) is fine. */
static int stdin_error(void)
{
	struct stat st, null;

	if (fstat(STDIN_FILENO, &st) != 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (S_ISREG(st.st_mode) || S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode))
		return 0;
	return stat("/dev/null", &null) == 0 && st.st_rdev == null.st_rdev ? 0 : -EOPNOTSUPP;
}

void monitor_add_stdin(struct monitor *m)
{
	uv_handle_type type = uv_guess_handle(0);
	int error = stdin_error();

	if (error)
		monitor_report_path(m, "-", error);
	else if (type == UV_FILE)
		add_source(m, source_fd_new("-", dup(0), m->options.follow), ORDER_NAMED);
	else
		add_source(m, source_pipe_new("-", dup(0), m->loop), ORDER_NAMED);
}

/* As --names and --ioc would, beside what these say. */
static void label_demo(struct labels *l)
{
	struct label_faults none = { 0 };
	struct buf json = { 0 };

	demo_interfaces(&json);
	labels_add_names_text(l, "demo", json.s, &none);
	labels_add_names_text(l, "demo", demo_names(), &none);
	labels_add_ioc_text(l, "demo", demo_bad_addresses(), &none);
	buf_release(&json);
	buf_release(&none.text);
}

void monitor_add_demo(struct monitor *m, uint64_t seed, unsigned flows_per_s, int64_t start_s)
{
	label_demo(monitor_labels(m));
	add_source(m, source_demo_new(seed, flows_per_s, start_s, m->options.follow), ORDER_NAMED);
}
