/* sql_ask_key.c - see sql_ask_key.h. Hexadecimal digits stand in the order of the bytes that they are
 * of, whichever way a server keeps them. */
#include "output/sql_ask_key.h"

#include <stdio.h>

#define DIGITS 32 /* of an address */

static const char *hex(struct sql *s, const char *address)
{
	return sql_format(s, "hex(%s)", sql_say(s, SQL_ADDRESS, address));
}

/* The first `bits` of digits, the rest of them 0. */
static const char *masked(struct sql *s, const char *digits, unsigned bits)
{
	unsigned whole = bits / 4, part = bits % 4;
	const char *some = sql_format(s, "substring(%s, 1, %u)", digits, whole), *digit = "''";

	if (bits >= 128)
		return digits;
	if (part)
		digit = sql_format(s,
				   "substring('0123456789ABCDEF', toUInt8(bitAnd(toUInt8(position("
				   "'0123456789ABCDEF', substring(%s, %u, 1)) - 1), %u)) + 1, 1)",
				   digits, whole + 1, 0xfu & 0xfu << (4 - part));
	return sql_format(s, "concat(%s, %s, '%0*d')", some, digit,
			  (int)(DIGITS - whole - (part > 0)), 0);
}

static const char *network(struct sql *s, const char *address, const uint8_t bits[2])
{
	const char *digits = hex(s, address);

	return sql_format(s, "if(substring(%s, 1, 24) = '00000000000000000000FFFF', %s, %s)",
			  digits, masked(s, digits, bits[0] ? 96u + bits[0] : 128),
			  masked(s, digits, bits[1] ? bits[1] : 128));
}

/* '-' stands before every digit. */
static const char *pair(struct sql *s)
{
	const char *x = sql_value(s, FIELD_SRCADDR), *y = sql_value(s, FIELD_DSTADDR);
	const char *a = sql_format(s, "coalesce(%s, '-')", hex(s, x));
	const char *b = sql_format(s, "coalesce(%s, '-')", hex(s, y));

	return sql_format(s,
			  "nullIf(if(%s <= %s, concat(%s, ' ', %s), concat(%s, ' ', %s)), '- -')",
			  a, b, a, b, b, a);
}

const char *sql_ask_key(struct sql *s, const struct group *g, unsigned part)
{
	int field = g->field[part];
	const char *value;

	if (field == FIELD_PAIR)
		return pair(s);
	if (field == FIELD_BIN) {
		sql_refuse(s,
			   "groups by time are not asked of a server: --view timeline, or --trend");
		return "";
	}
	value = sql_value(s, field);
	switch (group_part_type(g, part)) {
	case TYPE_NETWORK:
		return network(s, value, g->bits[part]);
	case TYPE_ADDRESS:
		return hex(s, value);
	default:
		return value;
	}
}
