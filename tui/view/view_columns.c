/* view_columns.c - the chooser of the columns of the list of flows. */
#include "schema/describe.h"
#include "view/view.h"

void view_columns_draw(struct app *a, struct area area)
{
	int field[FORMAT_COLUMNS_MAX], n = (int)flows_choices(a, field, FORMAT_COLUMNS_MAX);
	struct flow_list *l = &a->list;
	int name = area.cols >= 60 ? 28 : area.cols - 6;

	l->choice = view_clamp(l->choice, n - 1);
	if (l->choice < l->choice_top)
		l->choice_top = l->choice;
	if (l->choice >= l->choice_top + area.rows)
		l->choice_top = l->choice - area.rows + 1;
	for (int y = 0; y < area.rows && l->choice_top + y < n; y++) {
		int i = l->choice_top + y;
		bool on = i < (int)l->columns.n;
		screen_puts(area, y, 0, on ? ROLE_KEY : ROLE_DIM, on ? "[x]" : "[ ]");
		screen_text(area, y, 4, name, on ? ROLE_TEXT : ROLE_DIM,
			    str_of(field_name(field[i])));
		if (field[i] == l->order.field)
			screen_glyph(area, y, 4 + name + 1, ROLE_FOCUS,
				     l->order.ascending ? GLYPH_UP : GLYPH_DOWN);
		if (area.cols >= 60)
			screen_text(area, y, 4 + name + 3, area.cols - 4 - name - 3, ROLE_DIM,
				    str_of(field[i] < FIELDS_KNOWN ? field_get(field[i])->help
								   : "a column of this log alone"));
		if (i == l->choice)
			screen_paint(area, y, 0, area.cols, ROLE_SELECTED);
	}
}
