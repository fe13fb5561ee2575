/* port_kinds.h - what is behind ports, as far as rules tell them apart. */
#ifndef ENITOP_PORT_KINDS_H
#define ENITOP_PORT_KINDS_H

#include "base/util.h"

static inline bool port_is_one_of(uint16_t port, const uint16_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == port)
			return true;
	return false;
}

/* Sets of ports, a bit each. */
#define PORTS_WORDS (65536 / 64)
static inline bool port_is_in(const uint64_t *ports, uint16_t port)
{
	return ports[port / 64] >> port % 64 & 1;
}

/* Whoever gets in there runs the host: shells, remote desktops, Docker, Kubernetes. */
#define ADMIN_PORTS 22, 23, 135, 139, 445, 2375, 3389, 5900, 5985, 5986, 6443
#define PORTS_TEXT_(...) #__VA_ARGS__
#define PORTS_TEXT(...) PORTS_TEXT_(__VA_ARGS__) /* of such a list */

static inline bool port_is_admin(uint16_t port)
{
	static const uint16_t list[] = { ADMIN_PORTS };

	return port_is_one_of(port, list, ARRAY_SIZE(list));
}

/* Databases and file servers: SQL Server, Oracle, MySQL, PostgreSQL, Redis, Cassandra,
 * Elasticsearch, memcached, MongoDB, Redshift, NFS. */
static inline bool port_is_database(uint16_t port)
{
	static const uint16_t list[] = { 1433, 1521, 2049, 3306,  5432, 5439,
					 6379, 9042, 9200, 11211, 27017 };

	return port_is_one_of(port, list, ARRAY_SIZE(list));
}

static inline bool port_is_web(uint16_t port)
{
	return port == 80 || port == 443;
}

#endif
