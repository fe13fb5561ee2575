/* app_labels.h - what is known of addresses, as the screen shows it. */
#ifndef ENITOP_APP_LABELS_H
#define ENITOP_APP_LABELS_H

#include "state/app_state.h"

/* What panes show in place of addresses; NULL: addresses are wanted. */
struct labels *app_names(const struct app *a);
/* Adds what is known of the value in a record's column: of an address, interface or
 * account; nothing when nothing is. */
void app_labels_text(const struct app *a, int field, const struct column *c, uint32_t row,
		     struct buf *out);

#endif
