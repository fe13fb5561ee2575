/* labels_lines.c - a file of names into the table of labels_names.c: a name a line, unless the
 * file is JSON. */
#include <ctype.h>
#include <string.h>

#include "labels/labels_state.h"

#define LINE_MAX_BYTES 4096u

/* "a,b" -> a; quotes may stand around a cell, and twice within. Cuts it off *rest. */
static void csv_cell(struct str *rest, struct buf *out)
{
	size_t i = 0;

	buf_clear(out);
	if (rest->n && rest->s[0] == '"') {
		for (i = 1; i < rest->n; i++) {
			if (rest->s[i] == '"' && (++i == rest->n || rest->s[i] != '"'))
				break;
			buf_putc(out, rest->s[i]);
		}
	}
	while (i < rest->n && rest->s[i] != ',')
		buf_putc(out, rest->s[i++]);
	i += i < rest->n;
	rest->s += i;
	rest->n -= i;
}

/* The key is what stands before the first comma or blank, whichever comes first. */
static void split_line(struct str line, struct buf *key, struct buf *name)
{
	size_t i = 0;

	while (i < line.n && line.s[i] != ',' && line.s[i] != ' ' && line.s[i] != '\t')
		i++;
	if (line.s[0] == '"' || (i < line.n && line.s[i] == ',')) {
		csv_cell(&line, key);
		line = str_trim(line);
		csv_cell(&line, name);
		return;
	}
	buf_clear(key);
	buf_clear(name);
	buf_add(key, line.s, i);
	line = str_trim((struct str){ line.s + i, line.n - i });
	for (i = 0; i < line.n; i++) /* a comment behind a blank */
		if (line.s[i] == '#' && i && isspace((unsigned char)line.s[i - 1]))
			line.n = i;
	buf_add_str(name, str_trim(line));
}

static bool is_account(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isdigit((unsigned char)s.s[i]))
			return false;
	return s.n == 12;
}

static bool is_interface(struct str s)
{
	return s.n > 4 && memcmp(s.s, "eni-", 4) == 0;
}

/* One line into the table; what is wrong with it, or NULL. */
static const char *add_line(struct labels *l, struct names *n, struct str key, struct str name)
{
	uint8_t from[16];
	unsigned bits;
	uint32_t label = labels_intern(l, name);

	if (label == DICT_NONE)
		return "no name";
	if (prefix_parse(key, from, &bits))
		return names_add_prefix(n, from, bits, label) ? NULL : "too many names";
	if (!is_interface(key) && !is_account(key))
		return "no address, network, interface or account";
	return names_add_text(n, key, label) ? NULL : "too many names";
}

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] < ' ' && s.s[i] != '\t')
			return false;
	return true;
}

static void read_lines(struct labels *l, struct names *n, const char *path, struct str text,
		       struct label_faults *f)
{
	struct buf key = { 0 }, name = { 0 };

	for (size_t number = 1; text.n; number++) {
		const char *end = memchr(text.s, '\n', text.n), *wrong;
		size_t length = end ? (size_t)(end - text.s) : text.n;
		struct str line = { text.s, length };
		text.s += length + (end != NULL);
		text.n -= length + (end != NULL);
		if (line.n && line.s[line.n - 1] == '\r')
			line.n--;
		line = str_trim(line);
		if (line.n == 0 || line.s[0] == '#')
			continue;
		if (line.n > LINE_MAX_BYTES || !is_printable(line)) {
			label_fault(f, path, number, "no line of text");
			continue;
		}
		split_line(line, &key, &name);
		wrong = add_line(l, n, str_trim(buf_str(&key)), buf_str(&name));
		/* The first line of a CSV may be its head. */
		if (wrong && !(number == 1 && memchr(line.s, ',', line.n) &&
			       strcspn(key.s ? key.s : "", "0123456789") == key.n))
			label_fault(f, path, number, "'%.*s': %s", (int)(key.n < 60 ? key.n : 60),
				    key.s ? key.s : "", wrong);
	}
	buf_release(&key);
	buf_release(&name);
}

int names_read(struct labels *l, struct names *n, const struct label_source *s,
	       struct label_faults *f)
{
	struct buf text = { 0 };
	int rc = label_source_read(s, &text);
	struct str all = buf_str(&text);

	if (rc == 0) {
		if (all.n >= 3 && memcmp(all.s, "\xef\xbb\xbf", 3) == 0) { /* a byte order mark */
			all.s += 3;
			all.n -= 3;
		}
		size_t i = 0;
		while (i < all.n && isspace((unsigned char)all.s[i]))
			i++;
		if (i < all.n && (all.s[i] == '{' || all.s[i] == '['))
			label_json_interfaces(&(struct label_json){ l, s->path, f }, all, n);
		else
			read_lines(l, n, s->path, all, f);
	}
	buf_release(&text);
	return rc;
}
