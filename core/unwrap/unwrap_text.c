/* unwrap_text.c - what a stage of text gives: UTF-16 as UTF-8, no NULs before it, and nothing of
 * what turns out to be none. */
#include <string.h>

#include "unwrap/foreign.h"
#include "unwrap/unwrap.h"
#include "unwrap/unwrap_kind.h"

#define PIECE (64u << 10)   /* of UTF-16, read at a time */
#define WORK_MAX (4u << 20) /* bytes gone through without a result before the caller's turn */
#define JUDGED 1024         /* the text's beginning, */
#define SIGNS_MAX 32        /* and how many bytes of it that no text has make it none */

/* Out of what utf16 holds, and more of the same. What ends it, or tears it, comes behind that. */
static ssize_t read_held(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct utf16 *w = &u->utf16;

	for (;;) {
		size_t made = utf16_take(w, out, n, u->text_end != 0);
		ssize_t end = u->text_end, got;
		if (made)
			return (ssize_t)made;
		if (end) {
			u->text_end = 0;
			if (end == UNWRAP_TORN)
				utf16_torn(w);
			return end;
		}
		got = unwrap_input(u, k, utf16_room(w, PIECE), PIECE);
		if (got == UNWRAP_OVER || got == UNWRAP_TORN)
			u->text_end = (int)got;
		else if (got <= 0)
			return got;
		else
			w->raw.n += (size_t)got;
	}
}

/* Bytes of text as they came, or out of UTF-16. */
static ssize_t read_text(struct unwrap *u, unsigned k, char *out, size_t n)
{
	struct utf16 *w = &u->utf16;
	ssize_t got;
	size_t whole;

	if (utf16_holds(w) || w->order != UTF16_NONE || u->text_end)
		return read_held(u, k, out, n);
	got = unwrap_input(u, k, out, n);
	if (got <= 0)
		return got;
	whole = utf16_pass(w, (struct str){ out, (size_t)got });
	return whole ? (ssize_t)whole : read_held(u, k, out, n);
}

/* ---- is it text? ---- */

static bool is_sign(char c)
{
	return ((unsigned char)c < ' ' && !memchr("\a\b\t\n\v\f\r\x1b", c, 8)) || c == 0x7f;
}

/* Leaves out NULs before the text: that is what truncating a file under its writer leaves.
 * Returns what is left. */
static size_t drop_nuls(struct unwrap *u, char *s, size_t n)
{
	size_t nuls = 0;

	while (u->judged == 0 && nuls < n && s[nuls] == 0)
		nuls++;
	if (!nuls)
		return n;
	u->nuls += nuls;
	u->work += nuls;
	memmove(s, s + nuls, n - nuls);
	return n - nuls;
}

static void keep_head(struct unwrap *u, const char *s, size_t n)
{
	size_t room = UNWRAP_HEAD - u->head_n;

	n = n < room ? n : room;
	memcpy(u->head + u->head_n, s, n);
	u->head_n += n;
}

/* Looks at the text's beginning. Returns how much of it goes on. */
static size_t judge(struct unwrap *u, const char *s, size_t n)
{
	size_t i = 0;

	if (u->head_n < UNWRAP_HEAD)
		keep_head(u, s, n);
	for (; i < n && u->judged < JUDGED && !u->doomed; i++, u->judged++)
		if (is_sign(s[i]) && ++u->signs > SIGNS_MAX) {
			u->doomed = true;
			return i;
		}
	return n;
}

void unwrap_refuse_text(struct unwrap *u, unsigned k)
{
	unwrap_refuse(u, k, foreign_of_binary((struct str){ u->head, u->head_n }));
}

/* It is no text. What it is instead is told once enough of it is there. */
static ssize_t read_doomed(struct unwrap *u, unsigned k, char *out, size_t n)
{
	while (u->head_n < UNWRAP_HEAD) {
		ssize_t got = read_text(u, k, out, n);
		if (got == UNWRAP_OVER)
			break;
		if (got == 0 || got == UNWRAP_AGAIN)
			return got;
		keep_head(u, out, got > 0 ? (size_t)got : 0);
	}
	unwrap_refuse_text(u, k);
	return UNWRAP_REFUSED;
}

ssize_t unwrap_read_text(struct unwrap *u, unsigned k, char *out, size_t n)
{
	while (u->work <= WORK_MAX && !u->doomed) {
		ssize_t got = read_text(u, k, out, n);
		if (got == UNWRAP_OVER && u->nuls && u->judged == 0) {
			unwrap_add_fault(u, "nothing but NUL bytes", NULL);
			u->nuls = 0;
		}
		if (got <= 0 || u->judged == JUDGED)
			return got;
		got = (ssize_t)judge(u, out, drop_nuls(u, out, (size_t)got));
		if (got)
			return got;
	}
	return u->doomed ? read_doomed(u, k, out, n) : UNWRAP_AGAIN;
}
