/* term.h - the terminal: one owner for /dev/tty, curses modes, signals, keys and the
 * crash path. The only door to curses. Loop thread only. */
#ifndef ENITOP_TERM_H
#define ENITOP_TERM_H

#include <uv.h>

#include "term/mouse.h"
#include "term/screen.h"

struct term_events {
	void (*key)(void *ctx, int key); /* a character or a K_ of key.h */
	void (*mouse)(void *ctx, const struct mouse_event *e);
	void (*resize)(void *ctx, int rows, int cols);
	void (*quit)(void *ctx, const char *why); /* a signal, or the terminal went away */
	void *ctx;
};

/* Takes the terminal over. 0, or a negative errno with a message in `error`. */
int term_open(uv_loop_t *loop, const struct term_events *ev, char *error, size_t size);
/* What to say of how it was opened; "": nothing. */
const char *term_note(void);
/* Whether it can show colours. After term_open. */
bool term_has_colors(void);
/* Whether it shows glyphs beyond ASCII. */
bool term_is_utf8(void);
void term_set_theme(const struct theme *t);
void term_size(int *rows, int *cols);
/* Whether all that was written has gone: over a slow link the rest goes by this. */
bool term_is_ready(void);
/* Writes what changed of the grid. Only where term_is_ready(). */
void term_blit(const struct screen *s);
/* The next blit writes everything. */
void term_redraw(void);
/* Puts a text into the clipboard of whoever sits before it, or asks it to: nobody answers. False: it
 * is none that knows how. At most CLIPBOARD_MAX bytes. */
bool term_copy(struct str text);
/* Whether it tells what the mouse does, from now on; false: it is none that knows how. It is off
 * again while the job is stopped, and at the end, whatever that is. */
bool term_use_mouse(bool on);
/* Stops the whole job, terminal restored; returns when it goes on. */
void term_suspend(void);
/* Gives the terminal back. Safe to call twice. */
void term_close(void);

#endif
