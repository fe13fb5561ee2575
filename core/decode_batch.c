/* decode_batch.c - see decode_batch.h. A column at a time keeps one parser, one
 * table and one output hot, and lets the table's misses overlap. */
#include "decode_batch.h"

#include <stdlib.h>
#include <string.h>

#include "segment_build.h"

/* Numbers that are looked at again once the columns are done. */
enum role { ROLE_SRCPORT, ROLE_DSTPORT, ROLE_FLAGS, ROLE_START, ROLE_END, ROLE_OTHER, ROLES };

struct batch_scratch {
	uint64_t number[ROLES][BATCH_LINES];
	bool has[ROLES];
	struct token token[BATCH_LINES];
	uint64_t hash[BATCH_LINES];
	const uint8_t *service; /* bit: the port is a known service */
};

struct batch_scratch *batch_scratch_new(void)
{
	struct batch_scratch *x = xcalloc(1, sizeof *x);

	x->service = service_bitmap();
	return x;
}

void batch_scratch_free(struct batch_scratch *x)
{
	free(x);
}

void lane_release(struct lane *lane)
{
	free(lane->action.mark);
	free(lane->status.mark);
}

static inline struct str batch_value(const struct batch *b, unsigned line, unsigned column)
{
	const uint32_t *d = b->delimiter + b->first[line] + column;
	uint32_t begin = column ? d[-1] + 1 : b->start[line];

	return (struct str){ b->text + begin, d[0] - begin };
}

/* ---- numbers ---- */

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* The `len` (1..8) digits before `end`, all at once; false: not all digits. */
static inline bool digits_8(const char *end, unsigned len, uint64_t *out)
{
	const uint64_t high = UINT64_C(0xf0f0f0f0f0f0f0f0), six = UINT64_C(0x0606060606060606);
	unsigned shift = 64 - 8 * len;
	uint64_t w;

	memcpy(&w, end - 8, 8);
	w = (w ^ UINT64_C(0x3030303030303030)) >> shift << shift;
	if ((w & high) | ((w + six) & high))
		return false;
	w = w * 10 + (w >> 8);
	*out = ((w & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x000f424000000064) +
		(w >> 16 & UINT64_C(0x000000ff000000ff)) * UINT64_C(0x0000271000000001)) >>
	       32;
	return true;
}

/* A number as it is always written: 1 to 16 digits, no leading zero. */
static inline bool plain_number(struct str s, uint64_t *out)
{
	const char *end = s.s + s.n;
	uint64_t low, high = 0;

	if (s.n - 1 > 15 || (s.s[0] == '0' && s.n > 1))
		return false;
	if (s.n <= 8)
		return digits_8(end, (unsigned)s.n, out);
	if (!digits_8(end, 8, &low) || !digits_8(end - 8, (unsigned)s.n - 8, &high))
		return false;
	*out = high * 100000000 + low;
	return true;
}
#else
static inline bool plain_number(struct str s, uint64_t *out)
{
	return s.n <= 16 && (s.s[0] != '0' || s.n == 1) && str_to_u64(s, out);
}
#endif

/* What is not plain: '-', a number written oddly, or junk. The value to store. */
static uint64_t odd_number(struct column *c, uint32_t row, uint32_t cap, struct str s)
{
	uint64_t v;

	if (str_to_u64(s, &v) && v != NUMBER_ABSENT) {
		if (s.n > 1 && s.s[0] == '0')
			column_add_exception(c, row, s);
		return v;
	}
	column_set_absent(c, row, cap);
	if (s.n != 1 || s.s[0] != '-')
		column_add_exception(c, row, s);
	return NUMBER_ABSENT;
}

static void store_numbers(struct column *c, const struct segment *s, const uint64_t *v, unsigned n)
{
	uint64_t max = 0;

	for (unsigned i = 0; i < n; i++)
		max |= v[i] == NUMBER_ABSENT ? 0 : v[i];
	if (c->width == 4 && max > UINT32_MAX)
		column_widen(c, s->rows, s->cap);
	if (c->width == 4) {
		uint32_t *out = (uint32_t *)c->data + s->rows;
		for (unsigned i = 0; i < n; i++)
			out[i] = v[i] == NUMBER_ABSENT ? 0 : (uint32_t)v[i];
	} else {
		uint64_t *out = (uint64_t *)c->data + s->rows;
		for (unsigned i = 0; i < n; i++)
			out[i] = v[i] == NUMBER_ABSENT ? 0 : v[i];
	}
}

static enum role role_of(int field)
{
	switch (field) {
	case FIELD_SRCPORT:
		return ROLE_SRCPORT;
	case FIELD_DSTPORT:
		return ROLE_DSTPORT;
	case FIELD_TCP_FLAGS:
		return ROLE_FLAGS;
	case FIELD_START:
		return ROLE_START;
	case FIELD_END:
		return ROLE_END;
	default:
		return ROLE_OTHER;
	}
}

static void decode_numbers(const struct batch *b, unsigned first, unsigned n, struct segment *s,
			   unsigned column, struct batch_scratch *x)
{
	struct column *c = &s->column[column];
	enum role role = role_of(s->format->field[column]);
	uint64_t *v = x->number[role];

	x->has[role] = true;
	for (unsigned i = 0; i < n; i++) {
		struct str text = batch_value(b, first + i, column);
		if (!plain_number(text, &v[i]))
			v[i] = odd_number(c, s->rows + i, s->cap, text);
	}
	store_numbers(c, s, v, n);
}

/* ---- addresses and texts ---- */

/* Its first 16 bytes, the rest zero: reads beyond a short value, within the pad. */
static inline struct token token_of(struct str s)
{
	struct token t = { .s = s.s, .n = (uint32_t)s.n };

	memcpy(&t.a, s.s, 8);
	memcpy(&t.b, s.s + 8, 8);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (s.n < 8) {
		t.a &= (UINT64_C(1) << 8 * s.n) - 1;
		t.b = 0;
	} else if (s.n < 16) {
		t.b &= (UINT64_C(1) << 8 * (s.n - 8)) - 1;
	}
#else
	char head[16] = { 0 };
	memcpy(head, s.s, s.n < 16 ? s.n : 16);
	memcpy(&t.a, head, 8);
	memcpy(&t.b, head + 8, 8);
#endif
	return t;
}

static inline bool token_equal(const struct token *a, const struct token *b)
{
	return a->a == b->a && a->b == b->b && a->n == b->n &&
	       (a->n <= 16 || memcmp(a->s + 16, b->s + 16, a->n - 16) == 0);
}

static void decode_codes(const struct batch *b, unsigned first, unsigned n, struct segment *s,
			 unsigned column, struct batch_scratch *x)
{
	struct column *c = &s->column[column];
	uint16_t *out = (uint16_t *)c->data + s->rows;

	for (unsigned i = 0; i < n; i++) {
		x->token[i] = token_of(batch_value(b, first + i, column));
		if (i && token_equal(&x->token[i], &x->token[i - 1])) {
			x->hash[i] = x->hash[i - 1];
			continue;
		}
		x->hash[i] = token_hash(&x->token[i]);
		column_prefetch(c, x->hash[i]);
	}
	for (unsigned i = 0; i < n; i++) {
		const struct token *t = &x->token[i];
		if (i && token_equal(t, t - 1))
			out[i] = out[i - 1];
		else if (t->n == 1 && t->s[0] == '-')
			out[i] = 0;
		else
			out[i] = (uint16_t)column_intern(c, t, x->hash[i]);
	}
}

/* ---- what is asked of every row ---- */

static uint8_t text_mark(const struct column *c, uint32_t code)
{
	static const struct {
		const char *text;
		uint8_t mark;
	} marks[] = {
		{ "ACCEPT", MARK_ACCEPT },
		{ "REJECT", MARK_REJECT },
		{ "NODATA", MARK_NODATA },
		{ "SKIPDATA", MARK_SKIPDATA },
	};
	struct buf text = { 0 };
	uint8_t mark = 0;

	if (code == 0)
		return 0;
	column_key_text(c, code, &text);
	for (size_t i = 0; i < ARRAY_SIZE(marks); i++)
		if (strcmp(text.s, marks[i].text) == 0 && text.n == strlen(marks[i].text))
			mark = marks[i].mark;
	buf_release(&text);
	return mark;
}

static void mark_codes(const struct segment *s, int field, uint8_t allowed, struct code_marks *m,
		       uint8_t *mark, unsigned n)
{
	const struct column *c = segment_column(s, field);

	if (!c)
		return;
	xgrow((void **)&m->mark, &m->cap, c->codes, 1);
	for (; m->n < c->codes; m->n++)
		m->mark[m->n] = text_mark(c, (uint32_t)m->n) & allowed;
	const uint16_t *code = (const uint16_t *)c->data + s->rows;
	for (unsigned i = 0; i < n; i++)
		mark[i] |= m->mark[code[i]];
}

/* Which side serves: a SYN without ACK asks, a SYN-ACK answers; else the one known
 * service, else the lower port, and then it is a guess. */
static inline uint8_t orient(const uint8_t *service, uint64_t flags, uint64_t sport, uint64_t dport)
{
	enum { SYN = 2, SYN_ACK = 18 };
	bool src_known, dst_known;

	if (flags != NUMBER_ABSENT && (flags & SYN_ACK) == SYN_ACK)
		return MARK_SERVER_SRC;
	if (flags != NUMBER_ABSENT && (flags & SYN))
		return 0;
	if (sport > 65535 || dport > 65535)
		return MARK_GUESS;
	src_known = service[sport / 8] >> sport % 8 & 1;
	dst_known = service[dport / 8] >> dport % 8 & 1;
	if (src_known != dst_known)
		return src_known ? MARK_GUESS | MARK_SERVER_SRC : MARK_GUESS;
	if (sport == 0 && dport == 0)
		return MARK_GUESS;
	return MARK_GUESS | MARK_WEAK | (sport < dport ? MARK_SERVER_SRC : 0);
}

static void mark_sides(const struct batch_scratch *x, uint8_t *mark, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		mark[i] |= orient(
			x->service, x->has[ROLE_FLAGS] ? x->number[ROLE_FLAGS][i] : NUMBER_ABSENT,
			x->has[ROLE_SRCPORT] ? x->number[ROLE_SRCPORT][i] : NUMBER_ABSENT,
			x->has[ROLE_DSTPORT] ? x->number[ROLE_DSTPORT][i] : NUMBER_ABSENT);
}

static void mark_times(struct segment *s, const struct batch_scratch *x, uint8_t *mark, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uint64_t v = x->has[ROLE_END] ? x->number[ROLE_END][i] : NUMBER_ABSENT;
		if (v == NUMBER_ABSENT && x->has[ROLE_START])
			v = x->number[ROLE_START][i];
		if (v == NUMBER_ABSENT) {
			mark[i] |= MARK_UNDATED;
			continue;
		}
		int64_t t = time_in_seconds(v);
		s->time_min = t < s->time_min ? t : s->time_min;
		s->time_max = t > s->time_max ? t : s->time_max;
		s->dated++;
	}
}

static void mark_rows(struct lane *lane, const struct batch_scratch *x, unsigned n)
{
	struct segment *s = lane->segment;
	uint8_t *mark = s->mark + s->rows;

	memset(mark, 0, n);
	mark_codes(s, FIELD_ACTION, MARK_ACCEPT | MARK_REJECT, &lane->action, mark, n);
	mark_codes(s, FIELD_LOG_STATUS, MARK_STATUS, &lane->status, mark, n);
	mark_sides(x, mark, n);
	mark_times(s, x, mark, n);
	for (unsigned i = 0; i < n; i++) {
		s->nodata += (mark[i] & MARK_NODATA) != 0;
		s->skipdata += (mark[i] & MARK_SKIPDATA) != 0;
		s->flows += (mark[i] & MARK_STATUS) == 0;
	}
}

void batch_decode(const struct batch *b, unsigned first, unsigned n, struct lane *lane,
		  struct batch_scratch *x)
{
	struct segment *s = lane->segment;

	segment_reserve(s, n);
	memset(x->has, 0, sizeof x->has);
	for (unsigned c = 0; c < s->format->n; c++)
		if (type_is_number(s->column[c].type))
			decode_numbers(b, first, n, s, c, x);
		else
			decode_codes(b, first, n, s, c, x);
	mark_rows(lane, x, n);
	s->rows += n;
}
