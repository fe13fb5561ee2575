/* folder_hints.c - see folder_hints.h. */
#include "input/folder_hints.h"

#include <stdlib.h>
#include <string.h>

#define HINTS_MAX 256

void newest_folders_add(struct newest_folders *l, const char *path, int64_t time_s)
{
	size_t oldest = 0;

	for (size_t i = 1; i < l->n; i++)
		if (l->folder[i].time_s < l->folder[oldest].time_s)
			oldest = i;
	if (l->n < WATCHES_MAX)
		oldest = l->n++;
	else if (l->folder[oldest].time_s >= time_s)
		return;
	else
		free(l->folder[oldest].path);
	l->folder[oldest].path = xstrndup(path, strlen(path));
	l->folder[oldest].time_s = time_s;
}

void newest_folders_clear(struct newest_folders *l)
{
	while (l->n)
		free(l->folder[--l->n].path);
}

static bool has(const struct folder_hints *l, const char *folder, const char *name)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct folder_hint *h = &l->hint[i];
		if (strcmp(h->folder, folder) == 0 &&
		    (h->name && name ? strcmp(h->name, name) == 0 : h->name == name))
			return true;
	}
	return false;
}

bool folder_hints_add(struct folder_hints *l, const char *folder, const char *name)
{
	if (has(l, folder, name))
		return true;
	if (l->n == HINTS_MAX)
		return false;
	xgrow((void **)&l->hint, &l->cap, l->n + 1, sizeof *l->hint);
	l->hint[l->n++] = (struct folder_hint){ xstrndup(folder, strlen(folder)),
						name ? xstrndup(name, strlen(name)) : NULL };
	return true;
}

void folder_hints_clear(struct folder_hints *l)
{
	while (l->n) {
		free(l->hint[--l->n].folder);
		free(l->hint[l->n].name);
	}
}

void folder_hints_release(struct folder_hints *l)
{
	folder_hints_clear(l);
	free(l->hint);
}
