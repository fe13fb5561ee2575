/* kin.c - see kin.h. */
#include "term/kin.h"

#include <langinfo.h>
#include <string.h>
#include <term.h>

#include "base/util.h"
#include "term/term.h"

/* Terminals that are newer than the terminfo of many machines, and do what xterm does. */
bool kin_of_xterm(const char *name)
{
	static const char *const begins[] = { "xterm",     "kitty",   "ghostty", "foot",
					      "alacritty", "wezterm", "contour", "tmux",
					      "screen",    "rxvt",    "konsole", "vte" };

	for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
		if (strncmp(name, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Whether a screen can be drawn on it: the cursor goes where it is told. */
static bool can_draw(void)
{
	const char *cup = tigetstr("cup");

	return cup && cup != (char *)-1 && *cup;
}

static SCREEN *take(const char *name, FILE *out, FILE *in)
{
	SCREEN *s = newterm(name, out, in);

	if (!s || can_draw())
		return s;
	endwin();
	delscreen(s);
	return NULL;
}

/* By the name in TERM; where terminfo lacks it, by one of the same family. */
SCREEN *kin_take(const char *name, FILE *out, FILE *in, char *note, size_t size)
{
	static const char *const instead[] = { "xterm-256color", "xterm", "ansi", "vt100" };
	SCREEN *s = take(name, out, in);

	note[0] = '\0';
	for (size_t i = 0; !s && kin_of_xterm(name) && i < ARRAY_SIZE(instead); i++) {
		s = take(instead[i], out, in);
		snprintf(note, size, "TERM=%.40s is not known here: taken for %s", name,
			 instead[i]);
	}
	return s;
}

bool term_is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}
