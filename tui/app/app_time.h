/* app_time.h - times on screen, the window as it is typed, time travel, and the cursor of
 * the timeline. */
#ifndef ENITOP_APP_TIME_H
#define ENITOP_APP_TIME_H

#include "app/app.h"

/* The zone of a time: "Z", or with --local what it is called then: " CET". */
char *app_zone(const struct app *a, int64_t s, char *out, size_t size);
/* "23:13:19Z"; with its date where that is not the one of log time. */
char *app_stamp(const struct app *a, int64_t s, char *out, size_t size);
/* The same, with its date where the clock on the wall has another one: for log time. */
char *app_now(const struct app *a, int64_t now, char *out, size_t size);
/* "02:45:00-03:00:00Z", with dates and two zones where they differ. */
char *app_range(const struct app *a, int64_t from, int64_t to, char *out, size_t size);
/* Always with its date and zone. */
char *app_dated(const struct app *a, int64_t s, char *out, size_t size);
/* Whether a time is not of the day of log time. */
bool app_other_day(const struct app *a, int64_t s);

/* Whether a span that stands still is looked at. */
bool app_travels(const struct app *a);
/* " HISTORY 02:45:00-03:00:00Z, 25m before now; ] forward, End live " */
char *app_banner(const struct app *a, char *out, size_t size);

/* A key while a window is typed. */
void app_ask_key(struct app *a, int key);
/* The line in which it is, instead of the filter bar. */
void app_ask_draw(struct app *a, struct area area, int y);

/* Puts window and span of a step in force again. */
void app_restore_time(struct app *a, const struct step *s);
/* Moves the cursor of the timeline by bars. */
void app_cursor_move(struct app *a, int by);
/* The window becomes the marked bars of the timeline. */
void app_zoom_in(struct app *a);

#endif
