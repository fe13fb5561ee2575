/* asserts.c - see asserts.h. */
#include "cli/asserts.h"

#include <stdlib.h>

#include "base/terminal.h"
#include "cli/input_hash.h"
#include "output/export_assert.h"

struct asserts {
	const struct options *o;
	struct monitor *monitor;
	struct trusts *trusts;
	struct assertion *assertion[OPTION_ASSERTS_MAX];
	struct input_hashes *hashes; /* NULL: the output has no place for them */
	struct assertion_world world;
	int64_t judged_s; /* how far all was there then */
	int status;
};

static size_t resolve(void *ctx, struct str name, uint8_t out[16])
{
	return labels_find_name(ctx, name, out);
}

struct asserts *asserts_new(const struct options *o, struct monitor *m, struct trusts *trusts)
{
	struct asserts *v = xcalloc(1, sizeof *v);
	struct assertion_error e;

	v->o = o;
	v->monitor = m;
	v->trusts = trusts;
	v->judged_s = INT64_MIN;
	for (unsigned i = 0; i < o->asserts; i++) {
		v->assertion[i] = assertion_new(str_of(o->assertion[i]), options_now(o), resolve,
						monitor_labels(m), &e);
		if (v->assertion[i])
			continue;
		complain("--assert: %s", e.message);
		complain("  %s", o->assertion[i]);
		complain("  %*s^", (int)(e.column < 200 ? e.column : 200), "");
		asserts_free(v);
		return NULL;
	}
	if (o->output == OUTPUT_JSON || o->output == OUTPUT_NDJSON)
		v->hashes = input_hashes_new();
	return v;
}

void asserts_free(struct asserts *v)
{
	if (!v)
		return;
	for (unsigned i = 0; i < v->o->asserts; i++)
		assertion_free(v->assertion[i]);
	input_hashes_free(v->hashes);
	free(v);
}

void asserts_set_findings(struct asserts *v, int64_t (*count)(void *ctx, struct str name),
			  void *ctx)
{
	v->world.findings = count;
	v->world.ctx = ctx;
}

void asserts_add(struct asserts *v, const struct segment *s, struct span span)
{
	const struct dict *d = monitor_dict(v->monitor);

	for (unsigned i = 0; i < v->o->asserts; i++)
		assertion_add(v->assertion[i], trusts_places(v->trusts), s, d, span);
	if (v->hashes)
		input_hashes_add(v->hashes, s, d);
}

/* ---- the end ---- */

struct hashed_inputs {
	struct asserted_input input[ASSERT_INPUTS];
	char sha256[ASSERT_INPUTS][INPUT_HASH_TEXT];
};

static void list_inputs(const struct asserts *v, struct hashed_inputs *h, struct asserted *a)
{
	size_t n = monitor_sources(v->monitor);

	a->inputs = n < ASSERT_INPUTS ? n : ASSERT_INPUTS;
	a->inputs_left_out = n - a->inputs;
	a->input = h->input;
	for (size_t i = 0; i < a->inputs; i++) {
		struct source_info s;
		monitor_source(v->monitor, i, &s);
		h->input[i].records = input_hash_of(v->hashes, s.id, h->sha256[i]);
		h->input[i].name = s.name;
		h->input[i].sha256 = h->sha256[i];
	}
}

static void write_all(struct asserts *v, const struct trust_facts *f,
		      const struct assertion_answer *answer, bool complete, struct buf *out)
{
	struct asserted a = { .assertion = (const struct assertion *const *)v->assertion,
			      .answer = answer,
			      .n = v->o->asserts,
			      .trust = f->trust,
			      .complete = complete };
	struct hashed_inputs *h = v->hashes ? xcalloc(1, sizeof *h) : NULL;

	if (h)
		list_inputs(v, h, &a);
	export_assert(v->o->output, &a, out);
	free(h);
}

void asserts_judge(struct asserts *v, struct span span, bool complete, struct buf *out)
{
	struct assertion_answer answer[OPTION_ASSERTS_MAX];
	const struct trust_facts *f;
	struct input_counts counts;
	bool failed = false, open = false;

	trusts_settle(v->trusts);
	f = trusts_facts(v->trusts, span);
	monitor_counts(v->monitor, &counts);
	/* A line that does not read may be a record of anything. */
	v->world.whole = complete && counts.malformed == 0;
	v->world.facts = f;
	v->world.unreadable = counts.unreadable;
	v->world.provable = (int)v->o->provable;
	for (unsigned i = 0; i < v->o->asserts; i++) {
		assertion_judge(v->assertion[i], &v->world, &answer[i]);
		failed |= answer[i].result == ASSERTION_FAIL;
		open |= answer[i].result == ASSERTION_UNPROVEN;
	}
	v->status = failed ? 3 : open ? 4 : 0;
	v->judged_s = f->trust->complete_s;
	write_all(v, f, answer, complete, out);
	for (unsigned i = 0; i < v->o->asserts; i++)
		assertion_answer_release(&answer[i]);
}

static int64_t complete_s(const struct asserts *v)
{
	struct place_logs logs = places_logs(trusts_places(v->trusts), PLACE_NONE);

	return logs.first > logs.newest ? INT64_MIN : logs.newest - logs.interval;
}

bool asserts_judge_minute(struct asserts *v, struct span span, bool complete, struct buf *out)
{
	int64_t now = complete_s(v);

	if (now == INT64_MIN ||
	    (v->judged_s != INT64_MIN && (now + 1) / 60 <= (v->judged_s + 1) / 60))
		return false;
	asserts_judge(v, span, complete, out);
	return true;
}

int asserts_status(const struct asserts *v)
{
	return v->status;
}
