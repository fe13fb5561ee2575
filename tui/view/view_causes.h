/* view_causes.h - pane 2 folded by cause. Private to view_rejects.c. */
#ifndef ENITOP_VIEW_CAUSES_H
#define ENITOP_VIEW_CAUSES_H

#include "view/view.h"

void view_causes_draw(struct app *a, struct pane *p, struct area area, bool focused);
/* What the selected row says as a filter, refusals alone; nothing where it is of many things. */
void view_causes_clause(struct app *a, struct pane *p, struct buf *out);

#endif
