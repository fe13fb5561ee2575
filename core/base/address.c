/* address.c - see address.h. */
#include "base/address.h"

#include <arpa/inet.h>
#include <endian.h>
#include <string.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

/* Which bytes are dots, the first one the lowest bit. */
static unsigned dots_of(uint64_t text)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), low = 0x7f * ones;
	uint64_t other = text ^ '.' * ones, is = ~(((other & low) + low) | other | low) >> 7;

	return (unsigned)(is * UINT64_C(0x0102040810204080) >> 56);
}

/* The octet of so many digits that end a word's three lower bytes; 256 and more: it is none. */
static uint32_t octet_of(uint32_t text, unsigned digits)
{
	static const uint32_t keep[4] = { 0, 0xff0000, 0xffff00, 0xffffff };
	static const uint32_t least[4] = { 1000, 0, 10, 100 }; /* no zero leads */
	uint32_t digit = (text ^ 0x303030) & keep[digits & 3];
	uint32_t v = (digit & 0xff) * 100 + (digit >> 8 & 0xff) * 10 + (digit >> 16);
	uint32_t bad = (digits > 3) | (v < least[digits & 3]);

	bad |= ((digit + 0x767676) | digit) & 0x808080; /* beyond '9' */
	return v | bad << 8;
}

static uint32_t load_4(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return le32toh(v);
}

/* Without a branch on how many digits an octet has, which can't be foretold: where the dots
 * are says it of all four. */
bool address_parse_v4_words(struct str text, uint64_t low, uint64_t high, uint8_t out[16])
{
	unsigned dots = dots_of(le64toh(low)) | dots_of(le64toh(high)) << 8, end[4];
	uint32_t a, b, c, d;

	if (text.n < 7 || text.n > 15 || bit_count(dots) != 3)
		return false;
	for (int i = 0; i < 3; i++, dots &= dots - 1)
		end[i] = (unsigned)__builtin_ctz(dots);
	end[3] = (unsigned)text.n;
	if (end[1] < 3)
		return false;
	a = octet_of(load_4(text.s) << 8 * ((3 - end[0]) & 3), end[0]);
	b = octet_of(load_4(text.s + end[1] - 3), end[1] - end[0] - 1);
	c = octet_of(load_4(text.s + end[2] - 3), end[2] - end[1] - 1);
	d = octet_of(load_4(text.s + end[3] - 4) >> 8, end[3] - end[2] - 1);
	if ((a | b | c | d) > 255)
		return false;
	memcpy(out, v4_prefix, sizeof v4_prefix);
	a = htobe32(a << 24 | b << 16 | c << 8 | d);
	memcpy(out + 12, &a, sizeof a);
	return true;
}

bool address_parse_v4(struct str text, uint8_t out[16])
{
	uint64_t head[2] = { 0 };

	if (text.n > 15)
		return false;
	if (text.n)
		memcpy(head, text.s, text.n);
	return address_parse_v4_words(text, head[0], head[1], out);
}

bool address_parse(struct str text, uint8_t out[16])
{
	char copy[INET6_ADDRSTRLEN];

	if (address_parse_v4(text, out))
		return true;
	if (text.n == 0 || text.n >= sizeof copy || memchr(text.s, '\0', text.n))
		return false;
	memcpy(copy, text.s, text.n);
	copy[text.n] = '\0';
	return inet_pton(AF_INET6, copy, out) == 1;
}

bool address_is_v4(const uint8_t address[16])
{
	return memcmp(address, v4_prefix, sizeof v4_prefix) == 0;
}

static char *octet(char *p, unsigned v)
{
	if (v >= 100)
		*p++ = (char)('0' + v / 100);
	if (v >= 10)
		*p++ = (char)('0' + v / 10 % 10);
	*p++ = (char)('0' + v % 10);
	return p;
}

size_t address_format(const uint8_t address[16], char out[46])
{
	char *p = out;

	if (!address_is_v4(address)) {
		if (!inet_ntop(AF_INET6, address, out, 46))
			out[0] = '\0';
		return strlen(out);
	}
	for (int i = 12; i < 16; i++) {
		if (i > 12)
			*p++ = '.';
		p = octet(p, address[i]);
	}
	*p = '\0';
	return (size_t)(p - out);
}
