/* dict.c - see dict.h. Two stores of the same make: addresses and texts. */
#include "store/dict.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "store/dict_index.h"

#define PAGE_BITS 12
#define PAGE_SIZE (1u << PAGE_BITS)
#define PAGES (1u << (32 - PAGE_BITS))
#define SHARDS 256

union entry {
	uint8_t address[16];
	struct str text;
	uint32_t next_free; /* offset in the page, while unused */
};

struct dict_page {
	union entry entry[PAGE_SIZE];
	uint32_t refs[PAGE_SIZE];
	uint32_t *note[DICT_NOTES];    /* NULL until one is asked for */
	uint32_t used, free_head;      /* PAGE_SIZE: no free entry */
	struct dict_page *next, *prev; /* among pages with free entries */
	uint32_t number;
};

struct store {
	struct dict_page **page;   /* PAGES pointers: mapped, touched as needed */
	uint32_t pages;            /* numbers handed out so far */
	struct dict_page *partial; /* pages with free entries */
	uint32_t *spare;           /* numbers of pages that were given back */
	size_t spares, spare_cap;
	struct index shard[SHARDS]; /* by the highest bits of the hash: each grows alone */
	size_t count, bytes;
	bool text;
};

struct dict {
	struct store address, text;
	struct labels *labels;
	bool retired;
};

/* ---- entries ---- */

static union entry *entry_at(const struct store *s, uint32_t id)
{
	return &s->page[id >> PAGE_BITS]->entry[id & (PAGE_SIZE - 1)];
}

static uint32_t *refs_at(const struct store *s, uint32_t id)
{
	return &s->page[id >> PAGE_BITS]->refs[id & (PAGE_SIZE - 1)];
}

static void partial_link(struct store *s, struct dict_page *p)
{
	p->prev = NULL;
	p->next = s->partial;
	if (s->partial)
		s->partial->prev = p;
	s->partial = p;
}

static void partial_unlink(struct store *s, struct dict_page *p)
{
	if (p->prev)
		p->prev->next = p->next;
	else
		s->partial = p->next;
	if (p->next)
		p->next->prev = p->prev;
}

static void page_add(struct store *s)
{
	struct dict_page *p = xmalloc(sizeof *p);

	p->number = s->spares ? s->spare[--s->spares] : s->pages++;
	if (p->number >= PAGES)
		die("dictionary full");
	p->used = 0;
	p->free_head = 0;
	memset(p->note, 0, sizeof p->note);
	for (uint32_t i = 0; i < PAGE_SIZE; i++) {
		p->entry[i].next_free = i + 1;
		p->refs[i] = 0;
	}
	if (p->number == 0) { /* id 0 means none */
		p->free_head = 1;
		p->used = 1;
	}
	s->page[p->number] = p;
	s->bytes += sizeof *p;
	partial_link(s, p);
}

static uint32_t entry_take(struct store *s)
{
	if (!s->partial)
		page_add(s);
	struct dict_page *p = s->partial;
	uint32_t i = p->free_head;
	p->free_head = p->entry[i].next_free;
	p->used++;
	if (p->free_head == PAGE_SIZE)
		partial_unlink(s, p);
	return p->number << PAGE_BITS | i;
}

static void page_free(struct store *s, struct dict_page *p)
{
	for (unsigned k = 0; p && k < DICT_NOTES; k++) {
		s->bytes -= p->note[k] ? PAGE_SIZE * sizeof *p->note[k] : 0;
		free(p->note[k]);
	}
	s->bytes -= p ? sizeof *p : 0;
	free(p);
}

static void entry_give(struct store *s, uint32_t id)
{
	struct dict_page *p = s->page[id >> PAGE_BITS];
	uint32_t i = id & (PAGE_SIZE - 1);

	if (p->free_head == PAGE_SIZE)
		partial_link(s, p);
	p->entry[i].next_free = p->free_head;
	p->free_head = i;
	for (unsigned k = 0; k < DICT_NOTES; k++)
		if (p->note[k])
			p->note[k][i] = 0;
	if (--p->used)
		return;
	partial_unlink(s, p);
	s->page[p->number] = NULL;
	xgrow((void **)&s->spare, &s->spare_cap, s->spares + 1, sizeof *s->spare);
	s->spare[s->spares++] = p->number;
	page_free(s, p);
}

static uint32_t *entry_note(struct store *s, unsigned kind, uint32_t id)
{
	struct dict_page *p = s->page[id >> PAGE_BITS];

	if (!p->note[kind]) {
		p->note[kind] = xcalloc(PAGE_SIZE, sizeof *p->note[kind]);
		s->bytes += PAGE_SIZE * sizeof *p->note[kind];
	}
	return &p->note[kind][id & (PAGE_SIZE - 1)];
}

static void notes_clear(struct store *s, unsigned kind)
{
	for (uint32_t i = 0; i < s->pages; i++)
		if (s->page[i] && s->page[i]->note[kind])
			memset(s->page[i]->note[kind], 0, PAGE_SIZE * sizeof(uint32_t));
}

/* ---- index ---- */

static uint64_t key_hash(const struct store *s, const void *key, size_t n)
{
	return s->text ? hash_bytes(key, n) : hash_address(key);
}

static uint64_t entry_hash(const struct store *s, const union entry *e)
{
	return s->text ? key_hash(s, e->text.s, e->text.n) : key_hash(s, e->address, 16);
}

static bool entry_is(const struct store *s, uint32_t id, const void *key, size_t n)
{
	const union entry *e = entry_at(s, id);

	if (s->text)
		return e->text.n == n && (n == 0 || memcmp(e->text.s, key, n) == 0);
	return memcmp(e->address, key, 16) == 0;
}

static void shard_resize(struct store *s, struct index *x, uint32_t buckets)
{
	s->bytes -= index_bytes(x);
	index_resize(x, buckets);
	s->bytes += index_bytes(x);
}

/* The id of a key; 0: it has none. */
static uint32_t shard_find(const struct store *s, const struct index *x, uint32_t tag,
			   const void *key, size_t n)
{
	const struct bucket *b = index_bucket(x, tag);

	for (uint32_t left = x->buckets; left--; b = index_next(x, b)) {
		unsigned found = bucket_match(b->tag, tag);
		for (; found; found &= found - 1) {
			uint32_t id = b->id[__builtin_ctz(found)];
			if (id && entry_is(s, id, key, n))
				return id;
		}
		if (!b->passed)
			break;
	}
	return 0;
}

static uint32_t store_find(const struct store *s, const void *key, size_t n)
{
	uint64_t hash = key_hash(s, key, n);
	const struct index *x = &s->shard[hash >> 56];

	return x->buckets ? shard_find(s, x, (uint32_t)hash, key, n) : DICT_NONE;
}

static uint32_t store_add(struct store *s, const void *key, size_t n)
{
	uint32_t id = entry_take(s);
	union entry *e = entry_at(s, id);

	if (s->text) {
		e->text = (struct str){ xstrndup(key, n), n };
		s->bytes += n + 16; /* malloc's own share included */
	} else {
		memcpy(e->address, key, 16);
	}
	s->count++;
	return id;
}

static uint32_t store_ref(struct store *s, const void *key, size_t n)
{
	uint64_t hash = key_hash(s, key, n);
	struct index *x = &s->shard[hash >> 56];
	uint32_t tag = (uint32_t)hash, id = x->buckets ? shard_find(s, x, tag, key, n) : 0;

	if (!id) {
		if (index_is_full(x))
			shard_resize(s, x, x->buckets ? x->buckets * 2 : INDEX_MIN);
		id = store_add(s, key, n);
		index_add(x, tag, id);
	}
	++*refs_at(s, id);
	return id;
}

static void store_unref(struct store *s, uint32_t id)
{
	if (--*refs_at(s, id))
		return;
	union entry *e = entry_at(s, id);
	uint64_t hash = entry_hash(s, e);
	struct index *x = &s->shard[hash >> 56];
	index_remove(x, (uint32_t)hash, id);
	if (index_is_sparse(x))
		shard_resize(s, x, x->buckets / 2);
	if (s->text) {
		s->bytes -= e->text.n + 16;
		free((char *)e->text.s);
	}
	s->count--;
	entry_give(s, id);
}

static void store_init(struct store *s, bool text)
{
	s->text = text;
	s->page = xreserve(PAGES * sizeof *s->page);
}

static void store_release(struct store *s)
{
	for (uint32_t i = 0; i < SHARDS; i++) {
		struct index *x = &s->shard[i];
		for (uint32_t k = 0; s->text && k < x->buckets * BUCKET_IDS; k++) {
			uint32_t id = x->bucket[k / BUCKET_IDS].id[k % BUCKET_IDS];
			if (id)
				free((char *)entry_at(s, id)->text.s);
		}
		index_release(x);
	}
	for (uint32_t i = 0; i < s->pages; i++)
		page_free(s, s->page[i]);
	xreserve_free(s->page, PAGES * sizeof *s->page);
	free(s->spare);
}

/* ---- the dictionary ---- */

struct dict *dict_new(void)
{
	static const char *const fixed[] = { "ACCEPT", "REJECT", "OK", "NODATA", "SKIPDATA" };
	struct dict *d = xcalloc(1, sizeof *d);

	store_init(&d->address, false);
	store_init(&d->text, true);
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		dict_text_ref(d, str_of(fixed[i]));
	return d;
}

void dict_free(struct dict *d)
{
	if (!d)
		return;
	store_release(&d->address);
	store_release(&d->text);
	free(d);
}

void dict_retire(struct dict *d)
{
	d->retired = true;
}

uint32_t dict_address_ref(struct dict *d, const uint8_t address[16])
{
	return store_ref(&d->address, address, 16);
}

uint32_t dict_text_ref(struct dict *d, struct str text)
{
	return store_ref(&d->text, text.s, text.n);
}

uint32_t dict_address_find(const struct dict *d, const uint8_t address[16])
{
	return store_find(&d->address, address, 16);
}

uint32_t dict_text_find(const struct dict *d, struct str text)
{
	return store_find(&d->text, text.s, text.n);
}

void dict_address_prefetch(const struct dict *d, const uint8_t address[16])
{
	uint64_t hash = key_hash(&d->address, address, 16);
	const struct index *x = &d->address.shard[hash >> 56];

	if (x->buckets)
		__builtin_prefetch(index_bucket(x, (uint32_t)hash));
}

void dict_address_unref_all(struct dict *d, const uint32_t *id, uint32_t n)
{
	enum { TOGETHER = 32 };
	struct store *s = &d->address;

	for (uint32_t from = 0; from < n && !d->retired; from += TOGETHER) {
		uint32_t to = n - from < TOGETHER ? n : from + TOGETHER;
		for (uint32_t i = from; i < to; i++)
			if (id[i] != DICT_NONE) {
				__builtin_prefetch(refs_at(s, id[i]));
				__builtin_prefetch(entry_at(s, id[i]));
			}
		for (uint32_t i = from; i < to; i++)
			if (id[i] != DICT_NONE && *refs_at(s, id[i]) == 1)
				dict_address_prefetch(d, entry_at(s, id[i])->address);
		for (uint32_t i = from; i < to; i++)
			dict_address_unref(d, id[i]);
	}
}

void dict_address_keep(struct dict *d, uint32_t id)
{
	if (id != DICT_NONE)
		++*refs_at(&d->address, id);
}

void dict_text_keep(struct dict *d, uint32_t id)
{
	if (id != DICT_NONE)
		++*refs_at(&d->text, id);
}

void dict_address_unref(struct dict *d, uint32_t id)
{
	if (id != DICT_NONE && !d->retired)
		store_unref(&d->address, id);
}

void dict_text_unref(struct dict *d, uint32_t id)
{
	if (id != DICT_NONE && !d->retired)
		store_unref(&d->text, id); /* the fixed texts keep dict_new's reference */
}

const uint8_t *dict_address(const struct dict *d, uint32_t id)
{
	return id == DICT_NONE ? NULL : entry_at(&d->address, id)->address;
}

struct str dict_text(const struct dict *d, uint32_t id)
{
	return id == DICT_NONE ? (struct str){ "", 0 } : entry_at(&d->text, id)->text;
}

uint32_t *dict_address_note(struct dict *d, unsigned kind, uint32_t id)
{
	return entry_note(&d->address, kind, id);
}

uint32_t *dict_text_note(struct dict *d, unsigned kind, uint32_t id)
{
	return entry_note(&d->text, kind, id);
}

void dict_notes_clear(struct dict *d, unsigned address_kind, unsigned text_kind)
{
	notes_clear(&d->address, address_kind);
	notes_clear(&d->text, text_kind);
}

void dict_set_labels(struct dict *d, struct labels *l)
{
	d->labels = l;
}

struct labels *dict_labels(const struct dict *d)
{
	return d->labels;
}

size_t dict_count(const struct dict *d)
{
	return d->address.count + d->text.count;
}

size_t dict_bytes(const struct dict *d)
{
	return sizeof *d + d->address.bytes + d->text.bytes;
}

static size_t used(const struct store *s)
{
	size_t pages = s->pages - s->spares;

	return s->bytes - pages * sizeof(struct dict_page) +
	       s->count * (sizeof(union entry) + sizeof(uint32_t));
}

size_t dict_used(const struct dict *d)
{
	return sizeof *d + used(&d->address) + used(&d->text);
}
