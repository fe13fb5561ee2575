/* terminal.c - see terminal.h. */
#include "base/terminal.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/descriptor.h"
#include "base/utf8.h"

/* The bytes of the character at the front, of which *good may be shown. */
static size_t cut(struct str text, bool utf8, bool *good)
{
	unsigned char c = (unsigned char)text.s[0];
	uint32_t code;
	size_t n;

	if (c < 0x80) {
		*good = (c >= ' ' && c < 0x7f) || c == '\n';
		return 1;
	}
	n = utf8 ? utf8_decode(text, &code) : 0;
	*good = n && !utf8_is_hidden(code);
	return n ? n : 1;
}

size_t terminal_guard(struct str *text, char *out, size_t size)
{
	static const char hex[] = "0123456789abcdef";
	bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0, good;
	size_t at = 0;

	while (text->n && at + GUARD_ROOM <= size) {
		size_t n = cut(*text, utf8, &good);
		for (size_t i = 0; i < n; i++) {
			unsigned char c = (unsigned char)text->s[i];
			if (good) {
				out[at++] = (char)c;
				continue;
			}
			out[at++] = '\\';
			out[at++] = 'x';
			out[at++] = hex[c >> 4];
			out[at++] = hex[c & 15];
		}
		text->s += n;
		text->n -= n;
	}
	return at;
}

int write_out(int fd, struct str text)
{
	char piece[4096];
	int rc = 0;

	if (!isatty(fd))
		return write_all(fd, text);
	while (text.n && rc == 0) {
		size_t n = terminal_guard(&text, piece, sizeof piece);
		rc = write_all(fd, (struct str){ piece, n });
	}
	return rc;
}

void complain(const char *format, ...)
{
	char *message = NULL, piece[1024];
	struct buf line = { 0 };
	struct str rest;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&message, format, ap) < 0)
		message = NULL;
	va_end(ap);
	buf_puts(&line, "enitop: ");
	rest = str_of(message ? message : "");
	while (rest.n) {
		struct str part = { rest.s, strcspn(rest.s, "\n") };
		bool broken = part.n < rest.n;
		rest.s += part.n + broken;
		rest.n -= part.n + broken;
		while (part.n)
			buf_add(&line, piece, terminal_guard(&part, piece, sizeof piece));
		buf_puts(&line, broken ? "\\x0a" : "");
	}
	buf_putc(&line, '\n');
	write_all(STDERR_FILENO, buf_str(&line));
	buf_release(&line);
	free(message);
}
