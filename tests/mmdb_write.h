/* mmdb_write.h - MaxMind databases for tests: networks that do not overlap, each with a
 * country, a system, or both, in the layout of GeoLite2 or of IPinfo. */
#ifndef ENITOP_TESTS_MMDB_WRITE_H
#define ENITOP_TESTS_MMDB_WRITE_H

#include <stdbool.h>
#include <stddef.h>

struct mmdb_network {
	const char *network; /* "10.0.0.0/29" */
	const char *country; /* "DE"; NULL: none */
	unsigned as;         /* 0: none */
	const char *org;
};

enum mmdb_layout { MMDB_GEOLITE, MMDB_IPINFO };

/* False when the file can't be written. */
bool mmdb_write(const char *path, enum mmdb_layout layout, const struct mmdb_network *network,
		size_t n);

#endif
