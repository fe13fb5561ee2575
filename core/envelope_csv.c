/* envelope_csv.c - lines of comma-separated values: Logs Insights, consoles, exports. */
#include "envelope.h"

#include <string.h>

/* Cuts the next value off the line, without its quotes. False when there is none. */
static bool next_value(struct str *rest, struct buf *out)
{
	bool quoted = rest->n && rest->s[0] == '"';
	size_t i = quoted;

	if (!rest->s)
		return false;
	buf_clear(out);
	buf_reserve(out, 1);
	for (; i < rest->n; i++) {
		char c = rest->s[i];
		if (quoted && c == '"' && i + 1 < rest->n && rest->s[i + 1] == '"') {
			buf_putc(out, '"');
			i++;
		} else if (quoted && c == '"') {
			quoted = false;
		} else if (!quoted && c == ',') {
			break;
		} else {
			buf_putc(out, c);
		}
	}
	if (i < rest->n)
		*rest = (struct str){ rest->s + i + 1, rest->n - i - 1 };
	else
		*rest = (struct str){ NULL, 0 };
	return true;
}

/* Names alone, two of flow logs or one for the message among them. */
bool envelope_csv_header(struct envelope *e, struct str line, struct buf *out)
{
	struct str rest = str_trim(line);
	struct buf name = { 0 }, names = { 0 };
	unsigned columns = 0, known = 0, message = 0;
	bool good = true;

	while (good && next_value(&rest, &name)) {
		struct str s = str_trim(buf_str(&name));
		good = envelope_is_name(s);
		columns++;
		known += good && field_find_published(s) != FIELD_NONE;
		if (str_equal(s, str_of("@message")) || str_equal(s, str_of("message")))
			message = columns;
		buf_puts(&names, columns > 1 ? " " : "");
		buf_add_str(&names, s);
	}
	good = good && columns > 1 && (known >= 2 || message);
	if (good) {
		e->columns = columns;
		e->message = message;
		if (!message) {
			buf_add_str(out, buf_str(&names));
			buf_putc(out, '\n');
		}
	}
	buf_release(&name);
	buf_release(&names);
	return good;
}

void envelope_csv_row(struct envelope *e, struct str line, struct buf *out)
{
	struct str rest = str_trim(line);
	struct buf value = { 0 };
	unsigned column = 0;

	while (next_value(&rest, &value)) {
		column++;
		if (e->message) {
			if (column == e->message)
				envelope_give(e, buf_str(&value), out);
			continue;
		}
		buf_puts(out, column > 1 ? " " : "");
		envelope_value(str_trim(buf_str(&value)), out);
	}
	if (!e->message)
		buf_putc(out, '\n');
	buf_release(&value);
}
