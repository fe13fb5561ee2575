/* app_findings.h - judges what is wrong while nobody waits for something else, sums the strips, and
 * shows a finding's page. */
#ifndef ENITOP_APP_FINDINGS_H
#define ENITOP_APP_FINDINGS_H

#include "app/app.h"

/* Works for about `budget_ns`; true while there is more to do. */
bool app_findings_step(struct app *a, uint64_t budget_ns);
/* All that was there has been read: what was judged before, of history that comes the newest first, is
 * judged anew. */
void app_findings_caught_up(struct app *a);
size_t app_findings_bytes(const struct app *a);
void app_findings_init(struct app *a);
void app_findings_release(struct app *a);

/* The page of the next one in the list (by 1), or of the one before (-1); whether there is one. */
void app_finding_step(struct app *a, int by);
bool app_finding_steps(const struct app *a, int by);

/* A key while something is asked; false: nothing is. */
bool app_findings_key(struct app *a, int key);
/* The line in which it is. */
void app_findings_prompt_draw(struct app *a, struct area area, int y);
/* The page that is open. */
void app_finding_draw(struct app *a, struct area area);

#endif
