/* app_bar.c - the filter bar: its keys, and how it is drawn: the text, how it reads or a
 * caret under what is wrong, the menu of what could stand there, how much matches. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_filter.h"
#include "state/steps.h"
#include "term/key.h"
#include "monitor/monitor.h"
#include "view/view.h"

#define MENU_LINES 3
#define ERROR_LINES 4

/* ---- keys ---- */

void app_bar_begin(struct app *a, const char *text)
{
	bool adds = *text && *text != '/', other;

	a->editing = true;
	free(a->before);
	a->before = xstrndup(app_filter(a), strlen(app_filter(a)));
	other = strcmp(text, a->before) != 0;
	prompt_set(&a->prompt, text); /* which may be of the filter that goes below */
	app_put(a, a->before);
	if (other)
		app_put(a, a->prompt.text);
	/* What is typed now adds to the filter; in a bar that is one regex nothing does. */
	if (adds) {
		prompt_replace(&a->prompt, a->prompt.n, a->prompt.n, " ");
		snprintf(a->message, sizeof a->message, "type to add to the filter, ^U empties it");
	}
}

void app_bar_name(struct app *a)
{
	a->panel = PANEL_NONE;
	a->editing = a->naming = true;
	a->error.message[0] = '\0';
	prompt_set(&a->prompt, "");
}

/* The name of the filter to be saved: the only thing that writes, and only here. */
static void name_key(struct app *a, int key)
{
	enum prompt_result result = prompt_key(&a->prompt, key);

	a->prompt.searching = false;
	if (result == PROMPT_ACCEPT) {
		if (!config_save_filter(a->options->config, a->prompt.text, app_filter(a),
					a->message, sizeof a->message))
			return;
		snprintf(a->message, sizeof a->message, "saved as @%s in %s", a->prompt.text,
			 a->options->config->path);
	}
	if (result == PROMPT_ACCEPT || result == PROMPT_CANCEL) {
		a->editing = a->naming = false;
		prompt_set(&a->prompt, app_filter(a));
	}
}

static void keep(struct app *a)
{
	int n = (int)str_trim((struct str){ a->prompt.text, (size_t)a->prompt.n }).n;

	/* Blanks at its end were to type behind. */
	if (n == 0 || a->prompt.text[0] != ' ')
		prompt_replace(&a->prompt, n, a->prompt.n, "");
	/* What does not parse stays open to be mended. */
	if (!app_put(a, a->prompt.text))
		return;
	a->editing = false;
	prompt_remember(&a->prompt, a->prompt.text);
	if (strcmp(a->before, a->prompt.text) != 0)
		steps_remember(a, a->before);
	stack_follow(&a->stack, live_filter(a->live));
}

static void cancel(struct app *a)
{
	a->editing = false;
	app_put(a, a->before);
	prompt_set(&a->prompt, a->before);
}

static const char *saved_name(void *ctx, size_t i)
{
	const struct config *c = ctx;

	return c && i < c->n ? c->filter[i].name : NULL;
}

static void complete(struct app *a, int step)
{
	struct complete_data d = { .ring = monitor_ring(a->monitor),
				   .span = a->totals.window,
				   .saved = saved_name,
				   .ctx = a->options->config };

	if (a->prompt.searching || a->naming)
		return;
	if (complete_step(&a->menu, &a->prompt, &d, step))
		app_put(a, a->prompt.text);
	else
		snprintf(a->message, sizeof a->message, "nothing known could stand here");
}

bool app_bar_completes(const struct app *a)
{
	struct str before = { a->prompt.text, (size_t)a->prompt.cursor };

	return complete_place(before).kind != COMPLETE_NOTHING;
}

/* True when the key was for the menu alone; any other one leaves it. */
static bool menu_key(struct app *a, int key)
{
	bool taken = key == K_ENTER || key == '\n';

	if (key == K_ESCAPE) {
		complete_undo(&a->menu, &a->prompt);
		app_typed(a);
		return true;
	}
	complete_close(&a->menu);
	return taken;
}

void app_bar_key(struct app *a, int key)
{
	if (a->naming) {
		name_key(a, key);
		return;
	}
	if (key == K_TAB || key == K_BACKTAB) {
		complete(a, key == K_TAB ? 1 : -1);
		return;
	}
	if (a->menu.n && menu_key(a, key))
		return;
	switch (prompt_key(&a->prompt, key)) {
	case PROMPT_CHANGED:
		app_typed(a);
		break;
	case PROMPT_ACCEPT:
		keep(a);
		break;
	case PROMPT_CANCEL:
		cancel(a);
		break;
	default:
		break;
	}
}

/* ---- the line ---- */

static void label(const struct app *a, char *out, size_t size)
{
	if (a->editing && a->prompt.searching)
		snprintf(out, size, "%s '%s'> ", a->prompt.failing ? "not found" : "search",
			 a->prompt.wanted);
	else
		snprintf(out, size, a->naming ? "save the filter as> @" : "filter> ");
}

/* "12,345 of 163k match", "counting 40%: 12,345 match", "..., 50 undecided". */
static void matches(const struct app *a, char *out, size_t size)
{
	const struct result *r = &a->totals;
	char n[32], of[24];
	uint64_t done, total;

	live_progress(a->live, &done, &total);
	view_count(n, sizeof n, result_matching(r));
	if (!r->complete && total && done < total)
		snprintf(out, size, "counting %u%%: %s match", (unsigned)(done * 100 / total), n);
	else
		snprintf(out, size, "%s of %s match", n, human_count(of, sizeof of, r->scanned));
	if (r->undecided)
		snprintf(out + strlen(out), size - strlen(out), ", %s undecided",
			 human_count(n, sizeof n, r->undecided));
}

/* How the line of the edited text is laid out. */
struct bar {
	int x, width; /* the text */
	int end;      /* where the count of matches ends; 0: no room for it */
	char label[96], matches[64];
};

static struct bar lay_out(const struct app *a, int cols)
{
	struct bar b = { .x = 1 };

	label(a, b.label, sizeof b.label);
	b.x += (int)strlen(b.label);
	if (b.x > cols / 2)
		b.x = cols / 2;
	b.width = cols - b.x - 1;
	matches(a, b.matches, sizeof b.matches);
	if (cols >= 60 && b.width > (int)strlen(b.matches) + 12) {
		b.end = cols - 1;
		b.width -= (int)strlen(b.matches) + 2;
	}
	return b;
}

/* ---- what is wrong ---- */

/* The caret and its words: beside it where there is room, else below. */
struct fault {
	int caret, carets; /* column and width */
	int text;          /* column of the words; -1: on lines of their own */
	char words[200];
	int lines;
};

/* What stands on the next line of so many columns. */
static struct str take_line(struct str *rest, int cols)
{
	struct str text = { rest->s, screen_fitting(*rest, cols - 2) };

	*rest = str_trim((struct str){ rest->s + text.n, rest->n - text.n });
	return text;
}

static struct fault fault_of(const struct app *a, const struct bar *b, int cols)
{
	struct fault f = { .carets = a->error.length ? (int)a->error.length : 1, .text = -1 };
	int first = prompt_first(&a->prompt, b->width), n;

	f.caret = b->x + (int)a->error.column - first;
	if (f.caret < b->x) {
		f.carets = f.carets > b->x - f.caret ? f.carets - (b->x - f.caret) : 1;
		f.caret = b->x;
	}
	if (f.caret >= cols)
		f.caret = cols - 1;
	if (f.carets > cols - f.caret)
		f.carets = cols - f.caret;
	n = snprintf(f.words, sizeof f.words, "col %zu: %s", a->error.column + 1, a->error.message);
	if (f.caret + f.carets + 1 + n <= cols)
		f.text = f.caret + f.carets + 1;
	else if (n + 2 <= f.caret)
		f.text = f.caret - n - 1;
	f.lines = 1;
	for (struct str rest = str_of(f.words); f.text < 0 && rest.n && f.lines < ERROR_LINES;
	     f.lines++)
		take_line(&rest, cols);
	return f;
}

static void draw_fault(const struct fault *f, struct area area, int y)
{
	struct str rest = str_of(f->words);

	for (int i = 0; i < f->carets; i++)
		screen_puts(area, y, f->caret + i, ROLE_REJECT, "^");
	if (f->text >= 0) {
		screen_text(area, y, f->text, area.cols, ROLE_REJECT, rest);
		return;
	}
	for (int i = 1; i < f->lines && rest.n; i++) {
		bool last = i + 1 == f->lines;
		screen_text(area, y + i, 1, area.cols - 1, ROLE_REJECT,
			    last ? rest : take_line(&rest, area.cols));
	}
}

/* ---- drawing ---- */

static int menu_lines(const struct app *a)
{
	return a->menu.n == 0 ? 0 : a->screen.rows >= 20 ? MENU_LINES : 1;
}

int app_bar_lines(const struct app *a)
{
	int lines = 1;

	if (!a->editing || a->screen.rows < 8)
		return 1;
	if (a->error.message[0]) {
		struct bar b = lay_out(a, a->screen.cols);
		lines = fault_of(a, &b, a->screen.cols).lines;
	}
	return 1 + lines + menu_lines(a);
}

/* Times that were typed as so long ago stay where they were when log time goes on. */
static void add_reads(const struct app *a, const struct filter *f, struct buf *out)
{
	char at[40];

	buf_printf(out, "reads: %s", filter_reads(f));
	if (filter_is_relative(f) && filter_now(f) < live_now(a->live))
		buf_printf(out, " (as of %s)", app_stamp(a, filter_now(f), at, sizeof at));
}

static void draw_edited(struct app *a, struct area area, int y)
{
	struct bar b = lay_out(a, area.cols);
	const struct filter *f = live_filter(a->live);
	bool wrong = a->error.message[0] != '\0';
	int below = app_bar_lines(a) - 1 - menu_lines(a);

	screen_text(area, y, 1, b.x - 1, ROLE_FOCUS, str_of(b.label));
	prompt_draw(&a->prompt, area, y, b.x, b.width, true);
	if (b.end)
		screen_right(area, y, b.end, wrong ? ROLE_DIM : ROLE_READS, b.matches);
	if (below < 1) { /* a small screen: what is wrong has the right of way */
		if (wrong)
			screen_text(area, y, area.cols / 2, area.cols / 2, ROLE_REJECT,
				    str_of(a->error.message));
		return;
	}
	if (wrong) {
		struct fault fault = fault_of(a, &b, area.cols);
		screen_paint(area, y, fault.caret, fault.carets, ROLE_ERROR);
		draw_fault(&fault, area, y + 1);
	} else if (a->message[0]) {
		screen_puts(area, y + 1, 1, ROLE_WARNING, a->message);
	} else if (a->rests_ns && a->vain) {
		screen_printf(area, y + 1, 1, ROLE_DIM,
			      "no flow matches that so far, Enter takes it; in force: %s",
			      *app_filter(a) ? app_filter(a) : "no filter");
	} else if (a->rests_ns) {
		screen_puts(area, y + 1, 1, ROLE_DIM,
			    "may become a name: Tab completes it, a blank looks for the text");
	} else if (f && *filter_note(f)) {
		screen_puts(area, y + 1, 1, ROLE_WARNING, filter_note(f));
	} else if (f && *filter_reads(f)) {
		struct buf reads = { 0 };
		add_reads(a, f, &reads);
		screen_puts(area, y + 1, 1, ROLE_READS, reads.s);
		buf_release(&reads);
	} else {
		screen_puts(area, y + 1, 1, ROLE_DIM,
			    "every flow: type reject, 443, 10.0.0.0/8, dport=22; Tab completes");
	}
	complete_draw(&a->menu, area_part(area, y + 1 + below, 0, menu_lines(a), area.cols));
}

/* What is beside the text of a filter that is not being edited. */
static enum role note_of(struct app *a, const char *text, struct buf *note)
{
	const struct filter *f = live_filter(a->live);
	struct buf off = { 0 };

	stack_off(&a->stack, &off);
	if (a->message[0]) {
		buf_puts(note, a->message);
	} else if (a->totals.undecided) {
		buf_printf(note, "undecided: %" PRIu64 ", %s", a->totals.undecided,
			   f && filter_is_over(f)    ? "the regex is out of time"
			   : a->totals.undecided_cut ? "the regex sees 16 KiB of a text"
						     : "the regex gave up on them");
	} else {
		if (off.n)
			buf_printf(note, "off: %s  ", off.s);
		if (f && *filter_reads(f) && strcmp(filter_reads(f), text) != 0)
			add_reads(a, f, note);
		else if (!*text && !off.n)
			buf_puts(note,
				 "/ to filter: reject, 443, 10.0.0.0/8, dport=22 and not src=...");
		buf_release(&off);
		return *text && note->n && note->s[0] == 'r' ? ROLE_READS : ROLE_DIM;
	}
	buf_release(&off);
	return ROLE_WARNING;
}

void app_bar_draw(struct app *a, struct area area, int y)
{
	const char *text = app_filter(a);
	struct buf note = { 0 };

	if (a->editing) {
		draw_edited(a, area, y);
		return;
	}
	int x = screen_puts(area, y, 1, ROLE_DIM, "filter> ") + 1;
	int room = area.cols - x - 1, used = (int)strlen(text) + 1;
	enum role role = note_of(a, text, &note);
	/* The text has the right of way; the note takes what is left, at least half. */
	int keep = note.n ? (int)note.n + 2 : 0, half = room - room / 2;
	int width = room - keep > half ? room - keep : half;
	if (width > used)
		width = used;
	screen_text(area, y, x, width, ROLE_FILTER, str_of(text));
	if (note.n)
		screen_text(area, y, x + width + 2, area.cols, role, buf_str(&note));
	buf_release(&note);
}
