/* key.c - see key.h. */
#include "term/key.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct {
	int key;
	const char *label, *name;
} words[] = {
#define X(id, label, name) { K_##id, label, name },
	KEYS(X)
#undef X
#define X(character, label, name) { character, label, name },
		KEY_WORDS(X)
#undef X
};

const char *key_word(size_t k)
{
	return k < ARRAY_SIZE(words) ? words[k].name : NULL;
}

/* Its place among the words; -1: it is a character. */
static int find(int key)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (words[i].key == key)
			return (int)i;
	return -1;
}

char *key_label(int key, char *out, size_t size)
{
	int i = find(key);

	if (i >= 0)
		snprintf(out, size, "%s", words[i].label);
	else if (key < ' ')
		snprintf(out, size, "^%c", key + '@');
	else
		snprintf(out, size, "%c", key);
	return out;
}

char *key_called(int key, char *out, size_t size)
{
	int i = find(key);

	if (i >= 0)
		snprintf(out, size, "%s", words[i].name);
	else if (key < ' ')
		snprintf(out, size, "ctrl-%c", tolower(key + '@'));
	else
		snprintf(out, size, "%c", key);
	return out;
}

int key_of_name(struct str name)
{
	static const char ctrl[] = "ctrl-";
	size_t n = sizeof ctrl - 1;

	if (name.n == 1 && name.s[0] > ' ' && name.s[0] < 127)
		return name.s[0];
	if (name.n == n + 1 && str_equal_loose((struct str){ name.s, n }, str_of(ctrl)) &&
	    isalpha((unsigned char)name.s[n])) {
		int key = K_CTRL(name.s[n]);
		return key == '\n' ? K_ENTER : key; /* terminals have one key of the two */
	}
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_equal_loose(name, str_of(words[i].name)))
			return words[i].key;
	return 0;
}
