/* layer.h - what lies on top of the screen, and has the keys. */
#ifndef ENITOP_LAYER_H
#define ENITOP_LAYER_H

#include "state/app_state.h"

enum layer layer_on_top(const struct app *a);
/* The same, were the help not open and nothing typed. */
enum layer layer_below_help(const struct app *a);

#endif
