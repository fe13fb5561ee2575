/* save.c - see save.h. */
#include "app/save.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_page.h"
#include "app/pane_rows.h"
#include "base/descriptor.h"

#define FLUSH_BYTES (256u << 10)

const char save_suffixes[] = ".csv .json .ndjson .txt .raw .ocsf";

struct save {
	char *path, *part; /* part: written to until it is whole */
	char *around;      /* the file of what stands around the rows; NULL: the first has it */
	int fd, error;     /* negative errno */
	bool done;
	struct buf out;
	struct pane_rows *rows; /* NULL: of a page, which is in `out` from the beginning */
};

bool save_is_page(const struct save *s)
{
	return s->rows == NULL;
}

int save_output(const char *path)
{
	static const struct {
		const char *suffix;
		enum output output;
	} known[] = {
		{ ".csv", OUTPUT_CSV },        { ".ocsf", OUTPUT_OCSF },
		{ ".ocsf.json", OUTPUT_OCSF }, { ".json", OUTPUT_JSON },
		{ ".ndjson", OUTPUT_NDJSON },  { ".jsonl", OUTPUT_NDJSON },
		{ ".txt", OUTPUT_TABLE },      { ".raw", OUTPUT_RAW },
		{ ".log", OUTPUT_RAW },
	};
	size_t n = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		size_t m = strlen(known[i].suffix);
		if (n > m && strcmp(path + n - m, known[i].suffix) == 0)
			return (int)known[i].output;
	}
	return -1;
}

uint64_t save_rows(const struct save *s)
{
	return s->rows ? pane_rows_written(s->rows) : 0;
}

unsigned save_percent(const struct save *s)
{
	return s->rows ? pane_rows_percent(s->rows) : 100;
}

size_t save_bytes(const struct save *s)
{
	return s ? sizeof *s + s->out.cap + (s->rows ? pane_rows_bytes(s->rows) : 0) : 0;
}

void save_evict(struct save *s, struct segment *g)
{
	if (s->rows)
		pane_rows_evict(s->rows, g);
}

/* ---- the file ---- */

static void flush(struct save *s)
{
	if (!s->error)
		s->error = write_all(s->fd, buf_str(&s->out));
	buf_clear(&s->out);
}

/* "~/x" is in the home directory. */
static char *whole_path(const char *path)
{
	const char *home = getenv("HOME");
	struct buf b = { 0 };

	if (path[0] == '~' && path[1] == '/' && home)
		buf_printf(&b, "%s%s", home, path + 1);
	else
		buf_puts(&b, path);
	return b.s;
}

/* A file that nobody had, whatever stands under the name that it is to get: a descriptor, or
 * negative errno. */
static int open_part(const char *path, char **part)
{
	struct buf name = { 0 };
	int fd;

	buf_printf(&name, "%s.%d.part", path, (int)getpid());
	*part = name.s;
	fd = open(*part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	return fd < 0 ? -errno : fd;
}

/* What stands around the rows: beside a file that has no place for it. */
static void write_around(struct save *s)
{
	struct buf text = { 0 };
	char *part;
	int fd = open_part(s->around, &part);

	pane_rows_around(s->rows, &text);
	s->error = fd < 0 ? fd : write_all(fd, buf_str(&text));
	if (fd >= 0 && close(fd) != 0 && !s->error)
		s->error = -errno;
	if (!s->error && rename(part, s->around) != 0)
		s->error = -errno;
	if (s->error && fd >= 0)
		unlink(part);
	free(part);
	buf_release(&text);
}

/* ---- life ---- */

/* A table and JSON say what they are the answer to; of the others a second file does. */
static bool says_its_question(enum output o)
{
	return o == OUTPUT_TABLE || o == OUTPUT_JSON;
}

static bool is_refused(struct app *a, int output, char *why, size_t size)
{
	if (output < 0) {
		snprintf(why, size, "the suffix says the format: %s", save_suffixes);
		return true;
	}
	if (app_page(a) && !says_its_question((enum output)output)) {
		snprintf(why, size, "a page is .txt or .json");
		return true;
	}
	if (output_is_flows_only((enum output)output) &&
	    a->focus->view->query.rows != ROWS_RECORDS) {
		snprintf(why, size, "%s is of records: pane 5, flows",
			 output_name((enum output)output));
		return true;
	}
	return false;
}

/* 0, -EEXIST with *exists where it is a file that may be replaced, -ELOOP for a link, which is
 * neither followed nor replaced. */
static int check_name(const char *path, bool replace, bool *exists)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return 0;
	if (S_ISLNK(st.st_mode))
		return -ELOOP;
	*exists |= S_ISREG(st.st_mode) && !replace;
	return !S_ISREG(st.st_mode) || !replace ? -EEXIST : 0;
}

static void say_why(const char *path, const struct save *s, bool around, char *why, size_t size)
{
	snprintf(why, size, "cannot write '%s%s': %s", path, around ? ".query.json" : "",
		 s->error == -ELOOP ? "a link stands there" : strerror(-s->error));
}

struct save *save_open(struct app *a, const char *path, bool replace, bool *exists, char *why,
		       size_t size)
{
	const struct text_page *page = app_page(a);
	int output = save_output(path);
	struct save *s;
	bool around = false;

	*exists = false;
	if (is_refused(a, output, why, size))
		return NULL;
	s = xcalloc(1, sizeof *s);
	s->fd = -1;
	s->path = whole_path(path);
	s->error = check_name(s->path, replace, exists);
	if (pane_asks(a->focus) && !says_its_question((enum output)output)) {
		struct buf name = { 0 };
		buf_printf(&name, "%s.query.json", s->path);
		s->around = name.s;
	}
	if (!s->error && s->around) {
		s->error = check_name(s->around, replace, exists);
		around = s->error != 0;
	}
	if (!s->error) {
		s->fd = open_part(s->path, &s->part);
		s->error = s->fd < 0 ? s->fd : 0;
	}
	if (page)
		buf_add_str(&s->out, buf_str(output == OUTPUT_JSON ? &page->json : &page->text));
	else
		s->rows = pane_rows_new(a, a->focus, (enum output)output);
	if (s->error) {
		say_why(path, s, around, why, size);
		save_close(s, NULL, NULL, 0);
		return NULL;
	}
	return s;
}

bool save_step(struct save *s, uint64_t budget_ns)
{
	uint64_t deadline = monotonic_ns() + budget_ns;

	while (!s->done && !s->error) {
		s->done = !s->rows || !pane_rows_step(s->rows, &s->out);
		if (s->out.n >= FLUSH_BYTES || s->done)
			flush(s);
		if (monotonic_ns() >= deadline)
			break;
	}
	return !s->done && !s->error;
}

int save_close(struct save *s, uint64_t *rows, char *note, size_t size)
{
	int error;

	if (s->done && !s->error && s->around)
		write_around(s);
	error = s->error;
	if (s->fd >= 0 && close(s->fd) != 0 && !error)
		error = -errno;
	if (!error && !s->done)
		error = -ECANCELED;
	if (!error && rename(s->part, s->path) != 0)
		error = -errno;
	if (error && s->fd >= 0)
		unlink(s->part);
	if (rows)
		*rows = save_rows(s);
	if (note && s->rows)
		pane_rows_note(s->rows, note, size);
	if (s->rows)
		pane_rows_free(s->rows);
	buf_release(&s->out);
	free(s->path);
	free(s->part);
	free(s->around);
	free(s);
	return error;
}
