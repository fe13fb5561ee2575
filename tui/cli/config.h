/* config.h - the configuration file: lines "filter NAME = TEXT", "key NAME = COMMAND" and
 * "OPTION = VALUE" for the long options of the command line; '#' begins a comment line. The file is
 * read once; a mistake costs the line that it is in. It is written only when the user saves a filter,
 * mutes a finding, or chooses a layout that is to be kept. */
#ifndef ENITOP_CONFIG_H
#define ENITOP_CONFIG_H

#include <stdio.h>

#include "filter/filter.h"

#define CONFIG_BYTES_MAX (1u << 20)
#define CONFIG_FILTERS_MAX 1000
#define CONFIG_FILTER_BYTES 1000 /* what the bar has room for */

struct saved_filter {
	char *name, *text;
	unsigned line; /* of the file; 0: saved since it was read */
};

struct config {
	char *path; /* NULL: there is none to be read or written */
	struct saved_filter *filter;
	size_t n, cap;
	char **kept; /* values that options point to */
	size_t keeps, keep_cap;
	unsigned line; /* of the file, while it is read */
	unsigned errors;
	char error[256]; /* the first, "FILE:3: ..." */
};

/* Sets an option of the name, from the command line's table, or "key NAME"; false with what is wrong, at
 * most a line, in `error`. The value lives as long as the config. */
typedef bool config_set_fn(void *ctx, const char *option, const char *value, struct buf *error);

struct config *config_new(void);
/* Names of filters are no longer known to the parser. */
void config_free(struct config *c);
/* Where the file is looked for: $XDG_CONFIG_HOME/enitop/config, or ~/.config in its place.
 * NULL when neither is set; free() it. */
char *config_default_path(void);
/* The folder of the user's own themes, "themes" beside the file; NULL: there is no file. free() it. */
char *config_themes(const struct config *c);
/* Reads `path` (taken; NULL: nothing is read). A file that is not there is a mistake only
 * when it was `named`. Mistakes are written to `err` and counted. The parser knows the
 * names of filters from here on. */
void config_read(struct config *c, char *path, bool named, config_set_fn *set, void *ctx,
		 FILE *err);

/* Says what is wrong in a line, as what is found while it is read. */
void config_complain(struct config *c, FILE *err, unsigned line, const char *what);

/* The text of a saved filter, case aside; NULL: there is none. */
const char *config_filter(const struct config *c, struct str name);
/* Puts a filter into the file, in place of the line of that name or at the end: the other
 * lines stay as they are, and the file is replaced as a whole. False with a message. */
bool config_save_filter(struct config *c, const char *name, const char *text, char *error,
			size_t size);
/* Puts "OPTION = VALUE" behind all lines, of an option that may be given more than once. False with
 * a message. */
bool config_save_option(struct config *c, const char *option, const char *value, char *error,
			size_t size);
/* The same in place of the lines of that option, of one that is given once. */
bool config_set_option(struct config *c, const char *option, const char *value, char *error,
		       size_t size);

#endif
