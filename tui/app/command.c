/* command.c - see command.h. */
#include "app/command.h"

#include <stddef.h>

static const struct command table[] = {
#define X(id, key, other, footer, help) { #id, key, other, footer, help, command_##id },
	COMMANDS(X)
#undef X
};

#define COUNT (sizeof table / sizeof *table)

const struct command *commands(size_t *n)
{
	*n = COUNT;
	return table;
}

const struct command *command_find(int key)
{
	for (size_t i = 0; i < COUNT; i++)
		if (table[i].key == key || (table[i].other && table[i].other == key))
			return &table[i];
	return NULL;
}

void commands_print(FILE *out)
{
	for (size_t i = 0; i < COUNT; i++) {
		char name[16], other[16] = "";
		key_label(table[i].key, name, sizeof name);
		if (table[i].other && table[i].other != '\n')
			key_label(table[i].other, other, sizeof other);
		fprintf(out, "%-10s %-7s %s\n", name, other, table[i].help);
	}
}
