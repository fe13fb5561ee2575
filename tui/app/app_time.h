/* app_time.h - the window as it is typed, and time travel. */
#ifndef ENITOP_APP_TIME_H
#define ENITOP_APP_TIME_H

#include "app/app.h"

/* " HISTORY 02:45:00-03:00:00Z, 25m before now; ] forward, End live " */
char *app_banner(const struct app *a, char *out, size_t size);

/* A key while a window is typed. */
void app_ask_key(struct app *a, int key);
/* The line in which it is, instead of the filter bar. */
void app_ask_draw(struct app *a, struct area area, int y);

#endif
