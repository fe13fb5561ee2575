/* query_series.c - rows dealt out over the bins of a series: see struct series and
 * accumulator_set_bin_shift(). */
#include "query_key.h"

#include <string.h>

void series_begin(struct series *s, struct key_batch *of, const struct key_reader *r, unsigned bin)
{
	*s = (struct series){ .of = of, .words = r->layout->words, .bin = bin, .shift = r->shift };
	key_batch_intervals(of);
}

/* What a part of `whole` comes to after `elapsed` of `duration` seconds, rounded down.
 * In this order it can't overflow, whatever a record claims. */
static uint64_t share(uint64_t whole, uint32_t elapsed, uint32_t duration)
{
	/* Below 2^44, and no fraction nearer to 1 than 1/3600: doubles divide it exactly,
	 * in a quarter of the time. */
	if (whole <= UINT32_MAX)
		return (uint64_t)((double)(whole * elapsed) / duration);
	return whole / duration * elapsed + whole % duration * elapsed / duration;
}

/* Begins on a row. False: it lies in one bin, the one of its key, or has no interval. */
static bool row_begin(struct series *s)
{
	uint64_t start = s->of->number[s->row];

	if (start == NUMBER_ABSENT)
		return false;
	s->at = (int64_t)(start >> s->shift);
	s->last = s->of->time[s->row] >> s->shift;
	s->duration = (uint32_t)(s->of->time[s->row] - (int64_t)start);
	s->elapsed = 0;
	s->given = (struct row_facts){ 0 };
	return s->at < s->last && s->last < KEY_LARGEST;
}

/* The share of the bin that is next. */
static void row_share(struct series *s, struct row_facts *out)
{
	const struct row_facts *all = &s->of->facts[s->row];
	int64_t start = (int64_t)s->of->number[s->row], border = (s->at + 1) << s->shift;
	uint32_t elapsed = s->at < s->last ? (uint32_t)(border - start) : s->duration;
	struct row_facts had = {
		.bytes = share(all->bytes, elapsed, s->duration),
		.packets = share(all->packets, elapsed, s->duration),
	};

	had.sent = all->sent ? had.bytes : 0;
	had.lost = all->lost ? share(all->lost, elapsed, s->duration) : 0;
	*out = (struct row_facts){
		.bytes = had.bytes - s->given.bytes,
		.packets = had.packets - s->given.packets,
		.sent = had.sent - s->given.sent,
		.lost = had.lost - s->given.lost,
		.seconds = elapsed - s->elapsed,
		.before = all->before,
	};
	if (s->at == s->last) {
		out->flow = all->flow;
		out->accept = all->accept;
		out->reject = all->reject;
	}
	s->given = had;
	s->elapsed = elapsed;
}

bool series_next(struct series *s, struct key_batch *out)
{
	out->n = 0;
	while (s->row < s->of->n && out->n < KEY_BATCH) {
		uint32_t *key = out->key + out->n * s->words;
		memcpy(key, s->of->key + s->row * s->words, s->words * sizeof *key);
		out->time[out->n] = s->of->time[s->row];
		if (!s->begun && !row_begin(s)) {
			out->facts[out->n] = s->of->facts[s->row];
			out->facts[out->n].seconds =
				s->of->number[s->row] == NUMBER_ABSENT ? 0 : s->duration;
			out->n++;
			s->row++;
			continue;
		}
		s->begun = true;
		key[s->bin] = (uint32_t)s->at;
		row_share(s, &out->facts[out->n++]);
		if (s->at++ == s->last) {
			s->begun = false;
			s->row++;
		}
	}
	return out->n > 0;
}

int64_t series_first(const struct segment *s)
{
	enum { STEP = 512 };
	const struct column *column = segment_column(s, FIELD_START);
	int64_t first = s->dated ? s->time_min : INT64_MAX, end[STEP];
	uint64_t start[STEP];

	for (uint32_t done = 0; column && done < s->rows; done += STEP) {
		uint32_t n = s->rows - done < STEP ? s->rows - done : STEP;
		column_numbers(column, done, n, start);
		segment_times(s, done, n, end);
		for (uint32_t i = 0; i < n; i++) {
			int64_t t =
				start[i] == NUMBER_ABSENT ? INT64_MAX : time_in_seconds(start[i]);
			if (t < first && end[i] - t <= SPREAD_MAX_S)
				first = t;
		}
	}
	return first;
}
