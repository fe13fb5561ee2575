/* export_band.c - see export_band.h. Kinds of cells differ by their letters: no colour is needed. */
#include "output/export_band.h"

#include <math.h>
#include <string.h>

#define CHART_ROWS 8
#define LEFT 9 /* columns before the bins */

/* Which bins a column is of. */
struct band_columns {
	size_t n, each;
};

static struct band_columns columns_of(const struct band *b, size_t width)
{
	size_t most = width > LEFT + 3 ? width - LEFT - 1 : 2;
	struct band_columns c;

	most = most < b->points ? most : b->points;
	c.each = (b->points + most - 1) / most;
	c.n = (b->points + c.each - 1) / c.each;
	return c;
}

/* Bins of a column as one: the largest value, and what was expected then. */
static struct spike_point column_at(const struct band *b, const struct band_columns *c, size_t i)
{
	size_t first = i * c->each, end = first + c->each;
	struct spike_point most = b->point[first];

	end = end < b->points ? end : b->points;
	for (size_t k = first + 1; k < end; k++)
		if (b->point[k].value > most.value)
			most = b->point[k];
	return most;
}

static char mark_at(const struct spike_point *p, double from, double to)
{
	double e = fmax(p->said.expected, 0);

	if (e >= from && e < to)
		return p->value >= to ? '+' : '-';
	if (p->value > from)
		return p->said.high < from ? '!' : '#';
	return p->said.low < to && p->said.high >= from ? ':' : ' ';
}

static void add_rows(const struct band *b, const struct band_columns *c, struct buf *out)
{
	double most = 1;

	for (size_t i = 0; i < b->points; i++)
		most = fmax(most, fmax(b->point[i].value, b->point[i].said.expected));
	for (int row = CHART_ROWS - 1; row >= 0; row--) {
		struct buf scale = { 0 };
		spike_amount(b->metric, most * (row + 1) / CHART_ROWS, &scale);
		buf_printf(out, "  %6.*s ", (int)scale.n, scale.s);
		buf_release(&scale);
		for (size_t i = 0; i < c->n; i++) {
			struct spike_point p = column_at(b, c, i);
			buf_putc(out, mark_at(&p, most * row / CHART_ROWS,
					      most * (row + 1) / CHART_ROWS));
		}
		buf_putc(out, '\n');
	}
}

/* Where what is marked is. */
static void add_marked(const struct band *b, const struct band_columns *c, struct buf *out)
{
	size_t end;

	if (b->since >= b->until)
		return;
	buf_printf(out, "%*s", LEFT, "");
	for (size_t i = 0; i < c->n; i++) {
		end = (i + 1) * c->each < b->points ? (i + 1) * c->each : b->points;
		buf_putc(out, b->point[i * c->each].time < b->until &&
					      b->point[end - 1].time + b->every > b->since
				      ? '^'
				      : ' ');
	}
	buf_putc(out, '\n');
}

/* The begin of the first bin and the end of the last: "22:13Z      23:12Z". */
static void add_times(const struct band *b, const struct band_columns *c, struct buf *out)
{
	enum { CLOCK = 11, CLOCK_N = 5, SPACE = 13 };
	char first[32], last[32];

	rfc3339(first, sizeof first, b->point[0].time);
	rfc3339(last, sizeof last, b->point[b->points - 1].time + b->every);
	buf_printf(out, "%*s%.*sZ", LEFT, "", CLOCK_N, first + CLOCK);
	if (c->n >= SPACE)
		buf_printf(out, "%*.*sZ", (int)c->n - CLOCK_N - 2, CLOCK_N, last + CLOCK);
	buf_putc(out, '\n');
}

void band_chart(const struct band *b, size_t width, struct buf *out)
{
	struct band_columns c;
	uint64_t minutes;

	if (!b->points)
		return;
	c = columns_of(b, width);
	minutes = c.each * (uint64_t)b->every / 60;
	add_rows(b, &c, out);
	add_marked(b, &c, out);
	add_times(b, &c, out);
	buf_printf(out, "  %zu %s a column; # carried  - expected (+ within)  : band  ! above it\n",
		   (size_t)minutes, plural(minutes, "minute", "minutes"));
}
