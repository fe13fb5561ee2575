/* charge.h - what the bytes of a record are charged with, and at which interface's record they are,
 * so that each charge is counted once, whatever else recorded the packets:
 *
 * NAT       what a NAT gateway and its clients send each other, at the gateway's records
 * zone      what goes from an interface to one in another zone, at the sender's record, or where
 *           that is not in the log, at the receiver's; to and from a NAT gateway at the gateway's
 * internet  what is sent to the internet: at the sender's record, or at the NAT gateway's where
 *           it takes its way there, of what comes from the client if records say where it goes on to
 *
 * What is refused, what comes from the internet and what goes to a service of AWS, which is taken
 * to be of the region, costs nothing there. */
#ifndef ENITOP_CHARGE_H
#define ENITOP_CHARGE_H

#include "decode/places.h"
#include "store/charges.h"

/* Sets out[0..n-1] to the charges of rows first..first+n-1 of a published segment, by what the
 * places know: settled, and of these rows added. `second`: bits of second sightings (second.h), bit
 * 0 is row `first`. Loop thread. */
void charges_judge(const struct places *p, const struct segment *s, const struct dict *d,
		   uint32_t first, uint32_t n, const uint64_t *second, uint8_t *out);

/* Charges the rows of a segment from `first` (a multiple of 64) to the `rows`-th on, those before
 * stay as they are. `second`: bits of second sightings, bit 0 is row 0. */
void segment_charge(struct segment *s, const struct places *p, const struct dict *d,
		    const struct prices *prices, uint32_t first, uint32_t rows,
		    const uint64_t *second);
/* Takes those of the first `rows` rows that are charged out of `second`: where costs are added up they
 * count, whoever has the packets besides. */
void segment_keep_charged(const struct segment *s, uint32_t rows, uint64_t *second);
/* Forgets that. */
void segment_discharge(struct segment *s);

/* Zones of two interfaces: -1 it is not known, 0 the same, 1 others. */
int places_zones_differ(const struct places *p, uint32_t a, uint32_t b);

#endif
