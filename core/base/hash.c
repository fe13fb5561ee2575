/* hash.c - see hash.h. */
#include "base/hash.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define KEY_0 0xa0761d6478bd642fu
#define KEY_1 0xe7037ed1a0b428dbu
#define KEY_2 0x8ebc6af09c88c6e3u
#define KEY_3 0x589965cc75374cc3u

uint64_t hash_key[4] = { KEY_0, KEY_1, KEY_2, KEY_3 };

void hash_key_set(uint64_t seed)
{
	for (int i = 0; i < 4; i++) {
		seed += 0x9e3779b97f4a7c15u;
		/* A factor of few bits would leave words as they are. */
		hash_key[i] = hash_u64(seed) | 1 | UINT64_C(1) << 63;
	}
}

void hash_key_random(void)
{
	uint64_t word[4];
	struct timespec now;

	/* It waits only while the machine starts, and then there is the clock. */
	if (getrandom(word, sizeof word, GRND_NONBLOCK) != (ssize_t)sizeof word) {
		clock_gettime(CLOCK_REALTIME, &now);
		hash_key_set(((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec) ^
			     (uint64_t)getpid() << 40 ^ (uint64_t)(uintptr_t)&now);
		return;
	}
	for (int i = 0; i < 4; i++)
		hash_key[i] = word[i] | 1 | UINT64_C(1) << 63;
}

static uint64_t load(const unsigned char *s, size_t n)
{
	uint64_t word = 0;

	memcpy(&word, s, n);
	return word;
}

/* Sixteen bytes a step; each step's factor depends on what was before. */
uint64_t hash_bytes(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint64_t h = hash_key[0] ^ n;

	for (; n >= 16; s += 16, n -= 16)
		h = hash_fold(hash_fold(h ^ load(s, 8), hash_key[1]) ^ load(s + 8, 8), hash_key[2]);
	if (n >= 8) {
		h = hash_fold(h ^ load(s, 8), hash_key[1]);
		s += 8;
		n -= 8;
	}
	if (n)
		h = hash_fold(h ^ load(s, n), hash_key[3]);
	return hash_fold(h, hash_key[2]);
}

/* Eight bytes a step, then the rest. */
uint64_t hash_stable(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint64_t h = 0x9e3779b97f4a7c15u ^ n;

	for (; n >= 8; s += 8, n -= 8) {
		h = (h ^ load(s, 8)) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	if (n)
		h = (h ^ load(s, n)) * 0xff51afd7ed558ccdu;
	return hash_u64(h);
}
