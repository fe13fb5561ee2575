/* places_add.c - see places_add() in places.h: what each row says of its interface. Interfaces are
 * looked up once for each code of a segment. */
#include "decode/places.h"

#include <stdlib.h>

#include "decode/places_own.h"
#include "decode/places_state.h"

#define STEP 256u
#define BRIEF_S 30 /* a record that is shorter is not as long as an interval */

/* Which interface a row is of: transit gateways name their attachment, regional NAT gateways
 * themselves. */
static const int name_fields[] = { FIELD_INTERFACE_ID, FIELD_TGW_ATTACHMENT_ID, FIELD_RESOURCE_ID };

static const int text_fields[] = { FIELD_SUBNET_ID, FIELD_VPC_ID, FIELD_AZ_ID, FIELD_INSTANCE_ID,
				   FIELD_INTERFACE_TYPE };

/* What is read of the rows of a segment. */
struct place_reader {
	struct places *p;
	const struct segment *s;
	const struct dict *d;
	unsigned log;
	const struct column *name, *address[2], *start, *end, *direction;
	const struct column *port[2], *protocol;            /* all of them, or none */
	bool texts;                                         /* there are some: */
	const struct column *text[ARRAY_SIZE(text_fields)]; /* in the order of text_fields */
	/* Of the rows of a step: */
	uint32_t first, place[STEP];
	uint64_t started[STEP], ended[STEP], number[2][STEP], carried[STEP]; /* ports, protocol */
};

static struct str name_of(const struct segment *s, const struct dict *d, uint32_t row)
{
	struct str name = { "", 0 };

	for (size_t i = 0; i < ARRAY_SIZE(name_fields) && name.n == 0; i++) {
		const struct column *c = segment_column(s, name_fields[i]);
		if (c)
			name = column_text(c, d, column_code(c, row));
	}
	return name;
}

uint32_t places_of_row(const struct places *p, const struct segment *s, const struct dict *d,
		       uint32_t row)
{
	struct str name = name_of(s, d, row);

	return name.n ? places_find(p, name) : PLACE_NONE;
}

/* The interface of a row; looked up once for each code. */
static uint32_t place_of(struct place_reader *r, uint32_t row, uint32_t code)
{
	struct places *p = r->p;
	struct str name;
	uint32_t i;

	if (code && p->of_code[code])
		return p->of_code[code] - 1;
	name = name_of(r->s, r->d, row);
	i = name.n ? places_intern(p, name) : PLACE_NONE;
	if (code && i != PLACE_NONE)
		p->of_code[code] = i + 1;
	p->dropped += name.n && i == PLACE_NONE;
	return i;
}

static char **text_at(struct interface *e, unsigned i)
{
	char **const text[] = { &e->subnet, &e->vpc, &e->zone, &e->instance, &e->kind };

	return text[i];
}

static void learn_texts(struct place_reader *r, struct interface *e, uint32_t row)
{
	for (unsigned i = 0; i < ARRAY_SIZE(text_fields); i++) {
		char **text = text_at(e, i);
		bool listed = text == &e->zone && e->zone_listed;
		struct str value;
		if ((*text && !listed) || !r->text[i])
			continue;
		value = column_text(r->text[i], r->d, column_code(r->text[i], row));
		if (!value.n)
			continue;
		free(*text);
		*text = xstrndup(value.s, value.n);
		e->zone_listed &= !listed;
	}
}

static const uint8_t *address_at(struct place_reader *r, int side, uint32_t row, uint8_t out[16])
{
	const struct column *c = r->address[side];

	return c && column_address(c, r->d, column_code(c, row), out) ? out : NULL;
}

/* ingress and egress say which side is the interface's; else it may be either. */
static void learn_address(struct place_reader *r, struct interface *e, uint32_t row)
{
	uint8_t space[2][16];
	const uint8_t *address[2];
	struct str direction = { "", 0 };

	if (e->plain && ++e->passed < PLACE_EACH)
		return;
	e->passed = 0;
	address[0] = address_at(r, 0, row, space[0]);
	address[1] = address_at(r, 1, row, space[1]);
	if (r->direction)
		direction = column_text(r->direction, r->d, column_code(r->direction, row));
	if (direction.n &&
	    (str_equal(direction, str_of("ingress")) || str_equal(direction, str_of("egress"))))
		address[str_equal(direction, str_of("egress"))] = NULL;
	votes_count(e->votes, address);
	e->plain = votes_are_plain(e->votes);
}

/* Who a client's tuple was seen with, of what was accepted. */
static void sample_tuple(struct place_reader *r, uint32_t i, uint32_t row)
{
	struct nat_sample *v = &r->p->sample;
	uint8_t mark = r->s->mark[row], client[16], peer[16];
	int from = mark & MARK_SERVER_SRC ? 1 : 0;
	uint64_t port[2], protocol = r->carried[row - r->first];

	if (!(mark & MARK_ACCEPT))
		return;
	port[0] = r->number[from][row - r->first];
	port[1] = r->number[!from][row - r->first];
	if (nat_sample_draws(v, port[0], port[1], protocol) && address_at(r, from, row, client) &&
	    address_at(r, !from, row, peer))
		nat_sample_add(v, port[0], port[1], protocol, client, peer, i);
}

static void note_times(struct places *p, struct interface *e, uint8_t mark, int64_t start,
		       int64_t end, unsigned log)
{
	struct place_log *l = &p->log[log];

	e->logs |= UINT64_C(1) << log;
	l->longest = end - start > l->longest ? end - start : l->longest;
	l->first = start < l->first ? start : l->first;
	l->newest = end > l->newest ? end : l->newest;
	e->first = start < e->first ? start : e->first;
	e->newest = end > e->newest ? end : e->newest;
	p->newest = end > p->newest ? end : p->newest;
	if (mark & MARK_SKIPDATA) {
		time_spans_add(&e->lost, start, end);
		return;
	}
	if (mark & MARK_NODATA) {
		if (e->nodata.n == 0)
			time_spans_copy(&e->traffic, &e->records);
		time_spans_add(&e->nodata, start, end);
	} else {
		e->brief |= end - start < BRIEF_S;
		if (e->nodata.n)
			time_spans_add(&e->traffic, start, end);
	}
	time_spans_add(&e->records, start, end);
}

static void look_at(struct place_reader *r, uint32_t row)
{
	uint64_t started = r->started[row - r->first], ended = r->ended[row - r->first];
	uint32_t i = r->place[row - r->first];
	uint8_t mark = r->s->mark[row];
	struct interface *e;

	r->p->log[r->log].rejects |= (mark & MARK_REJECT) != 0;
	r->p->log[r->log].accepts |= (mark & MARK_ACCEPT) != 0;
	if (i == PLACE_NONE)
		return;
	e = &r->p->place[i];
	e->rejects |= (mark & MARK_REJECT) != 0;
	e->accepts |= (mark & MARK_ACCEPT) != 0;
	if (r->texts)
		learn_texts(r, e, row);
	if (!(mark & MARK_STATUS))
		learn_address(r, e, row);
	if (r->protocol)
		sample_tuple(r, i, row);
	started = started == NUMBER_ABSENT ? ended : started;
	ended = ended == NUMBER_ABSENT ? started : ended;
	if (started == NUMBER_ABSENT)
		return;
	int64_t start = time_in_seconds(started), end = time_in_seconds(ended);
	note_times(r->p, e, mark, start, end < start ? start : end, r->log);
}

void places_want(struct field_set *out)
{
	static const int others[] = {
		FIELD_SRCADDR,    FIELD_DSTADDR,        FIELD_START,   FIELD_END,     FIELD_ACTION,
		FIELD_LOG_STATUS, FIELD_FLOW_DIRECTION, FIELD_SRCPORT, FIELD_DSTPORT, FIELD_PROTOCOL
	};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		out->has[others[i]] = true;
	for (size_t i = 0; i < ARRAY_SIZE(name_fields); i++)
		out->has[name_fields[i]] = true;
	for (size_t i = 0; i < ARRAY_SIZE(text_fields); i++)
		out->has[text_fields[i]] = true;
}

/* Codes that were looked up stay so while the same segment goes on. */
static void keep_codes(struct places *p, const struct segment *s, const struct column *name,
		       uint32_t first, uint32_t n)
{
	size_t had = p->coded == s && p->coded_rows == first ? p->codes : 0;

	xgrow((void **)&p->of_code, &p->code_cap, name->codes, sizeof *p->of_code);
	if (name->codes > had)
		memset(p->of_code + had, 0, (name->codes - had) * sizeof *p->of_code);
	p->coded = s;
	p->coded_rows = first + n;
	p->codes = name->codes;
}

static void read_numbers(const struct column *c, uint32_t first, uint32_t n, uint64_t *out)
{
	if (c)
		column_numbers(c, first, n, out);
	else
		memset(out, 0xff, n * sizeof *out); /* NUMBER_ABSENT */
}

/* Columns of rows first..first+n-1, and whose they are. */
static void read_step(struct place_reader *r, uint32_t first, uint32_t n)
{
	r->first = first;
	read_numbers(r->start, first, n, r->started);
	read_numbers(r->end, first, n, r->ended);
	for (int i = 0; r->protocol && i < 2; i++)
		read_numbers(r->port[i], first, n, r->number[i]);
	if (r->protocol)
		read_numbers(r->protocol, first, n, r->carried);
	if (r->name)
		column_codes(r->name, first, n, r->place);
	for (uint32_t i = 0; i < n; i++)
		r->place[i] = place_of(r, first + i, r->name ? r->place[i] : 0);
}

static void open_columns(struct place_reader *r)
{
	const struct segment *s = r->s;

	r->name = segment_column(s, FIELD_INTERFACE_ID);
	r->address[0] = segment_column(s, FIELD_SRCADDR);
	r->address[1] = segment_column(s, FIELD_DSTADDR);
	r->start = segment_column(s, FIELD_START);
	r->end = segment_column(s, FIELD_END);
	r->direction = segment_column(s, FIELD_FLOW_DIRECTION);
	r->port[0] = segment_column(s, FIELD_SRCPORT);
	r->port[1] = segment_column(s, FIELD_DSTPORT);
	r->protocol = segment_column(s, FIELD_PROTOCOL);
	if (!r->address[0] || !r->address[1] || !r->port[0] || !r->port[1])
		r->protocol = NULL;
	r->texts = false;
	for (unsigned i = 0; i < ARRAY_SIZE(text_fields); i++) {
		r->text[i] = segment_column(s, text_fields[i]);
		r->texts |= r->text[i] != NULL;
	}
}

void places_add(struct places *p, const struct segment *s, const struct dict *d, uint32_t first,
		uint32_t n, unsigned log)
{
	struct place_reader r; /* its steps are large, and written before they are read */

	r.p = p;
	r.s = s;
	r.d = d;
	r.log = log < PLACES_LOGS ? log : PLACES_LOGS - 1;
	open_columns(&r);
	p->unsettled += n;
	if (r.name)
		keep_codes(p, s, r.name, first, n);
	for (uint32_t done = 0; done < n; done += STEP) {
		uint32_t some = n - done < STEP ? n - done : STEP;
		read_step(&r, first + done, some);
		for (uint32_t i = 0; i < some; i++)
			look_at(&r, first + done + i);
	}
}
