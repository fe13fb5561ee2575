/* view_marks.c - what happened when, as signs on the axis of a chart. Where several stand in a column
 * the one that matters most is seen. */
#include <string.h>

#include "state/shown_findings.h"
#include "triage/rules.h"
#include "view/view.h"

/* In the order in which they are drawn: what matters most is last. */
enum { OF_INFO, OF_MISSING, OF_WARN, OF_LOST, OF_PAGE, OF_EVENT, OF_MARK, KINDS };

static const struct {
	const char *sign; /* as in the panes; NULL: a line, as through the bars */
	enum role role;
	const char *word;
} kinds[KINDS] = {
	[OF_INFO] = { "i", ROLE_TEXT, "info" },    [OF_MISSING] = { "_", ROLE_WARNING, "silent" },
	[OF_WARN] = { "!", ROLE_WARNING, "warn" }, [OF_LOST] = { "x", ROLE_REJECT, "lost" },
	[OF_PAGE] = { "!!", ROLE_REJECT, "page" }, [OF_EVENT] = { NULL, ROLE_FOCUS, "event" },
	[OF_MARK] = { NULL, ROLE_FOCUS, "mark" },
};

struct mark_row {
	struct area area;
	int y, left;
	const struct view_axis *x;
	unsigned seen;
};

static int width_of(int kind)
{
	return kinds[kind].sign ? (int)strlen(kinds[kind].sign) : 1;
}

static void sign(struct area area, int y, int x, int kind)
{
	if (kinds[kind].sign)
		screen_puts(area, y, x, kinds[kind].role, kinds[kind].sign);
	else
		screen_glyph(area, y, x, kinds[kind].role, GLYPH_V);
}

/* At the beginning of the column that a time is in. */
static void put_at(struct mark_row *m, int kind, int64_t time)
{
	int at = view_axis_at(m->x, time), most = view_axis_left(m->x, m->x->n) - width_of(kind);

	if (at < 0)
		return;
	at = view_axis_left(m->x, at);
	sign(m->area, m->y, m->left + (at < most || most < 0 ? at : most), kind);
	m->seen |= 1u << kind;
}

/* Over all columns that some of the minutes are in. */
static void put_lacks(struct mark_row *m, int kind, const struct trust_lacks *lacks)
{
	const struct view_axis *x = m->x;
	int64_t end = x->from + x->n * x->width;

	for (size_t i = 0; i < lacks->n; i++) {
		int64_t from = lacks->run[i].from * 60, to = lacks->run[i].to * 60 + 60;
		if (to <= x->from || from >= end)
			continue;
		from = from > x->from ? (from - x->from) / x->width : 0;
		to = to < end ? (to - x->from + x->width - 1) / x->width : x->n;
		for (int at = view_axis_left(x, (int)from); at < view_axis_left(x, (int)to); at++)
			sign(m->area, m->y, m->left + at, kind);
		m->seen |= 1u << kind;
	}
}

static void put_findings(struct mark_row *m, const struct app *a, int kind, enum severity s)
{
	for (size_t i = 0; i < a->findings.n; i++)
		if (a->findings.row[i]->severity == s)
			put_at(m, kind, a->findings.row[i]->since);
}

static void put_events(struct mark_row *m, const struct app *a)
{
	const struct view_axis *x = m->x;
	size_t n = 0;
	const struct timed_event *e = a->rules ? events_within(rules_events(a->rules), x->from,
							       x->from + x->n * x->width, &n)
					       : NULL;

	for (size_t i = 0; i < n; i++)
		put_at(m, OF_EVENT, e[i].time);
}

unsigned view_marks_draw(const struct app *a, struct area area, int y, int left,
			 const struct view_axis *x)
{
	struct mark_row m = { area, y, left, x, 0 };

	put_findings(&m, a, OF_INFO, SEVERITY_INFO);
	put_lacks(&m, OF_MISSING, &a->trust.missing);
	put_findings(&m, a, OF_WARN, SEVERITY_WARN);
	put_lacks(&m, OF_LOST, &a->trust.lost);
	put_findings(&m, a, OF_PAGE, SEVERITY_PAGE);
	put_events(&m, a);
	if (a->mark.time != INT64_MIN)
		put_at(&m, OF_MARK, a->mark.time);
	return m.seen;
}

void view_marks_legend(struct area area, int y, int at, unsigned marks)
{
	for (int kind = KINDS - 1; kind >= 0; kind--) {
		int word = at + width_of(kind) + 1, end = word + (int)strlen(kinds[kind].word);
		if (!(marks & 1u << kind) || end > area.cols)
			continue;
		sign(area, y, at, kind);
		screen_puts(area, y, word, ROLE_DIM, kinds[kind].word);
		at = end + 2;
	}
}
