/* identity.c - see identity.h. */
#include "input/identity.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "store/dict.h"
#include "schema/format.h"
#include "input/identity_state.h"

#define REWRITTEN_LINES 16
#define REWRITTEN_MARK 7 /* of the same number of lines: see mark_at */
#define LOOK_MAX 64      /* streams with the same first line that are compared */
#define LINE_MIN 16      /* bytes: where lines are shorter, their hashes would take much room */

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
			free(at->mark);
			free(at->file.header);
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
	       (all->cap + all->file_cap) * sizeof *all->list +
	       all->n * (sizeof(struct identity) + 64) + all->headers;
}

void identity_release(struct identity_place *p)
{
	if (p->identity)
		p->identity->files--;
	buf_release(&p->header);
	free(p->was);
	*p = (struct identity_place){ 0 };
}

void identity_truncated(struct identity_place *p)
{
	struct identity_place was = *p;

	if (was.identity) {
		xgrow((void **)&was.was, &was.was_cap, was.n_was + 1, sizeof *was.was);
		was.was[was.n_was++] = was.identity;
	}
	p->was = NULL;
	identity_release(p);
	p->was = was.was;
	p->n_was = was.n_was;
	p->was_cap = was.was_cap;
}

void identity_let_go(struct identity_place *p)
{
	if (!p->identity)
		p->n_was = 0;
}

void identity_rewind(struct identity_place *p)
{
	p->at = p->hash = 0;
}

void identity_skip(struct identity_place *p)
{
	p->at = p->identity->at;
	p->hash = p->identity->hash;
	buf_clear(&p->header);
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
		if (line.n && *line.s != FORMAT_MARK)
			return line;
	}
	return (struct str){ NULL, 0 };
}

/* The next line of a place: header lines before the first are how any file begins. */
static struct str next_of(uint64_t at, struct str *text)
{
	struct str line = next_line(text);

	while (at == 0 && line.s && format_is_header(line))
		line = next_line(text);
	return line;
}

static uint64_t line_hash(struct str line)
{
	return hash_stable(line.s, line.n);
}

static uint64_t hash_on(uint64_t hash, uint64_t line)
{
	return hash_u64(hash ^ line);
}

void identity_read_lines(struct identity_lines *lines, struct str text)
{
	struct str line;

	lines->bytes = text.n;
	while ((line = next_line(&text)).s && lines->n < lines->bytes / LINE_MIN) {
		xgrow((void **)&lines->hash, &lines->cap, lines->n + 1, sizeof *lines->hash);
		lines->hash[lines->n++] = line_hash(line);
	}
	if (line.s)
		lines->bytes = 0;
}

void identity_lines_release(struct identity_lines *lines)
{
	free(lines->hash);
	*lines = (struct identity_lines){ 0 };
}

/* The mark that stands behind so many lines; -1: none does. They are 1, then 2^k and 3 2^k. */
static int mark_at(uint64_t lines)
{
	unsigned bit = 63 - (unsigned)__builtin_clzll(lines);

	if (lines == UINT64_C(1) << bit)
		return bit ? 2 * (int)bit - 1 : 0;
	return lines == UINT64_C(3) << (bit - 1) ? 2 * (int)bit : -1;
}

#define MARKS_MAX 128

/* The marks of a text that begins a stream. */
static unsigned marks_of(struct str text, uint64_t mark[MARKS_MAX])
{
	uint64_t at = 0, hash = 0;
	unsigned n = 0;
	struct str line;

	while ((line = next_of(at, &text)).s) {
		hash = hash_on(hash, line_hash(line));
		if (mark_at(++at) == (int)n)
			mark[n++] = hash;
	}
	return n;
}

static void add_mark(struct identity *i, uint64_t hash)
{
	i->mark = xrealloc(i->mark, (i->marks + 1) * sizeof *i->mark);
	i->mark[i->marks++] = hash;
}

/* ---- the table ---- */

/* The slot of a first line; takes a reference. */
static uint32_t slot_of(struct identities *all, uint64_t first)
{
	uint64_t key[2] = { 0, first };
	size_t had = all->cap;
	uint32_t slot = dict_address_ref(all->keys, (const uint8_t *)key);

	xgrow((void **)&all->list, &all->cap, (size_t)slot + 1, sizeof *all->list);
	if (all->cap > had)
		memset(all->list + had, 0, (all->cap - had) * sizeof *all->list);
	return slot;
}

void identity_enter(struct identities *all, struct identity *i)
{
	uint32_t slot = slot_of(all, i->mark[0]);

	i->next = all->list[slot];
	all->list[slot] = i;
	all->n++;
}

static bool stood_here(const struct identity_place *p, const struct identity *i)
{
	for (size_t k = 0; k < p->n_was; k++)
		if (p->was[k] == i)
			return true;
	return false;
}

/* Of a file that was truncated: whether so many lines, no two of them alike, tell that it was
 * written anew in place, to what it held and more. A log that begins again has other lines, but
 * where all of them are alike. */
static bool is_rewritten(struct str text)
{
	uint64_t line[REWRITTEN_LINES];
	struct str next;

	for (unsigned n = 0; n < REWRITTEN_LINES; n++) {
		next = next_of(n, &text);
		if (!next.s)
			return false;
		line[n] = line_hash(next);
		for (unsigned k = 0; k < n; k++)
			if (line[k] == line[n])
				return false;
	}
	return true;
}

/* The stream that begins so: of several the one of which most is known. */
static struct identity *look_up(struct identities *all, const struct identity_place *p,
				struct str text, const uint64_t *mark, unsigned marks)
{
	bool rewritten = p->n_was && is_rewritten(text);
	uint32_t slot = slot_of(all, mark[0]);
	struct identity *best = NULL;
	unsigned most = 0, looked = 0;

	dict_address_unref(all->keys, slot);
	for (struct identity *i = all->list[slot]; i && looked++ < LOOK_MAX; i = i->next) {
		unsigned n = i->marks < marks ? i->marks : marks;
		if (n > most && i->mark[n - 1] == mark[n - 1] &&
		    (!stood_here(p, i) || (rewritten && n > REWRITTEN_MARK))) {
			most = n;
			best = i;
		}
	}
	return best;
}

/* ---- one file ---- */

static void attach(struct identity_place *p, struct identity *i)
{
	p->identity = i;
	i->files++;
	i->seen_s = (int64_t)time(NULL);
}

static void find_stream(struct identities *all, struct identity_place *p, struct str text)
{
	uint64_t mark[MARKS_MAX];
	unsigned marks = marks_of(text, mark);
	struct identity *i;

	if (!marks)
		return;
	i = p->alone ? NULL : look_up(all, p, text, mark, marks);
	if (!i) {
		i = xcalloc(1, sizeof *i);
		add_mark(i, mark[0]);
		/* Its other marks are passed when its lines are taken. */
		identity_enter(all, i);
	}
	attach(p, i);
}

/* The file went another way than the stream that it began like: it is a stream of its own from
 * here on; false: from its beginning. */
static bool part_ways(struct identities *all, struct identity_place *p)
{
	struct identity *was = p->identity, *i;

	was->files--;
	p->identity = NULL;
	if (!p->took)
		return false;
	i = xcalloc(1, sizeof *i);
	add_mark(i, was->mark[0]);
	i->broken = true;
	i->at = i->linked = p->at;
	i->hash = p->hash;
	identity_enter(all, i);
	attach(p, i);
	return true;
}

static struct identity_take read_again(struct identity_place *p, struct str text)
{
	identity_release(p);
	p->alone = true;
	return (struct identity_take){ text.n, true };
}

static bool is_torn(const struct identity_torn *t, struct str line)
{
	return t->n && t->n == line.n && t->hash == line_hash(line);
}

/* Passes one line that was taken before; false: it is another one. */
static bool pass_line(struct identity_place *p, struct str line)
{
	const struct identity *i = p->identity;
	int mark;

	p->hash = hash_on(p->hash, line_hash(line));
	p->at++;
	mark = mark_at(p->at);
	if (mark >= 0 && (unsigned)mark < i->marks && i->mark[mark] != p->hash)
		return false;
	return p->at < i->at || !i->hash || i->hash == p->hash;
}

static void take_line(struct identity_place *p, uint64_t line)
{
	struct identity *i = p->identity;

	p->hash = hash_on(p->hash, line);
	p->at++;
	if (!i->broken && mark_at(p->at) == (int)i->marks)
		add_mark(i, p->hash);
	i->at = p->at;
	i->hash = p->hash;
	p->took = true;
}

/* Passes the line that was taken without its end, and has it now; a line that only begins so is
 * another one. */
static void take_up_torn(struct identity_place *p, struct str *rest)
{
	struct identity *i = p->identity;
	struct str after = *rest, line = next_of(p->at, &after);

	if (!i->torn.n || !line.s)
		return;
	if (is_torn(&i->torn, line)) {
		take_line(p, line_hash(line));
		*rest = after;
	}
	i->torn.n = 0;
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

/* No line of what comes can be one that was taken before. */
static bool is_at_end(const struct identity_place *p)
{
	const struct identity *i = p->identity;

	return i && p->at && p->at == i->at && !i->torn.n;
}

struct identity_take identity_take(struct identities *all, struct identity_place *p,
				   struct str text, const struct identity_lines *lines)
{
	struct str rest = text, line;
	bool mine = false;

	if (is_at_end(p) && lines->bytes == text.n) {
		for (size_t i = 0; i < lines->n; i++)
			take_line(p, lines->hash[i]);
		return (struct identity_take){ 0, false };
	}
	if (!p->identity)
		find_stream(all, p, text);
	if (!p->identity)
		return (struct identity_take){ 0, false };
	while (!mine && p->at < p->identity->at && (line = next_of(p->at, &rest)).s)
		if (!pass_line(p, line)) {
			if (!part_ways(all, p))
				return read_again(p, text);
			mine = true;
		}
	if (p->at == p->identity->at && !mine)
		take_up_torn(p, &rest);
	/* The line at which it parted was counted, and is not left out. */
	size_t skip = (size_t)((mine ? line.s : rest.s) - text.s);
	note_headers(p, (struct str){ text.s, skip });
	while ((line = next_of(p->at, &rest)).s)
		take_line(p, line_hash(line));
	return (struct identity_take){ skip, false };
}

bool identity_take_torn(struct identity_place *p, struct str line)
{
	struct identity *i = p->identity;

	line = str_trim(line);
	if (!i)
		return false;
	if (p->at < i->at || is_torn(&i->torn, line))
		return true;
	i->torn = (struct identity_torn){ line.n, line_hash(line) };
	return false;
}

void identity_mend_torn(struct identity_place *p, struct str line)
{
	struct identity *i = p->identity;

	line = str_trim(line);
	if (!i || !line.n)
		return;
	if (p->at == i->at) {
		take_line(p, line_hash(line));
		i->torn.n = 0;
	} else {
		p->hash = hash_on(p->hash, line_hash(line));
		p->at++;
	}
}

void identity_block(struct identity *i)
{
	if (i)
		i->blocks++;
}

/* The blocks of one file are handed on in their order; of a stream out of several files, all
 * must be. */
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
