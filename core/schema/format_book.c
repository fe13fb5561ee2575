/* format_book.c - see format_book.h. */
#include "schema/format_book.h"

#include <stdlib.h>
#include <string.h>

#include "schema/format_table.h"

#define WORDS (UNKNOWN_MAX / 64)

static bool has_format(const struct format_book *b, const struct format *f)
{
	for (size_t i = b->n; i-- > 0;)
		if (b->format[i] == f)
			return true;
	return b->before && has_format(b->before, f);
}

static bool has_name(const struct format_book *b, unsigned name)
{
	return (b->name && (b->name[name / 64] >> name % 64 & 1)) ||
	       (b->before && has_name(b->before, name));
}

static size_t bytes_of(const struct format *f)
{
	return sizeof *f + f->n * sizeof *f->field + f->text.n;
}

/* Its unknown names that are not in the book; they are added. */
static unsigned add_names(struct format_book *b, const struct format *f)
{
	unsigned added = 0;

	for (unsigned i = 0; i < f->n; i++) {
		unsigned name = f->field[i] - FIELDS_KNOWN;
		if (f->field[i] < FIELDS_KNOWN || has_name(b, name))
			continue;
		if (!b->name)
			b->name = xcalloc(WORDS, sizeof *b->name);
		b->name[name / 64] |= UINT64_C(1) << name % 64;
		added++;
	}
	return added;
}

static unsigned count_names(const struct format_book *b, const struct format *f)
{
	unsigned n = 0;

	for (unsigned i = 0; i < f->n; i++)
		n += f->field[i] >= FIELDS_KNOWN && !has_name(b, f->field[i] - FIELDS_KNOWN);
	return n;
}

static bool has_room(const struct format_book *b, size_t n, size_t bytes, unsigned names)
{
	unsigned share = b->share ? b->share : 1;

	for (const struct format_book *x = b; x; x = x->before) {
		n += x->n;
		bytes += x->bytes;
		names += x->names;
	}
	return n <= FORMATS_OF_SOURCE / share && bytes <= BYTES_OF_SOURCE / share &&
	       names <= NAMES_OF_SOURCE / share;
}

static void add(struct format_book *b, const struct format *f)
{
	xgrow((void **)&b->format, &b->cap, b->n + 1, sizeof *b->format);
	b->format[b->n++] = f;
	b->bytes += bytes_of(f);
	b->names += add_names(b, f);
}

const struct format *format_book_keep(struct format_book *b, const struct format *f)
{
	if (format_is_lasting(f))
		return f;
	if (has_format(b, f)) {
		format_release(f);
		return f;
	}
	if (has_room(b, 1, bytes_of(f), count_names(b, f))) {
		add(b, f);
		return f;
	}
	format_release(f);
	b->refused = true;
	return format_refused(FORMAT_BEYOND_BOOK);
}

bool format_book_take(struct format_book *b, struct format_book *from)
{
	size_t n = 0, bytes = 0;
	unsigned names = 0;

	for (size_t i = 0; i < from->n; i++) {
		if (has_format(b, from->format[i]))
			continue;
		n++;
		bytes += bytes_of(from->format[i]);
	}
	for (unsigned i = 0; from->name && i < UNKNOWN_MAX; i++)
		names += (from->name[i / 64] >> i % 64 & 1) && !has_name(b, i);
	if (from->before != b && (from->refused || !has_room(b, n, bytes, names)))
		return false;
	for (size_t i = 0; i < from->n; i++)
		if (has_format(b, from->format[i]))
			format_release(from->format[i]);
		else
			add(b, from->format[i]);
	b->refused |= from->refused;
	from->n = 0;
	format_book_release(from);
	return true;
}

void format_book_cut(struct format_book *b, const struct format *const *keep, size_t n)
{
	struct format_book kept = { .share = b->share, .refused = b->refused };

	for (size_t i = 0; i < b->n; i++) {
		bool wanted = false;
		for (size_t k = 0; k < n; k++)
			wanted |= keep[k] == b->format[i];
		if (wanted)
			add(&kept, b->format[i]);
		else
			format_release(b->format[i]);
	}
	b->n = 0;
	format_book_release(b);
	*b = kept;
}

void format_book_release(struct format_book *b)
{
	for (size_t i = 0; i < b->n; i++)
		format_release(b->format[i]);
	free(b->format);
	free(b->name);
	*b = (struct format_book){ .share = b->share };
}

size_t format_book_bytes(const struct format_book *b)
{
	return b->cap * sizeof *b->format + (b->name ? WORDS * sizeof *b->name : 0);
}
