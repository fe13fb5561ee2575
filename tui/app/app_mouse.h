/* app_mouse.h - what a mouse does on the screen. Each is what keys do too. */
#ifndef ENITOP_APP_MOUSE_H
#define ENITOP_APP_MOUSE_H

#include "app/app.h"
#include "term/mouse.h"

void app_mouse(struct app *a, const struct mouse_event *e);

#endif
