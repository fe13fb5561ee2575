/* places.c - see places.h. */
#include "decode/places.h"

#include <stdlib.h>

#include "base/hash.h"
#include "decode/places_own.h"
#include "decode/places_state.h"

#define BRIDGE_S 60     /* gaps up to it say nothing: an interval is as long */
#define LONG_RECORD 120 /* seconds: none of the short interval is as long */
#define LATE_S 600      /* that one interface may be behind the others and still come */

/* ---- life ---- */

struct places *places_new(void)
{
	struct places *p = xcalloc(1, sizeof *p);

	p->newest = INT64_MIN;
	return p;
}

static void place_release(struct interface *e)
{
	free(e->interface);
	free(e->subnet);
	free(e->vpc);
	free(e->zone);
	free(e->instance);
	free(e->kind);
	time_spans_release(&e->records);
	time_spans_release(&e->nodata);
	time_spans_release(&e->lost);
}

void places_free(struct places *p)
{
	if (!p)
		return;
	for (uint32_t i = 0; i < p->n; i++)
		place_release(&p->place[i]);
	free(p->place);
	free(p->slot);
	free(p->own);
	free(p->of_code);
	free(p);
}

size_t places_bytes(const struct places *p)
{
	size_t n = sizeof *p + p->cap * sizeof *p->place + p->slots * sizeof *p->slot +
		   p->owns * sizeof *p->own + p->code_cap * sizeof *p->of_code;

	for (uint32_t i = 0; i < p->n; i++) {
		const struct interface *e = &p->place[i];
		n += 192 +
		     (e->records.cap + e->nodata.cap + e->lost.cap) * sizeof(struct time_span);
	}
	return n;
}

/* ---- by name ---- */

static uint32_t *slot_of(const struct places *p, struct str interface)
{
	uint32_t at = (uint32_t)hash_bytes(interface.s, interface.n) & (p->slots - 1);

	while (p->slot[at] && !str_equal(str_of(p->place[p->slot[at] - 1].interface), interface))
		at = (at + 1) & (p->slots - 1);
	return &p->slot[at];
}

static void slots_grow(struct places *p)
{
	free(p->slot);
	p->slots = p->slots ? p->slots * 2 : 64;
	p->slot = xcalloc(p->slots, sizeof *p->slot);
	for (uint32_t i = 0; i < p->n; i++)
		*slot_of(p, str_of(p->place[i].interface)) = i + 1;
}

uint32_t places_find(const struct places *p, struct str interface)
{
	return p->n ? *slot_of(p, interface) - 1 : PLACE_NONE;
}

uint32_t places_intern(struct places *p, struct str interface)
{
	uint32_t *slot, i;

	if ((p->n + 1) * 2 > p->slots)
		slots_grow(p);
	slot = slot_of(p, interface);
	if (*slot || p->n == PLACES_MAX)
		return *slot - 1;
	xgrow((void **)&p->place, &p->cap, p->n + 1, sizeof *p->place);
	i = p->n++;
	*slot = p->n;
	p->place[i] = (struct interface){ .interface = xstrndup(interface.s, interface.n),
					  .first = INT64_MAX,
					  .newest = INT64_MIN,
					  .records = { .bridge = BRIDGE_S },
					  .nodata = { .bridge = BRIDGE_S } };
	return i;
}

/* Which interface a row is of: transit gateways name their attachment, regional NAT gateways
 * themselves. */
static const int name_fields[] = { FIELD_INTERFACE_ID, FIELD_TGW_ATTACHMENT_ID, FIELD_RESOURCE_ID };

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

/* ---- rows ---- */

/* What is read of the rows of a segment. */
struct place_reader {
	struct places *p;
	const struct segment *s;
	const struct dict *d;
	unsigned log;
	const struct column *name, *address[2], *start, *end, *direction;
	const struct column *text[5]; /* in the order of text_fields */
};

static const int text_fields[] = { FIELD_SUBNET_ID, FIELD_VPC_ID, FIELD_AZ_ID, FIELD_INSTANCE_ID,
				   FIELD_INTERFACE_TYPE };

static char **text_at(struct interface *e, unsigned i)
{
	char **const text[] = { &e->subnet, &e->vpc, &e->zone, &e->instance, &e->kind };

	return text[i];
}

/* The interface of a row; looked up once for each code. */
static uint32_t place_of(struct place_reader *r, uint32_t row)
{
	struct places *p = r->p;
	uint32_t code = r->name ? column_code(r->name, row) : 0, i;
	struct str name;

	if (code && p->of_code[code])
		return p->of_code[code] - 1;
	name = name_of(r->s, r->d, row);
	i = name.n ? places_intern(p, name) : PLACE_NONE;
	if (code && i != PLACE_NONE)
		p->of_code[code] = i + 1;
	p->dropped += name.n && i == PLACE_NONE;
	return i;
}

static void learn_texts(struct place_reader *r, struct interface *e, uint32_t row)
{
	for (unsigned i = 0; i < ARRAY_SIZE(text_fields); i++) {
		char **text = text_at(e, i);
		struct str value;
		if (*text || !r->text[i])
			continue;
		value = column_text(r->text[i], r->d, column_code(r->text[i], row));
		if (value.n)
			*text = xstrndup(value.s, value.n);
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
	const uint8_t *address[2] = { address_at(r, 0, row, space[0]),
				      address_at(r, 1, row, space[1]) };
	struct str direction = { "", 0 };

	if (r->direction)
		direction = column_text(r->direction, r->d, column_code(r->direction, row));
	if (direction.n &&
	    (str_equal(direction, str_of("ingress")) || str_equal(direction, str_of("egress"))))
		address[str_equal(direction, str_of("egress"))] = NULL;
	votes_count(e->votes, address);
}

static void note_times(struct places *p, struct interface *e, uint8_t mark, int64_t start,
		       int64_t end, unsigned log)
{
	struct place_log *l = &p->log[log];

	e->logs |= UINT64_C(1) << log;
	l->longest = end - start > l->longest ? end - start : l->longest;
	e->first = start < e->first ? start : e->first;
	e->newest = end > e->newest ? end : e->newest;
	p->newest = end > p->newest ? end : p->newest;
	if (mark & MARK_SKIPDATA) {
		time_spans_add(&e->lost, start, end);
		return;
	}
	time_spans_add(&e->records, start, end);
	if (mark & MARK_NODATA)
		time_spans_add(&e->nodata, start, end);
}

static int64_t time_at(const struct column *c, uint32_t row)
{
	uint64_t v = c ? column_number(c, row) : NUMBER_ABSENT;

	return v == NUMBER_ABSENT ? INT64_MIN : time_in_seconds(v);
}

static void look_at(struct place_reader *r, uint32_t row)
{
	uint8_t mark = r->s->mark[row];
	uint32_t i = place_of(r, row);
	int64_t start = time_at(r->start, row), end = time_at(r->end, row);
	struct interface *e;

	r->p->log[r->log].rejects |= (mark & MARK_REJECT) != 0;
	r->p->log[r->log].accepts |= (mark & MARK_ACCEPT) != 0;
	if (i == PLACE_NONE)
		return;
	e = &r->p->place[i];
	learn_texts(r, e, row);
	if (!(mark & MARK_STATUS))
		learn_address(r, e, row);
	start = start == INT64_MIN ? end : start;
	end = end == INT64_MIN ? start : end;
	if (start != INT64_MIN)
		note_times(r->p, e, mark, start, end < start ? start : end, r->log);
}

void places_want(struct field_set *out)
{
	static const int others[] = { FIELD_SRCADDR,       FIELD_DSTADDR, FIELD_START,
				      FIELD_END,           FIELD_ACTION,  FIELD_LOG_STATUS,
				      FIELD_FLOW_DIRECTION };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		out->has[others[i]] = true;
	for (size_t i = 0; i < ARRAY_SIZE(name_fields); i++)
		out->has[name_fields[i]] = true;
	for (size_t i = 0; i < ARRAY_SIZE(text_fields); i++)
		out->has[text_fields[i]] = true;
}

void places_add(struct places *p, const struct segment *s, const struct dict *d, unsigned log)
{
	struct place_reader r = { .p = p,
				  .s = s,
				  .d = d,
				  .log = log < PLACES_LOGS ? log : PLACES_LOGS - 1,
				  .name = segment_column(s, FIELD_INTERFACE_ID),
				  .address = { segment_column(s, FIELD_SRCADDR),
					       segment_column(s, FIELD_DSTADDR) },
				  .start = segment_column(s, FIELD_START),
				  .end = segment_column(s, FIELD_END),
				  .direction = segment_column(s, FIELD_FLOW_DIRECTION) };

	for (unsigned i = 0; i < ARRAY_SIZE(text_fields); i++)
		r.text[i] = segment_column(s, text_fields[i]);
	if (r.name) {
		xgrow((void **)&p->of_code, &p->code_cap, r.name->codes, sizeof *p->of_code);
		memset(p->of_code, 0, r.name->codes * sizeof *p->of_code);
	}
	for (uint32_t row = 0; row < s->rows; row++)
		look_at(&r, row);
}

/* ---- what is known ---- */

uint32_t places_count(const struct places *p)
{
	return p->n;
}

const struct interface *places_at(const struct places *p, uint32_t i)
{
	return &p->place[i];
}

bool place_is_nat(const struct interface *p)
{
	/* describe-network-interfaces says nat_gateway, the field interface-type too. */
	return p->kind && str_equal_loose(str_of(p->kind), str_of("nat-gateway"));
}

uint64_t places_dropped(const struct places *p)
{
	return p->dropped;
}

struct place_logs places_logs(const struct places *p, uint32_t i)
{
	uint64_t logs = i == PLACE_NONE ? UINT64_MAX : p->place[i].logs;
	struct place_logs of = { .interval = 60 };

	for (unsigned k = 0; k < PLACES_LOGS; k++) {
		if (!(logs >> k & 1))
			continue;
		of.rejects |= p->log[k].rejects;
		of.accepts |= p->log[k].accepts;
		if (p->log[k].longest > LONG_RECORD)
			of.interval = 600;
	}
	return of;
}

int64_t places_newest(const struct places *p)
{
	return p->newest;
}

enum coverage places_coverage(const struct places *p, uint32_t i, int64_t from, int64_t to)
{
	const struct interface *e = i == PLACE_NONE ? NULL : &p->place[i];
	int64_t interval;

	if (!e || e->first > e->newest)
		return COVERAGE_UNLOGGED;
	interval = places_logs(p, i).interval;
	if (time_spans_overlap(&e->lost, from, to))
		return COVERAGE_LOST;
	if (to > e->newest && from > e->newest - interval)
		return p->newest - e->newest <= interval + LATE_S ? COVERAGE_PENDING : COVERAGE_GAP;
	/* Gaps that were too many to be kept are not known to be none. */
	if (e->records.merged)
		return COVERAGE_GAP;
	return time_spans_overlap(&e->records, from - interval, to + interval) ? COVERAGE_OK
									       : COVERAGE_GAP;
}

const char *coverage_name(enum coverage c)
{
	static const char *const names[COVERAGES] = { "unlogged", "lost", "pending", "gap", "ok" };

	return names[c];
}
