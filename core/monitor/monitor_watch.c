/* monitor_watch.c - hints from folders to what is read of them: a file that was asked for by
 * name is known by its name in its folder, one of a folder is looked at where it stands. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "monitor/monitor_state.h"

/* What a folder is watched for: kept in `stirred` under its path; under those of files, their
 * sources. */
enum {
	FOR_FILES = 1, /* that are found in it */
	FOR_NAMED = 2, /* some of its files, by their names */
	FOR_ANY = 4    /* what a link leads to there: it may be another file soon */
};

/* The place of a path in `stirred`; a new one holds `first`. */
static uint32_t *place_of(struct monitor *m, struct str path, uint32_t first)
{
	bool known = dict_text_find(m->stirring, path) != DICT_NONE;
	uint32_t id = dict_text_ref(m->stirring, path);

	xgrow((void **)&m->stirred, &m->stirred_cap, (size_t)id + 1, sizeof *m->stirred);
	if (!known)
		m->stirred[id] = first;
	return &m->stirred[id];
}

/* NULL: it is not known. */
static const uint32_t *find(const struct monitor *m, struct str path)
{
	uint32_t id = dict_text_find(m->stirring, path);

	return id == DICT_NONE ? NULL : &m->stirred[id];
}

static void watch(struct monitor *m, const char *folder, unsigned what, int64_t time_s)
{
	*place_of(m, str_of(folder), 0) |= what;
	watches_add(m->watches, folder, time_s);
}

/* ---- hints ---- */

static bool hint_named(struct monitor *m, const char *folder, const char *name, unsigned what)
{
	struct buf path = { 0 };
	const uint32_t *source;
	bool hinted;

	if (!(what & FOR_NAMED))
		return false;
	if (!name || (what & FOR_ANY))
		return ingest_hint_all(m->ingest);
	buf_printf(&path, "%s/%s", folder, name);
	source = find(m, buf_str(&path));
	hinted = source && ingest_hint(ingest_source(m->ingest, *source));
	buf_release(&path);
	return hinted;
}

static bool on_stirred(void *ctx, const char *folder, const char *name)
{
	struct monitor *m = ctx;
	const uint32_t *what = find(m, str_of(folder));
	bool named = what && hint_named(m, folder, name, *what);

	return (what && (*what & FOR_FILES) && backlog_hint(m->backlog, folder, name)) || named;
}

static void on_look(void *ctx)
{
	struct monitor *m = ctx;

	ingest_pump(m->ingest);
	backlog_look_at_hints(m->backlog);
}

/* ---- folders ---- */

void monitor_on_folder(void *ctx, const char *path, int64_t time_s)
{
	struct monitor *m = ctx;

	if (m->watches)
		watch(m, path, FOR_FILES, time_s);
}

/* Takes the path apart: its folder, and the name in it. */
static char *folder_of(const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');

	*name = slash ? slash + 1 : path;
	if (!slash)
		return xstrndup(".", 1);
	return slash == path ? xstrndup("/", 1) : xstrndup(path, (size_t)(slash - path));
}

void monitor_watch_named(struct monitor *m, const char *path, const struct source *s)
{
	struct buf in_folder = { 0 };
	struct stat st;
	const char *name;
	char *folder, *real;

	if (!m->watches)
		return;
	folder = folder_of(path, &name);
	buf_printf(&in_folder, "%s/%s", folder, name);
	if (folder_is_local(folder)) {
		*place_of(m, buf_str(&in_folder), s->id) = s->id;
		watch(m, folder, FOR_NAMED, WATCHES_NAMED);
	}
	free(folder);
	buf_release(&in_folder);
	real = lstat(path, &st) == 0 && S_ISLNK(st.st_mode) ? realpath(path, NULL) : NULL;
	if (!real)
		return;
	folder = folder_of(real, &name);
	if (folder_is_local(folder))
		watch(m, folder, FOR_NAMED | FOR_ANY, WATCHES_NAMED);
	free(folder);
	free(real);
}

/* ---- life ---- */

void monitor_watch(struct monitor *m)
{
	const struct watches_events e = { m, on_stirred, on_look };

	if (m->options.follow && !m->options.no_watches)
		m->watches = watches_new(m->loop, &e);
}
