/* mmdb_write.c - see mmdb_write.h. By https://maxmind.github.io/MaxMind-DB/: a tree of two
 * 32-bit records a node, sixteen zero bytes, the data, a marker and a map about it all. */
#include "mmdb_write.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/util.h"

#define EMPTY UINT32_MAX
#define DATA 0x80000000u /* an offset in the data section */

struct tree {
	uint32_t (*node)[2];
	size_t n, cap;
};

static uint32_t node_add(struct tree *t)
{
	xgrow((void **)&t->node, &t->cap, t->n + 1, sizeof *t->node);
	t->node[t->n][0] = t->node[t->n][1] = EMPTY;
	return (uint32_t)t->n++;
}

/* IPv4 stands under ::/96. */
static unsigned bits_of(const char *network, unsigned char address[16])
{
	char host[64];
	const char *slash = strchr(network, '/');
	unsigned bits = (unsigned)atoi(slash + 1);

	snprintf(host, sizeof host, "%.*s", (int)(slash - network), network);
	memset(address, 0, 16);
	if (inet_pton(AF_INET, host, address + 12) == 1)
		return bits + 96;
	inet_pton(AF_INET6, host, address);
	return bits;
}

static void tree_put(struct tree *t, const char *network, uint32_t value)
{
	unsigned char a[16];
	unsigned bits = bits_of(network, a);
	uint32_t at = 0;

	for (unsigned i = 0; i + 1 < bits; i++) {
		unsigned bit = a[i / 8] >> (7 - i % 8) & 1;
		if (t->node[at][bit] == EMPTY) {
			uint32_t next = node_add(t);
			t->node[at][bit] = next;
		}
		at = t->node[at][bit];
	}
	t->node[at][a[(bits - 1) / 8] >> (7 - (bits - 1) % 8) & 1] = value | DATA;
}

/* ---- values ---- */

enum { UTF8 = 2, UINT16 = 5, UINT32 = 6, MAP = 7, UINT64 = 9, ARRAY = 11 };

static void head(struct buf *b, unsigned type, unsigned size)
{
	buf_putc(b, (char)((type < 8 ? type << 5 : 0) | size));
	if (type >= 8)
		buf_putc(b, (char)(type - 7));
}

static void text(struct buf *b, const char *s)
{
	size_t n = strlen(s);

	head(b, UTF8, n < 29 ? (unsigned)n : 29);
	if (n >= 29)
		buf_putc(b, (char)(n - 29));
	buf_puts(b, s);
}

static void number(struct buf *b, unsigned type, uint64_t v)
{
	char bytes[8];
	unsigned n = 0;

	for (int i = 7; i >= 0; i--)
		if (n || v >> 8 * i & 255)
			bytes[n++] = (char)(v >> 8 * i & 255);
	head(b, type, n);
	buf_add(b, bytes, n);
}

static void geolite(struct buf *b, const struct mmdb_network *x)
{
	head(b, MAP, (x->country != NULL) + 2 * (x->as != 0));
	if (x->country) {
		text(b, "country");
		head(b, MAP, 1);
		text(b, "iso_code");
		text(b, x->country);
	}
	if (x->as) {
		text(b, "autonomous_system_number");
		number(b, UINT32, x->as);
		text(b, "autonomous_system_organization");
		text(b, x->org);
	}
}

static void ipinfo(struct buf *b, const struct mmdb_network *x)
{
	char asn[16];

	head(b, MAP, (x->country != NULL) + 2 * (x->as != 0));
	if (x->country) {
		text(b, "country_code");
		text(b, x->country);
	}
	if (x->as) {
		snprintf(asn, sizeof asn, "AS%u", x->as);
		text(b, "asn");
		text(b, asn);
		text(b, "as_name");
		text(b, x->org);
	}
}

static void metadata(struct buf *b, size_t nodes)
{
	buf_puts(b, "\xab\xcd\xefMaxMind.com");
	head(b, MAP, 9);
	text(b, "binary_format_major_version");
	number(b, UINT16, 2);
	text(b, "binary_format_minor_version");
	number(b, UINT16, 0);
	text(b, "build_epoch");
	number(b, UINT64, 1700000000);
	text(b, "database_type");
	text(b, "enitop-test");
	text(b, "description");
	head(b, MAP, 0);
	text(b, "ip_version");
	number(b, UINT16, 6);
	text(b, "languages");
	head(b, ARRAY, 0);
	text(b, "node_count");
	number(b, UINT32, nodes);
	text(b, "record_size");
	number(b, UINT16, 32);
}

bool mmdb_write(const char *path, enum mmdb_layout layout, const struct mmdb_network *network,
		size_t n)
{
	struct tree t = { 0 };
	struct buf data = { 0 }, out = { 0 };
	FILE *f = fopen(path, "wb");
	bool good;

	node_add(&t);
	for (size_t i = 0; i < n; i++) {
		tree_put(&t, network[i].network, (uint32_t)data.n);
		(layout == MMDB_IPINFO ? ipinfo : geolite)(&data, &network[i]);
	}
	for (size_t i = 0; i < t.n; i++)
		for (int side = 0; side < 2; side++) {
			uint32_t v = t.node[i][side];
			v = v == EMPTY ? (uint32_t)t.n
			    : v & DATA ? (v & ~DATA) + (uint32_t)t.n + 16
				       : v;
			v = htonl(v);
			buf_add(&out, &v, 4);
		}
	buf_add(&out, (char[16]){ 0 }, 16);
	buf_add_str(&out, buf_str(&data));
	metadata(&out, t.n);
	good = f && fwrite(out.s, 1, out.n, f) == out.n;
	good = f && fclose(f) == 0 && good;
	buf_release(&data);
	buf_release(&out);
	free(t.node);
	return good;
}
