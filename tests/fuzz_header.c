/* Any line as a header, as --format and as a record whose format is guessed: what format.h
 * promises of each. */
#include <ctype.h>
#include <string.h>

#include "schema/columns.h"
#include "schema/format.h"
#include "fuzz.h"

static const char apart[] = "\033\1 \t\r\n,\"'${}"; /* with its NUL: between names */

/* The next name, by the plainest means. */
static struct str next_name(struct str *rest)
{
	struct str name = { rest->s, 0 };

	while (rest->n && memchr(apart, *rest->s, sizeof apart))
		rest->s++, rest->n--;
	name.s = rest->s;
	while (rest->n && !memchr(apart, *rest->s, sizeof apart))
		rest->s++, rest->n--, name.n++;
	return name;
}

static void check_format(const struct format *f, unsigned names)
{
	bool seen[FIELDS_KNOWN] = { false };
	unsigned published = 0;

	FUZZ_CHECK(f->n == names && f->n <= FORMAT_COLUMNS_MAX);
	for (unsigned i = 0; i < f->n; i++) {
		int id = f->field[i];
		FUZZ_CHECK(format_column(f, id) == (int)i); /* no column stands twice */
		if (id >= FIELDS_KNOWN)
			continue;
		FUZZ_CHECK(!seen[id] && f->column[id] == (int)i);
		seen[id] = true;
		published += id < FIELDS_PUBLISHED;
	}
	for (int id = 0; id < FIELDS_KNOWN; id++)
		FUZZ_CHECK(seen[id] == (f->column[id] >= 0));
	FUZZ_CHECK(published >= 2);
	/* Its text is itself. */
	FUZZ_CHECK(format_parse(f->text, "again") == f);
}

static void check_names(struct str line)
{
	const struct format *f = format_parse(line, "fuzz");
	unsigned names = 0, published = 0, known = 0, distinct = 0, first = 0, values = 0;
	bool seen[FIELDS_PUBLISHED] = { false };
	struct str rest = line, name;

	while ((name = next_name(&rest)).n) {
		int id = field_find_published(name), any = column_field(name);
		FUZZ_CHECK(id == FIELD_NONE || any == id);
		distinct += id != FIELD_NONE && !seen[id];
		if (id != FIELD_NONE)
			seen[id] = true;
		names++;
		values += isdigit((unsigned char)name.s[0]) || (name.n == 1 && name.s[0] == '-');
		published += id != FIELD_NONE;
		known += any != FIELD_NONE;
		first += !known;
	}
	/* Names below objects may count or not; published ones do. */
	FUZZ_CHECK(!f || known >= 2);
	FUZZ_CHECK(f || distinct < 2 || names > FORMAT_COLUMNS_MAX);
	if (f)
		check_format(f, names);
	if (format_is_header(line))
		FUZZ_CHECK((published >= 2 || known >= 3) && values == 0);
	else
		FUZZ_CHECK((published < 2 && known < 3) || values || first >= 4);
}

static void check_guess(struct str line)
{
	unsigned doubt, tokens = 0;
	const struct format *f = format_guess(line, &doubt);
	struct str rest = line, token;

	if (!f)
		return;
	while ((token = str_token(&rest)).n) {
		FUZZ_CHECK(tokens < f->n);
		if (field_type(f->field[tokens++]) != TYPE_ADDRESS || str_equal(token, str_of("-")))
			continue;
		FUZZ_CHECK(memchr(token.s, '.', token.n) || memchr(token.s, ':', token.n));
	}
	FUZZ_CHECK(tokens == f->n);
	FUZZ_CHECK(format_guess(line, &doubt) == f && doubt < f->n && format_fits(f, line));
	FUZZ_CHECK(format_column(f, FIELD_SRCADDR) >= 0);
}

void fuzz_header(struct str in)
{
	struct str rest = in;

	fuzz_forget_formats();
	check_names(in);
	while (rest.n) {
		const char *newline = memchr(rest.s, '\n', rest.n);
		struct str line = { rest.s, newline ? (size_t)(newline - rest.s) : rest.n };
		check_names(line);
		check_guess(line);
		rest.s += line.n + !!newline;
		rest.n -= line.n + !!newline;
	}
}
