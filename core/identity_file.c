/* identity_file.c - the streams that were read, from one run to the next. A text file: a
 * line that says what it is, then one line a stream: numbers in decimal, hashes in
 * hexadecimal; header: the columns of the last header line, one space apart:
 *
 *   linked seen_s tail device inode size mtime_ns at line
 *       bytes:hash [bytes:hash]... [| header] */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dict.h"
#include "format.h"
#include "identity_state.h"

#define FIRST_LINE "enitop state 1\n"
#define KEPT_S (30 * 86400) /* a stream that was not met for so long is forgotten */

/* ---- which file was read to its end ---- */

static uint32_t slot_of_file(struct identities *all, const struct stand *f)
{
	uint64_t key[2] = { f->device, f->inode };
	uint32_t slot = dict_address_ref(all->file_keys, (const uint8_t *)key);
	size_t had = all->file_cap;

	xgrow((void **)&all->of_file, &all->file_cap, (size_t)slot + 1, sizeof *all->of_file);
	if (all->file_cap > had)
		memset(all->of_file + had, 0, (all->file_cap - had) * sizeof *all->of_file);
	return slot;
}

struct identity *identity_of_file(struct identities *all, const struct stand *stand)
{
	uint32_t slot = slot_of_file(all, stand);
	struct identity *i = all->of_file[slot];

	dict_address_unref(all->file_keys, slot);
	return i && stand_is_unchanged(&i->file.stand, stand) ? i : NULL;
}

/* ---- reading ---- */

static bool read_marks(const char *s, struct identity_marks *m)
{
	int n;

	for (; m->n < IDENTITY_MARKS &&
	       sscanf(s, " %" SCNu16 ":%" SCNx64 "%n", &m->bytes[m->n], &m->hash[m->n], &n) == 2;
	     s += n)
		if (m->bytes[m->n++] > IDENTITY_HEAD)
			return false;
	return m->n > 0;
}

static bool read_line(const char *line, struct identity *i)
{
	struct identity_file *f = &i->file;
	const char *header = strstr(line, " | ");
	int n;

	if (sscanf(line,
		   "%" SCNu64 " %" SCNd64 " %" SCNx32 " %" SCNu64 " %" SCNu64 " %" SCNu64
		   " %" SCNd64 " %" SCNu64 " %" SCNu64 "%n",
		   &i->linked, &i->seen_s, &i->tail, &f->stand.device, &f->stand.inode,
		   &f->stand.size, &f->stand.mtime_ns, &f->at, &f->line, &n) != 9)
		return false;
	i->at = i->linked;
	if (header && !(f->format = format_parse(str_of(header + 3), "header")))
		f->at = 0;
	return read_marks(line + n, &i->head);
}

static void enter(struct identities *all, struct identity *i)
{
	identity_enter(all, i);
	if (i->file.stand.inode) {
		uint32_t slot = slot_of_file(all, &i->file.stand);
		all->of_file[slot] = i;
	}
}

int identities_read(struct identities *all, FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	int rc = 0;

	if (getline(&line, &cap, f) < 0 || strcmp(line, FIRST_LINE) != 0)
		rc = -EINVAL;
	while (rc == 0 && getline(&line, &cap, f) > 0) {
		struct identity *i = xcalloc(1, sizeof *i);
		if (read_line(line, i)) {
			enter(all, i);
			continue;
		}
		free(i);
		rc = -EINVAL;
	}
	free(line);
	return ferror(f) ? -EIO : rc;
}

/* ---- writing ---- */

static void print_stream(const struct identity *i, int64_t now_s, struct buf *out)
{
	/* Tail and file are of `at`: where more was taken than handed on, there is none. */
	bool all = i->linked == i->at;
	struct identity_file none = { 0 }, f = all ? i->file : none;

	buf_printf(out,
		   "%" PRIu64 " %" PRId64 " %" PRIx32 " %" PRIu64 " %" PRIu64 " %" PRIu64
		   " %" PRId64 " %" PRIu64 " %" PRIu64,
		   i->linked, i->files ? now_s : i->seen_s, all ? i->tail : 0, f.stand.device,
		   f.stand.inode, f.stand.size, f.stand.mtime_ns, f.at, f.line);
	for (unsigned k = 0; k < i->head.n; k++)
		buf_printf(out, " %u:%" PRIx64, i->head.bytes[k], i->head.hash[k]);
	if (f.format) {
		buf_puts(out, " | ");
		buf_add_str(out, f.format->text);
	}
	buf_putc(out, '\n');
}

void identities_print(const struct identities *all, struct buf *out)
{
	int64_t now_s = (int64_t)time(NULL);

	buf_puts(out, FIRST_LINE);
	for (size_t k = 0; k < all->cap; k++)
		for (const struct identity *i = all->list[k]; i; i = i->next)
			if (i->linked && (i->files || i->seen_s + KEPT_S >= now_s))
				print_stream(i, now_s, out);
}
