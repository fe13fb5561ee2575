/* sides.c - see sides.h. */
#include "schema/sides.h"

static const struct sides table[] = {
	{ FIELD_CLIENT, FIELD_SRCADDR, FIELD_DSTADDR, false },
	{ FIELD_SERVER, FIELD_DSTADDR, FIELD_SRCADDR, false },
	{ FIELD_SERVICE, FIELD_DSTPORT, FIELD_SRCPORT, false },
	{ FIELD_PAIR, FIELD_SRCADDR, FIELD_DSTADDR, true },
};

struct sides sides_of(int field)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].field == field)
			return table[i];
	return (struct sides){ field, field, field, false };
}
