/* charge.c - see charge.h. What addresses are is looked up once for each code. */
#include "decode/charge.h"

#include <stdlib.h>

#include "decode/place_rows.h"

#define STEP 512u

enum { SOURCE, DESTINATION, BEYOND, SIDES }; /* BEYOND: pkt-dstaddr */

/* What an address is, if it is nobody's own. */
enum realm {
	REALM_NONE = 1, /* there is no address */
	REALM_LOCAL,    /* nothing leaves the link or the host */
	REALM_INTERNAL,
	REALM_SERVICE, /* of AWS */
	REALM_COMPUTE, /* an address of EC2's, anybody's, in any region */
	REALM_INTERNET
};

struct end {
	uint32_t owner; /* PLACE_NONE: nobody's own */
	uint32_t realm; /* 0: not looked up */
};

struct charge_reader {
	const struct places *p;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[SIDES], *path, *service;
	struct end *of_code[SIDES]; /* NULL: not worth it */
	struct place_rows at;
	bool gateways; /* some interface is a NAT gateway's */
	/* Of the rows of a step: */
	uint32_t first, code[2][STEP], place[STEP];
};

/* ---- who is who ---- */

static bool is_local(const uint8_t a[16])
{
	if (address_is_v4(a))
		return a[12] == 0 || a[12] == 127 || a[12] >= 224 || (a[12] == 169 && a[13] == 254);
	return a[0] == 0xff || (a[0] == 0xfe && (a[1] & 0xc0) == 0x80);
}

static bool is_compute(struct str service)
{
	return str_equal(service, str_of("EC2"));
}

static enum realm realm_of(const struct charge_reader *r, const uint8_t address[16])
{
	struct labels *l = dict_labels(r->d);
	uint32_t service;

	if (is_local(address))
		return REALM_LOCAL;
	if (place_is_internal(r->p, address))
		return REALM_INTERNAL;
	service = l ? labels_of_address(l, LABEL_AWS_SERVICE, address) : DICT_NONE;
	if (service == DICT_NONE)
		return REALM_INTERNET;
	return is_compute(labels_text(l, service)) ? REALM_COMPUTE : REALM_SERVICE;
}

static struct end look_up(const struct charge_reader *r, int side, uint32_t code)
{
	uint8_t address[16];
	uint32_t owner;

	if (!column_address(r->address[side], r->d, code, address))
		return (struct end){ PLACE_NONE, REALM_NONE };
	owner = places_sole_owner(r->p, address);
	return (struct end){ owner, owner != PLACE_NONE ? REALM_INTERNAL : realm_of(r, address) };
}

static struct end end_of_code(const struct charge_reader *r, int side, uint32_t code)
{
	struct end *known;

	if (!r->of_code[side])
		return look_up(r, side, code);
	known = &r->of_code[side][code];
	if (!known->realm)
		*known = look_up(r, side, code);
	return *known;
}

static struct end end_beyond(const struct charge_reader *r, uint32_t row)
{
	if (!r->address[BEYOND])
		return (struct end){ PLACE_NONE, REALM_NONE };
	return end_of_code(r, BEYOND, column_code(r->address[BEYOND], row));
}

/* "euw1-az1", which is the same for every account, and no "eu-west-1a", which is not. */
static bool is_zone_id(const char *zone)
{
	return strstr(zone, "-az") != NULL;
}

int places_zones_differ(const struct places *p, uint32_t a, uint32_t b)
{
	const struct interface *x, *y;

	if (a == PLACE_NONE || b == PLACE_NONE)
		return -1;
	if (a == b)
		return 0;
	x = places_at(p, a);
	y = places_at(p, b);
	if (x->subnet && y->subnet && strcmp(x->subnet, y->subnet) == 0)
		return 0;
	if (!x->zone || !y->zone || is_zone_id(x->zone) != is_zone_id(y->zone))
		return -1;
	return strcmp(x->zone, y->zone) != 0;
}

/* ---- a record ---- */

static uint8_t zone_charge(const struct charge_reader *r, uint32_t a, uint32_t b)
{
	int differ = places_zones_differ(r->p, a, b);

	return differ < 0 ? CHARGE_UNKNOWN : differ ? CHARGE_ZONE : 0;
}

/* For what leaves for the internet, to an end, by what the record says of its service. */
static uint8_t internet_charge(const struct charge_reader *r, struct end to, uint32_t row)
{
	struct str service = { "", 0 };

	if (r->service)
		service = column_text(r->service, r->d, column_code(r->service, row));
	if (service.n)
		to.realm = is_compute(service) ? REALM_COMPUTE : REALM_SERVICE;
	return to.realm == REALM_INTERNET  ? CHARGE_INTERNET
	       : to.realm == REALM_COMPUTE ? CHARGE_UNKNOWN
					   : 0;
}

static bool is_outside(struct end e)
{
	return e.realm >= REALM_SERVICE;
}

/* At a NAT gateway's. */
static uint8_t charge_at_nat(const struct charge_reader *r, uint32_t at, const struct end end[2],
			     uint32_t row)
{
	bool out = end[SOURCE].owner == at;
	struct end other = end[out ? DESTINATION : SOURCE], beyond;
	uint8_t of;

	if (other.realm != REALM_INTERNAL) /* of what goes on to an end that no record names */
		return out && is_outside(other) && !r->address[BEYOND]
			       ? internet_charge(r, other, row)
			       : 0;
	of = CHARGE_NAT | zone_charge(r, at, other.owner);
	beyond = end_beyond(r, row);
	if (!out && is_outside(beyond))
		of |= internet_charge(r, beyond, row);
	return of;
}

/* How what an interface sends gets to the internet, as traffic-path has it. */
enum { PATH_VPC = 1, PATH_GATEWAY = 2, PATH_ENDPOINT = 7, PATH_INTERNET = 8 };

/* Whether a NAT gateway has it too: 1 yes, 0 no, -1 it is not known. */
static int goes_by_nat(const struct charge_reader *r, const struct interface *e)
{
	if (!r->gateways)
		return 0;
	return e->outwards == OUTWARDS_NAT ? 1 : e->outwards == OUTWARDS_DIRECT ? 0 : -1;
}

static uint8_t charge_outwards(const struct charge_reader *r, const struct interface *e,
			       struct end to, uint32_t row)
{
	uint64_t path = r->path ? column_number(r->path, row) : NUMBER_ABSENT;
	int by_nat;

	switch (path) {
	case NUMBER_ABSENT:
		by_nat = goes_by_nat(r, e);
		break;
	case PATH_VPC:
		by_nat = r->gateways ? 1 : -1;
		break;
	case PATH_GATEWAY:
	case PATH_INTERNET:
		by_nat = 0;
		break;
	case PATH_ENDPOINT:
		return 0;
	default:
		by_nat = -1;
	}
	return by_nat < 0 ? CHARGE_UNKNOWN : by_nat ? 0 : internet_charge(r, to, row);
}

/* What an interface sends. */
static uint8_t charge_sent(const struct charge_reader *r, uint32_t at, struct end to, uint32_t row)
{
	if (to.realm == REALM_INTERNAL) {
		bool nat = to.owner != PLACE_NONE && place_is_nat(places_at(r->p, to.owner));
		return nat ? 0 : zone_charge(r, at, to.owner);
	}
	return is_outside(to) ? charge_outwards(r, places_at(r->p, at), to, row) : 0;
}

static uint8_t charge_row(struct charge_reader *r, uint32_t row, bool second)
{
	struct end end[2];
	uint32_t at;

	if (r->s->mark[row] & (MARK_STATUS | MARK_REJECT))
		return 0;
	at = r->place[row - r->first];
	for (int i = SOURCE; i <= DESTINATION; i++)
		end[i] = r->address[i] ? end_of_code(r, i, r->code[i][row - r->first])
				       : (struct end){ PLACE_NONE, REALM_NONE };
	if (at == PLACE_NONE)
		return CHARGE_UNKNOWN;
	if (end[SOURCE].owner != at && end[DESTINATION].owner != at)
		return second ? 0 : CHARGE_UNKNOWN; /* on the way */
	if (place_is_nat(places_at(r->p, at)))
		return charge_at_nat(r, at, end, row);
	if (end[SOURCE].owner == at)
		return charge_sent(r, at, end[DESTINATION], row);
	if (second || end[SOURCE].realm != REALM_INTERNAL ||
	    (end[SOURCE].owner != PLACE_NONE && place_is_nat(places_at(r->p, end[SOURCE].owner))))
		return 0;
	return zone_charge(r, at, end[SOURCE].owner);
}

/* ---- rows ---- */

static struct end *end_table(const struct column *c, uint32_t rows)
{
	return c && rows >= c->codes / 4 ? xcalloc(c->codes, sizeof(struct end)) : NULL;
}

static void read_step(struct charge_reader *r, uint32_t first, uint32_t n)
{
	r->first = first;
	for (int i = SOURCE; i <= DESTINATION; i++)
		if (r->address[i])
			column_codes(r->address[i], first, n, r->code[i]);
	place_rows_read(&r->at, first, n, r->place);
}

void charges_judge(const struct places *p, const struct segment *s, const struct dict *d,
		   uint32_t first, uint32_t n, const uint64_t *second, uint8_t *out)
{
	struct charge_reader r; /* its steps are large, and written before they are read */

	r.p = p;
	r.s = s;
	r.d = d;
	r.address[SOURCE] = segment_column(s, FIELD_SRCADDR);
	r.address[DESTINATION] = segment_column(s, FIELD_DSTADDR);
	r.address[BEYOND] = segment_column(s, FIELD_PKT_DSTADDR);
	r.path = segment_column(s, FIELD_TRAFFIC_PATH);
	r.service = segment_column(s, FIELD_PKT_DST_AWS_SERVICE);
	for (int i = 0; i < SIDES; i++)
		r.of_code[i] = end_table(r.address[i], n);
	r.gateways = false;
	for (uint32_t i = 0; i < places_count(p) && !r.gateways; i++)
		r.gateways = place_is_nat(places_at(p, i));
	r.at = place_rows_begin(p, s, d, n);
	for (uint32_t i = 0; i < n; i++) {
		if (i % STEP == 0)
			read_step(&r, first + i, n - i < STEP ? n - i : STEP);
		out[i] = charge_row(&r, first + i, second[i / 64] >> i % 64 & 1);
	}
	place_rows_end(&r.at);
	for (int i = 0; i < SIDES; i++)
		free(r.of_code[i]);
}

/* ---- segments ---- */

static void set_prices(struct charges *c, const struct prices *p)
{
	for (unsigned of = 0; of < CHARGES; of++)
		c->price[of] = (of & CHARGE_NAT ? p->nat : 0) +
			       (of & CHARGE_ZONE ? 2 * p->zone : 0) +
			       (of & CHARGE_INTERNET ? p->internet : 0);
}

void segment_charge(struct segment *s, const struct places *p, const struct dict *d,
		    const struct prices *prices, uint32_t first, uint32_t rows,
		    const uint64_t *second)
{
	s->charges = xrealloc(s->charges, sizeof *s->charges + s->rows);
	set_prices(s->charges, prices);
	charges_judge(p, s, d, first, rows - first, second + first / 64, s->charges->of + first);
}

void segment_keep_charged(const struct segment *s, uint32_t rows, uint64_t *second)
{
	for (uint32_t row = 0; s->charges && row < rows; row++)
		second[row / 64] &= ~((uint64_t)(s->charges->of[row] != 0) << row % 64);
}

void segment_discharge(struct segment *s)
{
	free(s->charges);
	s->charges = NULL;
}
