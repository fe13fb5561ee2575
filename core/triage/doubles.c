/* doubles.c - see doubles.h. */
#include "triage/doubles.h"

#include <stdlib.h>

#include "base/hash.h"

#define STEP 256u

static const int texts[] = { FIELD_INTERFACE_ID, FIELD_TGW_ATTACHMENT_ID, FIELD_RESOURCE_ID,
			     FIELD_SRCADDR, FIELD_DSTADDR };
static const int numbers[] = { FIELD_SRCPORT, FIELD_DSTPORT, FIELD_PROTOCOL, FIELD_PACKETS,
			       FIELD_BYTES,   FIELD_START,   FIELD_END };

void doubles_release(struct doubles *v)
{
	free(v->key);
	free(v->again);
	*v = (struct doubles){ .most = v->most };
}

size_t doubles_bytes(const struct doubles *v)
{
	return v->slots * (sizeof *v->key + sizeof *v->again);
}

void doubles_want(struct field_set *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		out->has[texts[i]] = true;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		out->has[numbers[i]] = true;
	out->has[FIELD_ACTION] = out->has[FIELD_LOG_STATUS] = true;
}

/* Whether a hash is of the part that is looked at; the low bits say where it is kept. */
static bool is_kept(const struct doubles *v, uint64_t key)
{
	return v->level == 0 || key >> (64 - v->level) == 0;
}

static size_t slot_of(const struct doubles *v, uint64_t key)
{
	size_t at = (size_t)key & (v->slots - 1);

	while (v->key[at] && v->key[at] != key)
		at = (at + 1) & (v->slots - 1);
	return at;
}

/* Into a table of so many slots, without those that are looked at no more. */
static void resize(struct doubles *v, size_t slots)
{
	struct doubles old = *v;

	v->slots = slots;
	v->n = 0;
	v->key = xcalloc(slots, sizeof *v->key);
	v->again = xcalloc(slots, sizeof *v->again);
	for (size_t i = 0; i < old.slots; i++) {
		if (!old.key[i] || !is_kept(v, old.key[i]))
			continue;
		size_t at = slot_of(v, old.key[i]);
		v->key[at] = old.key[i];
		v->again[at] = old.again[i];
		v->n++;
	}
	free(old.key);
	free(old.again);
}

static void add(struct doubles *v, uint64_t key)
{
	size_t at;

	key = key ? key : 1;
	if (!is_kept(v, key))
		return;
	while (v->n >= v->most && is_kept(v, key)) {
		v->level++;
		resize(v, v->slots);
	}
	if ((v->n + 1) * 2 > v->slots)
		resize(v, v->slots ? v->slots * 2 : 1024);
	if (!is_kept(v, key))
		return;
	at = slot_of(v, key);
	if (v->key[at]) {
		v->again[at] += v->again[at] < UINT32_MAX;
		return;
	}
	v->key[at] = key;
	v->n++;
}

/* By what is written there: ids of the dictionary come and go with segments. */
static uint64_t *hashes_of(const struct column *c, const struct dict *d)
{
	uint64_t *of = xcalloc(c->codes + 1, sizeof *of);
	uint8_t address[16];

	for (uint32_t code = 0; code < c->codes; code++) {
		struct str text = { "", 0 };
		if (c->type == TYPE_ADDRESS && column_address(c, d, code, address)) {
			of[code] = hash_address(address);
			continue;
		}
		text = column_text(c, d, code);
		of[code] = hash_bytes(text.s, text.n);
	}
	return of;
}

static void mix_codes(const struct column *c, const uint64_t *of, uint32_t first, uint32_t n,
		      uint64_t *hash)
{
	uint32_t code[STEP];

	column_codes(c, first, n, code);
	for (uint32_t i = 0; i < n; i++)
		hash[i] = hash_pair(hash[i], of[code[i]], 1);
}

static void mix_numbers(const struct column *c, uint32_t first, uint32_t n, uint64_t *hash)
{
	uint64_t number[STEP];

	column_numbers(c, first, n, number);
	for (uint32_t i = 0; i < n; i++)
		hash[i] = hash_pair(hash[i], number[i], 2);
}

void doubles_add(struct doubles *v, const struct segment *s, const struct dict *d, uint32_t first,
		 uint32_t n)
{
	const uint8_t said = MARK_ACCEPT | MARK_REJECT | MARK_STATUS;
	const struct column *text[ARRAY_SIZE(texts)];
	uint64_t hash[STEP], *of[ARRAY_SIZE(texts)];

	for (size_t f = 0; f < ARRAY_SIZE(texts); f++) {
		text[f] = segment_column(s, texts[f]);
		of[f] = text[f] ? hashes_of(text[f], d) : NULL;
	}
	for (uint32_t done = 0; done < n; done += STEP) {
		uint32_t some = n - done < STEP ? n - done : STEP, at = first + done;
		for (uint32_t i = 0; i < some; i++)
			hash[i] = s->mark[at + i] & said;
		for (size_t f = 0; f < ARRAY_SIZE(texts); f++)
			if (of[f])
				mix_codes(text[f], of[f], at, some, hash);
		for (size_t f = 0; f < ARRAY_SIZE(numbers); f++)
			if (segment_column(s, numbers[f]))
				mix_numbers(segment_column(s, numbers[f]), at, some, hash);
		for (uint32_t i = 0; i < some; i++)
			add(v, hash[i]);
	}
	for (size_t f = 0; f < ARRAY_SIZE(texts); f++)
		free(of[f]);
}

uint64_t doubles_count(const struct doubles *v, bool *about)
{
	uint64_t n = 0;

	for (size_t i = 0; i < v->slots; i++)
		n += v->again[i];
	*about = v->level > 0;
	return n << v->level;
}
