/* labels_ioc.c - lists of bad addresses: --ioc FILE. */
#include <ctype.h>
#include <string.h>

#include "labels/labels_state.h"

#define LINE_MAX_BYTES 4096u

/* Cuts the word at the front off, at a blank or comma. */
static struct str cut_word(struct str *rest)
{
	struct str word = { rest->s, 0 };

	while (word.n < rest->n && rest->s[word.n] != ',' &&
	       !isspace((unsigned char)rest->s[word.n]))
		word.n++;
	rest->s += word.n;
	rest->n -= word.n;
	if (rest->n && *rest->s == ',') {
		rest->s++;
		rest->n--;
	}
	*rest = str_trim(*rest);
	return word;
}

/* What is behind a '#' that begins a line or follows a blank. */
static struct str without_comment(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.s[i] == '#' && (i == 0 || isspace((unsigned char)line.s[i - 1])))
			line.n = i;
	return str_trim(line);
}

/* What is wrong with a line, or NULL. */
static const char *add_line(struct labels *l, struct ioc *v, struct str line, uint32_t number)
{
	struct str word = cut_word(&line);
	bool allow = str_equal(word, str_of("allow"));
	uint8_t from[16];
	unsigned bits;

	if (allow)
		word = cut_word(&line);
	if (!prefix_parse(word, from, &bits))
		return "no address or network";
	if (v->listed.n + v->allowed.n >= LABELS_ENTRIES)
		return "too many addresses";
	prefixes_add(allow ? &v->allowed : &v->listed, from, bits, 0, labels_intern(l, line),
		     number);
	return NULL;
}

static void read_lines(struct labels *l, struct ioc *v, const char *path, struct str text,
		       struct label_faults *f)
{
	for (uint32_t number = 1; text.n; number++) {
		const char *end = memchr(text.s, '\n', text.n), *wrong = NULL;
		struct str line = { text.s, end ? (size_t)(end - text.s) : text.n };
		text.s += line.n + (end != NULL);
		text.n -= line.n + (end != NULL);
		line = without_comment(line);
		if (line.n > LINE_MAX_BYTES)
			wrong = "no line of text";
		else if (line.n)
			wrong = add_line(l, v, line, number);
		if (wrong)
			label_fault(f, path, number, "'%.*s': %s", (int)(line.n < 60 ? line.n : 60),
				    line.s, wrong);
	}
}

int ioc_read(struct labels *l, struct ioc *v, const struct label_source *s, struct label_faults *f)
{
	struct buf text = { 0 };
	int rc = label_source_read(s, &text);

	if (rc == 0)
		read_lines(l, v, s->path, buf_str(&text), f);
	buf_release(&text);
	return rc;
}

void ioc_seal(struct ioc *v)
{
	prefixes_seal(&v->listed);
	prefixes_seal(&v->allowed);
}

void ioc_release(struct ioc *v)
{
	prefixes_release(&v->listed);
	prefixes_release(&v->allowed);
}

bool labels_find_ioc(const struct labels *l, const uint8_t address[16], struct label_ioc *out)
{
	const struct prefix *p = prefixes_find(&l->ioc.listed, address);

	if (!p || labels_allow_ioc(l, address))
		return false;
	out->line = p->value[1];
	out->text = labels_text(l, p->value[0]);
	return true;
}

bool labels_allow_ioc(const struct labels *l, const uint8_t address[16])
{
	return prefixes_find(&l->ioc.allowed, address) != NULL;
}

bool labels_have_ioc(const struct labels *l)
{
	return l->ioc.listed.n > 0;
}
