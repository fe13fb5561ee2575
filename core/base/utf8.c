/* utf8.c - see utf8.h. */
#include "base/utf8.h"

#include <langinfo.h>
#include <string.h>
#include <wchar.h>

bool utf8_is_hidden(uint32_t c)
{
	static const struct {
		uint32_t from, to;
	} ranges[] = {
		{ 0, 0x1f },          { 0x7f, 0x9f },       { 0xad, 0xad },
		{ 0x34f, 0x34f },     { 0x600, 0x605 },     { 0x61c, 0x61c },
		{ 0x6dd, 0x6dd },     { 0x70f, 0x70f },     { 0x890, 0x891 },
		{ 0x8e2, 0x8e2 },     { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },
		{ 0x180b, 0x180f },   { 0x200b, 0x200f },   { 0x2028, 0x202e },
		{ 0x2060, 0x206f },   { 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb },
		{ 0x110bd, 0x110bd }, { 0x110cd, 0x110cd }, { 0x13430, 0x1343f },
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

unsigned utf8_decode(struct str text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)text.s[0];
	unsigned n = c < 0xc0 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf8 ? 4 : 0;

	if (n == 0 || n > text.n)
		return 0;
	*code = c & (0x7fu >> n);
	for (unsigned i = 1; i < n; i++) {
		if (((unsigned char)text.s[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((unsigned char)text.s[i] & 0x3f);
	}
	return *code < least[n] || *code > 0x10ffff || (*code >= 0xd800 && *code < 0xe000) ? 0 : n;
}

int utf8_next(struct str *rest, uint32_t *code)
{
	unsigned char c = (unsigned char)rest->s[0];
	unsigned n = c < 0x80 ? 0 : utf8_decode(*rest, code);
	int columns = 1;

	if (n == 0)
		*code = c >= ' ' && c < 0x7f ? c : '.';
	else if (utf8_is_hidden(*code) || strcmp(nl_langinfo(CODESET), "UTF-8") != 0 ||
		 (columns = wcwidth((wchar_t)*code)) < 0)
		*code = '.', columns = 1;
	n = n ? n : 1;
	rest->s += n;
	rest->n -= n;
	return columns;
}

size_t utf8_columns(struct str text)
{
	size_t columns = 0;
	uint32_t code;

	while (text.n)
		columns += (size_t)utf8_next(&text, &code);
	return columns;
}

size_t utf8_fitting(struct str text, size_t columns)
{
	struct str rest = text;
	size_t used = 0, n = 0;
	uint32_t code;

	while (rest.n && (used += (size_t)utf8_next(&rest, &code)) <= columns)
		n = text.n - rest.n;
	return n;
}

void utf8_put(struct buf *out, uint32_t c)
{
	static const uint32_t first[] = { 0, 0xc0, 0xe0, 0xf0 };
	unsigned more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;

	buf_putc(out, (char)(first[more] | c >> 6 * more));
	while (more--)
		buf_putc(out, (char)(0x80 | (c >> 6 * more & 0x3f)));
}

void utf8_add(struct buf *out, struct str text)
{
	uint32_t code;

	while (text.n) {
		utf8_next(&text, &code);
		utf8_put(out, code);
	}
}
