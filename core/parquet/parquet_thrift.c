/* parquet_thrift.c - see parquet_thrift.h. */
#include "parquet/parquet_thrift.h"

/* Types of fields, as the protocol numbers them. */
enum {
	WIRE_STOP,
	WIRE_TRUE,
	WIRE_FALSE,
	WIRE_BYTE,
	WIRE_I16,
	WIRE_I32,
	WIRE_I64,
	WIRE_DOUBLE,
	WIRE_BINARY,
	WIRE_LIST,
	WIRE_SET,
	WIRE_MAP,
	WIRE_STRUCT,
};

void thrift_fail(struct thrift *t, const char *what)
{
	if (!t->wrong)
		t->wrong = what;
}

static size_t left(const struct thrift *t)
{
	return t->wrong ? 0 : (size_t)(t->end - t->at);
}

static uint8_t next_byte(struct thrift *t)
{
	if (left(t))
		return *t->at++;
	thrift_fail(t, "cut short");
	return 0;
}

static uint64_t varint(struct thrift *t)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t b = next_byte(t);
		v |= (uint64_t)(b & 127) << shift;
		if (!(b & 128))
			return t->wrong ? 0 : v;
	}
	thrift_fail(t, "a number of more than 64 bits");
	return 0;
}

int64_t thrift_int(struct thrift *t)
{
	uint64_t v = varint(t);

	return (int64_t)(v >> 1 ^ (UINT64_C(0) - (v & 1)));
}

static struct str text(struct thrift *t)
{
	uint64_t n = varint(t);
	struct str s = { (const char *)t->at, n };

	if (n > left(t)) {
		thrift_fail(t, "a text that goes beyond its end");
		return (struct str){ "", 0 };
	}
	t->at += n;
	return s;
}

/* How many elements a list has, each of `least` bytes or more. */
static uint64_t list(struct thrift *t, unsigned *type, size_t least)
{
	uint8_t b = next_byte(t);
	uint64_t n = b >> 4 == 15 ? varint(t) : b >> 4;

	*type = b & 15;
	if (n <= left(t) / least)
		return n;
	thrift_fail(t, "a list that goes beyond its end");
	return 0;
}

static bool is_int(unsigned type)
{
	return type == WIRE_I16 || type == WIRE_I32 || type == WIRE_I64;
}

/* ---- what is not wanted ---- */

static bool go_deeper(struct thrift *t)
{
	if (++t->depth <= THRIFT_DEPTH)
		return true;
	thrift_fail(t, "nested too deep");
	return false;
}

static void skip(struct thrift *t, unsigned type, bool element);

static void skip_list(struct thrift *t)
{
	unsigned type;
	uint64_t n = list(t, &type, 1);

	for (; n && !t->wrong; n--)
		skip(t, type, true);
}

static void skip_map(struct thrift *t)
{
	uint64_t n = varint(t);
	uint8_t types = n ? next_byte(t) : 0;

	if (n > left(t) / 2)
		thrift_fail(t, "a map that goes beyond its end");
	for (; n && !t->wrong; n--) {
		skip(t, types >> 4, true);
		skip(t, types & 15, true);
	}
}

/* The next field: its type, WIRE_STOP behind the last. */
static unsigned field(struct thrift *t, int64_t *id)
{
	uint8_t b = next_byte(t);

	if ((b & 15) == WIRE_STOP)
		return WIRE_STOP;
	if (!(b >> 4))
		*id = thrift_int(t);
	else if (__builtin_add_overflow(*id, b >> 4, id))
		thrift_fail(t, "a number of a field is too large");
	return t->wrong ? WIRE_STOP : b & 15;
}

static void skip_struct(struct thrift *t)
{
	int64_t id = 0;
	unsigned type;

	while ((type = field(t, &id)))
		skip(t, type, false);
}

static void skip_bytes(struct thrift *t, size_t n)
{
	if (n > left(t))
		thrift_fail(t, "cut short");
	else
		t->at += n;
}

/* `element`: of a list, where a flag is a byte, not a type. */
static void skip(struct thrift *t, unsigned type, bool element)
{
	if (type == WIRE_TRUE || type == WIRE_FALSE)
		skip_bytes(t, element);
	else if (type == WIRE_BYTE)
		skip_bytes(t, 1);
	else if (is_int(type))
		varint(t);
	else if (type == WIRE_DOUBLE)
		skip_bytes(t, 8);
	else if (type == WIRE_BINARY)
		text(t);
	else if (type > WIRE_STRUCT)
		thrift_fail(t, "a field of an unknown type");
	else if (go_deeper(t)) {
		if (type == WIRE_STRUCT)
			skip_struct(t);
		else if (type == WIRE_MAP)
			skip_map(t);
		else
			skip_list(t);
		t->depth--;
	}
}

/* ---- what is ---- */

static void read_each(struct thrift *t, const struct thrift_row *row, void *out)
{
	unsigned type;
	uint64_t n = list(t, &type, row->least ? row->least : 1);

	for (; n && !t->wrong; n--)
		if (type == WIRE_STRUCT || is_int(type))
			row->read(t, out);
		else
			skip(t, type, true);
}

/* Whether a field of this type is what the row wants. */
static bool fits(enum thrift_kind kind, unsigned type)
{
	switch (kind) {
	case THRIFT_INT:
		return is_int(type);
	case THRIFT_FLAG:
		return type == WIRE_TRUE || type == WIRE_FALSE;
	case THRIFT_TEXT:
		return type == WIRE_BINARY;
	case THRIFT_STRUCT:
		return type == WIRE_STRUCT;
	default:
		return type == WIRE_LIST;
	}
}

static void read_field(struct thrift *t, const struct thrift_row *row, unsigned type, void *whole)
{
	void *out = (char *)whole + row->at;

	if (row->kind == THRIFT_INT)
		*(int64_t *)out = thrift_int(t);
	else if (row->kind == THRIFT_FLAG)
		*(bool *)out = type == WIRE_TRUE;
	else if (row->kind == THRIFT_TEXT)
		*(struct str *)out = text(t);
	else if (go_deeper(t)) {
		if (row->kind == THRIFT_STRUCT)
			row->read(t, out);
		else
			read_each(t, row, whole);
		t->depth--;
	}
}

void thrift_struct(struct thrift *t, const struct thrift_row *rows, size_t n, void *out)
{
	int64_t id = 0;
	unsigned type;

	while ((type = field(t, &id))) {
		size_t i = 0;
		while (i < n && rows[i].id != id)
			i++;
		if (i < n && fits(rows[i].kind, type))
			read_field(t, &rows[i], type, out);
		else
			skip(t, type, false);
	}
}
