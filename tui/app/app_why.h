/* app_why.h - the page that says why a row fails, or that it does not. */
#ifndef ENITOP_APP_WHY_H
#define ENITOP_APP_WHY_H

#include "app/app.h"

/* Works for about `budget_ns` on what is asked; true while there is more to do. */
bool app_why_step(struct app *a, uint64_t budget_ns);
size_t app_why_bytes(const struct app *a);
void app_why_release(struct app *a);

/* A key while a question is typed; false: none is. */
bool app_why_key(struct app *a, int key);
void app_why_draw(struct app *a, struct area area);
/* The line in which a question is typed. */
void app_why_prompt_draw(struct app *a, struct area area, int y);
/* Whether the selected row, or the record in full, says enough to be asked about; */
bool app_why_asks(struct app *a);
/* and what is typed. */
bool app_why_is_typed(const struct app *a);

#endif
