/* export_sources.c - the sources as table, csv and json: see export.h. */
#include <inttypes.h>
#include <string.h>

#include "output/export_doubts.h"
#include "output/export_grid.h"
#include "output/export_json.h"

#define MALFORMED_SHOWN 200 /* lines below a table */

/* A number of a source as people read it. */
static char *source_number(const char *key, uint64_t v, bool human, char *out, size_t size)
{
	if (human && (strcmp(key, "size") == 0 || strcmp(key, "read") == 0))
		return human_bytes(out, size, v);
	if (human && strcmp(key, "lag") == 0)
		return human_duration(out, size, (int64_t)v);
	snprintf(out, size, "%" PRIu64, v);
	return out;
}

/* One row, or the head: the plain values of a source's JSON. */
static void grid_source(struct grid *g, json_t *source, bool head, bool human)
{
	const char *key;
	json_t *value;
	char text[32];

	json_object_foreach(source, key, value) {
		if (json_is_array(value) || json_is_object(value))
			continue;
		if (head)
			grid_head(g, key, true);
		else if (json_is_integer(value))
			grid_add(g, str_of(source_number(key, (uint64_t)json_integer_value(value),
							 human, text, sizeof text)));
		else
			grid_add(g, json_is_string(value) ? str_of(json_string_value(value))
							  : str_of("-"));
	}
}

/* Below the table, too: which values were none. */
static void add_unreadable(const struct monitor *m, struct buf *out)
{
	uint64_t all = 0, shown = 0;

	for (size_t i = 0; i < monitor_sources(m); i++) {
		const struct malformed *bad;
		struct source_info s;
		monitor_source(m, i, &s);
		all += s.unreadable->all;
		for (size_t k = 0; shown < MALFORMED_SHOWN && (bad = monitor_unreadable(m, i, k));
		     k++, shown++) {
			buf_puts(out, shown ? "" : "\nunreadable values:\n");
			export_printable(out, str_of(s.name));
			buf_printf(out, ":%" PRIu64 ": %s: %s: ", bad->line, field_name(bad->field),
				   bad->reason);
			export_printable(out, bad->text);
			buf_putc(out, '\n');
		}
	}
	if (all > shown)
		buf_printf(out, "and %" PRIu64 " more: the last of each source are shown\n",
			   all - shown);
}

/* Below the table: what was wrong where. */
static void add_malformed(const struct monitor *m, struct buf *out)
{
	uint64_t all = 0, shown = 0;

	for (size_t i = 0; i < monitor_sources(m); i++) {
		const struct malformed *bad;
		struct source_info s;
		monitor_source(m, i, &s);
		all += s.counts.malformed;
		for (size_t k = 0; shown < MALFORMED_SHOWN && (bad = monitor_malformed(m, i, k));
		     k++, shown++) {
			buf_puts(out, shown ? "" : "\nmalformed lines:\n");
			export_printable(out, str_of(s.name));
			buf_printf(out, ":%" PRIu64 ": %s: ", bad->line, bad->reason);
			export_printable(out, bad->text);
			buf_putc(out, '\n');
		}
	}
	if (all > shown)
		buf_printf(out, "and %" PRIu64 " more: the last of each source are shown\n",
			   all - shown);
}

static void sources_grid(enum output o, const struct monitor *m, size_t n,
			 const struct export_context *c, struct buf *out)
{
	struct grid g = { 0 };

	for (size_t i = 0; i < n; i++) {
		json_t *source = json_source(m, monitor_source_at(m, i), c);
		if (i == 0)
			grid_source(&g, source, true, false);
		grid_source(&g, source, false, o == OUTPUT_TABLE);
		json_decref(source);
	}
	if (o == OUTPUT_CSV) {
		grid_csv(&g, out);
	} else {
		grid_widen(&g);
		grid_table(&g, out);
		add_malformed(m, out);
		add_unreadable(m, out);
	}
	grid_release(&g);
}

bool export_sources(enum output o, const struct monitor *m, uint64_t limit,
		    const struct export_context *context, struct buf *out)
{
	size_t all = monitor_sources(m), n = limit && limit < all ? (size_t)limit : all;
	struct result none = { .query = query_all(),
			       .compare = { .mark = INT64_MIN },
			       .window = { INT64_MIN, INT64_MAX, false },
			       .time_min = INT64_MAX,
			       .time_max = INT64_MIN };
	struct export_context own = *context;
	const struct export_context *c = &own;
	json_t *rows;

	own.uses = (struct field_set){ 0 };
	if (o == OUTPUT_TABLE || o == OUTPUT_CSV) {
		sources_grid(o, m, n, c, out);
		return doubts_complete(&none, c);
	}
	rows = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *source = json_source(m, monitor_source_at(m, i), c);
		if (o == OUTPUT_JSON) {
			json_array_append_new(rows, source);
			continue;
		}
		json_add(out, source);
		buf_putc(out, '\n');
	}
	if (o == OUTPUT_JSON) {
		json_add(out, json_report(&none, json_incref(rows), c));
		buf_putc(out, '\n');
	}
	json_decref(rows);
	return doubts_complete(&none, c);
}
