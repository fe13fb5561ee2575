/* address.c - see address.h. */
#include "address.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t v4_prefix[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

bool address_parse_v4(struct str text, uint8_t out[16])
{
	const char *p = text.s, *end = text.s + text.n;
	uint8_t octet[4];

	for (int i = 0; i < 4; i++) {
		unsigned v = 0, digits = 0;
		if (i && (p == end || *p++ != '.'))
			return false;
		for (; p < end && (unsigned char)(*p - '0') <= 9 && digits < 4; digits++)
			v = v * 10 + (unsigned char)(*p++ - '0');
		if (digits == 0 || v > 255 || (digits > 1 && p[-(int)digits] == '0'))
			return false;
		octet[i] = (uint8_t)v;
	}
	if (p != end)
		return false;
	memcpy(out, v4_prefix, sizeof v4_prefix);
	memcpy(out + 12, octet, sizeof octet);
	return true;
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
