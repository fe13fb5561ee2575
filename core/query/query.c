/* query.c - see query.h. */
#include "query/query.h"

#include "labels/label_field.h"

#define STEP 512u /* rows whose times are read at once */

struct query query_all(void)
{
	return (struct query){ QUERY_ALL };
}

static uint64_t count_bits(const uint64_t *bits, uint32_t rows)
{
	uint64_t n = 0;

	for (uint32_t w = 0; w < (rows + 63) / 64; w++)
		n += bit_count(bits[w]);
	return n;
}

uint64_t span_count(const struct segment *s, const uint64_t *bits, uint32_t rows, struct span span)
{
	int64_t time[STEP];
	uint64_t n = 0;

	if (s->dated == s->rows && s->time_min >= span.from && s->time_max < span.to)
		return count_bits(bits, rows);
	for (uint32_t at = 0; at < rows; at += STEP) {
		uint32_t many = rows - at < STEP ? rows - at : STEP;
		if (!count_bits(bits + at / 64, many))
			continue;
		segment_times(s, at, many, time);
		for (uint32_t i = 0; i < many; i++)
			n += span_holds(span, time[i]) && (bits[(at + i) / 64] >> i % 64 & 1);
	}
	return n;
}

uint64_t span_count_both(const struct segment *s, const uint64_t *bits, const uint64_t *others,
			 uint32_t rows, struct span span)
{
	uint64_t both[(SEGMENT_ROWS + 63) / 64];

	if (!others)
		return 0;
	for (uint32_t w = 0; w < (rows + 63) / 64; w++)
		both[w] = bits[w] & others[w];
	return span_count(s, both, rows, span);
}

uint64_t span_unpriced(const struct segment *s, const uint64_t *bits, uint32_t rows,
		       struct span span)
{
	bool all = s->dated == s->rows && s->time_min >= span.from && s->time_max < span.to;
	const struct column *bytes = segment_column(s, FIELD_BYTES);
	uint64_t sum = 0;

	for (uint32_t row = 0; s->charges && bytes && row < rows; row++) {
		uint64_t n;
		if (!(s->charges->of[row] & CHARGE_UNKNOWN) ||
		    (bits && !(bits[row / 64] >> row % 64 & 1)) ||
		    !(all || span_holds(span, segment_time(s, row))))
			continue;
		n = column_number(bytes, row);
		sum = saturating_add(sum, n == NUMBER_ABSENT ? 0 : n);
	}
	return sum;
}

struct span span_between(int64_t from, int64_t to)
{
	return (struct span){ from, to, from != INT64_MIN || to != INT64_MAX };
}

struct span span_window(struct span limits, int64_t seconds, int64_t now)
{
	struct span s = limits;

	if (now != INT64_MIN && now + 1 < s.to)
		s.to = now + 1;
	if (seconds && s.to != INT64_MAX && s.to - seconds > s.from)
		s.from = s.to - seconds;
	s.from = s.from < s.to ? s.from : s.to; /* nothing: deltas need an order */
	s.dated_only |= seconds > 0 && now != INT64_MIN;
	return s;
}

bool span_equal(struct span a, struct span b)
{
	return a.from == b.from && a.to == b.to && a.dated_only == b.dated_only;
}

bool query_is_by_time(const struct query *q)
{
	static const struct group time = { .field = { FIELD_BIN }, .n = 1 };

	return group_has(&q->group, &time, 0);
}

struct bins query_report_bins(const struct query *q, bool trend)
{
	return (struct bins){ .kind = trend ? BINS_TREND : BINS_NONE,
			      .field = FIELD_BIN,
			      .most = query_is_by_time(q) && q->group.n == 1 ? TIMELINE_BINS
									     : HEAT_BINS };
}

bool query_wants(const struct query *q, struct field_set *out)
{
	bool known = q->rows != ROWS_RECORDS && (!q->filter || filter_wants(q->filter, out)) &&
		     group_wants(&q->group, out);

	if (q->distinct.n)
		known &= group_wants(&q->distinct, out);
	if (q->bins.kind == BINS_HEAT)
		known &= field_wants(q->bins.field, out);
	return known;
}

static void metric_uses(enum metric m, struct field_set *out)
{
	switch (metric_base(m)) {
	case METRIC_BYTES:
	case METRIC_COST:
		out->has[FIELD_BYTES] = true;
		break;
	case METRIC_PACKETS:
		out->has[FIELD_PACKETS] = true;
		break;
	case METRIC_REJECTS:
		out->has[FIELD_ACTION] = true;
		break;
	case METRIC_LOST:
		for (int f = FIELD_PACKETS_LOST_NO_ROUTE; f <= FIELD_PACKETS_LOST_TTL_EXPIRED; f++)
			out->has[f] = true;
		break;
	default:
		break; /* flows: whichever they are */
	}
}

static bool is_of_times(const struct query *q)
{
	return q->span.from != INT64_MIN || q->span.to != INT64_MAX || q->window_s ||
	       q->mark.time != INT64_MIN || q->bins.kind == BINS_TREND;
}

void query_uses(const struct query *q, struct field_set *out)
{
	if (q->filter)
		filter_wants(q->filter, out);
	if (is_of_times(q))
		field_wants(FIELD_BIN, out);
	metric_uses(q->metric, out);
	if (q->rows == ROWS_RECORDS) {
		metric_uses(METRIC_BYTES, out); /* of their totals */
		metric_uses(METRIC_PACKETS, out);
		if (q->sort.field != FIELD_NONE)
			field_wants(q->sort.field, out);
		return;
	}
	for (unsigned p = 0; p < q->group.n; p++)
		field_wants(q->group.field[p], out);
	if (q->bins.kind == BINS_HEAT)
		field_wants(q->bins.field, out);
	if (q->distinct.n)
		field_wants(q->distinct.field[0], out);
}

static const char *const change_names[CHANGES] = { "same", "new", "gone", "grown", "shrunk" };

const char *change_name(enum change c)
{
	return change_names[c];
}

int change_find(struct str name)
{
	for (int c = 0; c < CHANGES; c++)
		if (str_equal_loose(name, str_of(change_names[c])))
			return c;
	return -1;
}
