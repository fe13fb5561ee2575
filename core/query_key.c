/* query_key.c - words of keys from the rows of a segment: see query_key.h. */
#include "query_key.h"

#include <stdlib.h>
#include <string.h>

/* ---- restriction ---- */

void key_set_init(struct key_set *s, unsigned words)
{
	*s = (struct key_set){ .words = words };
}

void key_set_release(struct key_set *s)
{
	free(s->key);
	free(s->slot);
	*s = (struct key_set){ 0 };
}

static uint32_t *key_set_slot(const struct key_set *s, const uint32_t *key)
{
	uint32_t at = key_hash32(key, s->words) & (s->cap - 1);

	while (s->slot[at] && memcmp(s->key + (size_t)(s->slot[at] - 1) * s->words, key,
				     s->words * sizeof *key) != 0)
		at = (at + 1) & (s->cap - 1);
	return &s->slot[at];
}

void key_set_add(struct key_set *s, const uint32_t *key)
{
	if (s->n >= s->cap / 2) {
		s->cap = s->cap ? s->cap * 2 : 64;
		s->key = xrealloc(s->key, (size_t)s->cap * s->words * sizeof *s->key);
		free(s->slot);
		s->slot = xcalloc(s->cap, sizeof *s->slot);
		for (uint32_t i = 0; i < s->n; i++)
			*key_set_slot(s, s->key + (size_t)i * s->words) = i + 1;
	}
	uint32_t *slot = key_set_slot(s, key);
	if (*slot)
		return;
	memcpy(s->key + (size_t)s->n * s->words, key, s->words * sizeof *key);
	*slot = ++s->n;
	s->first[key[0] / 64 % ARRAY_SIZE(s->first)] |= UINT64_C(1) << key[0] % 64;
}

bool key_set_has(const struct key_set *s, const uint32_t *key)
{
	return s->n && (s->first[key[0] / 64 % ARRAY_SIZE(s->first)] >> key[0] % 64 & 1) &&
	       *key_set_slot(s, key);
}

/* ---- rows ---- */

struct key_batch *key_batch_new(unsigned words)
{
	struct key_batch *b =
		xmalloc(sizeof *b + (size_t)KEY_BATCH * (words ? words : 1) * sizeof b->key[0]);
	b->n = 0;
	return b;
}

/* Whether the rows are one run, so that columns can be read in bulk. */
static bool contiguous(const struct key_batch *b)
{
	return b->n && b->row[b->n - 1] - b->row[0] + 1 == b->n;
}

/* At once where many rows of their stretch are wanted. */
void key_batch_times(struct key_batch *b)
{
	uint32_t stretch = b->n ? b->row[b->n - 1] - b->row[0] + 1 : 0;
	int64_t time[KEY_BATCH];

	if (stretch == b->n) {
		segment_times(b->segment, b->n ? b->row[0] : 0, b->n, b->time);
	} else if (stretch <= 8 * b->n && stretch <= KEY_BATCH) {
		segment_times(b->segment, b->row[0], stretch, time);
		for (unsigned i = 0; i < b->n; i++)
			b->time[i] = time[b->row[i] - b->row[0]];
	} else {
		for (unsigned i = 0; i < b->n; i++)
			b->time[i] = segment_time(b->segment, b->row[i]);
	}
}

/* Rows from `first` on whose bits, from `bit0` on, are set, a word at a time, until there is
 * no room for another word. Most are set, or few. Returns how many rows were looked at. */
static uint32_t take_bits(struct key_batch *b, uint32_t first, uint32_t n, const uint64_t *bits,
			  uint32_t bit0)
{
	uint32_t end = bit0 + n, bit = bit0;

	for (b->n = 0; bit < end && b->n <= KEY_BATCH - 64;) {
		uint32_t m = 64 - bit % 64 < end - bit ? 64 - bit % 64 : end - bit;
		uint64_t full = m == 64 ? UINT64_MAX : (UINT64_C(1) << m) - 1;
		uint64_t word = bits[bit / 64] >> bit % 64 & full;
		uint32_t from = first + (bit - bit0);
		if (word == full)
			for (uint32_t i = 0; i < m; i++)
				b->row[b->n++] = from + i;
		else
			for (; word; word &= word - 1)
				b->row[b->n++] = from + (uint32_t)__builtin_ctzll(word);
		bit += m;
	}
	return bit - bit0;
}

static uint32_t take_flows(struct key_batch *b, uint32_t first, uint32_t n)
{
	n = n < KEY_BATCH ? n : KEY_BATCH;
	b->n = 0;
	for (uint32_t i = 0; i < n; i++) {
		b->row[b->n] = first + i;
		b->n += (b->segment->mark[first + i] & MARK_STATUS) == 0;
	}
	return n;
}

uint32_t key_batch_select(struct key_batch *b, const struct segment *s, uint32_t first, uint32_t n,
			  const uint64_t *bits, uint32_t bit0, struct span span)
{
	bool all = s->time_min >= span.from && s->time_max < span.to && s->dated == s->rows;
	uint32_t looked;
	unsigned kept = 0;

	b->segment = s;
	looked = bits ? take_bits(b, first, n, bits, bit0) : take_flows(b, first, n);
	if (all || b->n == 0)
		return looked;
	key_batch_times(b);
	for (unsigned i = 0; i < b->n; i++) {
		int64_t t = b->time[i];
		bool undated = s->mark[b->row[i]] & MARK_UNDATED;
		b->row[kept] = b->row[i];
		kept += undated ? !span.dated_only : t >= span.from && t < span.to;
	}
	b->n = kept;
	return looked;
}

void key_reader_init(struct key_reader *r, const struct key_layout *l, const struct segment *s,
		     const struct dict *d, unsigned shift, const struct key_set *only)
{
	*r = (struct key_reader){
		.layout = l, .segment = s, .only = only, .dict = d, .shift = shift
	};
	for (unsigned p = 0; p < l->n; p++) {
		int field = l->field[p], swapped = field;
		r->is_label[p] = label_field_get(field, &r->label[p]);
		if (r->is_label[p]) {
			field = r->label[p].field;
			swapped = r->label[p].serving;
		}
		switch (field) {
		case FIELD_CLIENT:
			field = FIELD_SRCADDR;
			swapped = FIELD_DSTADDR;
			break;
		case FIELD_SERVER:
			field = FIELD_DSTADDR;
			swapped = FIELD_SRCADDR;
			break;
		case FIELD_SERVICE:
			field = FIELD_DSTPORT;
			swapped = FIELD_SRCPORT;
			break;
		case FIELD_PAIR: /* both sides, not one or the other */
			field = FIELD_SRCADDR;
			swapped = FIELD_DSTADDR;
			break;
		case FIELD_BIN:
			continue;
		default:
			break;
		}
		r->column[p][0] = segment_column(s, field);
		r->column[p][1] = segment_column(s, swapped);
	}
}

static void gather_numbers(struct key_batch *b, const struct column *c, uint64_t *out)
{
	if (!c)
		for (unsigned i = 0; i < b->n; i++)
			out[i] = NUMBER_ABSENT;
	else if (contiguous(b))
		column_numbers(c, b->row[0], b->n, out);
	else
		column_numbers_at(c, b->row, b->n, out);
}

static void gather_ids(struct key_batch *b, const struct column *c, uint32_t *code, uint32_t *out)
{
	if (!c) {
		memset(out, 0, b->n * sizeof *out);
		return;
	}
	if (contiguous(b))
		column_codes(c, b->row[0], b->n, code);
	else
		column_codes_at(c, b->row, b->n, code);
	for (unsigned i = 0; i < b->n; i++)
		out[i] = c->code[code[i]].id;
}

static uint32_t number_word(uint64_t v)
{
	return v == NUMBER_ABSENT ? KEY_ABSENT : v > KEY_LARGEST ? KEY_LARGEST : (uint32_t)v;
}

static void read_bins(struct key_batch *b, const struct key_reader *r, unsigned at)
{
	key_batch_times(b);
	for (unsigned i = 0; i < b->n; i++) {
		int64_t t = b->time[i];
		b->key[i * r->layout->words + at] =
			t < 0 ? KEY_ABSENT : number_word((uint64_t)t >> r->shift);
	}
}

static void read_numbers(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;
	const struct column *plain = r->column[p][0], *swapped = r->column[p][1];
	bool wide = l->kind[p] == KEY_WIDE;

	gather_numbers(b, plain, b->number);
	for (unsigned i = 0; i < b->n; i++) {
		uint64_t v = b->number[i];
		uint32_t *word = b->key + i * l->words + l->at[p];
		if (swapped != plain && (b->segment->mark[b->row[i]] & MARK_SERVER_SRC))
			v = swapped ? column_number(swapped, b->row[i]) : NUMBER_ABSENT;
		if (wide) {
			word[0] = (uint32_t)(v >> 32);
			word[1] = (uint32_t)v;
		} else {
			word[0] = number_word(v);
		}
	}
}

/* The ids of a coded part into b->word. */
static void gather_sides(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct column *plain = r->column[p][0], *swapped = r->column[p][1];

	gather_ids(b, plain, b->code[0], b->word);
	if (swapped == plain)
		return;
	gather_ids(b, swapped, b->code[0], b->code[1]);
	for (unsigned i = 0; i < b->n; i++)
		if (b->segment->mark[b->row[i]] & MARK_SERVER_SRC)
			b->word[i] = b->code[1][i];
}

static void read_ids(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;

	gather_sides(b, r, p);
	for (unsigned i = 0; i < b->n; i++)
		b->key[i * l->words + l->at[p]] = b->word[i];
}

static void read_pairs(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;

	gather_ids(b, r->column[p][0], b->code[0], b->word);
	gather_ids(b, r->column[p][1], b->code[0], b->code[1]);
	for (unsigned i = 0; i < b->n; i++) {
		uint32_t x = b->word[i], y = b->code[1][i];
		uint32_t *word = b->key + i * l->words + l->at[p];
		word[0] = x < y ? x : y;
		word[1] = x < y ? y : x;
	}
}

/* The addresses are looked up in the dictionary row by row: fetched first, so that the
 * misses overlap. */
static void read_networks(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;

	gather_sides(b, r, p);
	for (unsigned i = 0; i < b->n; i++) {
		b->address[i] = dict_address(r->dict, b->word[i]);
		__builtin_prefetch(b->address[i]);
	}
	for (unsigned i = 0; i < b->n; i++)
		key_put_network(l, p, b->address[i], b->key + i * l->words);
}

/* The flow's scope is of both sides, whichever serves; other labels are of one. */
static void read_labels(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	const struct key_layout *l = r->layout;
	const struct label_field *label = &r->label[p];
	bool both = label->of == LABEL_OF_SCOPES;

	if (both) {
		gather_ids(b, r->column[p][0], b->code[0], b->word);
		gather_ids(b, r->column[p][1], b->code[0], b->code[1]);
	} else {
		gather_sides(b, r, p);
	}
	label_field_ids(r->dict, label, b->word, both ? b->code[1] : NULL, b->n);
	for (unsigned i = 0; i < b->n; i++)
		b->key[i * l->words + l->at[p]] = b->word[i];
}

static void read_part(struct key_batch *b, const struct key_reader *r, unsigned p)
{
	if (r->is_label[p]) {
		read_labels(b, r, p);
		return;
	}
	switch (r->layout->kind[p]) {
	case KEY_BIN:
		read_bins(b, r, r->layout->at[p]);
		break;
	case KEY_NUMBER:
	case KEY_WIDE:
		read_numbers(b, r, p);
		break;
	case KEY_ADDRESS:
	case KEY_TEXT:
		read_ids(b, r, p);
		break;
	case KEY_PAIR:
		read_pairs(b, r, p);
		break;
	case KEY_NETWORK:
		read_networks(b, r, p);
		break;
	}
}

void key_batch_read_keys(struct key_batch *b, const struct key_reader *r,
			 const struct key_batch *rows)
{
	b->segment = rows->segment;
	b->n = rows->n;
	memcpy(b->row, rows->row, rows->n * sizeof *b->row);
	for (unsigned p = 0; p < r->layout->n && b->n; p++)
		read_part(b, r, p);
}

/* Keeps the rows whose first word some restricted key has. */
static void drop_by_first_word(struct key_batch *b, const struct key_reader *r)
{
	unsigned words = r->layout->words, kept = 0;

	for (unsigned i = 0; i < b->n; i++) {
		uint32_t w = b->key[i * words];
		b->row[kept] = b->row[i];
		kept += r->only->first[w / 64 % ARRAY_SIZE(r->only->first)] >> w % 64 & 1;
	}
	b->n = kept;
}

static void drop_by_key(struct key_batch *b, const struct key_reader *r)
{
	unsigned words = r->layout->words, kept = 0;

	for (unsigned i = 0; i < b->n; i++) {
		if (!key_set_has(r->only, b->key + i * words))
			continue;
		memmove(b->key + kept * words, b->key + i * words, words * sizeof b->key[0]);
		b->row[kept++] = b->row[i];
	}
	b->n = kept;
}

/* Most records have no such columns. */
static void read_lost(struct key_batch *b)
{
	const struct format *f = b->segment->format;
	bool any = false;

	for (int field = FIELD_PACKETS_LOST_NO_ROUTE; field <= FIELD_PACKETS_LOST_TTL_EXPIRED;
	     field++)
		any |= f->column[field] >= 0;
	for (unsigned i = 0; any && i < b->n; i++)
		b->facts[i].lost = segment_lost(b->segment, b->row[i]);
}

void key_batch_only(struct key_batch *b, uint8_t mark)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < b->n; i++) {
		b->row[kept] = b->row[i];
		kept += (b->segment->mark[b->row[i]] & mark) == mark;
	}
	b->n = kept;
}

void key_batch_intervals(struct key_batch *b)
{
	const struct column *start = segment_column(b->segment, FIELD_START);
	const struct column *end = segment_column(b->segment, FIELD_END);

	gather_numbers(b, end, b->number);
	for (unsigned i = 0; i < b->n; i++)
		b->time[i] =
			b->number[i] == NUMBER_ABSENT ? INT64_MIN : time_in_seconds(b->number[i]);
	gather_numbers(b, start, b->number);
	for (unsigned i = 0; i < b->n; i++) {
		int64_t s =
			b->number[i] == NUMBER_ABSENT ? INT64_MAX : time_in_seconds(b->number[i]);
		/* Without an end the start is the record's time, and all there is. */
		bool spread = b->time[i] > s && b->time[i] - s <= SPREAD_MAX_S;
		b->number[i] = spread ? (uint64_t)s : NUMBER_ABSENT;
	}
}

static void read_facts(struct key_batch *b)
{
	const struct segment *s = b->segment;

	gather_numbers(b, segment_column(s, FIELD_BYTES), b->number);
	for (unsigned i = 0; i < b->n; i++) {
		uint8_t mark = s->mark[b->row[i]];
		uint64_t bytes = b->number[i] == NUMBER_ABSENT ? 0 : b->number[i];
		b->facts[i] = (struct row_facts){
			.bytes = bytes,
			.sent = mark & MARK_SERVER_SRC ? 0 : bytes,
			.guessed = (mark & MARK_GUESS) != 0,
			.flow = 1,
			.accept = (mark & MARK_ACCEPT) != 0,
			.reject = (mark & MARK_REJECT) != 0,
		};
	}
	gather_numbers(b, segment_column(s, FIELD_PACKETS), b->number);
	for (unsigned i = 0; i < b->n; i++)
		b->facts[i].packets = b->number[i] == NUMBER_ABSENT ? 0 : b->number[i];
	read_lost(b);
}

uint32_t key_batch_read(struct key_batch *b, const struct key_reader *r)
{
	bool restricted = r->only && r->only->words > 0;

	if (r->layout->n == 0)
		memset(b->key, 0, b->n * sizeof b->key[0]);
	for (unsigned p = 0; p < r->layout->n && b->n; p++) {
		read_part(b, r, p);
		if (p == 0 && restricted && r->layout->n > 1) {
			unsigned before = b->n;
			drop_by_first_word(b, r);
			if (b->n && b->n < before)
				read_part(b, r, p);
		}
	}
	if (restricted)
		drop_by_key(b, r);
	if (b->n)
		read_facts(b);
	return b->n;
}
