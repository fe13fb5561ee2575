/* app_usual.h - Z: the page of what is usual for a row. */
#ifndef ENITOP_APP_USUAL_H
#define ENITOP_APP_USUAL_H

#include "app/app.h"

/* Works for about `budget_ns` on what is asked; true while there is more to do. */
bool app_usual_step(struct app *a, uint64_t budget_ns);
void app_usual_init(struct app *a);
void app_usual_release(struct app *a);
void app_usual_draw(struct app *a, struct area area);

#endif
