/* format_table.c - see format_table.h. */
#include "schema/format_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define SHAPES_MAX 128
#define PUBLISHED_MIN 1024
#define BUCKETS 4096u

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* An entry of the table: what others see of it, and what it is kept by. */
struct kept_format {
	struct format format; /* first */
	struct kept_format *next;
	size_t bytes;
	unsigned refs;
	unsigned bucket;
	struct kept_format *part; /* of this one, the last one asked for; NULL: none */
};

static struct kept_format *formats[BUCKETS];
static unsigned format_count, shape_count; /* of all but shapes; of shapes */
static size_t format_bytes;
static uint64_t serial;

/* Names of columns that are not known: the id of a place is FIELDS_KNOWN + its index. */
static struct unknown {
	struct str name;
	unsigned refs; /* of formats; 0: it may be another one's when there is no place else */
	bool asked;    /* for by name, and perhaps kept: the place is never given to another */
	uint32_t next; /* of its bucket; 0: none, else its index + 1 */
} unknown[UNKNOWN_MAX];
static unsigned unknown_count, unknown_turn;
static uint32_t unknown_bucket[BUCKETS]; /* index + 1 */

void format_table_lock(void)
{
	pthread_mutex_lock(&lock);
}

void format_table_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

/* ---- names of columns ---- */

static unsigned bucket_of(const void *p, size_t n)
{
	return (unsigned)(hash_bytes(p, n) % BUCKETS);
}

static int unknown_find(struct str name)
{
	for (uint32_t i = unknown_bucket[bucket_of(name.s, name.n)]; i; i = unknown[i - 1].next)
		if (str_equal(unknown[i - 1].name, name))
			return FIELDS_KNOWN + (int)i - 1;
	return FIELD_NONE;
}

static void unknown_drop(unsigned at)
{
	struct unknown *u = &unknown[at];
	uint32_t *from = &unknown_bucket[bucket_of(u->name.s, u->name.n)];

	while (*from != at + 1)
		from = &unknown[*from - 1].next;
	*from = u->next;
	format_bytes -= u->name.n;
	free((char *)u->name.s);
	*u = (struct unknown){ 0 };
}

/* A place that nobody has (any more); UNKNOWN_MAX: there is none. The one left last is given last,
 * so that what was copied from a format that is gone has its name for a while. */
static unsigned unknown_place(void)
{
	if (unknown_count < UNKNOWN_MAX)
		return unknown_count++;
	for (unsigned i = 0; i < UNKNOWN_MAX; i++) {
		unsigned at = unknown_turn++ % UNKNOWN_MAX;
		if (unknown[at].refs || unknown[at].asked)
			continue;
		unknown_drop(at);
		return at;
	}
	return UNKNOWN_MAX;
}

int format_table_name(struct str name)
{
	int id = unknown_find(name);
	uint32_t *from;
	unsigned at;

	if (id != FIELD_NONE)
		return id;
	at = unknown_place();
	if (at == UNKNOWN_MAX)
		return FIELD_NONE;
	from = &unknown_bucket[bucket_of(name.s, name.n)];
	unknown[at] =
		(struct unknown){ .name = { xstrndup(name.s, name.n), name.n }, .next = *from };
	*from = at + 1;
	format_bytes += name.n;
	return FIELDS_KNOWN + (int)at;
}

const char *field_name(int id)
{
	return id < FIELDS_KNOWN ? field_get(id)->name : unknown[id - FIELDS_KNOWN].name.s;
}

enum field_type field_type(int id)
{
	return id < FIELDS_KNOWN ? field_get(id)->type : TYPE_TEXT;
}

int field_lookup(struct str name)
{
	int id = field_find(name);

	if (id != FIELD_NONE)
		return id;
	format_table_lock();
	id = unknown_find(name);
	if (id != FIELD_NONE)
		unknown[id - FIELDS_KNOWN].asked = true;
	format_table_unlock();
	return id;
}

/* ---- formats ---- */

static struct kept_format *find(const uint16_t *field, unsigned n, const char *end_as,
				unsigned bucket)
{
	struct kept_format *k = formats[bucket];

	while (k && (k->format.n != n || k->format.end_as != end_as ||
		     memcmp(k->format.field, field, n * sizeof *field) != 0))
		k = k->next;
	return k;
}

/* What nearly every question asks of a record. */
const int format_needed[FORMAT_NEEDED] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_BYTES, FIELD_END };

bool format_is_strange(int field)
{
	return field >= FIELDS_KNOWN && *field_name(field) != '@';
}

static struct kept_format *make(const uint16_t *field, unsigned n, const char *end_as,
				const char *origin)
{
	struct kept_format *k = xcalloc(1, sizeof *k);
	struct format *f = &k->format;
	struct buf text = { 0 };

	f->n = n;
	f->field = xmemdup(field, n * sizeof *field);
	f->end_as = end_as;
	f->origin = origin;
	f->serial = ++serial;
	for (int i = 0; i < FIELDS_KNOWN; i++)
		f->column[i] = -1;
	for (unsigned i = 0; i < n; i++) {
		if (i)
			buf_putc(&text, ' ');
		buf_puts(&text, end_as && field[i] == FIELD_END ? end_as : field_name(field[i]));
		if (field[i] < FIELDS_KNOWN)
			f->column[field[i]] = (int16_t)i;
		else
			unknown[field[i] - FIELDS_KNOWN].refs++;
		f->strange |= format_is_strange(field[i]);
	}
	for (size_t i = 0; i < FORMAT_NEEDED; i++)
		f->lacks |= f->column[format_needed[i]] < 0;
	f->lacks |= end_as && f->column[FIELD_START] < 0;
	f->text = buf_str(&text);
	k->bytes = sizeof *k + n * sizeof *field + text.cap;
	return k;
}

/* However many headers there are, every shape can be recognised; however many names are
 * made up, those of published names alone can be taken. */
static bool has_room(const uint16_t *field, unsigned n, bool shape)
{
	if (shape)
		return shape_count < SHAPES_MAX;
	if (format_bytes >= FORMATS_BYTES)
		return false;
	for (unsigned i = 0; i < n; i++)
		if (field[i] >= FIELDS_KNOWN)
			return format_count < FORMATS_MAX - PUBLISHED_MIN;
	return format_count < FORMATS_MAX;
}

static struct kept_format *intern(const uint16_t *field, unsigned n, const char *end_as,
				  const char *origin, bool shape)
{
	unsigned bucket = bucket_of(field, n * sizeof *field);
	struct kept_format *k = find(field, n, end_as, bucket);

	if (k || !has_room(field, n, shape)) {
		if (k)
			k->refs++;
		if (k && shape)
			__atomic_store_n(&k->format.lasting, true, __ATOMIC_RELAXED);
		return k;
	}
	k = make(field, n, end_as, origin);
	k->refs = 1;
	k->format.lasting = shape;
	k->bucket = bucket;
	k->next = formats[bucket];
	formats[bucket] = k;
	shape_count += shape;
	format_count += !shape;
	format_bytes += k->bytes;
	return k;
}

const struct format *format_table_intern(const uint16_t *field, unsigned n, const char *end_as,
					 const char *origin, bool shape)
{
	struct kept_format *k = intern(field, n, end_as, origin, shape);

	return k ? &k->format : NULL;
}

/* Under the lock. */
static void release(struct kept_format *k)
{
	struct kept_format **from;

	while (k && !format_is_lasting(&k->format) && --k->refs == 0) {
		struct kept_format *part = k->part;
		for (from = &formats[k->bucket]; *from != k;)
			from = &(*from)->next;
		*from = k->next;
		for (unsigned i = 0; i < k->format.n; i++)
			if (k->format.field[i] >= FIELDS_KNOWN)
				unknown[k->format.field[i] - FIELDS_KNOWN].refs--;
		format_count--;
		format_bytes -= k->bytes;
		free((uint16_t *)k->format.field);
		free((char *)k->format.text.s);
		free(k);
		k = part;
	}
}

const struct format *format_hold(const struct format *f)
{
	if (f && !format_is_lasting(f)) {
		format_table_lock();
		((struct kept_format *)f)->refs++;
		format_table_unlock();
	}
	return f;
}

void format_release(const struct format *f)
{
	if (!f || format_is_lasting(f))
		return;
	format_table_lock();
	release((struct kept_format *)f);
	format_table_unlock();
}

size_t formats_bytes(void)
{
	size_t n;

	format_table_lock();
	n = format_bytes;
	format_table_unlock();
	return n;
}

bool formats_are_scarce(void)
{
	bool scarce;

	format_table_lock();
	scarce = format_count > FORMATS_MAX / 2 || format_bytes > FORMATS_BYTES / 2;
	format_table_unlock();
	return scarce;
}

/* A report asks for one part of each format. */
const struct format *format_part(const struct format *format, const struct field_set *wanted)
{
	struct kept_format *whole = (struct kept_format *)format;
	uint16_t field[FORMAT_COLUMNS_MAX];
	struct kept_format *part;
	unsigned n = 0;

	for (unsigned i = 0; i < format->n; i++)
		if (format->field[i] < FIELDS_PUBLISHED && wanted->has[format->field[i]])
			field[n++] = format->field[i];
	if (n == 0 || n == format->n)
		return format;
	format_table_lock();
	part = intern(field, n, format->end_as, format->origin, false);
	if (part && part == whole->part)
		part->refs--;
	else if (part) {
		release(whole->part);
		whole->part = part;
	}
	format_table_unlock();
	return part ? &part->format : format;
}
