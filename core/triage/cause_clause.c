/* cause_clause.c - see cause_clause.h. Most rows are a few fields; what of those was folded to another
 * row is taken out by name. */
#include "triage/cause_clause.h"

#include <string.h>

struct row_clause {
	const struct cause *row;
	const struct refused_conversation *list;
	size_t n;
	struct buf *out;
};

static bool same_client(const struct refused_conversation *a, const struct refused_conversation *b)
{
	return memcmp(a->client, b->client, sizeof a->client) == 0;
}

static bool same_server(const struct refused_conversation *a, const struct refused_conversation *b)
{
	return memcmp(a->server, b->server, sizeof a->server) == 0 && a->port == b->port &&
	       a->protocol == b->protocol;
}

static bool is_in_row(const struct cause *row, const struct refused_conversation *v)
{
	if (*v->folded != row->kind)
		return false;
	if (row->kind == CAUSE_SCANNER)
		return memcmp(v->client, row->client[0], sizeof v->client) == 0;
	return row->kind != CAUSE_SERVER ||
	       (memcmp(v->server, row->server, sizeof v->server) == 0 && v->port == row->port &&
		v->protocol == row->protocol);
}

/* ---- parts ---- */

static void add_address(const char *before, const uint8_t address[16], struct buf *out)
{
	char text[64];

	text[address_format(address, text)] = '\0';
	buf_printf(out, "%s%s", before, text);
}

static void add_service(const struct refused_conversation *v, struct buf *out)
{
	add_address("server=", v->server, out);
	if (v->no_port)
		buf_puts(out, " and service=-");
	else
		buf_printf(out, " and service=%u", v->port);
	buf_printf(out, " and protocol=%u", v->protocol);
}

/* The clients of one server's port that are in the row, or that are not. */
static size_t add_clients(const struct row_clause *c, const struct refused_conversation *of,
			  bool in, const char *before, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (!same_server(&c->list[i], of) || is_in_row(c->row, &c->list[i]) != in)
			continue;
		if (out)
			add_address(n ? "," : before, c->list[i].client, out);
		n++;
	}
	return n;
}

/* "server=10.0.0.1 and service=22 and protocol=6", and which clients, where not all are in the row:
 * whatever are fewer. */
static void add_server(const struct row_clause *c, const struct refused_conversation *of)
{
	size_t in = add_clients(c, of, true, "", NULL), out = add_clients(c, of, false, "", NULL);

	if (in == 1)
		add_clients(c, of, true, "client=", c->out);
	buf_puts(c->out, in == 1 ? " and " : "");
	add_service(of, c->out);
	if (in > 1 && out && in <= out)
		add_clients(c, of, true, " and client=", c->out);
	else if (in > 1 && out)
		add_clients(c, of, false, " and not client=", c->out);
}

/* Whether it is the first one of the list of its server's port that is in the row. */
static bool is_first_of_server(const struct row_clause *c, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (is_in_row(c->row, &c->list[k]) && same_server(&c->list[k], &c->list[i]))
			return false;
	return true;
}

/* Those of the row that are (not) of the internet, by server, with "or" between: how many. */
static size_t add_servers(const struct row_clause *c, const char *before, bool with_internet)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct refused_conversation *v = &c->list[i];
		if (!is_in_row(c->row, v) || (v->internet && !with_internet) ||
		    !is_first_of_server(c, i))
			continue;
		buf_puts(c->out, n++ ? " or (" : before);
		add_server(c, v);
		buf_putc(c->out, ')');
	}
	return n;
}

/* Conversations of a client's that are not in the row, though it is. */
static void take_out(const struct row_clause *c, bool client_too)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct refused_conversation *v = &c->list[i];
		bool covered =
			client_too ? v->internet : memcmp(v->client, c->row->client[0], 16) == 0;
		if (!covered || is_in_row(c->row, v) || (client_too && *v->folded == CAUSE_SCANNER))
			continue;
		buf_puts(c->out, " and not (");
		if (client_too)
			add_address("client=", v->client, c->out);
		buf_puts(c->out, client_too ? " and " : "");
		add_service(v, c->out);
		buf_putc(c->out, ')');
	}
}

/* All that scanners of the internet tried is in rows of theirs. */
static void take_scanners_out(const struct row_clause *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		bool said = *c->list[i].folded != CAUSE_SCANNER || !c->list[i].internet;
		for (size_t k = 0; k < i && !said; k++)
			said = *c->list[k].folded == CAUSE_SCANNER &&
			       same_client(&c->list[k], &c->list[i]);
		if (!said)
			add_address(n++ ? "," : " and not client=", c->list[i].client, c->out);
	}
}

static void add_noise(const struct row_clause *c)
{
	bool others = false;

	for (size_t i = 0; i < c->n; i++)
		others |= is_in_row(c->row, &c->list[i]) && !c->list[i].internet;
	buf_puts(c->out, others ? "(" : "");
	buf_puts(c->out, "client-scope=internet");
	take_scanners_out(c);
	take_out(c, true);
	if (others) {
		add_servers(c, " or (", false);
		buf_putc(c->out, ')');
	}
}

void cause_clause(const struct cause *row, const struct refused_conversation *list, size_t n,
		  struct buf *out)
{
	struct row_clause c = { row, list, n, out };
	size_t from = out->n;

	if (row->kind == CAUSE_SERVER) {
		for (size_t i = 0; i < n && out->n == from; i++)
			if (is_in_row(row, &list[i]))
				add_server(&c, &list[i]);
	} else if (row->kind == CAUSE_LATE) {
		add_servers(&c, "((", true);
		buf_puts(out, out->n > from ? ")" : "");
	} else if (row->kind == CAUSE_SCANNER) {
		add_address("client=", row->client[0], out);
		take_out(&c, false);
	} else if (row->kind == CAUSE_NOISE) {
		add_noise(&c);
	}
	if (out->n > from)
		buf_puts(out, " and action=REJECT");
}
