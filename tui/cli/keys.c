/* keys.c - see keys.h. */
#include "cli/keys.h"

#include <stdio.h>
#include <string.h>

#include "cli/views.h"

int keys_commands(const struct keys *k)
{
	return COMMANDS_N + (int)k->known->n;
}

struct command keys_row(const struct keys *k, int command)
{
	const struct view *v;

	if (command < COMMANDS_N)
		return commands()[command];
	v = k->known->row[command - COMMANDS_N];
	return (struct command){ .name = v->name,
				 .layers = IN_WORK | IN_PAGES,
				 .keys = "",
				 .footer = "",
				 .help = v->help };
}

static void add(struct keys *k, int key, int command)
{
	if (k->n < KEYS_BOUND_MAX)
		k->bound[k->n++] = (struct key_bound){ .key = key, .command = command };
}

void keys_init(struct keys *k, const struct views *known)
{
	k->known = known;
	k->n = 0;
	for (int i = 0; i < COMMANDS_N; i++) {
		struct str rest = str_of(commands()[i].keys), name;
		while ((name = str_token(&rest)).n)
			add(k, key_of_name(name), i);
	}
	for (unsigned v = 0; v < known->n; v++)
		add(k, known->row[v]->key, COMMANDS_N + (int)v);
}

/* What is of no pane lies over them, and has its keys before theirs. */
static bool is_over(const struct command *c)
{
	return !(c->layers & IN_PANES);
}

int keys_command(const struct keys *k, int key, enum layer on)
{
	int found = -1;

	for (unsigned i = 0; i < k->n; i++) {
		const struct key_bound *b = &k->bound[i];
		if (b->key != key || b->off || b->command < 0)
			continue;
		struct command c = keys_row(k, b->command);
		if (!c.fixed && (c.layers & (1 << on)) && (found < 0 || is_over(&c)))
			found = b->command;
	}
	return found;
}

int keys_key(const struct keys *k, int command, unsigned nth)
{
	for (int own = 1; own >= 0; own--) /* those that the user chose first */
		for (unsigned i = 0; i < k->n; i++) {
			const struct key_bound *b = &k->bound[i];
			if (b->command == command && !b->off && (b->line > 0) == own && nth-- == 0)
				return b->key;
		}
	return 0;
}

char *keys_label(const struct keys *k, int command, char *out, size_t size)
{
	int key = keys_key(k, command, 0);

	*out = '\0';
	return key ? key_label(key, out, size) : out;
}

void keys_text(const struct keys *k, int command, struct buf *out)
{
	char label[16];
	int key;

	for (unsigned i = 0; (key = keys_key(k, command, i)); i++)
		buf_printf(out, "%s%s", i ? " " : "", key_label(key, label, sizeof label));
}

/* ---- sections ---- */

int keys_section(int section)
{
	int l = section == KEYS_EVERYWHERE ? 0 : section + 1;

	if (section < 0)
		return KEYS_EVERYWHERE;
	while (l < LAYERS_N && l > 0 && strcmp(layer_title(l), layer_title(l - 1)) == 0)
		l++;
	return l < LAYERS_N ? l : -1;
}

const char *keys_title(int section)
{
	return section == KEYS_EVERYWHERE ? "Everywhere" : layer_title(section);
}

bool keys_section_of(int section, enum layer l)
{
	return section != KEYS_EVERYWHERE && strcmp(layer_title(section), layer_title(l)) == 0;
}

bool keys_in(const struct keys *k, int command, int section)
{
	struct command c = keys_row(k, command);
	bool everywhere = (c.layers & IN_PANES) == IN_PANES;

	if (section == KEYS_EVERYWHERE || everywhere)
		return everywhere && section == KEYS_EVERYWHERE;
	for (int l = section; l < LAYERS_N; l++)
		if ((c.layers & (1 << l)) && keys_section_of(section, l))
			return true;
	return false;
}
