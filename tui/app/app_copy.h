/* app_copy.h - `y`: what is selected, for the clipboard or to be selected by hand. */
#ifndef ENITOP_APP_COPY_H
#define ENITOP_APP_COPY_H

#include "app/app.h"

/* Whether it took the key. */
bool app_copy_key(struct app *a, int key);
/* While it asks as what: its line in place of the footer; whether it drew it. */
bool app_copy_footer(const struct app *a, struct area area, int y);
/* The text alone, on the whole screen; whether it drew that. */
bool app_copy_draw(struct app *a, struct area all);
void app_copy_release(struct app *a);

#endif
