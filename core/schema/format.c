/* format.c - interned formats and the names of unknown columns: see format.h. */
#include "schema/format.h"

#include <ctype.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "schema/columns.h"
#include "schema/format_book.h"
#include "schema/format_table.h"

/* ---- interning ---- */

int format_column(const struct format *format, int field)
{
	if (field < 0)
		return -1;
	if (field < FIELDS_KNOWN)
		return format->column[field];
	for (unsigned i = 0; i < format->n; i++)
		if (format->field[i] == field)
			return (int)i;
	return -1;
}

/* ---- from names ---- */

/* The next name of a header line or --format: up to a blank, comma, quote, NUL or the
 * end of its ${}. */
static struct str next_name(struct str *rest)
{
	static const char apart[] = { FORMAT_MARK, '\1', '\0', ' ', '\t', '\r', '\n',
				      ',',         '"',  '\'', '$', '{',  '}' };
	size_t i = 0, start;

	while (i < rest->n && memchr(apart, rest->s[i], sizeof apart))
		i++;
	start = i;
	while (i < rest->n && !memchr(apart, rest->s[i], sizeof apart))
		i++;
	struct str name = { rest->s + start, i - start };
	rest->s += i;
	rest->n -= i;
	return name;
}

static bool is_among(int id, const uint16_t *field, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (field[i] == id)
			return true;
	return false;
}

/* The id of a column. Another name for a field that has its column, or the same name again,
 * gets "#2" and so on behind it. `known`: the field that the name stands for. */
static int column_id(struct str name, int known, const uint16_t *field, unsigned n)
{
	struct buf again = { 0 };
	bool other = known == COLUMN_AGAIN;
	int id = known >= 0 ? known : other ? FIELD_NONE : format_table_name(name);

	for (unsigned count = 2; other || (id != FIELD_NONE && is_among(id, field, n)); count++) {
		buf_clear(&again);
		buf_add_str(&again, name);
		buf_printf(&again, "#%u", count);
		id = format_table_name(buf_str(&again));
		other = false;
	}
	buf_release(&again);
	return id;
}

/* The names of a line, at most FORMAT_COLUMNS_MAX, and their fields; 0: there are more. */
static unsigned cut_names(struct str line, struct str *name, int16_t *known)
{
	struct str next;
	unsigned n = 0;

	for (; (next = next_name(&line)).n; name[n++] = next)
		if (n == FORMAT_COLUMNS_MAX)
			return 0;
	columns_match(name, n, known);
	return n;
}

static const struct format *format_of_names(const struct str *name, const int16_t *known,
					    unsigned n, const char *origin, bool shape)
{
	uint16_t field[FORMAT_COLUMNS_MAX];
	unsigned understood = 0;
	const struct format *f = NULL;
	const char *end_as = NULL;
	int id = 0, end = columns_time(name, known, n, &end_as);

	format_table_lock();
	for (unsigned i = 0; i < n && id != FIELD_NONE; i++) {
		id = (int)i == end ? FIELD_END : column_id(name[i], known[i], field, i);
		field[i] = (uint16_t)id;
		understood += known[i] >= 0;
	}
	if (id != FIELD_NONE && understood >= 2)
		f = format_table_intern(field, n, end_as, origin, shape);
	format_table_unlock();
	return f;
}

static const struct format *parse(struct str line, const char *origin, bool shape)
{
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t known[FORMAT_COLUMNS_MAX];
	unsigned n = cut_names(line, name, known);

	return format_of_names(name, known, n, origin, shape);
}

const struct format *format_parse(struct str line, const char *origin)
{
	return parse(line, origin, false);
}

const struct format *format_shape(struct str names, const char *origin)
{
	return parse(names, origin, true);
}

const struct format *format_default(void)
{
	return format_shape(
		str_of("version account-id interface-id srcaddr dstaddr srcport dstport "
		       "protocol packets bytes start end action log-status"),
		"default");
}

/* ---- headers ---- */

#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number

static struct format refused[] = {
	[FORMAT_TOO_WIDE] = { .origin = "refused header",
			      .refusal =
				      "its header has too many columns, or no two that are known" },
	[FORMAT_NO_ROOM] = { .origin = "refused header",
			     .refusal = "its header was not kept: there are too many formats" },
	[FORMAT_BEYOND_BOOK] = { .origin = "refused header",
				 .refusal =
					 "its header was not kept: more than " TEXT(FORMATS_OF_SOURCE) " formats, or " TEXT(
						 NAMES_OF_SOURCE) " names, in this source" },
	[FORMAT_GIVEN_BACK] = { .origin = "given back",
				.refusal = "its header stood before the end of the source, and "
					   "was given back" },
	[FORMAT_STATISTICS] = { .origin = "statistics",
				.refusal = "its columns are statistics: export the records, "
					   "without stats or GROUP BY" },
};

static void make_refused(void)
{
	for (size_t k = 0; k < ARRAY_SIZE(refused); k++) {
		refused[k].text = str_of("");
		refused[k].lasting = true;
		for (int i = 0; i < FIELDS_KNOWN; i++)
			refused[k].column[i] = -1;
	}
}

const struct format *format_refused(enum format_refusal why)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_refused);
	return &refused[why];
}

const struct format *format_of_header(struct str line)
{
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t known[FORMAT_COLUMNS_MAX];
	unsigned n = cut_names(line, name, known), understood = 0;
	const struct format *f;

	if (columns_are_statistics(name, known, n, !format_is_mark(line, FORMAT_VALUES)))
		return format_refused(FORMAT_STATISTICS);
	for (unsigned i = 0; i < n; i++)
		understood += known[i] >= 0;
	if (understood < 2)
		return format_refused(FORMAT_TOO_WIDE);
	f = format_of_names(name, known, n, "header", false);
	return f ? f : format_refused(FORMAT_NO_ROOM);
}

bool format_is_header(struct str line)
{
	unsigned published = 0, synonyms = 0, unknown_first = 0;
	struct str name;
	int field;

	while ((name = next_name(&line)).n) {
		if (isdigit((unsigned char)name.s[0]) || (name.n == 1 && name.s[0] == '-'))
			return false;
		if (field_find_published(name) != FIELD_NONE)
			published++;
		else if ((field = column_field(name)) != FIELD_NONE)
			synonyms++;
		else if (published + synonyms == 0 && ++unknown_first == 4)
			return false; /* a record of words: do not read it all */
	}
	return published >= 2 || published + synonyms >= 3;
}

void format_lack_text(const struct format *format, struct buf *out)
{
	enum { NAMED = 8 };
	const char *before = "columns not understood: ";
	unsigned named = 0, more = 0;

	for (unsigned i = 0; format->lacks && i < format->n; i++) {
		if (!format_is_strange(format->field[i]))
			continue;
		more += named == NAMED;
		if (named == NAMED)
			continue;
		named++;
		buf_printf(out, "%s%.40s", before, field_name(format->field[i]));
		before = ", ";
	}
	if (more)
		buf_printf(out, " and %u more", more);
	before = named ? "; no " : "no ";
	for (size_t i = 0; i < FORMAT_NEEDED; i++)
		if (format->column[format_needed[i]] < 0) {
			buf_printf(out, "%s%s", before, field_get(format_needed[i])->name);
			before = ", ";
		}
	if (format->lacks && format->end_as)
		buf_printf(out, "%s%s is taken for end", named || *before == ',' ? "; " : "",
			   format->end_as);
}

/* The header of values, which stands alone or behind another one. */
static const char *values_in(struct str headers)
{
	const char *newline;

	if (format_is_mark(headers, FORMAT_VALUES))
		return headers.s;
	newline = headers.n ? memchr(headers.s, '\n', headers.n - 1) : NULL;
	return newline ? newline + 1 : NULL;
}

uint64_t format_back(struct str line)
{
	uint64_t n = 1, more;

	if (!format_is_mark(line, FORMAT_BACK))
		return format_is_mark(line, FORMAT_VALUES) || format_is_mark(line, FORMAT_LINES);
	return str_to_u64((struct str){ line.s + 2, line.n - 2 }, &more) ? n + more : n;
}

void format_note_header(struct buf *header, struct str line)
{
	bool values = format_is_mark(line, FORMAT_VALUES);
	bool lines = format_is_mark(line, FORMAT_LINES);
	const char *before = values_in(buf_str(header));

	if (!lines && !format_is_header(line))
		return;
	if (!values && !lines)
		buf_clear(header);
	else if (before)
		header->n = (size_t)(before - header->s);
	if (!lines) {
		buf_add_str(header, line);
		buf_putc(header, '\n');
	}
}
