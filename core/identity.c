/* identity.c - see identity.h. */
#include "identity.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dict.h"
#include "format.h"
#include "identity_state.h"

#define LOOK_MAX 64 /* streams with the same first line that are compared */

struct identities *identities_new(void)
{
	struct identities *all = xcalloc(1, sizeof *all);

	all->keys = dict_new();
	all->file_keys = dict_new();
	return all;
}

void identities_free(struct identities *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->cap; i++)
		for (struct identity *at = all->list[i], *next; at; at = next) {
			next = at->next;
			free(at);
		}
	free(all->list);
	free(all->of_file);
	dict_free(all->keys);
	dict_free(all->file_keys);
	free(all);
}

size_t identities_bytes(const struct identities *all)
{
	return dict_bytes(all->keys) + dict_bytes(all->file_keys) +
	       (all->cap + all->file_cap) * sizeof *all->list + all->n * sizeof(struct identity);
}

void identity_release(struct identity_place *p)
{
	if (p->identity)
		p->identity->files--;
	buf_release(&p->head);
	buf_release(&p->header);
	*p = (struct identity_place){ 0 };
}

/* ---- lines ---- */

/* The next line of *text that counts, blanks at its ends taken off; none: s is NULL. */
static struct str next_line(struct str *text)
{
	while (text->n) {
		const char *newline = memchr(text->s, '\n', text->n);
		size_t n = newline ? (size_t)(newline - text->s) : text->n;
		struct str line = str_trim((struct str){ text->s, n });

		n += newline != NULL;
		text->s += n;
		text->n -= n;
		if (line.n && *line.s != FORMAT_VALUES && *line.s != FORMAT_LINES)
			return line;
	}
	return (struct str){ NULL, 0 };
}

/* Moves *text behind its next `most` lines, or its end. Returns how many those were; *last:
 * the last of them. */
static uint64_t pass_lines(struct str *text, uint64_t most, struct str *last)
{
	uint64_t n = 0;
	struct str line;

	while (n < most && (line = next_line(text)).s) {
		*last = line;
		n++;
	}
	return n;
}

/* ---- beginnings ---- */

/* More of the beginning. Header lines are how any file begins. */
static void grow_head(struct identity_place *p, struct str text)
{
	struct str line;

	while (p->head.n < IDENTITY_HEAD && (line = next_line(&text)).s) {
		if (format_is_header(line))
			continue;
		buf_add_str(&p->head, line);
		buf_putc(&p->head, '\n');
	}
	p->whole = p->head.n >= IDENTITY_HEAD;
}

static struct identity_marks marks_of(const struct identity_place *p)
{
	struct identity_marks m = { 0 };
	size_t end = p->head.n < IDENTITY_HEAD ? p->head.n : IDENTITY_HEAD;
	const char *s = p->head.s, *newline;

	while (m.n < IDENTITY_MARKS - 1 &&
	       (newline = memchr(s, '\n', end - (size_t)(s - p->head.s)))) {
		m.bytes[m.n++] = (uint16_t)(newline - p->head.s);
		s = newline + 1;
	}
	if (p->whole)
		m.bytes[m.n++] = IDENTITY_HEAD;
	for (unsigned i = 0; i < m.n; i++)
		m.hash[i] = hash_bytes(p->head.s, m.bytes[i]);
	return m;
}

/* How many marks both have, all of them equal; 0: they differ. */
static unsigned agree(const struct identity_marks *a, const struct identity_marks *b)
{
	unsigned n = a->n < b->n ? a->n : b->n;

	for (unsigned i = 0; i < n; i++)
		if (a->bytes[i] != b->bytes[i] || a->hash[i] != b->hash[i])
			return 0;
	return n;
}

/* ---- the table ---- */

/* The slot of a first line; takes a reference. */
static uint32_t slot_of(struct identities *all, const struct identity_marks *head)
{
	uint64_t key[2] = { head->bytes[0], head->hash[0] };
	size_t had = all->cap;
	uint32_t slot = dict_address_ref(all->keys, (const uint8_t *)key);

	xgrow((void **)&all->list, &all->cap, (size_t)slot + 1, sizeof *all->list);
	if (all->cap > had)
		memset(all->list + had, 0, (all->cap - had) * sizeof *all->list);
	return slot;
}

void identity_enter(struct identities *all, struct identity *i)
{
	uint32_t slot = slot_of(all, &i->head);

	i->next = all->list[slot];
	all->list[slot] = i;
	all->n++;
}

/* The stream that begins so: of several the one of which most is known. */
static struct identity *look_up(struct identities *all, const struct identity_marks *head)
{
	uint32_t slot = slot_of(all, head);
	struct identity *best = NULL;
	unsigned most = 0, looked = 0;

	dict_address_unref(all->keys, slot);
	for (struct identity *i = all->list[slot]; i && looked++ < LOOK_MAX; i = i->next) {
		unsigned n = agree(&i->head, head);
		if (n > most) {
			most = n;
			best = i;
		}
	}
	return best;
}

/* ---- one file ---- */

/* Becomes a stream of its own, from where it is. */
static void begin_own(struct identities *all, struct identity_place *p,
		      const struct identity_marks *head)
{
	struct identity *i = xcalloc(1, sizeof *i);

	i->at = i->linked = p->at;
	i->head = *head;
	identity_enter(all, i);
	p->identity = i;
}

/* It is another stream, from here on; false: from its beginning. */
static bool part(struct identities *all, struct identity_place *p,
		 const struct identity_marks *head)
{
	p->identity->files--;
	p->identity = NULL;
	if (!p->took)
		return false;
	begin_own(all, p, head);
	p->identity->files++;
	return true;
}

/* By the beginning as far as it is there. False: it has to be read again. */
static bool know(struct identities *all, struct identity_place *p)
{
	struct identity_marks head = marks_of(p);

	if (p->identity) {
		if (agree(&p->identity->head, &head)) {
			if (head.n > p->identity->head.n)
				p->identity->head = head;
			return true;
		}
		/* It went another way than the one it began like. */
		return part(all, p, &head);
	}
	p->identity = p->alone ? NULL : look_up(all, &head);
	if (!p->identity)
		begin_own(all, p, &head);
	p->identity->files++;
	p->identity->seen_s = (int64_t)time(NULL);
	return true;
}

/* The columns of what follows stand in the last header of what is left out. */
static void note_headers(struct identity_place *p, struct str text)
{
	while (text.n) {
		const char *newline = memchr(text.s, '\n', text.n);
		size_t n = newline ? (size_t)(newline - text.s) : text.n;

		format_note_header(&p->header, (struct str){ text.s, n });
		n += newline != NULL;
		text.s += n;
		text.n -= n;
	}
}

static struct identity_take read_again(struct identity_place *p, struct str text)
{
	identity_release(p);
	p->alone = true;
	return (struct identity_take){ text.n, true };
}

static void take(struct identity_place *p, uint64_t lines, struct str last)
{
	struct identity *i = p->identity;

	p->at += lines;
	if (!i || !lines)
		return;
	i->at = p->at;
	i->tail = (uint32_t)hash_bytes(last.s, last.n);
	p->took = true;
}

/* Leaves out what was taken before. Moves *rest behind it; false: read it again. */
static bool pass_known(struct identities *all, struct identity_place *p, struct str *rest)
{
	const struct identity *i = p->identity;
	struct str text = *rest, last = { NULL, 0 };
	uint64_t n = pass_lines(rest, i->at - p->at, &last);

	if (n && p->at + n == i->at && i->tail && i->tail != (uint32_t)hash_bytes(last.s, last.n)) {
		*rest = text;
		return part(all, p, &i->head);
	}
	p->at += n;
	note_headers(p, (struct str){ text.s, (size_t)(rest->s - text.s) });
	return true;
}

struct identity_take identity_take(struct identities *all, struct identity_place *p,
				   struct str text)
{
	struct str rest = text, last = { NULL, 0 };
	uint64_t n;

	if (!p->whole) {
		grow_head(p, text);
		if (p->head.n && !know(all, p))
			return read_again(p, text);
		if (p->whole)
			buf_release(&p->head);
	}
	if (p->identity && p->at < p->identity->at && !pass_known(all, p, &rest))
		return read_again(p, text);
	size_t skip = text.n - rest.n;
	n = pass_lines(&rest, UINT64_MAX, &last);
	take(p, n, last);
	return (struct identity_take){ skip, false };
}

void identity_block(struct identity *i)
{
	if (i)
		i->blocks++;
}

/* Of one file, blocks are handed on in their order; of several, all of them must be. */
void identity_linked(struct identity *i, uint64_t end)
{
	if (!i)
		return;
	i->blocks--;
	if (i->files > 1 && i->blocks)
		return;
	if (!i->blocks)
		end = i->at;
	if (end > i->linked)
		i->linked = end;
}
