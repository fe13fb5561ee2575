/* Keyed hashes: whatever family of values a log's author makes up, they fall into a table as
 * random ones do, whatever the key. The families are such as an unkeyed hash dies of. */
#include "base/hash.h"
#include "support.h"

#define N 4096u
#define KEYS 64u

typedef uint32_t make(uint32_t n); /* the hash of the n-th value of a family */

static uint32_t address_of(uint64_t high, uint64_t low)
{
	uint8_t address[16];

	memcpy(address, &high, 8);
	memcpy(address + 8, &low, 8);
	return (uint32_t)hash_address(address);
}

/* What the tables of addresses once added up: high * 31 ^ low. */
static uint32_t balanced(uint32_t n)
{
	return address_of(n, (uint64_t)n * 31 ^ 0x5eed);
}

static uint32_t counted_up(uint32_t n)
{
	return address_of(0xb80d0120, n);
}

static uint32_t counted_high(uint32_t n)
{
	return address_of((uint64_t)n << 52, 0);
}

static uint32_t equal_halves(uint32_t n)
{
	return address_of(n * 0x9e3779b97f4a7c15u, n * 0x9e3779b97f4a7c15u);
}

/* Texts of 16 bytes for which the hash without a key, whose every step can be undone, has the
 * same inner state. */
static uint32_t undone(uint32_t n)
{
	uint64_t word[2] = { n, 0 }, h = 0x9e3779b97f4a7c15u ^ 16;

	h = (h ^ word[0]) * 0xff51afd7ed558ccdu;
	word[1] = (h ^ h >> 32) ^ 42;
	return (uint32_t)hash_bytes(word, 16);
}

static uint32_t long_texts(uint32_t n)
{
	char text[200];

	memset(text, 'a', sizeof text);
	memcpy(text + 100, &n, sizeof n);
	return (uint32_t)hash_bytes(text, sizeof text);
}

static uint32_t lengths(uint32_t n)
{
	static const char zeroes[N];

	return (uint32_t)hash_bytes(zeroes, n);
}

static uint32_t numbers(uint32_t n)
{
	return hash_words(&n, 1);
}

static uint32_t strided(uint32_t n)
{
	n <<= 20;
	return hash_words(&n, 1);
}

static uint32_t pairs(uint32_t n)
{
	uint32_t word[2] = { n & 63, n >> 6 };

	return hash_words(word, 2);
}

static uint32_t high_words(uint32_t n)
{
	uint32_t word[3] = { 7, n << 18, n };

	return hash_words(word, 3);
}

static uint32_t code_pairs(uint32_t n)
{
	return (uint32_t)hash_pair((uint64_t)n << 40, n, 9);
}

/* How full the fullest of N / 4 places is, by the lowest bits of the hash or its highest. */
static unsigned fullest(make *of, bool high)
{
	static unsigned held[N / 4];
	unsigned most = 0;

	memset(held, 0, sizeof held);
	for (uint32_t n = 0; n < N; n++) {
		uint32_t h = of(n), at = high ? h >> 22 : h & (N / 4 - 1);
		held[at]++;
		most = held[at] > most ? held[at] : most;
	}
	return most;
}

/* Four fall into a place; of random values a place gets 16 or more once in some million. */
static void no_family_falls_together(void **state)
{
	static make *const family[] = { balanced, counted_up, counted_high, equal_halves,
					undone,   long_texts, lengths,      numbers,
					strided,  pairs,      high_words,   code_pairs };
	unsigned worst = 0;

	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(family); f++)
		for (uint64_t key = 1; key <= KEYS; key++) {
			hash_key_set(key);
			for (int high = 0; high < 2; high++) {
				unsigned most = fullest(family[f], high);
				if (most > 20)
					print_error("family %zu, key %u, %s: %u in a place\n", f,
						    (unsigned)key, high ? "high" : "low", most);
				worst = most > worst ? most : worst;
			}
		}
	assert_in_range(worst, 4, 20);
}

static void the_key_decides(void **state)
{
	uint32_t one, other;
	uint64_t stable;

	(void)state;
	hash_key_set(1);
	one = balanced(1);
	stable = hash_stable("eni-0123456789abcdef0", 21);
	hash_key_set(2);
	other = balanced(1);
	assert_int_not_equal(one, other);
	assert_true(stable == hash_stable("eni-0123456789abcdef0", 21));
	hash_key_random();
	one = balanced(1);
	hash_key_random();
	assert_int_not_equal(one, balanced(1));
	hash_key_set(2);
	assert_int_equal(other, balanced(1));
}

/* What stands in files of --state that others wrote. */
static void what_is_kept_stays(void **state)
{
	(void)state;
	assert_true(hash_stable("", 0) == UINT64_C(0x9618fb2d152777d1));
	assert_true(hash_stable("2 123456789010", 14) == UINT64_C(0x5f9dff636696323b));
	assert_true(hash_u64(1) == UINT64_C(0xca009717f87d8879));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_family_falls_together),
		cmocka_unit_test(the_key_decides),
		cmocka_unit_test(what_is_kept_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
