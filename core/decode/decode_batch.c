/* decode_batch.c - see decode_batch.h. A column at a time keeps one parser, one
 * table and one output hot, and lets the table's misses overlap. */
/* Checked copies (_FORTIFY_SOURCE) of eight bytes cost these loops a quarter of a report's time. */
#undef _FORTIFY_SOURCE
#include "decode/decode_batch.h"

#if defined BATCH_WIDE
#include <immintrin.h>
#endif
#include <string.h>

#include "decode/orient.h"
#include "schema/spelling.h"

/* ---- numbers ----
 *
 * Nearly all are written plainly: one to sixteen digits, no leading zero. They are first
 * gathered as words and then made numbers, in loops that ask nothing of a value, so that
 * the compiler makes vectors of them. */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The `n` (1 to 8) last bytes of a word, less those of '0': the first is the lowest. */
static inline uint64_t last_digits(uint64_t w, uint64_t n)
{
	return (w ^ UINT64_C(0x3030303030303030)) >> ((64 - 8 * n) & 63);
}

/* The same digits, but the last is the highest byte and those that are left are 0. */
static inline uint64_t align_digits(uint64_t w, uint64_t n)
{
	return w << ((64 - 8 * n) & 63);
}

/* Not 0: some byte of it is no digit. */
static inline uint64_t not_digits(uint64_t w)
{
	return (w | (w + UINT64_C(0x0606060606060606))) & UINT64_C(0xf0f0f0f0f0f0f0f0);
}

/* Makes the digits of `n` words numbers: pairs, then pairs of pairs, then all eight. */
#if defined BATCH_WIDE /* as decode_wide.c has it */
static void digits_values(uint64_t *w, unsigned n)
{
	const __m256i tens = _mm256_set1_epi16(1 << 8 | 10);
	const __m256i hundreds = _mm256_set1_epi32(1 << 16 | 100);
	const __m256i myriads = _mm256_set1_epi64x(10000);

	for (unsigned i = 0; i < n; i += 4) { /* there is room for BATCH_LINES */
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(w + i));
		v = _mm256_madd_epi16(_mm256_maddubs_epi16(v, tens), hundreds);
		v = _mm256_add_epi64(_mm256_mul_epu32(v, myriads), _mm256_srli_epi64(v, 32));
		_mm256_storeu_si256((__m256i *)(void *)(w + i), v);
	}
}
#else
static void digits_values(uint64_t *word, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint64_t w = word[i] * 10 + (word[i] >> 8);
		w = (w & UINT64_C(0x00ff00ff00ff00ff)) * 100 +
		    (w >> 16 & UINT64_C(0x00ff00ff00ff00ff));
		w &= UINT64_C(0x0000ffff0000ffff);
		word[i] = (w & UINT32_MAX) * 10000 + (w >> 32);
	}
}
#endif

/* Adds the ninth and more digits from the end, of values that have such. */
static void read_high(unsigned n, struct digits *d, uint64_t *v)
{
	for (unsigned i = 0; i < n; i++) {
		uint64_t more = d->length[i] - 8, has = (8 - d->length[i]) >> 63;
		uint64_t w = last_digits(d->high[i], more) & -has;
		uint64_t zero_first = ((w & 0xff) - 1) >> 63 & has;
		w = align_digits(w, more);
		d->odd[i] |= not_digits(w) | zero_first;
		d->high[i] = w;
	}
	digits_values(d->high, n);
	for (unsigned i = 0; i < n; i++)
		v[i] += (d->high[i] & UINT32_MAX) * 100000000;
}

static void read_values(const struct batch *b, unsigned first, unsigned n, unsigned place,
			struct digits *d, uint64_t *v)
{
	uint64_t longer = 0; /* its sign: some have more than eight bytes */

	for (unsigned i = 0; i < n; i++) {
		struct str s = batch_value(b, first + i, place);
		d->low[i] = load_8(s.s + s.n - 8);
		d->high[i] = load_8(s.s + s.n - 16);
		d->length[i] = s.n;
	}
	for (unsigned i = 0; i < n; i++) {
		uint64_t length = d->length[i], last = (int64_t)length < 8 ? length : 8;
		uint64_t w = last_digits(d->low[i], last);
		uint64_t zero_first = (((w & 0xff) - 1) & (1 - length) & (length - 9)) >> 63;
		w = align_digits(w, last);
		d->odd[i] = not_digits(w) | zero_first | (length - 1) >> 4;
		v[i] = w;
		longer |= 8 - length;
	}
	digits_values(v, n);
	if (longer >> 63)
		read_high(n, d, v);
}
#else
static void read_values(const struct batch *b, unsigned first, unsigned n, unsigned place,
			struct digits *d, uint64_t *v)
{
	for (unsigned i = 0; i < n; i++) {
		struct str s = batch_value(b, first + i, place);
		v[i] = 0;
		d->odd[i] = (s.s[0] == '0' && s.n > 1) || !str_to_u64(s, &v[i]);
	}
}
#endif

/* `most`: has every bit that a value has. */
static void store_numbers(struct column *c, const struct segment *s, const uint64_t *v, unsigned n,
			  uint64_t most)
{
	if (c->width == 4 && most > UINT32_MAX)
		column_widen(c, s->rows, s->cap);
	if (c->width == 4) {
		uint32_t *out = (uint32_t *)c->data + s->rows;
		for (unsigned i = 0; i < n; i++)
			out[i] = (uint32_t)v[i];
	} else {
		uint64_t *out = (uint64_t *)c->data + s->rows;
		for (unsigned i = 0; i < n; i++)
			out[i] = v[i];
	}
}

static void decode_numbers(const struct batch *b, unsigned first, unsigned n, struct segment *s,
			   unsigned column, struct batch_scratch *x)
{
	struct column *c = &s->column[column];
	enum column_role role = column_role_of(s->format->field[column]);
	unsigned place = b->column[column];
	uint64_t *v = x->number[role], any = 0, most = 0, limit = reading_most(c->type);

	x->has[role] = true;
	read_values(b, first, n, place, &x->digits, v);
	for (unsigned i = 0; i < n; i++) {
		any |= x->digits.odd[i];
		most |= v[i];
	}
	if (any || most > limit)
		most = odd_numbers(b, first, n, s, column, x, v);
	store_numbers(c, s, v, n, most);
}

/* ---- addresses and texts ---- */

static inline bool token_equal(const struct token *a, const struct token *b)
{
	return a->a == b->a && a->b == b->b && a->n == b->n &&
	       (a->n <= 16 || long_equal(a->s, b->s, a->n));
}

static inline bool is_dash(const struct token *t)
{
	return t->n == 1 && t->s[0] == '-';
}

/* Accounts, actions and the like: mostly the value of the row before. */
static unsigned decode_repeats(const struct batch *b, unsigned first, unsigned n, unsigned place,
			       struct column *c, uint16_t *out)
{
	struct token last = { .n = 0 };
	unsigned equal = 0;

	for (unsigned i = 0; i < n; i++) {
		struct token t = token_of(batch_value(b, first + i, place));
		if (i && token_equal(&t, &last)) {
			out[i] = out[i - 1];
			equal++;
			continue;
		}
		out[i] = is_dash(&t) ? 0 : (uint16_t)column_code_of(c, &t, token_hash(&t));
		last = t;
	}
	return equal;
}

/* Addresses and the like: all places are on their way before the first is looked at. */
static unsigned decode_distinct(const struct batch *b, unsigned first, unsigned n, unsigned place,
				struct column *c, uint16_t *out, struct batch_scratch *x)
{
	unsigned equal = 0;

	for (unsigned i = 0; i < n; i++) {
		x->token[i] = token_of(batch_value(b, first + i, place));
		x->hash[i] = token_hash(&x->token[i]);
		column_prefetch(c, x->hash[i]);
	}
	for (unsigned i = 0; i < n; i++) {
		const struct token *t = &x->token[i];
		out[i] = is_dash(t) ? 0 : (uint16_t)column_code_of(c, t, x->hash[i]);
	}
	for (unsigned i = 1; i < n; i++)
		equal += out[i] == out[i - 1];
	return equal;
}

static void decode_codes(const struct batch *b, unsigned first, unsigned n, struct segment *s,
			 unsigned column, struct batch_scratch *x)
{
	struct column *c = &s->column[column];
	uint16_t *out = (uint16_t *)c->data + s->rows;
	unsigned place = b->column[column];
	unsigned equal = c->interner->repeats ? decode_repeats(b, first, n, place, c, out)
					      : decode_distinct(b, first, n, place, c, out, x);

	c->interner->repeats = equal >= n / 4 * 3;
	if (c->unreadable)
		odd_codes(c, out, n, x);
}

/* ---- what is asked of every row ---- */

/* False: the text is none that the field may have. */
static bool text_mark(const struct column *c, uint32_t code, int field, uint8_t *mark)
{
	static const struct {
		int field;
		const char *text;
		uint8_t mark;
	} marks[] = {
		{ FIELD_ACTION, "ACCEPT", MARK_ACCEPT },
		{ FIELD_ACTION, "REJECT", MARK_REJECT },
		{ FIELD_LOG_STATUS, "OK", 0 },
		{ FIELD_LOG_STATUS, "NODATA", MARK_NODATA },
		{ FIELD_LOG_STATUS, "SKIPDATA", MARK_SKIPDATA },
	};
	struct buf text = { 0 };
	struct str word;
	bool known = code == 0;

	*mark = 0;
	if (code)
		column_key_text(c, code, &text);
	word = spelling_of(field, buf_str(&text));
	for (size_t i = 0; !known && i < ARRAY_SIZE(marks); i++)
		if (marks[i].field == field && str_equal(word, str_of(marks[i].text))) {
			known = true;
			*mark = marks[i].mark;
		}
	buf_release(&text);
	return known;
}

static void mark_codes(struct segment *s, int field, struct code_marks *m, uint8_t *mark,
		       unsigned n, struct batch_scratch *x)
{
	int at = s->format->column[field];
	struct column *c = at < 0 ? NULL : &s->column[at];

	if (!c)
		return;
	xgrow((void **)&m->mark, &m->cap, c->codes, 1);
	for (; m->n < c->codes; m->n++)
		if (!text_mark(c, (uint32_t)m->n, field, &m->mark[m->n]))
			column_set_unreadable(c, (uint32_t)m->n);
	const uint16_t *code = (const uint16_t *)c->data + s->rows;
	for (unsigned i = 0; i < n; i++)
		mark[i] |= m->mark[code[i]];
	if (c->unreadable)
		odd_codes(c, code, n, x);
}

static void mark_sides(const struct batch_scratch *x, uint8_t *mark, unsigned n)
{
	const uint64_t *sport = x->number[COLUMN_SRCPORT], *dport = x->number[COLUMN_DSTPORT];

	if (!x->has[COLUMN_SRCPORT] || !x->has[COLUMN_DSTPORT])
		sport = dport = x->none;
	if (sport == x->none && !x->has[COLUMN_FLAGS]) /* as by ports that are not there */
		for (unsigned i = 0; i < n; i++)
			mark[i] |= MARK_GUESS;
	else if (x->has[COLUMN_FLAGS])
		for (unsigned i = 0; i < n; i++)
			mark[i] |=
				orient(x->service, x->number[COLUMN_FLAGS][i], sport[i], dport[i]);
	else
		for (unsigned i = 0; i < n; i++)
			mark[i] |= orient_by_ports(x->service, sport[i], dport[i]);
}

static void see_times(struct segment *s, int64_t min, int64_t max, unsigned n)
{
	s->time_min = min < s->time_min ? min : s->time_min;
	s->time_max = max > s->time_max ? max : s->time_max;
	s->dated += n;
}

static void mark_times(struct segment *s, const struct batch_scratch *x, uint8_t *mark, unsigned n)
{
	const uint64_t *end = x->has[COLUMN_END] ? x->number[COLUMN_END] : x->none;
	const uint64_t *start = x->has[COLUMN_START] ? x->number[COLUMN_START] : x->none;
	uint64_t min = end[0], max = end[0];

	for (unsigned i = 0; i < n; i++) {
		min = end[i] < min ? end[i] : min;
		max = end[i] > max ? end[i] : max;
	}
	if (max <= UINT32_MAX) { /* as always: all are there, in seconds */
		see_times(s, (int64_t)min, (int64_t)max, n);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		uint64_t v = end[i] == NUMBER_ABSENT ? start[i] : end[i];
		if (v == NUMBER_ABSENT)
			mark[i] |= MARK_UNDATED;
		else
			see_times(s, time_in_seconds(v), time_in_seconds(v), 1);
	}
}

void batch_mark(struct lane *lane, struct batch_scratch *x, unsigned n)
{
	struct segment *s = lane->segment;
	uint8_t *mark = s->mark + s->rows;

	memset(mark, 0, n);
	mark_codes(s, FIELD_ACTION, &lane->action, mark, n, x);
	mark_codes(s, FIELD_LOG_STATUS, &lane->status, mark, n, x);
	mark_sides(x, mark, n);
	mark_times(s, x, mark, n);
	for (unsigned i = 0; i < n; i++) {
		s->nodata += (mark[i] & MARK_NODATA) != 0;
		s->skipdata += (mark[i] & MARK_SKIPDATA) != 0;
		s->flows += (mark[i] & MARK_STATUS) == 0;
		s->undated += (mark[i] & (MARK_STATUS | MARK_UNDATED)) == MARK_UNDATED;
	}
}

void batch_decode(const struct batch *b, unsigned first, unsigned n, struct lane *lane,
		  struct batch_scratch *x)
{
	struct segment *s = lane->segment;

	segment_reserve(s, n);
	memset(x->has, 0, sizeof x->has);
	memset(x->suspect, 0, sizeof x->suspect);
	for (unsigned c = 0; c < s->format->n; c++)
		if (type_is_number(s->column[c].type))
			decode_numbers(b, first, n, s, c, x);
		else
			decode_codes(b, first, n, s, c, x);
	batch_mark(lane, x, n);
	if (x->suspect[0] | x->suspect[1])
		note_suspects(b, first, n, s, x);
	s->rows += n;
}
