/* view_trust.c - what the log proves: an interface a row, a letter a minute, the worst first; below
 * them what its columns can tell and what is doubtful. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "state/shown_trust.h"
#include "view/view.h"

#define STRIP_MOST 64 /* an hour, and the minutes that it begins and ends in */
#define NAME_MOST 16
#define SHARE 7  /* "100.0%" and a blank */
#define ROOMY 24 /* lines from which on there are blank ones */

/* Columns, from the left; 0: not shown. */
struct trust_layout {
	int interface, name, strip, type, own;
	struct trust_cells cells; /* of the strip */
};

static struct str name_of(const struct app *a, const struct trust_row *r)
{
	return a->numeric ? (struct str){ "", 0 } : trust_name(&a->trust.facts, r);
}

/* What is worth most has room first: the share, who it is, when, its name, the rest. */
static struct trust_layout lay_out(const struct app *a, int cols)
{
	struct trust_layout l = { .interface = cols - SHARE };
	const struct trust *t = &a->trust.made.trust;
	int names = 0, minutes, left;

	if (cols < 36)
		return l;
	for (size_t i = 0; i < t->n && i < 200; i++) {
		int n = (int)name_of(a, &t->row[i]).n;
		names = n > names ? n : names;
	}
	names = names > NAME_MOST ? NAME_MOST : names;
	minutes = t->span.from > t->span.to ? 1
		  : t->span.to - t->span.from + 1 < STRIP_MOST
			  ? (int)(t->span.to - t->span.from + 1)
			  : STRIP_MOST;
	l.interface = cols >= 100 ? 21 : cols >= 60 ? 13 : 12;
	left = cols - SHARE - l.interface - 1;
	if (names && left - names - 1 >= 16) {
		l.name = names;
		left -= names + 1;
	}
	if (left >= minutes + 24) {
		l.type = 7;
		l.own = left - minutes - l.type - 2 < 15 ? 0 : 15;
		left -= l.type + 1 + (l.own ? l.own + 1 : 0);
	}
	l.strip = left < minutes ? left : minutes;
	if (t->span.from <= t->span.to) { /* as many as have minutes behind them */
		l.cells = trust_cells(t, a->trust.grain, l.strip);
		l.strip = l.cells.n;
	}
	return l;
}

static enum role letter_role(char c)
{
	return c == 'x' ? ROLE_REJECT : c == '_' ? ROLE_WARNING : c == '?' ? ROLE_DIM : ROLE_TEXT;
}

static void own_text(const struct interface *e, char out[46])
{
	out[0] = '\0';
	for (int i = 0; i < 2 && !out[0]; i++)
		if (e->has[i])
			out[address_format(e->address[i], out)] = '\0';
}

static void draw_row(const struct app *a, struct area area, int y, const struct trust_row *r,
		     const struct trust_layout *l)
{
	const struct interface *e = trust_place(&a->trust.made.trust, r);
	int logged = trust_row_logged(r), x = 0;
	enum role role = r->never || logged < 9000 ? ROLE_REJECT
			 : logged < 10000          ? ROLE_WARNING
						   : ROLE_TEXT;
	char strip[STRIP_MOST + 1], share[16], own[46];

	screen_text_middle(area, y, 0, l->interface, role, str_of(e->interface));
	x += l->interface + 1;
	if (l->name) {
		screen_label(area, y, x, l->name, ROLE_TEXT, name_of(a, r));
		x += l->name + 1;
	}
	if (l->strip) {
		trust_marks(&a->trust.made.trust, r, l->cells, strip);
		for (int i = 0; i < l->cells.n; i++)
			screen_text(area, y, x + i, 1, letter_role(strip[i]),
				    (struct str){ &strip[i], 1 });
		x += l->strip;
	}
	snprintf(share, sizeof share, logged < 0 ? "-" : "%d.%d%%", logged / 100, logged / 10 % 10);
	screen_right(area, y, l->strip ? x + SHARE : area.cols, role, share);
	x += SHARE + 1;
	if (l->type)
		screen_puts(area, y, x, r->never ? ROLE_REJECT : ROLE_TEXT,
			    r->never ? "never" : trust_type_name(r->type));
	own_text(e, own);
	if (l->own)
		screen_text(area, y, x + l->type, l->own, ROLE_TEXT, str_of(own));
}

static void draw_head(const struct app *a, struct area area, const struct trust_layout *l)
{
	const struct trust *t = &a->trust.made.trust;
	int x = l->interface + 1 + (l->name ? l->name + 1 : 0);
	char from[32], to[32];

	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, l->interface >= 9 ? "interface" : "eni");
	if (l->name)
		screen_text(area, 0, l->interface + 1, l->name, ROLE_HEADING, str_of("name"));
	if (l->strip && t->span.from <= t->span.to) {
		int64_t first = l->cells.from, last = first + l->cells.n * l->cells.each - 1;
		first = first < t->span.from ? t->span.from : first;
		last = last > t->span.to ? t->span.to : last;
		view_short_stamp(a, first * 60, from, sizeof from);
		view_short_stamp(a, (last + 1) * 60, to, sizeof to);
		screen_text(area, 0, x, l->strip, ROLE_HEADING, str_of(from));
		if ((int)(strlen(from) + strlen(to)) < l->strip)
			screen_right(area, 0, x + l->strip, ROLE_HEADING, to);
	}
	x += l->strip;
	screen_right(area, 0, l->strip ? x + SHARE : area.cols, ROLE_HEADING, "logged");
	if (l->type)
		screen_puts(area, 0, x + SHARE + 1, ROLE_HEADING, "type");
	if (l->own)
		screen_puts(area, 0, x + SHARE + 1 + l->type, ROLE_HEADING, "own");
}

/* ---- below the rows ---- */

struct below {
	struct area area;
	int y;
	int blank; /* lines between parts: none where there are few */
};

static void below_line(struct below *b, enum role role, const char *label, struct str text)
{
	if (b->y < b->area.rows) {
		screen_text(b->area, b->y, 0, 10, ROLE_DIM, str_of(label));
		screen_text(b->area, b->y, 10, b->area.cols - 10, role, text);
	}
	b->y++;
}

static void draw_legend(const struct app *a, struct below *b, const struct trust_layout *l)
{
	const struct trust *t = &a->trust.made.trust;
	int64_t each = l->cells.each;
	char text[200];

	snprintf(text, sizeof text,
		 b->area.cols >= 100 && each == 1
			 ? "= records  . NODATA: logged, no traffic  x SKIPDATA: records lost  "
			   "_ missing: nothing, not even NODATA  ? to come"
			 : "= records . NODATA x SKIPDATA _ missing ? to come");
	if (each > 1)
		snprintf(text + strlen(text), sizeof text - strlen(text),
			 "  (%" PRId64 " minutes a mark)", each);
	if (l->cells.n && l->cells.from > t->span.from)
		snprintf(text + strlen(text), sizeof text - strlen(text), "  the newest");
	if (b->y < b->area.rows)
		screen_puts(b->area, b->y, 0, ROLE_DIM, text);
	b->y += 1 + b->blank;
}

static void add_word(struct buf *out, const char *word)
{
	buf_printf(out, "%s%s", out->n ? "; " : "", word);
}

static void draw_columns(const struct app *a, struct below *b)
{
	const struct trust_facts *f = &a->trust.facts;
	struct buf yes = { 0 }, no = { 0 }, add = { 0 }, never = { 0 };
	const struct trust_question *q;
	size_t n;

	if (!f->has_format)
		return;
	q = trust_questions(&n);
	for (size_t i = 0; i < n; i++)
		add_word(trust_answers(f, &q[i]) ? &yes : &no, q[i].question);
	trust_add_columns(f, &add);
	for (size_t i = 0; trust_never(i); i++)
		add_word(&never, trust_never(i));
	below_line(b, ROLE_TEXT, "can prove", buf_str(&yes));
	if (no.n) {
		below_line(b, ROLE_WARNING, "cannot", buf_str(&no));
		below_line(b, ROLE_TEXT, "  add", buf_str(&add));
	}
	below_line(b, ROLE_DIM, "never", buf_str(&never));
	b->y += b->blank;
	buf_release(&yes);
	buf_release(&no);
	buf_release(&add);
	buf_release(&never);
}

static void stretch_text(const struct app *a, const struct trust_row *r,
			 const struct trust_run *run, struct buf *out)
{
	struct str name = name_of(a, r);
	char from[32], to[32];

	buf_clear(out);
	buf_puts(out, name.n ? "" : trust_place(&a->trust.made.trust, r)->interface);
	buf_add_str(out, name);
	view_printable(out, 0);
	if (!run) {
		buf_puts(out, " is in the inventory and in no record");
		return;
	}
	buf_printf(out, " %s-%s %s", view_short_stamp(a, run->from * 60, from, sizeof from),
		   view_short_stamp(a, (run->to + 1) * 60, to, sizeof to),
		   run->mark == TRUST_LOST ? "records lost" : "missing, not even NODATA");
}

static void say_witnesses(const struct app *a, const struct trust_row *r, struct buf *out)
{
	size_t from = out->n + 2;

	if (a->trust.facts.witnesses) {
		buf_puts(out, "; ");
		witnesses_say(a->trust.facts.witnesses, r->place, out);
		view_printable(out, from);
	}
}

/* As many as there is room for, `rest` lines left; one at least. */
static void draw_doubts(const struct app *a, struct below *b, int rest)
{
	const struct trust *t = &a->trust.made.trust;
	struct buf text = { 0 };
	int end = b->area.rows - rest > b->y ? b->area.rows - rest : b->y + 1;

	for (size_t i = 0; i < t->n && b->y < end; i++) {
		const struct trust_row *r = &t->row[i];
		struct trust_walk w;
		struct trust_run run;
		if (r->never) {
			stretch_text(a, r, NULL, &text);
			say_witnesses(a, r, &text);
			below_line(b, ROLE_WARNING, "doubtful", buf_str(&text));
			continue;
		}
		if (!r->minutes[TRUST_LOST] && !r->minutes[TRUST_MISSING])
			break;
		trust_walk_begin(&w, t, r);
		while (trust_walk_next(&w, &run) && b->y < end) {
			if (run.mark != TRUST_LOST && run.mark != TRUST_MISSING)
				continue;
			stretch_text(a, r, &run, &text);
			if (run.mark == TRUST_MISSING)
				say_witnesses(a, r, &text);
			below_line(b, ROLE_WARNING, "doubtful", buf_str(&text));
		}
	}
	buf_release(&text);
}

/* ---- what was counted ---- */

#define COUNTED 3

static void (*const counted[COUNTED])(const struct trust_facts *f,
				      struct buf *out) = { trust_say_delay, trust_say_seconds,
							   trust_say_doubles };

/* In the words of a report; or how far it is. */
static void draw_counted(struct app *a, struct below *b)
{
	const struct trust_facts *f = &a->trust.facts;
	enum role role = trust_is_stale(a) ? ROLE_DIM : ROLE_TEXT;
	struct buf text = { 0 };

	a->moving |= trust_is_stale(a);
	if (!a->trust.counted && b->y < b->area.rows)
		screen_printf(b->area, b->y++, 0, ROLE_PROGRESS,
			      "duplicates, second sightings and delays are counted: %u%%",
			      a->trust.scan.running ? scan_percent(&a->trust.scan.scan) : 0);
	for (size_t i = 0; a->trust.counted && i < COUNTED; i++) {
		buf_clear(&text);
		counted[i](f, &text);
		if (text.n && b->y < b->area.rows)
			screen_text(b->area, b->y++, 0, b->area.cols,
				    counted[i] == trust_say_doubles && f->doubles ? ROLE_WARNING
										  : role,
				    buf_str(&text));
	}
	buf_release(&text);
}

static void draw_complete(const struct app *a, struct below *b)
{
	const struct trust *t = &a->trust.made.trust;
	char text[128], until[40];

	if (t->complete_s == INT64_MIN)
		return;
	snprintf(text, sizeof text, "until %s%s", app_stamp(a, t->complete_s, until, sizeof until),
		 t->dropped ? "; records of interfaces too many were dropped" : "");
	below_line(b, t->dropped ? ROLE_WARNING : ROLE_TEXT, "complete", str_of(text));
}

/* ---- the pane ---- */

/* Lines for rows: where there is room for more, they leave it to what stands below. */
static int row_lines(const struct app *a, struct area area)
{
	int lines = area.rows - 1, n = (int)a->trust.made.trust.n;

	if (area.rows < 14)
		return lines;
	lines = area.rows < ROOMY ? area.rows * 2 / 5 : area.rows / 2;
	return n < lines ? n : lines;
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	const struct trust *t = &a->trust.made.trust;
	int lines = row_lines(a, area), n = (int)t->n, top;
	struct trust_layout l = lay_out(a, area.cols);
	struct below b;

	if (n == 0) {
		view_empty(a, area, "no interface is known");
		return;
	}
	top = pane_scroll(p, n, lines);
	draw_head(a, area, &l);
	for (int y = 1; y <= lines && top + y - 1 < n; y++) {
		draw_row(a, area, y, &t->row[top + y - 1], &l);
		if (focused && top + y - 1 == p->selected)
			screen_paint(area, y, 0, area.cols, ROLE_SELECTED);
	}
	if (lines + 2 >= area.rows)
		return;
	b = (struct below){ .area = area, .y = lines + 1, .blank = area.rows >= ROOMY };
	if (n > top + lines)
		screen_printf(area, b.y++, 1, ROLE_DIM, "%d more", n - top - lines);
	draw_legend(a, &b, &l);
	draw_columns(a, &b);
	draw_doubts(a, &b, COUNTED + 1);
	draw_counted(a, &b);
	draw_complete(a, &b);
}

static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	const struct trust_sums *s = &a->trust.made.trust.all;
	int provable = trust_provable(s);

	(void)p;
	if (s->expected)
		buf_printf(out, "  %" PRIu64 " expected", s->expected);
	buf_printf(out, "  %" PRIu64 " logged", s->seen);
	if (s->never)
		buf_printf(out, ", %" PRIu64 " never", s->never);
	if (provable >= 0)
		buf_printf(out, "  provable %d.%d%%", provable / 100, provable / 10 % 10);
	if (*app_filter(a))
		buf_puts(out, ", whatever the filter");
}

static int count_rows(const struct app *a, const struct pane *p)
{
	(void)p;
	return (int)a->trust.made.trust.n;
}

static bool take(struct app *a, struct pane *p)
{
	(void)p;
	trust_take(a, true);
	return true;
}

static void clause(struct app *a, struct pane *p, struct buf *out)
{
	const struct trust *t = &a->trust.made.trust;

	if (p->selected < (int)t->n)
		view_clause(FIELD_INTERFACE_ID,
			    str_of(trust_place(t, &t->row[p->selected])->interface), out);
}

const struct view view_trust = {
	.name = "trust",
	.key = '7',
	.layer = LAYER_TRUST,
	.title = "Trust",
	.help = "what the log proves",
	.report = export_trust,
	.draw = draw,
	.add_title = add_title,
	.rows = count_rows,
	.take = take,
	.clause = clause,
};
