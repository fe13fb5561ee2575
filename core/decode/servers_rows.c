/* servers_rows.c - see servers_rows.h. Rows stand in segments that are open, sealed or published
 * already: what a code stands for is found in each of them. */
#include "decode/servers_rows.h"

#include <stdlib.h>

#include "schema/spelling.h"
#include "store/segment_build.h"

bool servers_is_internal(const void *servers, const uint8_t address[16])
{
	return prefixes_find(&((const struct servers *)servers)->internal, address) != NULL;
}

static void *by_code(void *p, size_t *cap, size_t codes, size_t size)
{
	xgrow(&p, cap, codes, size);
	memset(p, 0, codes * size);
	return p;
}

/* Few rows of many codes are not worth it. */
static void begin_codes(struct server_rows *r, uint32_t n)
{
	struct servers *v = r->v;

	for (int side = 0; side < 2; side++) {
		uint32_t codes = r->address[side]->codes;
		r->by_code[side] = codes <= n / 2;
		if (r->by_code[side])
			v->hash[side] =
				by_code(v->hash[side], &v->hash_cap[side], codes, sizeof **v->hash);
	}
	r->by_interface = r->interface && r->interface->codes <= n / 2;
	if (r->by_interface)
		v->owner = by_code(v->owner, &v->owner_cap, r->interface->codes, sizeof *v->owner);
}

bool server_rows_begin(struct server_rows *r, struct servers *v, struct served *t,
		       const struct segment *s, uint32_t n)
{
	r->v = v;
	r->t = t;
	r->s = s;
	r->loaded = false;
	memset(r->way, 0, sizeof r->way);
	r->address[0] = segment_column(s, FIELD_SRCADDR);
	r->address[1] = segment_column(s, FIELD_DSTADDR);
	r->port[0] = segment_column(s, FIELD_SRCPORT);
	r->port[1] = segment_column(s, FIELD_DSTPORT);
	r->packets = segment_column(s, FIELD_PACKETS);
	r->interface = segment_column(s, FIELD_INTERFACE_ID);
	r->direction = segment_column(s, FIELD_FLOW_DIRECTION);
	r->protocol = segment_column(s, FIELD_PROTOCOL);
	r->start = segment_column(s, FIELD_START);
	r->end = segment_column(s, FIELD_END);
	if (!r->address[0] || !r->address[1] || !r->port[0] || !r->port[1])
		return false;
	begin_codes(r, n);
	return true;
}

void server_rows_step(struct server_rows *r, uint32_t first, uint32_t n)
{
	r->first = first;
	r->loaded = true;
	for (int side = 0; side < 2; side++) {
		column_numbers(r->port[side], first, n, r->number[side]);
		column_codes(r->address[side], first, n, r->code[side]);
	}
	if (r->interface)
		column_codes(r->interface, first, n, r->on);
	if (r->protocol)
		column_numbers(r->protocol, first, n, r->carried);
	if (r->end)
		column_numbers(r->end, first, n, r->ended);
}

/* ---- values ---- */

static const uint8_t *code_address(const struct server_rows *r, int side, uint32_t code)
{
	const struct column *c = r->address[side];

	if (code == 0)
		return NULL;
	if (code < c->published && r->v->dict)
		return c->code[code].id == DICT_NONE ? NULL
						     : dict_address(r->v->dict, c->code[code].id);
	return column_key_address(c, code);
}

const uint8_t *row_address(const struct server_rows *r, int side, uint32_t row)
{
	return code_address(r, side, row_code(r, side, row));
}

uint64_t code_hash(const struct server_rows *r, int side, uint32_t code)
{
	const uint8_t *address = code_address(r, side, code);

	return address ? hash_address(address) | 1 : 0;
}

static void code_text(const struct server_rows *r, const struct column *c, uint32_t code,
		      struct buf *out)
{
	if (code == 0)
		return;
	if (code < c->published && r->v->dict)
		buf_add_str(out, column_text(c, r->v->dict, code));
	else
		column_key_text(c, code, out);
}

static uint64_t text_hash(const struct server_rows *r, const struct column *c, uint32_t code)
{
	struct buf text = { 0 };
	uint64_t hash;

	code_text(r, c, code, &text);
	hash = text.n ? hash_bytes(text.s, text.n) | 1 : 0;
	buf_release(&text);
	return hash;
}

struct owner *code_owner(const struct server_rows *r, uint32_t code)
{
	struct owners *o = &r->t->owners;
	struct owner *w = owners_intern(o, text_hash(r, r->interface, code));

	if (w && r->by_interface)
		r->v->owner[code] = (uint32_t)(w - o->owner) + 1;
	return w;
}

uint64_t row_interface(const struct server_rows *r, uint32_t row)
{
	const struct owner *w = row_owner(r, row);

	if (w)
		return w->interface;
	return r->interface ? text_hash(r, r->interface, column_code(r->interface, row)) : 0;
}

static enum way code_way(const struct server_rows *r, uint32_t code)
{
	struct buf text = { 0 };
	struct str word;
	enum way way = WAY_UNKNOWN;

	code_text(r, r->direction, code, &text);
	word = spelling_of(FIELD_FLOW_DIRECTION, buf_str(&text));
	if (str_equal(word, str_of("ingress")))
		way = WAY_IN;
	else if (str_equal(word, str_of("egress")))
		way = WAY_OUT;
	buf_release(&text);
	return way;
}

static enum way direction_of(struct server_rows *r, uint32_t row)
{
	uint32_t code = column_code(r->direction, row);

	if (code >= WAYS_KEPT)
		return code_way(r, code);
	if (!r->way[code])
		r->way[code] = (uint8_t)(1 + code_way(r, code));
	return (enum way)(r->way[code] - 1);
}

enum way row_way(struct server_rows *r, uint32_t row)
{
	const struct owner *w;

	if (r->direction)
		return direction_of(r, row);
	w = row_owner(r, row);
	if (!owner_is_known(w))
		return WAY_UNKNOWN;
	if (owner_has(w, row_hash(r, 1, row)))
		return WAY_IN;
	return owner_has(w, row_hash(r, 0, row)) ? WAY_OUT : WAY_UNKNOWN;
}

static uint32_t seconds(uint64_t v)
{
	int64_t s = v == NUMBER_ABSENT ? 0 : time_in_seconds(v);

	return s < UINT32_MAX ? (uint32_t)s : UINT32_MAX - 1;
}

uint32_t row_time(const struct column *c, uint32_t row)
{
	return seconds(c ? column_number(c, row) : NUMBER_ABSENT);
}

uint32_t row_ended(const struct server_rows *r, uint32_t row)
{
	if (r->end && r->loaded)
		return seconds(r->ended[row - r->first]);
	return row_time(r->end ? r->end : r->start, row);
}

/* ---- keys ---- */

static uint64_t other_of(const struct server_rows *r, uint32_t row, uint64_t first, uint64_t second)
{
	uint64_t protocol = !r->protocol ? 0
			    : r->loaded  ? r->carried[row - r->first]
					 : column_number(r->protocol, row);

	return (first & 0xffff) << 24 | (second & 0xffff) << 8 | (protocol & 0xff);
}

uint64_t row_tuple(const struct server_rows *r, uint32_t row, const uint64_t port[2], int from)
{
	return hash_pair(row_hash(r, from, row), row_hash(r, !from, row),
			 row_interface(r, row) ^ other_of(r, row, port[from], port[!from]));
}

uint64_t row_conversation(const struct server_rows *r, uint32_t row, const uint64_t port[2],
			  bool *src_lower)
{
	uint64_t src = row_hash(r, 0, row), dst = row_hash(r, 1, row);
	int lower;

	if (!src || !dst)
		return 0;
	*src_lower = src != dst ? src < dst : port[0] < port[1];
	lower = !*src_lower;
	return hash_pair(lower ? dst : src, lower ? src : dst,
			 other_of(r, row, port[lower], port[!lower])) |
	       1;
}
