/* sql_phrase.c - see sql_phrase.h. */
#include "output/sql_phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS 4

static const struct {
	const char *what, *as[SQL_ENGINES];
} phrases[] = {
#define X(id, what, athena, insights, clickhouse) { what, { athena, insights, clickhouse } },
	SQL_PHRASES(X)
#undef X
};

/* What ClickHouse says them with before 20.x: of texts that are addresses, or nothing. */
static const struct {
	enum sql_phrase phrase;
	const char *as;
} elder[] = {
	{ SQL_ADDRESS, "IPv6StringToNum(if(position($1, ':') > 0, $1, concat('::ffff:', $1)))" },
	{ SQL_ADDRESS_IS, "IPv6StringToNum(if(position($1, ':') > 0, $1, concat('::ffff:', $1)))" },
};

static const struct engine_words {
	const char *name, *comment;
	char quote;
	bool escapes; /* quotes in texts, by a backslash; else doubles them */
} engines[SQL_ENGINES] = {
	[SQL_ATHENA] = { "athena", "--", '\'', false },
	[SQL_INSIGHTS] = { "insights", "#", '"', true },
	[SQL_CLICKHOUSE] = { "clickhouse", "--", '\'', true },
};

const char *sql_engine_name(enum sql_engine e)
{
	return engines[e].name;
}

int sql_engine_find(struct str name)
{
	for (int e = 0; e < SQL_ENGINES; e++)
		if (str_equal_loose(name, str_of(engines[e].name)))
			return e;
	return -1;
}

/* ---- texts ---- */

const char *sql_take(struct sql *s, struct buf *b)
{
	buf_puts(b, "");
	xgrow((void **)&s->text, &s->cap, s->texts + 1, sizeof *s->text);
	s->text[s->texts] = xstrndup(b->s, b->n);
	buf_release(b);
	return s->text[s->texts++];
}

void sql_release(struct sql *s)
{
	for (size_t i = 0; i < s->texts; i++)
		free(s->text[i]);
	free(s->text);
	buf_release(&s->notes);
	buf_release(&s->derived);
}

const char *sql_format(struct sql *s, const char *format, ...)
{
	struct buf out = { 0 };
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(NULL, 0, format, ap);
	va_end(ap);
	buf_reserve(&out, (size_t)n + 1);
	va_start(ap, format);
	vsnprintf(out.s, (size_t)n + 1, format, ap);
	va_end(ap);
	out.n = (size_t)n;
	return sql_take(s, &out);
}

const char *sql_text(struct sql *s, struct str text)
{
	const struct engine_words *e = &engines[s->engine];
	struct buf out = { 0 };

	buf_putc(&out, e->quote);
	for (size_t i = 0; i < text.n; i++) {
		bool quote = text.s[i] == e->quote;
		if (e->escapes && (quote || text.s[i] == '\\'))
			buf_putc(&out, '\\');
		else if (quote)
			buf_putc(&out, e->quote);
		buf_putc(&out, text.s[i]);
	}
	buf_putc(&out, e->quote);
	return sql_take(s, &out);
}

/* ---- phrases ---- */

static const char *said_as(const struct sql *s, enum sql_phrase p)
{
	bool old = s->ask->server && s->ask->server->elder;

	for (size_t i = 0; old && i < ARRAY_SIZE(elder); i++)
		if (elder[i].phrase == p)
			return elder[i].as;
	return phrases[p].as[s->engine];
}

bool sql_can(const struct sql *s, enum sql_phrase p)
{
	return phrases[p].as[s->engine] != NULL;
}

/* How many texts a phrase is about. */
static unsigned arguments_of(const char *as)
{
	unsigned most = 0;

	for (; (as = strchr(as, '$')); as++)
		if ((unsigned)(as[1] - '0') > most)
			most = (unsigned)(as[1] - '0');
	return most;
}

const char *sql_say(struct sql *s, enum sql_phrase p, ...)
{
	const char *as = said_as(s, p), *argument[ARGUMENTS];
	struct buf out = { 0 };
	unsigned n;
	va_list ap;

	if (!as) {
		sql_refuse(s, "%s can't say %s", sql_engine_name(s->engine), phrases[p].what);
		return "";
	}
	n = arguments_of(as);
	va_start(ap, p);
	for (unsigned i = 0; i < n; i++)
		argument[i] = va_arg(ap, const char *);
	va_end(ap);
	for (; *as; as++)
		if (*as == '$')
			buf_puts(&out, argument[*++as - '1']);
		else
			buf_putc(&out, *as);
	return sql_take(s, &out);
}

/* ---- what is not said, or otherwise ---- */

void sql_refuse(struct sql *s, const char *format, ...)
{
	va_list ap;

	if (s->error[0])
		return;
	va_start(ap, format);
	vsnprintf(s->error, s->size, format, ap);
	va_end(ap);
}

void sql_note(struct sql *s, const char *format, ...)
{
	char line[256];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	if (!s->notes.n || !strstr(s->notes.s, line))
		buf_printf(&s->notes, "%s %s\n", engines[s->engine].comment, line);
}
