/* dict.h - values interned to ids across segments: addresses and text.
 *
 * Entries live in pages that never move and are found through shards that grow
 * alone (dict_index.h). `refs` counts the segment tables that hold an id; at none the id is
 * reused. The loop thread owns it; a worker may read an id that a segment in
 * its hands refers to. */
#ifndef ENITOP_DICT_H
#define ENITOP_DICT_H

#include "base/address.h"

#define DICT_NONE 0u /* no value: '-', or text that is no address */

/* Text ids that are always there, in this order. */
enum { TEXT_ACCEPT = 1, TEXT_REJECT, TEXT_OK, TEXT_NODATA, TEXT_SKIPDATA, TEXT_FIXED };

struct dict *dict_new(void);
void dict_free(struct dict *d);
/* The dictionary is about to be freed, with all that has references: those given back from
 * here on are not counted, which takes as long as reading did. */
void dict_retire(struct dict *d);

/* The id of an address (network order, IPv4 as ::ffff:a.b.c.d) or a text,
 * adding it if need be; takes one reference. */
uint32_t dict_address_ref(struct dict *d, const uint8_t address[16]);
uint32_t dict_text_ref(struct dict *d, struct str text);
/* The id of an address or a text that is there already, without a reference: it holds for as
 * long as somebody else keeps one. DICT_NONE: it is not there. */
uint32_t dict_address_find(const struct dict *d, const uint8_t address[16]);
uint32_t dict_text_find(const struct dict *d, struct str text);
/* Starts fetching what a following dict_address_ref(address) will read. */
void dict_address_prefetch(const struct dict *d, const uint8_t address[16]);
/* One more reference to ids that are there; id DICT_NONE is ignored. */
void dict_address_keep(struct dict *d, uint32_t id);
void dict_text_keep(struct dict *d, uint32_t id);
/* Gives a reference back; DICT_NONE is ignored; the fixed texts
 * always stay. */
void dict_address_unref(struct dict *d, uint32_t id);
void dict_text_unref(struct dict *d, uint32_t id);
/* Those of n addresses: faster than one by one, whose every one waits for memory. */
void dict_address_unref_all(struct dict *d, const uint32_t *id, uint32_t n);

/* The value of an id; DICT_NONE gives NULL and the empty slice. */
const uint8_t *dict_address(const struct dict *d, uint32_t id);
struct str dict_text(const struct dict *d, uint32_t id);

/* Room for what is known of a value, DICT_NOTES words of it (`kind`), 0 until they are
 * set and again when the id is given away. id must not be DICT_NONE. Loop thread; valid
 * until the next unref. */
#define DICT_NOTES 6
uint32_t *dict_address_note(struct dict *d, unsigned kind, uint32_t id);
uint32_t *dict_text_note(struct dict *d, unsigned kind, uint32_t id);
/* Makes those of one kind of addresses and one of texts 0 again. */
void dict_notes_clear(struct dict *d, unsigned address_kind, unsigned text_kind);

/* What is known of its values offline (labels.h); NULL: nothing. Not owned. */
struct labels;
void dict_set_labels(struct dict *d, struct labels *l);
struct labels *dict_labels(const struct dict *d);

/* Number of values, and every byte held for them. */
size_t dict_count(const struct dict *d);
size_t dict_bytes(const struct dict *d);
/* Of those the ones that values take which are there: others will take the rest. */
size_t dict_used(const struct dict *d);

#endif
