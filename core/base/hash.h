/* hash.h - hashes. What a table takes from a log is hashed with a key that nobody outside knows,
 * so that no log can be written whose values all fall together. As wyhash has it: words are
 * multiplied with those of the key to 128 bits, and the halves folded together. */
#ifndef ENITOP_HASH_H
#define ENITOP_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Random where hash_key_random() was called, else the same in each run: tests do without. Changed
 * by these two alone, before there is a table or a thread. */
extern uint64_t hash_key[4];

void hash_key_random(void);
/* The key of a seed. */
void hash_key_set(uint64_t seed);

/* ---- keyed: for tables, different in each run ---- */

static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
	uint64_t one = (a >> 32) * (b & UINT32_MAX), other = (a & UINT32_MAX) * (b >> 32);
	uint64_t middle = (low >> 32) + (one & UINT32_MAX) + other;

	return (middle << 32 | (low & UINT32_MAX)) ^ (high + (one >> 32) + (middle >> 32));
#endif
}

/* Two words; `other`: what else there is to it. */
static inline uint64_t hash_pair(uint64_t a, uint64_t b, uint64_t other)
{
	uint64_t h = hash_fold(hash_key[0] ^ a ^ other, hash_key[1]);

	/* Folded once only, numbers that count up have their rhythm with some keys. */
	return hash_fold(hash_fold(h ^ b, hash_key[2]), hash_key[3]);
}

static inline uint64_t hash_address(const uint8_t address[16])
{
	uint64_t word[2];

	memcpy(word, address, sizeof word);
	return hash_pair(word[0], word[1], 0);
}

/* Words of 32 bits; both ends of what comes out are good. */
static inline uint32_t hash_words(const uint32_t *word, unsigned n)
{
	uint64_t h = hash_key[0], two;

	for (; n > 1; word += 2, n -= 2) {
		memcpy(&two, word, sizeof two);
		h = hash_fold(h ^ two, hash_key[1]);
	}
	if (n)
		h = hash_fold(h ^ *word, hash_key[2]);
	return (uint32_t)hash_fold(h, hash_key[3]);
}

uint64_t hash_bytes(const void *p, size_t n);

/* ---- the same for ever: for what is kept in files, and for random numbers ---- */

static inline uint64_t hash_u64(uint64_t v)
{
	v ^= v >> 32;
	v *= 0x9e3779b97f4a7c15u;
	v ^= v >> 29;
	v *= 0xbf58476d1ce4e5b9u;
	return v ^ v >> 32;
}

uint64_t hash_stable(const void *p, size_t n);

#endif
