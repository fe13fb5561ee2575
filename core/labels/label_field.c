/* label_field.c - see label_field.h. */
#include "labels/label_field.h"

bool label_field_get(int field, struct label_field *out)
{
	/* In the order of LABEL_FIELDS. */
	static const int of_side[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_CLIENT, FIELD_SERVER };

	*out = (struct label_field){ 0 };
	if (field >= FIELD_SRC_NAME && field < FIELD_SCOPE) {
		out->label = (enum label)((field - FIELD_SRC_NAME) % LABELS);
		out->sides = sides_of(of_side[(field - FIELD_SRC_NAME) / LABELS]);
	} else if (field == FIELD_SCOPE) {
		out->of = LABEL_OF_SCOPES;
		out->label = LABEL_SCOPE;
		out->sides = sides_of(FIELD_PAIR);
	} else if (field == FIELD_INTERFACE_NAME || field == FIELD_ACCOUNT_NAME) {
		out->of = LABEL_OF_TEXT;
		out->sides = sides_of(field == FIELD_ACCOUNT_NAME ? FIELD_ACCOUNT_ID
								  : FIELD_INTERFACE_ID);
	} else {
		return false;
	}
	return true;
}

bool field_is_label(int field)
{
	struct label_field unused;

	return label_field_get(field, &unused);
}

struct sides label_field_sides(int field)
{
	struct label_field f;

	return label_field_get(field, &f) ? f.sides : sides_of(field);
}

bool label_field_is_as(int field)
{
	struct label_field f;

	return label_field_get(field, &f) && f.of == LABEL_OF_ADDRESS && f.label == LABEL_AS;
}

/* What tells which side serves: the flags, the ports, and who else was seen with them. */
static const int side_fields[] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_SRCPORT, FIELD_DSTPORT,
				   FIELD_TCP_FLAGS };

/* And what an interface let out before it refused: nobody else looks at these for it. */
static const int way_fields[] = { FIELD_INTERFACE_ID, FIELD_FLOW_DIRECTION, FIELD_PROTOCOL };

static void want_sides(struct field_set *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(side_fields); i++)
		out->has[side_fields[i]] = true;
}

bool fields_tell_sides(const struct field_set *wanted, struct field_set *more)
{
	bool all = true;

	*more = (struct field_set){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(side_fields); i++)
		all &= wanted->has[side_fields[i]];
	for (size_t i = 0; all && i < ARRAY_SIZE(way_fields); i++)
		more->has[way_fields[i]] = !wanted->has[way_fields[i]];
	return all;
}

bool field_wants(int field, struct field_set *out)
{
	struct sides sides = label_field_sides(field);

	if (field == FIELD_BIN) {
		out->has[FIELD_START] = out->has[FIELD_END] = true;
		return true;
	}
	if (sides.asking < 0 || sides.asking >= FIELDS_PUBLISHED)
		return false;
	out->has[sides.asking] = out->has[sides.serving] = true;
	/* The flow's scope is the same whichever side serves; what a pair sent is not. */
	if (sides_differ(sides) && field != FIELD_SCOPE)
		want_sides(out);
	return true;
}

uint32_t label_field_id(const struct dict *d, const struct label_field *f, uint32_t id,
			uint32_t other)
{
	struct labels *l = dict_labels(d);
	uint32_t label;

	if (!l)
		return DICT_NONE;
	if (f->of == LABEL_OF_TEXT)
		return labels_of_text(l, id);
	label = labels_of_id(l, f->label, id);
	if (f->of != LABEL_OF_SCOPES || label == DICT_NONE)
		return label;
	other = labels_of_id(l, LABEL_SCOPE, other);
	if (other == DICT_NONE)
		return DICT_NONE;
	/* Two scopes: one of them internet makes the flow so. */
	return labels_is_internal(l, label) ? other : label;
}

void label_field_ids(const struct dict *d, const struct label_field *f, uint32_t *id,
		     const uint32_t *other, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		id[i] = label_field_id(d, f, id[i], other ? other[i] : DICT_NONE);
}
