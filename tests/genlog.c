/* genlog - writes synthetic flow log lines to standard output, for shell tests and
 * benchmarks.
 *
 * genlog [-n LINES] [-s SEED] [-t START_EPOCH] [-r RECORDS_PER_SECOND] [-a ADDRESSES]
 *        [-f EACH] [-5] [-e] [-q] [-H] [-S] [-6] [-F]
 *   -5 the demo's 29 fields instead of the default 14, -H with a header line,
 *   -e every address equally often, -q without incidents,
 *   -f each so many-th record is one to be found: refused, from 10.0.0.0/8 to port 443 of
 *      10.0.0.0/14, where the demo has none,
 *   -S each record comes from an address of its own: a scan from everywhere,
 *   -6 the same in IPv6, -F in IPv6 that is chosen against a hash without a key: high half * 31
 *   ^ low half is the same for all */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/address.h"
#include "base/hash.h"
#include "input/demo.h"

/* Where the fields stand, in both formats. */
enum { SRCADDR = 3, DSTADDR = 4, DSTPORT = 6, ACTION = 12, CHANGED = ACTION + 1 };

struct genlog {
	uint64_t each; /* -f; 0: none */
	bool scan;     /* -S */
	bool six;      /* -6 */
	bool flood;    /* -F */
	uint64_t lines;
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

static void put_line(struct genlog *g, struct str line)
{
	const char *as[CHANGED] = { 0 };
	char src[46], dst[32];
	uint64_t n = g->lines++, h;

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
static void put_lines(struct genlog *g, struct str text, uint64_t wanted)
{
	const char *p = text.s, *end = p + text.n;

	buf_clear(&g->out);
	while (g->lines < wanted && p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		put_line(g, (struct str){ p, (size_t)(newline - p) });
		p = newline + 1;
	}
	if (g->out.n)
		fwrite(g->out.s, 1, g->out.n, stdout);
}

int main(int argc, char **argv)
{
	struct demo_options o = { .seed = 1, .start_s = 1700000000, .v2 = true };
	unsigned long long lines = 1000;
	bool header = false;
	struct genlog g = { 0 };
	struct buf text = { 0 };
	int c;

	while ((c = getopt(argc, argv, "n:s:t:r:a:f:5eqHS6F")) != -1)
		switch (c) {
		case 'n':
			lines = strtoull(optarg, NULL, 10);
			break;
		case 's':
			o.seed = strtoull(optarg, NULL, 10);
			break;
		case 't':
			o.start_s = strtoll(optarg, NULL, 10);
			break;
		case 'r':
			o.flows_per_s = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'a':
			o.peers = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'f':
			g.each = strtoull(optarg, NULL, 10);
			break;
		case '5':
			o.v2 = false;
			break;
		case 'e':
			o.even = true;
			break;
		case 'q':
			o.quiet = true;
			break;
		case 'H':
			header = true;
			break;
		case 'S':
			g.scan = true;
			break;
		case 'F':
			g.flood = true;
			/* fallthrough */
		case '6':
			g.six = true;
			break;
		default:
			return 2;
		}
	struct demo *d = demo_new(&o);
	if (header)
		puts(demo_header(d));
	for (int64_t t = o.start_s + 1; g.lines < lines; t++) {
		buf_clear(&text);
		demo_until(d, t, &text);
		put_lines(&g, buf_str(&text), lines);
	}
	buf_release(&text);
	buf_release(&g.out);
	demo_free(d);
	return fflush(stdout) != 0;
}
