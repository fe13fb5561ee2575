/* app_group.c - what is ranked and by what: the cycles of `g` and `m`, and the line where
 * any list of fields can be typed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/command.h"

/* ---- groupings ---- */

static void regroup(struct app *a, const struct group *g)
{
	struct pane *p = pane_of_groups(a);
	struct query q;

	if (!p)
		return;
	q = pane_query(a, p);
	q.group = *g;
	live_ask(a->live, p->query, &q);
	pane_top(p);
}

void command_group(struct app *a)
{
	const struct pane *p = pane_of_groups(a);
	const char *const *list = p ? p->view->groups : NULL, *const *next = list;
	struct group g;
	struct str bad;
	struct query q;

	if (!p)
		return;
	q = pane_query(a, p);
	for (; *list; list++)
		if (group_parse(str_of(*list), &g, &bad) == 0 && group_equal(&g, &q.group))
			next = list[1] ? list + 1 : p->view->groups;
	if (group_parse(str_of(*next), &g, &bad) == 0)
		regroup(a, &g);
}

/* ---- metrics ---- */

static const char *const metrics[] = {
	"bytes",
	"packets",
	"flows",
	"rejects",
	"lost",
	"bytes/s",
	"bits/s",
	"packets/s",
	"flows/s",
	"rejects/s",
	"distinct:client",
	"distinct:server",
	"distinct:service",
	"distinct:srcaddr",
	"distinct:dstaddr",
	"distinct:dstport",
	"cost",
};

/* Whether the metric says something of the groups of the panes that rank by it. */
static bool is_useful(const struct app *a, enum metric m, const struct group *distinct)
{
	bool sides = m == METRIC_DISTINCT && group_is_oriented(distinct);

	if (m == METRIC_LOST)
		return !a->totals.query.priced && a->totals.totals.lost > 0;
	if (m == METRIC_COST) /* a report that is being written goes on with what it has */
		return a->totals.judged && !a->saving.job;
	for (const struct pane *p = a->pane; m == METRIC_DISTINCT && p < a->pane + a->panes; p++) {
		struct query q;
		if (!p->view->groups || p->view->own_metric)
			continue;
		q = pane_query(a, p);
		if (sides != group_is_oriented(&q.group) || group_has(&q.group, distinct, 0))
			return false;
	}
	return true;
}

static void step_metric(struct app *a, size_t step)
{
	size_t n = ARRAY_SIZE(metrics), at = 0;
	struct group distinct;
	enum metric m;
	struct str bad;

	if (a->saving.job && a->metric == METRIC_COST) {
		snprintf(a->message, sizeof a->message, "a report of costs is being written");
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (metric_parse(str_of(metrics[i]), &m, &distinct, &bad) == 0 && m == a->metric &&
		    group_equal(&distinct, &a->distinct))
			at = i;
	do {
		at = (at + step) % n;
		metric_parse(str_of(metrics[at]), &m, &distinct, &bad);
	} while (!is_useful(a, m, &distinct));
	a->metric = m;
	a->distinct = distinct;
	app_ask(a);
	for (struct pane *p = a->pane; p < a->pane + a->panes; p++)
		if (pane_asks(p) && p->view->query.rows == ROWS_RANKED && !p->view->own_metric)
			pane_top(p);
}

void command_metric(struct app *a)
{
	step_metric(a, 1);
}

void command_metric_back(struct app *a)
{
	step_metric(a, ARRAY_SIZE(metrics) - 1);
}

/* ---- a grouping, typed ---- */

void command_group_type(struct app *a)
{
	const struct pane *p = pane_of_groups(a);
	const char *const *list = p ? p->view->groups : NULL;
	struct buf name = { 0 };
	struct query q;
	size_t n = 0;

	if (!p)
		return;
	while (list[n])
		n++;
	for (; n > 0 && !a->grouping.prompt.entries; n--)
		prompt_remember(&a->grouping.prompt, list[n - 1]);
	q = pane_query(a, p);
	group_name(&q.group, &name);
	a->grouping.active = true;
	a->grouping.error[0] = '\0';
	a->grouping.stem = -1;
	prompt_set(&a->grouping.prompt, name.s);
	buf_release(&name);
}

/* Where the part that is being typed begins. */
static int part_start(const struct prompt *p, int end)
{
	while (end > 0 && p->text[end - 1] != ',' && p->text[end - 1] != ' ')
		end--;
	return end;
}

/* Whether `name` begins with the n bytes at s, as names are compared. */
static bool begins(const char *name, const char *s, int n)
{
	struct str head = { name, strlen(name) };

	if (head.n < (size_t)n)
		return false;
	head.n = (size_t)n;
	return str_equal_loose(head, (struct str){ s, (size_t)n });
}

/* The k-th field that begins so, around and around; NULL: none does. */
static const char *completion(const char *stem, int n, int k)
{
	int found = 0;

	for (int id = 0; id < FIELDS_KNOWN; id++)
		found += begins(field_get(id)->name, stem, n);
	k = found ? k % found : -1;
	for (int id = 0; k >= 0 && id < FIELDS_KNOWN; id++)
		if (begins(field_get(id)->name, stem, n) && k-- == 0)
			return field_get(id)->name;
	return NULL;
}

/* Tab: what was typed of the part before the cursor becomes the next field that begins
 * so; the typed bytes are kept to go on from. */
static void complete(struct app *a)
{
	struct grouping *g = &a->grouping;
	struct prompt *p = &g->prompt;
	char text[PROMPT_MAX], stem[PROMPT_MAX];
	int from = part_start(p, p->cursor), end = p->cursor, n;
	const char *name;

	if (g->stem < 0) {
		g->stem = end - from;
		g->turn = 0;
		memcpy(g->typed, p->text + from, (size_t)g->stem);
	}
	n = g->stem;
	memcpy(stem, g->typed, (size_t)n);
	name = completion(stem, n, g->turn++);
	if (!name)
		return;
	n = snprintf(text, sizeof text, "%.*s%s", from, p->text, name);
	if (n >= PROMPT_MAX)
		return;
	snprintf(text + n, sizeof text - (size_t)n, "%s", p->text + end);
	prompt_set(p, text);
	p->cursor = n;
}

/* What the filter says of a field of this name: it knows what was meant. */
static void suggest(const struct app *a, struct str name, struct buf *why)
{
	struct filter_error e = { .message = "" };
	struct buf text = { 0 };

	buf_printf(&text, "%.*s=1", (int)(name.n < 60 ? name.n : 60), name.s);
	filter_free(app_compile(a, text.s, &e));
	if (strstr(e.message, "did you mean")) {
		buf_clear(why);
		buf_puts(why, e.message);
	}
	buf_release(&text);
}

/* The error of what stands there, or none. */
static bool check(struct app *a, struct group *g)
{
	struct buf why = { 0 };
	struct str bad;
	int rc = group_parse(str_of(a->grouping.prompt.text), g, &bad);

	a->grouping.error[0] = '\0';
	a->grouping.unfinished = rc == -EINVAL;
	if (rc < 0)
		group_complain(rc, bad, &why);
	if (rc == -EINVAL && bad.n)
		suggest(a, bad, &why);
	if (why.n)
		snprintf(a->grouping.error, sizeof a->grouping.error, "%s", why.s);
	buf_release(&why);
	return rc == 0;
}

void app_group_key(struct app *a, int key)
{
	struct grouping *typing = &a->grouping;
	struct group g;

	if (key == K_TAB) {
		complete(a);
		check(a, &g);
		return;
	}
	typing->stem = -1;
	switch (prompt_key(&typing->prompt, key)) {
	case PROMPT_ACCEPT:
		if (!check(a, &g)) { /* it stays open to be mended */
			typing->unfinished = false;
			break;
		}
		typing->active = false;
		prompt_remember(&typing->prompt, typing->prompt.text);
		regroup(a, &g);
		break;
	case PROMPT_CANCEL:
		typing->active = false;
		break;
	case PROMPT_CHANGED:
		check(a, &g);
		break;
	default:
		break;
	}
}

bool app_group_completes(const struct app *a)
{
	const struct grouping *g = &a->grouping;
	const struct prompt *p = &g->prompt;
	int from = part_start(p, p->cursor);

	return completion(g->stem < 0 ? p->text + from : g->typed,
			  g->stem < 0 ? p->cursor - from : g->stem, 0) != NULL;
}

/* Fields that begin as the part before the cursor does. */
static void hints(const struct app *a, struct buf *out)
{
	const struct grouping *g = &a->grouping;
	const struct prompt *p = &g->prompt;
	int from = part_start(p, p->cursor), n = p->cursor - from;
	const char *stem = g->stem < 0 ? p->text + from : g->typed;

	n = g->stem < 0 ? n : g->stem;
	for (int id = 0; id < FIELDS_KNOWN && out->n < 200; id++)
		if (begins(field_get(id)->name, stem, n))
			buf_printf(out, "%s%s", out->n ? " " : "Tab: ", field_get(id)->name);
}

void app_group_draw(struct app *a, struct area area, int y)
{
	const struct grouping *g = &a->grouping;
	int x = screen_puts(area, y, 1, ROLE_FOCUS, "group> ") + 1;
	int room = area.cols - x - 1, used = g->prompt.n + 1, half = room / 2;
	int width = used < room ? used : room;
	struct buf note = { 0 };
	enum role role = ROLE_DIM;

	/* The beginning of a name is no mistake yet. */
	if (!g->error[0] || g->unfinished)
		hints(a, &note);
	if (g->error[0] && !note.n) {
		role = ROLE_REJECT;
		buf_puts(&note, g->error);
	}
	if (note.n && width > room - (int)note.n - 2 && width > half)
		width = room - (int)note.n - 2 > half ? room - (int)note.n - 2 : half;
	prompt_draw(&g->prompt, area, y, x, width, true);
	if (note.n)
		screen_text(area, y, x + width + 2, area.cols - x - width - 2, role,
			    buf_str(&note));
	buf_release(&note);
}
