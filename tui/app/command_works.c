/* command_works.c - see command_works.h. */
#include "app/command_works.h"

#include "app/app_filter.h"
#include "app/app_findings.h"
#include "app/app_page.h"
#include "app/app_time.h"
#include "app/app_why.h"
#include "app/flows_keys.h"
#include "state/clock.h"
#include "state/cursor.h"
#include "state/layer.h"

static bool is_on(const struct app *a, int layers)
{
	return layers & (1 << layer_on_top(a));
}

/* ---- the program, and what lies on top ---- */

bool works_always(struct app *a)
{
	(void)a;
	return true;
}

bool works_unhelped(struct app *a)
{
	return !a->help;
}

bool works_at_bottom(struct app *a)
{
	return app_is_at_bottom(a);
}

bool works_goes_back(struct app *a)
{
	return app_goes_back(a);
}

/* ---- rows and cells ---- */

bool works_rows(struct app *a)
{
	return a->focus->view->rows(a, a->focus) > 0;
}

/* What the row or the cell says; the caller releases it. */
static struct buf clause_of(struct app *a)
{
	struct buf clause = { 0 };

	app_selected_clause(a, &clause);
	return clause;
}

/* It says something, as a filter that there can be. */
bool works_says(struct app *a)
{
	struct buf clause = clause_of(a);
	struct filter_error error;
	struct filter *f = clause.n ? app_compile(a, clause.s, &error) : NULL;
	bool says = f != NULL;

	filter_free(f);
	buf_release(&clause);
	return says;
}

bool works_only(struct app *a)
{
	struct buf clause = clause_of(a);
	bool says = works_says(a) && !app_says(a, clause.s);

	buf_release(&clause);
	return says;
}

bool works_drills(struct app *a)
{
	const struct span now = live_span(a->live);
	struct span bars;

	switch (a->focus->view->layer) {
	case LAYER_FINDINGS: /* without one, to why there is none */
		return true;
	case LAYER_TIMELINE:
		return a->cursor.n > 0 && bars_marked_span(a, &bars) &&
		       (bars.from > now.from || bars.to < now.to);
	case LAYER_FLOWS:
	case LAYER_SOURCES:
		return !app_detail(a) && works_rows(a);
	default:
		return pane_of_rows(a, ROWS_RECORDS) && works_says(a);
	}
}

bool works_left(struct app *a)
{
	return app_cell_moves(a, -1);
}

bool works_right(struct app *a)
{
	return app_cell_moves(a, 1);
}

bool works_bars(struct app *a)
{
	return a->cursor.n > 0;
}

/* Folded by cause, or it would be. */
bool works_folds(struct app *a)
{
	struct query q = pane_query(a, a->focus);

	return a->mark.time == INT64_MIN && group_equal(&q.group, &a->focus->view->query.group);
}

/* ---- findings, pages ---- */

bool works_finding(struct app *a)
{
	return findings_meant(a) != NULL;
}

bool works_records(struct app *a)
{
	return app_page(a)->records.n > 0;
}

bool works_since(struct app *a)
{
	return app_page(a)->since != INT64_MIN;
}

static bool steps(struct app *a, int by)
{
	return a->findings.page.open ? app_finding_steps(a, by) : flows_turns(a, by);
}

bool works_next(struct app *a)
{
	return steps(a, 1);
}

bool works_previous(struct app *a)
{
	return steps(a, -1);
}

bool works_asks(struct app *a)
{
	return app_why_asks(a);
}

bool works_usual(struct app *a)
{
	struct buf clause = { 0 };
	bool any = findings_meant(a) && findings_meant(a)->records.n > 0;

	if (!findings_meant(a) && a->focus->view->clause)
		a->focus->view->clause(a, a->focus, &clause);
	any |= clause.n > 0;
	buf_release(&clause);
	return any;
}

bool works_saves(struct app *a)
{
	return !a->saving.job && (!app_page(a) || app_page(a)->text.n > 0);
}

/* ---- panels, the chooser of columns ---- */

bool works_clauses(struct app *a)
{
	return app_panel_has_row(a);
}

bool works_saved(struct app *a)
{
	return app_panel_has_row(a);
}

bool works_filtered(struct app *a)
{
	return *app_filter(a) != '\0';
}

bool works_column(struct app *a)
{
	return flows_has_choice(a);
}

bool works_unusual(struct app *a)
{
	return a->list.chosen;
}

bool works_column_left(struct app *a)
{
	return flows_can_shift(a, -1);
}

bool works_column_right(struct app *a)
{
	return flows_can_shift(a, 1);
}

/* ---- the question ---- */

bool works_groups(struct app *a)
{
	return a->focus->view->groups != NULL;
}

/* Something that is on show is ranked by it. */
bool works_ranks(struct app *a)
{
	const struct view *v = a->focus->view;

	return is_on(a, IN_PANES) &&
	       (app_is_beside(a) ||
		(view_is_query(v) && v->query.rows != ROWS_RECORDS && !v->own_metric));
}

bool works_longer(struct app *a)
{
	struct span past;

	return live_looks_at(a->live, &past) ? past.from != INT64_MIN : live_window(a->live) != 0;
}

bool works_travels(struct app *a)
{
	return app_travels(a) && is_on(a, IN_WORK);
}

bool works_older(struct app *a)
{
	return app_goes_older(a);
}

bool works_zooms(struct app *a)
{
	return is_on(a, IN_PANES) && (app_is_split(a) || !a->focus->view->beside);
}

bool works_compares(struct app *a)
{
	return app_compares(a);
}

bool works_marked(struct app *a)
{
	return a->mark.time != INT64_MIN;
}

bool works_changes(struct app *a)
{
	return works_marked(a) && app_compares(a);
}

bool works_dated(struct app *a)
{
	return live_now(a->live) != INT64_MIN;
}

/* ---- text that is typed ---- */

static const struct prompt *typed(const struct app *a)
{
	switch (layer_on_top(a)) {
	case LAYER_EXPORT:
		return &a->saving.name;
	case LAYER_QUESTION:
		return &a->why.prompt;
	case LAYER_PERIOD:
		return &a->ask;
	case LAYER_FIND:
		return &a->find.prompt;
	case LAYER_GROUPING:
		return &a->grouping.prompt;
	default:
		return &a->prompt;
	}
}

bool works_typed(struct app *a)
{
	return typed(a)->cursor > 0;
}

bool works_earlier(struct app *a)
{
	return typed(a)->at > 0;
}

bool works_remembers(struct app *a)
{
	return typed(a)->entries > 0;
}

bool works_keeps(struct app *a)
{
	return a->find.typing || !a->error.message[0];
}

bool works_sought(struct app *a)
{
	return a->prompt.wanted[0] != '\0';
}

bool works_period(struct app *a)
{
	return app_ask_is_typed(a);
}

bool works_grouping(struct app *a)
{
	return !a->grouping.error[0];
}

bool works_question(struct app *a)
{
	return app_why_is_typed(a);
}

bool works_completes(struct app *a)
{
	return a->grouping.active ? app_group_completes(a) : app_bar_completes(a);
}
