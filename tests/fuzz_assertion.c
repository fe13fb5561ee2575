/* Any text as an assertion: an error with a place in it, or one that reads again as the same, and of
 * which a small log says something. */
#include <string.h>

#include "fuzz.h"
#include "support.h"
#include "triage/assertion.h"

#define NOW 1700000000

static const char records[] =
	"2 1 eni-a 10.0.0.5 10.0.1.9 49152 443 6 10 8400 1700000000 1700000060 ACCEPT OK\n"
	"2 1 eni-b 203.0.113.7 10.0.0.5 51000 22 6 1 180 1700000100 1700000160 REJECT OK\n"
	"2 1 eni-b - - - - - - - 1700000200 1700000260 - SKIPDATA\n"
	"2 1 eni-a - - - - - - - 1700000400 1700000460 - NODATA\n";

static struct ring *ring;
static struct places *places;
static struct trust trust;
static struct trust_facts facts;

static void once(void)
{
	const struct span always = { INT64_MIN, INT64_MAX, false };
	struct segment *s;

	if (ring)
		return;
	ring = ring_new(dict_new(), 1 << 30);
	ring_set_ceiling(ring, INT64_MAX);
	ring_add_text(ring, format_default(), str_of(records), NULL, NULL);
	s = ring_at(ring, 0);
	places = places_new();
	places_add(places, s, ring_dict(ring), 0, s->rows, 0);
	places_settle(places, NULL);
	trust_make(places, always, &trust);
	facts = (struct trust_facts){ .trust = &trust };
	trust_facts_format(&facts, s->format);
}

static size_t resolve(void *ctx, struct str name, uint8_t out[16])
{
	(void)ctx;
	memset(out, 0, 16);
	return name.n == 3 ? 1 : name.n == 4 ? 2 : 0;
}

static void judge(struct assertion *a)
{
	const struct span always = { INT64_MIN, INT64_MAX, false };
	const struct assertion_world w = { .facts = &facts, .whole = true, .provable = 9900 };
	struct assertion_answer answer;

	assertion_add(a, places, ring_at(ring, 0), ring_dict(ring), always);
	assertion_judge(a, &w, &answer);
	FUZZ_CHECK(*assertion_result_name(answer.result));
	FUZZ_CHECK(answer.value.n && answer.evidence.n);
	FUZZ_CHECK(answer.provable >= -1 && answer.provable <= 10000);
	FUZZ_CHECK(a->kind != ASSERT_NONE || (answer.result == ASSERTION_FAIL) == (a->matches > 0));
	assertion_answer_release(&answer);
}

void fuzz_assertion(struct str in)
{
	struct assertion_error e;
	struct assertion *a, *again;

	once();
	a = assertion_new(in, NOW, resolve, NULL, &e);
	if (!a) {
		FUZZ_CHECK(e.column <= in.n && *e.message);
		return;
	}
	again = assertion_new(str_of(a->text), NOW, resolve, NULL, &e);
	if (strlen(a->text) == str_trim(in).n) { /* or it has a NUL */
		FUZZ_CHECK(again && again->kind == a->kind && again->sign == a->sign);
		FUZZ_CHECK(again->limit == a->limit && strcmp(again->of, a->of) == 0);
	}
	judge(a);
	assertion_free(a);
	assertion_free(again);
}
