/* identity.c - see identity.h. */
#include "identity.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dict.h"
#include "format.h"
#include "identity_state.h"

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

/* ---- beginnings ---- */

/* The next line of *text, without its newline. */
static struct str next_line(struct str *text)
{
	const char *newline = memchr(text->s, '\n', text->n);
	size_t n = newline ? (size_t)(newline - text->s) : text->n;
	struct str line = { text->s, n };

	n += newline != NULL;
	text->s += n;
	text->n -= n;
	return line;
}

/* More of the beginning. Header lines before the first record are how any file begins. */
static void grow_head(struct identity_place *p, struct str lines)
{
	size_t room;

	while (p->head.n == 0 && lines.n) {
		struct str rest = lines, line = next_line(&rest);
		if (line.n && !format_is_header(line))
			break;
		lines = rest;
	}
	room = IDENTITY_HEAD - p->head.n;
	buf_add(&p->head, lines.s, lines.n < room ? lines.n : room);
	p->whole = p->head.n == IDENTITY_HEAD;
}

static uint32_t hash_of(const char *s, size_t n)
{
	uint64_t hash = hash_bytes(s, n);

	return (uint32_t)(hash ^ hash >> 32);
}

static struct identity_marks marks_of(const struct identity_place *p)
{
	struct identity_marks m = { 0 };
	struct str rest = buf_str(&p->head);

	while (rest.n && m.n < IDENTITY_MARKS - 1) {
		struct str line = next_line(&rest);
		m.mark[m.n++].bytes = (uint32_t)(line.s - p->head.s + (ptrdiff_t)line.n);
	}
	if (p->whole && m.mark[m.n - 1].bytes < p->head.n)
		m.mark[m.n++].bytes = (uint32_t)p->head.n;
	for (unsigned i = 0; i < m.n; i++)
		m.mark[i].hash = hash_of(p->head.s, m.mark[i].bytes);
	return m;
}

/* How many marks both have, all of them equal; 0: they differ. */
static unsigned agree(const struct identity_marks *a, const struct identity_marks *b)
{
	unsigned n = a->n < b->n ? a->n : b->n;

	for (unsigned i = 0; i < n; i++)
		if (a->mark[i].bytes != b->mark[i].bytes || a->mark[i].hash != b->mark[i].hash)
			return 0;
	return n;
}

/* ---- the table ---- */

/* The slot of a first line; takes a reference. */
static uint32_t slot_of(struct identities *all, const struct identity_marks *head)
{
	uint64_t key[2] = { head->mark[0].bytes, head->mark[0].hash };
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
	unsigned most = 0;

	dict_address_unref(all->keys, slot);
	for (struct identity *i = all->list[slot]; i; i = i->next) {
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
		p->identity->files--;
		p->identity = NULL;
		if (!p->took)
			return false;
		begin_own(all, p, &head);
	} else {
		p->identity = p->alone ? NULL : look_up(all, &head);
		if (!p->identity)
			begin_own(all, p, &head);
	}
	p->identity->files++;
	p->identity->seen_s = (int64_t)time(NULL);
	return true;
}

/* The columns of what follows stand in the last header of what is left out. */
static void note_header(struct identity_place *p, struct str lines)
{
	while (lines.n)
		format_note_header(&p->header, next_line(&lines));
}

static struct identity_take read_again(struct identity_place *p, struct str lines)
{
	identity_release(p);
	p->alone = true;
	return (struct identity_take){ lines.n, true };
}

/* Whether the bytes that were taken last are the same here. */
static bool same_tail(const struct identity *i, struct str before)
{
	return i->tail_n > before.n ||
	       hash_of(before.s + before.n - i->tail_n, i->tail_n) == i->tail_hash;
}

static void take(struct identity_place *p, struct str lines)
{
	struct identity *i = p->identity;
	size_t n = lines.n < IDENTITY_TAIL ? lines.n : IDENTITY_TAIL;

	i->at = p->at;
	i->tail_n = (uint32_t)n;
	i->tail_hash = hash_of(lines.s + lines.n - n, n);
	p->took += lines.n;
}

struct identity_take identity_take(struct identities *all, struct identity_place *p,
				   struct str lines)
{
	struct identity_take out = { 0, false };
	struct identity *i;

	if (!p->whole) {
		grow_head(p, lines);
		if (p->head.n && !know(all, p))
			return read_again(p, lines);
		if (p->whole)
			buf_release(&p->head);
	}
	i = p->identity;
	if (i && p->at < i->at) {
		uint64_t known = i->at - p->at;
		out.skip = known < lines.n ? (size_t)known : lines.n;
		struct str left = { lines.s, out.skip };
		if (known <= lines.n && !same_tail(i, left)) {
			i->files--;
			p->identity = NULL;
			if (!p->took)
				return read_again(p, lines);
			begin_own(all, p, &i->head);
			p->identity->files++;
			out.skip = 0;
		} else {
			note_header(p, left);
		}
	}
	p->at += lines.n;
	if (p->identity && p->at > p->identity->at)
		take(p, (struct str){ lines.s + out.skip, lines.n - out.skip });
	return out;
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
