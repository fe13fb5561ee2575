/* view_source.c - one source in full: what it is, its error, the columns of its formats,
 * its malformed lines with their reasons. */
#include "view/view.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LABEL 10 /* columns before the text */

/* ---- lines of text, made to fit ---- */

static void line_add(struct view_lines *l, enum role role, const char *label, struct str text)
{
	xgrow((void **)&l->line, &l->cap, (size_t)l->n + 1, sizeof *l->line);
	l->line[l->n++] = (struct view_line){ label, xstrndup(text.s, text.n), text.n, role };
}

/* As many lines as it takes, cut at blanks where there are some. */
static void lines_add(struct view_lines *l, int cols, enum role role, const char *label,
		      struct str text)
{
	size_t room = cols > LABEL + 10 ? (size_t)(cols - LABEL) : 10;

	while (text.n > room) {
		const char *blank = memrchr(text.s, ' ', room);
		size_t n = blank && blank > text.s ? (size_t)(blank - text.s) + 1 : room;
		line_add(l, role, label, (struct str){ text.s, n });
		label = "";
		text.s += n;
		text.n -= n;
	}
	line_add(l, role, label, text);
}

static void lines_printf(struct view_lines *l, int cols, enum role role, const char *label,
			 const char *format, ...) __attribute__((format(printf, 5, 6)));

static void lines_printf(struct view_lines *l, int cols, enum role role, const char *label,
			 const char *format, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof text, format, ap);
	va_end(ap);
	lines_add(l, cols, role, label, str_of(text));
}

void view_lines_release(struct view_lines *l)
{
	for (int i = 0; i < l->n; i++)
		free(l->line[i].text);
	free(l->line);
	*l = (struct view_lines){ 0 };
}

void view_lines_draw(const struct view_lines *l, struct area area, int first)
{
	for (int y = 0; y < area.rows && first + y < l->n; y++) {
		const struct view_line *line = &l->line[first + y];
		screen_puts(area, y, 0, ROLE_DIM, line->label);
		screen_text(area, y, LABEL, area.cols - LABEL, line->role,
			    (struct str){ line->text, line->n });
	}
}

/* ---- what there is to say ---- */

char *view_source_version(const struct source_info *s, char *out, size_t size)
{
	if (s->version == 0)
		snprintf(out, size, "-");
	else if (s->formats > 1)
		snprintf(out, size, "v%d +%u", s->version, s->formats - 1);
	else
		snprintf(out, size, "v%d", s->version);
	return out;
}

static void add_malformed(const struct app *a, size_t i, const struct source_info *s, int cols,
			  struct view_lines *l)
{
	const struct malformed *bad;
	unsigned kept = 0;
	char n[32];

	if (s->counts.malformed == 0)
		return;
	while (monitor_malformed(a->monitor, i, kept))
		kept++;
	view_count(n, sizeof n, s->counts.malformed);
	if (kept == s->counts.malformed)
		lines_printf(l, cols, ROLE_WARNING, "malformed", "%s %s", n,
			     plural(kept, "line", "lines"));
	else if (kept)
		lines_printf(l, cols, ROLE_WARNING, "malformed", "%s lines, the last %u:", n, kept);
	else
		lines_printf(l, cols, ROLE_WARNING, "malformed",
			     "%s %s, none kept: too many other sources have some", n,
			     plural(s->counts.malformed, "line", "lines"));
	for (size_t k = 0; (bad = monitor_malformed(a->monitor, i, k)); k++) {
		lines_printf(l, cols, ROLE_WARNING, "", "line %" PRIu64 ": %s", bad->line,
			     bad->reason);
		line_add(l, ROLE_DIM, "", bad->text);
	}
}

static void add_unreadable(const struct app *a, size_t i, const struct source_info *s, int cols,
			   struct view_lines *l)
{
	const struct malformed *bad;
	struct buf text = { 0 };

	if (s->unreadable->all == 0)
		return;
	field_counts_render(s->unreadable, &text);
	lines_printf(l, cols, ROLE_WARNING, "values", "unreadable: %s", text.s);
	for (size_t k = 0; (bad = monitor_unreadable(a->monitor, i, k)); k++) {
		buf_clear(&text);
		buf_printf(&text, "line %" PRIu64 ": %s: %s: ", bad->line, field_name(bad->field),
			   bad->reason);
		buf_add_str(&text, bad->text);
		line_add(l, ROLE_DIM, "", buf_str(&text));
	}
	buf_release(&text);
}

void view_source_trouble(const struct app *a, size_t i, int cols, struct view_lines *l)
{
	struct source_info s;

	monitor_source(a->monitor, i, &s);
	if (s.error)
		lines_add(l, cols, ROLE_REJECT, "error", str_of(s.error));
	if (s.faults > 1)
		lines_printf(l, cols, ROLE_REJECT, "", "the last of %u faults", s.faults);
	if (s.note)
		lines_add(l, cols, ROLE_WARNING, "note", str_of(s.note));
	if (s.counts.skipdata)
		lines_printf(l, cols, ROLE_WARNING, "SKIPDATA",
			     "%" PRIu64 " %s: flows were lost while logging", s.counts.skipdata,
			     plural(s.counts.skipdata, "record", "records"));
	add_malformed(a, i, &s, cols, l);
	add_unreadable(a, i, &s, cols, l);
}

static void add_times(const struct app *a, const struct source_info *s, int cols,
		      struct view_lines *l)
{
	char x[48], y[32];

	if (s->newest_s == INT64_MIN)
		return;
	lines_printf(l, cols, ROLE_TEXT, "newest", "%s, lag %s",
		     app_dated(a, s->newest_s, x, sizeof x),
		     human_duration(y, sizeof y,
				    a->clock_s > s->newest_s ? a->clock_s - s->newest_s : 0));
	lines_printf(l, cols, ROLE_TEXT, "complete",
		     "until %s: the newest end less one aggregation interval (%s here), for a "
		     "record comes when its interval is over",
		     app_dated(a, s->complete_s, x, sizeof x),
		     human_duration(y, sizeof y, s->newest_s - s->complete_s));
}

static void add_facts(const struct app *a, const struct source_info *s, int cols,
		      struct view_lines *l)
{
	char x[32], y[32], z[32];

	lines_add(l, cols, ROLE_TEXT, "source", str_of(s->name));
	lines_printf(l, cols, ROLE_TEXT, "state", "%s, %s, %s of %s read, %.3g flows/s",
		     source_state_name(s->state), s->shape, human_bytes(x, sizeof x, s->read),
		     s->size ? human_bytes(y, sizeof y, s->size) : "?", s->rate);
	lines_printf(l, cols, ROLE_TEXT, "lines",
		     "%s: flows %s, NODATA %s, SKIPDATA %" PRIu64 ", "
		     "headers %" PRIu64 ", malformed %" PRIu64,
		     view_count(x, sizeof x, s->counts.lines),
		     view_count(y, sizeof y, s->counts.flows),
		     view_count(z, sizeof z, s->counts.nodata), s->counts.skipdata,
		     s->counts.headers, s->counts.malformed);
	add_times(a, s, cols, l);
}

static void add_formats(const struct source_info *s, int cols, struct view_lines *l)
{
	for (unsigned i = 0; i < s->formats; i++) {
		lines_printf(l, cols, ROLE_TEXT, i ? "" : "formats", "%u %s, %s%s", s->met[i]->n,
			     plural(s->met[i]->n, "column", "columns"), s->met[i]->origin,
			     s->met[i] == s->format ? ", now" : "");
		lines_add(l, cols, ROLE_DIM, "", s->met[i]->text);
	}
}

void view_source_draw(struct app *a, struct area area)
{
	struct view_lines l = { 0 };
	struct source_info s;

	monitor_source(a->monitor, a->source, &s);
	add_facts(a, &s, area.cols, &l);
	view_source_trouble(a, a->source, area.cols, &l);
	add_formats(&s, area.cols, &l);
	a->scroll = view_clamp(a->scroll, l.n - area.rows);
	view_lines_draw(&l, area, a->scroll);
	view_lines_release(&l);
}
