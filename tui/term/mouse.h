/* mouse.h - what a mouse does, as terminals tell it: SGR, mode 1006 of xterm. */
#ifndef ENITOP_MOUSE_H
#define ENITOP_MOUSE_H

#include <stdbool.h>
#include <stddef.h>

#define MOUSE_BEGINS "\033[<" /* each of them */
#define MOUSE_ON "\033[?1002h\033[?1006h"
#define MOUSE_OFF "\033[?1002l\033[?1006l"

struct mouse_event {
	enum mouse_kind { MOUSE_PRESS, MOUSE_DRAG, MOUSE_RELEASE, MOUSE_UP, MOUSE_DOWN } kind;
	int y, x; /* of the screen, from 0 */
};

/* Reads what stands behind MOUSE_BEGINS, a character at a time. */
struct mouse_reader {
	bool reading;
	char text[24];
	size_t n;
};

void mouse_begin(struct mouse_reader *m);
/* Takes a character while it is `reading`; true: that was the last, and *e is an event of the first
 * button or the wheel. What is none is passed over. */
bool mouse_take(struct mouse_reader *m, int ch, struct mouse_event *e);

#endif
