/* app_typed.c - which filter is in force while one is typed: app_typed() is the rule. */
#include <stdlib.h>
#include <string.h>

#include "app/app_filter.h"
#include "monitor/monitor.h"
#include "query/probe.h"

#define REST_NS UINT64_C(1000000000) /* then a text is meant as it stands */
#define PROBE_NS UINT64_C(10000000)  /* of looking for a match between two looks at the keyboard */

static void set_whole(struct app *a, const char *text)
{
	char *copy = xstrndup(text, strlen(text));

	free(a->whole);
	a->whole = copy;
}

static void drop_probe(struct app *a)
{
	probe_free(a->probe);
	a->probe = NULL;
}

void app_typed_release(struct app *a)
{
	drop_probe(a);
	free(a->whole);
	a->whole = NULL;
}

/* Whether its last word may still grow: the cursor is at its end, and nothing ends it there. */
static bool is_open(const struct prompt *p)
{
	char next = p->cursor < p->n ? p->text[p->cursor] : ' ';

	return p->cursor > 0 && !strchr(" )\"", p->text[p->cursor - 1]) && strchr(" )", next);
}

/* What was in force with an open last word, and that has been ended since: by a blank, by more
 * values behind a comma, by a parenthesis. A regex to the end of the line has no words. */
static void note_ended(struct app *a)
{
	const char *in_force = app_filter(a);
	size_t n = strlen(in_force);

	if (n && in_force[0] != '/' && strncmp(a->prompt.text, in_force, n) == 0 &&
	    a->prompt.text[n] && strchr(" ,)", a->prompt.text[n]))
		set_whole(a, in_force);
}

/* The last whole filter is in force; what is wrong with the text that is typed stays said. */
static void fall_back(struct app *a)
{
	struct filter_error said = a->error;

	if (strcmp(app_filter(a), a->whole) != 0)
		app_set_filter(a, a->whole);
	a->error = said;
}

static void hold(struct app *a, bool vain)
{
	fall_back(a);
	a->vain = vain;
	a->rests_ns = monotonic_ns() + REST_NS;
}

bool app_put(struct app *a, const char *text)
{
	bool put;

	drop_probe(a);
	put = app_set_filter(a, text);
	if (put)
		set_whole(a, text);
	else
		fall_back(a);
	return put;
}

/* Goes on looking whether anything matches what is typed. */
static void look(struct app *a)
{
	enum probe_answer answer = probe_step(a->probe, PROBE_NS);

	if (answer == PROBE_MORE)
		return;
	drop_probe(a);
	if (answer == PROBE_NONE)
		hold(a, true);
	else
		app_set_filter(a, a->prompt.text);
}

/* What is typed is in force at once as far as its words are ended. With one that may still grow,
 * it is when it parses, does not just begin a name or a word of the language, and leaves
 * something to see: else the last filter of whole words is in force until a blank, Enter or
 * a second of rest, so that the screen does not empty on the way to "dport=443", nor is a part
 * of a word looked for under a mistake in it. */
void app_typed(struct app *a)
{
	struct complete_place place;
	struct filter *f;

	note_ended(a);
	if (!is_open(&a->prompt)) {
		app_put(a, a->prompt.text);
		return;
	}
	drop_probe(a);
	a->rests_ns = 0;
	f = app_compile(a, a->prompt.text, &a->error);
	place = complete_place((struct str){ a->prompt.text, (size_t)a->prompt.cursor });
	if (place.kind == COMPLETE_WORD && filter_word_begins(place.prefix)) {
		filter_free(f);
		a->error.message[0] = '\0';
		hold(a, false);
	} else if (!f) {
		fall_back(a);
	} else if (a->totals.complete && !result_matching(&a->totals)) { /* nothing to lose */
		filter_free(f);
		app_set_filter(a, a->prompt.text);
	} else {
		a->error.message[0] = '\0';
		a->rests_ns = monotonic_ns() + REST_NS;
		a->vain = true;
		/* Looked with by app_bar_rest(), once no more keys are there to be read: what is
		 * pasted is looked for as a whole. */
		a->probe = probe_new(monitor_ring(a->monitor), f, live_query(a->live, 0).span);
	}
}

uint64_t app_bar_rest(struct app *a, uint64_t now_ns)
{
	if (a->rests_ns && now_ns >= a->rests_ns) {
		drop_probe(a);
		app_set_filter(a, a->prompt.text);
	} else if (a->probe) {
		look(a);
	}
	return a->probe ? 1 : a->rests_ns ? (a->rests_ns - now_ns) / 1000000 + 1 : 0;
}
