/* config.c - see config.h: reading. */
#include "cli/config.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli/config_file.h"

/* ---- life ---- */

struct config *config_new(void)
{
	return xcalloc(1, sizeof(struct config));
}

void config_free(struct config *c)
{
	if (!c)
		return;
	filter_set_saved(NULL, NULL);
	for (size_t i = 0; i < c->n; i++) {
		free(c->filter[i].name);
		free(c->filter[i].text);
	}
	for (size_t i = 0; i < c->keeps; i++)
		free(c->kept[i]);
	free(c->filter);
	free(c->kept);
	free(c->path);
	free(c);
}

char *config_default_path(void)
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	struct buf path = { 0 };

	if (base && *base == '/') /* relative paths are to be ignored, says the specification */
		buf_printf(&path, "%s/enitop/config", base);
	else if (home && *home)
		buf_printf(&path, "%s/.config/enitop/config", home);
	return path.s;
}

char *config_themes(const struct config *c)
{
	const char *slash = c->path ? strrchr(c->path, '/') : NULL;
	struct buf path = { 0 };

	if (c->path)
		buf_printf(&path, "%.*sthemes", slash ? (int)(slash + 1 - c->path) : 0, c->path);
	return path.s;
}

/* ---- mistakes ---- */

static void complain(struct config *c, FILE *err, unsigned line, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void complain(struct config *c, FILE *err, unsigned line, const char *format, ...)
{
	char place[16] = "", what[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof what, format, ap);
	va_end(ap);
	/* What the file holds is not let loose on the terminal. */
	for (char *p = what; *p; p++)
		if (*p < ' ' || *p > 126)
			*p = '.';
	if (line)
		snprintf(place, sizeof place, ":%u", line);
	fprintf(err, "enitop: %s%s: %s\n", c->path, place, what);
	if (c->errors++ == 0)
		snprintf(c->error, sizeof c->error, "%.120s%s: %.110s", c->path, place, what);
}

void config_complain(struct config *c, FILE *err, unsigned line, const char *what)
{
	complain(c, err, line, "%s", what);
}

/* ---- filters ---- */

static struct saved_filter *find(const struct config *c, struct str name)
{
	for (size_t i = 0; i < c->n; i++)
		if (str_equal_loose(str_of(c->filter[i].name), name))
			return &c->filter[i];
	return NULL;
}

const char *config_filter(const struct config *c, struct str name)
{
	const struct saved_filter *f = find(c, name);

	return f ? f->text : NULL;
}

static const char *look_up(void *ctx, struct str name)
{
	return config_filter(ctx, name);
}

void config_put(struct config *c, struct str name, struct str text, unsigned line)
{
	struct saved_filter *f = find(c, name);

	if (f) {
		free(f->text);
	} else {
		xgrow((void **)&c->filter, &c->cap, c->n + 1, sizeof *c->filter);
		f = &c->filter[c->n++];
		f->name = xstrndup(name.s, name.n);
	}
	f->text = xstrndup(text.s, text.n);
	f->line = line;
}

const char *config_filter_fault(struct str name, struct str text)
{
	if (!filter_saved_name(name))
		return "a name is letters, digits, '-', '_' and '.', 40 at most";
	if (text.n == 0)
		return "the filter is empty";
	if (text.n > CONFIG_FILTER_BYTES)
		return "the filter is too long";
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] < ' ' || text.s[i] > 126)
			return "the filter holds bytes that are no printable ASCII";
	return NULL;
}

/* ---- lines ---- */

bool config_line_filter(struct str line, struct str *name, struct str *text)
{
	const char *equals = memchr(line.s, '=', line.n);
	struct str left = { line.s, equals ? (size_t)(equals - line.s) : 0 }, word;

	if (!equals)
		return false;
	word = str_token(&left);
	if (!str_equal(word, str_of("filter")))
		return false;
	*name = str_trim(left);
	*text = str_trim((struct str){ equals + 1, line.n - (size_t)(equals - line.s) - 1 });
	return true;
}

static void take_filter(struct config *c, struct str name, struct str text, unsigned line,
			FILE *err)
{
	const char *fault = config_filter_fault(name, text);

	if (fault)
		complain(c, err, line, "filter '%.*s': %s", (int)(name.n < 60 ? name.n : 60),
			 name.s, fault);
	else if (find(c, name))
		complain(c, err, line, "filter '%.*s' stands in line %u already", (int)name.n,
			 name.s, find(c, name)->line);
	else if (c->n == CONFIG_FILTERS_MAX)
		complain(c, err, line, "more than %d filters", CONFIG_FILTERS_MAX);
	else
		config_put(c, name, text, line);
}

/* "~/x" is below $HOME, as in a shell: many options are paths. */
static char *value_of(struct str value)
{
	const char *home = getenv("HOME");
	struct buf out = { 0 };

	if (home && value.n > 1 && value.s[0] == '~' && value.s[1] == '/') {
		buf_puts(&out, home);
		value.s++;
		value.n--;
	}
	buf_add_str(&out, value);
	buf_puts(&out, "");
	return out.s;
}

static void take_option(struct config *c, struct str line, unsigned number, config_set_fn *set,
			void *ctx, FILE *err)
{
	const char *equals = memchr(line.s, '=', line.n);
	struct buf error = { 0 };
	struct str name, value;
	char *option;

	if (!equals) {
		complain(c, err, number,
			 "neither 'filter NAME = TEXT', 'key NAME = COMMAND' nor 'OPTION = VALUE'");
		return;
	}
	name = str_trim((struct str){ line.s, (size_t)(equals - line.s) });
	value = str_trim((struct str){ equals + 1, (size_t)(line.s + line.n - equals) - 1 });
	option = xstrndup(name.s, name.n);
	xgrow((void **)&c->kept, &c->keep_cap, c->keeps + 1, sizeof *c->kept);
	c->kept[c->keeps++] = value_of(value);
	if (!set(ctx, option, c->kept[c->keeps - 1], &error))
		complain(c, err, number, "%s", error.n ? error.s : "this is not understood");
	buf_release(&error);
	free(option);
}

/* An option may use a filter that stands below it: all filters come first, without `set`. */
static void take_line(struct config *c, struct str line, unsigned number, config_set_fn *set,
		      void *ctx, FILE *err)
{
	struct str name, text;
	bool filter;

	line = str_trim(line);
	if (line.n == 0 || line.s[0] == '#')
		return;
	filter = config_line_filter(line, &name, &text);
	if (!set && memchr(line.s, '\0', line.n))
		complain(c, err, number, "a NUL byte");
	else if (!set && filter)
		take_filter(c, name, text, number, err);
	else if (set && !filter && !memchr(line.s, '\0', line.n))
		take_option(c, line, number, set, ctx, err);
}

static void take_lines(struct config *c, struct str text, config_set_fn *set, void *ctx, FILE *err)
{
	unsigned number = 1;

	for (size_t at = 0; at < text.n; number++) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		size_t n = end ? (size_t)(end - text.s) - at : text.n - at;
		c->line = number;
		take_line(c, (struct str){ text.s + at, n }, number, set, ctx, err);
		at += n + 1;
	}
}

/* Which filter is good can be told only when all names are known. */
static void check_filters(struct config *c, FILE *err)
{
	for (size_t i = 0; i < c->n; i++) {
		struct filter_error e;
		struct filter *f = filter_new(str_of(c->filter[i].text), 0, &e);
		if (!f)
			complain(c, err, c->filter[i].line, "filter '%s', col %zu: %s",
				 c->filter[i].name, e.column + 1, e.message);
		filter_free(f);
	}
}

void config_read(struct config *c, char *path, bool named, config_set_fn *set, void *ctx, FILE *err)
{
	struct buf text = { 0 };
	int rc;

	c->path = path;
	filter_set_saved(look_up, c);
	if (!path)
		return;
	rc = config_file_read(path, &text);
	if (rc < 0 && (named || rc != -ENOENT))
		complain(c, err, 0, "%s",
			 rc == -EFBIG    ? "too large for a configuration"
			 : rc == -EINVAL ? "no regular file"
					 : strerror(-rc));
	if (rc == 0) {
		take_lines(c, buf_str(&text), NULL, NULL, err);
		check_filters(c, err);
		take_lines(c, buf_str(&text), set, ctx, err);
	}
	buf_release(&text);
}
