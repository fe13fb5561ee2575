/* app_save.c - `e`: the name of a file, then the focused pane is written there. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/app_page.h"
#include "app/command.h"
#include "term/key.h"
#include "app/save.h"
#include "state/amount.h"

#define SLICE_NS 10000000u

void command_save(struct app *a)
{
	char name[64], stamp[24] = "now";
	int64_t now = live_now(a->live);
	time_t t = (time_t)now;
	struct tm tm;

	if (a->saving.job) {
		snprintf(a->message, sizeof a->message, "an export is being written: Esc ends it");
		return;
	}
	if (app_page(a) && !app_page(a)->text.n) /* it is not made yet */
		return;
	if (now != INT64_MIN && gmtime_r(&t, &tm))
		strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &tm);
	if (app_page(a))
		snprintf(name, sizeof name, "enitop-%s-%s.txt", app_page(a)->kind->name, stamp);
	else
		snprintf(name, sizeof name, "enitop-%s-%s.csv", a->focus->view->name, stamp);
	prompt_set(&a->saving.name, name);
	a->saving.naming = true;
	a->saving.asked = false;
	a->saving.why[0] = '\0';
}

static void done(struct app *a)
{
	char path[sizeof a->saving.name.text], n[32], note[80];
	uint64_t rows;
	bool page = save_is_page(a->saving.job);
	int error = save_close(a->saving.job, &rows, note, sizeof note);

	a->saving.job = NULL;
	snprintf(path, sizeof path, "%s", a->saving.name.text);
	if (error == -ECANCELED)
		snprintf(a->message, sizeof a->message, "export ended: nothing was written");
	else if (error)
		snprintf(a->message, sizeof a->message, "cannot write '%.60s': %s", path,
			 strerror(-error));
	else if (page)
		snprintf(a->message, sizeof a->message, "the page is written to '%.60s'", path);
	else
		snprintf(a->message, sizeof a->message, "%s %s written to '%.60s'%s",
			 view_count(n, sizeof n, rows), plural(rows, "row", "rows"), path, note);
}

bool app_save_step(struct app *a)
{
	if (!a->saving.job)
		return false;
	if (save_step(a->saving.job, SLICE_NS))
		return true;
	done(a);
	return false;
}

static void begin(struct app *a, bool replace)
{
	bool exists;

	a->saving.job = save_open(a, a->saving.name.text, replace, &exists, a->saving.why,
				  sizeof a->saving.why);
	a->saving.asked = exists;
	a->saving.naming = a->saving.job == NULL;
	if (!exists)
		return;
	snprintf(a->saving.why, sizeof a->saving.why, "the file is there: replace it? y or n");
}

/* The next suffix in place of the one there is. */
static void next_suffix(struct prompt *p)
{
	static const char *const suffixes[] = {
		".csv", ".json", ".ndjson", ".txt", ".raw", ".ocsf"
	};
	struct buf text = { 0 };
	char *dot = strrchr(p->text, '.');
	size_t next = 0;

	for (size_t i = 0; dot && i < ARRAY_SIZE(suffixes); i++)
		if (strcmp(dot, suffixes[i]) == 0)
			next = (i + 1) % ARRAY_SIZE(suffixes);
	if (dot && save_output(p->text) < 0)
		dot = NULL;
	buf_add(&text, p->text, dot ? (size_t)(dot - p->text) : strlen(p->text));
	buf_puts(&text, suffixes[next]);
	prompt_set(p, text.s);
	buf_release(&text);
}

bool app_save_key(struct app *a, int key)
{
	if (a->saving.job && key == K_ESCAPE) {
		done(a);
		return true;
	}
	if (!a->saving.naming)
		return false;
	if (a->saving.asked) {
		a->saving.asked = false;
		a->saving.why[0] = '\0';
		if (key == 'y' || key == 'Y')
			begin(a, true);
		return true;
	}
	a->saving.why[0] = '\0';
	if (key == K_TAB) {
		next_suffix(&a->saving.name);
		return true;
	}
	switch (prompt_key(&a->saving.name, key)) {
	case PROMPT_ACCEPT:
		begin(a, false);
		break;
	case PROMPT_CANCEL:
		a->saving.naming = false;
		break;
	default:
		break;
	}
	return true;
}

bool app_save_draw(struct app *a, struct area area, int y)
{
	char n[64], count[32];

	if (a->saving.job) {
		uint64_t rows = save_rows(a->saving.job);
		if (rows)
			snprintf(n, sizeof n, "writing rows, %s",
				 view_count(count, sizeof count, rows));
		else
			snprintf(n, sizeof n, "counting, %u%%", save_percent(a->saving.job));
		screen_printf(area, y, 1, ROLE_PROGRESS, "%s, to '%s': Esc ends it", n,
			      a->saving.name.text);
		return true;
	}
	if (!a->saving.naming)
		return false;
	int x = screen_printf(area, y, 1, ROLE_FOCUS, "export %s> ", a->focus->view->name) + 1;
	int used = (int)strlen(a->saving.name.text) + 1, room = area.cols - x;
	int width = used < room ? used : room;
	if (a->saving.why[0] && width > room / 2)
		width = room / 2;
	prompt_draw(&a->saving.name, area, y, x, width, true);
	screen_puts(area, y, x + width + 1, ROLE_WARNING, a->saving.why);
	return true;
}

void app_save_evict(struct app *a, struct segment *s)
{
	if (a->saving.job)
		save_evict(a->saving.job, s);
}

uint64_t app_save_bytes(const struct app *a)
{
	return save_bytes(a->saving.job);
}

void app_save_release(struct app *a)
{
	if (a->saving.job)
		save_close(a->saving.job, NULL, NULL, 0);
	a->saving.job = NULL;
	prompt_release(&a->saving.name);
}
