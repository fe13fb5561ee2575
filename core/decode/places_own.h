/* places_own.h - which address is an interface's own. Private to decode. */
#ifndef ENITOP_PLACES_OWN_H
#define ENITOP_PLACES_OWN_H

#include "decode/places.h"

/* Of an interface whose address is plain one row of so many is counted. */
#define PLACE_EACH 16u
/* Whether of both families, as far as there were rows, many were counted and nearly all had one
 * address. */
bool votes_are_plain(const struct place_votes votes[2]);
/* Whether of some family an address is in nearly all rows, be it alone or not. */
bool votes_have_most(const struct place_votes votes[2]);
/* Counts the addresses of a row that may be the interface's, NULL: none, for their families. */
void votes_count(struct place_votes votes[2], const uint8_t *const address[2]);
/* The address that is in nearly all of them, and no other in as many; NULL: there is none. */
const uint8_t *votes_winner(const struct place_votes *v);
/* Those that are in nearly all of them; `only`: there never were others. */
unsigned votes_most(const struct place_votes *v, const uint8_t *top[PLACE_CANDIDATES], bool *only);

#endif
