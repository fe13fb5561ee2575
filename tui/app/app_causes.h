/* app_causes.h - asks why of the rows that pane 2 is folded to, one after the other, while nobody
 * waits for something else. */
#ifndef ENITOP_APP_CAUSES_H
#define ENITOP_APP_CAUSES_H

#include "app/app.h"

/* Works for about `budget_ns`; true while there is more to do. */
bool app_causes_step(struct app *a, uint64_t budget_ns);
size_t app_causes_bytes(const struct app *a);
void app_causes_release(struct app *a);

#endif
