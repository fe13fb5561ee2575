/* places_own.h - which address is an interface's own. Private to places*.c. */
#ifndef ENITOP_PLACES_OWN_H
#define ENITOP_PLACES_OWN_H

#include "decode/places.h"

/* Counts the addresses of a row that may be the interface's, NULL: none, for their families. */
void votes_count(struct place_votes votes[2], const uint8_t *const address[2]);

#endif
