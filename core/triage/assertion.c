/* assertion.c - see assertion_judge() in assertion.h. */
#include "triage/assertion.h"

#include <inttypes.h>
#include <stdlib.h>

#include "store/field_counts.h"

const char *assertion_result_name(enum assertion_result r)
{
	static const char *const names[] = { "ok", "FAIL", "UNPROVEN" };

	return names[r];
}

void assertion_answer_release(struct assertion_answer *a)
{
	buf_release(&a->value);
	buf_release(&a->evidence);
}

/* What a judge works on. */
struct asserting {
	const struct assertion *a;
	const struct assertion_world *w;
	const struct trust *trust;
	struct trust_sums sums; /* of the interfaces that it speaks of */
	struct assertion_answer *out;
};

static bool holds(const struct assertion *a, int64_t value)
{
	switch (a->sign) {
	case SIGN_LEAST:
		return value >= a->limit;
	case SIGN_MOST:
		return value <= a->limit;
	case SIGN_MORE:
		return value > a->limit;
	case SIGN_LESS:
		return value < a->limit;
	default:
		return value == a->limit;
	}
}

static void add_percent(struct buf *out, int hundredths)
{
	if (hundredths % 10)
		buf_printf(out, "%d.%02d%%", hundredths / 100, hundredths % 100);
	else
		buf_printf(out, "%d.%d%%", hundredths / 100, hundredths / 10 % 10);
}

static void unproven(struct asserting *j, const char *why)
{
	j->out->result = ASSERTION_UNPROVEN;
	buf_printf(&j->out->evidence, "%s%s", j->out->evidence.n ? "; " : "", why);
}

/* ---- what it takes to say that there is nothing ---- */

/* That there is nothing, or nothing more, is proven by minutes alone of which all is there. */
static void prove(struct asserting *j)
{
	struct buf text = { 0 };

	if (j->out->result == ASSERTION_UNPROVEN)
		return;
	if (!j->w->whole)
		unproven(j, "not all that was given was read");
	if (j->trust->dropped)
		unproven(j, "records of interfaces too many were not kept");
	if (j->out->provable < 0)
		unproven(j, "no minute is complete so far");
	else if (j->out->provable < j->w->provable) {
		add_percent(&text, j->out->provable);
		buf_puts(&text, " of minutes provable, ");
		add_percent(&text, j->w->provable);
		buf_puts(&text, " wanted");
		unproven(j, text.s);
	}
	buf_release(&text);
}

/* Whether a filter names a field; it may look into others of its own accord. */
static bool names_field(const char *reads, const char *name)
{
	size_t n = strlen(name);

	for (const char *at = strstr(reads, name); at; at = strstr(at + 1, name))
		if ((at == reads || !strchr("abcdefghijklmnopqrstuvwxyz-", at[-1])) &&
		    (!at[n] || !strchr("abcdefghijklmnopqrstuvwxyz-", at[n])))
			return true;
	return false;
}

/* Columns that the filter asks for and not every record has; values that can't be read. */
static void prove_columns(struct asserting *j)
{
	struct field_set wants = { 0 };
	struct buf text = { 0 };

	if (!filter_wants(j->a->filter, &wants))
		return;
	for (int i = 0; i < FIELDS_PUBLISHED; i++)
		if (wants.has[i] && !j->w->facts->has.has[i] &&
		    names_field(filter_reads(j->a->filter), field_name(i)))
			buf_printf(&text, "%s%s", text.n ? ", " : "the records have no ",
				   field_name(i));
	if (text.n)
		unproven(j, text.s);
	if (j->w->unreadable && field_counts_within(j->w->unreadable, &wants))
		unproven(j, "values of what is asked for can't be read");
	buf_release(&text);
}

/* ---- minutes ---- */

static void add_worst(struct asserting *j, enum trust_mark mark)
{
	struct buf *out = &j->out->evidence;
	unsigned said = 0;

	for (size_t i = 0; i < j->trust->n && said < 3; i++) {
		const struct trust_row *r = &j->trust->row[i];
		if (!trust_matches(j->trust, r, str_of(j->a->of)) || !r->minutes[mark])
			continue;
		buf_printf(out, "%s%s %" PRIu64, said++ ? ", " : "",
			   trust_place(j->trust, r)->interface, r->minutes[mark]);
	}
}

static void judge_minutes(struct asserting *j)
{
	enum trust_mark mark = j->a->kind == ASSERT_LOST ? TRUST_LOST : TRUST_MISSING;
	uint64_t n = j->sums.minutes[mark];
	bool good = holds(j->a, (int64_t)n);

	buf_printf(&j->out->value, "%" PRIu64, n);
	if (n)
		add_worst(j, mark);
	else
		buf_printf(&j->out->evidence, "no minute of %" PRIu64 " interfaces",
			   j->sums.interfaces);
	j->out->result = good ? ASSERTION_OK : ASSERTION_FAIL;
	if (j->sums.interfaces == 0)
		unproven(j, "no such interface is known");
	else if (good)
		prove(j);
	else if (mark == TRUST_MISSING && !j->w->whole)
		unproven(j, "not all that was given was read");
}

static void judge_logged(struct asserting *j)
{
	int logged = trust_logged(&j->sums);
	struct buf *out = &j->out->evidence;

	if (logged < 0) {
		buf_puts(&j->out->value, "-");
		unproven(j, j->sums.interfaces ? "no minute of them is known"
					       : "no such interface is known");
		return;
	}
	add_percent(&j->out->value, logged);
	buf_printf(out, "%" PRIu64 " lost, %" PRIu64 " missing of %" PRIu64 " minutes",
		   j->sums.minutes[TRUST_LOST], j->sums.minutes[TRUST_MISSING],
		   j->sums.minutes[TRUST_LOST] + j->sums.minutes[TRUST_MISSING] +
			   j->sums.minutes[TRUST_RECORDS] + j->sums.minutes[TRUST_NODATA]);
	for (size_t i = 0; i < j->trust->n; i++)
		if (trust_matches(j->trust, &j->trust->row[i], str_of(j->a->of))) {
			buf_printf(out, ", the worst %s ",
				   trust_place(j->trust, &j->trust->row[i])->interface);
			add_percent(out, trust_row_logged(&j->trust->row[i]));
			break;
		}
	j->out->result = holds(j->a, logged) ? ASSERTION_OK : ASSERTION_FAIL;
	if (!j->w->whole)
		unproven(j, "not all that was given was read");
}

static void judge_expected(struct asserting *j)
{
	const struct trust_sums *s = &j->sums;
	unsigned said = 0;

	buf_printf(&j->out->value, "%" PRIu64 " of %" PRIu64, s->expected - s->never, s->expected);
	for (size_t i = 0; i < j->trust->n && said < 3; i++) {
		if (!j->trust->row[i].never)
			continue;
		buf_printf(&j->out->evidence, "%s%s", said++ ? ", " : "in no record: ",
			   trust_place(j->trust, &j->trust->row[i])->interface);
	}
	j->out->result = s->never ? ASSERTION_FAIL : ASSERTION_OK;
	if (s->expected == 0)
		unproven(j, "no inventory: --names with the JSON of describe-network-interfaces");
	else if (s->never && !j->w->whole)
		unproven(j, "not all that was given was read");
	else if (!s->never)
		buf_puts(&j->out->evidence, "each has records");
}

/* ---- the whole log ---- */

static void judge_delay(struct asserting *j)
{
	const struct trust_facts *f = j->w->facts;
	char slowest[24], median[24];

	if (f->delay_median < 0) {
		buf_puts(&j->out->value, "-");
		unproven(j, "no record has a time");
		return;
	}
	buf_puts(&j->out->value, human_duration(slowest, sizeof slowest, f->delay_slowest));
	buf_printf(&j->out->evidence, "the slowest, median %s, behind %s",
		   human_duration(median, sizeof median, f->delay_median),
		   f->delay_live ? "the clock" : "the newest end of its source");
	j->out->result = holds(j->a, f->delay_slowest) ? ASSERTION_OK : ASSERTION_FAIL;
	if (j->out->result == ASSERTION_OK && !j->w->whole)
		unproven(j, "not all that was given was read");
}

static void judge_type(struct asserting *j)
{
	enum trust_type t = j->trust->type;

	buf_puts(&j->out->value, trust_type_name(t));
	buf_puts(&j->out->evidence, t == TRUST_TYPE_ALL       ? "ACCEPT and REJECT both occur"
				    : t == TRUST_TYPE_UNKNOWN ? "no record has an action"
							      : "the other action is in no record");
	j->out->result = (int64_t)t == j->a->limit ? ASSERTION_OK : ASSERTION_FAIL;
	if (t == TRUST_TYPE_UNKNOWN || (t != TRUST_TYPE_ALL && !j->w->whole))
		unproven(j, "so it is not known");
}

static void judge_findings(struct asserting *j)
{
	struct str rest = str_of(j->a->of);
	int64_t sum = 0;

	while (rest.n && sum >= 0) {
		const char *comma = memchr(rest.s, ',', rest.n);
		size_t n = comma ? (size_t)(comma - rest.s) : rest.n;
		int64_t some =
			!j->w->findings
				? -1
				: j->w->findings(j->w->ctx, str_trim((struct str){ rest.s, n }));
		sum = some < 0 ? -1 : sum + some;
		rest = (struct str){ rest.s + n + (comma != NULL), rest.n - n - (comma != NULL) };
	}
	if (sum < 0) {
		buf_puts(&j->out->value, "-");
		unproven(j, j->w->findings ? "not all of them could be judged"
					   : "findings are not judged here");
		return;
	}
	buf_printf(&j->out->value, "%" PRId64, sum);
	buf_printf(&j->out->evidence, "%s", sum ? "see --view findings" : "none fired");
	j->out->result = holds(j->a, sum) ? ASSERTION_OK : ASSERTION_FAIL;
	if (sum == 0)
		prove(j);
}

/* ---- records ---- */

static void add_match(struct asserting *j)
{
	char time[32];

	if (!j->a->first.n)
		return;
	buf_printf(&j->out->evidence, "%sthe first %s%s", j->out->evidence.n ? ", " : "",
		   j->a->first_s == INT64_MIN ? "" : rfc3339(time, sizeof time, j->a->first_s),
		   j->a->first_s == INT64_MIN ? "" : ": ");
	buf_add_str(&j->out->evidence, buf_str(&j->a->first));
}

static void judge_none(struct asserting *j)
{
	bool some = j->a->kind == ASSERT_SOME;

	buf_printf(&j->out->value, "%" PRIu64, j->a->matches);
	add_match(j);
	if (j->a->matches) {
		j->out->result = some ? ASSERTION_OK : ASSERTION_FAIL;
		return;
	}
	buf_puts(&j->out->evidence, "no record matches");
	j->out->result = some ? ASSERTION_FAIL : ASSERTION_OK;
	if (j->a->undecided)
		unproven(j, "of some records a regex can't tell");
	prove_columns(j);
	prove(j);
}

static bool within(const uint8_t address[16], const uint8_t network[16], unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;

	return memcmp(address, network, whole) == 0 &&
	       (!rest || ((address[whole] ^ network[whole]) & 0xff00 >> rest & 0xff) == 0);
}

/* The interfaces of the server: what was accepted elsewhere only left its client. */
static struct trust_sums server_sums(const struct asserting *j)
{
	struct trust_sums s = { 0 };

	for (size_t i = 0; i < j->trust->n; i++) {
		const struct trust_row *r = &j->trust->row[i];
		const struct interface *e = trust_place(j->trust, r);
		if (r->never || !((e->has[0] && within(e->address[0], j->a->server, j->a->bits)) ||
				  (e->has[1] && within(e->address[1], j->a->server, j->a->bits))))
			continue;
		s.interfaces++;
		s.judged += r->judged;
		s.provable += r->provable;
	}
	return s;
}

/* An answer says that it was let in, and so does what is accepted behind the client. */
static void judge_only(struct asserting *j)
{
	struct trust_sums server = server_sums(j);
	uint64_t in = 0, left = 0;

	for (size_t i = 0; i < j->a->n; i++) {
		const struct accepted_ends *e = &j->a->ends[i];
		const struct interface *at =
			e->place == PLACE_NONE ? NULL : places_at(j->trust->places, e->place);
		if (!e->back && at && (place_owns(at, e->client) || place_is_transit(at)))
			left += e->records;
		else
			in += e->records;
	}
	j->out->provable = trust_provable(&server);
	buf_printf(&j->out->value, "%" PRIu64, in);
	if (in) {
		buf_puts(&j->out->evidence, "of others was accepted");
		add_match(j);
		j->out->result = ASSERTION_FAIL;
		return;
	}
	j->out->result = ASSERTION_OK;
	buf_puts(&j->out->evidence, "nobody else was accepted");
	if (left)
		buf_printf(&j->out->evidence, ", %" PRIu64 " records left others for it", left);
	if (j->a->undecided || j->a->beyond)
		unproven(j, "there were too many records of others to be looked at");
	if (server.interfaces == 0)
		unproven(j, "no interface of the server is logged");
	prove_columns(j);
	prove(j);
}

void assertion_judge(const struct assertion *a, const struct assertion_world *w,
		     struct assertion_answer *out)
{
	static void (*const judges[])(struct asserting *) = {
		[ASSERT_LOGGED] = judge_logged,     [ASSERT_EXPECTED] = judge_expected,
		[ASSERT_LOST] = judge_minutes,      [ASSERT_MISSING] = judge_minutes,
		[ASSERT_DELAY] = judge_delay,       [ASSERT_TYPE] = judge_type,
		[ASSERT_FINDINGS] = judge_findings, [ASSERT_NONE] = judge_none,
		[ASSERT_SOME] = judge_none,         [ASSERT_ONLY] = judge_only,
	};
	struct asserting j = { .a = a, .w = w, .trust = w->facts->trust, .out = out };

	*out = (struct assertion_answer){ 0 };
	trust_sum(j.trust, a->kind == ASSERT_FINDINGS ? (struct str){ "", 0 } : str_of(a->of),
		  &j.sums);
	out->provable = trust_provable(&j.sums);
	judges[a->kind](&j);
}
