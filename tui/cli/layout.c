/* layout.c - see layout.h. */
#include "cli/layout.h"

#include <string.h>

static const struct {
	const char *name, *says;
	const char *view[LAYOUT_VIEWS];
} layouts[LAYOUTS_N] = {
#define X(id, name, says, ...) { name, says, __VA_ARGS__ },
	LAYOUTS(X)
#undef X
};

const char *layout_name(enum layout l)
{
	return layouts[l].name;
}

const char *layout_says(enum layout l)
{
	return layouts[l].says;
}

int layout_find(struct str name)
{
	for (int l = 0; l < LAYOUTS_N; l++)
		if (str_equal_loose(name, str_of(layouts[l].name)))
			return l;
	return -1;
}

bool layout_has(enum layout l, const char *view, bool beside)
{
	if (l == LAYOUT_SINGLE)
		return false;
	if (!layouts[l].view[0])
		return beside;
	for (int i = 0; i < LAYOUT_VIEWS && layouts[l].view[i]; i++)
		if (strcmp(layouts[l].view[i], view) == 0)
			return true;
	return false;
}
