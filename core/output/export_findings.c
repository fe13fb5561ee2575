/* export_findings.c - see export_findings.h. */
#include "output/export_findings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "output/export_finding.h"
#include "output/export_grid.h"
#include "output/export_json.h"
#include "triage/detector.h"

#define LEAD 5u /* findings that another report begins with */

/* ---- JSON ---- */

static json_t *part_value(const struct subject_part *p, struct str text)
{
	return p->number ? json_number(strtoull(text.s, NULL, 10)) : json_text(text);
}

static json_t *json_part(const struct subject_part *p)
{
	json_t *list = json_array(), *one;

	for (size_t at = 0; at < p->text.n;) {
		size_t n = strcspn(p->text.s + at, "\n");
		json_array_append_new(list, part_value(p, (struct str){ p->text.s + at, n }));
		at += n + 1;
	}
	if (subject_is_list(p->subject) || json_array_size(list) != 1)
		return list;
	one = json_incref(json_array_get(list, 0));
	json_decref(list);
	return one;
}

static json_t *json_finding(const struct finding *f)
{
	json_t *o = json_object(), *subject = json_object();

	json_object_set_new(o, "rule", json_string(f->rule->name));
	json_object_set_new(o, "severity", json_string(severity_name(f->severity)));
	json_object_set_new(o, "confidence", json_string(finding_confidence(f)));
	json_object_set_new(o, "since", json_time(f->since));
	json_object_set_new(o, "until", json_time(f->until));
	json_object_set_new(o, "open", json_boolean(f->open));
	for (unsigned s = 0; s < SUBJECTS_N; s++)
		for (unsigned i = 0; i < f->subjects; i++)
			if (f->subject[i].subject == s)
				json_object_set_new(subject, subject_name((enum subject)s),
						    json_part(&f->subject[i]));
	json_object_set_new(o, "subject", subject);
	json_object_set_new(o, "value", json_text(buf_str(&f->value)));
	json_object_set_new(o, "limit", json_text(buf_str(&f->limit)));
	json_object_set_new(o, "what", json_text(buf_str(&f->what)));
	json_object_set_new(o, "text", json_text(buf_str(&f->text)));
	json_object_set_new(o, "evidence", json_lines(&f->evidence));
	json_object_set_new(o, "wrong", json_lines(&f->wrong));
	json_object_set_new(o, "refutes", json_lines(&f->refutes));
	json_object_set_new(o, "next", json_lines(&f->next));
	json_object_set_new(o, "records", json_text(buf_str(&f->records)));
	return o;
}

void finding_json(const struct finding *f, struct buf *out)
{
	json_add(out, json_finding(f));
	buf_putc(out, '\n');
}

static json_t *json_log(const struct findings_context *c)
{
	json_t *o = json_object(), *rules = json_array();

	json_object_set_new(o, "from", json_time(c->begin));
	json_object_set_new(o, "to", json_time(c->now));
	for (unsigned i = 0; i < c->rules; i++)
		json_array_append_new(rules, json_string(c->rule[i]));
	json_object_set_new(o, "rules", rules);
	json_object_set_new(o, "interfaces", json_number(c->interfaces));
	json_object_set_new(o, "conversations", json_number(c->edges));
	json_object_set_new(o, "conversations_dropped", json_number(c->edges_dropped));
	json_object_set_new(o, "minutes_dropped", json_number(c->minutes_dropped));
	json_object_set_new(o, "records_dropped", json_number(c->rows_dropped));
	json_object_set_new(o, "records_left_out", json_number(c->rows_left_out));
	json_object_set_new(o, "not_looked_at", json_number(c->undecided));
	json_object_set_new(o, "muted", json_number(c->muted));
	json_object_set_new(o, "folded", json_number(c->folded));
	return o;
}

static void add_json(struct finding *const *f, size_t n, const struct findings_context *c,
		     struct buf *out)
{
	json_t *o = json_object(), *rows = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(rows, json_finding(f[i]));
	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "view", json_string("findings"));
	json_object_set_new(o, "complete", json_boolean(c->complete));
	json_object_set_new(o, "judged", json_log(c));
	json_object_set_new(o, "rows", rows);
	json_add(out, o);
	buf_putc(out, '\n');
}

/* ---- csv ---- */

/* "10.0.0.1 10.0.0.2": what a part says, in one cell. */
static void add_subject_cell(struct grid *g, const struct finding *f)
{
	struct buf text = { 0 };

	for (unsigned s = 0; s < SUBJECTS_N; s++)
		for (unsigned i = 0; i < f->subjects; i++) {
			if (f->subject[i].subject != s)
				continue;
			buf_printf(&text, "%s%s=", text.n ? " " : "",
				   subject_name((enum subject)s));
			buf_add_str(&text, buf_str(&f->subject[i].text));
		}
	for (size_t i = 0; i < text.n; i++)
		if (text.s[i] == '\n')
			text.s[i] = ',';
	grid_add(g, buf_str(&text));
	buf_release(&text);
}

static void add_csv(struct finding *const *f, size_t n, struct buf *out)
{
	static const char *const heads[] = { "rule",  "severity", "confidence", "since",
					     "until", "open",     "subject",    "value",
					     "limit", "what",     "records" };
	struct grid g = { 0 };
	char time[32];

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		grid_head(&g, heads[i], true);
	for (size_t i = 0; i < n; i++) {
		grid_add(&g, str_of(f[i]->rule->name));
		grid_add(&g, str_of(severity_name(f[i]->severity)));
		grid_add(&g, str_of(finding_confidence(f[i])));
		grid_add(&g, str_of(rfc3339(time, sizeof time, f[i]->since)));
		grid_add(&g, str_of(rfc3339(time, sizeof time, f[i]->until)));
		grid_add(&g, str_of(f[i]->open ? "true" : "false"));
		add_subject_cell(&g, f[i]);
		grid_add(&g, buf_str(&f[i]->value));
		grid_add(&g, buf_str(&f[i]->limit));
		grid_add(&g, buf_str(&f[i]->what));
		grid_add(&g, buf_str(&f[i]->records));
	}
	grid_csv(&g, out);
	grid_release(&g);
}

/* ---- table ---- */

/* "23:01 12m", "22:39 over". */
static void add_since(struct grid *g, const struct finding *f, const struct findings_context *c)
{
	char time[32], text[64], age[24];

	rfc3339(time, sizeof time, f->since);
	snprintf(text, sizeof text, "%.5s %s", time + 11,
		 f->open ? human_duration(age, sizeof age, c->now - f->since) : "over");
	grid_add(g, str_of(text));
}

static void count_all(struct finding *const *f, size_t n, size_t of[SEVERITIES])
{
	for (size_t i = 0; i < n; i++)
		of[f[i]->severity]++;
}

/* The line below the list. */
static void add_summary(struct finding *const *f, size_t all, size_t shown,
			const struct findings_context *c, struct buf *out)
{
	size_t of[SEVERITIES] = { 0 };
	char age[24];

	count_all(f, all, of);
	human_duration(age, sizeof age, c->now > c->begin ? c->now - c->begin : 0);
	if (all == 0)
		buf_printf(out, "nothing fired in %s: %u rules, %" PRIu32 " interfaces\n", age,
			   c->rules, c->interfaces);
	else
		buf_printf(out,
			   "\n%zu page  %zu warn  %zu info   the other rules are silent   "
			   "the log is %s long: \"new\" means new in it\n",
			   of[SEVERITY_PAGE], of[SEVERITY_WARN], of[SEVERITY_INFO], age);
	if (c->muted)
		buf_printf(out, "%" PRIu64 " muted\n", c->muted);
	if (shown < all)
		buf_printf(out, "%zu more: --limit %zu\n", all - shown, all);
	if (!c->complete)
		buf_puts(out, "! not complete: standard error says why\n");
}

static void add_table(struct finding *const *f, size_t all, size_t n,
		      const struct findings_context *c, struct buf *out)
{
	static const char *const heads[] = { "sev", "rule", "what", "value", "since", "how sure" };
	struct grid g = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		grid_head(&g, heads[i], true);
	for (size_t i = 0; i < n; i++) {
		grid_add(&g, str_of(finding_mark(f[i])));
		grid_add(&g, str_of(f[i]->rule->name));
		grid_add(&g, buf_str(&f[i]->what));
		grid_add(&g, buf_str(&f[i]->value));
		add_since(&g, f[i], c);
		grid_add(&g, str_of(finding_confidence(f[i])));
	}
	if (n) {
		grid_widen(&g);
		grid_table(&g, out);
	}
	grid_release(&g);
	add_summary(f, all, n, c, out);
}

void export_findings(enum output o, struct finding *const *f, size_t all, uint64_t limit,
		     const struct findings_context *c, struct buf *out)
{
	size_t n = limit && limit < all ? (size_t)limit : all;

	switch (o) {
	case OUTPUT_JSON:
		add_json(f, n, c, out);
		break;
	case OUTPUT_NDJSON:
		for (size_t i = 0; i < n; i++) {
			json_add(out, json_finding(f[i]));
			buf_putc(out, '\n');
		}
		break;
	case OUTPUT_CSV:
		add_csv(f, n, out);
		break;
	default:
		add_table(f, all, n, c, out);
	}
}

/* ---- before another report ---- */

void export_findings_lead(struct finding *const *f, size_t n, const struct findings_context *c,
			  struct buf *out)
{
	static const char *const heads[] = { "sev", "rule", "what", "since", "how sure" };
	size_t of[SEVERITIES] = { 0 }, shown = n < LEAD ? n : LEAD;
	struct grid g = { 0 };

	if (n == 0) {
		add_summary(f, n, n, c, out);
		buf_putc(out, '\n');
		return;
	}
	count_all(f, n, of);
	buf_printf(out, "findings: %zu page, %zu warn, %zu info (--view findings)%s\n",
		   of[SEVERITY_PAGE], of[SEVERITY_WARN], of[SEVERITY_INFO],
		   c->complete ? "" : "  ! not all was judged");
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		grid_head(&g, heads[i], true);
	for (size_t i = 0; i < shown; i++) {
		grid_add(&g, str_of(finding_mark(f[i])));
		grid_add(&g, str_of(f[i]->rule->name));
		grid_add(&g, buf_str(&f[i]->what));
		add_since(&g, f[i], c);
		grid_add(&g, str_of(finding_confidence(f[i])));
	}
	grid_widen(&g);
	grid_table(&g, out);
	grid_release(&g);
	buf_putc(out, '\n');
}
