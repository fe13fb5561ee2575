/* envelope_table.c - documents that hold a table: names in a list of their own and rows of values
 * (ClickHouse, Elasticsearch and Athena answer so, pandas writes it), or a list of values for each
 * name. */
#include <string.h>

#include "schema/columns.h"
#include "unwrap/envelope.h"

enum { TABLE_KNOWN = 4 }; /* fields that the names of a table must have */

/* What the names are; false: not those of flow logs. They become the columns of `t`. */
static bool take_names(struct envelope_table *t, struct str texts, unsigned n)
{
	struct str name[FORMAT_COLUMNS_MAX];
	int16_t field[FORMAT_COLUMNS_MAX];
	unsigned known = 0;
	bool has[2] = { false, false };
	const char *p = texts.s;

	if (n < TABLE_KNOWN || n > FORMAT_COLUMNS_MAX)
		return false;
	for (unsigned i = 0; i < n; p += name[i++].n + 1) {
		name[i] = str_of(p);
		if (!envelope_is_name(name[i]))
			return false;
	}
	columns_match(name, n, field);
	for (unsigned i = 0; i < n; i++) {
		known += field[i] >= 0;
		has[0] |= field[i] == FIELD_SRCADDR;
		has[1] |= field[i] == FIELD_DSTADDR;
	}
	if (known < TABLE_KNOWN || !has[0] || !has[1])
		return false;
	buf_clear(&t->names);
	for (unsigned i = 0; i < n; i++) {
		buf_puts(&t->names, i ? " " : "");
		envelope_add_name(name[i], field[i], &t->names);
		t->field[i] = field[i];
	}
	t->columns = n;
	return true;
}

static void add_text(struct buf *b, struct str text)
{
	if (memchr(text.s, '\0', text.n))
		text.n = strlen(text.s);
	buf_add_str(b, text);
	buf_putc(b, '\0');
}

/* ---- rows ---- */

void envelope_row_begin(struct envelope *e)
{
	struct envelope_table *t = &e->table;

	t->depth = e->depth;
	t->values = 0;
	buf_clear(&t->row);
}

void envelope_row_add(struct envelope *e, struct str value)
{
	struct envelope_table *t = &e->table;

	if (t->depth != e->depth || t->values > FORMAT_COLUMNS_MAX ||
	    t->row.n + value.n > ENVELOPE_TEXT_MAX)
		return;
	add_text(&t->row, value);
	t->values++;
}

void envelope_row_end(struct envelope *e, struct buf *out)
{
	struct envelope_table *t = &e->table;
	const char *p = t->row.s;

	if (t->depth != e->depth || !t->values)
		return;
	t->depth = 0;
	if (!t->columns || t->values != t->columns) {
		take_names(t, buf_str(&t->row), t->values);
		return;
	}
	envelope_begin_values(e, buf_str(&t->names), out);
	for (unsigned i = 0; i < t->columns; i++, p += strlen(p) + 1) {
		buf_puts(out, i ? " " : "");
		envelope_add_value(t->field[i], str_trim(str_of(p)), out);
	}
	envelope_end_row(e, out);
	e->given++;
}

bool envelope_row_name(const struct envelope *e, const struct envelope_level *l, struct str *name)
{
	static const char *const alone[] = { "VarCharValue", "v" };
	const char *p = e->pairs.s + l->pairs, *end = e->pairs.s + e->pairs.n;
	struct str key, value, next;

	if (p >= end)
		return false;
	key = str_of(p);
	value = str_of(key.s + key.n + 1);
	p = value.s + value.n + 1;
	*name = value;
	if (p == end)
		return str_equal(key, str_of(alone[0])) || str_equal(key, str_of(alone[1]));
	next = str_of(p);
	return str_equal(key, str_of("name")) && str_equal(next, str_of("type"));
}

/* ---- columns ---- */

bool envelope_is_column(const struct envelope *e)
{
	return e->depth == 1 && !e->level[0].array && column_field(buf_str(&e->key)) != FIELD_NONE;
}

void envelope_column_begin(struct envelope *e)
{
	struct envelope_table *t = &e->table;

	if (t->lists < FORMAT_COLUMNS_MAX) {
		t->list[t->lists] = t->lists_text.n;
		add_text(&t->lists_text, buf_str(&e->key));
	}
	t->lists++;
}

bool envelope_column_add(struct envelope *e, bool array, struct str value)
{
	struct envelope_table *t = &e->table;
	uint64_t index;

	if (!array && !str_to_u64(buf_str(&e->key), &index))
		return false;
	if (t->lists_text.n + value.n > ENVELOPE_OPENED_MAX)
		t->lists = FORMAT_COLUMNS_MAX + 1;
	if (t->lists <= FORMAT_COLUMNS_MAX)
		add_text(&t->lists_text, value);
	return true;
}

/* The next value of each list. False: some is at its end. */
static bool next_of_lists(struct envelope_table *t, const char **at, const char *const *ends)
{
	for (unsigned i = 0; i < t->lists; i++)
		if (at[i] >= ends[i])
			return false;
	return true;
}

void envelope_columns_end(struct envelope *e, struct buf *out)
{
	struct envelope_table *t = &e->table;
	const char *at[FORMAT_COLUMNS_MAX], *ends[FORMAT_COLUMNS_MAX];
	struct buf names = { 0 };

	if (t->lists < TABLE_KNOWN || t->lists > FORMAT_COLUMNS_MAX || e->given)
		return;
	for (unsigned i = 0; i < t->lists; i++) {
		at[i] = t->lists_text.s + t->list[i];
		ends[i] = t->lists_text.s + (i + 1 < t->lists ? t->list[i + 1] : t->lists_text.n);
		add_text(&names, str_of(at[i]));
		at[i] += strlen(at[i]) + 1;
	}
	if (take_names(t, buf_str(&names), t->lists))
		while (next_of_lists(t, at, ends)) {
			envelope_begin_values(e, buf_str(&t->names), out);
			for (unsigned i = 0; i < t->lists; i++) {
				buf_puts(out, i ? " " : "");
				envelope_add_value(t->field[i], str_trim(str_of(at[i])), out);
				at[i] += strlen(at[i]) + 1;
			}
			envelope_end_row(e, out);
			e->given++;
		}
	buf_release(&names);
}

void envelope_table_clear(struct envelope_table *t)
{
	t->columns = t->values = t->depth = t->lists = 0;
	if (t->lists_text.cap > ENVELOPE_TEXT_MAX)
		buf_release(&t->lists_text);
	buf_clear(&t->lists_text);
}

void envelope_table_release(struct envelope_table *t)
{
	buf_release(&t->names);
	buf_release(&t->row);
	buf_release(&t->lists_text);
}
