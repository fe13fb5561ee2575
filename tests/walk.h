/* walk.h - random walks over the screen: commands of a seed, as keys, for tests that hold what
 * comes of them against something else. */
#ifndef ENITOP_TESTS_WALK_H
#define ENITOP_TESTS_WALK_H

#include "app/app.h"

struct walk {
	uint64_t seed;    /* of the next command */
	struct buf trail; /* the keys so far, to be read: "/dport=22<Enter> g [" */
};

/* Presses the keys of the next command; the caller lets the screen settle behind it. */
void walk_step(struct walk *w, struct app *a);
/* Leaves whatever is typed or lies over the panes: the next key is a command's. */
void walk_home(struct walk *w, struct app *a);
/* Types a text (\r is Enter, \33 Esc), as part of the trail or not. */
void walk_type(struct walk *w, struct app *a, const char *keys);

#endif
