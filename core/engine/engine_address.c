/* engine_address.c - see engine_address.h. */
#include "engine/engine_address.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_MAX 1024
#define TIMEOUT_S 30

static const struct scheme {
	const char *begins, *http, *port;
} schemes[] = {
	{ "clickhouse://", "http://", "8123" },
	{ "clickhouses://", "https://", "8443" },
};

static const struct scheme *scheme_of(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (strncmp(text, schemes[i].begins, strlen(schemes[i].begins)) == 0)
			return &schemes[i];
	return NULL;
}

bool engine_is_address(const char *text)
{
	return scheme_of(text) != NULL;
}

static bool fail(char *error, size_t size, const char *why)
{
	snprintf(error, size, "%s", why);
	return false;
}

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isalnum((unsigned char)s.s[i]) && s.s[i] != '_')
			return false;
	return s.n > 0 && s.n < 100 && !isdigit((unsigned char)*s.s);
}

/* By its number, or the name that is always this machine. */
static bool is_loopback(struct str host)
{
	return str_equal(host, str_of("localhost")) || str_equal(host, str_of("[::1]")) ||
	       (host.n > 4 && strncmp(host.s, "127.", 4) == 0 &&
		strspn(host.s, "0123456789.") >= host.n);
}

static bool is_host(struct str host)
{
	static const char signs[] = "-.:[]";

	for (size_t i = 0; i < host.n; i++)
		if (!isalnum((unsigned char)host.s[i]) && !strchr(signs, host.s[i]))
			return false;
	return host.n > 0;
}

/* "host", "host:8123", "[::1]:8123" -> the host, and its port if there is one. */
static bool split_port(struct str *host, struct str *port)
{
	size_t colon = host->n;
	uint64_t number;

	while (colon > 0 && host->s[colon - 1] != ':' && host->s[colon - 1] != ']')
		colon--;
	if (colon == 0 || host->s[colon - 1] == ']')
		return true;
	*port = (struct str){ host->s + colon, host->n - colon };
	host->n = colon - 1;
	return str_to_u64(*port, &number) && number > 0 && number <= 65535;
}

static bool read_place(struct engine_address *a, const char *text, char *error, size_t size)
{
	const struct scheme *scheme = scheme_of(text);
	const char *at = text + strlen(scheme->begins), *slash = strchr(at, '/'), *dot;
	struct str host = { at, slash ? (size_t)(slash - at) : 0 }, port = str_of(scheme->port);
	struct buf base = { 0 };

	if (strpbrk(at, "@?#"))
		return fail(
			error, size,
			"an address has no user, password or settings in it, as others see them "
			"there: " ENGINE_USER ", " ENGINE_PASSWORD " in the environment");
	dot = slash ? strchr(slash, '.') : NULL;
	if (!split_port(&host, &port) || !is_host(host) || !dot ||
	    !is_name((struct str){ slash + 1, (size_t)(dot - slash - 1) }) ||
	    !is_name(str_of(dot + 1)))
		return fail(error, size,
			    "a server is clickhouse://HOST[:PORT]/DATABASE.TABLE, or "
			    "clickhouses:// for TLS");
	a->loopback = is_loopback(host);
	buf_printf(&base, "%s%.*s:%.*s", scheme->http, (int)host.n, host.s, (int)port.n, port.s);
	a->base = base.s;
	a->table = xstrndup(slash + 1, strlen(slash + 1));
	return true;
}

static bool read_secret_file(const char *path, char *out, char *error, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	ssize_t n = -1;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		snprintf(error, size, ENGINE_PASSWORD_FILE ": %s",
			 fd < 0 ? strerror(errno) : "no regular file");
	} else if (st.st_mode & 077) {
		snprintf(error, size, ENGINE_PASSWORD_FILE ": others can read it: chmod 600");
	} else {
		n = read(fd, out, SECRET_MAX - 1);
		if (n < 0)
			snprintf(error, size, ENGINE_PASSWORD_FILE ": %s", strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\r\n")] = '\0';
	return n >= 0;
}

/* A header is a line. */
static char *header(const char *name, const char *value)
{
	struct buf out = { 0 };

	buf_printf(&out, "%s: %s", name, value);
	return out.s;
}

static bool is_line(const char *s)
{
	for (; *s; s++)
		if (iscntrl((unsigned char)*s))
			return false;
	return true;
}

static bool read_secrets(struct engine_address *a, char *error, size_t size)
{
	const char *user = getenv(ENGINE_USER), *password = getenv(ENGINE_PASSWORD);
	const char *file = getenv(ENGINE_PASSWORD_FILE);
	char text[SECRET_MAX];

	if (!password && file) {
		if (!read_secret_file(file, text, error, size))
			return false;
		password = text;
	}
	if ((user && !is_line(user)) || (password && !is_line(password)))
		return fail(error, size,
			    ENGINE_USER ", " ENGINE_PASSWORD ": signs of control in it");
	if (user && *user)
		a->user_header = header("X-ClickHouse-User", user);
	if (!password || !*password)
		return true;
	if (strncmp(a->base, "https:", 6) != 0 && !a->loopback)
		return fail(error, size,
			    "a password goes over TLS, or to this machine: clickhouses://");
	a->password = xstrndup(password, strlen(password));
	a->password_header = header("X-ClickHouse-Key", password);
	return true;
}

bool engine_address_read(struct engine_address *a, const char *text, char *error, size_t size)
{
	const char *seconds = getenv(ENGINE_TIMEOUT);
	uint64_t timeout = TIMEOUT_S;

	*a = (struct engine_address){ .ca = getenv(ENGINE_CA) };
	if (seconds && (!str_to_u64(str_of(seconds), &timeout) || timeout < 1 || timeout > 3600))
		return fail(error, size, ENGINE_TIMEOUT ": seconds, 1 to 3600");
	a->timeout_s = (unsigned)timeout;
	return read_place(a, text, error, size) && read_secrets(a, error, size);
}

void engine_address_release(struct engine_address *a)
{
	free(a->base);
	free(a->table);
	free(a->user_header);
	free(a->password_header);
	free(a->password);
}
