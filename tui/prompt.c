/* prompt.c - see prompt.h. */
#include "prompt.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key.h"

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

enum prompt_result prompt_key(struct prompt *p, int key)
{
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

void prompt_draw(const struct prompt *p, struct area a, int y, int x, int width, bool active)
{
	int from = p->cursor < width ? 0 : p->cursor - width + 1;
	struct str shown = { p->text + from, (size_t)(p->n - from) };

	if (shown.n > (size_t)(width > 0 ? width : 0))
		shown.n = (size_t)(width > 0 ? width : 0);
	screen_text(a, y, x, width, ROLE_FILTER, shown);
	if (active)
		screen_paint(a, y, x + p->cursor - from, 1, ROLE_SELECTED);
}
