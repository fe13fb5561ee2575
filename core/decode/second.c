/* second.c - see second.h. Whose addresses are whose is looked up once for each code. */
#include "decode/second.h"

#include <stdlib.h>

#include "decode/place_rows.h"

#define ROWS_LEAST 8u /* of an interface, before it is told that it has no address of its own */

/* The place of an address whose code was not looked up so far. */
#define NOT_LOOKED_UP (PLACE_NONE - 1)

#define STEP 512u

enum sighting_order { FIRST, SECOND, UNDECIDED };

struct second_reader {
	const struct places *p;
	const struct segment *s;
	const struct dict *d;
	const struct column *address[2], *start, *end;
	uint32_t *of_code[2]; /* by code of an address: whose own it is */
	struct place_rows at;
	int64_t until;
	/* Of the rows of a step: */
	uint32_t first, code[2][STEP];
};

/* Whose own address a side of a row is. */
static uint32_t owner(struct second_reader *r, int side, uint32_t row)
{
	uint32_t code = r->code[side][row - r->first], no_table = NOT_LOOKED_UP;
	uint32_t *of = r->of_code[side] ? &r->of_code[side][code] : &no_table;
	uint8_t address[16];

	if (*of == NOT_LOOKED_UP)
		*of = column_address(r->address[side], r->d, code, address)
			      ? places_sole_owner(r->p, address)
			      : PLACE_NONE;
	return *of;
}

/* Whether an interface has the same packets in its log: all of then are there, and what is
 * accepted is logged. */
static enum sighting_order also_at(struct second_reader *r, uint32_t i, uint32_t row)
{
	uint64_t started = r->start ? column_number(r->start, row) : NUMBER_ABSENT,
		 ended = r->end ? column_number(r->end, row) : NUMBER_ABSENT;
	int64_t from, to, until;
	struct place_logs logs;

	started = started == NUMBER_ABSENT ? ended : started;
	ended = ended == NUMBER_ABSENT ? started : ended;
	if (started == NUMBER_ABSENT)
		return FIRST;
	from = time_in_seconds(started);
	to = time_in_seconds(ended);
	logs = places_logs(r->p, i);
	if (!logs.accepts)
		return FIRST;
	switch (places_coverage(r->p, i, from, to < from ? from : to)) {
	case COVERAGE_OK:
		return places_has_all(r->p, i, from, to < from ? from : to) ? SECOND : FIRST;
	case COVERAGE_PENDING:
		until = to + logs.interval;
		r->until = until < r->until ? until : r->until;
		return UNDECIDED;
	default:
		return FIRST;
	}
}

/* At a NAT gateway. On its way to and from the internet all that its clients have is seen again;
 * where it is asked itself, nobody else is. */
static enum sighting_order at_nat(struct second_reader *r, const uint32_t own[2], uint32_t at,
				  uint32_t row)
{
	int other = own[0] == at ? 1 : 0;
	bool asked = ((r->s->mark[row] & MARK_SERVER_SRC) != 0) == (other == 1);
	uint8_t address[16];

	if (own[other] != PLACE_NONE)
		return also_at(r, own[other], row);
	if (!column_address(r->address[other], r->d, column_code(r->address[other], row), address))
		return FIRST;
	return asked || place_is_internal(r->p, address) ? FIRST : SECOND;
}

/* Where packets pass through: one of the two ends is enough. */
static enum sighting_order on_the_way(struct second_reader *r, const uint32_t own[2], uint32_t at,
				      uint32_t row)
{
	enum sighting_order best = FIRST;

	for (int i = 0; i < 2 && best != SECOND; i++) {
		if (own[i] == PLACE_NONE || own[i] == at || place_is_nat(places_at(r->p, own[i])))
			continue;
		enum sighting_order there = also_at(r, own[i], row);
		best = there == FIRST ? best : there;
	}
	return best;
}

static bool has_address(const struct interface *e)
{
	return e->has[0] || e->has[1];
}

static enum sighting_order judge(struct second_reader *r, uint32_t row)
{
	uint8_t mark = r->s->mark[row];
	uint32_t own[2], at;
	const struct interface *e;

	/* A transit gateway says no action. */
	if (mark & (MARK_STATUS | MARK_REJECT))
		return FIRST;
	own[0] = owner(r, 0, row);
	own[1] = owner(r, 1, row);
	if (own[0] == PLACE_NONE && own[1] == PLACE_NONE)
		return FIRST;
	at = place_rows_at(&r->at, row);
	if (at == PLACE_NONE)
		return FIRST;
	e = places_at(r->p, at);
	if (place_is_nat(e) && (own[0] == at || own[1] == at))
		return at_nat(r, own, at, row);
	if (own[0] == at) /* what it sends */
		return FIRST;
	if (own[1] == at) {
		if (own[0] == PLACE_NONE || place_is_nat(places_at(r->p, own[0])))
			return FIRST;
		return also_at(r, own[0], row);
	}
	if (!has_address(e) && !place_is_transit(e))
		return e->votes[0].rows + e->votes[1].rows < ROWS_LEAST ? UNDECIDED : FIRST;
	return on_the_way(r, own, at, row);
}

/* Its steps are large, and written before they are read. */
static void reader_init(struct second_reader *r, const struct places *p, const struct segment *s,
			const struct dict *d)
{
	r->p = p;
	r->s = s;
	r->d = d;
	r->address[0] = segment_column(s, FIELD_SRCADDR);
	r->address[1] = segment_column(s, FIELD_DSTADDR);
	r->start = segment_column(s, FIELD_START);
	r->end = segment_column(s, FIELD_END);
	r->of_code[0] = r->of_code[1] = NULL;
	r->until = INT64_MAX;
}

static void read_step(struct second_reader *r, uint32_t first, uint32_t n)
{
	r->first = first;
	for (int i = 0; i < 2; i++)
		column_codes(r->address[i], first, n, r->code[i]);
}

/* Tables for looking up that many rows. */
static void make_tables(struct second_reader *r, uint32_t rows)
{
	for (int i = 0; i < 2; i++)
		r->of_code[i] = code_table(r->address[i], rows, NOT_LOOKED_UP);
	r->at = place_rows_begin(r->p, r->s, r->d, rows);
}

static void free_tables(struct second_reader *r)
{
	free(r->of_code[0]);
	free(r->of_code[1]);
	place_rows_end(&r->at);
}

void second_sightings(const struct places *p, const struct segment *s, const struct dict *d,
		      uint32_t first, uint32_t n, uint64_t *bits, uint64_t *undecided,
		      struct second_counts *out)
{
	struct second_reader r;

	reader_init(&r, p, s, d);
	memset(bits, 0, (n + 63) / 64 * sizeof *bits);
	if (undecided)
		memset(undecided, 0, (n + 63) / 64 * sizeof *undecided);
	*out = (struct second_counts){ .until = INT64_MAX };
	if (!r.address[0] || !r.address[1])
		return;
	make_tables(&r, n);
	for (uint32_t i = 0; i < n; i++) {
		if (i % STEP == 0)
			read_step(&r, first + i, n - i < STEP ? n - i : STEP);
		enum sighting_order order = judge(&r, first + i);
		bits[i / 64] |= (uint64_t)(order == SECOND) << i % 64;
		out->second += order == SECOND;
		out->undecided += order == UNDECIDED;
		if (undecided)
			undecided[i / 64] |= (uint64_t)(order == UNDECIDED) << i % 64;
	}
	out->until = r.until;
	free_tables(&r);
}

void second_sightings_again(const struct places *p, const struct segment *s, const struct dict *d,
			    uint32_t n, uint64_t *bits, uint64_t *undecided,
			    struct second_counts *out)
{
	struct second_reader r;

	reader_init(&r, p, s, d);
	*out = (struct second_counts){ .until = INT64_MAX };
	r.at = place_rows_begin(p, s, d, 0);
	for (uint32_t w = 0; w < (n + 63) / 64; w++)
		for (uint64_t left = undecided[w]; left; left &= left - 1) {
			uint32_t row = w * 64 + (uint32_t)__builtin_ctzll(left);
			read_step(&r, row, 1);
			enum sighting_order order = judge(&r, row);
			if (order != UNDECIDED)
				undecided[w] &= ~(UINT64_C(1) << row % 64);
			if (order == SECOND)
				bits[w] |= UINT64_C(1) << row % 64;
			out->second += order == SECOND;
			out->undecided += order == UNDECIDED;
		}
	out->until = r.until;
	place_rows_end(&r.at);
}
