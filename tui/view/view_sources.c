/* view_sources.c - where the data comes from, how far it is read, what was wrong. One row
 * a source, those with trouble first; below them what is known of the selected one. */
#include "view/view.h"

#include <inttypes.h>
#include <string.h>

#define NAME_MIN 16
#define DAY_S 86400

static enum role state_role(enum source_state s)
{
	return s == SOURCE_FAILED    ? ROLE_REJECT
	       : s == SOURCE_WAITING ? ROLE_WARNING
	       : s == SOURCE_READING ? ROLE_PROGRESS
				     : ROLE_ACCEPT;
}

/* ---- columns ---- */

typedef enum role cell_fn(const struct app *a, const struct source_info *s, char *out, size_t size);

static enum role cell_state(const struct app *a, const struct source_info *s, char *out,
			    size_t size)
{
	(void)a;
	snprintf(out, size, "%s", source_state_name(s->state));
	return state_role(s->state);
}

static enum role cell_shape(const struct app *a, const struct source_info *s, char *out,
			    size_t size)
{
	(void)a;
	snprintf(out, size, "%s", s->shape);
	return ROLE_TEXT;
}

static enum role cell_version(const struct app *a, const struct source_info *s, char *out,
			      size_t size)
{
	(void)a;
	view_source_version(s, out, size);
	return s->version ? ROLE_TEXT : ROLE_DIM;
}

static enum role cell_read(const struct app *a, const struct source_info *s, char *out, size_t size)
{
	char x[24], y[24];

	(void)a;
	if (s->size && s->read < s->size)
		snprintf(out, size, "%s/%s", human_bytes(x, sizeof x, s->read),
			 human_bytes(y, sizeof y, s->size));
	else
		human_bytes(out, size, s->read);
	return s->state == SOURCE_READING ? ROLE_PROGRESS : ROLE_TEXT;
}

static enum role cell_rate(const struct app *a, const struct source_info *s, char *out, size_t size)
{
	(void)a;
	if (s->rate > 0 && s->rate < 9.95)
		snprintf(out, size, "%.1f", s->rate);
	else
		human_count(out, size, (uint64_t)(s->rate + 0.5));
	return s->rate > 0 ? ROLE_TEXT : ROLE_DIM;
}

static enum role cell_lag(const struct app *a, const struct source_info *s, char *out, size_t size)
{
	int64_t lag;

	if (s->newest_s == INT64_MIN) {
		snprintf(out, size, "-");
		return ROLE_DIM;
	}
	lag = a->clock_s > s->newest_s ? a->clock_s - s->newest_s : 0;
	if (lag >= 10 * DAY_S)
		snprintf(out, size, "%" PRId64 "d", lag / DAY_S);
	else
		human_duration(out, size, lag);
	return s->state == SOURCE_DONE ? ROLE_DIM : ROLE_TEXT;
}

static enum role cell_complete(const struct app *a, const struct source_info *s, char *out,
			       size_t size)
{
	if (!app_other_day(a, s->complete_s))
		app_stamp(a, s->complete_s, out, size);
	else if (a->options->local_time)
		snprintf(out, size, "%.10s", app_time(a, s->complete_s, true, (char[32]){ 0 }, 32));
	else
		view_short_stamp(a, s->complete_s, out, size);
	return ROLE_TEXT;
}

static enum role count_cell(uint64_t n, bool trouble, char *out, size_t size)
{
	human_count(out, size, n);
	return n == 0 ? ROLE_DIM : trouble ? ROLE_WARNING : ROLE_TEXT;
}

static enum role cell_flows(const struct app *a, const struct source_info *s, char *out,
			    size_t size)
{
	(void)a;
	return count_cell(s->counts.flows, false, out, size);
}

static enum role cell_nodata(const struct app *a, const struct source_info *s, char *out,
			     size_t size)
{
	(void)a;
	return count_cell(s->counts.nodata, false, out, size);
}

static enum role cell_skipdata(const struct app *a, const struct source_info *s, char *out,
			       size_t size)
{
	(void)a;
	return count_cell(s->counts.skipdata, true, out, size);
}

static enum role cell_malformed(const struct app *a, const struct source_info *s, char *out,
				size_t size)
{
	(void)a;
	return count_cell(s->counts.malformed, true, out, size);
}

/* In their order on screen; as it narrows, the highest rank is given up first. */
static const struct column_row {
	const char *title;
	int width, rank;
	bool left;
	cell_fn *cell;
} columns[] = {
	{ "state", 9, 0, true, cell_state },         { "shape", 6, 8, true, cell_shape },
	{ "format", 6, 5, true, cell_version },      { "read", 10, 4, false, cell_read },
	{ "rate/s", 6, 6, false, cell_rate },        { "lag", 6, 2, false, cell_lag },
	{ "complete", 12, 9, false, cell_complete }, { "flows", 6, 3, false, cell_flows },
	{ "nodata", 6, 10, false, cell_nodata },     { "skip", 5, 7, false, cell_skipdata },
	{ "malf.", 5, 1, false, cell_malformed },
};

/* The columns that there is room for, as bits; *name: what is left for the name. */
static unsigned lay_out(int cols, int *name)
{
	unsigned shown = 0;

	*name = cols - 2;
	for (int rank = 0; rank < (int)ARRAY_SIZE(columns); rank++)
		for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
			if (columns[i].rank != rank)
				continue;
			if (*name - columns[i].width - 1 < NAME_MIN)
				return shown;
			shown |= 1u << i;
			*name -= columns[i].width + 1;
		}
	return shown;
}

static void draw_heading(struct area area, int y)
{
	int name, x;
	unsigned shown = lay_out(area.cols, &name);

	screen_paint(area, y, 0, area.cols, ROLE_HEADING);
	screen_puts(area, y, 2, ROLE_HEADING, "source");
	x = 2 + name;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct column_row *c = &columns[i];
		if (!(shown >> i & 1))
			continue;
		if (c->left)
			screen_puts(area, y, x + 1, ROLE_HEADING, c->title);
		else
			screen_right(area, y, x + 1 + c->width, ROLE_HEADING, c->title);
		x += c->width + 1;
	}
}

/* The end of a path tells files apart. */
static void draw_name(struct area area, int y, int x, int width, enum role role, struct str name)
{
	if (width > 1 && name.n > (size_t)width) {
		screen_puts(area, y, x++, role, "~");
		width--;
		name = (struct str){ name.s + name.n - width, (size_t)width };
	}
	screen_text(area, y, x, width, role, name);
}

/* The reason alone: the name stands before it. */
static void draw_error(struct area area, int y, int x, const struct source_info *s)
{
	struct str name = str_of(s->name), error = str_of(s->error);
	const char *at = name.n ? memmem(error.s, error.n, name.s, name.n) : NULL;

	/* "'NAME': reason", "cannot open 'NAME': reason" */
	if (at && at + name.n + 3 < error.s + error.n) {
		error.n -= (size_t)(at + name.n + 3 - error.s);
		error.s = at + name.n + 3;
	}
	screen_text(area, y, x, area.cols - x, ROLE_REJECT, error);
}

/* A source without a single line has no figures to show: its error instead. */
static void draw_row(struct app *a, struct area area, int y, const struct source_info *s)
{
	const struct area row = area;
	char text[64];
	int name, x;
	unsigned shown = lay_out(area.cols, &name);
	bool failed = s->error || s->state == SOURCE_FAILED;
	bool warned = s->note || s->counts.malformed || s->counts.skipdata || s->unreadable->all;

	if (failed || warned)
		screen_puts(row, y, 0, failed ? ROLE_REJECT : ROLE_WARNING, failed ? "!" : "?");
	draw_name(row, y, 2, name, failed ? ROLE_REJECT : ROLE_TEXT, str_of(s->name));
	x = 2 + name;
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++) {
		const struct column_row *c = &columns[i];
		if (!(shown >> i & 1))
			continue;
		enum role role = c->cell(a, s, text, sizeof text);
		if (c->left)
			screen_text(row, y, x + 1, c->width, role, str_of(text));
		else
			screen_right(row, y, x + 1 + c->width, role, text);
		x += c->width + 1;
		if (i == 0 && s->error && s->counts.lines == 0) {
			draw_error(row, y, x + 1, s);
			return;
		}
	}
}

/* ---- the whole ---- */

static void add_count(struct buf *out, const char *before, uint64_t n, const char *what)
{
	char text[32];

	if (n)
		buf_printf(out, "%s%s %s", out->n ? before : "", view_count(text, sizeof text, n),
			   what);
}

static int draw_buf(struct area area, int y, int x, enum role role, struct buf *text)
{
	int used = screen_text(area, y, x, area.cols - x, role, buf_str(text));

	buf_clear(text);
	return used ? x + used + 1 : x;
}

/* "1,234 sources: 3 failed 2 warned 1 reading". Returns where it ends. */
static int draw_sums(struct app *a, struct area area, int y)
{
	static const enum source_state told[] = { SOURCE_READING, SOURCE_FOLLOWING, SOURCE_WAITING,
						  SOURCE_DONE };
	struct source_sums sums;
	struct buf text = { 0 };
	int x;

	monitor_source_sums(a->monitor, &sums);
	add_count(&text, "", sums.sources, plural(sums.sources, "source:", "sources:"));
	x = draw_buf(area, y, 0, ROLE_TEXT, &text);
	add_count(&text, "", sums.failed, "failed");
	x = draw_buf(area, y, x, ROLE_REJECT, &text);
	add_count(&text, "", sums.warned, "warned");
	x = draw_buf(area, y, x, ROLE_WARNING, &text);
	for (size_t i = 0; i < ARRAY_SIZE(told); i++)
		add_count(&text, ", ", sums.in_state[told[i]], source_state_name(told[i]));
	x = draw_buf(area, y, x, ROLE_DIM, &text);
	buf_release(&text);
	return x;
}

static void draw_folders(struct app *a, struct area area, int y, int x)
{
	struct backlog_counts f;
	struct buf text = { 0 };

	monitor_folders(a->monitor, &f);
	add_count(&text, "", f.folders, plural(f.folders, "folder", "folders"));
	if (f.every_s)
		buf_printf(&text, " looked through every %us", f.every_s);
	add_count(&text, ", ", f.waiting, plural(f.waiting, "file waits", "files wait"));
	add_count(&text, ", ", f.links_out,
		  plural(f.links_out, "link leads out: --follow-links",
			 "links lead out: --follow-links"));
	add_count(&text, ", ", f.older, "older than the ring holds left out");
	add_count(&text, ", ", f.left_out, "outside --since/--until");
	draw_buf(area, y, x, ROLE_DIM, &text);
	buf_release(&text);
}

/* What stands above the rows. Returns how many lines that takes. */
static int draw_head(struct app *a, struct area area)
{
	struct backlog_counts f;
	int y = 0, x = 0;

	monitor_folders(a->monitor, &f);
	if (area.rows >= 5)
		x = draw_sums(a, area, y++);
	if (f.folders && area.rows >= 12)
		draw_folders(a, area, y++, 0);
	else if (f.folders && y)
		draw_folders(a, area, 0, x);
	draw_heading(area, y++);
	return y;
}

/* Keeps the selection on its source while others come and go above it; in the first row it
 * stays on what is worst. */
static void keep_selection(struct app *a, struct pane *p, int rows)
{
	int *row = &p->selected;

	if (a->source_row > 0 || *row != a->source_row)
		*row += (int)monitor_source_row(a->monitor, a->source) - a->source_row;
	if (*row >= rows)
		*row = rows - 1;
	if (*row < 0)
		*row = 0;
	a->source_row = *row;
	a->source = monitor_source_at(a->monitor, (size_t)*row);
}

static void draw(struct app *a, struct pane *p, struct area area, bool focused)
{
	int n = (int)monitor_sources(a->monitor), head, below = 0, top;
	struct view_lines l = { 0 };

	if (n == 0) {
		view_empty(a, area, "no sources");
		return;
	}
	keep_selection(a, p, n);
	view_source_trouble(a, a->source, area.cols, &l);
	if (l.n && area.rows >= 8) {
		below = l.n + 1 < area.rows / 2 ? l.n + 1 : area.rows / 2;
		view_lines_draw(&l, area_part(area, area.rows - below + 1, 0, below - 1, area.cols),
				l.n - below + 1);
	}
	view_lines_release(&l);
	head = draw_head(a, area);
	top = pane_scroll(p, n, area.rows - head - below);
	for (int y = head, i = top; i < n && y < area.rows - below; i++, y++) {
		struct source_info s;
		monitor_source(a->monitor, monitor_source_at(a->monitor, (size_t)i), &s);
		draw_row(a, area, y, &s);
		if (focused && i == p->selected)
			screen_paint(area, y, 0, area.cols, ROLE_SELECTED);
		/* Its lag grows without anything coming. */
		a->moving |= s.rate > 0 || (s.state == SOURCE_FOLLOWING && s.newest_s != INT64_MIN);
	}
}

/* What is held of them: how many flows, since when, in how much of the memory that there is. */
static void add_title(const struct app *a, const struct pane *p, struct buf *out)
{
	struct ring *ring = monitor_ring(a->monitor);
	uint64_t n = ring_flows(ring);
	char x[48], y[24];

	(void)p;
	if (a->screen.cols < 60)
		return;
	buf_printf(out, "  %s %s", human_count(x, sizeof x, n), plural(n, "flow", "flows"));
	if (ring_oldest(ring) < INT64_MAX)
		buf_printf(out, " since %s", app_stamp(a, ring_oldest(ring), x, sizeof x));
	buf_printf(out, " in %s/%s", human_bytes(x, sizeof x, monitor_bytes(a->monitor)),
		   human_bytes(y, sizeof y, ring_budget(ring)));
}

static int count_rows(const struct app *a, const struct pane *p)
{
	(void)p;
	return (int)monitor_sources(a->monitor);
}

static void drill(struct app *a, struct pane *p)
{
	(void)p;
	a->source_open = monitor_sources(a->monitor) > 0;
	a->scroll = 0;
}

const struct view view_sources = {
	.name = "sources",
	.key = '6',
	.layer = LAYER_SOURCES,
	.title = "Sources",
	.help = "sources, bad lines",
	.report = export_sources,
	.draw = draw,
	.add_title = add_title,
	.rows = count_rows,
	.drill = drill,
};
