/* engine_address.h - where a server is, and who asks it. Secrets come from the environment, or from a
 * file that nobody else can read, and go into headers alone. */
#ifndef ENITOP_ENGINE_ADDRESS_H
#define ENITOP_ENGINE_ADDRESS_H

#include "base/util.h"

#define ENGINE_USER "ENITOP_CLICKHOUSE_USER"
#define ENGINE_PASSWORD "ENITOP_CLICKHOUSE_PASSWORD"
#define ENGINE_PASSWORD_FILE "ENITOP_CLICKHOUSE_PASSWORD_FILE"
#define ENGINE_CA "ENITOP_CLICKHOUSE_CA"
#define ENGINE_TIMEOUT "ENITOP_CLICKHOUSE_TIMEOUT"

struct engine_address {
	char *base;                          /* "http://127.0.0.1:8123" */
	char *table;                         /* "db.table" */
	char *user_header, *password_header; /* NULL: none */
	char *password;
	const char *ca; /* of the environment; NULL: the system's */
	bool loopback;
	unsigned timeout_s;
};

/* Whether an input is a server: "clickhouse://" or "clickhouses://", which is over TLS. */
bool engine_is_address(const char *text);
/* Reads "clickhouse://host[:8123]/db.table" and the environment. False with a message in `error`, which
 * has nothing of the text: there may be a password in it. Release it in either case. */
bool engine_address_read(struct engine_address *a, const char *text, char *error, size_t size);
void engine_address_release(struct engine_address *a);

#endif
