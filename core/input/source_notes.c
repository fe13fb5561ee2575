/* source_notes.c - see source_notes.h. */
#include "input/source_notes.h"

#define HALF_LIFE_MS 2000 /* of a flow's weight in the rate */
#define LN_2 0.693147
#define SAMPLE 512 /* rows of a segment whose length is looked at */

void source_notes_init(struct source_notes *n)
{
	*n = (struct source_notes){ .newest_s = INT64_MIN };
}

void source_notes_release(struct source_notes *n)
{
	source_notes_give_back(n);
	field_counts_release(&n->unreadable);
}

void source_notes_give_back(struct source_notes *n)
{
	for (unsigned i = 0; i < n->formats; i++) {
		format_release(n->format[i]);
		n->format[i] = format_refused(FORMAT_GIVEN_BACK);
	}
}

static void note_version(struct source_notes *n, const struct format *f)
{
	for (unsigned c = 0; c < f->n; c++) {
		int of = f->field[c] < FIELDS_KNOWN ? field_get(f->field[c])->version : 0;
		n->version = of > n->version ? of : n->version;
	}
}

static void note_format(struct source_notes *n, const struct format *f)
{
	for (unsigned i = 0; i < n->formats; i++)
		if (n->format[i] == f)
			return;
	if (n->formats == NOTES_FORMATS)
		return;
	n->format[n->formats++] = format_hold(f);
	note_version(n, f);
}

/* AWS has two intervals, 60 s and 600 s: one record longer than the first tells, and busy
 * conversations fill theirs. A sample will do. */
static void note_length(struct source_notes *n, const struct segment *s, uint32_t first,
			uint32_t rows)
{
	const struct column *start = segment_column(s, FIELD_START),
			    *end = segment_column(s, FIELD_END);

	for (uint32_t i = 0; start && end && i < rows && i < SAMPLE && !n->long_intervals; i++) {
		uint64_t a = column_number(start, first + i), b = column_number(end, first + i);
		if (a == NUMBER_ABSENT || b == NUMBER_ABSENT || (s->mark[first + i] & MARK_STATUS))
			continue;
		n->long_intervals = time_in_seconds(b) - time_in_seconds(a) > 60;
	}
}

uint32_t source_notes_rows(struct source_notes *n, const struct segment *s, uint32_t first,
			   uint32_t rows, int64_t ceiling_s)
{
	bool whole = first == 0 && rows == s->rows && s->time_max <= ceiling_s;
	uint32_t flows = 0;

	note_format(n, s->format);
	note_length(n, s, first, rows);
	if (whole && s->dated && s->time_max > n->newest_s)
		n->newest_s = s->time_max;
	for (uint32_t row = first; row < first + rows; row++) {
		int64_t t = whole ? INT64_MIN : segment_time(s, row);
		if (t > n->newest_s && t <= ceiling_s)
			n->newest_s = t;
		flows += (s->mark[row] & MARK_STATUS) == 0;
	}
	return flows;
}

/* Halved every HALF_LIFE_MS; between by the first terms of the series, so that many small
 * steps come to the same as one. */
static double weight_at(const struct source_notes *n, uint64_t now_ms)
{
	uint64_t age = now_ms > n->weighed_ms ? now_ms - n->weighed_ms : 0;
	uint64_t halvings = age / HALF_LIFE_MS;

	if (halvings > 60)
		return 0;
	double x = LN_2 * (double)(age % HALF_LIFE_MS) / HALF_LIFE_MS;
	double part = 1 - x * (1 - x / 2 * (1 - x / 3 * (1 - x / 4)));
	return n->weight * part / (double)(UINT64_C(1) << halvings);
}

void source_notes_flows(struct source_notes *n, uint64_t flows, uint64_t now_ms)
{
	n->weight = weight_at(n, now_ms) + (double)flows;
	n->weighed_ms = now_ms;
}

double source_notes_rate(const struct source_notes *n, uint64_t now_ms)
{
	/* What one flow a second adds up to: the half-life by the logarithm of 2. */
	double rate = weight_at(n, now_ms) / (HALF_LIFE_MS / 1000.0 / LN_2);

	return rate < 0.05 ? 0 : rate;
}

int64_t source_notes_complete(const struct source_notes *n)
{
	return n->newest_s == INT64_MIN ? INT64_MIN : n->newest_s - (n->long_intervals ? 600 : 60);
}
