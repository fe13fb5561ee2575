/* label_field.h - which label of what a derived field is: "client-country" is that of the
 * source, or of the destination where the source serves. */
#ifndef ENITOP_LABEL_FIELD_H
#define ENITOP_LABEL_FIELD_H

#include "labels/labels.h"
#include "schema/sides.h"

struct label_field {
	enum label_of {
		LABEL_OF_ADDRESS,
		LABEL_OF_TEXT,  /* an interface or account */
		LABEL_OF_SCOPES /* of both sides: internal when both are */
	} of;
	enum label label;
	struct sides sides; /* the fields whose values it is of */
};

/* False when the field is no label. */
bool label_field_get(int field, struct label_field *out);
/* Whether its values are labels, which are UTF-8, as no other text is. */
bool field_is_label(int field);

/* The columns whose values a label is of, or in which any other field is: either may be one
 * that a segment lacks. */
struct sides label_field_sides(int field);
/* Whether the label of the field answers to more than one text: an AS to its number. */
bool label_field_is_as(int field);

/* Adds the fields of records that a known field, derived ones included, is made of. False: the
 * field is not known, so every column may be meant. */
bool field_wants(int field, struct field_set *out);
/* Whether all fields are among them that are wanted for sides: else nobody asks which side serves.
 * `more`: those that tell it besides and are not wanted. */
bool fields_tell_sides(const struct field_set *wanted, struct field_set *more);

/* Values, by their ids in the dictionary, to their labels, in place. DICT_NONE where there
 * is none. `other` are the ids of the opposite side: for LABEL_OF_SCOPES only. */
void label_field_ids(const struct dict *d, const struct label_field *f, uint32_t *id,
		     const uint32_t *other, uint32_t n);
/* One value. */
uint32_t label_field_id(const struct dict *d, const struct label_field *f, uint32_t id,
			uint32_t other);

#endif
