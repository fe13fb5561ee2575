/* Values to ids and back, references, and memory that comes back under churn; addresses
 * against inet_pton and inet_ntop. */
#include <arpa/inet.h>

#include "store/dict_index.h"
#include "support.h"

static void number_address(uint32_t n, uint8_t out[16])
{
	memset(out, 0, 10);
	out[10] = out[11] = 0xff;
	n = htonl(n);
	memcpy(out + 12, &n, 4);
}

static void same_value_same_id(void **state)
{
	struct dict *d = dict_new();
	uint32_t id[1000];
	uint8_t a[16];

	(void)state;
	for (uint32_t i = 0; i < 1000; i++) {
		number_address(i * 77, a);
		id[i] = dict_address_ref(d, a);
	}
	for (uint32_t i = 0; i < 1000; i++) {
		number_address(i * 77, a);
		assert_int_equal(dict_address_ref(d, a), id[i]);
		assert_memory_equal(dict_address(d, id[i]), a, 16);
	}
	uint32_t t = dict_text_ref(d, str_of("eni-1"));
	assert_int_equal(dict_text_ref(d, str_of("eni-1")), t);
	assert_true(str_equal(dict_text(d, t), str_of("eni-1")));
	assert_true(str_equal(dict_text(d, TEXT_ACCEPT), str_of("ACCEPT")));
	assert_int_equal(dict_text_ref(d, str_of("REJECT")), TEXT_REJECT);
	assert_int_equal(dict_text(d, DICT_NONE).n, 0);
	assert_null(dict_address(d, DICT_NONE));
	dict_free(d);
}

/* What is not there is not made by looking for it, and what is there gets no reference. */
static void find_takes_nothing(void **state)
{
	struct dict *d = dict_new();
	size_t count = dict_count(d), bytes = dict_bytes(d);
	struct str name = str_of("eni-1");
	uint32_t id;
	uint8_t a[16], b[16];

	(void)state;
	number_address(1, a);
	number_address(2, b);
	assert_int_equal(dict_address_find(d, a), DICT_NONE);
	assert_int_equal(dict_text_find(d, name), DICT_NONE);
	assert_int_equal(dict_text_find(d, str_of("")), DICT_NONE);
	assert_int_equal(dict_text_find(d, str_of("NODATA")), TEXT_NODATA);
	assert_true(dict_count(d) == count && dict_bytes(d) == bytes);

	id = dict_address_ref(d, a);
	assert_int_equal(dict_address_find(d, a), id);
	assert_int_equal(dict_address_find(d, b), DICT_NONE);
	dict_address_unref(d, id);
	assert_int_equal(dict_address_find(d, a), DICT_NONE);

	id = dict_text_ref(d, name);
	assert_int_equal(dict_text_find(d, name), id);
	assert_int_equal(dict_text_find(d, (struct str){ name.s, name.n - 1 }), DICT_NONE);
	dict_text_unref(d, id);
	assert_int_equal(dict_text_find(d, name), DICT_NONE);
	assert_int_equal(dict_count(d), count);
	dict_free(d);
}

/* Ten times 200 000 addresses come and go: no more is held than for one. */
static void churn_is_reclaimed(void **state)
{
	enum { N = 200000 };
	struct dict *d = dict_new();
	uint32_t *id = xcalloc(N, sizeof *id);
	size_t count = dict_count(d), peak = 0;
	uint8_t a[16];

	(void)state;
	for (uint32_t round = 0; round < 10; round++) {
		for (uint32_t i = 0; i < N; i++) {
			number_address(round * N + i, a);
			id[i] = dict_address_ref(d, a);
		}
		if (round == 0)
			peak = dict_bytes(d);
		assert_true(dict_bytes(d) <= peak + peak / 4);
		for (uint32_t i = 0; i < N; i++)
			dict_address_unref(d, id[i]);
		assert_int_equal(dict_count(d), count);
	}
	assert_true(dict_bytes(d) < peak / 4);
	free(id);
	dict_free(d);
}

/* Where many ids ask for the same few buckets, each is found where a look may end, and what
 * is removed leaves no trace. */
static void index_against_a_list(void **state)
{
	enum { N = 4000, BUCKETS = 1024 };
	struct index x = { 0 };
	uint32_t tag[N + 1] = { 0 };
	bool there[N + 1] = { false };
	uint64_t seed = 11;
	uint32_t used = 0;

	(void)state;
	index_resize(&x, BUCKETS);
	for (int round = 0; round < 200000; round++) {
		uint32_t id = 1 + (uint32_t)random_below(&seed, N);
		if (there[id]) {
			index_remove(&x, tag[id], id);
		} else {
			tag[id] = (uint32_t)random_below(&seed, round % 2 ? 8 : UINT32_MAX);
			index_add(&x, tag[id], id);
		}
		there[id] = !there[id];
		used += there[id] ? 1 : UINT32_MAX;
		assert_int_equal(x.used, used);
		if (round % 20000 == 0)
			index_resize(&x, round % 40000 ? BUCKETS : BUCKETS * 2);
		for (id = 1; id <= N && round % 1000 == 0; id++) {
			const struct bucket *b = index_bucket(&x, tag[id]);
			unsigned found = bucket_match(b->id, id);
			for (uint32_t k = 1; k < x.buckets && !found && b->passed; k++) {
				b = index_next(&x, b);
				found = bucket_match(b->id, id);
			}
			assert_int_equal(found != 0, there[id]);
			assert_true(!found || b->tag[__builtin_ctz(found)] == tag[id]);
		}
	}
	for (uint32_t id = 1; id <= N; id++)
		if (there[id])
			index_remove(&x, tag[id], id);
	assert_int_equal(x.used, 0);
	for (uint32_t i = 0; i < x.buckets; i++) {
		assert_int_equal(x.bucket[i].passed, 0);
		assert_int_equal(bucket_match(x.bucket[i].id, 0), (1 << BUCKET_IDS) - 1);
	}
	index_release(&x);
}

/* In a small table values may have passed every bucket, though most left since: a look for
 * what is not there ends all the same. */
static void little_churn(void **state)
{
	enum { N = 2400 };
	struct dict *d = dict_new();
	uint32_t id[N] = { 0 }, number[N] = { 0 };
	uint64_t seed = 12;
	uint8_t a[16];

	(void)state;
	for (uint32_t i = 0; i < 400000; i++) {
		uint32_t k = (uint32_t)random_below(&seed, N);
		if (number[k])
			dict_address_unref(d, id[k]);
		number[k] = i + 1;
		number_address(number[k], a);
		id[k] = dict_address_ref(d, a);
	}
	for (uint32_t k = 0; k < N; k++) {
		number_address(number[k], a);
		assert_memory_equal(dict_address(d, id[k]), a, 16);
	}
	dict_free(d);
}

/* At the end nothing is given back one by one. */
static void retired(void **state)
{
	struct dict *d = dict_new();
	uint32_t id[2];
	uint8_t a[16];

	(void)state;
	number_address(1, a);
	id[0] = dict_address_ref(d, a);
	id[1] = dict_text_ref(d, str_of("eni-1"));
	dict_retire(d);
	dict_address_unref(d, id[0]);
	dict_address_unref_all(d, id, 1);
	dict_text_unref(d, id[1]);
	assert_memory_equal(dict_address(d, id[0]), a, 16);
	assert_true(str_equal(dict_text(d, id[1]), str_of("eni-1")));
	dict_free(d);
}

static void kept_while_held(void **state)
{
	struct dict *d = dict_new();
	uint32_t id = dict_text_ref(d, str_of("held"));

	(void)state;
	dict_text_keep(d, id);
	dict_text_unref(d, id);
	assert_true(str_equal(dict_text(d, id), str_of("held")));
	assert_int_equal(dict_text_ref(d, str_of("held")), id);
	dict_free(d);
}

static void addresses_as_the_library(void **state)
{
	static const char *const texts[] = { "0.0.0.0",
					     "10.0.0.1",
					     "255.255.255.255",
					     "1.2.3",
					     "1.2.3.4.5",
					     "256.1.1.1",
					     "01.2.3.4",
					     "1.2.3.4 ",
					     "::",
					     "::1",
					     "2001:db8::1",
					     "2001:DB8:0:0:0:0:0:1",
					     "fe80::1:2:3:4",
					     "1:2:3:4:5:6:7:8",
					     "1:2:3:4:5:6:7:8:9",
					     "1::2::3",
					     "::ffff:10.0.0.1",
					     "12345::",
					     ":::",
					     "",
					     "2001:db8:0:1:1:1:1:1",
					     "1:0:0:2:0:0:0:3",
					     "g::1" };
	uint64_t seed = 8;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts) + 40000; i++) {
		uint8_t ours[16], theirs[16] = { 0 };
		char text[64], back[64], want[64];
		bool four, six;
		if (i < ARRAY_SIZE(texts)) {
			snprintf(text, sizeof text, "%s", texts[i]);
		} else if (i % 2) {
			/* Dotted quads, and what is nearly one. */
			static const char odd[] = "0123456789. :a-x/";
			int n = snprintf(text, sizeof text, "%u.%u.%u.%u",
					 (unsigned)random_below(&seed, 280),
					 (unsigned)random_below(&seed, 1 + 255 % (i % 300 + 1)),
					 (unsigned)random_below(&seed, 120),
					 (unsigned)random_below(&seed, 256));
			for (uint64_t k = random_below(&seed, 8); k > 4; k--)
				text[random_below(&seed, (uint64_t)n)] =
					odd[random_below(&seed, sizeof odd - 1)];
			text[random_below(&seed, 20) ? n : (int)random_below(&seed, (uint64_t)n)] =
				'\0';
		} else {
			uint8_t random[16];
			for (int k = 0; k < 16; k++)
				random[k] =
					random_below(&seed, 3) ? 0 : (uint8_t)random_next(&seed);
			random[0] |= 0x20;
			inet_ntop(AF_INET6, random, text, sizeof text);
		}
		four = inet_pton(AF_INET, text, theirs + 12) == 1;
		if (four)
			theirs[10] = theirs[11] = 0xff;
		six = !four && inet_pton(AF_INET6, text, theirs) == 1;
		assert_int_equal(address_parse(str_of(text), ours), four || six);
		if (!four && !six)
			continue;
		assert_memory_equal(ours, theirs, 16);
		back[address_format(ours, back)] = '\0';
		if (address_is_v4(ours))
			inet_ntop(AF_INET, ours + 12, want, sizeof want);
		else
			inet_ntop(AF_INET6, ours, want, sizeof want);
		assert_string_equal(back, want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_value_same_id),
		cmocka_unit_test(find_takes_nothing),
		cmocka_unit_test(churn_is_reclaimed),
		cmocka_unit_test(index_against_a_list),
		cmocka_unit_test(retired),
		cmocka_unit_test(little_churn),
		cmocka_unit_test(kept_while_held),
		cmocka_unit_test(addresses_as_the_library),
	};

	return cmocka_run_group_tests_name("dict", tests, NULL, NULL);
}
