/* config_file.c - see config.h: the file itself, read and replaced. */
#include "cli/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/descriptor.h"

int config_file_read(const char *path, struct buf *out)
{
	/* Not to wait for a FIFO's other end. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), rc = 0;
	char piece[4096];
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) < 0)
		rc = -errno;
	else if (!S_ISREG(st.st_mode))
		rc = -EINVAL;
	while (rc == 0 && (n = read(fd, piece, sizeof piece)) != 0) {
		if (n < 0)
			rc = errno == EINTR ? 0 : -errno;
		else if (out->n + (size_t)n > CONFIG_BYTES_MAX)
			rc = -EFBIG;
		else
			buf_add(out, piece, (size_t)n);
	}
	close(fd);
	return rc;
}

/* Every folder above the file, as mkdir -p does. */
static int make_folders(const char *path)
{
	size_t n = strlen(path);
	char *copy = xstrndup(path, n);
	int rc = 0;

	for (size_t i = 1; i < n && rc == 0; i++) {
		if (path[i] != '/')
			continue;
		copy[i] = '\0';
		if (mkdir(copy, 0777) < 0 && errno != EEXIST)
			rc = -errno;
		copy[i] = '/';
	}
	free(copy);
	return rc;
}

static int write_through(int fd, struct str text)
{
	int rc = write_all(fd, text);

	return rc < 0 ? rc : fsync(fd) < 0 ? -errno : 0;
}

/* Whole or not at all: a file beside it takes its place, and its mode. */
static int replace(const char *path, struct str text)
{
	char *real = realpath(path, NULL); /* a link stays one */
	struct buf beside = { 0 };
	struct stat st;
	int fd, rc;

	if (!real)
		real = xstrndup(path, strlen(path));
	buf_printf(&beside, "%s.XXXXXX", real);
	fd = mkstemp(beside.s);
	rc = fd < 0 ? -errno : 0;
	if (rc == 0) {
		if (stat(real, &st) == 0 && fchmod(fd, st.st_mode & 07777) < 0)
			rc = -errno;
		if (rc == 0)
			rc = write_through(fd, text);
		if (close(fd) < 0 && rc == 0)
			rc = -errno;
		if (rc == 0 && rename(beside.s, real) < 0)
			rc = -errno;
		if (rc < 0)
			unlink(beside.s);
	}
	buf_release(&beside);
	free(real);
	return rc;
}

/* What a line is found by, to take its place. */
struct line_key {
	struct str filter, option; /* the name of one of them; neither: a line takes no place */
};

static bool is_of(struct str line, const struct line_key *key)
{
	const char *equals = memchr(line.s, '=', line.n);
	struct str name, text;

	if (key->filter.n)
		return config_line_filter(line, &name, &text) && str_equal_loose(name, key->filter);
	return key->option.n && equals &&
	       str_equal(str_trim((struct str){ line.s, (size_t)(equals - line.s) }), key->option);
}

/* The file with the line in it: in place of the first that is of the key; an option stands there no
 * more than once; of no key it comes behind all. */
static void edit(struct str had, const struct line_key *key, struct str line, struct buf *out)
{
	bool done = false;

	for (size_t at = 0; at < had.n;) {
		const char *end = memchr(had.s + at, '\n', had.n - at);
		size_t n = end ? (size_t)(end - had.s) - at : had.n - at;
		struct str one = { had.s + at, n };
		bool its = is_of(str_trim(one), key) && (!done || key->option.n);
		at += n + 1;
		if (its && done)
			continue;
		buf_add_str(out, its ? line : one);
		buf_putc(out, '\n');
		done |= its;
	}
	if (!done) {
		buf_add_str(out, line);
		buf_putc(out, '\n');
	}
}

static bool says(char *error, size_t size, const char *what)
{
	snprintf(error, size, "not saved: %s", what);
	return false;
}

/* Puts a line into the file; see edit(). */
static bool put_line(struct config *c, const struct line_key *key, struct str line, char *error,
		     size_t size)
{
	struct buf had = { 0 }, whole = { 0 };
	int rc = config_file_read(c->path, &had);

	if (rc == -ENOENT)
		rc = make_folders(c->path);
	if (rc == 0) {
		edit(buf_str(&had), key, line, &whole);
		rc = replace(c->path, buf_str(&whole));
	}
	buf_release(&had);
	buf_release(&whole);
	if (rc < 0)
		snprintf(error, size, "not saved: %s: %s", c->path, strerror(-rc));
	return rc == 0;
}

bool config_save_filter(struct config *c, const char *name, const char *text, char *error,
			size_t size)
{
	const char *fault = config_filter_fault(str_of(name), str_of(text));
	struct buf line = { 0 };
	bool done;

	if (!c || !c->path)
		return says(error, size, "there is no configuration file to save to");
	if (fault)
		return says(error, size, fault);
	if (c->n == CONFIG_FILTERS_MAX && !config_filter(c, str_of(name)))
		return says(error, size, "there are too many filters");
	buf_printf(&line, "filter %s = %s", name, text);
	done = put_line(c, &(struct line_key){ .filter = str_of(name) }, buf_str(&line), error,
			size);
	buf_release(&line);
	if (done)
		config_put(c, str_of(name), str_of(text), 0);
	return done;
}

/* "OPTION = VALUE" in place of the line of the key. */
static bool put_option(struct config *c, const struct line_key *key, const char *option,
		       const char *value, char *error, size_t size)
{
	struct buf line = { 0 };
	bool done;

	if (!c || !c->path)
		return says(error, size, "there is no configuration file to save to");
	for (const char *p = value; *p; p++)
		if (*p < ' ' || *p > 126)
			return says(error, size, "it holds bytes that are no printable ASCII");
	buf_printf(&line, "%s = %s", option, value);
	done = put_line(c, key, buf_str(&line), error, size);
	buf_release(&line);
	return done;
}

bool config_save_option(struct config *c, const char *option, const char *value, char *error,
			size_t size)
{
	return put_option(c, &(struct line_key){ 0 }, option, value, error, size);
}

bool config_set_option(struct config *c, const char *option, const char *value, char *error,
		       size_t size)
{
	return put_option(c, &(struct line_key){ .option = str_of(option) }, option, value, error,
			  size);
}
