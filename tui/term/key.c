/* key.c - see key.h. */
#include "term/key.h"

#include <stdio.h>

char *key_label(int key, char *out, size_t size)
{
	static const char *const names[] = {
#define X(id, name) [K_##id - K_FIRST] = name,
		KEYS(X)
#undef X
	};

	if (key > K_FIRST && key < K_LAST)
		snprintf(out, size, "%s", names[key - K_FIRST]);
	else if (key == K_TAB || key == K_ENTER || key == K_ESCAPE || key == ' ')
		snprintf(out, size, "%s",
			 key == K_TAB     ? "Tab"
			 : key == K_ENTER ? "Enter"
			 : key == ' '     ? "Space"
					  : "Esc");
	else if (key < ' ')
		snprintf(out, size, "^%c", key + '@');
	else
		snprintf(out, size, "%c", key);
	return out;
}
