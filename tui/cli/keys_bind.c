/* keys_bind.c - keys.h: what the configuration says of keys. */
#include <stdio.h>
#include <string.h>

#include "cli/keys.h"

#define EDITS 2 /* between a name and what was meant */

static const char none[] = "none";

/* ---- names ---- */

/* The nearest of the names that are looked at. */
struct nearest_name {
	struct str name;
	unsigned edits;
	const char *ours;
};

static void look_at(struct nearest_name *n, const char *ours)
{
	unsigned edits = str_edits(n->name, str_of(ours));

	if (edits < n->edits && edits < n->name.n) {
		n->edits = edits;
		n->ours = ours;
	}
}

static void complain(const struct nearest_name *n, const char *noun, struct buf *error)
{
	buf_printf(error, "unknown %s '%.*s'", noun, (int)(n->name.n < 40 ? n->name.n : 40),
		   n->name.s);
	if (n->ours)
		buf_printf(error, ": did you mean %s?", n->ours);
}

static int find_key(struct str name, struct buf *error)
{
	struct nearest_name n = { .name = name, .edits = EDITS + 1 };
	int key = key_of_name(name);
	const char *word;

	for (size_t i = 0; !key && (word = key_word(i)); i++)
		look_at(&n, word);
	if (!key)
		complain(&n, "key", error);
	return key;
}

/* Below KEYS_NONE: there is none of this name. */
static int find_command(const struct keys *k, struct str name, struct buf *error)
{
	struct nearest_name n = { .name = name, .edits = EDITS + 1 };

	if (str_equal_loose(name, str_of(none)))
		return KEYS_NONE;
	for (int i = 0; i < keys_commands(k); i++) {
		struct command c = keys_row(k, i);
		if (c.fixed)
			continue;
		if (str_equal_loose(name, str_of(c.name)))
			return i;
		look_at(&n, c.name);
	}
	look_at(&n, none);
	complain(&n, "command", error);
	return KEYS_NONE - 1;
}

static const char *name_of(const struct keys *k, int command, char *out, size_t size)
{
	snprintf(out, size, "%s", command < 0 ? none : keys_row(k, command).name);
	for (char *p = out; *p; p++)
		if (*p == '_')
			*p = '-';
	return out;
}

void keys_name(const struct keys *k, int command, struct buf *out)
{
	char name[40];

	buf_puts(out, name_of(k, command, name, sizeof name));
}

/* ---- binding ---- */

/* Whether one key can't be of both: somewhere both would have it. */
static bool collide(const struct keys *k, int a, int b)
{
	struct command x, y;

	if (a < 0 || b < 0)
		return true;
	x = keys_row(k, a);
	y = keys_row(k, b);
	return (x.layers & y.layers) && !(x.layers & IN_PANES) == !(y.layers & IN_PANES);
}

/* What ends and mends text that is typed, and what leaves whatever is bound. */
static bool is_needed(int key)
{
	return key == K_ENTER || key == K_ESCAPE || key == K_BACKSPACE || key == K_CTRL('C');
}

/* The line that gave the key to another command; NULL: none did. */
static const struct key_bound *taken(const struct keys *k, int key, int command)
{
	for (unsigned i = 0; i < k->n; i++) {
		const struct key_bound *b = &k->bound[i];
		if (b->line && b->key == key && b->command != command &&
		    collide(k, b->command, command))
			return b;
	}
	return NULL;
}

static bool is_fixed(const struct keys *k, int command)
{
	return command >= 0 && keys_row(k, command).fixed;
}

static void give(struct keys *k, int key, int command, unsigned line)
{
	bool there = false;

	for (unsigned i = 0; i < k->n; i++) {
		struct key_bound *b = &k->bound[i];
		if (b->key != key || is_fixed(k, b->command) || b->off)
			continue;
		if (b->command == command) {
			b->line = b->line ? b->line : line;
			there = true;
		} else if (collide(k, b->command, command)) {
			b->off = line;
		}
	}
	if (!there)
		k->bound[k->n++] =
			(struct key_bound){ .key = key, .command = command, .line = line };
}

bool keys_bind(struct keys *k, struct str name, struct str command_name, unsigned line,
	       struct buf *error)
{
	const struct key_bound *had;
	char label[16], other[40];
	int key = find_key(name, error), command = key ? find_command(k, command_name, error) : 0;

	if (!key || command < KEYS_NONE)
		return false;
	had = taken(k, key, command);
	key_called(key, label, sizeof label);
	if (is_needed(key))
		buf_printf(error,
			   "key %s stays as it is: text that is typed needs enter, esc and "
			   "backspace, and ctrl-c leaves",
			   label);
	else if (had)
		buf_printf(error, "key %s is bound to %s already, in line %u", label,
			   name_of(k, had->command, other, sizeof other), had->line);
	else if (k->n == KEYS_BOUND_MAX)
		buf_puts(error, "there are too many keys");
	else
		give(k, key, command, line);
	return !error->n;
}

/* ---- what is left without one ---- */

/* The line that took the last key of a command for another one; 0: it has a key, or is meant to have
 * none. */
static unsigned lost_by(const struct keys *k, int command)
{
	unsigned line = 0;

	if (keys_key(k, command, 0))
		return 0;
	for (unsigned i = 0; i < k->n; i++)
		if (k->bound[i].command == command && k->bound[i].off > line)
			line = k->bound[i].off;
	for (unsigned i = 0; i < k->n; i++)
		if (k->bound[i].line == line && k->bound[i].command == KEYS_NONE)
			return 0;
	return line;
}

static void undo(struct keys *k, unsigned line)
{
	unsigned n = 0;

	for (unsigned i = 0; i < k->n; i++) {
		if (k->bound[i].off == line)
			k->bound[i].off = 0;
		if (k->bound[i].line != line)
			k->bound[n++] = k->bound[i];
	}
	k->n = n;
}

unsigned keys_undo_loss(struct keys *k, struct buf *error)
{
	char name[40], taker[40] = "", key[16] = "";
	unsigned line = 0;

	for (int i = 0; i < keys_commands(k) && !line; i++)
		if ((line = lost_by(k, i)))
			name_of(k, i, name, sizeof name);
	for (unsigned i = 0; line && i < k->n; i++)
		if (k->bound[i].line == line) {
			name_of(k, k->bound[i].command, taker, sizeof taker);
			key_called(k->bound[i].key, key, sizeof key);
		}
	if (line) {
		buf_printf(error, "key %s is the only one of %s: %s needs another one", key, name,
			   taker);
		undo(k, line);
	}
	return line;
}

/* ---- as a configuration ---- */

void keys_print(const struct keys *k, struct buf *out)
{
	char key[16], name[40];

	for (unsigned i = 0; i < k->n; i++) {
		const struct key_bound *b = &k->bound[i];
		if (is_fixed(k, b->command) || is_needed(b->key) || b->off)
			continue;
		buf_printf(out, "%skey %s = %s\n", b->line ? "" : "#",
			   key_called(b->key, key, sizeof key),
			   name_of(k, b->command, name, sizeof name));
	}
}
