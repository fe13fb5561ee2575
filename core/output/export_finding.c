/* export_finding.c - see export_finding.h. */
#include "output/export_finding.h"

#include <string.h>

#include "output/export_page.h"
#include "triage/detector.h"

#define ROOMY 90 /* columns from which on there are blank lines between its parts */

const char *finding_confidence(const struct finding *f)
{
	return f->confidence == CONFIDENCE_OPEN ? "possible" : confidence_name(f->confidence);
}

const char *finding_mark(const struct finding *f)
{
	static const char *const marks[SEVERITIES] = { "i", "!", "!!" };

	return marks[f->severity];
}

/* Columns that a text takes. */
static size_t columns(struct str text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += ((unsigned char)text.s[i] & 0xc0) != 0x80;
	return n;
}

/* "warn   possible   open 21m": beside the rest where there is room. */
static void add_head(const struct finding *f, const struct finding_page *p, size_t width,
		     struct buf *out)
{
	struct buf is = { 0 };
	char age[24];
	size_t used;

	buf_printf(&is, "%s   %s   ", severity_name(f->severity), finding_confidence(f));
	if (f->open)
		buf_printf(
			&is, "open %s",
			human_duration(age, sizeof age, p->now > f->since ? p->now - f->since : 0));
	else
		buf_puts(&is, "over");
	if (p->acknowledged)
		buf_puts(&is, "   acknowledged");
	buf_printf(out, "FINDING %s   ", f->rule->name);
	used = columns((struct str){ out->s, out->n }) + columns(buf_str(&f->what));
	if (used + is.n + 3 <= width) {
		buf_add_str(out, buf_str(&f->what));
		buf_printf(out, "%*s", (int)(width - used - is.n), "");
		buf_add_str(out, buf_str(&is));
		buf_putc(out, '\n');
	} else {
		buf_add_str(out, buf_str(&is));
		buf_putc(out, '\n');
		page_wrapped(buf_str(&f->what), 2, width, "", out);
	}
	buf_release(&is);
}

/* "--threshold exfil.bytes|ratio=VALUE changes it": what moves the limit. */
static void add_thresholds(const struct finding *f, struct buf *out)
{
	const struct threshold *t = f->rule->threshold;

	if (!t[0].name)
		return;
	buf_printf(out, "       --threshold %s.", f->rule->name);
	for (unsigned i = 0; i < THRESHOLDS && t[i].name; i++)
		buf_printf(out, "%s%s", i ? "|" : "", t[i].name);
	buf_puts(out, "=VALUE changes it\n");
}

static void add_what(const struct finding *f, size_t width, struct buf *out)
{
	struct buf line = { 0 };
	char since[32], until[32];

	if (f->text.n)
		page_wrapped(buf_str(&f->text), 0, width, "", out);
	buf_puts(out, "rule   ");
	page_wrapped(str_of(f->rule->title), 7, width, "", out);
	buf_puts(&line, "value  ");
	buf_add_str(&line, buf_str(&f->value));
	if (f->limit.n) {
		buf_puts(&line, "        limit ");
		buf_add_str(&line, buf_str(&f->limit));
	}
	if (columns(buf_str(&line)) <= width) {
		buf_add_str(out, buf_str(&line));
		buf_putc(out, '\n');
	} else {
		page_wrapped(buf_str(&line), 7, width, "", out);
	}
	buf_release(&line);
	add_thresholds(f, out);
	rfc3339(since, sizeof since, f->since);
	rfc3339(until, sizeof until, f->until);
	buf_printf(out, "since  %s", since);
	buf_printf(out, f->open ? ", and it goes on\n" : ", until %s\n", until);
}

/* Where there is little room none of it is blank but the line below the head. */
static void close_up(struct buf *out, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < out->n; i++)
		if (i == from || out->s[i] != '\n' || out->s[i - 1] != '\n')
			out->s[n++] = out->s[i];
	out->n = n;
	out->s[n] = '\0';
}

void finding_text(const struct finding *f, const struct finding_page *p, size_t width,
		  struct buf *out)
{
	size_t from;

	add_head(f, p, width, out);
	buf_putc(out, '\n');
	from = out->n;
	add_what(f, width, out);
	if (p->band && p->band->points) {
		buf_puts(out, "\nwhen: what was there, and what was expected\n");
		band_chart(p->band, width, out);
	} else {
		finding_when(f, p, width, out);
	}
	page_lines("evidence", &f->evidence, false, width, out);
	page_lines("how it can be wrong", &f->wrong, false, width, out);
	page_lines("what would refute it", &f->refutes, false, width, out);
	page_commands(&f->next, width, out);
	if (width < ROOMY)
		close_up(out, from);
}
