/* tolls.c - see tolls.h: the sums, and what rows add to them. */
#include "triage/tolls_state.h"

#include <stdlib.h>

#include "base/hash.h"
#include "decode/place_rows.h"

#define SLOTS_LEAST 128u
#define STEP 512u

static const char *const service_names[TOLL_SERVICES] = { "S3", "DYNAMODB" };

const char *toll_service_name(enum toll_service s)
{
	return service_names[s];
}

/* ---- life ---- */

struct tolls *tolls_new(size_t bytes)
{
	struct tolls *t = xcalloc(1, sizeof *t);

	t->limit = UINT64_MAX;
	t->most = SLOTS_LEAST;
	while (t->most < UINT32_MAX / 2 && 2 * (size_t)t->most * sizeof *t->slot <= bytes)
		t->most *= 2;
	t->slots = SLOTS_LEAST;
	t->slot = xcalloc(t->slots, sizeof *t->slot);
	return t;
}

void tolls_free(struct tolls *t)
{
	if (!t)
		return;
	for (unsigned i = 0; i < t->zones; i++)
		free(t->zone[i]);
	free(t->slot);
	free(t);
}

size_t tolls_bytes(const struct tolls *t)
{
	return sizeof *t + t->slots * sizeof *t->slot;
}

uint64_t tolls_dropped(const struct tolls *t)
{
	return t->dropped;
}

/* ---- sums ---- */

static struct toll *slot_of(struct tolls *t, const struct toll_key *k)
{
	uint32_t at = (uint32_t)hash_bytes(k, sizeof *k) & (t->slots - 1);

	while (t->slot[at].key.kind && memcmp(&t->slot[at].key, k, sizeof *k) != 0)
		at = (at + 1) & (t->slots - 1);
	return &t->slot[at];
}

/* Sums that are nothing, or are not drawn any more, go. */
static void rebuild(struct tolls *t, uint32_t slots)
{
	struct toll *had = t->slot;
	uint32_t n = t->slots;

	t->slot = xcalloc(slots, sizeof *t->slot);
	t->slots = slots;
	t->used = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (had[i].bytes == 0)
			continue;
		if (had[i].draw > t->limit) {
			t->dropped += had[i].bytes;
			continue;
		}
		*slot_of(t, &had[i].key) = had[i];
		t->used++;
	}
	free(had);
}

static bool is_full(const struct tolls *t)
{
	return t->used >= t->slots / 4 * 3;
}

static void make_room(struct tolls *t)
{
	if (!is_full(t))
		return;
	rebuild(t, t->slots < t->most ? t->slots * 2 : t->slots);
	while (is_full(t) && t->limit) {
		t->limit /= 2;
		rebuild(t, t->slots);
	}
}

/* What a record adds or takes away. */
struct toll_row {
	uint64_t bytes;
	uint32_t bin, mix;
	int sign;
};

static void add(struct tolls *t, struct toll_key key, uint64_t draw, const struct toll_row *by)
{
	uint64_t bytes = by->bytes;
	struct toll *at;

	make_room(t);
	if (draw > t->limit) {
		t->dropped += bytes;
		return;
	}
	at = slot_of(t, &key);
	if (!at->key.kind && is_full(t)) { /* of times beyond number */
		t->dropped += bytes;
		return;
	}
	t->used += !at->key.kind;
	at->key = key;
	at->draw = draw;
	at->bytes += bytes;
	at->rows += (uint32_t)by->sign;
	at->mix ^= by->mix;
}

static int compare_tolls(const void *x, const void *y)
{
	const struct toll_key *a = &((const struct toll *)x)->key,
			      *b = &((const struct toll *)y)->key;
	int order = (a->a > b->a) - (a->a < b->a);

	order = order ? order : (a->b > b->b) - (a->b < b->b);
	return order ? order : (a->bin > b->bin) - (a->bin < b->bin);
}

size_t tolls_list(const struct tolls *t, enum toll_kind kind, struct toll **out)
{
	size_t n = 0;

	*out = xmalloc((t->used + 1) * sizeof **out);
	for (uint32_t i = 0; i < t->slots; i++)
		if (t->slot[i].key.kind == (uint32_t)kind && t->slot[i].bytes) {
			(*out)[n] = t->slot[i];
			(*out)[n].bytes = toll_bytes(&t->slot[i]);
			n++;
		}
	qsort(*out, n, sizeof **out, compare_tolls);
	return n;
}

/* ---- rows ---- */

struct toll_reader {
	struct tolls *t;
	const struct places *p;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[2], *service[2], *bytes;
	const struct column *other[5]; /* that copies have in common: ports, packets, times */
	uint8_t *of_code
		[2]; /* by an address' code: 1 + service, TOLL_SERVICES for none; 0: not looked up */
	struct place_rows at;
	int sign;
};

static enum toll_service service_of(struct str name)
{
	unsigned s = 0;

	while (s < TOLL_SERVICES && !str_equal(name, str_of(service_names[s])))
		s++;
	return (enum toll_service)s;
}

static enum toll_service service_by_label(struct toll_reader *r, int side, uint32_t code)
{
	struct labels *l = dict_labels(r->d);
	uint32_t label = DICT_NONE;
	uint8_t address[16], *known = r->of_code[side] ? &r->of_code[side][code] : NULL;
	enum toll_service s = TOLL_SERVICES;

	if (known && *known)
		return (enum toll_service)(*known - 1);
	if (l && column_address(r->address[side], r->d, code, address))
		label = labels_of_address(l, LABEL_AWS_SERVICE, address);
	if (label != DICT_NONE)
		s = service_of(labels_text(l, label));
	if (known)
		*known = (uint8_t)(s + 1);
	return s;
}

static uint32_t owner(const struct toll_reader *r, int side, uint32_t row, uint8_t out[16])
{
	const struct column *c = r->address[side];

	memset(out, 0, 16);
	return column_address(c, r->d, column_code(c, row), out) ? places_sole_owner(r->p, out)
								 : PLACE_NONE;
}

static struct toll_key key_of(enum toll_kind kind, uint32_t a, uint32_t b, uint32_t bin)
{
	return (struct toll_key){ .kind = (uint32_t)kind, .a = a, .b = b, .bin = bin };
}

/* Of an interface by its name: numbers go by who came first. */
static uint64_t hash_of_place(const struct toll_reader *r, uint32_t at)
{
	const char *name = at == PLACE_NONE ? "" : places_at(r->p, at)->interface;

	return hash_bytes(name, strlen(name));
}

/* What sums of whom there may be many are drawn by; that of others is 0. */
static uint64_t draw_of(const struct toll_reader *r, uint32_t at, uint64_t other)
{
	return hash_pair(hash_of_place(r, at), other, 0);
}

static void add_client(struct toll_reader *r, uint32_t via, enum toll_service s,
		       const uint8_t client[16], const struct toll_row *x)
{
	struct toll_key key = key_of(TOLL_CLIENT, via, s, 0);

	memcpy(key.client, client, 16);
	add(r->t, key, draw_of(r, via, hash_address(client) ^ (uint64_t)s), x);
}

/* What a gateway and a client sent each other, of which the record says the service. */
static void add_told(struct toll_reader *r, uint32_t row, const struct toll_row *x)
{
	uint8_t address[2][16];
	uint32_t at = place_rows_at(&r->at, row);
	bool out = owner(r, 0, row, address[0]) == at;
	const struct column *c = r->service[!out];
	enum toll_service s =
		c ? service_of(column_text(c, r->d, column_code(c, row))) : TOLL_SERVICES;

	if (s == TOLL_SERVICES)
		return;
	owner(r, 1, row, address[1]);
	add(r->t, key_of(TOLL_NAT, at, s, x->bin), 0, x);
	add_client(r, at, s, address[out], x);
}

/* The same for exact copies only. */
static uint32_t mix_of(const struct toll_reader *r, uint32_t row, uint64_t bytes)
{
	uint64_t mix = bytes;
	uint8_t address[16];

	for (size_t i = 0; i < ARRAY_SIZE(r->other); i++)
		if (r->other[i])
			mix = hash_pair(mix, column_number(r->other[i], row), i);
	for (int i = 0; i < 2; i++)
		if (column_address(r->address[i], r->d, column_code(r->address[i], row), address))
			mix = hash_pair(mix, hash_address(address), (uint64_t)i);
	return (uint32_t)mix;
}

/* Of records that say no service, by addresses: the gateway's with the service, and its clients'. */
static void add_labelled(struct toll_reader *r, uint32_t row, const struct toll_row *x)
{
	uint32_t at = place_rows_at(&r->at, row);
	uint8_t address[2][16];

	if (at == PLACE_NONE || (r->s->mark[row] & (MARK_STATUS | MARK_REJECT)))
		return;
	for (int own = 0; own < 2; own++) {
		enum toll_service s = service_by_label(r, !own, column_code(r->address[!own], row));
		struct toll_row copy = *x;
		if (s == TOLL_SERVICES || owner(r, own, row, address[own]) != at)
			continue;
		copy.mix = mix_of(r, row, column_number(r->bytes, row));
		if (place_is_nat(places_at(r->p, at)))
			add(r->t, key_of(TOLL_NAT, at, s, x->bin), 0, &copy);
		else if (places_at(r->p, at)->outwards == OUTWARDS_NAT)
			add_client(r, PLACE_NONE, s, address[own], &copy);
		return;
	}
}

static unsigned zone_number(struct tolls *t, const char *zone)
{
	unsigned i = 0;

	while (i < t->zones && strcmp(t->zone[i], zone) != 0)
		i++;
	if (i == t->zones && i < TOLL_ZONES)
		t->zone[t->zones++] = xstrndup(zone, strlen(zone));
	return i;
}

static void add_crossing(struct toll_reader *r, uint32_t row, const struct toll_row *x)
{
	uint8_t address[16];
	uint32_t from = owner(r, 0, row, address), to = owner(r, 1, row, address);
	unsigned a = zone_number(r->t, places_at(r->p, from)->zone);
	unsigned b = zone_number(r->t, places_at(r->p, to)->zone);

	if (a == TOLL_ZONES || b == TOLL_ZONES) {
		r->t->dropped += x->bytes;
		return;
	}
	add(r->t, key_of(TOLL_ZONE, a < b ? a : b, a < b ? b : a, x->bin), 0, x);
	add(r->t, key_of(TOLL_HOSTS, from, to, 0), draw_of(r, from, hash_of_place(r, to)), x);
}

static void add_row(struct toll_reader *r, uint32_t row, uint8_t charges)
{
	int64_t time = segment_time(r->s, row);
	uint64_t bytes = column_number(r->bytes, row);
	struct toll_row x = { .bytes = bytes * (uint64_t)(int64_t)r->sign,
			      .bin = time > 0 ? (uint32_t)(time / TOLL_BIN_S) : 0,
			      .sign = r->sign };
	bool labelled = !r->service[0] && !r->service[1];

	if (bytes == NUMBER_ABSENT || !(labelled || charges & (CHARGE_ZONE | CHARGE_NAT)))
		return;
	if (charges & (CHARGE_ZONE | CHARGE_NAT))
		x.mix = mix_of(r, row, bytes);
	if (charges & CHARGE_ZONE)
		add_crossing(r, row, &x);
	if (labelled)
		add_labelled(r, row, &x);
	else if (charges & CHARGE_NAT)
		add_told(r, row, &x);
}

/* Which of the rows first..first+n-1 may be paid for: few are. */
static void find_some(struct toll_reader *r, uint32_t first, uint32_t n, const uint8_t *charges,
		      bool *some)
{
	bool labelled = !r->service[0] && !r->service[1];
	uint32_t code[STEP];

	for (uint32_t i = 0; i < n; i++)
		some[i] = charges[i] & (CHARGE_ZONE | CHARGE_NAT);
	for (int side = 0; labelled && side < 2; side++) {
		column_codes(r->address[side], first, n, code);
		for (uint32_t i = 0; i < n; i++)
			some[i] |= service_by_label(r, side, code[i]) != TOLL_SERVICES;
	}
}

void tolls_add(struct tolls *t, const struct places *p, const struct segment *s,
	       const struct dict *d, uint32_t first, uint32_t n, const uint64_t *second, int sign)
{
	struct toll_reader r = { .t = t, .p = p, .s = s, .d = d, .sign = sign };
	static const int others[] = { FIELD_SRCPORT, FIELD_DSTPORT, FIELD_PACKETS, FIELD_START,
				      FIELD_END };
	uint8_t *charges;
	bool some[STEP];

	r.address[0] = segment_column(s, FIELD_SRCADDR);
	r.address[1] = segment_column(s, FIELD_DSTADDR);
	r.service[0] = segment_column(s, FIELD_PKT_SRC_AWS_SERVICE);
	r.service[1] = segment_column(s, FIELD_PKT_DST_AWS_SERVICE);
	r.bytes = segment_column(s, FIELD_BYTES);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		r.other[i] = segment_column(s, others[i]);
	if (!r.address[0] || !r.address[1] || !r.bytes)
		return;
	charges = xmalloc(n);
	charges_judge(p, s, d, first, n, second, charges);
	for (int i = 0; i < 2; i++)
		r.of_code[i] =
			n >= r.address[i]->codes / 4 ? xcalloc(r.address[i]->codes, 1) : NULL;
	r.at = place_rows_begin(p, s, d, n);
	for (uint32_t done = 0; done < n; done += STEP) {
		uint32_t step = n - done < STEP ? n - done : STEP;
		find_some(&r, first + done, step, charges + done, some);
		for (uint32_t i = 0; i < step; i++)
			if (some[i])
				add_row(&r, first + done + i, charges[done + i]);
	}
	place_rows_end(&r.at);
	free(r.of_code[0]);
	free(r.of_code[1]);
	free(charges);
}

size_t tolls_of_two(const struct toll *bin, size_t n, size_t from)
{
	size_t to = from;

	while (to < n && bin[to].key.a == bin[from].key.a && bin[to].key.b == bin[from].key.b)
		to++;
	return to;
}

void tolls_put_heaviest(void *list, unsigned *n, const void *item, size_t size,
			bool (*is_heavier)(const void *a, const void *b))
{
	char *at = list;
	unsigned i = *n < TOLL_WHOM ? (*n)++ : TOLL_WHOM;

	for (; i > 0 && is_heavier(item, at + (i - 1) * size); i--)
		if (i < TOLL_WHOM)
			memcpy(at + i * size, at + (i - 1) * size, size);
	if (i < TOLL_WHOM)
		memcpy(at + i * size, item, size);
}
