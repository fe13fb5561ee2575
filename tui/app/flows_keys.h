/* flows_keys.h - keys of the list of flows while a record is on show in full, or the chooser of
 * columns is open. */
#ifndef ENITOP_FLOWS_KEYS_H
#define ENITOP_FLOWS_KEYS_H

#include "state/app_state.h"

/* A key while a record is on show; false: it is not one of a record's own. */
bool flows_detail_key(struct app *a, int key);
/* A key while the chooser is open. */
void flows_choose_key(struct app *a, int key);

#endif
