/* export_doubts.c - see export_doubts.h. */
#include "output/export_doubts.h"

#include <inttypes.h>

struct doubt_row {
	const char *key; /* in JSON; NULL: it has it elsewhere */
	uint64_t (*count)(const struct result *r, const struct export_context *c);
	const char *one, *many; /* after the count of one, of more; NULL: no line */
	bool spoils;            /* the answer is not complete */
};

static uint64_t lost(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->query.priced ? 0 : r->totals.lost;
}

static uint64_t unpriced(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->unpriced;
}

static uint64_t malformed(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.malformed;
}

static uint64_t skipdata(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.skipdata;
}

static uint64_t future(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.future;
}

static uint64_t links_out(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.links_out;
}

static uint64_t undecided(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->undecided;
}

static uint64_t undated(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.undated;
}

static uint64_t undated_counted(const struct result *r, const struct export_context *c)
{
	return r->window.dated_only ? 0 : c->input.undated;
}

static uint64_t undated_left_out(const struct result *r, const struct export_context *c)
{
	return r->window.dated_only ? c->input.undated : 0;
}

static uint64_t astray(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->astray ? r->astray : r->apart;
}

static uint64_t astray_of_bars(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->astray;
}

static uint64_t astray_of_rates(const struct result *r, const struct export_context *c)
{
	(void)c;
	return metric_is_rate(r->query.metric) || r->compare.mark != INT64_MIN ? r->apart : 0;
}

static uint64_t evicted(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.evicted;
}

static uint64_t partial(const struct result *r, const struct export_context *c)
{
	(void)r;
	return c->input.partial;
}

static uint64_t not_kept(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->not_kept;
}

/* Every group is there, not all that is told of it. */
static uint64_t capped(const struct result *r, const struct export_context *c)
{
	(void)c;
	return r->capped && !r->not_kept ? r->groups : 0;
}

static const struct field_counts *unreadable_values(const struct export_context *c)
{
	static const struct field_counts none;

	return c->input.unreadable ? c->input.unreadable : &none;
}

static uint64_t unreadable_used(const struct result *r, const struct export_context *c)
{
	(void)r;
	return field_counts_within(unreadable_values(c), &c->uses);
}

/* Of a sum over all rows; one of some of them can't be more. */
static uint64_t saturated(const struct result *r, const struct export_context *c)
{
	const struct tally *t = &r->totals;

	(void)c;
	return (t->bytes == UINT64_MAX) + (t->packets == UINT64_MAX) + (t->lost == UINT64_MAX);
}

static const char not_kept_says[] =
	"groups not kept, about: --memory has room for the heaviest, whose rows may lack up to "
	"their error";
static const char capped_says[] =
	"groups, for whose values or bins --memory has no room: rows may lack up to their error";

static const struct doubt_row doubt_rows[] = {
	{ NULL, lost, "packet was lost by a transit gateway",
	  "packets were lost by a transit gateway", false },
	{ NULL, unpriced,
	  "byte has a price that can't be told and is not in cost: its zones, or the way it takes",
	  "bytes have a price that can't be told and is not in cost: their zones, or the way they take",
	  false },
	{ "skipdata", skipdata, "SKIPDATA record: flows were lost while logging",
	  "SKIPDATA records: flows were lost while logging", false },
	{ "malformed", malformed, "malformed line", "malformed lines", false },
	{ "saturated", saturated,
	  "sum is more than 64 bits hold: 18446744073709551615 stands for 2^64 - 1 and more",
	  "sums are more than 64 bits hold: 18446744073709551615 stands for 2^64 - 1 and more",
	  true },
	{ NULL, unreadable_used, "unreadable value in what is asked for",
	  "unreadable values in what is asked for", true },
	{ "links_out", links_out, EXPORT_LINK_OUT, EXPORT_LINKS_OUT, true },
	{ "future", future, "flow is dated in the future", "flows are dated in the future", false },
	{ "partial", partial, "flow whose columns leave open who or how much",
	  "flows whose columns leave open who or how much", true },
	{ "undecided", undecided,
	  "record undecided, not counted: the regex gave up, it may match or not",
	  "records undecided, not counted: the regex gave up, they may match or not", true },
	{ "not_kept", not_kept, not_kept_says, not_kept_says, true },
	{ NULL, capped, capped_says, capped_says, true },
	{ "astray", astray, NULL, NULL, false },
	{ NULL, astray_of_bars, "flow is months away from the others: it is in no bar",
	  "flows are months away from the others: they are in no bar", false },
	{ NULL, astray_of_rates,
	  "flow is months away from the others: rates are over the time of those",
	  "flows are months away from the others: rates are over the time of the others", false },
	{ "undated", undated, NULL, NULL, false },
	{ NULL, undated_counted, "flow has no time: it is in no bar of a chart",
	  "flows have no time: they are in no bar of a chart", false },
	{ NULL, undated_left_out, "flow has no time: it is left out of the window",
	  "flows have no time: they are left out of the window", true },
	/* Whether they are missing in the answer, the context knows. */
	{ "evicted", evicted, NULL, NULL, false },
};

void doubts_lines(const struct result *r, const struct export_context *c, const char *before,
		  struct buf *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(doubt_rows); i++) {
		uint64_t n = doubt_rows[i].count(r, c);
		if (n && doubt_rows[i].many)
			buf_printf(out, "%s%" PRIu64 " %s\n", before, n,
				   plural(n, doubt_rows[i].one, doubt_rows[i].many));
	}
	if (r->undecided && r->undecided_cut)
		buf_printf(out, "%sa regex sees the first %d bytes of a text: some have more\n",
			   before, FILTER_REGEX_TEXT);
	if (unreadable_values(c)->all) {
		buf_printf(out, "%sunreadable values: ", before);
		field_counts_render(unreadable_values(c), out);
		buf_putc(out, '\n');
	}
	if (c->input.lacking[0]) {
		buf_puts(out, before);
		input_lack_text(&c->input, out);
		buf_putc(out, '\n');
	}
	if (!c->complete && c->input.evicted)
		buf_printf(out, "%snot complete: %" PRIu64 " %s in --memory\n", before,
			   c->input.evicted,
			   plural(c->input.evicted, "flow, the oldest, had no room",
				  "flows, the oldest, had no room"));
	else if (!c->complete)
		buf_printf(out, "%snot complete: some of the input was not read or not kept\n",
			   before);
}

void doubts_json(json_t *input, const struct result *r, const struct export_context *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(doubt_rows); i++)
		if (doubt_rows[i].key)
			json_object_set_new(input, doubt_rows[i].key,
					    json_number(doubt_rows[i].count(r, c)));
	struct buf lack = { 0 };

	json_object_set_new(input, "regex_bytes",
			    r->undecided && r->undecided_cut ? json_number(FILTER_REGEX_TEXT)
							     : json_null());
	input_lack_text(&c->input, &lack);
	json_object_set_new(input, "lacking", lack.n ? json_text(buf_str(&lack)) : json_null());
	buf_release(&lack);
	json_object_set_new(input, "unreadable", json_counts(unreadable_values(c)));
}

bool doubts_complete(const struct result *r, const struct export_context *c)
{
	bool complete = c->complete;

	for (size_t i = 0; i < ARRAY_SIZE(doubt_rows); i++)
		complete &= !doubt_rows[i].spoils || doubt_rows[i].count(r, c) == 0;
	return complete;
}
