/* folder.c - see folder.h. */
#include "input/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "store/dict.h"
#include "input/folder_bound.h"

#define STEADY_S 2 /* a change within this time may be followed by one of the same stamp */

struct place {
	char *path;      /* NULL: gone, to be dropped */
	size_t bound;    /* see folder_bound.h */
	struct stat st;  /* of when it was read last */
	bool root;       /* asked for: looked for even when it is gone */
	bool known;      /* its device and inode are in `ids` */
	bool steady;     /* what was read then is still so while st_mtim is */
	bool failed;     /* said already */
	uint32_t before; /* when it was read last; 0: never */
};

/* What stood under a path when its folder was read. */
struct told {
	ino_t inode; /* 0: none */
	uint32_t reading;
	bool out; /* a link that leads out of its folder */
};

struct folder_walk {
	bool first_done, remote;
	int64_t newest_s; /* change of the folder that is read, and of files told of it */
	const struct folder_events *events;
	struct place *place; /* all folders, flat: each was found by reading one before it */
	size_t places, cap;
	struct dict *ids; /* paths of files, which index `told`; device and inode of folders, */
	size_t *place_of; /* which index this */
	size_t place_of_cap;
	struct told *told;
	size_t told_cap;
	size_t bound;          /* of the folder that is read */
	struct stand *outside; /* of this look */
	size_t outsides, outside_cap;
	uint32_t readings; /* of folders */
};

struct folder_walk *folder_walk_new(void)
{
	struct folder_walk *w = xcalloc(1, sizeof *w);

	w->ids = dict_new();
	return w;
}

void folder_walk_free(struct folder_walk *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->places; i++)
		free(w->place[i].path);
	free(w->place);
	free(w->told);
	free(w->outside);
	free(w->place_of);
	dict_free(w->ids);
	free(w);
}

static struct place *add_place(struct folder_walk *w, const char *path, size_t bound)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	xgrow((void **)&w->place, &w->cap, w->places + 1, sizeof *w->place);
	w->place[w->places] = (struct place){ .path = xstrndup(path, n), .bound = bound };
	return &w->place[w->places++];
}

void folder_walk_add(struct folder_walk *w, const char *path, bool follow_links)
{
	struct place *p = add_place(w, path, 0);

	p->root = true;
	p->bound = follow_links ? 0 : strlen(p->path);
}

/* ---- folders ---- */

/* Once a path: an unreadable folder is not told of every few seconds. */
static void tell_failed(struct folder_walk *w, struct place *p, int error)
{
	if (!p->failed)
		w->events->failed(w->events->ctx, p->path, error);
	p->failed = true;
}

/* The id of a folder. *added: it was not known before; the id is then kept, else not. */
static uint32_t know_folder(struct folder_walk *w, const struct stat *st, bool *added)
{
	uint64_t key[2] = { st->st_dev, st->st_ino };
	uint32_t id = dict_address_find(w->ids, (const uint8_t *)key);

	*added = id == DICT_NONE;
	if (*added)
		id = dict_address_ref(w->ids, (const uint8_t *)key);
	xgrow((void **)&w->place_of, &w->place_of_cap, (size_t)id + 1, sizeof *w->place_of);
	return id;
}

static void unknow_folder(struct folder_walk *w, const struct place *p)
{
	uint64_t key[2] = { p->st.st_dev, p->st.st_ino };

	dict_address_unref(w->ids, dict_address_find(w->ids, (const uint8_t *)key));
}

/* Known under another path: a link to it, or it was renamed. Everything below it has other
 * names then. */
static void met_folder(struct place *p, const char *path, size_t bound)
{
	struct stat here;

	if (stat(p->path, &here) == 0 && here.st_dev == p->st.st_dev && here.st_ino == p->st.st_ino)
		return;
	free(p->path);
	p->path = xstrndup(path, strlen(path));
	p->bound = bound;
	p->root = p->steady = false;
}

/* A folder that is met twice, by links, is read once: one that leads to its own folder, or up
 * from it, adds nothing. */
static void found_folder(struct folder_walk *w, const char *path, const struct stat *st)
{
	bool added;
	uint32_t id = know_folder(w, st, &added);

	if (added) {
		struct place *p = add_place(w, path, w->bound);
		p->known = true;
		p->st.st_dev = st->st_dev;
		p->st.st_ino = st->st_ino;
		w->place_of[id] = w->places - 1;
		return;
	}
	struct place *p = &w->place[w->place_of[id]];
	if (p->path && !p->root && strcmp(p->path, path) != 0)
		met_folder(p, path, w->bound);
}

/* ---- files ---- */

static struct told *told_of(struct folder_walk *w, const char *path)
{
	size_t had = w->told_cap;
	uint32_t id = dict_text_ref(w->ids, str_of(path));

	xgrow((void **)&w->told, &w->told_cap, (size_t)id + 1, sizeof *w->told);
	if (w->told_cap > had)
		memset(w->told + had, 0, (w->told_cap - had) * sizeof *w->told);
	return &w->told[id];
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void folder_walk_forget(struct folder_walk *w, uint64_t *inode, size_t n)
{
	if (n == 0)
		return;
	qsort(inode, n, sizeof *inode, by_number);
	for (size_t i = 0; i < w->told_cap; i++) {
		uint64_t key = w->told[i].inode;
		if (key && bsearch(&key, inode, n, sizeof key, by_number))
			w->told[i].inode = 0;
	}
	for (size_t i = 0; i < w->places; i++)
		w->place[i].steady = false;
}

/* Whether the file was told. A file that was away in between may be another one, with an inode
 * that is used again; or it has come back to a name that it had, and is waited for. */
static bool was_told(struct folder_walk *w, const char *path, ino_t inode, uint32_t before)
{
	struct told *t = told_of(w, path);
	bool was =
		t->inode == inode && !t->out && (t->reading == before || t->reading == w->readings);

	if (was)
		t->reading = w->readings;
	return was;
}

/* ---- links that lead out ---- */

/* `st` is of what the path leads to, which is not looked at. */
static void leads_out(struct folder_walk *w, const char *path, const struct stat *st)
{
	struct told *t = told_of(w, path);
	struct stat link;

	if (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode))
		return;
	if (lstat(path, &link) != 0 || (t->out && t->inode == link.st_ino))
		return;
	*t = (struct told){ link.st_ino, w->readings, true };
	xgrow((void **)&w->outside, &w->outside_cap, w->outsides + 1, sizeof *w->outside);
	w->outside[w->outsides++] = stand_of(st);
}

/* ---- names ---- */

/* One name of a folder that was read last at `before`. */
static void found_name(struct folder_walk *w, const char *path, const struct dirent *d,
		       uint32_t before)
{
	bool sure = d->d_type == DT_REG;
	struct stat st;
	int rc;

	if (sure && was_told(w, path, d->d_ino, before))
		return; /* without another look at it */
	rc = folder_bound_stat(path, sure ? 0 : w->bound, &st);
	if (rc == -EXDEV)
		leads_out(w, path, &st);
	else if (rc && rc != -ENOENT && !w->first_done)
		/* Gone since: no matter. A link to links in a circle is said once. */
		w->events->failed(w->events->ctx, path, rc);
	if (rc)
		return;
	if (S_ISDIR(st.st_mode)) {
		found_folder(w, path, &st);
		return;
	}
	if (!S_ISREG(st.st_mode) || was_told(w, path, st.st_ino, before))
		return;
	*told_of(w, path) = (struct told){ st.st_ino, w->readings, false };
	w->newest_s = st.st_mtime > w->newest_s ? st.st_mtime : w->newest_s;
	w->events->file(w->events->ctx,
			&(struct folder_file){ path, w->bound, stand_of(&st), false });
}

static void path_in(const char *folder, const char *name, struct buf *out)
{
	buf_clear(out);
	buf_printf(out, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
}

static void read_folder(struct folder_walk *w, size_t i, DIR *dir)
{
	uint32_t before = w->place[i].before;
	struct buf path = { 0 };
	struct dirent *d;

	w->bound = w->place[i].bound;
	w->place[i].failed = false;
	w->place[i].before = ++w->readings;
	while ((d = readdir(dir))) {
		if (!folder_reads_name(d->d_name))
			continue;
		path_in(w->place[i].path, d->d_name, &path);
		found_name(w, path.s, d, before);
	}
	buf_release(&path);
}

/* Removed: should it come back, it is found by reading the one above. */
static void forget_place(struct folder_walk *w, struct place *p)
{
	p->steady = false;
	if (p->known)
		unknow_folder(w, p);
	p->known = false;
	if (!p->root) {
		free(p->path);
		p->path = NULL;
	}
}

/* Another folder may have the place's path by now; the folder that had it is met again where it
 * stands. */
static void know_place(struct folder_walk *w, size_t i, const struct stat *st)
{
	struct place *p = &w->place[i];
	bool added;
	uint32_t id;

	if (p->known && p->st.st_dev == st->st_dev && p->st.st_ino == st->st_ino)
		return;
	if (p->known)
		unknow_folder(w, p);
	id = know_folder(w, st, &added);
	if (added)
		w->place_of[id] = i;
	p->known = added;
}

/* Whether the folder may be read; a link may have taken its place, or that of one above. */
static bool is_bound(struct folder_walk *w, struct place *p, int fd, const struct stat *st)
{
	int rc = folder_bound_check(fd, p->path, p->bound);

	if (rc == -EXDEV)
		leads_out(w, p->path, st);
	else if (rc)
		tell_failed(w, p, rc);
	if (rc)
		forget_place(w, p);
	return rc == 0;
}

/* It has changed. `dir` NULL: it can't be opened. */
static void look_into(struct folder_walk *w, size_t i, DIR *dir, const struct stat *st)
{
	struct place *p = &w->place[i];

	know_place(w, i, st);
	p->st = *st;
	p->steady = folder_is_local(p->path);
	w->remote |= !p->steady;
	w->newest_s = p->steady ? st->st_mtime : INT64_MAX;
	p->steady &= st->st_mtime + STEADY_S < time(NULL);
	if (dir)
		read_folder(w, i, dir);
	if (w->newest_s < INT64_MAX && w->events->folder)
		w->events->folder(w->events->ctx, w->place[i].path, w->newest_s);
}

static void look_at(struct folder_walk *w, size_t i)
{
	struct place *p = &w->place[i];
	struct stat st;
	DIR *dir;

	if (stat(p->path, &st) != 0) {
		if (p->root || !w->first_done || errno != ENOENT)
			tell_failed(w, p, -errno);
		forget_place(w, p);
		return;
	}
	if (p->steady && st.st_mtim.tv_sec == p->st.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == p->st.st_mtim.tv_nsec && st.st_ino == p->st.st_ino)
		return;
	dir = opendir(p->path);
	if (!dir)
		tell_failed(w, p, -errno);
	if (!dir || is_bound(w, p, dirfd(dir), &st))
		look_into(w, i, dir, &st);
	if (dir)
		closedir(dir);
}

static void drop_gone(struct folder_walk *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->places; i++) {
		bool added;
		if (!w->place[i].path)
			continue;
		if (w->place[i].known && kept < i)
			w->place_of[know_folder(w, &w->place[i].st, &added)] = kept;
		w->place[kept++] = w->place[i];
	}
	w->places = kept;
}

/* Its place; NULL: it was not looked through. */
static struct place *find_place(struct folder_walk *w, const char *folder)
{
	struct stat st;
	struct place *p;
	uint32_t id;

	if (stat(folder, &st) != 0)
		return NULL;
	uint64_t key[2] = { st.st_dev, st.st_ino };
	id = dict_address_find(w->ids, (const uint8_t *)key);
	if (id == DICT_NONE)
		return NULL;
	p = &w->place[w->place_of[id]];
	return p->path && p->before && strcmp(p->path, folder) == 0 ? p : NULL;
}

static void look_at_file(struct folder_walk *w, const char *path, const struct stat *st,
			 uint32_t before)
{
	struct told *t = told_of(w, path);
	bool again = t->inode == st->st_ino && t->reading == before && !t->out;

	*t = (struct told){ st->st_ino, before, false };
	w->events->file(w->events->ctx,
			&(struct folder_file){ path, w->bound, stand_of(st), again });
}

static void look_at_name(struct folder_walk *w, const char *path, uint32_t before)
{
	struct stat st;
	int rc = folder_bound_stat(path, w->bound, &st);

	if (rc == -EXDEV)
		leads_out(w, path, &st);
	else if (rc)
		; /* gone again */
	else if (S_ISREG(st.st_mode))
		look_at_file(w, path, &st, before);
	else if (S_ISDIR(st.st_mode))
		found_folder(w, path, &st);
}

void folder_walk_look(struct folder_walk *w, const char *folder, const char *name,
		      const struct folder_events *e)
{
	struct place *p = find_place(w, folder);
	size_t had = w->places;
	struct buf path = { 0 };

	w->events = e;
	if (!p)
		return;
	w->bound = p->bound;
	if (!name) {
		look_at(w, (size_t)(p - w->place));
	} else {
		path_in(folder, name, &path);
		look_at_name(w, path.s, p->before);
	}
	for (size_t i = had; i < w->places; i++)
		look_at(w, i);
	drop_gone(w);
	buf_release(&path);
}

void folder_walk_run(struct folder_walk *w, const struct folder_events *e)
{
	w->events = e;
	/* Reading one may add more behind it. */
	for (size_t i = 0; i < w->places; i++)
		look_at(w, i);
	drop_gone(w);
	w->first_done = true;
}

bool folder_walk_is_remote(const struct folder_walk *w)
{
	return w->remote;
}

const struct stand *folder_walk_outside(struct folder_walk *w, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < w->outsides; i++) {
		struct stand s = w->outside[i];
		uint64_t key[2] = { s.device, s.inode };
		if (dict_address_find(w->ids, (const uint8_t *)key) == DICT_NONE)
			w->outside[(*n)++] = s;
	}
	w->outsides = 0;
	return w->outside;
}
