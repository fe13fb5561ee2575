/* labels_file.c - what each reader of a file of labels needs: the bytes of the file, a text of it
 * as a label, and the list of what was wrong in it. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "labels/labels_state.h"

int label_read(const char *path, struct buf *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	ssize_t n = 1;

	if (fd < 0)
		return -errno;
	while (n > 0 && !error) {
		buf_reserve(out, 65536);
		n = read(fd, out->s + out->n, 65536);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			error = -errno;
		else
			out->n += (size_t)n;
		if (out->n > LABELS_FILE_MAX)
			error = -EFBIG;
	}
	close(fd);
	return error;
}

int label_source_read(const struct label_source *s, struct buf *out)
{
	if (!s->text)
		return label_read(s->path, out);
	buf_puts(out, s->text);
	return 0;
}

void label_sources_add(struct label_sources *v, const struct label_source *s)
{
	xgrow((void **)&v->source, &v->cap, v->n + 1, sizeof *v->source);
	v->source[v->n++] =
		(struct label_source){ xstrndup(s->path, strlen(s->path)),
				       s->text ? xstrndup(s->text, strlen(s->text)) : NULL };
}

void label_sources_release(struct label_sources *v)
{
	for (size_t i = 0; i < v->n; i++) {
		free(v->source[i].path);
		free(v->source[i].text);
	}
	free(v->source);
}

void label_fault(struct label_faults *f, const char *path, size_t line, const char *what, ...)
{
	char text[200];
	va_list args;

	if (f->n++ >= FAULT_LINES)
		return;
	va_start(args, what);
	vsnprintf(text, sizeof text, what, args);
	va_end(args);
	if (line)
		buf_printf(&f->text, "%s:%zu: %s\n", path, line, text);
	else
		buf_printf(&f->text, "%s: %s\n", path, text);
}

uint32_t labels_intern(struct labels *l, struct str text)
{
	uint32_t id, *held;

	text = str_trim(text);
	if (text.n > LABELS_TEXT_MAX)
		for (text.n = LABELS_TEXT_MAX; text.n && (text.s[text.n] & 0xc0) == 0x80;)
			text.n--; /* not amid a character */
	if (text.n == 0 || str_equal(text, str_of("-")))
		return DICT_NONE;
	id = dict_text_ref(l->dict, text);
	held = dict_text_note(l->dict, TEXT_NOTE_HELD, id);
	if (*held)
		dict_text_unref(l->dict, id);
	else
		*held = 1;
	return id;
}
