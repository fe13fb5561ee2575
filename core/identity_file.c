/* identity_file.c - the streams that were read, from one run to the next. A text file: a
 * line that says what it is, then one line a stream:
 * head_n hash linked seen_s tail (hexadecimal; "-": none). */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "identity_state.h"

#define FIRST_LINE "enitop state 1\n"
#define KEPT_S (30 * 86400) /* a stream that was not met for so long is forgotten */

static bool read_tail(const char *hex, struct identity *i)
{
	size_t n = strlen(hex);

	if (strcmp(hex, "-") == 0)
		return true;
	if (n % 2 || n / 2 > IDENTITY_TAIL)
		return false;
	for (; i->tail_n < n / 2; i->tail_n++) {
		unsigned byte;
		if (sscanf(hex + 2 * i->tail_n, "%2x", &byte) != 1)
			return false;
		i->tail[i->tail_n] = (char)byte;
	}
	return true;
}

static bool read_line(const char *line, struct identity *i)
{
	char tail[2 * IDENTITY_TAIL + 2];

	if (sscanf(line, "%u %" SCNx64 " %" SCNu64 " %" SCNd64 " %129s", &i->head_n, &i->hash,
		   &i->linked, &i->seen_s, tail) != 5)
		return false;
	i->at = i->linked;
	return i->head_n > 0 && i->head_n <= IDENTITY_HEAD && read_tail(tail, i);
}

int identities_load(struct identities *all, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[512];
	int rc = 0;

	if (!f)
		return errno == ENOENT ? 0 : -errno;
	if (!fgets(line, sizeof line, f) || strcmp(line, FIRST_LINE) != 0)
		rc = -EINVAL;
	while (rc == 0 && fgets(line, sizeof line, f)) {
		struct identity *i = xcalloc(1, sizeof *i);
		if (!read_line(line, i))
			rc = -EINVAL;
		if (rc || !identity_enter(all, i))
			free(i);
	}
	fclose(f);
	return rc;
}

static void write_all(const struct identities *all, FILE *f)
{
	int64_t now = (int64_t)time(NULL);

	fputs(FIRST_LINE, f);
	for (size_t k = 0; k < all->cap; k++) {
		const struct identity *i = all->list[k];
		/* The tail is of `at`: where more was taken than handed on, there is none. */
		unsigned tail_n = i && i->linked == i->at ? i->tail_n : 0;
		if (!i || !i->head_n || i->linked == 0 || (!i->files && i->seen_s + KEPT_S < now))
			continue;
		fprintf(f, "%u %" PRIx64 " %" PRIu64 " %" PRId64 " %s", i->head_n, i->hash,
			i->linked, i->files ? now : i->seen_s, tail_n ? "" : "-");
		for (unsigned n = 0; n < tail_n; n++)
			fprintf(f, "%02x", (unsigned char)i->tail[n]);
		putc('\n', f);
	}
}

int identities_save(const struct identities *all, const char *path)
{
	struct buf next = { 0 };
	int rc = 0;
	FILE *f;

	buf_printf(&next, "%s.part", path);
	f = fopen(next.s, "w");
	if (f) {
		write_all(all, f);
		if (fflush(f) != 0 || fsync(fileno(f)) != 0)
			rc = -errno;
		if (fclose(f) != 0 && !rc)
			rc = -errno;
		if (!rc && rename(next.s, path) != 0)
			rc = -errno;
		if (rc)
			unlink(next.s);
	} else {
		rc = -errno;
	}
	buf_release(&next);
	return rc;
}
