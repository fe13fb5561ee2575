/* values.c - see values.h. */
#include "query/values.h"

#include <stdlib.h>
#include <string.h>

#include "filter/filter_ast.h"
#include "query/scan.h"

#define ROWS_MAX 200000u  /* looked at: about 5 ms */
#define RANKED_MAX 20000u /* values held against the prefix */
#define SLICE 4096u       /* rows between two looks at the room that they take */

bool values_name(struct str name)
{
	struct name meant;

	return name.n && filter_name(name, &meant);
}

enum field_type values_type(struct str name)
{
	struct name meant;

	return filter_name(name, &meant) ? field_type(meant.field[0]) : TYPE_TEXT;
}

static bool begins_with(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_equal_loose((struct str){ s.s, prefix.n }, prefix);
}

/* Sums up what the sides of one name have in common. */
static size_t add(struct value_seen *out, size_t n, size_t limit, struct str text, uint64_t flows,
		  bool partial)
{
	size_t at;

	for (at = 0; at < n; at++)
		if (str_equal(str_of(out[at].text), text)) {
			out[at].flows += flows;
			out[at].partial |= partial;
			return n;
		}
	if (n == limit) {
		if (out[n - 1].flows >= flows)
			return n;
		free(out[--n].text);
	}
	for (at = n; at > 0 && out[at - 1].flows < flows; at--)
		out[at] = out[at - 1];
	out[at] = (struct value_seen){ xstrndup(text.s, text.n), flows, partial };
	return n + 1;
}

static void render(int field, const struct value *v, struct buf *out)
{
	buf_clear(out);
	if (field_type(field) == TYPE_PROTOCOL && !v->absent && v->number < 256)
		buf_add_str(out, protocol_name((unsigned)v->number));
	if (out->n == 0)
		value_render(v, out);
}

/* Counts the newest rows by the field, in a twentieth of --memory: beyond that the heaviest. */
static void count_newest(struct accumulator *a, struct ring *r, struct span span)
{
	struct scan scan;

	accumulator_limit(a, ring_budget(r) / 16, METRIC_FLOWS);
	scan_begin(&scan, r, true, span);
	for (uint32_t rows = 0; rows < ROWS_MAX && scan_look(&scan); scan_next(&scan)) {
		for (uint32_t first = 0; first < scan.rows; first += SLICE) {
			uint32_t n = scan.rows - first < SLICE ? scan.rows - first : SLICE;
			accumulator_fold(a, scan.segment, first, n, NULL, span, 1);
			while (accumulator_shrink(a, SLICE))
				;
		}
		rows += scan.rows;
	}
}

static size_t add_field(struct ring *r, int field, struct str prefix, struct span span,
			struct value_seen *out, size_t n, size_t limit)
{
	struct group g = { .field = { field }, .n = 1 };
	struct accumulator *a = accumulator_new(&g, ring_dict(r));
	uint32_t *index, ranked;
	struct buf text = { 0 };

	count_newest(a, r, span);
	ranked = accumulator_rank(a, METRIC_FLOWS, RANKED_MAX, &index);
	for (uint32_t i = 0, taken = 0; i < ranked && taken < limit; i++) {
		struct value v;
		accumulator_key(a, index[i], 0, &v);
		render(field, &v, &text);
		if (!v.absent && begins_with(buf_str(&text), prefix)) {
			n = add(out, n, limit, buf_str(&text),
				accumulator_tally(a, index[i])->flows,
				accumulator_is_partial(a, index[i]));
			taken++;
		}
		value_release(&v);
	}
	free(index);
	buf_release(&text);
	accumulator_free(a);
	return n;
}

static int by_flows(const void *a, const void *b)
{
	const struct value_seen *x = a, *y = b;

	if (x->flows != y->flows)
		return x->flows > y->flows ? -1 : 1;
	return strcmp(x->text, y->text);
}

size_t values_seen(struct ring *r, struct str name, struct str prefix, struct span span,
		   struct value_seen *out, size_t limit)
{
	struct name meant;
	size_t n = 0;

	if (!filter_name(name, &meant))
		return 0;
	for (unsigned i = 0; i < meant.fields; i++)
		n = add_field(r, meant.field[i], prefix, span, out, n, limit);
	qsort(out, n, sizeof *out, by_flows);
	return n;
}
