/* clipboard.h - a text for the clipboard of whoever sits before the terminal, by OSC 52. */
#ifndef ENITOP_CLIPBOARD_H
#define ENITOP_CLIPBOARD_H

#include "base/util.h"

/* What terminals are known to take, in base64; a text of so many bytes fits. */
#define CLIPBOARD_MAX 65536

/* What stands between the program and the terminal. */
enum passage { PASSAGE_NONE, PASSAGE_TMUX, PASSAGE_SCREEN };

/* By the environment: $TMUX, $STY, and TERM where those did not come along. */
enum passage clipboard_passage(const char *tmux, const char *sty, const char *term);
/* Adds the words that put it there: base64, so that nothing of it reaches the terminal otherwise. */
void clipboard_put(struct str text, enum passage p, struct buf *out);

#endif
