/* format.c - interned formats and the names of unknown columns: see format.h. */
#include "schema/format.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "schema/columns.h"

#define UNKNOWN_MAX 4096
#define SHAPES_MAX 128
#define PARTS_MAX 1024
#define PUBLISHED_MIN 1024

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const struct format *formats[FORMATS_MAX + SHAPES_MAX + PARTS_MAX];
static unsigned format_count, shape_count, part_count; /* of all; of shapes; of parts */

/* Entries are written before the count that covers them is. */
static struct str unknown[UNKNOWN_MAX];
static atomic_uint unknown_count;

/* ---- names of columns ---- */

static int unknown_find(struct str name, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (str_equal(unknown[i], name))
			return FIELDS_KNOWN + (int)i;
	return FIELD_NONE;
}

/* Under the lock. FIELD_NONE when there is no room. */
static int unknown_intern(struct str name)
{
	unsigned n = atomic_load(&unknown_count);
	int id = unknown_find(name, n);

	if (id != FIELD_NONE || n == UNKNOWN_MAX)
		return id;
	unknown[n] = (struct str){ xstrndup(name.s, name.n), name.n };
	atomic_store(&unknown_count, n + 1);
	return FIELDS_KNOWN + (int)n;
}

const char *field_name(int id)
{
	return id < FIELDS_KNOWN ? field_get(id)->name : unknown[id - FIELDS_KNOWN].s;
}

enum field_type field_type(int id)
{
	return id < FIELDS_KNOWN ? field_get(id)->type : TYPE_TEXT;
}

int field_lookup(struct str name)
{
	int id = field_find(name);

	return id != FIELD_NONE ? id : unknown_find(name, atomic_load(&unknown_count));
}

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

static const struct format *format_find(const uint16_t *field, unsigned n)
{
	for (unsigned i = 0; i < format_count; i++)
		if (formats[i]->n == n && memcmp(formats[i]->field, field, n * sizeof *field) == 0)
			return formats[i];
	return NULL;
}

/* What nearly every question asks of a record. */
static const int needed[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_BYTES, FIELD_END };

/* "@timestamp" and the like are CloudWatch's, and stand beside the record. */
static bool is_strange(int field)
{
	return field >= FIELDS_KNOWN && *field_name(field) != '@';
}

static const struct format *format_make(const uint16_t *field, unsigned n, const char *origin)
{
	struct format *f = xcalloc(1, sizeof *f);
	struct buf text = { 0 };

	f->n = n;
	f->field = xmemdup(field, n * sizeof *field);
	f->origin = origin;
	for (int i = 0; i < FIELDS_KNOWN; i++)
		f->column[i] = -1;
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_putc(&text, ' ');
		buf_puts(&text, field_name(field[i]));
		if (field[i] < FIELDS_KNOWN)
			f->column[field[i]] = (int16_t)i;
		f->strange |= is_strange(field[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		f->lacks |= f->column[needed[i]] < 0;
	f->text = buf_str(&text);
	return f;
}

/* However many headers there are, every shape can be recognised; however many names are
 * made up, those of published names alone can be taken. */
static bool has_room(const uint16_t *field, unsigned n, bool shape)
{
	unsigned taken = format_count - shape_count - part_count;

	if (shape)
		return shape_count < SHAPES_MAX;
	for (unsigned i = 0; i < n; i++)
		if (field[i] >= FIELDS_KNOWN)
			return taken < FORMATS_MAX - PUBLISHED_MIN;
	return taken < FORMATS_MAX;
}

static const struct format *format_intern(const uint16_t *field, unsigned n, const char *origin,
					  bool shape)
{
	const struct format *f = format_find(field, n);

	if (f || !has_room(field, n, shape))
		return f;
	shape_count += shape;
	return formats[format_count++] = format_make(field, n, origin);
}

/* A report asks for one part of each format. */
const struct format *format_part(const struct format *format, const struct field_set *wanted)
{
	uint16_t field[FORMAT_COLUMNS_MAX];
	const struct format *f;
	unsigned n = 0;

	for (unsigned i = 0; i < format->n; i++)
		if (format->field[i] < FIELDS_PUBLISHED && wanted->has[format->field[i]])
			field[n++] = format->field[i];
	if (n == 0 || n == format->n)
		return format;
	pthread_mutex_lock(&lock);
	f = format_find(field, n);
	if (!f && part_count < PARTS_MAX) {
		part_count++;
		f = formats[format_count++] = format_make(field, n, format->origin);
	}
	pthread_mutex_unlock(&lock);
	return f ? f : format;
}

/* ---- from names ---- */

/* The next name of a header line or --format: up to a blank, comma, quote, NUL or the
 * end of its ${}. */
static struct str next_name(struct str *rest)
{
	static const char apart[] = { FORMAT_VALUES, '\0', ' ',  '\t', '\r', '\n',
				      ',',           '"',  '\'', '$',  '{',  '}' };
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
	int id = known >= 0 ? known : other ? FIELD_NONE : unknown_intern(name);

	for (unsigned count = 2; other || (id != FIELD_NONE && is_among(id, field, n)); count++) {
		buf_clear(&again);
		buf_add_str(&again, name);
		buf_printf(&again, "#%u", count);
		id = unknown_intern(buf_str(&again));
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
	int id = 0;

	pthread_mutex_lock(&lock);
	for (unsigned i = 0; i < n && id != FIELD_NONE; i++) {
		id = column_id(name[i], known[i], field, i);
		field[i] = (uint16_t)id;
		understood += known[i] >= 0;
	}
	if (id != FIELD_NONE && understood >= 2)
		f = format_intern(field, n, origin, shape);
	pthread_mutex_unlock(&lock);
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

static struct format refused[] = {
	{ .origin = "refused header",
	  .text = { "", 0 },
	  .refusal = "its header has too many columns, or there were too many formats" },
	{ .origin = "statistics",
	  .text = { "", 0 },
	  .refusal = "its columns are statistics: export the records, without stats or GROUP BY" },
};

static void make_refused(void)
{
	for (size_t k = 0; k < ARRAY_SIZE(refused); k++)
		for (int i = 0; i < FIELDS_KNOWN; i++)
			refused[k].column[i] = -1;
}

const struct format *format_of_header(struct str line)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t known[FORMAT_COLUMNS_MAX];
	unsigned n = cut_names(line, name, known);
	const struct format *f;

	pthread_once(&once, make_refused);
	if (columns_are_statistics(name, known, n, !(line.n && *line.s == FORMAT_VALUES)))
		return &refused[1];
	f = format_of_names(name, known, n, "header", false);
	return f ? f : &refused[0];
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
		if (!is_strange(format->field[i]))
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
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (format->column[needed[i]] < 0) {
			buf_printf(out, "%s%s", before, field_get(needed[i])->name);
			before = ", ";
		}
}

void format_note_header(struct buf *header, struct str line)
{
	bool values = line.n && line.s[0] == FORMAT_VALUES;
	bool lines = line.n && line.s[0] == FORMAT_LINES;
	const char *before = header->n ? memchr(header->s, FORMAT_VALUES, header->n) : NULL;

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
