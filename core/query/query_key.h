/* query_key.h - group keys: how the fields of rows become words and words become
 * values again. Private to query*.c. */
#ifndef ENITOP_QUERY_KEY_H
#define ENITOP_QUERY_KEY_H

#include "base/hash.h"
#include "labels/label_field.h"
#include "query/query_rows.h"

#define KEY_ABSENT UINT32_MAX
#define KEY_LARGEST (UINT32_MAX - 1) /* what a larger port or bin is taken for */

#define KEY_PART_WORDS 4 /* of one part, at most */
#define KEY_WORDS (GROUP_MAX * KEY_PART_WORDS)

struct key_batch;
struct key_part;
struct key_reader;

/* How a part of a key is kept: the rows are in query_kind.c and query_number.c.
 * `word` is the part's first. */
struct key_kind {
	unsigned words;
	/* The words of all rows of a batch. */
	void (*read)(struct key_batch *b, const struct key_reader *r, unsigned part);
	/* Words to value, whose `type` and `absent` are set; and back: false when the value is not
	 * in the dictionary. An absent value needs none. A bin is a number as it stands. */
	void (*value)(const struct key_part *p, const uint32_t *word, const struct dict *d,
		      struct value *out);
	bool (*encode)(const struct key_part *p, const struct value *v, const struct dict *d,
		       uint32_t *word);
	/* See key_keep; NULL: the words are no ids. */
	void (*keep)(const uint32_t *word, struct dict *d, bool keep);
	/* See key_compare, key_prefix. */
	int (*compare)(const struct key_part *p, const uint32_t *x, const uint32_t *y,
		       const struct dict *d);
	uint64_t (*prefix)(const struct key_part *p, const uint32_t *word, const struct dict *d);
	/* See key_place. */
	uint64_t (*hash)(const uint32_t *word, const struct dict *d);
};

struct key_part {
	int field;
	enum field_type type;
	const struct key_kind *kind;
	unsigned at;                     /* its first word in the key */
	uint8_t bits[2];                 /* networks: prefix of 128, of IPv4 (96 + n) and IPv6 */
	uint32_t absent[KEY_PART_WORDS]; /* the words of no value */
};

struct key_layout {
	unsigned n, words;
	struct key_part part[GROUP_MAX];
};

extern const struct key_kind key_bins, key_numbers, key_wide_numbers, key_times;

const struct key_kind *key_kind_of(const struct group *g, unsigned part);
void key_layout_init(struct key_layout *l, const struct group *g);
/* The word of FIELD_BIN, or -1. */
int key_layout_bin(const struct key_layout *l);

/* Whether the part's value is there. */
static inline bool key_part_known(const struct key_part *p, const uint32_t *word)
{
	uint32_t differs = 0;

	for (unsigned i = 0; i < p->kind->words; i++)
		differs |= word[i] ^ p->absent[i];
	return differs != 0;
}

static inline uint32_t key_hash32(const uint32_t *key, unsigned words)
{
	return hash_words(key, words);
}

void key_value(const struct key_layout *l, const uint32_t *key, unsigned part, const struct dict *d,
	       unsigned shift, struct value *out);
/* By the bytes of the values, part after part; absent first. */
int key_compare(const struct key_layout *l, const uint32_t *a, const uint32_t *b,
		const struct dict *d);
/* A number that orders keys as key_compare does, as far as it reaches: equal ones are
 * still to be compared. */
uint64_t key_prefix(const struct key_layout *l, const uint32_t *key, const struct dict *d);
/* A keyed hash of the values, bins aside, which may be widened: whatever ids they have, it is the
 * same in all of a run. Never 0. */
uint32_t key_place(const struct key_layout *l, const uint32_t *key, const struct dict *d);
/* The words of a key from its values; false when one of them is not in the dictionary,
 * so that no key has it. Loop thread. */
bool key_encode(const struct key_layout *l, const struct value *value, const struct dict *d,
		unsigned shift, uint32_t *key);
/* Takes (keep) or gives back the references to the dictionary of a key's words. */
void key_keep(const struct key_layout *l, const uint32_t *key, struct dict *d, bool keep);

/* A small set of keys of `words` words, for restriction. */
struct key_set {
	unsigned words; /* 0: no restriction */
	uint32_t n, cap;
	uint32_t *key;
	uint32_t *slot;       /* index + 1 */
	uint64_t first[1024]; /* bit: some key's first word has these low bits */
};

void key_set_init(struct key_set *s, unsigned words);
void key_set_release(struct key_set *s);
void key_set_add(struct key_set *s, const uint32_t *key);
bool key_set_has(const struct key_set *s, const uint32_t *key);

/* The keys of rows. */
struct key_batch {
	struct row_batch *rows; /* whose they are: those asked for, or `own`, some of them */
	struct row_batch own;
	uint64_t number[ROW_BATCH]; /* scratch */
	uint32_t code[2][ROW_BATCH], word[ROW_BATCH];
	const uint8_t *address[ROW_BATCH];
	uint32_t key[]; /* words a row */
};

/* For keys of up to so many words. */
struct key_batch *key_batch_new(unsigned words);

/* Where the words of a segment's rows come from. */
struct key_reader {
	const struct key_layout *layout;
	const struct segment *segment;
	const struct column *column[GROUP_MAX][2]; /* [1]: used where the source serves */
	struct label_field label[GROUP_MAX];       /* of parts that are labels */
	const struct key_set *only, *last;         /* NULL: none */
	const struct dict *dict;
	unsigned shift;
};

void key_reader_init(struct key_reader *r, const struct key_layout *l, const struct segment *s,
		     const struct dict *d, unsigned shift, const struct key_set *only);
/* Fills in the keys of `rows`, or of those that the restriction and `mark` (MARK_ bits, all of
 * them; 0: any) leave. Returns how many those are. */
unsigned key_batch_read(struct key_batch *b, const struct key_reader *r, struct row_batch *rows,
			uint8_t mark);
/* Fills in the keys of all of `rows`. */
void key_batch_read_all(struct key_batch *b, const struct key_reader *r, struct row_batch *rows);

#endif
