/* theme.c - see theme.h. A theme file is an ini file with one section, [roles], and one
 * line a role: `reject = red bold`, `heat-1 = #008700 else green dim`. */
#include "term/theme.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *name;
	uint8_t mono;
	const char *look;
} roles[] = {
#define X(id, name, mono, look) { name, mono, look },
	ROLES(X)
#undef X
};

/* ---- one look ---- */

static bool read_color(const char *word, int32_t *out)
{
	static const char *const names[] = { "black", "red",     "green", "yellow",
					     "blue",  "magenta", "cyan",  "white" };
	int32_t bright = 0;

	if (strcmp(word, "default") == 0) {
		*out = COLOR_DEFAULT_;
		return true;
	}
	if (word[0] == '#' && strlen(word) == 7) {
		*out = COLOR_RGB | (int32_t)strtol(word + 1, NULL, 16);
		return strspn(word + 1, "0123456789abcdefABCDEF") == 6;
	}
	if (strncmp(word, "bright-", 7) == 0) {
		bright = 8;
		word += 7;
	}
	for (int32_t i = 0; i < 8; i++)
		if (strcmp(word, names[i]) == 0) {
			*out = i + bright;
			return true;
		}
	return false;
}

static uint8_t read_attribute(const char *word)
{
	static const struct {
		const char *name;
		uint8_t bit;
	} attributes[] = { { "bold", ATTR_BOLD },
			   { "dim", ATTR_DIM },
			   { "underline", ATTR_UNDERLINE },
			   { "reverse", ATTR_REVERSE } };

	for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++)
		if (strcmp(word, attributes[i].name) == 0)
			return attributes[i].bit;
	return 0;
}

/* "FG [on BG] [ATTRIBUTE]..." of the words up to `else` or the end: *rest is behind that. Returns
 * false with the word it does not know. */
static bool read_style(char **rest, struct style *s, char *bad, size_t size)
{
	int32_t *next = &s->fg;

	*s = (struct style){ COLOR_DEFAULT_, COLOR_DEFAULT_, 0 };
	for (char *w; (w = strtok_r(NULL, " \t", rest)) && strcmp(w, "else") != 0;) {
		uint8_t attribute = read_attribute(w);
		if (attribute) {
			s->attributes |= attribute;
		} else if (strcmp(w, "on") == 0) {
			next = &s->bg;
		} else if (next && read_color(w, next)) {
			next = NULL;
		} else {
			snprintf(bad, size, "%s", w);
			return false;
		}
	}
	return true;
}

/* "STYLE [else STYLE]": the second one is for terminals of few colours; without it the first is for
 * all. */
static bool read_look(const char *look, struct theme *t, int role, char *bad, size_t size)
{
	char copy[128], *rest = copy;
	bool twin;

	snprintf(copy, sizeof copy, "%s", look);
	snprintf(bad, size, "else");
	if (!read_style(&rest, &t->style[role], bad, size))
		return false;
	twin = rest && *rest;
	t->few[role] = t->style[role];
	return !twin || (read_style(&rest, &t->few[role], bad, size) && !(rest && *rest));
}

/* ---- whole themes ---- */

void theme_default(struct theme *t)
{
	char bad[8];

	t->colors = true;
	for (int r = 0; r < ROLE_COUNT; r++)
		read_look(roles[r].look, t, r, bad, sizeof bad);
}

void theme_mono(struct theme *t)
{
	t->colors = false;
	for (int r = 0; r < ROLE_COUNT; r++)
		t->style[r] = t->few[r] =
			(struct style){ COLOR_DEFAULT_, COLOR_DEFAULT_, roles[r].mono };
}

struct reading {
	struct theme *theme;
	char what[80]; /* the first thing wrong */
};

static int on_entry(void *ctx, const char *section, const char *name, const char *value)
{
	struct reading *r = ctx;
	char bad[32];

	if (strcmp(section, "roles") != 0) {
		snprintf(r->what, sizeof r->what, "unknown section '%.40s'", section);
		return 0;
	}
	for (int i = 0; i < ROLE_COUNT; i++) {
		if (strcmp(name, roles[i].name) != 0)
			continue;
		if (read_look(value, r->theme, i, bad, sizeof bad))
			return 1;
		snprintf(r->what, sizeof r->what, "unknown colour or attribute '%.30s'", bad);
		return 0;
	}
	snprintf(r->what, sizeof r->what, "unknown role '%.40s'", name);
	return 0;
}

/* What is built in: the files of themes/, as they are. */
static const struct {
	const char *name, *text;
} files[] = {
#include "term/theme_files.h"
};

void theme_names(struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		buf_printf(out, "%s%s", i ? ", " : "", files[i].name);
	buf_puts(out, ", mono");
}

/* Says what is wrong at `line` of a theme; -1: it can't be read. */
static int fault(const char *path, int line, const struct reading *r, char *error, size_t size)
{
	snprintf(error, size, "theme '%s' line %d: %s", path, line > 0 ? line : 0,
		 r->what[0] ? r->what : "not an ini line");
	return -EINVAL;
}

static int load_file(struct theme *t, const char *path, char *error, size_t size)
{
	struct reading r = { .theme = t };
	FILE *in = fopen(path, "r");
	int line;

	if (!in) {
		int rc = -errno;
		snprintf(error, size, "cannot open theme '%s': %s", path, strerror(-rc));
		return rc;
	}
	line = ini_parse_file(in, on_entry, &r);
	fclose(in);
	return line ? fault(path, line, &r, error, size) : 0;
}

static int load_built_in(struct theme *t, const char *name, char *error, size_t size)
{
	struct reading r = { .theme = t };
	struct buf names = { 0 };
	int line;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		if (strcmp(files[i].name, name) != 0)
			continue;
		line = ini_parse_string(files[i].text, on_entry, &r);
		return line ? fault(name, line, &r, error, size) : 0;
	}
	theme_names(&names);
	snprintf(error, size, "no theme '%.60s': there are %s", name, names.s);
	buf_release(&names);
	return -ENOENT;
}

int theme_load(struct theme *t, const char *name, const char *directory, char *error, size_t size)
{
	struct buf path = { 0 };
	int rc;

	theme_default(t);
	if (strchr(name, '/'))
		return load_file(t, name, error, size);
	if (directory)
		buf_printf(&path, "%s/%s.theme", directory, name);
	if (path.n && access(path.s, F_OK) == 0) {
		rc = load_file(t, path.s, error, size);
	} else if (strcmp(name, "mono") == 0) {
		theme_mono(t);
		rc = 0;
	} else {
		rc = strcmp(name, "default") == 0 ? 0 : load_built_in(t, name, error, size);
	}
	buf_release(&path);
	return rc;
}
