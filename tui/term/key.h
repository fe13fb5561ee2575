/* key.h - keys as the program sees them: a character, or one of KEYS. No curses here,
 * so that the prompt and the commands can be tested without a terminal. */
#ifndef ENITOP_KEY_H
#define ENITOP_KEY_H

#include <stddef.h>

/* Beyond every Unicode character. X(id, name) */
/* clang-format off */
#define KEYS(X) \
	X(UP, "Up") X(DOWN, "Down") X(LEFT, "Left") X(RIGHT, "Right") \
	X(HOME, "Home") X(END, "End") X(PAGE_UP, "PgUp") X(PAGE_DOWN, "PgDn") \
	X(DELETE, "Del") X(BACKSPACE, "Backspace") X(BACKTAB, "S-Tab")
/* clang-format on */

enum {
	K_TAB = '\t',
	K_ENTER = '\r',
	K_ESCAPE = 27,
	K_FIRST = 0x110000,
#define X(id, name) K_##id,
	KEYS(X)
#undef X
		K_LAST
};

/* The control character of a letter. */
#define K_CTRL(letter) ((letter)&31)

/* How a key is called: "q", "^L", "Enter", "Up". Writes to `out` and returns it. */
char *key_label(int key, char *out, size_t size);

#endif
