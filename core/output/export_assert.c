/* export_assert.c - see export_assert.h. */
#include "output/export_assert.h"

#include "output/export_grid.h"
#include "output/export_json.h"
#include "output/export_trust.h"

static void write_lines(const struct asserted *a, struct buf *out)
{
	for (size_t i = 0; i < a->n; i++) {
		const struct assertion_answer *r = &a->answer[i];
		buf_printf(out, "%s ", assertion_result_name(r->result));
		export_printable(out, str_of(a->assertion[i]->text));
		buf_putc(out, ' ');
		export_printable(out, buf_str(&r->value));
		buf_puts(out, " (");
		export_printable(out, buf_str(&r->evidence));
		buf_puts(out, ")\n");
	}
}

static void write_csv(const struct asserted *a, struct buf *out)
{
	static const char *const head[] = { "assertion", "result", "value", "evidence",
					    "provable" };
	struct grid g = { 0 };
	char provable[16];

	for (size_t i = 0; i < ARRAY_SIZE(head); i++)
		grid_head(&g, head[i], true);
	for (size_t i = 0; i < a->n; i++) {
		const struct assertion_answer *r = &a->answer[i];
		grid_add(&g, str_of(a->assertion[i]->text));
		grid_add(&g, str_of(assertion_result_name(r->result)));
		grid_add(&g, buf_str(&r->value));
		grid_add(&g, buf_str(&r->evidence));
		grid_add(&g, str_of(trust_percent(provable, sizeof provable, r->provable)));
	}
	grid_csv(&g, out);
	grid_release(&g);
}

static json_t *json_answer(const struct asserted *a, size_t i)
{
	const struct assertion_answer *r = &a->answer[i];
	json_t *o = json_object();

	json_object_set_new(o, "assertion", json_text(str_of(a->assertion[i]->text)));
	json_object_set_new(o, "result", json_string(assertion_result_name(r->result)));
	json_object_set_new(o, "value", json_text(buf_str(&r->value)));
	json_object_set_new(o, "evidence", json_text(buf_str(&r->evidence)));
	json_object_set_new(o, "provable",
			    r->provable < 0 ? json_null() : json_real(r->provable / 100.0));
	return o;
}

static json_t *json_inputs(const struct asserted *a)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->inputs; i++) {
		const struct asserted_input *x = &a->input[i];
		json_t *o = json_object();
		json_object_set_new(o, "input", json_text(str_of(x->name)));
		json_object_set_new(o, "records", json_number(x->records));
		json_object_set_new(o, "sha256", *x->sha256 ? json_string(x->sha256) : json_null());
		json_array_append_new(list, o);
	}
	return list;
}

/* What it is evidence of: when, and of which lines. */
static void set_around(json_t *o, const struct asserted *a)
{
	const struct trust_minutes *m = &a->trust->span;
	bool some = m->from <= m->to;
	json_t *window = json_object();

	json_object_set_new(window, "from", some ? json_time(m->from * 60) : json_null());
	json_object_set_new(window, "to", some ? json_time((m->to + 1) * 60) : json_null());
	json_object_set_new(o, "window", window);
	json_object_set_new(o, "complete_until", json_time(a->trust->complete_s));
	json_object_set_new(o, "inputs", json_inputs(a));
	json_object_set_new(o, "inputs_left_out", json_number(a->inputs_left_out));
	json_object_set_new(o, "complete", json_boolean(a->complete));
}

void export_assert(enum output o, const struct asserted *a, struct buf *out)
{
	json_t *report, *list;

	if (o == OUTPUT_TABLE) {
		write_lines(a, out);
		return;
	}
	if (o == OUTPUT_CSV) {
		write_csv(a, out);
		return;
	}
	list = json_array();
	for (size_t i = 0; i < a->n; i++) {
		json_t *one = json_answer(a, i);
		if (o == OUTPUT_JSON) {
			json_array_append_new(list, one);
			continue;
		}
		set_around(one, a);
		json_add(out, one);
		buf_putc(out, '\n');
	}
	if (o != OUTPUT_JSON) {
		json_decref(list);
		return;
	}
	report = json_object();
	json_object_set_new(report, "schema", json_integer(1));
	json_object_set_new(report, "view", json_string("assert"));
	json_object_set_new(report, "assertions", list);
	set_around(report, a);
	json_add(out, report);
	buf_putc(out, '\n');
}
