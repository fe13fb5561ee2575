/* complete.c - see complete.h. */
#include "state/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the place ---- */

static bool ends_token(char c)
{
	return strchr(" \t()=<>!~,", c) != NULL;
}

/* Where the word begins that ends at `end`; a ':' ends it when a name is before it. */
static int token_start(struct str text, int end)
{
	int from = end, field_end;

	while (from > 0 && !ends_token(text.s[from - 1]))
		from--;
	for (field_end = from; field_end < end; field_end++)
		if (text.s[field_end] == ':' &&
		    values_name((struct str){ text.s + from, (size_t)(field_end - from) }))
			return field_end + 1;
	return from;
}

static int back_over_blanks(struct str text, int at)
{
	while (at > 0 && text.s[at - 1] == ' ')
		at--;
	return at;
}

/* Goes back over "443," "22,443," to the operator or the '(' of `in (`. */
static int back_over_list(struct str text, int at)
{
	at = back_over_blanks(text, at);
	while (at > 0 && text.s[at - 1] == ',') {
		at = back_over_blanks(text, at - 1);
		at = back_over_blanks(text, token_start(text, at));
	}
	return at;
}

/* The name before the operator that ends at `at`; empty: there is none. */
static struct str name_before(struct str text, int at)
{
	int end = at;

	while (end > 0 && strchr("=!<>~:", text.s[end - 1]))
		end--;
	if (end == at) { /* `in (` */
		if (end == 0 || text.s[end - 1] != '(')
			return (struct str){ "", 0 };
		end = back_over_blanks(text, end - 1);
		if (end < 3 || memcmp(text.s + end - 2, "in", 2) != 0)
			return (struct str){ "", 0 };
		end -= 2;
	}
	end = back_over_blanks(text, end);
	int from = end;
	while (from > 0 && !ends_token(text.s[from - 1]))
		from--;
	/* "not -src=": signs are no part of the name. */
	while (from < end && (text.s[from] == '-' || text.s[from] == '!'))
		from++;
	return (struct str){ text.s + from, (size_t)(end - from) };
}

struct complete_place complete_place(struct str text)
{
	struct complete_place p = { .kind = COMPLETE_NOTHING };
	int end = (int)text.n;
	bool quoted = false;

	for (int i = 0; i < end; i++) {
		if (quoted && text.s[i] == '\\')
			i++; /* a quote behind it is one of the text */
		else
			quoted ^= text.s[i] == '"';
	}
	/* Within quotes, and in a bar that is one regex, nothing is known. */
	if (quoted || (str_trim(text).n && str_trim(text).s[0] == '/'))
		return p;
	p.from = token_start(text, end);
	p.kind = COMPLETE_WORD;
	struct str name = name_before(text, back_over_list(text, p.from));
	if (name.n && values_name(name)) {
		p.kind = COMPLETE_VALUE;
		p.name = name;
	} else {
		while (p.from < end && (text.s[p.from] == '-' || text.s[p.from] == '!'))
			p.from++;
		if (p.from < end && text.s[p.from] == '@')
			p.kind = COMPLETE_SAVED;
	}
	p.prefix = (struct str){ text.s + p.from, (size_t)(end - p.from) };
	return p;
}

/* ---- candidates ---- */

static bool begins_with(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_equal_loose((struct str){ s.s, prefix.n }, prefix);
}

static bool is_there(const struct complete *c, const char *text)
{
	for (int i = 0; i < c->n; i++)
		if (strcmp(c->item[i].text, text) == 0)
			return true;
	return false;
}

static void add(struct complete *c, struct str text, const char *note)
{
	struct complete_item *item = &c->item[c->n];

	if (c->n == COMPLETE_MAX || text.n == 0 || text.n >= COMPLETE_TEXT)
		return;
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] < ' ' || text.s[i] > 126)
			return;
	memcpy(item->text, text.s, text.n);
	item->text[text.n] = '\0';
	snprintf(item->note, sizeof item->note, "%s", note);
	if (!is_there(c, item->text))
		c->n++;
}

static void add_operators(struct complete *c, struct str name)
{
	static const char *const all[] = { "=", "!=", "~", "<", ">", "<=", ">=", " in (" };
	static const char *const means[] = { "is",    "is not",  "regex",    "below",
					     "above", "at most", "at least", "any of" };
	bool text = !type_is_number(values_type(name));

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		struct buf b = { 0 };
		if (text && (all[i][0] == '<' || all[i][0] == '>'))
			continue;
		buf_add_str(&b, name);
		buf_puts(&b, all[i]);
		add(c, buf_str(&b), means[i]);
		buf_release(&b);
	}
}

/* Names that fingers type. */
static void add_short_names(struct complete *c, struct str prefix)
{
	static const char *const any_side[] = { "addr", "port",        "host",
						"net",  "name",        "country",
						"as",   "aws-service", "aws-region" };

	for (int id = 0; id < FIELDS_KNOWN; id++) {
		struct str rest = str_of(field_get(id)->aliases), alias;
		while ((alias = str_token(&rest)).n)
			if (begins_with(alias, prefix))
				add(c, alias, field_get(id)->name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(any_side); i++)
		if (begins_with(str_of(any_side[i]), prefix))
			add(c, str_of(any_side[i]), "either side");
}

/* Names that AWS gives. */
static void add_fields(struct complete *c, struct str prefix)
{
	for (int id = 0; id < FIELDS_KNOWN; id++)
		if (begins_with(str_of(field_get(id)->name), prefix))
			add(c, str_of(field_get(id)->name), field_get(id)->title);
}

static void add_words(struct complete *c, struct str prefix)
{
	static const char *const words[] = { "accept", "reject", "and", "or", "not" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (begins_with(str_of(words[i]), prefix))
			add(c, str_of(words[i]), "");
}

static void add_services(struct complete *c, struct str prefix)
{
	char note[24];

	for (unsigned n = 0; n < 256; n++)
		if (protocol_name(n).n && begins_with(protocol_name(n), prefix))
			add(c, protocol_name(n), "protocol");
	for (unsigned n = 0; n < 65536; n++) {
		if (!(service_bitmap()[n / 8] >> n % 8 & 1) ||
		    !begins_with(service_name(n), prefix))
			continue;
		snprintf(note, sizeof note, "port %u", n);
		add(c, service_name(n), note);
	}
}

/* Words of the language. */
static void add_value_words(struct complete *c, const struct complete_place *p)
{
	static const char *const times[] = { "-5m", "-15m", "-1h", "-6h", "-1d", "today" };
	static const char *const flags[] = { "syn", "syn+ack", "ack", "fin", "rst", "psh", "none" };
	enum field_type type = values_type(p->name);

	for (size_t i = 0; type == TYPE_TIME && i < ARRAY_SIZE(times); i++)
		if (begins_with(str_of(times[i]), p->prefix))
			add(c, str_of(times[i]), "");
	for (size_t i = 0; type == TYPE_FLAGS && i < ARRAY_SIZE(flags); i++)
		if (begins_with(str_of(flags[i]), p->prefix))
			add(c, str_of(flags[i]), "");
}

static void add_values(struct complete *c, const struct complete_place *p,
		       const struct complete_data *d)
{
	struct value_seen seen[COMPLETE_MAX];
	size_t n =
		d->ring ? values_seen(d->ring, p->name, p->prefix, d->span, seen, ARRAY_SIZE(seen))
			: 0;
	char note[24], count[16];

	for (size_t i = 0; i < n; i++) {
		struct buf text = { 0 };
		filter_quote(field_lookup(p->name), str_of(seen[i].text), &text);
		snprintf(note, sizeof note, "%s%s", human_count(count, sizeof count, seen[i].flows),
			 seen[i].partial ? "+" : "");
		add(c, buf_str(&text), note);
		buf_release(&text);
		free(seen[i].text);
	}
}

static void add_saved(struct complete *c, struct str prefix, const struct complete_data *d)
{
	const char *name;

	for (size_t i = 0; d->saved && (name = d->saved(d->ctx, i)); i++) {
		struct buf b = { 0 };
		buf_printf(&b, "@%s", name);
		if (begins_with(buf_str(&b), prefix))
			add(c, buf_str(&b), "");
		buf_release(&b);
	}
}

static void collect(struct complete *c, struct str text, const struct complete_data *d)
{
	struct complete_place p = complete_place(text);

	c->n = 0;
	c->from = p.from;
	switch (p.kind) {
	case COMPLETE_WORD:
		if (p.prefix.n && values_name(p.prefix))
			add_operators(c, p.prefix);
		if (p.prefix.n)
			add_words(c, p.prefix);
		add_short_names(c, p.prefix);
		if (p.prefix.n == 0) {
			add_words(c, p.prefix);
			add_saved(c, p.prefix, d);
		}
		add_fields(c, p.prefix);
		if (p.prefix.n)
			add_services(c, p.prefix);
		break;
	case COMPLETE_VALUE:
		add_value_words(c, &p);
		add_values(c, &p, d);
		break;
	case COMPLETE_SAVED:
		add_saved(c, p.prefix, d);
		break;
	case COMPLETE_NOTHING:
		break;
	}
}

/* ---- the menu ---- */

/* Puts a text in place of the one that stands there. */
static bool put(struct complete *c, struct prompt *p, const char *text)
{
	if (!prompt_replace(p, c->from, c->from + c->length, text))
		return false;
	c->length = (int)strlen(text);
	return true;
}

bool complete_step(struct complete *c, struct prompt *p, const struct complete_data *d, int step)
{
	if (c->n == 0) {
		collect(c, (struct str){ p->text, (size_t)p->cursor }, d);
		c->length = p->cursor - c->from;
		snprintf(c->typed, sizeof c->typed, "%.*s", c->length, p->text + c->from);
		c->at = step > 0 ? 0 : c->n - 1;
	} else {
		c->at = (c->at + step + c->n) % c->n;
	}
	if (c->n == 0)
		return false;
	bool fits = put(c, p, c->item[c->at].text);
	if (c->n == 1 || !fits)
		complete_close(c);
	return fits;
}

void complete_undo(struct complete *c, struct prompt *p)
{
	char typed[PROMPT_MAX];

	memcpy(typed, c->typed, sizeof typed);
	put(c, p, typed);
	complete_close(c);
}

void complete_close(struct complete *c)
{
	c->n = 0;
}

/* The width that a candidate takes, with the gap behind it. */
static int item_width(const struct complete_item *i)
{
	return (int)strlen(i->text) + (i->note[0] ? (int)strlen(i->note) + 1 : 0) + 2;
}

/* Lays out from candidate `first` on; returns the first one that had no room. Draws when
 * `draw`. */
static int lay_out(const struct complete *c, struct area area, int first, bool draw)
{
	int y = 0, x = 1, i;

	for (i = first; i < c->n; i++) {
		int w = item_width(&c->item[i]);
		if (x > 1 && x + w - 2 > area.cols - 1) {
			x = 1;
			y++;
		}
		if (y >= area.rows)
			break;
		if (draw) {
			int n = screen_puts(area, y, x, ROLE_TEXT, c->item[i].text);
			screen_puts(area, y, x + n + 1, ROLE_DIM, c->item[i].note);
			if (i == c->at)
				screen_paint(area, y, x, n, ROLE_SELECTED);
		}
		x += w;
	}
	return i;
}

void complete_draw(const struct complete *c, struct area area)
{
	int first = 0, next = 0;

	if (area.rows < 1 || c->n == 0)
		return;
	/* Page by page, so that the menu stands still while the choice moves. */
	while ((next = lay_out(c, area, first, false)) <= c->at && next > first)
		first = next;
	lay_out(c, area, first, true);
	if (next < c->n)
		screen_printf(area, area.rows - 1, area.cols - 9, ROLE_DIM, " +%d more",
			      c->n - next);
}
