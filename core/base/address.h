/* address.h - IP addresses as 16 bytes, in network order, IPv4 as ::ffff:a.b.c.d. */
#ifndef ENITOP_ADDRESS_H
#define ENITOP_ADDRESS_H

#include "base/util.h"

/* IPv4 (dotted quad) or IPv6 text to 16 bytes, IPv4 mapped; false when it is
 * neither. And back in canonical form (RFC 5952), returning the length; `out`
 * holds 46 bytes. */
bool address_parse(struct str text, uint8_t out[16]);
/* The first half of it: a dotted quad, which has but one form; `out` is left alone when it
 * is none. */
bool address_parse_v4(struct str text, uint8_t out[16]);
/* The same of a text whose first 16 bytes are there in two words as well, zero behind it. */
bool address_parse_v4_words(struct str text, uint64_t low, uint64_t high, uint8_t out[16]);
size_t address_format(const uint8_t address[16], char out[46]);
bool address_is_v4(const uint8_t address[16]);

#endif
