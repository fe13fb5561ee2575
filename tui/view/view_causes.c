/* view_causes.c - what is refused, folded by cause: who can't reach what, why, how much of it, and
 * since when. */
#include "view/view_causes.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

/* Columns: key, cause, "refused of tried", since. */
struct causes_layout {
	int key, cause, tried, since; /* where each ends; 0: not shown */
	bool narrow;                  /* no room for what was tried */
	struct view_times times;
};

static void tried_text(const struct cause *c, bool narrow, char *out, size_t size)
{
	char x[24], y[24];

	if (c->kind == CAUSE_SERVER && !narrow)
		snprintf(out, size, "%s of %s", human_count(x, sizeof x, c->refused_tries),
			 human_count(y, sizeof y, c->tries));
	else
		human_count(out, size, c->refused);
}

static enum role cause_text(const struct cause *c, char *out, size_t size)
{
	static const char *const fixed[CAUSES] = { [CAUSE_SCANNER] = "scan",
						   [CAUSE_LATE] = "no fault",
						   [CAUSE_NOISE] = "background",
						   [CAUSE_REST] = "not folded" };
	const struct cause_verdict *v = &c->verdict;

	if (c->kind != CAUSE_SERVER) {
		snprintf(out, size, "%s", fixed[c->kind]);
		return c->kind == CAUSE_SCANNER ? ROLE_WARNING : ROLE_DIM;
	}
	if (!v->known) {
		snprintf(out, size, "...");
		return ROLE_DIM;
	}
	snprintf(out, size, v->confidence == CONFIDENCE_OPEN ? "(%s%s)" : "%s%s",
		 why_code_brief(v->code), v->mixed ? " +" : "");
	return v->confidence == CONFIDENCE_PROVEN ? ROLE_REJECT : ROLE_WARNING;
}

static void add_address(const struct app *a, const struct pane *p, const uint8_t address[16],
			struct buf *out)
{
	struct value v = { .type = TYPE_ADDRESS };

	memcpy(v.address, address, 16);
	view_value(a, &p->result, FIELD_SERVER, &v, out);
}

static void add_service(const struct cause *c, struct buf *out)
{
	if (c->port || c->protocol == 6 || c->protocol == 17)
		buf_printf(out, ":%u", c->port);
	if (c->protocol != 6) {
		struct str name = protocol_name(c->protocol);
		buf_putc(out, '/');
		if (name.n)
			buf_add_str(out, name);
		else
			buf_printf(out, "%u", c->protocol);
	}
}

static void add_server(const struct app *a, const struct pane *p, const struct cause *c,
		       struct buf *out)
{
	size_t from = out->n;
	bool v6;

	add_address(a, p, c->server, out);
	v6 = memchr(out->s + from, ':', out->n - from) != NULL;
	if (v6)
		buf_putc(out, ' ');
	add_service(c, out);
}

/* In full, or in the fewest words. */
static void key_text(const struct app *a, const struct pane *p, const struct cause *c, bool wide,
		     struct view_ends *ends)
{
	struct buf *out = &ends->text;
	char n[24];

	switch (c->kind) {
	case CAUSE_SERVER:
		if (c->clients == 1)
			add_address(a, p, c->client[0], out);
		else
			buf_printf(out, wide ? "%" PRIu32 " clients" : "%" PRIu32, c->clients);
		buf_puts(out, " > ");
		ends->server = out->n;
		buf_puts(out, c->guess ? "~" : "");
		add_server(a, p, c, out);
		break;
	case CAUSE_SCANNER:
		add_address(a, p, c->client[0], out);
		if (wide)
			buf_printf(out, " > %" PRIu32 " %s, %s %s", c->hosts,
				   plural(c->hosts, "host", "hosts"),
				   view_count(n, sizeof n, c->ports),
				   plural(c->ports, "port", "ports"));
		break;
	case CAUSE_LATE:
		buf_printf(out, "late%s %" PRIu32 " %s", wide ? " packets, after close:" : ":",
			   c->hosts, plural(c->hosts, "server", "servers"));
		break;
	case CAUSE_NOISE:
		buf_printf(out, "internet%s %" PRIu32, wide ? ", refused at the edge:" : ":",
			   c->clients);
		if (wide)
			buf_printf(out, " %s", plural(c->clients, "source", "sources"));
		break;
	default:
		buf_printf(out, "%s more conversations",
			   view_count(n, sizeof n, a->causes.left_out));
	}
}

static struct causes_layout lay_out(const struct app *a, const struct pane *p, int width, int lines)
{
	struct causes_layout c = { .narrow = width < 48 };
	int end = width, tried, cause = 5;
	int64_t now = live_now(a->live);
	char text[64];

	tried = c.narrow ? 4 : 8;
	for (int i = p->top; i < p->top + lines && i < (int)a->causes.n; i++) {
		tried_text(&a->causes.row[i], c.narrow, text, sizeof text);
		tried = (int)strlen(text) > tried ? (int)strlen(text) : tried;
		cause_text(&a->causes.row[i], text, sizeof text);
		cause = (int)strlen(text) > cause ? (int)strlen(text) : cause;
	}
	if (width >= 56) {
		c.times = view_times_of(
			a, p->result.time_min <= p->result.time_max ? p->result.time_min : now, now,
			false);
		int head = 5 + (int)strlen(c.times.head);
		c.since = end;
		end -= (c.times.width > head ? c.times.width : head) + 1;
	}
	c.tried = end;
	end -= tried + 1;
	c.cause = end;
	end -= cause + 1;
	c.key = end;
	return c;
}

static void draw_key(const struct app *a, const struct pane *p, struct area area, int y,
		     const struct cause *c, int width)
{
	struct view_ends key = { .server = 0 };

	key_text(a, p, c, true, &key);
	if ((int)utf8_columns(buf_str(&key.text)) > width) {
		buf_clear(&key.text);
		key_text(a, p, c, false, &key);
	}
	view_ends_draw(area, y, width, &key);
	buf_release(&key.text);
}

static void draw_row(const struct app *a, const struct pane *p, struct area area, int y,
		     const struct cause *c, const struct causes_layout *l)
{
	char text[64];
	enum role role;

	if (l->since && c->verdict.known && c->verdict.since != INT64_MIN) {
		view_times_text(a, &l->times, c->verdict.since, text, sizeof text);
		screen_right(area, y, l->since, ROLE_TEXT, text);
	}
	tried_text(c, l->narrow, text, sizeof text);
	screen_right(area, y, l->tried, c->accepted ? ROLE_WARNING : ROLE_REJECT, text);
	role = cause_text(c, text, sizeof text);
	screen_right(area, y, l->cause, role, text);
	draw_key(a, p, area, y, c, l->key);
}

void view_causes_draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	int lines = area.rows - 1, top = pane_scroll(p, (int)a->causes.n, lines);
	struct causes_layout l = lay_out(a, p, area.cols, lines);
	char head[32];

	if (a->causes.n == 0) {
		view_empty(a, area, "nothing was refused");
		return;
	}
	screen_paint(area, 0, 0, area.cols, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, "refused");
	screen_right(area, 0, l.cause, ROLE_HEADING, "cause");
	screen_right(area, 0, l.tried, ROLE_HEADING, l.narrow ? "rej" : "of tried");
	if (l.since) {
		snprintf(head, sizeof head, "since%s", l.times.head);
		screen_right(area, 0, l.since, ROLE_HEADING, head);
	}
	for (int y = 1; y < area.rows && top + y - 1 < (int)a->causes.n; y++) {
		draw_row(a, p, area, y, &a->causes.row[top + y - 1], &l);
		if (focused && top + y - 1 == p->selected)
			screen_paint(area, y, 0, area.cols, ROLE_SELECTED);
	}
}

/* ---- what a row says as a filter ---- */

void view_causes_clause(struct app *a, struct pane *p, struct buf *out)
{
	if (p->selected < (int)a->causes.n)
		causes_clause(a, p, &a->causes.row[p->selected], out);
}
