/* filter_reads.c - a tree as the text that it reads as, and that parses as it. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "filter/filter_ast.h"
#include "schema/moment.h"
#include "schema/spelling.h"

/* ---- values ---- */

static bool is_bare(struct str text)
{
	static const char special[] = " \t\r\n\v\f\"'(),=<>!~&|*";

	for (size_t i = 0; i < text.n; i++)
		if (memchr(special, text.s[i], sizeof special)) /* its NUL too */
			return false;
	return text.n > 0;
}

/* A value of a field that has words, which is none of them. */
static bool is_foreign(int field, struct str text)
{
	const char *word;

	for (size_t i = 0; (word = spelling_word(field, i)); i++)
		if (str_equal(text, str_of(word)))
			return false;
	return spelling_matters(field);
}

void filter_quote(int field, struct str text, struct buf *out)
{
	if (is_bare(text) && !is_foreign(field, text)) {
		buf_add_str(out, text);
		return;
	}
	buf_putc(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '"' || text.s[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, text.s[i]);
	}
	buf_putc(out, '"');
}

static void address_reads(const struct match *m, struct buf *out)
{
	char text[46];
	unsigned bits = 0;
	struct match net = { 0 };

	if (m->any) {
		buf_putc(out, '*');
		return;
	}
	buf_add(out, text, address_format(m->from, text));
	if (memcmp(m->from, m->to, 16) == 0)
		return;
	while (bits < 128) {
		match_network(m->from, bits, &net);
		if (memcmp(net.from, m->from, 16) == 0 && memcmp(net.to, m->to, 16) == 0)
			break;
		bits++;
	}
	if (bits < 128) {
		bool v4 = address_is_v4(m->from) && bits >= 96;
		buf_printf(out, "/%u", v4 ? bits - 96 : bits);
	} else {
		buf_putc(out, '-');
		buf_add(out, text, address_format(m->to, text));
	}
}

static void flags_reads(uint64_t bits, struct buf *out)
{
	bool more = false;

	for (unsigned i = 0; i < 8; i++)
		if (bits >> i & 1) {
			buf_printf(out, "%s%s", more ? "+" : "", flag_name(i));
			more = true;
		}
}

/* A time of which milliseconds are known; `last`: it is the last of what it stands for, as they
 * of a second. */
static void time_reads(uint64_t ms, bool last, struct buf *out)
{
	size_t date = strlen("2026-11-24T03:05:10");
	char stamp[40];

	if (ms / 1000 > (uint64_t)MOMENT_LATEST) {
		buf_add_u64(out, ms);
		return;
	}
	moment_print((int64_t)(ms / 1000), stamp, sizeof stamp);
	buf_add(out, stamp, date);
	if (ms % 1000 != (last ? 999 : 0))
		buf_printf(out, ".%03u", (unsigned)(ms % 1000));
	buf_puts(out, stamp + date);
}

static void times_read(const struct match *m, struct buf *out)
{
	bool second = m->low % 1000 == 0 && m->high == m->low + 999;

	time_reads(m->low, false, out);
	if (second || m->low == m->high)
		return;
	buf_puts(out, "..");
	time_reads(m->high, true, out);
}

void match_reads(int field, const struct match *m, struct buf *out)
{
	switch (m->kind) {
	case MATCH_ABSENT:
		buf_putc(out, '-');
		break;
	case MATCH_TEXT:
		filter_quote(field, str_of(m->text), out);
		break;
	case MATCH_GLOB: /* typed without quotes, within which a star is a star */
		buf_puts(out, m->text);
		break;
	case MATCH_ADDRESS:
		address_reads(m, out);
		break;
	case MATCH_FLAGS:
		flags_reads(m->low, out);
		break;
	case MATCH_NUMBER:
		if (m->low == 0 && m->high == NUMBER_ABSENT - 1) {
			buf_putc(out, '*');
			break;
		}
		if (field_type(field) == TYPE_TIME) {
			times_read(m, out);
			break;
		}
		buf_add_u64(out, m->low);
		if (m->high != m->low) {
			buf_putc(out, '-');
			buf_add_u64(out, m->high);
		}
		break;
	}
}

/* ---- leaves ---- */

/* Between slashes a backslash takes the next character with it, in PCRE2 not always: not in
 * \Q...\E, and in \cX it may be the X. These are written in other ways. */
static void pattern_reads(const char *pattern, struct buf *out)
{
	bool literal = false;

	buf_putc(out, '/');
	for (; *pattern; pattern++) {
		bool backslash = *pattern == '\\';
		if (literal && backslash && pattern[1] != 'E') {
			buf_puts(out, "\\E\\\\\\Q");
		} else if (literal && *pattern == '/') {
			buf_puts(out, "\\E\\/\\Q");
		} else if (backslash && pattern[1] == 'c' && pattern[2]) {
			buf_printf(out, "\\x%02x", toupper((unsigned char)pattern[2]) ^ 0x40);
			pattern += 2;
		} else if (backslash && pattern[1]) {
			literal = pattern[1] == 'Q';
			buf_putc(out, *pattern++);
			buf_putc(out, *pattern);
		} else {
			if (*pattern == '/')
				buf_putc(out, '\\');
			buf_putc(out, *pattern);
		}
	}
	buf_putc(out, '/');
}

static void leaf_reads(const struct node *leaf, bool negated, struct buf *out)
{
	if (leaf->regex) {
		if (leaf->field[0] == RECORD)
			buf_puts(out, negated ? "not " : "");
		else
			buf_printf(out, "%s%s", leaf->name, negated ? "!~" : "~");
		pattern_reads(leaf->regex->pattern, out);
		return;
	}
	enum field_type type = field_type(leaf->field[0]);
	if (leaf->compare) {
		buf_printf(out, "%s%s%s", negated ? "not " : "", leaf->name, leaf->compare);
		if (type == TYPE_TIME) /* > and <= mean the end of what they stand with */
			time_reads(leaf->bound,
				   (leaf->compare[0] == '<') == (leaf->compare[1] != '\0'), out);
		else
			buf_add_u64(out, leaf->bound);
		return;
	}
	buf_printf(out, "%s%s", leaf->name, negated ? "!=" : "=");
	for (size_t i = 0; i < leaf->matches; i++) {
		if (i)
			buf_putc(out, ',');
		match_reads(leaf->field[0], &leaf->match[i], out);
	}
}

/* "10.0.0.1:443": the first side of the two says it. */
static void endpoint_reads(const struct node *n, struct buf *out)
{
	const struct node *const *leaf = (const struct node *const *)n->child[0]->child;
	struct buf host = { 0 };

	match_reads(leaf[0]->field[0], &leaf[0]->match[0], &host);
	buf_printf(out, memchr(host.s, ':', host.n) ? "[%s]:" : "%s:", host.s);
	match_reads(leaf[1]->field[0], &leaf[1]->match[0], out);
	buf_release(&host);
}

/* ---- the tree ---- */

static void list_reads(const struct node *n, const char *between, struct buf *out)
{
	for (size_t i = 0; i < n->children; i++) {
		const struct node *c = n->child[i];
		bool inner = (c->kind == NODE_OR && !c->word) ||
			     (c->kind == NODE_AND && n->kind == NODE_AND);
		buf_puts(out, i ? between : "");
		buf_puts(out, inner ? "(" : "");
		node_reads(c, out);
		buf_puts(out, inner ? ")" : "");
	}
}

void node_reads(const struct node *n, struct buf *out)
{
	switch (n->kind) {
	case NODE_ALL:
	case NODE_NONE:
		return;
	case NODE_LEAF:
		leaf_reads(n, false, out);
		return;
	case NODE_AND:
		list_reads(n, " and ", out);
		return;
	case NODE_OR:
		if (n->word)
			endpoint_reads(n, out);
		else
			list_reads(n, " or ", out);
		return;
	case NODE_NOT:
		break;
	}
	const struct node *c = n->child[0];
	if (c->kind == NODE_LEAF) {
		leaf_reads(c, true, out);
		return;
	}
	bool inner = c->kind != NODE_NOT && !c->word;
	buf_puts(out, inner ? "not (" : "not ");
	node_reads(c, out);
	buf_puts(out, inner ? ")" : "");
}
