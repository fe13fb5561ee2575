/* source_late.c - see source_late.h. Most files get nothing more: only one that does becomes a
 * source of its own, until nothing came for as long again. */
#include "input/source_late.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- files that were left ---- */

static void let_go(struct late_file *f)
{
	file_release(&f->file);
	identity_release(&f->left.place);
	format_book_release(&f->left.book);
	*f = (struct late_file){ .file.fd = -1 };
}

static void drop(struct late_files *l, unsigned i)
{
	let_go(&l->file[i]);
	l->n--;
	memmove(&l->file[i], &l->file[i + 1], (l->n - i) * sizeof *l->file);
}

void late_files_add(struct late_files *l, struct source *s, const struct file *f)
{
	for (unsigned i = l->n; i-- > 0;)
		if (l->file[i].file.fd < 0)
			drop(l, i);
	if (l->n == LATE_MAX)
		drop(l, 0);
	l->file[l->n] = (struct late_file){ .file = *f };
	l->file[l->n].file.path = NULL;
	source_leave(s, &l->file[l->n++].left);
}

static bool has_grown(const struct file *f)
{
	struct stat st;

	return f->fd >= 0 && fstat(f->fd, &st) == 0 && st.st_size > f->at;
}

bool late_files_grew(struct late_files *l, bool hinted)
{
	bool grew = false;

	for (unsigned i = 0; i < l->n; i++) {
		struct late_file *f = &l->file[i];
		if (has_grown(&f->file)) {
			grew = true;
		} else if (!hinted && ++f->looks >= FILE_PATIENCE && f->file.fd >= 0) {
			close(f->file.fd);
			f->file.fd = -1;
		}
	}
	return grew;
}

void late_files_release(struct late_files *l)
{
	while (l->n)
		drop(l, l->n - 1);
}

/* ---- one that has got more ---- */

struct late {
	struct file file; /* first: see source_file.h */
	unsigned looks;   /* since something came */
	bool over;
};

static ssize_t late_read(struct source *s, char *out, size_t n)
{
	struct late *l = s->impl;

	l->looks = 0;
	return l->over ? 0 : file_read_on(s, &l->file, out, n);
}

static bool late_check(struct source *s)
{
	struct late *l = s->impl;

	if (file_has_more(s, &l->file))
		return true;
	l->over = !s->hinted && ++l->looks >= FILE_PATIENCE;
	return l->over;
}

static enum source_state late_dry(struct source *s)
{
	struct late *l = s->impl;

	if (!l->over)
		return SOURCE_FOLLOWING;
	close(l->file.fd);
	l->file.fd = -1;
	return SOURCE_DONE;
}

static void late_free(struct source *s)
{
	struct late *l = s->impl;

	file_release(&l->file);
	free(l);
}

static const struct source_ops late_ops = {
	.kind = "file",
	.read = late_read,
	.check = late_check,
	.dry = late_dry,
	.rewind = file_rewind,
	.stands = file_stands,
	.free = late_free,
};

struct source *late_files_take(struct late_files *l, const char *name, struct source_left *left)
{
	for (unsigned i = 0; i < l->n; i++) {
		struct late_file *f = &l->file[i];
		struct buf text = { 0 };
		struct late *late;
		struct source *s;
		if (!has_grown(&f->file))
			continue;
		late = xcalloc(1, sizeof *late);
		late->file = f->file;
		*left = f->left;
		*f = (struct late_file){ .file.fd = -1 };
		drop(l, i);
		buf_printf(&text, "%s (replaced)", name);
		s = file_source(&late_ops, late, &late->file, text.s);
		s->identify = true;
		buf_release(&text);
		return s;
	}
	return NULL;
}
