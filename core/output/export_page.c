/* export_page.c - see export_page.h. */
#include "output/export_page.h"

#include <string.h>

void page_wrapped(struct str text, size_t indent, size_t width, const char *broken, struct buf *out)
{
	size_t column = indent, end = strlen(broken);

	while (text.n) {
		struct str word = str_token(&text);
		if (column > indent && column + 1 + word.n + end > width) {
			buf_printf(out, "%s\n%*s", broken, (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add_str(out, word);
		column += word.n;
	}
	buf_putc(out, '\n');
}

void page_lines(const char *title, const struct buf *lines, bool numbered, size_t width,
		struct buf *out)
{
	unsigned number = 0;

	if (lines->n == 0)
		return;
	buf_printf(out, "\n%s\n", title);
	for (size_t at = 0; at < lines->n;) {
		size_t n = strcspn(lines->s + at, "\n");
		if (numbered)
			buf_printf(out, "%3u  ", ++number);
		else
			buf_puts(out, "  ");
		page_wrapped((struct str){ lines->s + at, n }, numbered ? 5 : 2, width, "", out);
		at += n + 1;
	}
}

void page_commands(const struct buf *lines, size_t width, struct buf *out)
{
	if (lines->n)
		buf_puts(out, "\nnext\n");
	for (size_t at = 0; at < lines->n;) {
		size_t n = strcspn(lines->s + at, "\n");
		bool more = lines->s[at] == ' ';
		buf_puts(out, more ? "    " : "  ");
		page_wrapped((struct str){ lines->s + at, n }, 4, width, " \\", out);
		at += n + 1;
	}
}
