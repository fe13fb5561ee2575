/* why_question.c - see why_question.h. */
#include "triage/why_question.h"

#include "schema/field.h"

/* What a text of an end means: an address, or a name. */
struct end_reader {
	size_t (*resolve)(void *ctx, struct str name, uint8_t out[16]);
	void *ctx;
	struct buf *error;
};

static bool refuse(struct buf *error, struct str text, const char *what)
{
	buf_printf(error, "'%.*s' %s", (int)(text.n < 60 ? text.n : 60), text.s, what);
	return false;
}

static bool read_address(const struct end_reader *r, struct str text, uint8_t out[16])
{
	size_t n;

	if (address_parse(text, out))
		return true;
	n = r->resolve ? r->resolve(r->ctx, text, out) : 0;
	if (n == 1)
		return true;
	return refuse(r->error, text,
		      n ? "is the name of more than one address"
			: "is no address, and no name of --names");
}

static struct str from(struct str s, size_t at)
{
	return (struct str){ s.s + at, s.n - at };
}

static bool read_protocol(struct str text, struct why_question *q, struct buf *error)
{
	uint64_t number;
	int named = protocol_number(text);

	if (named >= 0)
		number = (uint64_t)named;
	else if (!str_to_u64(text, &number) || number > 255)
		return refuse(error, text, "is no protocol");
	q->protocol = (uint8_t)number;
	return true;
}

static bool read_port(struct str text, struct why_question *q, struct buf *error)
{
	uint64_t port;

	if (!str_to_u64(text, &port))
		port = service_port(text);
	if (port == 0 || port > 65535)
		return refuse(error, text, "is no port");
	q->port = (uint32_t)port;
	return true;
}

static bool is_echo(uint8_t protocol)
{
	return protocol == 1 || protocol == 58;
}

/* "10.0.2.9:5432", "[2001:db8::2]:443", an IPv6 address alone. */
static bool read_server(const struct end_reader *r, struct str text, struct why_question *q)
{
	const char *colon = text.n ? memrchr(text.s, ':', text.n) : NULL;
	struct str host = text, port = { "", 0 };

	if (address_parse(text, q->server))
		colon = NULL;
	if (text.n && *text.s == '[') {
		const char *close = memchr(text.s, ']', text.n);
		if (!close)
			return refuse(r->error, text, "has no ']'");
		colon = close + 1 < text.s + text.n ? close + 1 : NULL;
		if (colon && *colon != ':')
			return refuse(r->error, text, "has no ':' behind its ']'");
		host = (struct str){ text.s + 1, (size_t)(close - text.s) - 1 };
	} else if (colon) {
		host.n = (size_t)(colon - text.s);
	}
	if (colon)
		port = from(text, (size_t)(colon - text.s) + 1);
	if (!read_address(r, host, q->server))
		return false;
	q->port = WHY_ANY_PORT;
	if (is_echo(q->protocol)) {
		q->port = 0;
		return port.n == 0 || str_equal(port, str_of("0")) ||
		       refuse(r->error, port, "is a port, which ICMP has none of");
	}
	return !colon || read_port(port, q, r->error);
}

bool why_question_parse(struct str text,
			size_t (*resolve)(void *ctx, struct str name, uint8_t out[16]), void *ctx,
			struct why_question *out, struct buf *error)
{
	struct end_reader r = { resolve, ctx, error };
	struct str rest = text, client = str_token(&rest), server = str_token(&rest);
	const char *slash;

	if (str_equal(server, str_of(">")))
		server = str_token(&rest);
	if (server.n && *server.s == '~')
		server = from(server, 1);
	slash = server.n ? memrchr(server.s, '/', server.n) : NULL;

	*out = (struct why_question){ .protocol = 6 };
	if (server.n == 0 || str_token(&rest).n) {
		buf_puts(error, "a question is 'CLIENT SERVER:PORT[/PROTOCOL]', as in '10.0.1.5 "
				"10.0.2.9:5432' or 'any db-1:53/udp'");
		return false;
	}
	out->any_client = str_equal_loose(client, str_of("any"));
	if (!out->any_client && !read_address(&r, client, out->client))
		return false;
	if (slash) {
		if (!read_protocol(from(server, (size_t)(slash - server.s) + 1), out, error))
			return false;
		server.n = (size_t)(slash - server.s);
	}
	if (!read_server(&r, server, out))
		return false;
	if (!out->any_client && address_is_v4(out->client) != address_is_v4(out->server))
		return refuse(error, text, "asks of an IPv4 and an IPv6 address");
	return true;
}
