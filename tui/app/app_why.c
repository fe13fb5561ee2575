/* app_why.c - see app_why.h. The ring is looked through in slices, then the page is made: again for
 * another width, from what was found. */
#include "app/app_why.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_page.h"
#include "app/command.h"
#include "output/export_why.h"

/* ---- asking ---- */

static void forget(struct app *a)
{
	struct why_choice *c = &a->why.choice;

	why_ask_end(c->asking);
	why_release(&c->now);
	why_release(&c->best);
	*c = (struct why_choice){ 0 };
	why_scan_free(a->why.scan);
	a->why.scan = NULL;
	text_page_clear(&a->why.page);
	a->why.answered = a->why.drawn = false;
}

void app_why_release(struct app *a)
{
	forget(a);
	text_page_release(&a->why.page);
	named_logs_release(&a->why.logs);
	prompt_release(&a->why.prompt);
}

static const struct page_kind kind_why;

static void begin(struct app *a)
{
	struct asked_why *w = &a->why;

	forget(a);
	/* Half of what the screen's answers may hold. */
	w->scan = why_scan_new(monitor_ring(a->monitor), live_places(a->live),
			       monitor_labels(a->monitor), w->question, w->questions,
			       monitor_share(a->monitor) / 2 / sizeof(struct sighting),
			       (struct span){ INT64_MIN, INT64_MAX, false });
	w->page.kind = &kind_why;
	w->page.open = true;
}

/* ---- the selected row's question ---- */

/* What is known of a row, as it is written in a filter. */
struct row_ends {
	char client[64], server[64], port[16], protocol[16];
};

static void set(char *out, size_t size, struct str value)
{
	if (value.n && (*value.s == '"' || memchr(value.s, ',', value.n))) /* whoever it is */
		return;
	snprintf(out, size, "%.*s", (int)value.n, value.s);
}

static void take_clause(struct row_ends *e, const char *clause)
{
	const char *equals = strchr(clause, '=');
	const struct {
		const char *name;
		char *to;
		size_t size;
	} parts[] = { { "client", e->client, sizeof e->client },
		      { "srcaddr", e->client, sizeof e->client },
		      { "server", e->server, sizeof e->server },
		      { "dstaddr", e->server, sizeof e->server },
		      { "service", e->port, sizeof e->port },
		      { "dstport", e->port, sizeof e->port },
		      { "protocol", e->protocol, sizeof e->protocol } };

	for (size_t i = 0; equals && i < ARRAY_SIZE(parts); i++)
		if (str_equal(str_of(parts[i].name),
			      (struct str){ clause, (size_t)(equals - clause) }))
			set(parts[i].to, parts[i].size, str_of(equals + 1));
}

static void of_record(struct app *a, const struct flow_ref *f, struct row_ends *e)
{
	static const int fields[] = { FIELD_CLIENT, FIELD_SERVER, FIELD_SERVICE, FIELD_PROTOCOL };
	char *const to[] = { e->client, e->server, e->port, e->protocol };
	const size_t size[] = { sizeof e->client, sizeof e->server, sizeof e->port,
				sizeof e->protocol };
	struct buf text = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		buf_clear(&text);
		flow_render(f->segment, monitor_dict(a->monitor), f->row, fields[i], &text);
		if (text.n && !str_equal(buf_str(&text), str_of("-")))
			set(to[i], size[i], buf_str(&text));
	}
	buf_release(&text);
}

static void of_clauses(const char *text, struct row_ends *e)
{
	struct filter_error error;
	struct filter *f = *text ? filter_new(str_of(text), 0, &error) : NULL;

	for (size_t i = 0; f && i < filter_clauses(f); i++)
		take_clause(e, filter_clause(f, i));
	filter_free(f);
}

static void of_row(struct app *a, struct row_ends *e)
{
	struct pane *p = a->focus;
	struct buf clause = { 0 };

	if (a->findings.page.open) {
		const struct finding *f = findings_on_page(a);
		if (f)
			finding_clause(f, &clause);
		of_clauses(clause.n ? clause.s : "", e);
		buf_release(&clause);
		return;
	}
	if (a->detail.segment) {
		of_record(a, &a->detail, e);
		return;
	}
	if (view_is_query(p->view) && p->view->query.rows == ROWS_RECORDS) {
		if (p->selected < (int)a->flows)
			of_record(a, &a->flow[p->selected], e);
		return;
	}
	if (p->view->clause)
		p->view->clause(a, p, &clause);
	of_clauses(clause.n ? clause.s : "", e);
	buf_release(&clause);
}

/* A row that does not say its protocol may be either of two. */
static bool questions_of(struct asked_why *w, const struct row_ends *e)
{
	static const char *const either[] = { "tcp", "udp" };
	struct buf text = { 0 }, error = { 0 };
	bool v6 = strchr(e->server, ':') != NULL, good = *e->server;

	w->questions = 0;
	for (size_t i = 0; good && i < (*e->protocol ? 1 : ARRAY_SIZE(either)); i++) {
		buf_clear(&text);
		buf_printf(&text, "%s %s%s%s", *e->client ? e->client : "any", v6 ? "[" : "",
			   e->server, v6 ? "]" : "");
		if (*e->port && strcmp(e->port, "0") != 0)
			buf_printf(&text, ":%s", e->port);
		buf_printf(&text, "/%s", *e->protocol ? e->protocol : either[i]);
		good = why_question_parse(buf_str(&text), NULL, NULL, &w->question[w->questions],
					  &error);
		w->questions += good;
	}
	buf_release(&text);
	buf_release(&error);
	return good;
}

static void ask_about(struct app *a, const struct row_ends *e)
{
	if (questions_of(&a->why, e))
		begin(a);
	else
		snprintf(a->message, sizeof a->message,
			 "this row names no server to ask about: R asks about any two");
}

void command_why(struct app *a)
{
	struct row_ends e = { "", "", "", "" };

	of_row(a, &e);
	ask_about(a, &e);
}

bool app_why_asks(struct app *a)
{
	struct asked_why *trial = xcalloc(1, sizeof *trial);
	struct row_ends e = { "", "", "", "" };
	bool asks;

	of_row(a, &e);
	asks = questions_of(trial, &e);
	free(trial);
	return asks;
}

/* ---- a question that is typed ---- */

static size_t resolve(void *ctx, struct str name, uint8_t out[16])
{
	return labels_find_name(ctx, name, out);
}

void command_ask_why(struct app *a)
{
	a->why.typing = true;
	a->why.error[0] = '\0';
	prompt_set(&a->why.prompt, "");
}

static void take_typed(struct app *a)
{
	struct asked_why *w = &a->why;
	struct buf error = { 0 };

	if (why_question_parse(str_of(w->prompt.text), resolve, monitor_labels(a->monitor),
			       &w->question[0], &error)) {
		w->typing = false;
		w->questions = 1;
		prompt_remember(&w->prompt, w->prompt.text);
		begin(a);
	} else {
		snprintf(w->error, sizeof w->error, "%s", error.s);
	}
	buf_release(&error);
}

bool app_why_is_typed(const struct app *a)
{
	struct buf error = { 0 };
	struct why_question q;
	bool good = !a->why.prompt.n || why_question_parse(str_of(a->why.prompt.text), resolve,
							   monitor_labels(a->monitor), &q, &error);

	buf_release(&error);
	return good;
}

static void type_key(struct app *a, int key)
{
	struct asked_why *w = &a->why;

	switch (prompt_key(&w->prompt, key)) {
	case PROMPT_CHANGED:
		w->error[0] = '\0';
		break;
	case PROMPT_ACCEPT:
		if (w->prompt.n == 0)
			w->typing = false;
		else
			take_typed(a);
		break;
	case PROMPT_CANCEL:
		w->typing = false;
		break;
	default:
		break;
	}
}

void app_why_prompt_draw(struct app *a, struct area area, int y)
{
	const struct asked_why *w = &a->why;
	int x = screen_puts(area, y, 1, ROLE_FOCUS, "why> ") + 1;
	int width = w->prompt.n + 1 < area.cols - x ? w->prompt.n + 1 : area.cols - x;

	prompt_draw(&w->prompt, area, y, x, width, true);
	x += width + 1;
	if (w->error[0])
		screen_text(area, y, x, area.cols - x, ROLE_REJECT, str_of(w->error));
	else if (w->prompt.n == 0)
		screen_puts(area, y, x, ROLE_DIM,
			    "CLIENT SERVER:PORT  10.0.1.5 10.0.2.9:5432, any db-1:53/udp");
}

/* ---- the answer ---- */

/* The ports of the question at hand; false: there is no question any more. */
static bool list_ports(struct asked_why *w)
{
	struct why_choice *c = &w->choice;

	for (; c->question < w->questions; c->question++) {
		const struct why_question *q = &w->question[c->question];
		c->ports = 1;
		if (q->port == WHY_ANY_PORT)
			c->ports = why_ports(why_scan_sightings(w->scan), q, c->port,
					     ARRAY_SIZE(c->port));
		else
			c->port[0] = (uint16_t)q->port;
		if (c->ports)
			return true;
	}
	return false;
}

/* False: all were asked. */
static bool ask_next(struct asked_why *w)
{
	struct why_choice *c = &w->choice;

	if (c->at == c->ports) {
		c->question += c->ports > 0;
		c->at = c->ports = 0;
		if (!list_ports(w))
			return false;
	}
	c->asking = why_scan_begin(w->scan, c->question, c->port[c->at++], &c->now);
	return true;
}

static void take_answer(struct why_choice *c)
{
	bool better = !c->any || c->now.failed > c->best.failed ||
		      (c->now.failed == c->best.failed && c->now.tries > c->best.tries);

	why_ask_end(c->asking);
	c->asking = NULL;
	if (better) {
		why_release(&c->best);
		c->best = c->now;
		c->any = true;
	} else {
		why_release(&c->now);
	}
	c->now = (struct why){ 0 };
}

/* True while there is more to ask. */
static bool choose(struct asked_why *w, uint64_t budget_ns)
{
	struct why_choice *c = &w->choice;

	if (!c->asking && !ask_next(w)) {
		if (!c->any) /* without a record of any port: it is said of port 0 */
			why_scan_ask(w->scan, 0, 0, &c->best);
		w->answered = true;
		return false;
	}
	if (!why_ask_step(c->asking, budget_ns))
		take_answer(c);
	return true;
}

static void note_records(struct asked_why *w, const struct why *why)
{
	const struct why_pair *p = &why->asked;
	char client[46], server[46];

	address_format(p->client, client);
	address_format(p->server, server);
	buf_clear(&w->page.records);
	if (why->tries && p->any_client)
		buf_printf(&w->page.records, "server=%s and service=%u and protocol=%u", server,
			   p->port, p->protocol);
	else if (why->tries)
		buf_printf(&w->page.records, "host=%s and host=%s and port=%u and protocol=%u",
			   client, server, p->port, p->protocol);
	w->page.since = why->since;
}

static void write_page(struct app *a, int width)
{
	struct asked_why *w = &a->why;
	const struct sightings *v = why_scan_sightings(w->scan);
	struct why_context c = { live_places(a->live), monitor_labels(a->monitor),
				 v->dropped == 0 && !monitor_failed(a->monitor) };
	const struct why *why = &w->choice.best;

	buf_clear(&w->page.text);
	why_text(why, &c, (size_t)(width > 20 ? width : 20), &w->page.text);
	buf_clear(&w->page.json);
	why_json(why, &c, &w->page.json);
	buf_putc(&w->page.json, '\n');
	if (ring_evicted(monitor_ring(a->monitor)))
		buf_puts(&w->page.text,
			 "\n! older records have left the ring: batch reads all of them\n");
	note_records(w, why);
	w->drawn = true;
	w->page.width = width;
}

bool app_why_step(struct app *a, uint64_t budget_ns)
{
	struct asked_why *w = &a->why;

	return w->scan && !w->answered &&
	       (!live_has_places(a->live) || why_scan_step(w->scan, budget_ns) ||
		choose(w, budget_ns));
}

size_t app_why_bytes(const struct app *a)
{
	return why_scan_bytes(a->why.scan) + why_asking_bytes(a->why.choice.asking) +
	       text_page_bytes(&a->why.page);
}

/* ---- the page ---- */

bool app_why_key(struct app *a, int key)
{
	if (a->why.typing)
		type_key(a, key);
	return a->why.typing;
}

static enum role role_of(const char *line, size_t n, int y)
{
	bool verdict = y == 2;

	if (n == 0)
		return ROLE_TEXT;
	if (verdict)
		return strstr(line, "[REACHABLE") && strstr(line, "[REACHABLE") < line + n
			       ? ROLE_ACCEPT
			       : ROLE_REJECT;
	return *line == '!' ? ROLE_WARNING : *line == ' ' ? ROLE_TEXT : ROLE_HEADING;
}

static const struct page_kind kind_why = { .name = "why", .close = forget, .role = role_of };

void app_why_draw(struct app *a, struct area area)
{
	struct asked_why *w = &a->why;
	struct area in = screen_box(area, true, "Why");

	if (!w->answered) {
		screen_printf(in, 0, 1, ROLE_PROGRESS, "looking through the ring, %u%%",
			      why_scan_percent(w->scan));
		return;
	}
	if (!w->drawn || w->page.width != in.cols - 1)
		write_page(a, in.cols - 1);
	app_page_draw(&w->page, in);
}
