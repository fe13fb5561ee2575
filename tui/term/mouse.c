/* mouse.c - see mouse.h. */
#include "term/mouse.h"

#include <stdio.h>

/* The bits of its first number. */
enum { BUTTON = 3, MODIFIERS = 4 | 8 | 16, MOTION = 32, WHEEL = 64, FURTHER = 128 };

void mouse_begin(struct mouse_reader *m)
{
	m->reading = true;
	m->n = 0;
}

/* What a first number and how it ended mean; false: nothing that is used. */
static bool is_used(unsigned code, bool released, enum mouse_kind *kind)
{
	code &= ~(unsigned)MODIFIERS;
	if (code == WHEEL || code == (WHEEL | 1))
		*kind = code == WHEEL ? MOUSE_UP : MOUSE_DOWN;
	else if (code & (BUTTON | WHEEL | FURTHER))
		return false;
	else
		*kind = released ? MOUSE_RELEASE : code & MOTION ? MOUSE_DRAG : MOUSE_PRESS;
	return true;
}

bool mouse_take(struct mouse_reader *m, int ch, struct mouse_event *e)
{
	unsigned code, x, y;
	int used = 0;

	if ((ch >= '0' && ch <= '9') || ch == ';') {
		if (m->n + 1 < sizeof m->text)
			m->text[m->n++] = (char)ch;
		else
			m->reading = false;
		return false;
	}
	m->reading = false;
	m->text[m->n] = '\0';
	if ((ch != 'M' && ch != 'm') ||
	    sscanf(m->text, "%4u;%5u;%5u%n", &code, &x, &y, &used) != 3 || m->text[used] || !x ||
	    !y)
		return false;
	e->x = (int)x - 1;
	e->y = (int)y - 1;
	return is_used(code, ch == 'm', &e->kind);
}
