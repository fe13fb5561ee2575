/* genlog - writes synthetic flow log lines to standard output, for shell tests and
 * benchmarks.
 *
 * genlog [-n LINES] [-s SEED] [-t START_EPOCH] [-r RECORDS_PER_SECOND] [-a ADDRESSES]
 *        [-f EACH] [-c CONVERSATIONS] [-5] [-e] [-q] [-H] [-S] [-6] [-F] [-T]
 *   -5 the demo's 29 fields instead of the default 14, -H with a header line,
 *   -e every address equally often, -q without incidents,
 *   -T no log but what is hidden in it: rule, "incident" or "decoy", the first and the last minute,
 *      whom it is about, a filter that shows it, between tabs,
 *   -f each so many-th record is one to be found: refused, from 10.0.0.0/8 to port 443 of
 *      10.0.0.0/14, where the demo has none,
 *   -S each record comes from an address of its own: a scan from everywhere,
 *   -6 the same in IPv6, -F in IPv6 that is chosen against a hash without a key: high half * 31
 *   ^ low half is the same for all,
 *   -c each record with addresses is of one of so many conversations (client, its port, server,
 *      service), as a flood or an internet-facing balancer brings: see below. Those that choose
 *      addresses otherwise (-a, -e, -f, -S, -6, -F), or spell them again (-5), are refused.
 *
 * What -c does: a client of its own for each, one of eight servers, either leg as likely. They
 * come by and by, each at its turn once; any other record draws a conversation whose rank r has a
 * weight of 1 / r, of all that there will be. That is Zipf's law with exponent 1, which the flows of
 * backbones and of servers are found to follow by the traffic that they bring. With five records a
 * conversation half of the conversations have one alone, and the first has one record in twenty.
 */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/hash.h"
#include "input/demo.h"

/* Where the fields stand, in both formats. */
enum {
	SRCADDR = 3,
	DSTADDR = 4,
	SRCPORT = 5,
	DSTPORT = 6,
	PROTOCOL = 7,
	ACTION = 12,
	CHANGED = ACTION + 1
};

struct genlog {
	uint64_t each; /* -f; 0: none */
	bool scan;     /* -S */
	bool six;      /* -6 */
	bool flood;    /* -F */
	uint64_t seed;
	uint64_t conversations, begun; /* -c; 0: none; those that have come */
	uint64_t lines, wanted;
	struct buf out;
};

/* Copies a line, with those of its fields replaced that `as` has a text for. */
static void put_changed(struct buf *out, struct str line, const char *const as[CHANGED])
{
	struct str rest = line;

	for (int i = 0; i < CHANGED; i++) {
		struct str field = str_token(&rest);
		buf_add_str(out, as[i] ? str_of(as[i]) : field);
		if (i + 1 < CHANGED)
			buf_putc(out, ' ');
	}
	buf_add_str(out, rest);
	buf_putc(out, '\n');
}

static char *address(char *s, size_t size, unsigned first, uint64_t rest)
{
	snprintf(s, size, "%u.%u.%u.%u", first, (unsigned)(rest >> 16) & 255,
		 (unsigned)(rest >> 8) & 255, (unsigned)rest & 255);
	return s;
}

/* 2001:db8:xxxx:xxxx and 64 bits more; halves as they are loaded from memory. */
static char *address_six(char *s, uint64_t n, bool flood)
{
	uint64_t high = hash_u64(n) << 32 | 0xb80d0120u, low;
	uint8_t address[16];

	low = flood ? high * 31 ^ 0x5eedu : hash_u64(high);
	memcpy(address, &high, 8);
	memcpy(address + 8, &low, 8);
	address_format(address, s);
	return s;
}

/* ---- conversations ---- */

/* Which one the record is of: the next one when that is due, else by rank. */
static uint64_t conversation_of(struct genlog *g, uint64_t n, uint64_t random)
{
	double part = (double)(random >> 11) * 0x1p-53;

	if (g->begun < g->conversations && g->begun * g->wanted <= n * g->conversations)
		return g->begun++;
	return (uint64_t)exp(part * log((double)g->conversations + 1)) - 1;
}

/* No two clients have the same, nor a server's: what it is multiplied by is odd, and the servers
 * are in 10.0.0.0/8. */
static void client_address(char *s, size_t size, uint64_t client)
{
	uint64_t first = 11 + client % 197;

	address(s, size, (unsigned)first, client / 197 * 2654435761u & 0xffffff);
}

static void put_conversation(struct genlog *g, struct str line, uint64_t n)
{
	static const char *const services[] = {
		"443", "443", "443", "443", "443", "80", "80", "25"
	};
	const char *as[CHANGED] = { [PROTOCOL] = "6" };
	uint64_t random = hash_u64(hash_u64(g->seed) + n), c = conversation_of(g, n, random);
	uint64_t client = c, h = hash_u64(hash_u64(g->seed + 1) + client);
	bool back = random & 1;
	char from[32], to[32], port[8];

	client_address(from, sizeof from, client);
	address(to, sizeof to, 10, (h + c) % 8 + 4);
	snprintf(port, sizeof port, "%u", (unsigned)(32768 + (h >> 8) % 16384 + c % 2 * 8192));
	as[back ? DSTADDR : SRCADDR] = from;
	as[back ? SRCADDR : DSTADDR] = to;
	as[back ? DSTPORT : SRCPORT] = port;
	as[back ? SRCPORT : DSTPORT] = services[h >> 32 & 7];
	put_changed(&g->out, line, as);
}

/* Of a minute without records, or whose records were skipped, it says "-". */
static bool has_addresses(struct str line)
{
	struct str rest = line, field = { 0 };

	for (int i = 0; i <= SRCADDR; i++)
		field = str_token(&rest);
	return !str_equal(field, str_of("-"));
}

/* ---- lines ---- */

static void put_line(struct genlog *g, struct str line)
{
	const char *as[CHANGED] = { 0 };
	char src[46], dst[32];
	uint64_t n = g->lines++, h;

	if (g->conversations && has_addresses(line)) {
		put_conversation(g, line, n);
		return;
	}
	if (g->six) {
		as[SRCADDR] = address_six(src, n, g->flood);
	} else if (g->scan) {
		/* An odd factor: no two of 2^32 numbers give the same. */
		h = (n * 2654435761u) & 0xffffffffu;
		as[SRCADDR] = address(src, sizeof src, (unsigned)(h >> 24), h);
	} else if (g->each && n % g->each == g->each / 2) {
		h = hash_u64(n);
		as[SRCADDR] = address(src, sizeof src, 10, h >> 8 & 0x00003f);
		as[DSTADDR] = address(dst, sizeof dst, 10, (h >> 20 & 3) << 16 | (h >> 20 & 0x3f));
		as[DSTPORT] = "443";
		as[ACTION] = "REJECT";
	} else {
		buf_add(&g->out, line.s, line.n + 1);
		return;
	}
	put_changed(&g->out, line, as);
}

/* As many of the lines as are still to come. */
static void put_lines(struct genlog *g, struct str text)
{
	const char *p = text.s, *end = p + text.n;

	buf_clear(&g->out);
	while (g->lines < g->wanted && p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		put_line(g, (struct str){ p, (size_t)(newline - p) });
		p = newline + 1;
	}
	if (g->out.n)
		fwrite(g->out.s, 1, g->out.n, stdout);
}

/* ---- options ---- */

struct options {
	struct demo_options demo;
	bool header;
	bool truth;  /* that instead of a log */
	bool places; /* says where addresses come from, or how often */
};

static bool take_option(int c, struct options *o, struct genlog *g)
{
	o->places |= strchr("a5efSF6", c) != NULL;
	switch (c) {
	case 'n':
		g->wanted = strtoull(optarg, NULL, 10);
		break;
	case 's':
		g->seed = o->demo.seed = strtoull(optarg, NULL, 10);
		break;
	case 't':
		o->demo.start_s = strtoll(optarg, NULL, 10);
		break;
	case 'r':
		o->demo.flows_per_s = (unsigned)strtoul(optarg, NULL, 10);
		break;
	case 'a':
		o->demo.peers = (uint32_t)strtoul(optarg, NULL, 10);
		break;
	case 'f':
		g->each = strtoull(optarg, NULL, 10);
		break;
	case 'c':
		g->conversations = strtoull(optarg, NULL, 10);
		break;
	case '5':
		o->demo.v2 = false;
		break;
	case 'e':
		o->demo.even = true;
		break;
	case 'q':
		o->demo.quiet = true;
		break;
	case 'H':
		o->header = true;
		break;
	case 'S':
		g->scan = true;
		break;
	case 'F':
		g->flood = g->six = true;
		break;
	case '6':
		g->six = true;
		break;
	case 'T':
		o->truth = true;
		break;
	default:
		return false;
	}
	return true;
}

static void put_truth(void)
{
	const struct demo_incident *i;

	for (size_t k = 0; (i = demo_incident(k)); k++)
		printf("%s\t%s\t%u\t%u\t%s\t%s\n", i->rule, i->decoy ? "decoy" : "incident",
		       i->from_minute, i->to_minute, i->party, i->filter);
}

int main(int argc, char **argv)
{
	struct options o = { .demo = { .seed = 1, .start_s = 1700000000, .v2 = true } };
	struct genlog g = { .seed = 1, .wanted = 1000 };
	struct buf text = { 0 };
	int c;

	while ((c = getopt(argc, argv, "n:s:t:r:a:f:c:5eqHS6FT")) != -1)
		if (!take_option(c, &o, &g))
			return 2;
	if (g.conversations && o.places)
		errx(2, "-c says whose records they are: no -a, -e, -f, -S, -6, -F or -5 with it");
	if (o.truth) {
		put_truth();
		return fflush(stdout) != 0;
	}
	struct demo *d = demo_new(&o.demo);
	if (o.header)
		puts(demo_header(d));
	for (int64_t t = o.demo.start_s + 1; g.lines < g.wanted; t++) {
		buf_clear(&text);
		demo_until(d, t, &text);
		put_lines(&g, buf_str(&text));
	}
	if (g.begun < g.conversations)
		errx(1, "not as many records as conversations: %llu have none",
		     (unsigned long long)(g.conversations - g.begun));
	buf_release(&text);
	buf_release(&g.out);
	demo_free(d);
	return fflush(stdout) != 0;
}
