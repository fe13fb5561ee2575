/* genlog - writes synthetic flow log lines to standard output, for shell tests and
 * benchmarks.
 *
 * genlog [-n LINES] [-s SEED] [-t START_EPOCH] [-r RECORDS_PER_SECOND] [-a ADDRESSES]
 *        [-5] [-e] [-q] [-H]
 *   -5 the demo's 29 fields instead of the default 14, -H with a header line,
 *   -e every address equally often, -q without incidents */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "demo.h"

int main(int argc, char **argv)
{
	struct demo_options o = { .seed = 1, .start_s = 1700000000, .v2 = true };
	unsigned long long lines = 1000;
	bool header = false;
	struct buf out = { 0 };
	int c;

	while ((c = getopt(argc, argv, "n:s:t:r:a:5eqH")) != -1)
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
		default:
			return 2;
		}
	struct demo *d = demo_new(&o);
	if (header)
		puts(demo_header(d));
	for (int64_t t = o.start_s + 1; lines; t++) {
		buf_clear(&out);
		demo_until(d, t, &out);
		const char *p = out.s ? out.s : "", *end = p + out.n;
		while (lines && p < end) {
			p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
			lines--;
		}
		if (out.n)
			fwrite(out.s, 1, (size_t)(p - out.s), stdout);
	}
	buf_release(&out);
	demo_free(d);
	return fflush(stdout) != 0;
}
