/* result.c - see result.h. */
#include "query/result.h"

#include <inttypes.h>
#include <stdlib.h>

static void release_rows(struct result *r)
{
	for (uint32_t i = 0; i < r->rows; i++) {
		for (unsigned p = 0; p < r->query.group.n; p++)
			value_release(&r->row[i].key[p]);
		free(r->row[i].bin);
	}
	free(r->row);
	r->row = NULL;
	r->rows = 0;
}

void result_release(struct result *r)
{
	release_rows(r);
	for (unsigned i = 0; r->column && i < r->bins; i++)
		value_release(&r->column[i]);
	free(r->column);
	*r = (struct result){ 0 };
}

unsigned result_second_percent(const struct result *r)
{
	uint64_t all = result_matching(r);
	unsigned percent = all ? (unsigned)((double)r->second * 100 / (double)all + 0.5) : 0;

	return percent ? percent : r->second > 0;
}

void result_say_once(const struct result *r, struct buf *out)
{
	if (!r->judged && r->query.once)
		buf_puts(out, "once: no record says its interface, all count");
	if (!r->judged)
		return;
	buf_puts(out, r->query.once ? "once: " : "");
	if (!r->second)
		buf_puts(out, "no record is a second sighting");
	else
		buf_printf(out, "%u%% of records are second sightings, %s",
			   result_second_percent(r), r->query.once ? "left out" : "counted twice");
}

void result_say_undecided_seconds(const struct result *r, struct buf *out)
{
	if (r->judged && r->second_undecided)
		buf_printf(out, ", %" PRIu64 " undecided", r->second_undecided);
}

bool result_hides(const struct result *r)
{
	return r->capped &&
	       (r->floor > 0 || (r->about > r->ranked && !metric_wants_some(r->query.metric)));
}

static void result_init(struct result *r, const struct query *q, const struct accumulator *a,
			struct span window)
{
	*r = (struct result){
		.query = *q,
		.distinct_total = accumulator_distinct_total(a),
		.groups = accumulator_groups(a),
		.capped = !accumulator_is_exact(a),
		.about = accumulator_ranked_about(a, q->metric),
		.floor = accumulator_floor(a),
		.not_kept =
			accumulator_is_exact(a) ? 0 : accumulator_groups(a) - accumulator_count(a),
		.totals = *accumulator_total(a),
		.window = window,
		.incomplete_s = INT64_MAX,
		.time_min = INT64_MAX,
		.time_max = INT64_MIN,
		.compare = { .mark = INT64_MIN },
		.complete = true,
	};
}

/* The bins that an accumulator with FIELD_BIN covers. */
static void find_bins(struct result *r, const struct accumulator *a)
{
	unsigned part = accumulator_group(a)->n - 1, shift = accumulator_bin_shift(a);
	int64_t first = INT64_MAX, last = INT64_MIN;

	for (uint32_t g = 0; g < accumulator_count(a); g++) {
		struct value v;
		accumulator_key(a, g, part, &v);
		if (v.absent)
			continue;
		int64_t bin = (int64_t)(v.number >> shift);
		if (r->window.from != INT64_MIN && bin < r->window.from >> shift)
			continue;
		if (r->window.to != INT64_MAX && bin > (r->window.to - 1) >> shift)
			continue;
		first = bin < first ? bin : first;
		last = bin > last ? bin : last;
	}
	r->bin_width = INT64_C(1) << shift;
	if (first > last)
		return;
	if (last - first >= TIMELINE_BINS)
		first = last - TIMELINE_BINS + 1;
	r->bins = (unsigned)(last - first + 1);
	r->bin_start = first << shift;
	r->time_min = r->bin_start;
	r->time_max = (last + 1) << shift;
}

static void fill_bins(struct result *r, struct result_row *row, const struct accumulator *trend,
		      const struct accumulator *a, uint32_t group)
{
	row->bin = xcalloc(r->bins ? r->bins : 1, sizeof *row->bin);
	for (unsigned i = 0; i < r->bins; i++) {
		int64_t start = r->bin_start + (int64_t)i * r->bin_width;
		const struct tally *t = accumulator_at(trend, a, group, start / r->bin_width);
		if (!t)
			continue;
		row->bin[i] = *t;
		if (r->exact)
			continue;
		row->since = row->since == INT64_MIN ? start : row->since;
		row->until = start + r->bin_width;
	}
}

static void fill_listed_bins(struct result *r, struct result_row *row,
			     const struct bin_lists *lists, uint32_t group)
{
	int64_t first = r->bin_start / r->bin_width, number;
	uint32_t at = bin_lists_first(lists, group);
	const struct tally *t;

	row->bin = xcalloc(r->bins ? r->bins : 1, sizeof *row->bin);
	while (at != UINT32_MAX) {
		at = bin_lists_get(lists, at, &number, &t);
		if (number < first || number - first >= (int64_t)r->bins)
			continue;
		row->bin[number - first] = *t;
		if (r->exact)
			continue;
		int64_t start = number * r->bin_width;
		row->since = row->since == INT64_MIN || start < row->since ? start : row->since;
		row->until = start + r->bin_width > row->until ? start + r->bin_width : row->until;
	}
}

static void fill_row(struct result *r, struct result_row *row, const struct accumulator *a,
		     uint32_t group)
{
	struct seen seen = accumulator_seen(a, group);

	row->tally = *accumulator_tally(a, group);
	row->distinct = accumulator_distinct(a, group);
	row->partial = accumulator_is_partial(a, group);
	row->missing = accumulator_missing(a, group);
	if (accumulator_before(a, group))
		row->before = *accumulator_before(a, group);
	row->since = row->until = INT64_MIN;
	if (seen.first <= seen.last) {
		row->since = seen.first;
		row->until = seen.last;
		r->exact = true;
	}
	for (unsigned p = 0; p < r->query.group.n; p++)
		accumulator_key(a, group, p, &row->key[p]);
}

void result_begin(struct result *r, const struct query *q, const struct accumulator *a,
		  const struct accumulator *trend, struct span window)
{
	result_init(r, q, a, window);
	if (accumulator_before_total(a))
		r->before = *accumulator_before_total(a);
	if (accumulator_is_series(a)) /* what a row of times means */
		r->bin_width = INT64_C(1) << accumulator_bin_shift(a);
	if (trend)
		find_bins(r, trend);
}

void result_put(struct result *r, const struct accumulator *a, const uint32_t *index, uint32_t n,
		struct result_window w, const struct accumulator *trend,
		const struct bin_lists *lists)
{
	release_rows(r);
	r->first = w.first;
	r->rows = n;
	r->row = xcalloc(n ? n : 1, sizeof *r->row);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t rank = w.first + i;
		fill_row(r, &r->row[i], a, index[i]);
		if (!trend || rank < w.bin_first || rank - w.bin_first >= w.bin_rows)
			continue;
		if (lists)
			fill_listed_bins(r, &r->row[i], lists, index[i]);
		else
			fill_bins(r, &r->row[i], trend, a, index[i]);
	}
}

static void fill_rows(struct result *r, const struct query *q, const struct accumulator *a,
		      const uint32_t *index, uint32_t n, struct result_window w,
		      const struct accumulator *trend, struct span window)
{
	result_begin(r, q, a, trend, window);
	r->ranked = accumulator_ranked(a, q->metric);
	result_put(r, a, index, n, w, trend, NULL);
}

static uint32_t rank(const struct query *q, const struct accumulator *a, struct result_window w,
		     uint32_t **index)
{
	return accumulator_rank_part(a, q->metric, w.first, w.rows ? w.rows : UINT32_MAX, index);
}

void result_ranked(struct result *r, const struct query *q, const struct accumulator *a,
		   struct result_window w, const struct accumulator *trend, struct span window)
{
	uint32_t *index, n = rank(q, a, w, &index);

	fill_rows(r, q, a, index, n, w, trend, window);
	free(index);
}

const struct result_row *result_at(const struct result *r, uint32_t rank)
{
	return rank >= r->first && rank - r->first < r->rows ? &r->row[rank - r->first] : NULL;
}

uint64_t result_row_metric(const struct result *r, const struct result_row *row)
{
	return r->query.metric == METRIC_DISTINCT ? row->distinct
						  : tally_metric(&row->tally, r->query.metric);
}

uint64_t result_total_metric(const struct result *r)
{
	return r->query.metric == METRIC_DISTINCT ? r->distinct_total
						  : tally_metric(&r->totals, r->query.metric);
}

bool result_share(const struct result *r, const struct result_row *row, double *percent)
{
	uint64_t total = result_total_metric(r);

	*percent = total ? (double)result_row_metric(r, row) * 100 / (double)total : 0;
	return total > 0;
}

uint64_t result_guessed(const struct result *r, const struct tally *t)
{
	/* The tallies of a series have something else there. */
	return group_is_oriented(&r->query.group) && !query_is_by_time(&r->query) ? t->guessed : 0;
}

bool result_is_guess(const struct result *r, const struct result_row *row)
{
	uint64_t guessed = result_guessed(r, &row->tally);

	return guessed > 0 && guessed == row->tally.flows;
}

bool result_rate(const struct result *r, uint64_t total, double *rate)
{
	*rate = r->seconds > 0 ? (double)total * metric_scale(r->query.metric) / (double)r->seconds
			       : 0;
	return r->seconds > 0;
}

int64_t result_seconds(struct span window, int64_t data_first, int64_t data_last)
{
	bool dated = data_first <= data_last;
	int64_t from = window.from != INT64_MIN ? window.from : data_first;
	int64_t to = window.to != INT64_MAX ? window.to : data_last + 1;

	if (!dated && (window.from == INT64_MIN || window.to == INT64_MAX))
		return 0;
	return to > from ? to - from : 1;
}

uint32_t *result_columns_of(struct result *r, const struct accumulator *columns,
			    const struct accumulator *cells)
{
	uint32_t *column;

	r->bins = accumulator_rank(columns, r->query.metric, TIMELINE_BINS, &column);
	r->column = xcalloc(r->bins + 1, sizeof *r->column);
	r->columns = accumulator_groups(columns);
	r->capped |= !accumulator_is_exact(columns) || !accumulator_is_exact(cells);
	for (unsigned c = 0; c < r->bins; c++)
		accumulator_key(columns, column[c], 0, &r->column[c]);
	return column;
}

void result_put_cells(struct result *r, const struct accumulator *rows, const uint32_t *index,
		      const struct accumulator *columns, const uint32_t *column,
		      const struct accumulator *cells)
{
	for (uint32_t i = 0; i < r->rows; i++) {
		struct tally *bin = xcalloc(r->bins + 1, sizeof *bin);
		for (unsigned c = 0; c < r->bins; c++) {
			const struct tally *t =
				accumulator_cell(cells, rows, index[i], columns, column[c]);
			if (t)
				bin[c] = *t;
		}
		r->row[i].bin = bin;
	}
}

void result_matrix(struct result *r, const struct query *q, const struct accumulator *rows,
		   const struct accumulator *columns, const struct accumulator *cells,
		   struct result_window w, struct span window)
{
	uint32_t *index, *column, n = rank(q, rows, w, &index);

	fill_rows(r, q, rows, index, n, w, NULL, window);
	column = result_columns_of(r, columns, cells);
	result_put_cells(r, rows, index, columns, column, cells);
	free(column);
	free(index);
}

void result_compared(struct result *r, const struct compare *c)
{
	r->compare = *c;
	for (uint32_t i = 0; i < r->rows && r->query.rows == ROWS_RANKED; i++)
		r->row[i].change =
			compare_change(c, &r->row[i].tally, &r->row[i].before, r->query.metric);
}

void result_changes(struct result *r, const struct query *q, const struct accumulator *a,
		    struct result_window w, const struct accumulator *trend, struct span window,
		    const struct compare *c)
{
	uint32_t *index, of;
	uint32_t n = compare_rank(c, a, q->metric, q->mark.only, w.first, w.rows, &index, &of);

	fill_rows(r, q, a, index, n, w, trend, window);
	r->ranked = of;
	r->by_change = true;
	free(index);
}

/* The row of a bin; -1: none. */
static int64_t row_of(const struct result *r, const struct accumulator *a, uint32_t group)
{
	struct value v;

	accumulator_key(a, group, 0, &v);
	if (v.absent || (int64_t)v.number < r->bin_start)
		return -1;
	int64_t at = ((int64_t)v.number - r->bin_start) / r->bin_width;
	return at < (int64_t)r->rows ? at : -1;
}

void result_timeline(struct result *r, const struct query *q, const struct accumulator *a,
		     const struct accumulator *refused, struct span window)
{
	result_init(r, q, a, window);
	find_bins(r, a);
	r->rows = r->ranked = r->bins;
	r->row = xcalloc(r->rows ? r->rows : 1, sizeof *r->row);
	for (uint32_t i = 0; i < r->rows; i++) {
		int64_t start = r->bin_start + (int64_t)i * r->bin_width;
		r->row[i].key[0] = (struct value){ .type = TYPE_TIME, .number = (uint64_t)start };
		r->row[i].since = start;
		r->row[i].until = start + r->bin_width;
		if (refused)
			r->row[i].bin = xcalloc(1, sizeof *r->row[i].bin);
	}
	for (uint32_t g = 0; g < accumulator_count(a); g++) {
		int64_t at = row_of(r, a, g);
		if (at >= 0) {
			r->row[at].tally = *accumulator_tally(a, g);
			r->row[at].distinct = accumulator_distinct(a, g);
		}
	}
	for (uint32_t g = 0; refused && g < accumulator_count(refused); g++) {
		int64_t at = row_of(r, refused, g);
		if (at >= 0)
			*r->row[at].bin = *accumulator_tally(refused, g);
	}
}
