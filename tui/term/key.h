/* key.h - keys as the program sees them: a character, or one of KEYS. No curses here,
 * so that the prompt and the commands can be tested without a terminal. */
#ifndef ENITOP_KEY_H
#define ENITOP_KEY_H

#include "base/util.h"

/* Beyond every Unicode character. X(id, label, name in the configuration) */
/* clang-format off */
#define KEYS(X) \
	X(UP, "Up", "up") X(DOWN, "Down", "down") X(LEFT, "Left", "left") \
	X(RIGHT, "Right", "right") X(HOME, "Home", "home") X(END, "End", "end") \
	X(PAGE_UP, "PgUp", "pgup") X(PAGE_DOWN, "PgDn", "pgdn") X(DELETE, "Del", "del") \
	X(BACKSPACE, "Backspace", "backspace") X(BACKTAB, "S-Tab", "shift-tab") \
	X(F1, "F1", "f1") X(F2, "F2", "f2") X(F3, "F3", "f3") X(F4, "F4", "f4") X(F5, "F5", "f5") \
	X(F6, "F6", "f6") X(F7, "F7", "f7") X(F8, "F8", "f8") X(F9, "F9", "f9") \
	X(F10, "F10", "f10") X(F11, "F11", "f11") X(F12, "F12", "f12")

/* Characters that are called by a word. X(character, label, name) */
#define KEY_WORDS(X) \
	X('\t', "Tab", "tab") X('\r', "Enter", "enter") X(27, "Esc", "esc") X(' ', "Space", "space") \
	X('/', "/", "slash") X('=', "=", "equals") X('#', "#", "hash") X('-', "-", "minus") \
	X('+', "+", "plus") X('?', "?", "question") X('<', "<", "less") X('>', ">", "greater")
/* clang-format on */

enum {
	K_TAB = '\t',
	K_ENTER = '\r',
	K_ESCAPE = 27,
	K_FIRST = 0x110000,
#define X(id, label, name) K_##id,
	KEYS(X)
#undef X
		K_LAST
};

/* The control character of a letter. */
#define K_CTRL(letter) ((letter)&31)

/* How a key is called: "q", "^L", "Enter", "Up". Writes to `out` and returns it. */
char *key_label(int key, char *out, size_t size);
/* How it is called in the configuration: "q", "ctrl-l", "enter", "slash". The same. */
char *key_called(int key, char *out, size_t size);
/* The key of such a name: a character as it is, or a name in any case. 0: there is none. */
int key_of_name(struct str name);
/* The k-th name of those that are words, "up" and its like; NULL behind the last. */
const char *key_word(size_t k);

#endif
