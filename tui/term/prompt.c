/* prompt.c - see prompt.h. */
#include "term/prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "term/key.h"

void prompt_release(struct prompt *p)
{
	for (int i = 0; i < p->entries; i++)
		free(p->history[i]);
	p->entries = 0;
}

void prompt_set(struct prompt *p, const char *text)
{
	snprintf(p->text, sizeof p->text, "%s", text);
	p->n = p->cursor = (int)strlen(p->text);
	p->at = p->entries;
}

void prompt_remember(struct prompt *p, const char *text)
{
	if (*text && (p->entries == 0 || strcmp(p->history[p->entries - 1], text) != 0)) {
		if (p->entries == PROMPT_HISTORY) {
			free(p->history[0]);
			memmove(p->history, p->history + 1, sizeof p->history - sizeof *p->history);
			p->entries--;
		}
		p->history[p->entries++] = xstrndup(text, strlen(text));
	}
	p->at = p->entries;
}

bool prompt_replace(struct prompt *p, int from, int to, const char *text)
{
	int n = (int)strlen(text);

	if (p->n - (to - from) + n > PROMPT_MAX - 1)
		return false;
	memmove(p->text + from + n, p->text + to, (size_t)(p->n - to) + 1);
	memcpy(p->text + from, text, (size_t)n);
	p->n += n - (to - from);
	p->cursor = from + n;
	return true;
}

static enum prompt_result cut(struct prompt *p, int from, int to)
{
	if (from == to)
		return PROMPT_NOTHING;
	memmove(p->text + from, p->text + to, (size_t)(p->n - to) + 1);
	p->n -= to - from;
	p->cursor = from;
	return PROMPT_CHANGED;
}

static enum prompt_result insert(struct prompt *p, char c)
{
	if (p->n == PROMPT_MAX - 1)
		return PROMPT_NOTHING;
	memmove(p->text + p->cursor + 1, p->text + p->cursor, (size_t)(p->n - p->cursor) + 1);
	p->text[p->cursor++] = c;
	p->n++;
	return PROMPT_CHANGED;
}

static int word_left(const struct prompt *p)
{
	int i = p->cursor;

	while (i > 0 && p->text[i - 1] == ' ')
		i--;
	while (i > 0 && p->text[i - 1] != ' ')
		i--;
	return i;
}

static enum prompt_result recall(struct prompt *p, int step)
{
	int to = p->at + step;

	if (to < 0 || to > p->entries)
		return PROMPT_NOTHING;
	if (p->at == p->entries)
		memcpy(p->typed, p->text, sizeof p->typed);
	prompt_set(p, to == p->entries ? p->typed : p->history[to]);
	p->at = to;
	return PROMPT_CHANGED;
}

static enum prompt_result move(struct prompt *p, int to)
{
	p->cursor = to < 0 ? 0 : to > p->n ? p->n : to;
	return PROMPT_NOTHING;
}

/* ---- search in the history ---- */

/* The newest line at or before `at` that has the wanted text. */
static enum prompt_result find(struct prompt *p, int at)
{
	for (p->failing = false; at >= 0 && p->wanted[0]; at--)
		if (at < p->entries && strstr(p->history[at], p->wanted)) {
			prompt_set(p, p->history[at]);
			p->at = at;
			return PROMPT_CHANGED;
		}
	p->failing = p->wanted[0] != '\0';
	return PROMPT_NOTHING;
}

static enum prompt_result stop_search(struct prompt *p)
{
	p->searching = false;
	prompt_set(p, p->typed);
	return PROMPT_CHANGED;
}

/* True when the key belongs to the search; others end it and are keys of the editor. */
static bool search_key(struct prompt *p, int key, enum prompt_result *result)
{
	size_t n = strlen(p->wanted);

	*result = PROMPT_NOTHING;
	if (key == K_CTRL('R')) {
		*result = find(p, p->at - 1);
	} else if (key == K_ESCAPE || key == K_CTRL('G') || key == K_CTRL('C')) {
		*result = stop_search(p);
	} else if (key == K_BACKSPACE || key == K_CTRL('H') || key == 127) {
		if (n == 0) {
			*result = stop_search(p);
			return true;
		}
		p->wanted[n - 1] = '\0';
		*result = find(p, p->entries - 1);
	} else if (key >= ' ' && key < 127) {
		if (n < sizeof p->wanted - 1) {
			p->wanted[n] = (char)key;
			p->wanted[n + 1] = '\0';
			*result = find(p, p->at < p->entries ? p->at : p->entries - 1);
		}
	} else {
		p->searching = false;
		return false;
	}
	return true;
}

static enum prompt_result start_search(struct prompt *p)
{
	if (p->at == p->entries)
		memcpy(p->typed, p->text, sizeof p->typed);
	p->searching = true;
	p->failing = false;
	p->wanted[0] = '\0';
	return PROMPT_NOTHING;
}

enum prompt_result prompt_key(struct prompt *p, int key)
{
	enum prompt_result result;

	if (p->searching && search_key(p, key, &result))
		return result;
	if (key == K_CTRL('R'))
		return start_search(p);
	switch (key) {
	case K_ENTER:
	case '\n':
		return PROMPT_ACCEPT;
	case K_ESCAPE:
	case K_CTRL('C'):
	case K_CTRL('G'):
		return PROMPT_CANCEL;
	case K_LEFT:
	case K_CTRL('B'):
		return move(p, p->cursor - 1);
	case K_RIGHT:
	case K_CTRL('F'):
		return move(p, p->cursor + 1);
	case K_HOME:
	case K_CTRL('A'):
		return move(p, 0);
	case K_END:
	case K_CTRL('E'):
		return move(p, p->n);
	case K_UP:
	case K_CTRL('P'):
		return recall(p, -1);
	case K_DOWN:
	case K_CTRL('N'):
		return recall(p, 1);
	case K_CTRL('U'):
		return cut(p, 0, p->cursor);
	case K_CTRL('K'):
		return cut(p, p->cursor, p->n);
	case K_CTRL('W'):
		return cut(p, word_left(p), p->cursor);
	case K_BACKSPACE:
	case K_CTRL('H'):
	case 127:
		return p->cursor ? cut(p, p->cursor - 1, p->cursor) : PROMPT_NOTHING;
	case K_DELETE:
	case K_CTRL('D'):
		return p->cursor < p->n ? cut(p, p->cursor, p->cursor + 1) : PROMPT_NOTHING;
	default:
		return key >= ' ' && key < 127 ? insert(p, (char)key) : PROMPT_NOTHING;
	}
}

int prompt_first(const struct prompt *p, int width)
{
	return p->cursor < width ? 0 : p->cursor - width + 1;
}

void prompt_draw(const struct prompt *p, struct area a, int y, int x, int width, bool active)
{
	int from = prompt_first(p, width);
	struct str shown = { p->text + from, (size_t)(p->n - from) };

	if (shown.n > (size_t)(width > 0 ? width : 0))
		shown.n = (size_t)(width > 0 ? width : 0);
	screen_text(a, y, x, width, ROLE_FILTER, shown);
	if (active)
		screen_paint(a, y, x + p->cursor - from, 1, ROLE_SELECTED);
}
