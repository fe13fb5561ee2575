/* shown_findings.c - see shown_findings.h. */
#include "state/shown_findings.h"

#include <string.h>

#include "state/app_state.h"
#include "triage/detector.h"

/* ---- one of them ---- */

static const struct finding *find(const struct shown_findings *v, const struct buf *about)
{
	struct buf key = { 0 };
	const struct finding *found = NULL;

	for (size_t i = 0; about->n && !found && i < v->n; i++) {
		buf_clear(&key);
		finding_key(v->row[i], &key);
		if (str_equal(buf_str(&key), buf_str(about)))
			found = v->row[i];
	}
	buf_release(&key);
	return found;
}

/* One value; a part of several says nothing. */
static void add_part(const struct finding *f, enum subject s, const char *field, struct buf *out)
{
	const struct buf *text = finding_subject(f, s);

	if (!text || !text->n || memchr(text->s, '\n', text->n))
		return;
	buf_printf(out, "%s%s%s=", out->n ? " and " : "", field,
		   str_equal(buf_str(text), str_of("internet")) ? "-scope" : "");
	buf_add_str(out, buf_str(text));
}

void finding_clause(const struct finding *f, struct buf *out)
{
	static const struct {
		enum subject subject;
		const char *field;
	} parts[] = { { SUBJECT_SOURCE, "client" },      { SUBJECT_CLIENT, "client" },
		      { SUBJECT_CLIENTS, "client" },     { SUBJECT_TARGET, "server" },
		      { SUBJECT_DESTINATION, "server" }, { SUBJECT_SERVER, "server" },
		      { SUBJECT_PORT, "service" },       { SUBJECT_PROTOCOL, "protocol" } };

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		add_part(f, parts[i].subject, parts[i].field, out);
}

/* ---- those on show ---- */

/* The selection goes with its row. */
static void follow(struct shown_findings *v, struct pane *p)
{
	const struct finding *f = p->chosen ? find(v, &v->held) : NULL;

	for (size_t i = 0; f && i < v->n; i++)
		if (v->row[i] == f)
			p->selected = (int)i;
	if (p->selected >= (int)v->n)
		p->selected = v->n ? (int)v->n - 1 : 0;
}

void findings_renew(struct app *a)
{
	struct shown_findings *v = &a->findings;
	struct pane *p = pane_of_findings(a);

	if (v->book) {
		v->row = findings_list(v->book, v->with_acknowledged, &v->n);
		v->counts = findings_counts(v->book);
	}
	if (p)
		follow(v, p);
}

bool findings_are_settled(const struct app *a)
{
	uint64_t done, total;

	monitor_progress(a->monitor, &done, &total);
	return a->findings.whole && total <= done;
}

void findings_note(struct app *a, const struct pane *p)
{
	const struct finding *f = findings_selected(a, p);

	buf_clear(&a->findings.held);
	if (f)
		finding_key(f, &a->findings.held);
}

void findings_open(struct app *a, const struct finding *f)
{
	struct shown_findings *v = &a->findings;

	buf_clear(&v->about);
	finding_key(f, &v->about);
	v->page.open = true;
	v->page.scroll = v->page.width = 0;
	v->sums = v->summed = false;
}

const struct finding *findings_selected(const struct app *a, const struct pane *p)
{
	const struct shown_findings *v = &a->findings;

	return p->selected < (int)v->n ? v->row[p->selected] : NULL;
}

const struct finding *findings_on_page(const struct app *a)
{
	return find(&a->findings, &a->findings.about);
}

const struct finding *findings_meant(const struct app *a)
{
	if (a->findings.page.open)
		return findings_on_page(a);
	return a->focus->view->judged ? findings_selected(a, a->focus) : NULL;
}

/* ---- commands ---- */

void findings_with_all(struct app *a)
{
	struct shown_findings *v = &a->findings;

	v->with_acknowledged = !v->with_acknowledged;
	snprintf(a->message, sizeof a->message, "%s",
		 v->with_acknowledged ? "acknowledged findings are among them"
				      : "acknowledged findings are left out");
	if (v->book)
		findings_renew(a);
}

void findings_acknowledge_it(struct app *a)
{
	struct shown_findings *v = &a->findings;
	const struct finding *f = findings_meant(a);
	char key[16];
	bool was;

	if (!f)
		return;
	was = findings_is_acknowledged(v->book, f);
	findings_acknowledge(v->book, f, !was);
	if (was)
		snprintf(a->message, sizeof a->message, "it is no longer acknowledged");
	else
		snprintf(a->message, sizeof a->message, "acknowledged: %s shows it",
			 keys_label(&a->options->keys, COMMAND_all_of_them, key, sizeof key));
	findings_renew(a);
}
