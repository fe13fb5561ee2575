/* community_id.c - see community_id.h. */
#include "store/community_id.h"

#include <netinet/in.h>
#include <resolv.h>
#include <string.h>

#ifdef HAVE_LIBMD
#include <sha1.h>
#endif

enum { ICMP = 1, TCP = 6, UDP = 17, ICMPV6 = 58, SCTP = 132 };

/* What is hashed: seed, addresses, protocol, a zero, ports; the smaller end first. */
struct flow_tuple {
	uint8_t bytes[2 + 16 + 16 + 2 + 4];
	size_t n;
};

static void add(struct flow_tuple *t, const void *p, size_t n)
{
	memcpy(t->bytes + t->n, p, n);
	t->n += n;
}

static void add_u16(struct flow_tuple *t, uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	add(t, b, 2);
}

#ifdef HAVE_LIBMD
static const char *hash(const struct flow_tuple *t, char out[COMMUNITY_ID_SIZE])
{
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX sha;

	SHA1Init(&sha);
	SHA1Update(&sha, t->bytes, t->n);
	SHA1Final(digest, &sha);
	memcpy(out, "1:", 2);
	b64_ntop(digest, sizeof digest, out + 2, COMMUNITY_ID_SIZE - 2);
	return NULL;
}
#else
static const char *hash(const struct flow_tuple *t, char out[COMMUNITY_ID_SIZE])
{
	(void)t;
	(void)out;
	return "built without libmd";
}
#endif

const char *community_id(const uint8_t src[16], const uint8_t dst[16], unsigned protocol,
			 uint16_t sport, uint16_t dport, char out[COMMUNITY_ID_SIZE])
{
	bool v4 = address_is_v4(src);
	bool ports = protocol == TCP || protocol == UDP || protocol == SCTP;
	size_t skip = v4 ? 12 : 0;
	struct flow_tuple t = { .n = 0 };

	if (v4 != address_is_v4(dst))
		return "one address is IPv4, the other IPv6";
	if (protocol == ICMP || protocol == ICMPV6)
		return "it needs the ICMP type, which no flow log has";
	int order = memcmp(src, dst, 16);
	bool swap = order > 0 || (order == 0 && ports && sport > dport);
	add_u16(&t, 0);
	add(&t, (swap ? dst : src) + skip, 16 - skip);
	add(&t, (swap ? src : dst) + skip, 16 - skip);
	add(&t, (uint8_t[]){ (uint8_t)protocol, 0 }, 2);
	if (ports) {
		add_u16(&t, swap ? dport : sport);
		add_u16(&t, swap ? sport : dport);
	}
	return hash(&t, out);
}

/* The packet's own address, else that of the interface's record. */
static bool end_address(const struct segment *s, const struct dict *d, uint32_t row, int packet,
			int field, uint8_t out[16])
{
	const struct column *p = segment_column(s, packet), *c = segment_column(s, field);

	return (p && column_address(p, d, column_code(p, row), out)) ||
	       (c && column_address(c, d, column_code(c, row), out));
}

static uint64_t number_of(const struct segment *s, uint32_t row, int field)
{
	const struct column *c = segment_column(s, field);

	return c ? column_number(c, row) : NUMBER_ABSENT;
}

const char *community_id_of(const struct segment *s, const struct dict *d, uint32_t row,
			    char out[COMMUNITY_ID_SIZE])
{
	uint64_t protocol = number_of(s, row, FIELD_PROTOCOL);
	uint64_t sport = number_of(s, row, FIELD_SRCPORT), dport = number_of(s, row, FIELD_DSTPORT);
	uint8_t src[16], dst[16];

	if (!end_address(s, d, row, FIELD_PKT_SRCADDR, FIELD_SRCADDR, src) ||
	    !end_address(s, d, row, FIELD_PKT_DSTADDR, FIELD_DSTADDR, dst))
		return "an address is missing";
	if (protocol > 255)
		return "the protocol is missing";
	if ((protocol == TCP || protocol == UDP || protocol == SCTP) &&
	    (sport > 65535 || dport > 65535))
		return "a port is missing";
	return community_id(src, dst, (unsigned)protocol, (uint16_t)sport, (uint16_t)dport, out);
}
