/* app_names.h - names are read again when their files change. */
#ifndef ENITOP_APP_NAMES_H
#define ENITOP_APP_NAMES_H

#include "app/app.h"

/* Reads the files of --names again; what they say wrong, or that one can't be read, is the
 * message. */
void app_reload_names(struct app *a);
/* Looks every few seconds, on another thread, whether a file of --names has changed. NULL:
 * there is none. Stop it before the loop closes: it frees itself there. */
struct names_watch *names_watch_new(struct app *a, uv_loop_t *loop);
void names_watch_stop(struct names_watch *w);

#endif
