/* keys.h - which key does what: the commands of term/keymap.h and the views, as the configuration
 * left them. A command has a number: its row, or COMMANDS_N and the row of a view. */
#ifndef ENITOP_KEYS_H
#define ENITOP_KEYS_H

#include "term/keymap.h"

#define KEYS_BOUND_MAX 512
#define KEYS_NONE (-1) /* in place of a command: the key does nothing */

struct views;

struct keys {
	const struct views *known;
	struct key_bound {
		int key, command;
		unsigned line; /* of the configuration; 0: it is so from the start */
		unsigned off;  /* the line that took the key away; 0: it is in force */
	} bound[KEYS_BOUND_MAX];
	unsigned n;
};

/* As they are without a configuration; `known` are the views that there are. */
void keys_init(struct keys *k, const struct views *known);
/* How many commands there are, and one of them: of a view the name is the view's. */
int keys_commands(const struct keys *k);
struct command keys_row(const struct keys *k, int command);
/* What a key does where that layer lies on top, of what is not fixed: what that alone has comes
 * before what works through it. -1: nothing. */
int keys_command(const struct keys *k, int key, enum layer on);
/* The nth key of a command, from 0, those of the configuration first; 0: it has no more. */
int keys_key(const struct keys *k, int command, unsigned nth);
/* Its first key as it is called: "Enter"; empty: it has none. Writes to `out` and returns it. */
char *keys_label(const struct keys *k, int command, char *out, size_t size);
/* Adds all of them, a blank between: "/ f F4". */
void keys_text(const struct keys *k, int command, struct buf *out);

/* keys_bind.c: `key NAME = COMMAND` of a line of the configuration; COMMAND may be "none". What has
 * the key from the start loses it where both would have it. False, with what is wrong in `error`:
 * no such key or command, one that text needs, or one that another line has given away. */
bool keys_bind(struct keys *k, struct str name, struct str command, unsigned line,
	       struct buf *error);
/* When all lines are read: a command that lost its last key to another one has it back. Returns that
 * line, with what is wrong in `error`; 0: there is none left. */
unsigned keys_undo_loss(struct keys *k, struct buf *error);
/* Adds the name of a command as the configuration has it: "next-pane". */
void keys_name(const struct keys *k, int command, struct buf *out);
/* Adds the lines that say which keys are in force; those from the start as comments. */
void keys_print(const struct keys *k, struct buf *out);

/* Commands as help and manual have them, under headings: the section of a layer is of those that
 * not every pane has; the one of all panes is KEYS_EVERYWHERE. */
#define KEYS_EVERYWHERE LAYERS_N
/* The next section behind `section` (KEYS_EVERYWHERE comes first: begin with -1), those of the
 * layers in their order; -1: there is none. */
int keys_section(int section);
const char *keys_title(int section);
/* Whether a command stands in it. */
bool keys_in(const struct keys *k, int command, int section);
/* Whether a layer is of it. */
bool keys_section_of(int section, enum layer l);

#endif
