/* kin.h - terminals by their names: what one that terminfo does not know is taken for. */
#ifndef ENITOP_KIN_H
#define ENITOP_KIN_H

#include <curses.h>
#include <stdbool.h>
#include <stdio.h>

/* Terminals that do what xterm does, whatever terminfo says. */
bool kin_of_xterm(const char *name);
/* Takes a terminal over, by a name, or where terminfo lacks it by one of the same family, which is
 * noted in `note` (""); NULL: it is none that a screen can be drawn on. */
SCREEN *kin_take(const char *name, FILE *out, FILE *in, char *note, size_t size);

#endif
