/* export_why.c - see export_why.h. */
#include "output/export_why.h"

#include <inttypes.h>

#include "output/export_json.h"
#include "output/export_page.h"

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

static void add_verdict(const struct why *w, const struct why_context *c, size_t width,
			struct buf *out)
{
	const char *at = interface_of(c, w->at), *via = interface_of(c, w->via);
	struct buf line = { 0 };
	char time[32];

	buf_putc(out, '\n');
	buf_printf(&line, "%s [%s, %s]", why_code_title(w->code), why_code_name(w->code),
		   confidence_name(w->confidence));
	page_wrapped(buf_str(&line), 0, width, "", out);
	buf_release(&line);
	if (w->code == WHY_INTERMITTENT && w->of != WHY_UNKNOWN)
		buf_printf(out, "where it fails: %s  [%s]\n", why_code_title(w->of),
			   why_code_name(w->of));
	if (at)
		buf_printf(out, "at %s%s%s\n", at, via ? ", by " : "", via ? via : "");
	if (w->tries)
		buf_printf(out, "%" PRIu64 " of %" PRIu64 " %s failed", w->failed, w->tries,
			   w->tries == 1 ? "try" : "tries");
	if (w->tries && w->since != INT64_MIN)
		buf_printf(out, ", %s %s", w->failed ? "since" : "the first at",
			   rfc3339(time, sizeof time, w->since));
	if (w->tries)
		buf_putc(out, '\n');
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
			buf_printf(out, " %s %" PRIu64, flags[i].name, flags[i].n);
}

/* "10:01:38 to 10:15:03Z", with the dates where they are two. */
static void add_times(int64_t first, int64_t last, struct buf *out)
{
	char from[32], to[32];
	bool one = first / 86400 == last / 86400;

	rfc3339(from, sizeof from, first);
	rfc3339(to, sizeof to, last);
	if (one && first >= 0)
		buf_printf(out, " %.8s to %s", from + 11, to + 11);
	else
		buf_printf(out, " %s to %s", from, to);
}

static bool is_like(const struct why_cell *x, const struct why_cell *y)
{
	return x->leg == y->leg && x->post == y->post && x->action == y->action;
}

/* Cells that are alike stand one behind the other: those of many interfaces are one. */
static size_t merge(const struct why *w, size_t from, struct why_cell *all)
{
	size_t n = 1;

	*all = w->cell[from];
	while (from + n < w->cells && is_like(&w->cell[from], &w->cell[from + n]))
		n++;
	if (n <= 2)
		return 1;
	for (size_t i = from + 1; i < from + n; i++) {
		const struct why_cell *x = &w->cell[i];
		all->records += x->records;
		all->packets = saturating_add(all->packets, x->packets);
		all->bytes = saturating_add(all->bytes, x->bytes);
		all->syn += x->syn;
		all->synack += x->synack;
		all->rst += x->rst;
		all->fin += x->fin;
		all->has_flags |= x->has_flags;
		all->first = x->first < all->first ? x->first : all->first;
		all->last = x->last > all->last ? x->last : all->last;
	}
	return n;
}

static void add_cell(const struct why_cell *x, size_t n, const struct why_context *c, size_t width,
		     struct buf *out)
{
	const char *name = interface_of(c, x->interface);
	struct buf line = { 0 };
	char packets[16], bytes[16];

	buf_printf(&line, "%s at %s ", leg_names[x->leg], post_names[x->post]);
	if (n > 1)
		buf_printf(&line, "(%zu interfaces)", n);
	else
		buf_puts(&line, name ? name : "(not named)");
	buf_printf(&line, " %s %" PRIu64 " rec %s pk %s", action_names[x->action], x->records,
		   human_count(packets, sizeof packets, x->packets),
		   human_bytes(bytes, sizeof bytes, x->bytes));
	add_flags(x, &line);
	add_times(x->first, x->last, &line);
	buf_puts(out, "  ");
	page_wrapped(buf_str(&line), 4, width, "", out);
	buf_release(&line);
}

static void add_cells(const struct why *w, const struct why_context *c, size_t width,
		      struct buf *out)
{
	struct why_cell all;

	if (w->cells)
		buf_puts(out, "\nevidence: records by leg, interface and action\n");
	for (size_t i = 0, n; i < w->cells; i += n) {
		n = merge(w, i, &all);
		add_cell(&all, n, c, width, out);
	}
	for (unsigned i = 0; i < w->coverages; i++) {
		const struct why_coverage *x = &w->coverage[i];
		const struct interface *e = places_at(c->places, x->interface);
		buf_printf(out, "  %s%s%s%s%s: log %s then\n", e->interface, e->subnet ? " " : "",
			   e->subnet ? e->subnet : "", e->zone ? " " : "", e->zone ? e->zone : "",
			   x->state == COVERAGE_OK ? "complete" : coverage_name(x->state));
	}
}

void why_text(const struct why *w, const struct why_context *c, size_t width, struct buf *out)
{
	add_question(w, c, out);
	add_verdict(w, c, width, out);
	page_lines("because", &w->because, true, width, out);
	add_cells(w, c, width, out);
	page_lines("not ruled out", &w->not_ruled_out, true, width, out);
	page_commands(&w->next, width, out);
	if (w->left_out)
		buf_printf(out, "\n! %" PRIu64 " older tries were not looked at\n", w->left_out);
	if (!c->complete)
		buf_puts(out, "\n! not all that was given was read and kept\n");
}
