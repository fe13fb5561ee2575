/* view_sources.c - where the data comes from, how far it is read, what was wrong. */
#include "view.h"

#include <inttypes.h>
#include <string.h>

#include "monitor.h"

static enum role state_role(enum source_state s)
{
	return s == SOURCE_FAILED    ? ROLE_REJECT
	       : s == SOURCE_WAITING ? ROLE_WARNING
	       : s == SOURCE_READING ? ROLE_PROGRESS
				     : ROLE_ACCEPT;
}

/* Right-hand columns, in the order in which they are given up. */
static void draw_row(struct app *a, struct area area, int y, const struct source_info *s)
{
	const int w = area.cols;
	int end = w;
	char text[64], x[24], z[24];

	snprintf(text, sizeof text, "%s", human_count(x, sizeof x, s->counts.malformed));
	screen_right(area, y, end, s->counts.malformed ? ROLE_WARNING : ROLE_DIM, text);
	end -= 7;
	if (w >= 70) {
		snprintf(text, sizeof text, "%s %4s", human_count(x, sizeof x, s->counts.nodata),
			 human_count(z, sizeof z, s->counts.skipdata));
		screen_right(area, y, end, s->counts.skipdata ? ROLE_WARNING : ROLE_DIM, text);
		end -= 12;
	}
	screen_right(area, y, end, ROLE_TEXT, human_count(x, sizeof x, s->counts.flows));
	end -= 8;
	if (w >= 70) {
		if (s->size && s->read < s->size)
			snprintf(text, sizeof text, "%s/%s", human_bytes(x, sizeof x, s->read),
				 human_bytes(z, sizeof z, s->size));
		else
			human_bytes(text, sizeof text, s->read);
		screen_right(area, y, end, ROLE_TEXT, text);
		end -= 13;
	}
	if (w >= 90) {
		screen_right(area, y, end, ROLE_TEXT,
			     app_time(a, s->newest_s, false, text, sizeof text));
		end -= 10;
	}
	screen_text(area, y, end - 18, 9, state_role(s->state),
		    str_of(source_state_name(s->state)));
	screen_text(area, y, end - 8, 7, ROLE_TEXT, str_of(s->shape ? s->shape : "?"));
	screen_text(area, y, 0, end - 19, ROLE_TEXT, str_of(s->name));
}

static void draw_heading(struct area area)
{
	const int w = area.cols;
	int end = w;

	screen_paint(area, 0, 0, w, ROLE_HEADING);
	screen_puts(area, 0, 0, ROLE_HEADING, "source");
	screen_right(area, 0, end, ROLE_HEADING, "malf.");
	end -= 7;
	if (w >= 70) {
		screen_right(area, 0, end, ROLE_HEADING, "nodata skip");
		end -= 12;
	}
	screen_right(area, 0, end, ROLE_HEADING, "flows");
	end -= 8;
	if (w >= 70) {
		screen_right(area, 0, end, ROLE_HEADING, "read");
		end -= 13;
	}
	if (w >= 90) {
		screen_right(area, 0, end, ROLE_HEADING, "newest");
		end -= 10;
	}
	screen_puts(area, 0, end - 18, ROLE_HEADING, "state");
	screen_puts(area, 0, end - 8, ROLE_HEADING, "shape");
}

/* The newest malformed lines, newest last. */
static void draw_malformed(struct app *a, struct area area)
{
	const struct malformed_list *l = monitor_malformed(a->monitor);
	size_t show = area.rows > 1 ? (size_t)area.rows - 1 : 0,
	       first = l->n > show ? l->n - show : 0;
	char n[32];

	screen_printf(area, 0, 0, ROLE_WARNING, "%s malformed lines, the last:",
		      view_count(n, sizeof n, a->counts.malformed));
	for (size_t i = first; i < l->n; i++) {
		const struct malformed *m = malformed_list_get(l, i);
		struct source_info s = { .name = "?" };
		monitor_source(a->monitor, m->source, &s);
		const char *slash = strrchr(s.name, '/');
		int y = 1 + (int)(i - first);
		int x = screen_printf(area, y, 0, ROLE_TEXT, "%s:%" PRIu64 ": ",
				      slash ? slash + 1 : s.name, m->line);
		x += screen_printf(area, y, x, ROLE_WARNING, "%s: ", m->reason);
		screen_text(area, y, x, area.cols - x, ROLE_DIM, m->text);
	}
}

void view_sources_draw(struct app *a, struct area area, bool focused)
{
	int n = (int)monitor_sources(a->monitor);
	size_t bad = monitor_malformed(a->monitor)->n;
	int below = bad && area.rows >= 8
			    ? (area.rows / 2 < (int)bad + 1 ? area.rows / 2 : (int)bad + 1)
			    : 0;
	int lines = area.rows - 1 - below, top, y = 1;

	if (n == 0) {
		view_empty(a, area, "no sources");
		return;
	}
	top = view_scroll(a, VIEW_SOURCES, n, lines);
	draw_heading(area);
	for (int i = top; i < n && y <= lines; i++, y++) {
		struct source_info s;
		monitor_source(a->monitor, (size_t)i, &s);
		draw_row(a, area, y, &s);
		if (focused && i == a->selected[VIEW_SOURCES])
			screen_paint(area, y, 0, area.cols, ROLE_SELECTED);
		if (s.error && y < lines)
			screen_text(area, ++y, 2, area.cols - 2, ROLE_REJECT, str_of(s.error));
	}
	if (below)
		draw_malformed(a, area_part(area, area.rows - below, 0, below, area.cols));
}
