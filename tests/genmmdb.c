/* genmmdb.c - writes a MaxMind database of lines "NETWORK COUNTRY AS ORG" ("-" and 0: none)
 * on standard input: genmmdb FILE [ipinfo]. */
#include <stdio.h>
#include <string.h>

#include "mmdb_write.h"

#define LINES 64

int main(int argc, char **argv)
{
	static char network[LINES][64], country[LINES][8], org[LINES][64];
	struct mmdb_network list[LINES] = { 0 };
	size_t n = 0;

	while (argc > 1 && n < LINES &&
	       scanf("%63s %7s %u %63[^\n]", network[n], country[n], &list[n].as, org[n]) == 4) {
		list[n].network = network[n];
		list[n].country = strcmp(country[n], "-") == 0 ? NULL : country[n];
		list[n].org = org[n];
		n++;
	}
	return argc < 2 ||
	       !mmdb_write(argv[1],
			   argc > 2 && strcmp(argv[2], "ipinfo") == 0 ? MMDB_IPINFO : MMDB_GEOLITE,
			   list, n);
}
