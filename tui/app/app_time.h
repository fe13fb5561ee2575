/* app_time.h - the window as it is typed, and time travel. */
#ifndef ENITOP_APP_TIME_H
#define ENITOP_APP_TIME_H

#include "app/app.h"

/* " HISTORY 02:45:00-03:00:00Z, 25m before now; ] forward, End live " */
char *app_banner(const struct app *a, char *out, size_t size);

/* Whether there is something older to go back to. */
bool app_goes_older(const struct app *a);
/* A key while a window is typed; whether what is typed is one. */
bool app_ask_is_typed(const struct app *a);
void app_ask_key(struct app *a, int key);
/* The line in which it is, instead of the filter bar. */
void app_ask_draw(struct app *a, struct area area, int y);

#endif
