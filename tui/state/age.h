/* age.h - how old what is held is: logs of another year, and windows that nothing is in. */
#ifndef ENITOP_AGE_H
#define ENITOP_AGE_H

#include "state/app_state.h"

/* How many whole days of the wall clock ago the newest record ended; 0: less than one, or there is
 * none with a time. */
int64_t age_days(const struct app *a);
/* How many flows that are held ended before the window in force begins, whatever the filter. */
uint64_t age_older(struct app *a);
/* Before a frame: where nobody chose the window, nothing ended in it, whatever the filter, and
 * something did before it, all there is is looked at from now on; a->widened_s says so. */
void age_step(struct app *a);

#endif
