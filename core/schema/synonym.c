/* synonym.c - see synonym.h. AWS's names and all others in one table of hashed keys. */
#include "schema/synonym.h"

#include <pthread.h>
#include <string.h>

#include "base/hash.h"

enum { SLOTS = 1024 };

static const struct synonym {
	const char *name;
	int field;
} names[] = {
#define X(id, name, ...) { name, FIELD_##id },
#define Y(id, name) { name, FIELD_##id },
	SYNONYMS_FIRST(Y) FIELDS(X) SYNONYMS(Y)
#undef X
#undef Y
};

static struct synonym_slot {
	char key[SYNONYM_KEY];
	uint8_t n; /* bytes of the key; 0: free */
	uint16_t rank;
	int16_t field;
} slots[SLOTS];

size_t synonym_key(struct str name, char key[SYNONYM_KEY])
{
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];
		if (c >= 'A' && c <= 'Z')
			c |= 32;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			if (n == SYNONYM_KEY)
				return 0;
			key[n++] = c;
		} else if (!c || !strchr("-_.:/[] ", c)) {
			return 0;
		}
	}
	return n;
}

/* The slot of a key, or the free one where it belongs. */
static struct synonym_slot *slot_of(const char *key, size_t n)
{
	size_t i = hash_stable(key, n) % SLOTS;

	while (slots[i].n && (slots[i].n != n || memcmp(slots[i].key, key, n) != 0))
		i = (i + 1) % SLOTS;
	return &slots[i];
}

static void fill(void)
{
	char key[SYNONYM_KEY];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = synonym_key(str_of(names[i].name), key);
		struct synonym_slot *slot = slot_of(key, n);
		if (slot->n)
			continue; /* what stands before it counts */
		memcpy(slot->key, key, n);
		slot->n = (uint8_t)n;
		slot->rank = (uint16_t)i;
		slot->field = (int16_t)names[i].field;
	}
}

int synonym_find(struct str name, unsigned *rank)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char key[SYNONYM_KEY];
	size_t n = synonym_key(name, key);
	const struct synonym_slot *slot;

	pthread_once(&once, fill);
	slot = n ? slot_of(key, n) : NULL;
	if (!slot || !slot->n)
		return FIELD_NONE;
	*rank = slot->rank;
	return slot->field;
}
