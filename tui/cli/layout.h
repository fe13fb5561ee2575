/* layout.h - LAYOUTS: which panes a screen shows that has room for several. */
#ifndef ENITOP_LAYOUT_H
#define ENITOP_LAYOUT_H

#include "base/util.h"

#define LAYOUT_VIEWS 2

/* X(id, "name", "what stands there", the views that it is of; none: all that stand beside others, as
 * many as have room) */
#define LAYOUTS(X) \
	X(OVERVIEW, "overview", "findings, below them as many panes as have room", { 0 }) \
	X(TALKERS_REJECTS, "talkers-rejects", "talkers and rejects", { "talkers", "rejects" }) \
	X(SINGLE, "single", "one pane, whole screen", { 0 })

enum layout {
#define X(id, name, says, ...) LAYOUT_##id,
	LAYOUTS(X)
#undef X
		LAYOUTS_N
};

const char *layout_name(enum layout l);
/* What stands there, in a few words. */
const char *layout_says(enum layout l);
/* -1: none is called so. */
int layout_find(struct str name);
/* Whether a view of that name may stand in it, where it is `beside` others in some. */
bool layout_has(enum layout l, const char *view, bool beside);

#endif
