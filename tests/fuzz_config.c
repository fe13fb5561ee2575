/* Any bytes as a configuration, with its keys, and as a theme: what is printed of a configuration is
 * read as the same, and a theme is whole or says what is wrong. */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/options.h"
#include "fuzz.h"
#include "term/theme.h"

static const struct view talkers = { .name = "talkers",
				     .key = '1',
				     .title = "Talkers",
				     .help = "x" },
			 ports = { .name = "ports", .key = '3', .title = "Ports", .help = "x" };
static const struct views known = { .row = { &talkers, &ports }, .n = 2, .usual = &talkers };

/* A file of the text: its descriptor, and its path in `path`. */
static int file_of(struct str text, char *path, size_t size)
{
	int fd = memfd_create("fuzz", 0);

	FUZZ_CHECK(fd >= 0 && write(fd, text.s, text.n) == (ssize_t)text.n);
	snprintf(path, size, "/proc/self/fd/%d", fd);
	return fd;
}

/* A key that the file gives does that somewhere, and text has those that it needs. */
static void check_keys(const struct keys *k)
{
	for (unsigned i = 0; i < k->n; i++) {
		const struct key_bound *b = &k->bound[i];
		FUZZ_CHECK(b->key && b->command < keys_commands(k));
		if (!b->line || b->command < 0 || keys_row(k, b->command).fixed)
			continue;
		struct command c = keys_row(k, b->command);
		bool has = false;
		for (int l = 0; l < LAYERS_N; l++)
			has |= (c.layers & (1 << l)) && keys_command(k, b->key, l) == b->command;
		FUZZ_CHECK(has);
	}
	for (int l = 0; l < LAYER_BAR; l++)
		FUZZ_CHECK(keys_command(k, K_ESCAPE, l) == COMMAND_widen &&
			   keys_command(k, K_CTRL('C'), l) == COMMAND_leave);
}

/* What --print-config has of a file, but for its path; -1 where it has no room for a value. */
static int print(struct str text, struct buf *out)
{
	char path[40], *printed = NULL;
	int fd = file_of(text, path, sizeof path), status;
	char *argv[] = { (char[]){ "enitop" }, (char[]){ "--config" }, path,
			 (char[]){ "--print-config" }, NULL };
	size_t n = 0;
	FILE *to = open_memstream(&printed, &n), *err = fopen("/dev/null", "w");
	struct options o;

	FUZZ_CHECK(to && err);
	status = options_parse(&o, &known, 4, argv, to, err);
	check_keys(&o.keys);
	options_release(&o);
	fclose(to);
	fclose(err);
	close(fd);
	for (const char *line = printed; line && *line;) {
		size_t length = strcspn(line, "\n");
		if (strncmp(line, "# It belongs in ", 16) != 0)
			buf_add(out, line, length + 1);
		line += length + 1;
	}
	free(printed);
	return status;
}

void fuzz_config(struct str in)
{
	struct buf once = { 0 }, twice = { 0 };

	if (print(in, &once) == 0) {
		FUZZ_CHECK(print(buf_str(&once), &twice) == 0);
		FUZZ_CHECK(once.n == twice.n && memcmp(once.s, twice.s, once.n) == 0);
	}
	buf_release(&once);
	buf_release(&twice);
}

static bool is_color(int32_t color)
{
	return color == COLOR_DEFAULT_ || (color >= 0 && color < 16) ||
	       (color & ~0xffffff) == COLOR_RGB;
}

void fuzz_theme(struct str in)
{
	char path[40], error[256] = "";
	int fd = file_of(in, path, sizeof path);
	struct theme t;

	if (theme_load(&t, path, NULL, error, sizeof error) < 0) {
		FUZZ_CHECK(error[0]);
	} else {
		FUZZ_CHECK(!error[0] && t.colors);
		for (int r = 0; r < ROLE_COUNT; r++)
			FUZZ_CHECK(is_color(t.style[r].fg) && is_color(t.style[r].bg) &&
				   t.style[r].attributes < 16);
	}
	close(fd);
}
