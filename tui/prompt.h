/* prompt.h - the line editor of the filter bar. Pure: keys in, text out. */
#ifndef ENITOP_PROMPT_H
#define ENITOP_PROMPT_H

#include "screen.h"

#define PROMPT_MAX 1024
#define PROMPT_HISTORY 32

struct prompt {
	char text[PROMPT_MAX]; /* printable ASCII, NUL-terminated */
	int n, cursor;
	char *history[PROMPT_HISTORY]; /* oldest first */
	int entries, at;               /* at == entries: the line being typed */
	char typed[PROMPT_MAX];        /* that line while another is looked at */
};

enum prompt_result { PROMPT_NOTHING, PROMPT_CHANGED, PROMPT_ACCEPT, PROMPT_CANCEL };

void prompt_release(struct prompt *p);
void prompt_set(struct prompt *p, const char *text);
/* Emacs keys, arrows, Up and Down for what was accepted before. */
enum prompt_result prompt_key(struct prompt *p, int key);
/* Adds a line to the history, unless it is empty or the newest. */
void prompt_remember(struct prompt *p, const char *text);
/* Draws the text in `width` columns, scrolled so that the cursor (shown when `active`)
 * is in sight. */
void prompt_draw(const struct prompt *p, struct area a, int y, int x, int width, bool active);

#endif
