/* sightings.c - see sightings.h. Which rows they are is seen from codes of addresses first, of those
 * from ids of addresses and from ports; what is not asked for is never looked at. */
#include "triage/sightings.h"

#include <stdlib.h>

#include "decode/place_rows.h"
#include "triage/asked_ends.h"

#define STEP 512u
#define FEW 4u       /* codes that rows are compared with one after the other */
#define ADDRESSES 4u /* of a row: two of the record, two of the packets */

void sightings_release(struct sightings *v)
{
	free(v->row);
	v->row = NULL;
	v->n = v->cap = 0;
}

size_t sightings_bytes(const struct sightings *v)
{
	return v->cap * sizeof *v->row;
}

static const int address_fields[ADDRESSES] = { FIELD_SRCADDR, FIELD_DSTADDR, FIELD_PKT_SRCADDR,
					       FIELD_PKT_DSTADDR };

static const int lost_fields[] = { FIELD_PACKETS_LOST_NO_ROUTE, FIELD_PACKETS_LOST_BLACKHOLE,
				   FIELD_PACKETS_LOST_MTU_EXCEEDED,
				   FIELD_PACKETS_LOST_TTL_EXPIRED };

struct sighting_reader {
	struct sightings *v;
	struct place_rows at;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[ADDRESSES], *port[2], *protocol, *packets, *bytes, *start,
		*end, *flags, *reason, *gateway, *lost[ARRAY_SIZE(lost_fields)];
	const struct asked_ends *asked;
	uint8_t *met[ADDRESSES]; /* by code: it is an end of some question; NULL: none is */
	uint32_t few[ADDRESSES][FEW], mets[ADDRESSES]; /* the first of those codes; how many */
};

static uint64_t number_at(const struct column *c, uint32_t row)
{
	return c ? column_number(c, row) : NUMBER_ABSENT;
}

static uint32_t id_at(const struct column *c, uint32_t row)
{
	return c ? c->code[column_code(c, row)].id : DICT_NONE;
}

enum part { NO_PART, ASIDE, PART };

/* What a record is to the questions: one of a client's that is asked for, of anybody's with a
 * server, or neither. */
static enum part part_in(const struct asked_ends *a, const uint32_t id[ADDRESSES], uint64_t sport,
			 uint64_t dport, uint64_t protocol)
{
	unsigned is = 0;

	for (unsigned i = 0; i < ADDRESSES; i++)
		is |= asked_ends_find(a, id[i], sport, dport, protocol);
	return is & (ASKED_CLIENT | ASKED_SERVER_ANY) ? PART : is & ASKED_SERVER ? ASIDE : NO_PART;
}

static enum refusal refusal_at(const struct sighting_reader *r, uint32_t row)
{
	struct str text;

	if (!r->reason)
		return REFUSAL_NONE;
	text = column_text(r->reason, r->d, column_code(r->reason, row));
	return text.n == 0                            ? REFUSAL_NONE
	       : str_equal_loose(text, str_of("BPA")) ? REFUSAL_BPA
	       : str_equal_loose(text, str_of("EC"))  ? REFUSAL_EC
						      : REFUSAL_OTHER;
}

static void copy_address(const struct sighting_reader *r, const uint32_t id[ADDRESSES], unsigned i,
			 uint8_t out[16])
{
	const uint8_t *a = dict_address(r->d, id[i] != DICT_NONE ? id[i] : id[i & 1]);

	if (a)
		memcpy(out, a, 16);
}

/* The oldest half goes when there is no room: what is in force now is asked. */
static int by_start(const void *a, const void *b)
{
	const struct sighting *x = a, *y = b;

	return x->start != y->start ? (x->start < y->start ? 1 : -1)
				    : (x->order < y->order ? -1 : 1);
}

static void make_room(struct sightings *v)
{
	if (!v->most || v->n < v->most)
		return;
	qsort(v->row, v->n, sizeof *v->row, by_start);
	v->dropped += v->n - v->most / 2;
	v->n = v->most / 2;
}

static void add_row(struct sighting_reader *r, uint32_t row, const uint32_t id[ADDRESSES])
{
	struct sightings *v = r->v;
	uint64_t start = number_at(r->start, row), end = number_at(r->end, row);
	uint64_t flags = number_at(r->flags, row), packets, bytes;
	struct sighting *s;

	if (start == NUMBER_ABSENT && end == NUMBER_ABSENT) {
		v->undated++;
		return;
	}
	/* A transit gateway has no action to say: what it passed on it saw. */
	if (!(r->s->mark[row] & (MARK_ACCEPT | MARK_REJECT)) && !id_at(r->gateway, row)) {
		v->actionless++;
		return;
	}
	start = start == NUMBER_ABSENT ? end : start;
	end = end == NUMBER_ABSENT ? start : end;
	if (v->from != v->to && (time_in_seconds(end) < v->from || time_in_seconds(end) >= v->to))
		return;
	packets = number_at(r->packets, row);
	bytes = number_at(r->bytes, row);
	make_room(v);
	xgrow_within((void **)&v->row, &v->cap, v->n + 1, v->most, sizeof *v->row);
	s = &v->row[v->n++];
	*s = (struct sighting){ .interface = place_rows_at(&r->at, row),
				.sport = (uint16_t)number_at(r->port[0], row),
				.dport = (uint16_t)number_at(r->port[1], row),
				.protocol = (uint8_t)number_at(r->protocol, row),
				.flags = flags == NUMBER_ABSENT ? 0 : (uint8_t)flags,
				.has_flags = flags != NUMBER_ABSENT,
				.reject = r->s->mark[row] & MARK_REJECT,
				.refusal = (uint8_t)refusal_at(r, row),
				.order = (uint32_t)(v->n + v->dropped),
				.packets = packets == NUMBER_ABSENT ? 0 : packets,
				.bytes = bytes == NUMBER_ABSENT ? 0 : bytes,
				.start = time_in_seconds(start),
				.end = time_in_seconds(end) };
	s->end = s->end < s->start ? s->start : s->end;
	for (unsigned i = 0; i < ARRAY_SIZE(lost_fields); i++) {
		uint64_t n = number_at(r->lost[i], row);
		s->dropped |= (uint8_t)((n != NUMBER_ABSENT && n > 0) << i);
	}
	copy_address(r, id, 0, s->src);
	copy_address(r, id, 1, s->dst);
	copy_address(r, id, 2, s->pkt_src);
	copy_address(r, id, 3, s->pkt_dst);
}

static void look_at(struct sighting_reader *r, uint32_t row)
{
	enum part part;
	uint32_t id[ADDRESSES];
	uint64_t sport, dport;

	sport = number_at(r->port[0], row);
	dport = number_at(r->port[1], row);
	if (!asked_ends_have_port(r->asked, sport) && !asked_ends_have_port(r->asked, dport))
		return;
	for (unsigned i = 0; i < ADDRESSES; i++)
		id[i] = id_at(r->address[i], row);
	part = part_in(r->asked, id, sport, dport, number_at(r->protocol, row));
	if (part == ASIDE && r->v->asides_most && r->v->asides >= r->v->asides_most)
		return;
	if (part == NO_PART)
		return;
	r->v->asides += part == ASIDE;
	add_row(r, row, id);
}

/* ---- rows by code ---- */

/* Whether some row of the segment can be asked for. */
static bool find_codes(struct sighting_reader *r)
{
	bool any = false;

	for (unsigned i = 0; i < ADDRESSES; i++) {
		const struct column *c = r->address[i];
		for (uint32_t code = 1; c && code < c->codes; code++) {
			uint32_t id = c->code[code].id;
			if (!asked_ends_has(r->asked, id))
				continue;
			if (r->mets[i] < FEW)
				r->few[i][r->mets[i]] = code;
			if (!r->met[i])
				r->met[i] = xcalloc(c->codes, 1);
			r->met[i][code] = 1;
			r->mets[i]++;
			any = true;
		}
	}
	return any;
}

/* Sets for each row whether one of its ends is asked for. */
static void meet(const struct sighting_reader *r, uint32_t first, uint32_t n, uint8_t *met)
{
	uint32_t code[STEP];
	uint8_t equal[STEP];

	memset(met, 0, n);
	for (unsigned i = 0; i < ADDRESSES; i++) {
		if (r->mets[i] > FEW) {
			column_codes(r->address[i], first, n, code);
			for (uint32_t k = 0; k < n; k++)
				met[k] |= r->met[i][code[k]];
			continue;
		}
		for (unsigned m = 0; m < r->mets[i]; m++) {
			column_within(r->address[i], first, n, r->few[i][m], r->few[i][m], equal);
			for (uint32_t k = 0; k < n; k++)
				met[k] |= equal[k];
		}
	}
}

static bool any_of(const uint8_t *met, uint32_t n)
{
	return memchr(met, 1, n) != NULL;
}

static void read_rows(struct sighting_reader *r)
{
	const struct segment *s = r->s;
	uint8_t met[STEP];

	for (uint32_t first = 0; first < s->rows; first += STEP) {
		uint32_t n = s->rows - first < STEP ? s->rows - first : STEP;
		meet(r, first, n, met);
		if (!any_of(met, n))
			continue;
		for (uint32_t i = 0; i < n; i++)
			if (met[i] && !(s->mark[first + i] & MARK_STATUS))
				look_at(r, first + i);
	}
}

void sightings_want(struct field_set *out)
{
	static const int others[] = { FIELD_TGW_ATTACHMENT_ID, FIELD_SRCPORT,      FIELD_DSTPORT,
				      FIELD_PROTOCOL,          FIELD_PACKETS,      FIELD_BYTES,
				      FIELD_TCP_FLAGS,         FIELD_REJECT_REASON };

	places_want(out);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		out->has[others[i]] = true;
	for (size_t i = 0; i < ADDRESSES; i++)
		out->has[address_fields[i]] = true;
	for (size_t i = 0; i < ARRAY_SIZE(lost_fields); i++)
		out->has[lost_fields[i]] = true;
}

void sightings_add(struct sightings *v, const struct places *p, const struct segment *s,
		   const struct dict *d, const struct why_question *q, size_t questions)
{
	struct asked_ends *asked = asked_ends_new(d, q, questions);
	struct sighting_reader r = { .v = v,
				     .at = place_rows_begin(p, s, d, s->rows),
				     .s = s,
				     .d = d,
				     .port = { segment_column(s, FIELD_SRCPORT),
					       segment_column(s, FIELD_DSTPORT) },
				     .protocol = segment_column(s, FIELD_PROTOCOL),
				     .packets = segment_column(s, FIELD_PACKETS),
				     .bytes = segment_column(s, FIELD_BYTES),
				     .start = segment_column(s, FIELD_START),
				     .end = segment_column(s, FIELD_END),
				     .flags = segment_column(s, FIELD_TCP_FLAGS),
				     .reason = segment_column(s, FIELD_REJECT_REASON),
				     .gateway = segment_column(s, FIELD_TGW_ATTACHMENT_ID),
				     .asked = asked };

	for (unsigned i = 0; i < ADDRESSES; i++)
		r.address[i] = segment_column(s, address_fields[i]);
	for (unsigned i = 0; i < ARRAY_SIZE(lost_fields); i++)
		r.lost[i] = segment_column(s, lost_fields[i]);
	if (!r.protocol || !r.port[0] || !r.port[1] || !r.address[0] || !r.address[1])
		v->columnless += s->flows;
	else if (asked_ends_any(asked) && find_codes(&r))
		read_rows(&r);
	place_rows_end(&r.at);
	for (unsigned i = 0; i < ADDRESSES; i++)
		free(r.met[i]);
	asked_ends_free(asked);
}
