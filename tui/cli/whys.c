/* whys.c - see whys.h. */
#include "cli/whys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "cli/named_logs.h"
#include "output/export_why.h"

#define PORTS_MAX 1024u /* of a pair, asked without one */

struct whys {
	const struct options *o;
	struct monitor *monitor;
	struct why_question question[OPTION_WHYS_MAX];
	struct places *places;
	struct sightings sightings;
	struct named_logs logs;
	bool cut; /* a pair had more ports, or tries, than are looked at */
};

static size_t resolve(void *ctx, struct str name, uint8_t out[16])
{
	return labels_find_name(ctx, name, out);
}

void whys_want(struct field_set *out)
{
	sightings_want(out);
}

struct whys *whys_new(const struct options *o, struct monitor *m)
{
	struct whys *w = xcalloc(1, sizeof *w);
	struct buf error = { 0 };

	w->o = o;
	w->monitor = m;
	w->logs = (struct named_logs){ .options = o, .monitor = m };
	w->places = places_new();
	places_limit(w->places, o->memory / 16);
	w->sightings.most = o->memory / 2 / sizeof(struct sighting);
	for (unsigned i = 0; i < o->whys; i++) {
		if (why_question_parse(str_of(o->why[i]), resolve, monitor_labels(m),
				       &w->question[i], &error))
			continue;
		complain("--why: %s", error.s);
		buf_release(&error);
		whys_free(w);
		return NULL;
	}
	return w;
}

void whys_free(struct whys *w)
{
	if (!w)
		return;
	places_free(w->places);
	sightings_release(&w->sightings);
	named_logs_release(&w->logs);
	free(w);
}

void whys_add(struct whys *w, const struct segment *s, struct span span)
{
	const struct dict *d = monitor_dict(w->monitor);

	places_add(w->places, s, d, 0, s->rows, named_logs_of(&w->logs, s->source));
	w->sightings.from = span.from;
	w->sightings.to = span.to;
	sightings_add(&w->sightings, w->places, s, d, w->question, w->o->whys);
}

/* ---- answers ---- */

struct asking {
	struct whys *w;
	struct why_context context;
	struct buf *out;
	unsigned answers;
};

static void ask(struct asking *a, const struct why_question *q, uint16_t port)
{
	struct why_pair c = why_pair_of(q, port);
	struct why why;

	why_ask(a->w->places, a->context.labels, &a->w->sightings, &c, &why);
	if (a->w->o->output == OUTPUT_TABLE) {
		if (a->answers)
			buf_puts(a->out, "\n");
		why_text(&why, &a->context, WHY_PAGE, a->out);
	} else {
		why_json(&why, &a->context, a->out);
		buf_putc(a->out, '\n');
	}
	a->answers++;
	a->w->cut |= why.left_out > 0;
	why_release(&why);
}

/* A port of the pair and how it fares: worst first. */
struct port_fare {
	uint16_t port;
	uint64_t failed;
	bool fault;
};

static int worst_first(const void *a, const void *b)
{
	const struct port_fare *x = a, *y = b;

	if (x->fault != y->fault)
		return x->fault ? -1 : 1;
	if (x->failed != y->failed)
		return x->failed > y->failed ? -1 : 1;
	return (x->port > y->port) - (x->port < y->port);
}

static void ask_ports(struct asking *a, const struct why_question *q)
{
	static uint16_t port[PORTS_MAX];
	size_t n = why_ports(&a->w->sightings, q, port, PORTS_MAX);
	struct port_fare *fare = xcalloc(n + 1, sizeof *fare);

	if (n == PORTS_MAX) {
		complain("more than %u ports of a pair: the others are not looked at", PORTS_MAX);
		a->context.complete = false;
	}
	for (size_t i = 0; i < n; i++) {
		struct why_pair c = why_pair_of(q, port[i]);
		struct why why;
		why_ask(a->w->places, a->context.labels, &a->w->sightings, &c, &why);
		fare[i] = (struct port_fare){ port[i], why.failed, why_is_fault(why.code) };
		why_release(&why);
	}
	qsort(fare, n, sizeof *fare, worst_first);
	for (size_t i = 0; i < n; i++)
		ask(a, q, fare[i].port);
	if (n == 0) /* nothing of the two: says so */
		ask(a, q, 0);
	free(fare);
}

/* What was read and is in no answer, a line each on standard error; whether there is none. */
static bool say_doubts(struct whys *w)
{
	const struct sightings *v = &w->sightings;
	struct input_counts counts;
	struct field_set used = { 0 };
	struct buf text = { 0 };

	monitor_counts(w->monitor, &counts);
	whys_want(&used);
	const struct {
		uint64_t n;
		const char *one, *many;
		bool spoils;
	} doubts[] = {
		{ counts.malformed, "malformed line is in no answer",
		  "malformed lines are in no answer", false },
		{ counts.unreadable ? field_counts_within(counts.unreadable, &used) : 0,
		  "unreadable value in what is asked for", "unreadable values in what is asked for",
		  true },
		{ counts.partial, "flow whose columns leave open who or how much",
		  "flows whose columns leave open who or how much", true },
		{ v->columnless, "record has no column for an address, a port or the protocol",
		  "records have no column for an address, a port or the protocol", true },
		{ v->actionless, "record says neither ACCEPT nor REJECT: it is in no answer",
		  "records say neither ACCEPT nor REJECT: they are in no answer", true },
		{ v->undated, "record has no time: it is in no answer",
		  "records have no time: they are in no answer", true },
		{ v->dropped, "record, the oldest, had no room in --memory: it is in no answer",
		  "records, the oldest, had no room in --memory: they are in no answer", true },
		{ places_dropped(w->places), "record is of an interface too many",
		  "records are of interfaces too many", true },
	};
	bool none = true;

	for (size_t i = 0; i < ARRAY_SIZE(doubts); i++) {
		if (!doubts[i].n)
			continue;
		buf_clear(&text);
		buf_printf(&text, "%" PRIu64 " %s", doubts[i].n,
			   plural(doubts[i].n, doubts[i].one, doubts[i].many));
		complain("%s", text.s);
		none &= !doubts[i].spoils;
	}
	buf_clear(&text);
	if (counts.lacking[0]) {
		input_lack_text(&counts, &text);
		complain("%s", text.s);
	}
	buf_release(&text);
	return none;
}

bool whys_answer(struct whys *w, bool complete, struct buf *out)
{
	struct labels *l = monitor_labels(w->monitor);
	struct asking a = { .w = w, .out = out };

	places_settle(w->places, l);
	complete &= say_doubts(w);
	a.context = (struct why_context){ w->places, l, complete };
	for (unsigned i = 0; i < w->o->whys; i++) {
		if (w->question[i].port == WHY_ANY_PORT)
			ask_ports(&a, &w->question[i]);
		else
			ask(&a, &w->question[i], (uint16_t)w->question[i].port);
	}
	return a.context.complete && !w->cut;
}
