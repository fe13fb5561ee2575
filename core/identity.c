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
	return all;
}

void identities_free(struct identities *all)
{
	if (!all)
		return;
	for (size_t i = 0; i < all->cap; i++)
		free(all->list[i]);
	free(all->list);
	dict_free(all->keys);
	free(all);
}

size_t identities_bytes(const struct identities *all)
{
	return dict_bytes(all->keys) +
	       dict_count(all->keys) * (sizeof **all->list + sizeof *all->list);
}

void identity_release(struct identity_place *p)
{
	if (p->identity)
		p->identity->files--;
	buf_release(&p->head);
	buf_release(&p->header);
	*p = (struct identity_place){ 0 };
}

/* ---- the table ---- */

/* The slot of a key; takes a reference. */
static uint32_t slot_of(struct identities *all, unsigned head_n, uint64_t hash)
{
	uint64_t key[2] = { head_n, hash };
	size_t had = all->cap;
	uint32_t slot = dict_address_ref(all->keys, (const uint8_t *)key);

	xgrow((void **)&all->list, &all->cap, (size_t)slot + 1, sizeof *all->list);
	if (all->cap > had)
		memset(all->list + had, 0, (all->cap - had) * sizeof *all->list);
	return slot;
}

static struct identity *find(struct identities *all, unsigned head_n, uint64_t hash)
{
	uint32_t slot = slot_of(all, head_n, hash);
	struct identity *found = all->list[slot];

	dict_address_unref(all->keys, slot);
	return found;
}

/* Into the table under its head; false when another one has it. */
bool identity_enter(struct identities *all, struct identity *i)
{
	uint32_t slot = slot_of(all, i->head_n, i->hash);

	if (all->list[slot]) {
		dict_address_unref(all->keys, slot);
		return false;
	}
	all->list[slot] = i;
	all->of_length[i->head_n]++;
	return true;
}

static void leave(struct identities *all, struct identity *i)
{
	uint32_t slot = slot_of(all, i->head_n, i->hash);

	all->list[slot] = NULL;
	all->of_length[i->head_n]--;
	dict_address_unref(all->keys, slot);
	dict_address_unref(all->keys, slot);
}

/* The stream that begins as `head` does: known by as much as is there of it, or by less
 * where it was shorter when it was met. */
static struct identity *look_up(struct identities *all, struct str head)
{
	for (size_t n = head.n; n; n--) {
		struct identity *i;
		if (all->of_length[n] && (i = find(all, (unsigned)n, hash_bytes(head.s, n))))
			return i;
	}
	return NULL;
}

/* ---- one file ---- */

/* A header alone is how any file begins. */
static bool has_record(struct str head)
{
	while (head.n) {
		const char *newline = memchr(head.s, '\n', head.n);
		struct str line = { head.s, newline ? (size_t)(newline - head.s) : head.n };
		if (line.n && !format_is_header(line))
			return true;
		head.n -= newline ? line.n + 1 : line.n;
		head.s += newline ? line.n + 1 : line.n;
	}
	return false;
}

/* Known by more of its beginning than before. */
static void grow_head(struct identities *all, struct identity_place *p)
{
	struct identity *i = p->identity;
	struct identity grown = { .head_n = (unsigned)p->head.n,
				  .hash = hash_bytes(p->head.s, p->head.n) };

	if (grown.head_n <= i->head_n || find(all, grown.head_n, grown.hash))
		return;
	leave(all, i);
	i->head_n = grown.head_n;
	i->hash = grown.hash;
	identity_enter(all, i);
}

static void know(struct identities *all, struct identity_place *p)
{
	struct str head = buf_str(&p->head);
	struct identity *i;

	if (!has_record(head))
		return;
	i = p->alone ? NULL : look_up(all, head);
	if (!i) {
		i = xcalloc(1, sizeof *i);
		i->head_n = (unsigned)head.n;
		i->hash = hash_bytes(head.s, head.n);
		i->at = i->linked = p->at; /* headers that went before */
		if (!identity_enter(all, i)) {
			/* Two streams that begin alike: this one is known by nothing. */
			i->head_n = 0;
			i->hash = ++all->nameless;
			identity_enter(all, i);
		}
	}
	i->files++;
	i->seen_s = (int64_t)time(NULL);
	p->identity = i;
}

static void note_tail(struct identity *i, struct str lines)
{
	size_t n = lines.n < IDENTITY_TAIL ? lines.n : IDENTITY_TAIL, keep;

	keep = IDENTITY_TAIL - n < i->tail_n ? IDENTITY_TAIL - n : i->tail_n;
	memmove(i->tail, i->tail + i->tail_n - keep, keep);
	memcpy(i->tail + keep, lines.s + lines.n - n, n);
	i->tail_n = (unsigned)(keep + n);
}

/* The columns of what follows stand in the last header of what is left out. */
static void note_header(struct identity_place *p, struct str lines)
{
	while (lines.n) {
		const char *newline = memchr(lines.s, '\n', lines.n);
		size_t n = newline ? (size_t)(newline - lines.s) + 1 : lines.n;
		if (format_is_header((struct str){ lines.s, n - (newline != NULL) })) {
			buf_clear(&p->header);
			buf_add(&p->header, lines.s, n);
		}
		lines.s += n;
		lines.n -= n;
	}
}

/* Whether what this file has before the place where the other one stopped is the same. */
static bool same_tail(const struct identity *i, struct str before)
{
	size_t n = before.n < i->tail_n ? before.n : i->tail_n;

	return memcmp(before.s + before.n - n, i->tail + i->tail_n - n, n) == 0;
}

struct identity_take identity_take(struct identities *all, struct identity_place *p,
				   struct str lines)
{
	struct identity_take take = { 0, false };

	if (!p->head_whole) {
		size_t room = IDENTITY_HEAD - p->head.n;
		buf_add(&p->head, lines.s, lines.n < room ? lines.n : room);
		if (!p->identity)
			know(all, p);
		else
			grow_head(all, p);
		if (p->head.n == IDENTITY_HEAD) {
			p->head_whole = true;
			buf_release(&p->head);
		}
	}
	struct identity *i = p->identity;
	if (i && p->at < i->at) {
		take.skip = i->at - p->at < lines.n ? (size_t)(i->at - p->at) : lines.n;
		struct str left = { lines.s, take.skip };
		if (p->at + take.skip == i->at && !same_tail(i, left)) {
			identity_release(p);
			p->alone = true;
			return (struct identity_take){ lines.n, true };
		}
		note_header(p, left);
	}
	p->at += lines.n;
	if (i && p->at > i->at) {
		note_tail(i, (struct str){ lines.s + take.skip, lines.n - take.skip });
		i->at = p->at;
	}
	return take;
}
