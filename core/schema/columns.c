/* columns.c - see columns.h. */
#include "schema/columns.h"

#include <string.h>
#include <strings.h>

#include "schema/synonym.h"

enum {
	BELOW = 1 << 16, /* added to the rank of a name below an object */
	DOTS = 8         /* of a name that are looked behind */
};

/* One reading of a name: a field, and the object that the rest of the name is of. */
struct name_reading {
	int field; /* FIELD_NONE: none */
	unsigned rank;
	struct str object; /* up to its last dot; empty: the name as a whole */
};

/* Goes through the readings of a name: the whole of it, then what stands behind each dot. */
struct name_reader {
	size_t at;
	unsigned dots;
};

static bool next_reading(struct str name, struct name_reader *i, struct name_reading *r)
{
	while (i->at <= name.n && i->dots <= DOTS) {
		struct str rest = { name.s + i->at, name.n - i->at };
		const char *dot = rest.n ? memchr(rest.s, '.', rest.n) : NULL;
		r->field = synonym_find(rest, &r->rank);
		r->rank += i->at ? BELOW : 0;
		r->object = (struct str){ name.s, i->at };
		i->at = dot ? (size_t)(dot - name.s) + 1 : name.n + 1;
		i->dots++;
		if (r->field != FIELD_NONE)
			return true;
	}
	return false;
}

int column_field(struct str name)
{
	struct name_reader i = { .at = 0 };
	struct name_reading r;

	return next_reading(name, &i, &r) ? r.field : FIELD_NONE;
}

/* Fields that only flow logs have. */
static bool is_sign(int field)
{
	return field == FIELD_SRCADDR || field == FIELD_DSTADDR || field == FIELD_INTERFACE_ID ||
	       field == FIELD_LOG_STATUS || field == FIELD_TGW_ATTACHMENT_ID;
}

/* "aws.", "data.aws.", "aws.vpcflow.", "aws.vpc.flow.": of AWS by the name. */
static bool is_of_aws(struct str object)
{
	static const char *const ends[] = { "aws", "vpcflow" };
	char key[SYNONYM_KEY];
	size_t n = synonym_key(object, key);

	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t k = strlen(ends[i]);
		if (n >= k && memcmp(key + n - k, ends[i], k) == 0)
			return true;
	}
	return false;
}

/* Objects with such a field among theirs. */
struct objects {
	struct str name[FORMAT_COLUMNS_MAX];
	unsigned n;
};

static bool objects_have(const struct objects *o, struct str object)
{
	for (unsigned i = 0; i < o->n; i++)
		if (str_equal(o->name[i], object))
			return true;
	return false;
}

static void objects_note(struct objects *o, struct str name)
{
	struct name_reader i = { .at = 0 };
	struct name_reading r;

	while (next_reading(name, &i, &r)) {
		if (!r.object.n || !is_sign(r.field))
			continue;
		if (!objects_have(o, r.object))
			o->name[o->n++] = r.object;
		return;
	}
}

/* The first reading that may stand. */
static struct name_reading read_name(const struct objects *o, struct str name)
{
	struct name_reader i = { .at = 0 };
	struct name_reading r;

	while (next_reading(name, &i, &r))
		if (!r.object.n || is_of_aws(r.object) || objects_have(o, r.object))
			return r;
	return (struct name_reading){ .field = FIELD_NONE };
}

void columns_match(const struct str *name, unsigned n, int16_t *field)
{
	struct {
		unsigned column, rank;
	} best[FIELDS_PUBLISHED];
	struct objects objects;

	objects.n = 0;
	for (int i = 0; i < FIELDS_PUBLISHED; i++)
		best[i].rank = UINT32_MAX;
	for (unsigned i = 0; i < n; i++)
		objects_note(&objects, name[i]);
	for (unsigned i = 0; i < n; i++) {
		struct name_reading r = read_name(&objects, name[i]);
		field[i] = r.field == FIELD_NONE ? FIELD_NONE : COLUMN_AGAIN;
		if (r.field == FIELD_NONE || best[r.field].rank <= r.rank)
			continue;
		if (best[r.field].rank != UINT32_MAX)
			field[best[r.field].column] = COLUMN_AGAIN;
		best[r.field].column = i;
		best[r.field].rank = r.rank;
		field[i] = (int16_t)r.field;
	}
}

int columns_time(const struct str *name, const int16_t *field, unsigned n, const char **as)
{
	static const char *const names[] = { "_time", "@timestamp" };
	bool source = false, destination = false;

	for (unsigned i = 0; i < n; i++) {
		if (field[i] == FIELD_END)
			return -1;
		source |= field[i] == FIELD_SRCADDR;
		destination |= field[i] == FIELD_DSTADDR;
	}
	for (size_t k = 0; source && destination && k < ARRAY_SIZE(names); k++)
		for (unsigned i = 0; i < n; i++) {
			const char *dot = memrchr(name[i].s, '.', name[i].n);
			size_t at = dot ? (size_t)(dot - name[i].s) + 1 : 0;
			struct str last = { name[i].s + at, name[i].n - at };
			if (!str_equal_loose(last, str_of(names[k])))
				continue;
			*as = names[k];
			return (int)i;
		}
	return -1;
}

/* ---- statistics ---- */

static bool holds(struct str name, const char *word)
{
	size_t k = strlen(word);

	for (size_t i = 0; i + k <= name.n; i++)
		if (strncasecmp(name.s + i, word, k) == 0)
			return true;
	return false;
}

/* "sum(bytes)", "count()"; "_col3" of Athena. */
static bool is_call(struct str name)
{
	const char *open = name.n ? memchr(name.s, '(', name.n) : NULL;

	if (name.n > 4 && memcmp(name.s, "_col", 4) == 0 && name.s[4] >= '0' && name.s[4] <= '9')
		return true;
	return open && open > name.s && memchr(open, ')', (size_t)(name.s + name.n - open));
}

bool columns_are_statistics(const struct str *name, const int16_t *field, unsigned n, bool line)
{
	bool record = false, unknown = false, call = false, flow = false;
	unsigned addresses = 0, whole = 0; /* whole: of what every record has */

	for (unsigned i = 0; i < n; i++) {
		int f = field[i];
		call |= is_call(name[i]);
		addresses += f == FIELD_SRCADDR || f == FIELD_DSTADDR;
		whole += f == FIELD_SRCADDR || f == FIELD_DSTADDR || f == FIELD_BYTES ||
			 f == FIELD_END;
		record |= f == FIELD_BYTES || f == FIELD_START || f == FIELD_END ||
			  f == FIELD_VERSION || f == FIELD_INTERFACE_ID || f == FIELD_LOG_STATUS ||
			  holds(name[i], "time") || holds(name[i], "date");
		flow |= (f >= FIELD_INTERFACE_ID && f <= FIELD_ACTION);
		unknown |= f < 0;
	}
	return whole < 4 && ((call && flow) || (!line && addresses == 2 && unknown && !record));
}
