/* engine_result.c - rows of a server as a result. */
#include "engine/engine_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"

/* ---- the data in the window ---- */

/* What is added up has to fit, as a server's sums begin anew behind 2^64, and amounts of one record
 * times the seconds of a bin. */
#define SUM_MAX 9e18
#define MOST_MAX 1e15

static bool take_bucket(struct engine *e, const json_t *row)
{
	int64_t t[EXTENT_COLUMNS];
	uint64_t n[EXTENT_COLUMNS];
	bool dated = engine_i64(row, EXTENT_BUCKET, &t[EXTENT_BUCKET]);
	struct extent *x = &e->extent;
	struct span w = e->asked.window;

	for (unsigned i = EXTENT_FLOWS; i < EXTENT_MOST; i++) {
		bool there = engine_i64(row, i, &t[i]);
		if (!there && json_array_get(row, i) != NULL &&
		    !json_is_null(json_array_get(row, i)))
			return engine_odd(e, "its extent");
		n[i] = there && t[i] > 0 ? (uint64_t)t[i] : 0;
	}
	e->matching += n[EXTENT_MATCHING];
	e->reply.input.flows += n[EXTENT_FLOWS];
	e->reply.input.nodata += n[EXTENT_NODATA];
	e->reply.input.skipdata += n[EXTENT_SKIPDATA];
	if (!dated) {
		e->undated_matching += n[EXTENT_MATCHING];
		e->reply.input.undated += n[EXTENT_FLOWS];
		return true;
	}
	bulk_put(x->flows, t[EXTENT_FIRST], t[EXTENT_FIRST], t[EXTENT_LAST], n[EXTENT_FLOWS]);
	bulk_put(x->bulk, t[EXTENT_MATCHING_BEGAN] > w.from ? t[EXTENT_MATCHING_BEGAN] : w.from,
		 t[EXTENT_MATCHING_FIRST], t[EXTENT_MATCHING_LAST], n[EXTENT_MATCHING]);
	if (t[EXTENT_SOME_LAST]) {
		x->first = t[EXTENT_SOME_FIRST] < x->first ? t[EXTENT_SOME_FIRST] : x->first;
		x->last = t[EXTENT_SOME_LAST] > x->last ? t[EXTENT_SOME_LAST] : x->last;
	}
	if (t[EXTENT_SOME_BEGAN] < w.to && t[EXTENT_SOME_BEGAN] < x->first_started)
		x->first_started = t[EXTENT_SOME_BEGAN];
	if (!n[EXTENT_BAR_RECORDS])
		return true;
	if (!e->bar_records || t[EXTENT_BAR_FIRST] < e->bar_first)
		e->bar_first = t[EXTENT_BAR_FIRST];
	if (!e->bar_records || t[EXTENT_BAR_LAST] > e->bar_last)
		e->bar_last = t[EXTENT_BAR_LAST];
	e->bar_records += n[EXTENT_BAR_RECORDS];
	return true;
}

/* As extent_see() has it of segments: what lies before the window shows where it begins. */
static void limit_extent(struct engine *e)
{
	struct extent *x = &e->extent;
	struct span w = e->asked.window;

	if (e->before) {
		x->first = w.from;
		x->first_started = w.from;
	}
	if (x->first_started < w.from)
		x->first_started = w.from;
	if (e->behind)
		x->last = w.to - 1;
	if (e->bar_first < w.from)
		e->bar_first = w.from;
}

static bool by_bins(const struct engine *e)
{
	return e->query.rows == ROWS_TIMELINE || e->query.bins.kind != BINS_NONE;
}

/* Bins as wide as those of extent_widen(). */
static bool choose_width(struct engine *e)
{
	uint64_t astray;
	struct span all = { e->extent.first_started, e->extent.last + 1, true },
		    bars = extent_bars(&e->extent, all, &astray);
	int64_t most = e->query.bins.most, width = 1;

	if (!by_bins(e))
		return true;
	if (e->undated_matching || astray) {
		snprintf(e->why, sizeof e->why,
			 "%" PRIu64 " records %s: a window leaves them out of bins (--since)",
			 e->undated_matching ? e->undated_matching : astray,
			 e->undated_matching ? "have no time" : "lie months apart from the others");
		return false;
	}
	while (bars.from < bars.to && (bars.to - 1) / width - bars.from / width >= most)
		width *= 2;
	e->asked.width = width;
	return true;
}

/* Of whole records, whatever they are spread over. */
static bool take_totals(const json_t *row, struct tally *t)
{
	return engine_u64(row, EXTENT_BYTES, &t->bytes) &&
	       engine_u64(row, EXTENT_PACKETS, &t->packets) &&
	       engine_u64(row, EXTENT_LOST, &t->lost) &&
	       engine_u64(row, EXTENT_MATCHING, &t->flows) &&
	       engine_u64(row, EXTENT_ACCEPTS, &t->accepts) &&
	       engine_u64(row, EXTENT_REJECTS, &t->rejects);
}

bool engine_take_extent(struct engine *e, const struct engine_rows *r)
{
	double most, sum;

	e->extent.bulk = bulk_new();
	e->extent.flows = bulk_new();
	for (size_t i = 0; i < r->rows; i++)
		if (!take_bucket(e, json_array_get(r->data, i)))
			return false;
	if (r->rows && (!engine_real(r->totals, EXTENT_MOST, &most) ||
			!engine_real(r->totals, EXTENT_SUM, &sum)))
		return engine_odd(e, "its largest sums");
	if (r->rows && (sum > SUM_MAX || (by_bins(e) && most > MOST_MAX))) {
		snprintf(
			e->why, sizeof e->why,
			"bytes or packets in the window are more than a server adds up in 64 bits");
		return false;
	}
	limit_extent(e);
	if (!choose_width(e))
		return false;
	engine_begin_result(e);
	return !r->rows || take_totals(r->totals, &e->reply.answer.result.totals) ||
	       engine_odd(e, "its totals");
}

/* As answer_begin() has it. */
void engine_begin_result(struct engine *e)
{
	struct result *r = &e->reply.answer.result;
	const struct extent *x = &e->extent;
	struct span w = e->asked.window;
	int64_t first, last;
	uint64_t apart = extent_data(x, w, &first, &last);
	bool dated = x->first <= x->last;

	e->asked.compare = compare_of(e->query.mark.time, w, first, last);
	*r = (struct result){
		.query = e->query,
		.window = w,
		.time_min = dated ? x->first : INT64_MAX,
		.time_max = dated ? x->last : INT64_MIN,
		.apart = dated ? apart : 0,
		.seconds = result_seconds(w, dated ? first : INT64_MAX, dated ? last : INT64_MIN),
		.incomplete_s = INT64_MAX,
		.compare = e->asked.compare,
		.by_change = e->query.mark.ranks && compare_is_possible(&e->asked.compare),
		.exact = true,
		.complete = true,
	};
	r->query.filter = e->q->query.filter;
	if (e->bar_records && by_bins(e)) {
		r->bin_width = e->asked.width;
		r->bin_start = e->bar_first / r->bin_width * r->bin_width;
		r->bins = (unsigned)(e->bar_last / r->bin_width - e->bar_first / r->bin_width + 1);
		if (r->bins > TIMELINE_BINS) {
			r->bin_start += (int64_t)(r->bins - TIMELINE_BINS) * r->bin_width;
			r->bins = TIMELINE_BINS;
		}
	}
}

/* ---- cells ---- */

static bool take_tally(const json_t *row, size_t at, struct tally *t)
{
	uint64_t *const sums[ASKED_SUMS] = {
		[ASKED_BYTES] = &t->bytes,     [ASKED_PACKETS] = &t->packets,
		[ASKED_SENT] = &t->sent,       [ASKED_LOST] = &t->lost,
		[ASKED_FLOWS] = &t->flows,     [ASKED_ACCEPTS] = &t->accepts,
		[ASKED_REJECTS] = &t->rejects, [ASKED_GUESSED] = &t->guessed,
	};

	for (unsigned i = 0; i < ASKED_SUMS; i++)
		if (!engine_u64(row, at + i, sums[i]))
			return false;
	return true;
}

static bool take_address(const char *digits, uint8_t out[16])
{
	for (unsigned i = 0; i < 16; i++) {
		int high = hex_value(digits[2 * i]),
		    low = high < 0 ? -1 : hex_value(digits[2 * i + 1]);
		if (low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* "DIGITS DIGITS", or "- DIGITS". */
static bool take_pair(const char *text, struct value *v)
{
	v->alone = strncmp(text, "- ", 2) == 0;
	if (v->alone)
		return strlen(text) == 34 && take_address(text + 2, v->other);
	return strlen(text) == 65 && text[32] == ' ' && take_address(text, v->address) &&
	       take_address(text + 33, v->other);
}

static bool take_network(const struct group *g, unsigned part, const char *text, struct value *v)
{
	const uint8_t *bits = g->bits[part];

	if (strlen(text) != 32 || !take_address(text, v->address))
		return false;
	v->bits = address_is_v4(v->address) ? (uint8_t)(bits[0] ? 96 + bits[0] : 128)
		  : bits[1]                 ? bits[1]
					    : 128;
	return true;
}

static bool take_key(const struct group *g, unsigned part, const json_t *row, struct value *v)
{
	const json_t *cell = json_array_get(row, part);
	const char *text = json_string_value(cell);

	*v = (struct value){ .type = group_part_type(g, part), .absent = json_is_null(cell) };
	if (v->absent)
		return true;
	if (type_is_number(v->type)) {
		bool read = engine_u64(row, part, &v->number);
		if (v->type == TYPE_TIME)
			v->number *= 1000;
		return read;
	}
	if (!text)
		return false;
	switch (v->type) {
	case TYPE_PAIR:
		return take_pair(text, v);
	case TYPE_NETWORK:
		return take_network(g, part, text, v);
	case TYPE_ADDRESS:
		return strlen(text) == 32 && take_address(text, v->address);
	default:
		v->length = json_string_length(cell);
		v->text = xstrndup(text, v->length);
		return true;
	}
}

/* ---- rankings ---- */

static bool take_row(struct engine *e, const json_t *row, struct result_row *out)
{
	const struct group *g = &e->query.group;
	unsigned at = g->n + ASKED_SUMS;

	for (unsigned p = 0; p < g->n; p++)
		if (!take_key(g, p, row, &out->key[p]))
			return false;
	if (!take_tally(row, g->n, &out->tally) || !engine_u64(row, at + 2, &out->distinct))
		return false;
	if (!engine_i64(row, at, &out->since) || !engine_i64(row, at + 1, &out->until))
		out->since = out->until = INT64_MIN;
	return e->asked.compare.mark == INT64_MIN || take_tally(row, at + 3, &out->before);
}

bool engine_take_rows(struct engine *e, const struct engine_rows *r)
{
	struct result *to = &e->reply.answer.result;
	unsigned at = e->query.group.n + ASKED_SUMS;

	if (!take_tally(r->totals, e->query.group.n, &to->totals) ||
	    !engine_u64(r->totals, at + 2, &to->distinct_total) ||
	    (e->asked.compare.mark != INT64_MIN && !take_tally(r->totals, at + 3, &to->before)))
		return engine_odd(e, "its totals");
	if (to->totals.flows != e->matching)
		return false; /* asked again */
	to->row = xcalloc(r->rows + 1, sizeof *to->row);
	for (size_t i = 0; i < r->rows; i++) {
		to->rows++; /* it is released with the others */
		if (!take_row(e, json_array_get(r->data, i), &to->row[i]))
			return engine_odd(e, "a row");
	}
	to->ranked = r->ranked < UINT32_MAX ? (uint32_t)r->ranked : UINT32_MAX;
	to->groups = r->ranked;
	result_compared(to, &e->asked.compare);
	return true;
}

/* ---- bins ---- */

static void add_text(const char *text, size_t n, struct buf *out)
{
	buf_putc(out, '\'');
	for (size_t i = 0; i < n; i++) {
		if (text[i] == '\'' || text[i] == '\\')
			buf_putc(out, '\\');
		buf_putc(out, text[i]);
	}
	buf_putc(out, '\'');
}

static void add_digits(const uint8_t address[16], struct buf *out)
{
	for (unsigned i = 0; i < 16; i++)
		buf_printf(out, "%02X", address[i]);
}

static void add_value(const struct value *v, unsigned part, struct buf *out)
{
	struct buf text = { 0 };

	if (v->absent) {
		buf_printf(out, "k%u is null", part);
		return;
	}
	buf_printf(out, "k%u = ", part);
	if (type_is_number(v->type)) {
		buf_add_u64(out, v->type == TYPE_TIME ? v->number / 1000 : v->number);
		return;
	}
	if (v->type == TYPE_TEXT)
		buf_add(&text, v->text, v->length);
	else if (v->type == TYPE_PAIR && v->alone)
		buf_puts(&text, "- ");
	else
		add_digits(v->address, &text);
	if (v->type == TYPE_PAIR && !v->alone)
		buf_putc(&text, ' ');
	if (v->type == TYPE_PAIR)
		add_digits(v->other, &text);
	add_text(text.s ? text.s : "", text.n, out);
	buf_release(&text);
}

void engine_only_rows(const struct engine *e, struct buf *out)
{
	const struct result *r = &e->reply.answer.result;

	for (uint32_t i = 0; i < r->rows; i++) {
		buf_puts(out, i ? "\n  or coalesce(" : "coalesce(");
		for (unsigned p = 0; p < e->query.group.n; p++) {
			buf_puts(out, p ? " and " : "");
			add_value(&r->row[i].key[p], p, out);
		}
		buf_puts(out, ", 0)");
	}
}

static bool value_is(const struct value *a, const struct value *b)
{
	if (a->absent || b->absent)
		return a->absent == b->absent;
	return a->number == b->number && a->alone == b->alone &&
	       memcmp(a->address, b->address, 16) == 0 && memcmp(a->other, b->other, 16) == 0 &&
	       a->length == b->length && (!a->length || memcmp(a->text, b->text, a->length) == 0);
}

static struct result_row *find_row(struct engine *e, const struct value *key)
{
	struct result *r = &e->reply.answer.result;

	for (uint32_t i = 0; i < r->rows; i++) {
		bool same = true;
		for (unsigned p = 0; p < e->query.group.n && same; p++)
			same = value_is(&r->row[i].key[p], &key[p]);
		if (same)
			return &r->row[i];
	}
	return NULL;
}

/* Which of the result's bins; false: none. */
static bool take_bin(const struct engine *e, const json_t *row, size_t at, uint64_t *bin)
{
	const struct result *r = &e->reply.answer.result;
	uint64_t first = (uint64_t)(r->bin_start / (r->bin_width ? r->bin_width : 1));

	if (!engine_u64(row, at, bin) || *bin < first || *bin - first >= r->bins)
		return false;
	*bin -= first;
	return true;
}

bool engine_take_bins(struct engine *e, const struct engine_rows *r)
{
	struct result *to = &e->reply.answer.result;
	const struct group *g = &e->query.group;

	for (uint32_t i = 0; i < to->rows; i++)
		to->row[i].bin = xcalloc(to->bins + 1, sizeof *to->row[i].bin);
	for (size_t i = 0; i < r->rows; i++) {
		const json_t *row = json_array_get(r->data, i);
		struct value key[GROUP_MAX] = { 0 };
		struct result_row *of;
		uint64_t bin;
		bool good = take_bin(e, row, g->n, &bin);
		for (unsigned p = 0; p < g->n; p++)
			good = take_key(g, p, row, &key[p]) && good;
		of = good ? find_row(e, key) : NULL;
		good = of && take_tally(row, g->n + 1, &of->bin[bin]);
		for (unsigned p = 0; p < g->n; p++)
			value_release(&key[p]);
		if (!good)
			return engine_odd(e, "a bin");
	}
	return true;
}

bool engine_take_timeline(struct engine *e, const struct engine_rows *r)
{
	struct result *to = &e->reply.answer.result;
	struct tally all;

	if (!take_tally(r->totals, 1, &all))
		return engine_odd(e, "its totals");
	if (all.flows != e->matching)
		return false; /* asked again */
	to->rows = to->ranked = to->bins;
	to->row = xcalloc(to->rows + 1, sizeof *to->row);
	for (uint32_t i = 0; i < to->rows; i++) {
		int64_t start = to->bin_start + (int64_t)i * to->bin_width;
		to->row[i].key[0] = (struct value){ .type = TYPE_TIME, .number = (uint64_t)start };
		to->row[i].since = start;
		to->row[i].until = start + to->bin_width;
	}
	for (size_t i = 0; i < r->rows; i++) {
		const json_t *row = json_array_get(r->data, i);
		uint64_t bin;
		if (!take_bin(e, row, 0, &bin) || !take_tally(row, 1, &to->row[bin].tally))
			return engine_odd(e, "a bin");
	}
	return true;
}
