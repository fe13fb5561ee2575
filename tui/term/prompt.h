/* prompt.h - the line editor of the filter bar. Pure: keys in, text out. */
#ifndef ENITOP_PROMPT_H
#define ENITOP_PROMPT_H

#include "term/screen.h"

#define PROMPT_MAX 1024
#define PROMPT_HISTORY 32

struct prompt {
	char text[PROMPT_MAX]; /* printable ASCII, NUL-terminated */
	int n, cursor;
	char *history[PROMPT_HISTORY]; /* oldest first */
	int entries, at;               /* at == entries: the line being typed */
	char typed[PROMPT_MAX];        /* that line while another is looked at */
	/* search in the history, from the newest back */
	bool searching, failing; /* failing: no line has it */
	char wanted[64];         /* that the line on show has in it */
};

enum prompt_result { PROMPT_NOTHING, PROMPT_CHANGED, PROMPT_ACCEPT, PROMPT_CANCEL };

void prompt_release(struct prompt *p);
void prompt_set(struct prompt *p, const char *text);
/* Puts another text in place of the bytes from..to-1, the cursor behind it; false: it does
 * not fit. */
bool prompt_replace(struct prompt *p, int from, int to, const char *text);
/* Emacs keys, arrows, Up and Down for what was accepted before; ^R searches in it as you
 * type, ^R again goes further back, Esc takes back the search alone. */
enum prompt_result prompt_key(struct prompt *p, int key);
/* Adds a line to the history, unless it is empty or the newest. */
void prompt_remember(struct prompt *p, const char *text);
/* The first byte on show in `width` columns. */
int prompt_first(const struct prompt *p, int width);
/* Draws the text in `width` columns, scrolled so that the cursor (shown when `active`)
 * is in sight. */
void prompt_draw(const struct prompt *p, struct area a, int y, int x, int width, bool active);

#endif
