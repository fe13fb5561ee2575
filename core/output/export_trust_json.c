/* export_trust_json.c - see export_trust.h. */
#include "output/export_trust.h"

#include <inttypes.h>

#define STRETCHES 100u /* of a row that are listed */

char *trust_percent(char *out, size_t size, int hundredths)
{
	if (hundredths < 0)
		snprintf(out, size, "-");
	else
		snprintf(out, size, "%d.%d%%", hundredths / 100, hundredths / 10 % 10);
	return out;
}

void trust_own(const struct trust_facts *f, const struct trust_row *r, char out[46])
{
	const struct interface *e = trust_place(f->trust, r);

	out[0] = '\0';
	for (int i = 0; i < 2 && !out[0]; i++)
		if (e->has[i])
			out[address_format(e->address[i], out)] = '\0';
}

static json_t *json_share(int hundredths)
{
	return hundredths < 0 ? json_null() : json_real(hundredths / 100.0);
}

static void set_minutes(json_t *o, const uint64_t minutes[TRUST_MARKS])
{
	for (int m = 0; m < TRUST_MARKS; m++)
		json_object_set_new(o, trust_mark_name((enum trust_mark)m),
				    json_number(minutes[m]));
}

/* The stretches that are lost or missing: [{"state","from","to"}], `to` not inside. */
static json_t *json_stretches(const struct trust_facts *f, const struct trust_row *r,
			      uint64_t *left_out)
{
	json_t *list = json_array();
	struct trust_walk w;
	struct trust_run run;

	*left_out = 0;
	trust_walk_begin(&w, f->trust, r);
	while (trust_walk_next(&w, &run)) {
		json_t *o;
		if (run.mark != TRUST_LOST && run.mark != TRUST_MISSING)
			continue;
		if (json_array_size(list) == STRETCHES) {
			++*left_out;
			continue;
		}
		o = json_object();
		json_object_set_new(o, "state", json_string(trust_mark_name(run.mark)));
		json_object_set_new(o, "from", json_time(run.from * 60));
		json_object_set_new(o, "to", json_time((run.to + 1) * 60));
		json_array_append_new(list, o);
	}
	return list;
}

/* Who else has its address in records of the time that is missing; null where nothing is, or nobody
 * looked. */
static json_t *json_witness(const struct trust_facts *f, const struct trust_row *r)
{
	const struct witness *w = witnesses_of(f->witnesses, r->place);
	json_t *o, *list;

	if (!w || !r->minutes[TRUST_MISSING])
		return json_null();
	o = json_object();
	list = json_array();
	for (unsigned i = 0; i < w->n; i++)
		json_array_append_new(
			list, json_text(str_of(places_at(f->trust->places, w->by[i])->interface)));
	json_object_set_new(o, "interfaces", list);
	json_object_set_new(o, "more", json_boolean(w->more));
	json_object_set_new(o, "records", json_number(w->records));
	return o;
}

json_t *json_trust_row(const struct trust_facts *f, const struct trust_row *r)
{
	const struct interface *e = trust_place(f->trust, r);
	struct str name = trust_name(f, r);
	char own[46], strip[TRUST_STRIP + 1];
	json_t *o = json_object();
	uint64_t left_out;

	trust_own(f, r, own);
	trust_strip(f->trust, r, strip, TRUST_STRIP);
	json_object_set_new(o, "interface", json_text(str_of(e->interface)));
	json_object_set_new(o, "name", name.n ? json_text(name) : json_null());
	json_object_set_new(o, "own", own[0] ? json_string(own) : json_null());
	json_object_set_new(o, "type", json_string(r->never ? "never" : trust_type_name(r->type)));
	json_object_set_new(o, "expected", json_boolean(e->listed));
	json_object_set_new(o, "logged", json_share(trust_row_logged(r)));
	set_minutes(o, r->minutes);
	json_object_set_new(o, "judged", json_number(r->judged));
	json_object_set_new(o, "provable", json_number(r->provable));
	json_object_set_new(o, "strip", json_string(strip));
	json_object_set_new(o, "seen_by", json_witness(f, r));
	json_object_set_new(o, "doubts", json_stretches(f, r, &left_out));
	json_object_set_new(o, "doubts_left_out", json_number(left_out));
	return o;
}

static json_t *json_interfaces(const struct trust_facts *f)
{
	const struct trust_sums *s = &f->trust->all;
	json_t *o = json_object();

	json_object_set_new(o, "known", json_number(s->interfaces));
	json_object_set_new(o, "expected", s->expected ? json_number(s->expected) : json_null());
	json_object_set_new(o, "logged", json_number(s->seen));
	json_object_set_new(o, "never", json_number(s->never));
	json_object_set_new(o, "with_lost", json_number(s->with_lost));
	json_object_set_new(o, "with_missing", json_number(s->with_missing));
	return o;
}

static json_t *json_format(const struct trust_facts *f)
{
	json_t *o = json_object(), *list = json_array();
	const struct trust_question *q;
	struct buf text = { 0 };
	size_t n;

	q = trust_questions(&n);
	for (size_t i = 0; i < n; i++) {
		json_t *one = json_object();
		json_object_set_new(one, "question", json_string(q[i].question));
		json_object_set_new(one, "columns", json_string(q[i].columns));
		json_object_set_new(one, "answers", json_boolean(trust_answers(f, &q[i])));
		json_array_append_new(list, one);
	}
	json_object_set_new(o, "questions", list);
	trust_add_columns(f, &text);
	json_object_set_new(o, "add", json_text(buf_str(&text)));
	buf_clear(&text);
	trust_add_log_format(f, &text);
	json_object_set_new(o, "log_format", json_text(buf_str(&text)));
	buf_release(&text);
	list = json_array();
	for (size_t i = 0; trust_never(i); i++)
		json_array_append_new(list, json_string(trust_never(i)));
	json_object_set_new(o, "never_logged", list);
	return o;
}

static json_t *json_delay(const struct trust_facts *f)
{
	json_t *o = json_object();

	json_object_set_new(o, "behind",
			    json_string(f->delay_live ? "clock" : "newest end of the source"));
	json_object_set_new(o, "median",
			    f->delay_median < 0 ? json_null() : json_integer(f->delay_median));
	json_object_set_new(o, "slowest",
			    f->delay_median < 0 ? json_null() : json_integer(f->delay_slowest));
	return o;
}

json_t *json_trust(const struct trust_facts *f)
{
	const struct trust *t = f->trust;
	bool some = t->span.from <= t->span.to;
	json_t *o = json_object();

	json_object_set_new(o, "from", some ? json_time(t->span.from * 60) : json_null());
	json_object_set_new(o, "to", some ? json_time((t->span.to + 1) * 60) : json_null());
	json_object_set_new(o, "complete_until", json_time(t->complete_s));
	json_object_set_new(o, "type", json_string(trust_type_name(t->type)));
	json_object_set_new(o, "interfaces", json_interfaces(f));
	json_object_set_new(o, "logged", json_share(trust_logged(&t->all)));
	json_object_set_new(o, "provable", json_share(trust_provable(&t->all)));
	set_minutes(o, t->all.minutes);
	json_object_set_new(o, "judged", json_number(t->all.judged));
	json_object_set_new(o, "duplicates",
			    f->doubles_counted ? json_number(f->doubles) : json_null());
	json_object_set_new(o, "duplicates_estimated", json_boolean(f->doubles_about));
	json_object_set_new(o, "second_sightings",
			    f->seconds_counted ? json_number(f->seconds) : json_null());
	json_object_set_new(o, "second_undecided",
			    f->seconds_counted ? json_number(f->seconds_undecided) : json_null());
	json_object_set_new(o, "delay", json_delay(f));
	json_object_set_new(o, "dropped", json_number(t->dropped));
	json_object_set_new(o, "format", json_format(f));
	return o;
}
