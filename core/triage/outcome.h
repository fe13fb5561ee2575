/* outcome.h - what became of a try, from all of its records. Private to tries*.c. */
#ifndef ENITOP_OUTCOME_H
#define ENITOP_OUTCOME_H

#include "triage/tries.h"

#define SYNS_MAX 7u     /* of a request in one interval: Linux sends no more in two minutes */
#define LATE_PACKETS 3u /* that still come when a connection has ended */

/* Sets `outcome`, `half` and `when`. `client_complete`: the log has all that the client's own
 * interface saw then. */
void outcome_judge(struct attempt *a, bool tcp, bool v6, bool client_complete);

#endif
