/* export_why.c - see export_why.h. */
#include "output/export_why.h"

#include <inttypes.h>

#include "output/export_json.h"

static const char *const leg_names[LEGS] = { "request", "answer" };
static const char *const leg_ids[LEGS] = { "q", "r" };
static const char *const post_names[POSTS] = { "client", "server", "middle" };
static const char *const action_names[TRY_ACTIONS] = { "ACCEPT", "REJECT" };

static const char *interface_of(const struct why_context *c, uint32_t i)
{
	return i == PLACE_NONE ? NULL : places_at(c->places, i)->interface;
}

/* ---- JSON ---- */

static json_t *json_interface(const struct why_context *c, uint32_t i)
{
	const char *name = interface_of(c, i);

	return name ? json_text(str_of(name)) : json_null();
}

static json_t *json_host(const uint8_t address[16])
{
	char text[46];

	address_format(address, text);
	return json_string(text);
}

/* Lines; those that begin with a blank belong to the one before. */
static json_t *json_lines(const struct buf *lines)
{
	json_t *list = json_array();
	struct buf one = { 0 };

	for (size_t at = 0; at < lines->n;) {
		size_t end = at + strcspn(lines->s + at, "\n");
		if (one.n)
			buf_putc(&one, '\n');
		buf_add(&one, lines->s + at, end - at);
		at = end + 1;
		if (at < lines->n && lines->s[at] == ' ')
			continue;
		json_array_append_new(list, json_text(buf_str(&one)));
		buf_clear(&one);
	}
	buf_release(&one);
	return list;
}

static json_t *json_cells(const struct why *w, const struct why_context *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->cells; i++) {
		const struct why_cell *x = &w->cell[i];
		json_t *o = json_object();
		json_object_set_new(o, "leg", json_string(leg_ids[x->leg]));
		json_object_set_new(o, "where", json_string(post_names[x->post]));
		json_object_set_new(o, "interface", json_interface(c, x->interface));
		json_object_set_new(o, "action", json_string(action_names[x->action]));
		json_object_set_new(o, "records", json_number(x->records));
		json_object_set_new(o, "packets", json_number(x->packets));
		json_object_set_new(o, "bytes", json_number(x->bytes));
		json_object_set_new(o, "syn", x->has_flags ? json_number(x->syn) : json_null());
		json_object_set_new(o, "synack",
				    x->has_flags ? json_number(x->synack) : json_null());
		json_object_set_new(o, "rst", x->has_flags ? json_number(x->rst) : json_null());
		json_object_set_new(o, "fin", x->has_flags ? json_number(x->fin) : json_null());
		json_object_set_new(o, "first", json_time(x->first));
		json_object_set_new(o, "last", json_time(x->last));
		json_array_append_new(list, o);
	}
	return list;
}

static json_t *json_coverage(const struct why *w, const struct why_context *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < w->coverages; i++) {
		const struct why_coverage *x = &w->coverage[i];
		json_t *o = json_object();
		json_object_set_new(o, "interface", json_interface(c, x->interface));
		json_object_set_new(o, "state", json_string(coverage_name(x->state)));
		json_object_set_new(o, "from", json_time(x->from));
		json_object_set_new(o, "to", json_time(x->to));
		json_array_append_new(list, o);
	}
	return list;
}

void why_json(const struct why *w, const struct why_context *c, struct buf *out)
{
	const struct why_pair *a = &w->asked;
	json_t *o = json_object();

	json_object_set_new(o, "schema", json_integer(1));
	json_object_set_new(o, "view", json_string("why"));
	json_object_set_new(o, "client", a->any_client ? json_string("any") : json_host(a->client));
	json_object_set_new(o, "server", json_host(a->server));
	json_object_set_new(o, "port", json_integer(a->port));
	json_object_set_new(o, "protocol", json_integer(a->protocol));
	json_object_set_new(o, "code", json_string(why_code_name(w->code)));
	if (w->code == WHY_INTERMITTENT)
		json_object_set_new(o, "of", json_string(why_code_name(w->of)));
	json_object_set_new(o, "confidence", json_string(confidence_name(w->confidence)));
	json_object_set_new(o, "at", json_interface(c, w->at));
	json_object_set_new(o, "to", json_interface(c, w->to));
	json_object_set_new(o, "via", json_interface(c, w->via));
	json_object_set_new(o, "since", json_time(w->since));
	json_object_set_new(o, "tries", json_number(w->tries));
	json_object_set_new(o, "failed", json_number(w->failed));
	json_object_set_new(o, "because", json_lines(&w->because));
	json_object_set_new(o, "not_ruled_out", json_lines(&w->not_ruled_out));
	json_object_set_new(o, "next", json_lines(&w->next));
	json_object_set_new(o, "cells", json_cells(w, c));
	json_object_set_new(o, "coverage", json_coverage(w, c));
	json_object_set_new(o, "complete", json_boolean(c->complete && w->left_out == 0));
	json_add(out, o);
}

/* ---- text ---- */

static void add_host(const uint8_t address[16], const struct why_context *c, struct buf *out)
{
	uint32_t name = c->labels ? labels_of_address(c->labels, LABEL_NAME, address) : DICT_NONE;
	char text[46];

	if (name != DICT_NONE) {
		struct str s = labels_text(c->labels, name);
		buf_printf(out, "%.*s ", (int)s.n, s.s);
	}
	address_format(address, text);
	buf_puts(out, text);
}

static void add_question(const struct why *w, const struct why_context *c, struct buf *out)
{
	const struct why_pair *a = &w->asked;
	struct str protocol = protocol_name(a->protocol);

	buf_puts(out, "WHY  ");
	if (a->any_client)
		buf_puts(out, "any client");
	else
		add_host(a->client, c, out);
	buf_puts(out, "  >  ");
	add_host(a->server, c, out);
	if (a->port)
		buf_printf(out, " : %u", a->port);
	if (protocol.n)
		buf_printf(out, "%s%.*s\n", a->port ? "/" : " ", (int)protocol.n, protocol.s);
	else
		buf_printf(out, "%s%u\n", a->port ? "/" : " ", a->protocol);
}

static void add_verdict(const struct why *w, const struct why_context *c, struct buf *out)
{
	const char *at = interface_of(c, w->at), *via = interface_of(c, w->via);
	char time[32];

	buf_printf(out, "\n%s  [%s, %s]\n", why_code_title(w->code), why_code_name(w->code),
		   confidence_name(w->confidence));
	if (w->code == WHY_INTERMITTENT && w->of != WHY_UNKNOWN)
		buf_printf(out, "where it fails: %s  [%s]\n", why_code_title(w->of),
			   why_code_name(w->of));
	if (at)
		buf_printf(out, "at %s%s%s\n", at, via ? ", by " : "", via ? via : "");
	if (w->tries) {
		if (w->since != INT64_MIN)
			buf_printf(out, "since %s: ", rfc3339(time, sizeof time, w->since));
		buf_printf(out, "%" PRIu64 " %s, %" PRIu64 " failed\n", w->tries,
			   w->tries == 1 ? "try" : "tries", w->failed);
	}
}

#define WIDTH 100 /* of a page, in columns */

/* Words, as many as fit in a line. */
static void add_wrapped(struct str text, size_t indent, struct buf *out)
{
	size_t column = indent;

	while (text.n) {
		struct str word = str_token(&text);
		if (column > indent && column + 1 + word.n > WIDTH) {
			buf_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			buf_putc(out, ' ');
			column++;
		}
		buf_add_str(out, word);
		column += word.n;
	}
	buf_putc(out, '\n');
}

/* A line each: sentences are numbered and wrapped, commands stay whole to be copied. */
static void add_lines(const char *title, const struct buf *lines, bool commands, struct buf *out)
{
	unsigned number = 0;

	if (lines->n == 0)
		return;
	buf_printf(out, "\n%s\n", title);
	for (size_t at = 0; at < lines->n;) {
		size_t n = strcspn(lines->s + at, "\n");
		if (commands)
			buf_printf(out, "  %.*s\n", (int)n, lines->s + at);
		else {
			buf_printf(out, "%3u  ", ++number);
			add_wrapped((struct str){ lines->s + at, n }, 5, out);
		}
		at += n + 1;
	}
}

static void add_flags(const struct why_cell *x, struct buf *out)
{
	const struct {
		const char *name;
		uint64_t n;
	} flags[] = {
		{ "SYN", x->syn }, { "SYN-ACK", x->synack }, { "RST", x->rst }, { "FIN", x->fin }
	};

	for (size_t i = 0; x->has_flags && i < ARRAY_SIZE(flags); i++)
		if (flags[i].n)
			buf_printf(out, "  %s %" PRIu64, flags[i].name, flags[i].n);
}

static void add_cells(const struct why *w, const struct why_context *c, struct buf *out)
{
	if (w->cells)
		buf_puts(out, "\nevidence: records by leg, interface and action\n");
	for (size_t i = 0; i < w->cells; i++) {
		const struct why_cell *x = &w->cell[i];
		const char *name = interface_of(c, x->interface);
		char packets[16], bytes[16], first[32], last[32];
		buf_printf(out, "  %-8s at %-6s %s  %s  %" PRIu64 " rec %s pk %s",
			   leg_names[x->leg], post_names[x->post], name ? name : "-",
			   action_names[x->action], x->records,
			   human_count(packets, sizeof packets, x->packets),
			   human_bytes(bytes, sizeof bytes, x->bytes));
		add_flags(x, out);
		buf_printf(out, "  %s to %s\n", rfc3339(first, sizeof first, x->first),
			   rfc3339(last, sizeof last, x->last));
	}
	for (unsigned i = 0; i < w->coverages; i++) {
		const struct why_coverage *x = &w->coverage[i];
		const struct interface *e = places_at(c->places, x->interface);
		buf_printf(out, "  %s%s%s%s%s: log %s then\n", e->interface, e->subnet ? " " : "",
			   e->subnet ? e->subnet : "", e->zone ? " " : "", e->zone ? e->zone : "",
			   x->state == COVERAGE_OK ? "complete" : coverage_name(x->state));
	}
}

void why_text(const struct why *w, const struct why_context *c, struct buf *out)
{
	add_question(w, c, out);
	add_verdict(w, c, out);
	add_lines("because", &w->because, false, out);
	add_cells(w, c, out);
	add_lines("not ruled out", &w->not_ruled_out, false, out);
	add_lines("next", &w->next, true, out);
	if (w->left_out)
		buf_printf(out, "\n! %" PRIu64 " older tries were not looked at\n", w->left_out);
	if (!c->complete)
		buf_puts(out, "\n! not all that was given was read and kept\n");
}
