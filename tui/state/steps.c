/* steps.c - see steps.h. */
#include "state/steps.h"

#include <stdlib.h>
#include <string.h>

static void step_free(struct step *s)
{
	free(s->filter);
	stack_release(&s->stack);
}

static void forget(struct app *a, int i)
{
	step_free(&a->step[i]);
	memmove(&a->step[i], &a->step[i + 1], (size_t)(a->steps - i - 1) * sizeof *a->step);
	a->steps--;
}

void steps_remember(struct app *a, const char *filter)
{
	struct step *s;

	if (a->steps == WIDEN_MAX)
		forget(a, 0);
	s = &a->step[a->steps++];
	*s = (struct step){ .filter = xstrndup(filter, strlen(filter)),
			    .focus = a->focus,
			    .zoomed = a->zoomed,
			    .window_s = live_window(a->live) };
	live_looks_at(a->live, &s->look);
	stack_copy(&s->stack, &a->stack);
}

/* Puts window and span of a step in force again. */
static void restore_time(struct app *a, const struct step *s)
{
	struct span had;

	live_looks_at(a->live, &had);
	if (live_window(a->live) != s->window_s)
		live_set_window(a->live, s->window_s);
	if (had.from != s->look.from || had.to != s->look.to)
		live_look_at(a->live, s->look.from, s->look.to);
	a->cursor.at = a->cursor.mark = INT64_MIN;
}

void steps_back(struct app *a)
{
	struct step *s = &a->step[a->steps - 1];

	if (app_set_filter(a, s->filter))
		prompt_set(&a->prompt, s->filter);
	stack_copy(&a->stack, &s->stack);
	a->focus = s->focus;
	a->zoomed = s->zoomed;
	restore_time(a, s);
	forget(a, a->steps - 1);
}

void steps_undo(struct app *a)
{
	forget(a, a->steps - 1);
}

void steps_release(struct app *a)
{
	while (a->steps > 0)
		forget(a, a->steps - 1);
}
