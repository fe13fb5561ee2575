/* theme.h - ROLES: what a cell means; and how each looks. A theme gives every role
 * colours and attributes; without colours the mono attributes remain. */
#ifndef ENITOP_THEME_H
#define ENITOP_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/util.h"

enum { ATTR_BOLD = 1, ATTR_DIM = 2, ATTR_UNDERLINE = 4, ATTR_REVERSE = 8 };

/* X(id, name, attributes without colour, look with colour) */
/* clang-format off */
#define ROLES(X) \
	X(TEXT,     "text",     0,                        "default") \
	X(DIM,      "dim",      ATTR_DIM,                 "bright-black") \
	X(TITLE,    "title",    ATTR_BOLD,                "cyan bold") \
	X(FRAME,    "frame",    0,                        "bright-black") \
	X(FOCUS,    "focus",    ATTR_BOLD,                "yellow bold") \
	X(HEADING,  "heading",  ATTR_UNDERLINE,           "bright-black") \
	X(SELECTED, "selected", ATTR_REVERSE,             "default reverse") \
	X(STATUS,   "status",   ATTR_REVERSE,             "white on blue") \
	X(KEY,      "key",      ATTR_BOLD,                "yellow bold") \
	X(FILTER,   "filter",   ATTR_BOLD,                "white bold") \
	X(READS,    "reads",    0,                        "cyan") \
	X(ACCEPT,   "accept",   0,                        "green") \
	X(REJECT,   "reject",   ATTR_BOLD,                "red bold") \
	X(WARNING,  "warning",  ATTR_BOLD,                "yellow") \
	X(ERROR,    "error",    ATTR_BOLD | ATTR_REVERSE, "white on red") \
	X(PAUSED,   "paused",   ATTR_REVERSE,             "black on yellow") \
	X(TREND,    "trend",    0,                        "cyan") \
	X(HEAT_1,   "heat-1",   0,                        "#008700 else green dim") \
	X(HEAT_2,   "heat-2",   0,                        "#00af00 else green") \
	X(HEAT_3,   "heat-3",   0,                        "#5fd75f else green") \
	X(HEAT_4,   "heat-4",   ATTR_BOLD,                "#87ff87 bold else green bold") \
	X(PROGRESS, "progress", ATTR_BOLD,                "green bold") \
	X(HISTORY,  "history",  ATTR_REVERSE | ATTR_BOLD, "black on cyan") \
	X(TAIL,     "tail",     ATTR_UNDERLINE,           "bright-black underline") \
	X(REFUSED_1, "refused-1", 0,                      "#d75f5f else red") \
	X(REFUSED_2, "refused-2", ATTR_BOLD,              "#ff5f5f bold else red bold") \
	X(REFUSED_3, "refused-3", ATTR_BOLD | ATTR_REVERSE, "#ff8787 bold reverse else red bold reverse") \
	X(HUE_1,    "hue-1",    0,                        "#ff8787 else red") \
	X(HUE_2,    "hue-2",    0,                        "#d7af5f else yellow") \
	X(HUE_3,    "hue-3",    0,                        "#87d75f else green") \
	X(HUE_4,    "hue-4",    0,                        "#5fd7d7 else cyan") \
	X(HUE_5,    "hue-5",    0,                        "#87afff else blue") \
	X(HUE_6,    "hue-6",    0,                        "#d787ff else magenta")
/* clang-format on */

enum role {
#define X(id, name, mono, look) ROLE_##id,
	ROLES(X)
#undef X
		ROLE_COUNT
};

#define HUES 6 /* of addresses */

#define COLOR_DEFAULT_ (-1)
#define COLOR_RGB 0x1000000 /* with it: 0xRRGGBB; without: 0..15, ANSI */

struct style {
	int32_t fg, bg;
	uint8_t attributes;
};

struct theme {
	struct style style[ROLE_COUNT];
	struct style few[ROLE_COUNT]; /* on terminals of fewer than 256 colours */
	bool colors;
};

/* The look of the table above, without a file. */
void theme_default(struct theme *t);
/* Attributes only: for NO_COLOR, --color never and terminals without colours. */
void theme_mono(struct theme *t);

/* Reads a theme: a path (with a '/'); NAME.theme of the user's own, in `directory` (NULL: there is
 * none), or the one of that name that is built in, of themes/: "mono", "default" (dark) and those of
 * theme_names(). Roles that it does not name keep the default look. 0, or a negative errno with a
 * message in `error`: the place and what is wrong, or what there is. */
int theme_load(struct theme *t, const char *name, const char *directory, char *error, size_t size);
/* Adds the names of what is built in: "contrast, dark, light, mono". */
void theme_names(struct buf *out);

#endif
