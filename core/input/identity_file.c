/* identity_file.c - the streams that were read, from one run to the next. A text file: a
 * line that says what it is, then one line a stream: numbers in decimal, hashes in
 * hexadecimal; header: the columns of the last header line, one space apart:
 *
 *   linked hash seen_s torn_n torn_hash device inode size mtime_ns at line
 *       mark [mark]... [| header] */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "schema/format.h"
#include "store/dict.h"
#include "input/identity_state.h"

#define FIRST_LINE "enitop state 1\n"
#define MARKS_READ 128
#define HEADER_KEPT 4096    /* bytes; a longer one is read again */
#define LINE_READ 8192      /* bytes; eleven numbers, the marks and a header have room */
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

void identity_keep_file(struct identities *all, struct identity *i,
			const struct identity_file *file, const struct format *f)
{
	char *header = i->file.header;

	all->headers -= header ? strlen(header) : 0;
	free(header);
	i->file = *file;
	i->file.header = NULL;
	if (!f)
		return;
	if (f->refusal || f->text.n > HEADER_KEPT) {
		i->file.at = 0;
		return;
	}
	i->file.header = xstrndup(f->text.s, f->text.n);
	all->headers += f->text.n;
}

/* ---- reading ---- */

static bool read_marks(const char *s, struct identity *i)
{
	uint64_t mark[MARKS_READ];
	unsigned marks = 0;
	int n;

	for (; marks < MARKS_READ && sscanf(s, " %" SCNx64 "%n", &mark[marks], &n) == 1; s += n)
		marks++;
	i->marks = marks;
	i->mark = xmemdup(mark, marks * sizeof *mark);
	return marks > 0;
}

static bool read_line(const char *line, struct identity *i)
{
	struct identity_file *f = &i->file;
	const char *header = strstr(line, " | ");
	int n;

	if (sscanf(line,
		   "%" SCNu64 " %" SCNx64 " %" SCNd64 " %" SCNu64 " %" SCNx64 " %" SCNu64
		   " %" SCNu64 " %" SCNu64 " %" SCNd64 " %" SCNu64 " %" SCNu64 "%n",
		   &i->linked, &i->hash, &i->seen_s, &i->torn.n, &i->torn.hash, &f->stand.device,
		   &f->stand.inode, &f->stand.size, &f->stand.mtime_ns, &f->at, &f->line, &n) != 11)
		return false;
	i->at = i->linked;
	/* Where less was handed on than taken, the marks between are not those of what follows. */
	i->broken = !i->hash;
	if (header)
		f->header = xstrndup(header + 3, strcspn(header + 3, "\n"));
	if (header && !*f->header)
		f->at = 0;
	return read_marks(line + n, i);
}

static void enter(struct identities *all, struct identity *i)
{
	identity_enter(all, i);
	all->headers += i->file.header ? strlen(i->file.header) : 0;
	if (i->file.stand.inode) {
		uint32_t slot = slot_of_file(all, &i->file.stand);
		all->of_file[slot] = i;
	}
}

int identities_read(struct identities *all, FILE *f)
{
	char line[LINE_READ];
	int rc = 0;

	if (!fgets(line, sizeof line, f) || strcmp(line, FIRST_LINE) != 0)
		rc = -EINVAL;
	while (rc == 0 && fgets(line, sizeof line, f)) {
		struct identity *i = xcalloc(1, sizeof *i);
		if (strlen(line) + 1 < sizeof line && read_line(line, i)) {
			enter(all, i);
			continue;
		}
		free(i->mark);
		free(i->file.header);
		free(i);
		rc = -EINVAL;
	}
	return ferror(f) ? -EIO : rc;
}

/* ---- writing ---- */

static void print_stream(const struct identity *i, int64_t now_s, struct buf *out)
{
	/* Hash and file are of `at`: where more was taken than handed on, there is none. */
	bool all = i->linked == i->at;
	struct identity_file none = { 0 }, f = all ? i->file : none;
	struct identity_torn torn = { 0 };

	if (all)
		torn = i->torn;
	buf_printf(out,
		   "%" PRIu64 " %" PRIx64 " %" PRId64 " %" PRIu64 " %" PRIx64 " %" PRIu64
		   " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRIu64 " %" PRIu64,
		   i->linked, all ? i->hash : 0, i->files ? now_s : i->seen_s, torn.n, torn.hash,
		   f.stand.device, f.stand.inode, f.stand.size, f.stand.mtime_ns, f.at, f.line);
	for (unsigned k = 0; k < i->marks; k++)
		buf_printf(out, " %" PRIx64, i->mark[k]);
	if (f.header)
		buf_printf(out, " | %s", f.header);
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
