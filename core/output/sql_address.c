/* sql_address.c - conditions on addresses, which all three engines keep as text. */
#include <stdio.h>
#include <string.h>

#include "output/sql_private.h"

/* The prefix length of a network, -1 when the range is none. */
static int prefix_of(const uint8_t from[16], const uint8_t to[16])
{
	int bits = 0;

	while (bits < 128 && !((from[bits / 8] ^ to[bits / 8]) >> (7 - bits % 8) & 1))
		bits++;
	for (int i = bits; i < 128; i++)
		if ((from[i / 8] >> (7 - i % 8) & 1) || !(to[i / 8] >> (7 - i % 8) & 1))
			return -1;
	return bits;
}

static const char *address_text(struct sql *s, const uint8_t address[16])
{
	char out[64];
	size_t n = address_format(address, out);

	return sql_text(s, (struct str){ out, n });
}

static const char *in_network(struct sql *s, const char *address, const uint8_t from[16], int bits)
{
	bool v4 = address_is_v4(from) && bits >= 96;
	char text[64], net[72];
	size_t n = address_format(from, text);

	if (bits < 0) {
		sql_refuse(s, "%s knows networks, not ranges of addresses",
			   sql_engine_name(s->engine));
		return "";
	}
	snprintf(net, sizeof net, "%.*s/%d", (int)n, text, v4 ? bits - 96 : bits);
	return sql_say(s, v4 ? SQL_IN_IPV4 : SQL_IN_IPV6, address, sql_text(s, str_of(net)));
}

static const char *in_range(struct sql *s, const char *address, const uint8_t from[16],
			    const uint8_t to[16])
{
	return sql_say(s, SQL_BETWEEN, sql_say(s, SQL_ADDRESS, address),
		       sql_say(s, SQL_ADDRESS_IS, address_text(s, from)),
		       sql_say(s, SQL_ADDRESS_IS, address_text(s, to)));
}

const char *sql_between(struct sql *s, const char *address, const uint8_t from[16],
			const uint8_t to[16])
{
	static const uint8_t v4_first[16] = { [10] = 0xff, [11] = 0xff };
	static const uint8_t v4_last[16] = {
		[10] = 0xff, [11] = 0xff, [12] = 0xff, [13] = 0xff, [14] = 0xff, [15] = 0xff
	};
	const char *all;

	/* An IPv4 address has one spelling. */
	if (memcmp(from, to, 16) == 0 && !(s->ask->server && !address_is_v4(from)))
		return sql_format(s, "%s = %s", address, address_text(s, from));
	if (!sql_can(s, SQL_ADDRESS))
		return in_network(s, address, from, prefix_of(from, to));
	all = in_range(s, address, from, to);
	/* The functions of Athena and ClickHouse order IPv4 amid IPv6, of which the range is. */
	if (memcmp(from, v4_first, 16) < 0 && memcmp(to, v4_last, 16) > 0)
		return sql_format(s, "%s and not %s", all, in_range(s, address, v4_first, v4_last));
	return all;
}
